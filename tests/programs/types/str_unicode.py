# Unicode: kinds, casing beyond ASCII, encode and decode with their errors.

def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))
    else:
        print("no error:", ascii(r))


for t in ("\u00df", "\u0130", "\ufb01", "\u01c5", "\u03a3", "\u03b1\u03a3", "\u03a3a", "\u0149", "\u1fb3", "\u00b5", "\u10d0", "\u0131", "\u00ff", "\U00010400", "\u1e9e", "\u0345", "i\u0307"):
    print(ascii(t), ascii(t.upper()), ascii(t.lower()), ascii(t.title()), ascii(t.capitalize()), ascii(t.swapcase()), ascii(t.casefold()))
print("stra\u00dfe".upper(), "STRASSE".lower(), ascii("\u00c9T\u00c9 \u00f1".lower()), ascii("it's o'neil 3rd x1y".title()))
print(ascii(repr("\u00e9\u0301\u200b\u2028\ud800\U000e0001\U0001f600\x7f\x80\xad\t\\")), ascii("\u00e9\U0001f600"), repr("\x00\x1b\r\n"), len("e\u0301"), ascii("\N{SNOWMAN}") if True else "")
s = "a\u00e9\u20ac\U0001f600"
for enc in ("utf-8", "UTF8", "utf-16-le", "utf-16-be", "utf-32-le", "utf_8", "U8"):
    b = s.encode(enc)
    print(enc, b, b.decode(enc) == s)
print("abc".encode("ascii"), "\u00e9".encode("latin-1"), b"\xe9".decode("latin1") == "\u00e9", b"abc".decode(), b"\xef\xbb\xbfx".decode("utf-8-sig"), "x".encode("utf-8-sig"), "".encode(), b"".decode())
err("\u00e9".encode, "ascii")
err("abc\u20acdef".encode, "latin-1")
err("x\u20ac\u20ac".encode, "ascii")
err("a\ud800b".encode, "utf-8")
err("a\ud800\udc00".encode)
err(b"\x80abc".decode, "ascii")
err(b"abc\xff".decode)
err(b"\xc3".decode)
err(b"\xe2\x82".decode, "utf-8")
err(b"\xe2\x28\xa1".decode)
err(b"\xc0\x80".decode)
err(b"\xed\xa0\x80".decode)
err(b"\xf4\x90\x80\x80".decode)
err(b"a\x00\xd8".decode, "utf-16-le")
err("a".encode, "nope")
err(b"a".decode, "nope")
err("a".encode, 5)
err("\u20ac".encode, "ascii", "nope")
for h in ("ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace"):
    print(h, "a\u20ac\U0001f600\u00e9z".encode("ascii", h))
for h in ("ignore", "replace", "backslashreplace", "surrogateescape"):
    print(h, ascii(b"a\xff\xe2\x82z\xf0\x9f\x98".decode("utf-8", h)))
print("a\udcff".encode("utf-8", "surrogateescape"), "\ud800".encode("utf-8", "surrogatepass"), ascii(b"\xed\xa0\x80".decode("utf-8", "surrogatepass")))
try:
    "ab\u20ac".encode("ascii")
except UnicodeEncodeError as e:
    print(e.encoding, ascii(e.object), e.start, e.end, e.reason, ascii(e.args))
try:
    b"ab\xff".decode()
except UnicodeDecodeError as e:
    print(e.encoding, e.object, e.start, e.end, e.reason, isinstance(e, ValueError), UnicodeDecodeError.__mro__[1].__name__)
print(ord("\U0010ffff"), ascii(chr(0x10FFFF)), ascii(chr(0xD800)), ord("\x00"), chr(233) == "\u00e9")
err(chr, 0x110000)
err(chr, -1)
err(chr, "a")
err(ord, "")
err(ord, "ab")
err(ord, 5)
print(ord(b"a"), chr(True) == "\x01")
print(sorted(["\u00e9", "z", "a", "\U0001f600", "\u20ac", "Z"]) == ["Z", "a", "z", "\u00e9", "\u20ac", "\U0001f600"])
d = {"\u00e9": 1, "e\u0301": 2, "\u20ac": 3}
print(len(d), d["\u20ac"], "\u00e9" == "e\u0301")

café = 3
print(café * 2, ascii(list(k for k in globals() if not k.isascii())))
big = "x" * 5 + "\u00e9"
print(big.encode().__len__(), (big + "\u20ac").encode().__len__(), (big + "\U0001f600").encode("utf-16-le").__len__(), "\u00e9".isidentifier(), ascii("\ufb01x".casefold()))
print([ascii(c) for c in "a\u0301\u1100\U0001f1eb"], ascii("\u0661\u0662".zfill(4)), int("\u0661\u0662"), "\u00bd".isnumeric())
print("\u00e9\u20ac".ljust(4, "\u4e2d") == "\u00e9\u20ac\u4e2d\u4e2d", f"{'\u20ac':>3}|{'\U0001f600':^5}|".__len__())
