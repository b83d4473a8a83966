# A text file whose decoder cannot be put back as it stood after `tell`: the error is the decoder's, and has an earlier one as its context.
import codecs
import io


class Decoder(codecs.IncrementalDecoder):
    fails = None
    calls = 0

    def decode(self, data, final=False):
        return data.decode("latin-1")

    def getstate(self):
        return b"", 1

    def setstate(self, state):
        Decoder.calls += 1
        if Decoder.fails and Decoder.calls >= Decoder.fails:
            raise ValueError("no more states")


def search(name):
    if name == "worn":
        return codecs.CodecInfo(codecs.latin_1_encode, codecs.latin_1_decode, None, None, codecs.IncrementalEncoder, Decoder, name="worn")


def told(fails):
    file = io.TextIOWrapper(io.BytesIO(b"one\ntwo\nthree\n" * 9), "worn")
    file._CHUNK_SIZE = 16
    file.readline()
    Decoder.calls, Decoder.fails = 0, fails
    try:
        return file.tell()
    except ValueError as error:
        return f"{error!r} {error.__context__!r}"
    finally:
        Decoder.fails = None
        print(file.readline())


codecs.register(search)
print(told(None))
print(told(Decoder.calls))
print(told(1))
