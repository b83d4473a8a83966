# Built-in functions: min, max, sum, sorted with options, chr/ord, hash, repr, ascii, print.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


print(min(3, 1, 2), max([1, 3], key=lambda v: -v), min("hello"), max("a", "bb", key=len), min([], default="d"), max((), default=None), max([[1], [2]]), min({3: 1, 2: 5}), max(1, 1.0), min(True, 1))
print(sum([1, 2]), sum([1, 2], 10), sum([[1], [2]], []), sum((0.5, 1)), sum([], start=5), sum(range(101)), sum([True, True]), sum([1j, 1]))
print(any([]), all([]), any("ab"), all([1, 0]), any(x > 2 for x in range(5)), abs(-3), abs(-2.5), abs(True), divmod(7, -2), divmod(-7.5, 2), pow(2, 5), pow(2, 5, 7), pow(2.0, -1), round(2.5), round(-1.567, 2), round(1234, -2))
print(chr(65), ord("a"), bin(10), bin(-3), oct(8), hex(255), hex(-1), ascii("\u00e9\n"), repr("a\tb"), format(3.14159, ".2f"), len("abc"), callable(len), callable(5), callable(int), id(1) == id(1), hash(5), hash(-1), hash("") == 0 or True)
print(isinstance(True, int), isinstance(1, (str, int)), isinstance("a", int | str), issubclass(bool, int), issubclass(int, (str, (float, (int,)))), type(1) is int, type("a").__name__)
print(list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x % 2, range(6))), list(zip("ab", [1, 2], (True, False))), list(enumerate("ab", 5)), list(reversed([1, 2])), sorted("bca"), list(iter(lambda it=iter([1, 2, 0, 3]): next(it), 0)))
for f in (lambda: min(), lambda: min([]), lambda: max(1), lambda: min(1, 2, default=3), lambda: max(1, "a"), lambda: min([1], key=5), lambda: sum(5), lambda: sum(["a"]), lambda: sum(["a"], ""), lambda: sum([b""], b""), lambda: sum([[]]), lambda: abs("a"), lambda: abs(), lambda: divmod(1), lambda: pow(1), lambda: chr("a"), lambda: ord(1), lambda: bin(1.5), lambda: hex("a"), lambda: len(5), lambda: any(5), lambda: all(None), lambda: isinstance(1, "int"), lambda: isinstance(1, (int, "x")), lambda: isinstance("q", (int, "x")), lambda: issubclass(5, int), lambda: hash([]), lambda: hash({}), lambda: round("a"), lambda: iter(5), lambda: iter(5, 5), lambda: next(5), lambda: next([]), lambda: next(iter([])), lambda: map(), lambda: map(len), lambda: list(map(5, [1])), lambda: filter(None), lambda: zip(5), lambda: list(zip([1], [1, 2], strict=True)), lambda: list(zip([1, 2], [1], strict=True)), lambda: list(zip([1], [1], [], strict=True)), lambda: list(map(lambda a, b: a, [1], [1, 2], strict=True)), lambda: enumerate(), lambda: enumerate(5), lambda: enumerate([], "a"), lambda: reversed(5), lambda: reversed({1}), lambda: callable(), lambda: getattr(5), lambda: type("a", "b"), lambda: format(1, 2), lambda: print(sep=5), lambda: print(end=1), lambda: open("/no/such/file"), lambda: repr(), lambda: sorted(), lambda: input.x, lambda: vars(1), lambda: dir(1, 2), lambda: delattr(1, "a"), lambda: compile("1"), lambda: __import__("no_such_mod"), lambda: __import__(5), lambda: super().x, lambda: object(5), lambda: slice(), lambda: property(1, 2, 3, 4, 5), lambda: staticmethod(), lambda: bool(1, 2), lambda: id(), lambda: globals(1), lambda: bytes("x"), lambda: memoryview(5), lambda: frozenset(1), lambda: complex("x"), lambda: iter()):
    err(f)
print(1, "a", None, sep="-", end="!\n"); print(); print("a", "b", sep=""); print(*[1, 2], sep=", "); print("x", end=""); print(sep=None, end=None); print([1, "a"], (1,), {"k": 2}, {1}); print("a", flush=True)
import sys
print("to stdout", file=sys.stdout)
class W:
    def __init__(self): self.t = []
    def write(self, s): self.t.append(s)
w = W(); print("a", 1, file=w, sep="|"); print(w.t)
err(lambda: print("x", file=5))
it = zip([1, 2, 3], "ab"); print(next(it), list(it), list(it))
a = iter([1, 2, 3]); print(list(zip(a, a)), next(a, "none"))
e = enumerate(["x"], start=10**20); print(next(e))
m = map(str, [1, 2]); print(iter(m) is m, next(m), list(m), list(m))
class S:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
    def __getitem__(self, i): return i * i
print(list(reversed(S(4))), [type(x).__name__ for x in (zip(), map(len, []), filter(None, []), enumerate([]), reversed([]), iter([]), iter(()), iter(""), iter({}), iter(set()), iter(range(0)), iter(b""), iter(S(1)), iter(len, 1), (x for x in ()), {}.items(), reversed({}), iter({}.values()))])
calls = []
def cb(): calls.append(1); return len(calls)
print(list(iter(cb, 4)), len(calls))
def stopper():
    if len(calls) > 5: raise StopIteration
    calls.append(1); return 0
print(list(iter(stopper, 99)))
g = {"x": 1}; print(sorted(vars(type("V", (), {"a": 1})()) or ["empty"]), hasattr(5, "real"), getattr(5, "nope", "dflt"), (5).__class__, [].__class__.__name__, "".__class__ is str, int.__name__, print.__name__, len.__module__, [].append.__name__, str.upper.__qualname__, repr(len), repr(int), repr([].__len__)[:30] if False else repr(str.upper), repr(type), repr(None.__class__))
print(int is type(5), ascii(["\u20ac", b"\xff"]), repr(2**70), repr([1.0, 1e100, -0.0]), repr({"a": (1, [2, {3}])}), __import__("math").floor(2.5), dir(type("Z", (), {"q": 1}))[-1], [n for n in dir() if n in ("w", "it")], abs(-0.0), all(map(callable, (len, int, lambda: 0, S))), hash((1, 2)) == hash((1, 2)), hash(1.5) == hash(1.5), hash(None) == hash(None), hash("a") == hash("a"), hash(frozenset([1, 2])) == hash(frozenset([2, 1])), hash(range(2)) == hash(range(2)))
