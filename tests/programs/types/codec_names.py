# The names of a codec and of what becomes of errors: taken as C takes texts, and handed on to a codec only if somebody gave them.
import codecs


def tell(function):
    try:
        print(repr(function()))
    except Exception as error:
        print(type(error).__name__, ascii(str(error)))


for name in "utf\ud800", "ut\0f8", 5, None, "nope", "UTF-8":
    print(ascii(name))
    for function in (
        lambda: str(b"ab", name),
        lambda: str(b"ab", "utf8", name),
        lambda: str(b"", name),
        lambda: bytes("ab", name),
        lambda: bytes("ab", "utf8", name),
        lambda: bytearray("ab", name),
        lambda: bytearray("ab", "utf8", name),
        lambda: b"ab".decode(name),
        lambda: b"ab".decode("utf8", name),
        lambda: b"".decode(name),
        lambda: bytearray(b"ab").decode(name),
        lambda: "ab".encode(name),
        lambda: "ab".encode("utf8", name),
        lambda: "".encode(name),
        lambda: codecs.encode("ab", name),
        lambda: codecs.decode(b"ab", name),
        lambda: codecs.encode("ab", "utf8", name),
        lambda: codecs.lookup(name).name,
        lambda: codecs.lookup_error(name),
    ):
        tell(function)


def shown(arguments):
    return tuple((type(each).__name__, bytes(each)) if isinstance(each, memoryview) else each for each in arguments)


def encode(*arguments):
    print("encode", shown(arguments))
    return b"x", 1


def decode(*arguments):
    print("decode", shown(arguments))
    return "x", 1


codecs.register(lambda name: codecs.CodecInfo(encode, decode, name=name) if name.startswith("mine") else None)
tell(lambda: "a".encode("mine"))
tell(lambda: "a".encode("mine", "strict"))
tell(lambda: "a".encode(encoding="mine", errors="other"))
tell(lambda: b"a".decode("mine"))
tell(lambda: b"a".decode("mine", errors="other"))
tell(lambda: bytes("a", "mine"))
tell(lambda: bytearray("a", "mine", "other"))
tell(lambda: str(b"a", "mine"))
tell(lambda: str(bytearray(b"a"), "mine", "other"))
tell(lambda: str(memoryview(b"a"), "mine"))
tell(lambda: str(b"", "mine"))
tell(lambda: codecs.encode("a", "mine"))
tell(lambda: codecs.encode(3, "mine", "other"))
tell(lambda: codecs.decode("a", "mine"))
tell(lambda: codecs.decode(b"a", "mine", "other"))
tell(lambda: str(b"\xff", errors="other"))
