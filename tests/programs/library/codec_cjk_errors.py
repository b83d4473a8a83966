# What the codecs of East Asia do about errors: the standard handlers, handlers of the program's own, and what these must not answer.
import codecs


def told(do):
    try:
        print(ascii(do()))
    except Exception as error:
        print(type(error).__name__, ascii(str(error)))


for name in ("shift_jis", "gb18030", "big5hkscs", "euc_kr", "hz", "iso2022_jp", "iso2022_kr", "euc_jis_2004"):
    for handler in ("strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogateescape", "nobody"):
        told(lambda: "a\u4e00\ud801\xebb\xca".encode(name, handler))
        told(lambda: b"a\xff\x81\x30~{\x1b$B\x21\x1b(Bb\x88".decode(name, handler))

codec = codecs.lookup("big5hkscs")
for answer in [("x", 1), ("x", -1), ("x", 99), ("x", -99), ("x", 1 << 70), ("x", -1 << 70), ("x",), ("x", 1, 2), ["x", 1], (b"x", 2), ("\u1234", 2), (5, 2),
               ("x", "y"), ("x", True), ("x", 2), None]:
    count = 0

    def handler(error):
        global count
        count += 1
        return ("!", error.end) if count > 3 else answer

    codecs.register_error("answers", handler)
    for do in (lambda: codec.encode("a\u1234b", "answers"), lambda: codec.decode(b"a\xffb", "answers"), lambda: codec.decode(b"a\x88", "answers")):
        count = 0
        told(do)

# All errors of a run are one object.
seen = []


def collects(error):
    seen.append((id(error), error.start, error.end, error.reason, error.object, error.encoding))
    return "?", error.end


codecs.register_error("collects", collects)
codec.encode("a\u1234b\u1235", "collects")
codec.decode(b"a\xffb\xff\x30\x88", "collects")
print([ascii(error[1:]) for error in seen], seen[0][0] == seen[1][0], seen[2][0] == seen[3][0] == seen[4][0])


# A handler that resets the decoder that asks it.
def resets(error):
    decoder.reset()
    return "[reset]", error.end


codecs.register_error("resets", resets)
decoder = codecs.getincrementaldecoder("iso2022_jp")("resets")
print(ascii(decoder.decode(b"\x1b$B\x30\x6c\x80\x30\x6c")), decoder.getstate())

# What is asked for in the wrong way.
for do in (lambda: codec.encode(5), lambda: codec.encode("a", 5), lambda: codec.decode("a"), lambda: codec.decode(b"a", 5), lambda: codec.encode("a", "a\0"),
           lambda: codec.encode("", "nobody"), lambda: codec.decode(b"", "nobody"), lambda: codec.decode(memoryview(b"abc")[::2]),
           lambda: codec.decode(bytearray(b"\x88\x62")), lambda: codec.encode(type("S", (), {"__str__": lambda self: 3})())):
    told(do)
for module in ("_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw"):
    getcodec = __import__(module).getcodec
    for name in ("big5", "hz", "nothing", 5, "johab\0", "\udc80"):
        told(lambda: type(getcodec(name)))
