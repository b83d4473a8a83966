"""Codecs of East Asia: names of error handlers, what is no str, and bytes that a handler wants to change."""

import codecs


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return type(error).__name__, str(error)


class Shown:
    """What `str()` makes of it is a text of its own."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


codec = codecs.lookup("gb2312")
plain = codec.encode.__self__
print("-- names")
for name in ("strict", "\udc80", "a\0b", "", "ignore", "no such", None, 5):
    print(ascii(name))
    print(ascii(attempt(plain.encode, "a\u20ac", name)))
    print(ascii(attempt(plain.decode, b"a\xff", name)))
    for make in (codec.incrementalencoder, codec.incrementaldecoder):
        made = attempt(make, name)
        print(made if isinstance(made, tuple) else made.errors)

print("-- what is no str")
for text in ("a\u4e00", "a\udc80", "\u20ac"):
    for errors in ("strict", "replace", "backslashreplace"):
        print(ascii(attempt(plain.encode, Shown(text), errors)), ascii(attempt(codec.incrementalencoder(errors).encode, Shown(text), True)))
print(attempt(plain.encode, Shown(5)), attempt(plain.encode, 5), attempt(plain.encode, b"x"))

print("-- bytes that are lent")
data = bytearray(b"a\xffb")


def change(error):
    try:
        data.append(1)
    except BufferError:
        return "(lent)", error.end
    return "(changed)", error.end


codecs.register_error("change", change)
print(plain.decode(data, "change"), data)
print(codec.incrementaldecoder("change").decode(data), data)
print(codec.incrementaldecoder("change").decode(data, True), data)
data.append(2)
print(data)

print("-- a decoder that is used while it is given bytes")


class Lender:
    def __init__(self, decoder, before, given):
        self.decoder, self.before, self.given = decoder, before, given

    def __buffer__(self, flags):
        print("inside", ascii(self.decoder.decode(self.before)))
        return memoryview(self.given)


decoder = codec.incrementaldecoder()
print(ascii(decoder.decode(b"\xd2")))
print(ascii(decoder.decode(Lender(decoder, b"\xbb\xb6", b"\xfe"))))
print(decoder.getstate())
