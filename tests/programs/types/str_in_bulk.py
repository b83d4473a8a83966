# Texts are mapped, searched, encoded and written in bulk: every such way gives what the way character by character gives.
import random
import zlib

rng = random.Random(7)


def digest(text):
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


# Every character, alone and within a text: case mappings, page by page.
for name in ("upper", "lower", "title", "casefold", "swapcase", "capitalize"):
    method = getattr(str, name)
    alone = "".join(method(chr(c)) for c in range(0x110000))
    pages = "".join(method("".join(map(chr, range(at, at + 256)))) for at in range(0, 0x20000, 256))
    inner = "".join(method("a" + chr(c) + "B") for c in range(0x3000))
    print(name, digest(alone), digest(pages), digest(inner))

for text in ("", "a", "ß", "ÿ", "µ", "ﬁ", "ΑΣ", "ΑΣ.Σ ΑΣΑ", "Σ", "aΣ", "ŉx", "ǆa", "ǅA", "İ", "naïve café ☃ ÀÉ", "ᾳ", "𐐀𐐨", "it's ÉTÉ's",
             "ⅷ ⓐ 𝐀 🄰", "they're bill's", "\ud800É"):
    print(ascii([text.upper(), text.lower(), text.title(), text.casefold(), text.swapcase(), text.capitalize()]))
for text in ("hello wORLD", "x", "", "a1b2 c'd", "HELLO", "q" * 40 + " Q"):
    print([text.title(), text.capitalize(), text.swapcase()])

# Encodings and back.
alphabets = ["ab c", "aé\xff", "aéĀ☃", "a\U0001F600é☃", "\x7f\x80", "\u07ff\u0800", "\uffff\U00010000", "\U0010ffff"]
for letters in alphabets:
    for size in (0, 1, 2, 3, 7, 8, 9, 31, 64, 1023, 1024, 1025, 3000):
        text = "".join(rng.choice(letters) for _ in range(size))
        data = text.encode()
        assert data == b"".join(c.encode() for c in text)
        assert data == text.encode("utf8") == text.encode("UTF-8") == text.encode("Utf_8") == bytes(text, "utf-8")
        assert text.encode("utf-8-sig") == b"\xef\xbb\xbf" + data
        assert data.decode() == text == str(data, "utf-8") == data.decode("U8") == bytearray(data).decode()
        if data.isascii():
            assert text.encode("ascii") == data == text.encode("latin-1") and data.decode("ascii") == text
for text in ("\ud800", "a\udfffb", "é" * 1030 + "\udc80"):
    for errors in ("strict", "replace", "surrogateescape", "surrogatepass", "xmlcharrefreplace"):
        try:
            print(len(text.encode("utf-8", errors)), text.encode("utf-8", errors)[-8:])
        except UnicodeEncodeError as e:
            print(e.start, e.end, e.encoding, e.reason)
for data in (b"abc\xff", b"\xed\xa0\x80", b"a" * 100 + b"\xc3", b"\xf0\x9f\x98", b"\xc3\xa9" * 40 + b"\x80"):
    for errors in ("strict", "replace", "ignore", "backslashreplace"):
        try:
            print(ascii(data.decode("utf-8", errors)[-12:]))
        except UnicodeDecodeError as e:
            print(e.start, e.end, e.reason)
try:
    "a".encode("no such")
except LookupError as e:
    print(e)
try:
    b"a".decode("utf-8", 5)
except TypeError as e:
    print(e)


# Searching: by hand, and by the methods.
def places(hay, needle):
    found, at = [], 0
    while at + len(needle) <= len(hay):
        if hay[at:at + len(needle)] == needle:
            found.append(at)
            at += len(needle)
        else:
            at += 1
    return found


tested = 0
for letters in ("ab", "abc ", "aaaaaaaaab", "the quick", "aé", "a☃"):
    for _ in range(150):
        hay = "".join(rng.choice(letters) for _ in range(rng.randrange(0, 200)))
        needle = "".join(rng.choice(letters) for _ in range(rng.randrange(1, 6)))
        found = places(hay, needle)
        assert hay.count(needle) == len(found) and hay.find(needle) == (found or [-1])[0]
        assert (needle in hay) == bool(found)
        for new in ("", "x", "<>", "☃", needle + needle):
            for limit in (-1, 0, 1, 3):
                done = found if limit < 0 else found[:limit]
                built, at = [], 0
                for place in done:
                    built += [hay[at:place], new]
                    at = place + len(needle)
                wanted = "".join(built) + hay[at:]
                assert hay.replace(needle, new, limit) == wanted, (hay, needle, new, limit)
                parts = [hay[a:b] for a, b in zip([0] + [p + len(needle) for p in done], done + [len(hay)])]
                assert hay.split(needle, limit) == parts
                if new != "☃":
                    b_hay, b_needle, b_new = hay.encode(), needle.encode(), new.encode()
                    assert b_hay.replace(b_needle, b_new, limit) == wanted.encode()
                    assert b_hay.split(b_needle, limit) == [p.encode() for p in parts]
                    assert (b_needle in b_hay) == bool(found) and b_hay.count(b_needle) == len(found)
                tested += 1
