# A format of bytes that are no ASCII: a Struct looks at the codes, a function reads the text first.
import struct

for format in (b"\x80", b"i\xe9", "i\xe9", b"i\x00", "i\x00", "i\x00\xe9", b"i\x00\xe9", b" \x80 ", b"2\x80", b"i\x80q", "\udc80", b"2i"):
    for work in (struct.Struct, struct.calcsize, lambda f: struct.pack(f, 1, 2), lambda f: struct.unpack(f, bytes(8))):
        try:
            made = work(format)
            print(ascii(format), getattr(made, "format", made))
        except Exception as error:
            print(ascii(format), type(error).__name__, error)
