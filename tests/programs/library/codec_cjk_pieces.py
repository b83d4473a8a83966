# Encoders, decoders, readers and writers of the codecs of East Asia: texts in pieces, states, and streams that give little.
import _multibytecodec
import codecs
import io

E = codecs.getincrementalencoder("big5hkscs")
D = codecs.getincrementaldecoder("big5hkscs")
R = codecs.getreader("big5hkscs")
W = codecs.getwriter("big5hkscs")


def told(do):
    try:
        print(ascii(do()))
    except Exception as error:
        print(type(error).__name__, ascii(str(error)))


class NoCodec(_multibytecodec.MultibyteIncrementalEncoder):
    codec = 3


for arguments in [(), ("strict",), (1,), (None,), ("a\0",), ("a", "b"), ("x\udc80",)]:
    for kind in (E, D):
        told(lambda: kind(*arguments).errors)
    for kind in (R, W, _multibytecodec.MultibyteStreamReader):
        told(lambda: kind(1, *arguments).errors)
told(NoCodec), told(R), told(lambda: E(errors=1)), told(lambda: E(foo=1)), told(lambda: W(1, foo=2)), told(lambda: R(errors="x"))
told(lambda: R(stream=1, errors="x").errors), told(lambda: _multibytecodec.__create_codec(1)), told(lambda: type(codecs.lookup("big5hkscs").encode.__self__)())

for kind in (E, D):
    it = kind()
    told(lambda: setattr(it, "errors", 1)), told(lambda: setattr(it, "errors", "foo")), told(lambda: delattr(it, "errors")), told(lambda: it.errors)
    for state in (1, "a", (), (1, 2), (b"a",), (b"a", 1), (b"123456789", 1), (b"12345678", 1), (b"", 1 << 64), (b"", -1), (bytearray(b"a"), 1), (b"a", True),
                  (b"a", 1, 2), [b"a", 1], 1 << 136, -1, 9, 0x4110, 0x414101, 0x4101, 0xFF01, 1 << 135, True):
        told(lambda: it.setstate(state)), told(it.getstate)

it = E()
for do in (lambda: it.encode("\xca"), lambda: it.encode(5), lambda: it.encode("\xca\xffff"), lambda: it.encode("\u1234"), lambda: it.encode("", True),
           lambda: it.encode(), lambda: it.encode(input="a\xca", final=1), lambda: it.encode("\xca"), it.reset):
    told(do), told(it.getstate)
it = D()
for do in (lambda: it.decode(b"\x88"), lambda: it.decode(b"\xff\xff"), lambda: it.decode(b"\x88"), lambda: it.decode(b"", True), lambda: it.decode("a"),
           lambda: it.decode(bytearray(b"\x62")), lambda: it.decode(b"\x88"), it.reset):
    told(do), told(it.getstate)

# Everything in pieces of each size is what it is in one.
TEXT = "a\u4e00\u3042~\n\uff21b\xa5\u304b\u309a\u304b\xe6\u0300\xcac\uac00\uac01"
for name in ("gb18030", "hz", "big5hkscs", "shift_jis_2004", "euc_jp", "euc_jisx0213", "euc_kr", "iso2022_jp", "iso2022_jp_2", "iso2022_jp_3", "iso2022_kr"):
    whole = TEXT.encode(name, "ignore")
    for size in (1, 2, 3):
        encoder, decoder = codecs.getincrementalencoder(name)("ignore"), codecs.getincrementaldecoder(name)()
        pieces = [encoder.encode(TEXT[at:at + size]) for at in range(0, len(TEXT), size)]
        states = {encoder.getstate()}
        pieces.append(encoder.encode("", True))
        texts = []
        for at in range(0, len(whole), size):
            texts.append(decoder.decode(whole[at:at + size]))
            states.add(decoder.getstate())
        texts.append(decoder.decode(b"", True))
        print(name, size, b"".join(pieces) == whole, "".join(texts) == whole.decode(name), len(states), ascii(decoder.getstate()), hex(encoder.getstate()))
        decoder.reset(), encoder.reset()
        print(decoder.getstate(), hex(encoder.getstate()))


class Stream:
    def __init__(self, *pieces):
        self.pieces, self.log = list(pieces), []

    def read(self, size=None):
        self.log.append(size)
        return self.pieces.pop(0) if self.pieces else b""

    readline = read

    def write(self, data):
        self.log.append(data)


def reads(*pieces):
    stream = Stream(*pieces)
    return stream, R(stream)


for pieces in [(b"\x88", b"\x62", b"ab"), ("a",), (b"\x88", b"", b""), (b"\x88", b"\xff", b"ab"), (b"a\nb\x88", b"\x62c\r\nd")]:
    for sizes in [(None, 1), (1, 4, 0, None), (4, "a", 1 << 70, True)]:
        for method in ("read", "readline", "readlines"):
            stream, reader = reads(*pieces)
            for size in sizes:
                told(lambda: getattr(reader, method)(size))
            print(stream.log)
told(lambda: reader.stream is stream), told(lambda: setattr(reader, "stream", 5)), told(reader.reset), told(lambda: R(5).read())

stream = Stream()
writer = W(stream)
for do in (lambda: writer.write("a\xca"), lambda: writer.write(5), lambda: writer.write("\u1234"), lambda: writer.writelines(["a", "b"]), lambda: writer.writelines(5),
           lambda: writer.writelines({1: 2}), lambda: writer.writelines({1}), lambda: writer.writelines("ab"), lambda: writer.write("\xca"), writer.reset, writer.reset,
           lambda: W(5).write("a"), lambda: writer.writelines(iter(["a"]))):
    told(do)
print(stream.log)

# As files use them.
for name in ("shift_jis", "iso2022_jp", "gb18030", "hz"):
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, name, newline="") as file:
        file.write("\u4e00\u3042a\n" * 3)
        file.flush()
        place = file.tell()
        file.seek(0)
        print(name, ascii(file.read(3)), ascii(file.readline()), ascii(file.read()), len(raw.getvalue()), place == len(raw.getvalue()))