print(tested)
print("abc".replace("", "-"), "aaa".replace("a", "", 2), "aa".replace("a", ""), "a".replace("a", "b"), "ab".replace("b", "", 1))
print("a,b" .split(","), ",".split(","), "".split(","), ",a,,".split(","), ("a" * 30 + ",b").split(","), b"" in b"", b"ab" in b"a")

# White space.
spaces = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u2003"
for text in ("", " ", "a", " a ", "  ab  cd ", "\x1ca\x1fb\x00c\x08", spaces + "x y" + spaces, "\x85a\x85", " a b c d "):
    print([text.split(), text.split(None, 0), text.split(None, 1), text.split(None, 2), text.strip(), text.lstrip(), text.rstrip()])


class Text(str):
    pass


t = Text("plain")
print(type(t.split()[0]), type(t.split(",")[0]), type(t.strip()), type(t.zfill(2)), type(t.replace("z", "y")), type(t.lower()))

# Filling.
for text in ("", "4", "-4", "+", "42", "é", "-é"):
    print([text.zfill(n) for n in (-1, 0, 1, 2, 5)], [text.center(5, f) for f in "*é"], [text.ljust(n) for n in (0, 1, 4)], [text.rjust(n, "☃") for n in (0, 1, 4)])


# Tables.
class Missing(dict):
    def __missing__(self, key):
        return chr(key).upper()


for table in ({97: "b"}, {97: None}, {97: "xyz"}, {97: 0xE9, 98: "☃"}, {}, Missing({97: "_"}), str.maketrans("abc", "xyz", "d"), ["x"] * 98):
    print(["abcd a".translate(table), "a".translate(table), "".translate(table), "aéb".translate(table)])
for table in ({97: 1.5}, {98: 0x110000}, {97: -1}, 5):
    try:
        print("ab".translate(table))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)

# Numbers and their texts.
numbers = [0, 1, 7, 9, 10, 99, 100, 101, 999, 1000, 12345, 123456789, 10**12, 2**59, 2**60, 2**61 - 1, 2**61, 2**62, 2**63 - 1, 2**63, 2**64, 10**30]
for n in [m * s for m in numbers for s in (1, -1)]:
    print(n, str(n), repr(n), hex(n), oct(n), bin(n), f"{n:x} {n:X} {n:o} {n:b} {n:d} {n:5} {n:05x} {n:12X} {n:+}",
          "%d %5d %-5d| %05d %+d % d %x %X %#x %#o %o %.4d %5.3x" % ((n,) * 13))
    assert int(str(n)) == n == int(f" {n} ") == int(hex(n), 16) == int(bin(n), 0) == int(oct(n), 8) == int(str(n).encode())
print(hex(True), bin(False), f"{True:x}", "%x" % True, f"{-255:08b} {-255:#x} {5:070b}")
for text in ("1_000", "_1", "1_", "", " ", "-", "+5", "--5", "٣", "-٣٤", "0x10", "12a", "1 2", "００１", "999999999999", "1000000000000", "00012", "\x1f7\x1f", "1\x00"):
    try:
        print(ascii(text), int(text))
    except ValueError as e:
        print(ascii(str(e)))
for text, base in (("ff", 16), ("zz", 36), ("0b1", 2), ("0b1", 0), ("012", 0), ("000", 0), ("0_0", 0), ("8", 8), ("-0x_f", 16), ("zzzzzzzzzzzz", 36), ("zzzzzzzzzzzzz", 36)):
    try:
        print(text, int(text, base))
    except ValueError as e:
        print(e)
for text in ("3.14159", " 1e5 ", "1_0.5", "1__0", "inf", "-Infinity", "nan", "+nan", "1e", ".5", "5.", ".", "", "_1.0", "1._5", "i", "٣.٥", "0x1p3", "-0.0"):
    try:
        print(ascii(text), float(text))
    except ValueError as e:
        print(ascii(str(e)))
for x in (0.0, -0.0, 2.5, -2.5, 0.125, 1e-9, -1e-9, 123456.789, 1e17, 1e22, float("inf"), float("-inf"), float("nan"), 0.5, 1.5, 5e-324):
    print("%f %.0f %.3f %8.2f| %-9.1f| %09.2f %+.2f % .2f %#.0f %F %.9f %.10f" % ((x,) * 12))
print("%s %d %%" % ("é", 3), "%(a)d %(b).1f" % {"a": 5, "b": 2.25}, b"%d %x %.2f %s" % (5, 255, 1.5, b"z"))

# Quotients of numbers of which one is much larger.
bigs = [3**50, -(3**50), 7**60, -(7**60), 2**64, -(2**64), 2**63, -(2**63), 1, -1, 0, 5, -5]
for a in bigs:
    for b in bigs:
        if b:
            q, r = divmod(a, b)
            assert q == a // b and r == a % b and a == q * b + r and (r == 0 or (r < 0) == (b < 0)) and abs(r) < abs(b)
print(5 // 2**70, -5 // 2**70, 5 % -(2**70), divmod(-(2**64), 2**70), divmod(0, -(2**70)), True % 2**70)

# Bytes of parts.
print(b"".join([]), b",".join([b"a"]), b",".join([b"", b""]), b"".join([b"", b"x"]), b", ".join([b"a", bytearray(b"b"), memoryview(b"c")]))
print(b"" + b"", b"a" + b"", b"a" + b"b", b"a" + bytearray(b"b"), bytearray(b",").join([b"1", b"2"]), b"" .join([b"", b""]))
