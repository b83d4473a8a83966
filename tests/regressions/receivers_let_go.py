"""Objects whose last reference goes while they are used: by an operand's method, from wherever they were held."""

LOOSE = []


def churn():
    """Takes the room of what was let go."""
    LOOSE.clear()
    for size in (2, 4, 8, 40, 200):
        LOOSE.extend((bytearray(b"\xee" * size), [size] * size, dict.fromkeys(range(size)), "e" * size, (size,) * size))


class Operand:
    """Lets the receiver go in every special method, then answers."""

    def __init__(self, release):
        self.release = release


def special(answer):
    def method(self, *args):
        self.release()
        churn()
        return answer() if callable(answer) else answer
    return method


for name, answer in {
    "__index__": 3, "__int__": 3, "__len__": 3, "__hash__": 3, "__eq__": False, "__ne__": True, "__lt__": False, "__gt__": False,
    "__bool__": True, "__iter__": lambda: iter(["1", "2", "33"]), "keys": lambda: ["a"], "__getitem__": "z", "__call__": 1,
    "__format__": "5", "__str__": "5", "__repr__": "5", "__contains__": False, "__radd__": 5, "__rand__": NotImplemented,
    "__rmod__": NotImplemented, "__rmul__": NotImplemented, "__ror__": NotImplemented, "__rsub__": NotImplemented, "write": None,
    "__instancecheck__": True, "__bytes__": b"5", "__float__": 5.0, "__round__": 5,
}.items():
    setattr(Operand, name, special(answer))

MAKERS = {
    "list": lambda: [str(i) * 3 for i in range(12)],
    "bytearray": lambda: bytearray(b"abcdefgh" * 4),
    "bytes": lambda: bytes(range(40)),
    "str": lambda: "".join(map(chr, range(240, 300))),
    "tuple": lambda: tuple(str(i) * 3 for i in range(12)),
    "dict": lambda: {str(i): str(i) * 2 for i in range(12)},
    "frozenset": lambda: frozenset({i * 5 for i in range(12)}),
    "memoryview": lambda: memoryview(bytearray(b"abcdefgh" * 4)).cast("H"),
    "range": lambda: range(2**70, 2**70 + 300),
    "int": lambda: 10**50,
    "slice": lambda: slice("a" * 50, "b" * 50, "c" * 50),
}
EXPRESSIONS = """
x[R] | x[R:30] | x[R:30:2] | x*R | R*x | x+R | x==R | x<R | x%R | R in x | x|R | x&R | x-R | x.index(R) | x.count(R) | x.pop(R) | x.insert(R, R)
x.extend(R) | x.join(R) | x.find(b"a", R) | x.find("a", R) | x.startswith("a", R) | x.center(R) | x.replace(b"a", b"b", R) | x.split(None, R)
len(x.union(R)) | x.get(R) | x.setdefault(R, 1) | x.update(R) | x.intersection(R) | x.issubset(R) | f"{x!r:{R}}" | x.hex("-", R) | x.translate(R)
sorted(x, key=R) | x.sort(key=R) | min(x, key=R) | list(map(R, x)) | list(filter(R, x)) | list(zip(x, R)) | list(enumerate(x, R)) | [*x, R == 1, *x]
print(x, file=R) | x.remove(R) | x.to_bytes(R) | round(x, R) | x.indices(R) | (x, R == 1, x) | {**x, **R} | x < R < x | x.format(R)
dict.fromkeys(x, R == 1) | isinstance(x, R) | x[R, R] | x.partition(R) | x.ljust(R) | x.zfill(R) | sum([R, R], x) | int.from_bytes(x, R) | x.decode("ascii", R)
""".replace("\n", " | ").split(" | ")
STATEMENTS = """
x[R] = 1 | x[R] = "v" | x[R:30] = R | x[R:30] = b"zz" | x[R:9:2] = b"zz" | del x[R] | del x[R:30] | del x[R:30:3] | x += R | x *= R | x |= R | x -= R
a, *b = x, R == 1 | for q in x: R == 1 | x %= R
""".replace("\n", " | ").split(" | ")
HOLDERS = {
    "cell": ("x", "x = make()", "nonlocal x; x = None"),
    "global": ("held", "global held; held = make()", "global held; held = None"),
    "attribute": ("o.x", "o = Holder(); o.x = make()", "o.x = None"),
    "item": ("o[0]", "o = [make()]", "o[0] = None"),
    "value": ("o['x']", "o = {'x': make()}", "o['x'] = None"),
}


class Holder:
    pass


def placed(text, place):
    """The text with the name x replaced."""
    out = ""
    for at, c in enumerate(text):
        lone = c == "x" and not text[at - 1 : at].isalnum() and not text[at + 1 : at + 2].isalnum()
        out += place if lone else c
    return out


def build():
    """One function for each way of holding and each use."""
    for how, (place, start, release) in HOLDERS.items():
        uses = [(text, "return " + placed(text.strip(), place)) for text in EXPRESSIONS if text.strip()]
        uses += [(text, placed(text.strip(), place) + f"\n    return {place}") for text in STATEMENTS if text.strip()]
        for text, body in uses:
            source = f"def run(make):\n    {start}\n    def release():\n        {release}\n    R = Operand(release)\n    {body}\n"
            names = {"Operand": Operand, "Holder": Holder, "print": print}
            exec(source, names)
            yield how, text.strip(), names["run"]


functions = list(build())
for kind, make in MAKERS.items():
    seen = {}
    for how, text, run in functions:
        try:
            got = repr(run(make))
        except Exception as e:
            got = f"{type(e).__name__}: {e}"
        if " at 0x" in got:
            got = "<object>"
        seen.setdefault((text, got[:100]), []).append(how)
    for (text, got), ways in seen.items():
        print(kind, "|", text, "|", got, "" if len(ways) == len(HOLDERS) else ways)
