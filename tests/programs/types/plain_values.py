"""What is told of builtin values at once, and what must be asked of classes: comparisons, truth, membership, items, construction."""
import weakref
from collections import OrderedDict, defaultdict


class L(list):
    def __contains__(self, x):
        return "asked", x

    def __bool__(self):
        return True


class T(tuple):
    def __eq__(self, other):
        return "equal?"

    __hash__ = tuple.__hash__


class S(str):
    def __eq__(self, other):
        return NotImplemented

    __hash__ = str.__hash__


class Same:
    def __eq__(self, other):
        return True


class Odd:
    def __eq__(self, other):
        raise ValueError("compared")


nan = float("nan")
big, half = 10**20, 0.5
values = [0, 1, 1.0, True, None, "", "a", "b", b"a", (), (1,), (1.0,), [1], [nan], (nan,), nan, big, half, T((1,)), S("a")]
for x in values:
    print(repr(x), [str(x == y)[0] for y in values], [str(x != y)[0] for y in values], bool(x), not x)
for x, y in [(1, 2.5), (2**60, float(2**60)), (2**53 + 1, float(2**53)), ("a", "b"), ((1, 2), (1, 3)), ((1, "a"), (1,)), ([1, 2], [1]), (nan, 1), (1, nan), (big, 1e30)]:
    print(x < y, x <= y, x > y, x >= y, x == y, x != y)
for x, y in [(1, "a"), ((1, "a"), ("a", 1)), (None, 1), ([1], (1,))]:
    try:
        print(x < y)
    except TypeError as e:
        print(e)
print((nan,) == (nan,), [nan] == [nan], (nan,) == (float("nan"),), nan in [nan], nan == nan, (1, (2, (3,))) == (1, (2, (3.0,))))
print(1 in (1.0, 2), 1.0 in {1}, True in [1], "a" in "cat", "" in "", "xyz" in "xy", None in {None}, (1, 2) in {(1, 2): 3}, (1.0, 2) in {(1, 2)})
print(Same() == 1, 5 in [Same()], 1 in L(), 3 not in L(), bool(L()), not L(), 1 in frozenset([1]), "q" in {"q": 1})
for bad in (lambda: Odd() in [1], lambda: 1 in [Odd()], lambda: [] in {1}, lambda: 1 in "a", lambda: 1 in 5, lambda: (Odd(), 1) == (1, 1)):
    try:
        print(bad())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
# Operands that die of the comparison.
print([1] == [1], "ab"[:1] == "a", (1,) + (2,) == (1, 2), "x" * 3 != "xxx", [] in [[]], not [1][:0], "a" in "b a".split())
for text in "a b", "":
    if text.split():
        print("words")
    while not text.split():
        print("none")
        break
d = {(1, "a"): "pair", 1: "one", "k": "text"}
dd, od = defaultdict(list), OrderedDict(a=1)
print(d[1, "a"], d[(1.0, "a")], d[True], d[1.0], "text"[-1], b"ab"[0], "é☃"[1], dd["new"], od["a"], "abc"[True])
for bad in (lambda: d[1, "b"], lambda: "a"[1], lambda: b""[0], lambda: "a"["a"], lambda: d[[]]):
    try:
        print(bad())
    except (LookupError, TypeError) as e:
        print(type(e).__name__, e)


class Ref:
    pass


thing = Ref()
proxy = weakref.proxy(thing)
print(isinstance(proxy, Ref), isinstance(proxy, (int, Ref)), isinstance(proxy, int), isinstance(1, (str, (int, float))), isinstance(True, int))


class Claims:
    __class__ = int


print(isinstance(Claims(), int), isinstance(Claims(), (str, int)), isinstance(Claims(), str), isinstance(L(), (tuple, list)))
# Loops over instances of subclasses, and over lists that change.
print([x for x in L([1, 2])], [x for x in T((3, 4))], sum(L([5])), [(a, b) for a, b in zip(L("ab"), T("cd"))])
grows, seen = [1], []
for x in grows:
    seen.append(x)
    if len(grows) < 4:
        grows.append(x + 1)
walk = iter(grows)
for x in walk:
    grows.clear()
print(seen, list(walk), next(walk, "end"))
# Constructors.
print(list(), list((1,)), list(L([2])), type(list(L())), tuple([1]), tuple(T((1,))), type(tuple(T())), dict(), dict({1: 2}), dict(OrderedDict(a=1)), set(), set("a"))
print(int(2.9), int(-2.9), int(True), int(1e18), int("7"), float(3), float(2**53 + 1), float("2.5"), str(5), str(2.5), str("s"), str(S("s")), type(str(S("s"))), bool(""), bool(L()))
t = (1, 2)
print(tuple(t) is t, str("abc" + str(1)) == "abc1", type(5), type(type), type(T()), float(half) is half)
for bad in (lambda: list(1), lambda: tuple(1, 2), lambda: int(nan), lambda: int(float("inf")), lambda: type(), lambda: float("x"), lambda: dict(1), lambda: bool(1, 2)):
    try:
        print(bad())
    except (TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__, e)
# Plain format specifications, and those that are not.
x, n = 2.675, 42
print(f"{x:.2f} {x:8.2f}|{x:08.1f}|{-x:.0f} {-x:09.3f} {0.0:.1f} {-0.0:.2f} {1e17:.1f} {1e22:.2f} {nan:.2f} {float('inf'):6.1f}")
print(f"{n:5d}|{n:05d}|{-n:06d}|{n:3}|{n:d}|{True:5d}|{n:x}|{n:,}|{n:<5}|{n:^5}|{n:+d}|{n:_}|{n:5.1f}|{n:e}|{'s':5}|{'s':>5}|{'s':.0}|")
for bad in (lambda: f"{x:.f}", lambda: f"{x:d}", lambda: f"{n:.2d}", lambda: f"{n:05.1d}", lambda: f"{x:5.f}"):
    try:
        print(bad())
    except ValueError as e:
        print(e)
print(sorted([3, 1], reverse=True), sorted("bA", key=str.lower), sorted([1, 2], key=None, reverse=0), sorted([], **{"reverse": 1}))
for bad in (lambda: sorted([], x=1), lambda: sorted([1], key=1), lambda: sorted(), lambda: sorted([1], None)):
    try:
        print(bad())
    except TypeError as e:
        print(e)
