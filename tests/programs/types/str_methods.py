# The methods of str.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


s = "The quick brown fox"
print(s.upper(), s.lower(), s.swapcase(), s.title(), s.capitalize(), s.casefold())
print(s.find("o"), s.rfind("o"), s.find("z"), s.index("q"), s.rindex("o"), s.count("o"), s.count(""), "".count(""), s.find("", 5), s.find("", 50), s.rfind(""))
print(s.find("o", 13), s.find("o", 13, 15), s.find("o", -3), s.rfind("o", 0, 13), s.count("o", 13), "aaaa".count("aa"), s.find("k", None, None))
err(s.index, "zebra")
err(s.rindex, "zebra")
err(s.find, 5)
err(s.find)
err(s.count, None)
print(s.startswith("The"), s.startswith(("x", "Th")), s.endswith("fox"), s.endswith(()), s.startswith("quick", 4), s.startswith("", 19), s.startswith("", 20), s.endswith("n", 0, 15))
err(s.startswith, 1)
err(s.startswith, ["The"])
err(s.endswith, ("x", 1))
print("a,b,,c,".split(","), "a,b,,c,".split(",", 2), "a,b,,c,".rsplit(",", 2), "".split(","), "".split(), "  a  b c ".split(), "  a  b c ".split(None, 1), "  a  b c ".rsplit(None, 1), " a b ".split(" "), "a--b--c".split("--", maxsplit=1))
err("a".split, "")
err("a".split, 1)
print("a\nb\r\nc\rd\x0be\x1cf\u2028g".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "\n".splitlines(), "x".splitlines(keepends=True))
print("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("="), "abc".rpartition("="), "=".partition("="))
err("a".partition, "")
err("a".rpartition, 5)
print(",".join(["a", "b"]), "".join([]), "-".join("xyz"), "-".join(("one",)), "".join(x for x in "ab"), "\u20ac".join(["a", "\U0001f600"]))
err(",".join, [1])
err(",".join, ["a", None])
err(",".join, 5)
print("  x ".strip() + "|", "  x ".lstrip() + "|", "  x ".rstrip() + "|", "xxaxx".strip("x"), "abcba".strip("ab"), "abc".lstrip("abc"), "\t\n x\u2003".strip(), "a".strip(None))
err("a".strip, 1)
print("aXbXc".replace("X", "--"), "aXbXc".replace("X", "", 1), "abc".replace("", "-"), "abc".replace("", "-", 2), "abc".replace("z", "y"), "aaa".replace("aa", "b"), "abc".replace("b", "\u20ac"), "aaa".replace("a", "b", count=2), "abc".replace("abc", ""))
err("a".replace, "a")
err("a".replace, 1, "b")
print("x".center(7, "*"), "x".ljust(4) + "|", "x".rjust(4, "-"), "ab".center(5), "abc".center(2), "42".zfill(5), "-42".zfill(6), "+".zfill(3), "".zfill(2), "abc".zfill(1), "ab".center(5, "."), "abc".center(6, "."))
err("x".center, 5, "ab")
err("x".ljust, "5")
err("x".zfill, None)
print("a\tb".expandtabs(), "a\tb\tc".expandtabs(4), "\t".expandtabs(0), "ab\n\tc".expandtabs(3), "12345678\tx".expandtabs())
for t in ("abc", "ABC", "Abc", "a1", "12", "\u00b2", "\u00bd", " ", "", "_x", "1x", "class", "\u0660", "\u1e9e", "A B", "Ab Cd", "\x00", "\u00a0", "\u4e2d"):
    print(ascii(t), *[int(getattr(t, m)()) for m in ("isalpha", "isalnum", "isdigit", "isdecimal", "isnumeric", "isspace", "isupper", "islower", "istitle", "isidentifier", "isprintable", "isascii")])
print("prefix-x".removeprefix("prefix-"), "x.py".removesuffix(".py"), "abc".removeprefix("z"), "abc".removesuffix(""))
table = str.maketrans("abc", "xyz", "d")
print("aabbccdd".translate(table), table, str.maketrans({"a": None, "b": "BB", 99: 0x20AC}))
print("abcabc".translate({97: None, 98: "[b]", 99: 0x20AC}), "abc".translate({}), "a\u20ac".translate(str.maketrans("\u20ac", "e")))
err(str.maketrans, "ab", "c")
err(str.maketrans, {"ab": 1})
err(str.maketrans, 5)
err("abc".translate, {97: 0x110000})
err("abc".translate, {97: 1.5})
err("abc".translate, 5)


class Table:
    def __getitem__(self, i):
        if i == 98:
            raise LookupError
        return chr(i).upper()


print("abc".translate(Table()))
err(lambda: "abc".nope)
err(lambda: "abc".upper(1))
err(lambda: "abc" + 1)
err(lambda: "abc" * 1.5)
err(lambda: "abc" - "b")
err(lambda: 5 in "abc")
err(lambda: "abc" < 5)
err(lambda: "ab" * 10**20)
print("ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, "b" in "abc", "" in "", "z" not in "abc", "bc" in "abc", "a" < "b", "a" < "B", "abc" < "abcd", "Z" < "a" < "\u00e9" < "\u20ac" < "\U0001f600")
print(min("hello"), max("hello"), sorted("hello"), list(reversed("abc")), len("hello"), hash("") == hash(""), str(), str("x"), str(5), str(b"abc", "ascii"), repr("it's"), repr('say "hi"'), repr("both ' and \""))
print(str.upper("x"), str.join("-", ["a"]), "abc".__len__(), "abc".__contains__("b"), "abc".__getitem__(1), "abc".__add__("d"), "abc".__eq__(3), "abc".__mod__(()) , "abc".__lt__("abd"), "a".__rmul__(3))
err(str.upper, 5)
err(str.upper)
err(str, 5, "ascii")
err(str, "x", "ascii")
err(str, b"\xff", "ascii")
