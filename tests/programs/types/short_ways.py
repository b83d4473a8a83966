# Short ways of dicts, sets, sorts, sums and loops give what the long ones give.
import math
import random


class Text(str):
    pass


class Same:
    """Equal to whatever has its hash."""

    def __init__(self, hash):
        self.hash = hash

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        return True


# ---- dicts: new keys, keys that are there, gaps, all widths of the index

for size in (3, 5, 6, 80, 171, 400, 50_000):
    d = {}
    for i in range(size):
        d[i] = i
        d["k%d" % i] = i
    for i in range(0, size, 3):
        del d[i]
    for i in range(size):
        d[i] = -i
    d["k0"] = "again"
    print(size, len(d), list(d)[:4], list(d)[-3:], sum(v for v in d.values() if v != "again"))

d = {}
number = 12345
d[number] = "one"
d[12345.0] = "two"
print(d, next(iter(d)) is number)
d[Same(hash("x"))] = 1
d["x"] = 2
print(len(d), list(d.values()))
d = {True: "yes"}
d[1] = "one"
d[Text("a")] = 3
d["a"] = 4
print(d, type(list(d)[1]).__name__)
key = "".join(["new", "key"])
d[key] = key
print(d["newkey"] is key)
d = dict(zip(["a", "b", "a"], [1, 2, 3], strict=False))
print(d, dict(zip("ab", [1], strict=False)), dict(zip([1, 2], [3, 4], strict=True)))
print(dict(zip(iter("abc"), iter([1, 2]))), dict(zip("ab")) if False else "")
try:
    dict(zip([[]], [1]))
except TypeError as e:
    print(e)
try:
    dict(zip([1, 2], [3], strict=True))
except ValueError as e:
    print(e)
d = {"a": 1}
d.update(zip("ab", [5, 6]))
print(d)


class Grows(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value * 2)


g = Grows()
for name in ("a", "b", "a"):
    g[name] = 3
print(g)

# ---- sets

big = [10**6, 10**6 + 1, "a", "b", 10**6]
s = set(big)
print(len(s), sorted(map(str, s)), next(x for x in s if x == 10**6) is not None)
s = set()
for i in range(2000):
    s.add(i % 700)
    s.add(str(i % 50))
    s.add(i * 1000)
for i in range(0, 700, 2):
    s.discard(i)
for i in range(700):
    s.add(i)
print(len(s), sum(x for x in s if isinstance(x, int)))
one = 10**5
s = {1.5}
s.add(one)
s.add(100000.0)
print([x is one for x in s if x == 10**5], s.add("t"))
s = {Same(5)}
s.add(5)
print(len(s))
try:
    set.add([], 1)
except TypeError as e:
    print(e)
try:
    s.add([])
except TypeError as e:
    print(e)

# ---- sorts

random.seed(5)
floats = [random.uniform(-5, 5) for _ in range(300)] + [0.0, -0.0, 1e300, -1e300, math.inf, -math.inf, 5e-324]
print(sorted(floats) == sorted(floats, key=lambda x: (x,)), sorted(floats, reverse=True) == sorted(floats)[::-1])
print(sorted([0.0, -0.0, 0.0, -0.0]), sorted([-0.0, 0.0], reverse=True))
print(sorted([3.0, math.nan, 1.0, 2.0]), sorted([math.nan, 1.0]))
pairs = [(i % 7 * 1000, i) for i in range(100)]
print(sorted(pairs, key=lambda p: p[0])[:20])
print(sorted(pairs, key=lambda p: p[0], reverse=True)[:20])
print(sorted(pairs, key=lambda p: float(p[0]), reverse=True)[-20:])
print(sorted(pairs, key=lambda p: str(p[0]))[:20])
boxed = [10**9 + i % 5 for i in range(40)]
kept = [id(x) for x in boxed]
boxed.sort()
order = sorted(range(40), key=lambda i: i % 5)
print([id(x) for x in boxed] == [kept[i] for i in order])
boxed.sort(reverse=True)
print(boxed[:3], boxed[-3:])
texts = ["prefix__%d" % (i * 7 % 30) for i in range(30)] + ["prefix__", "prefix", "", "\xff", "\0", "\0\0", "a\0", "a"]
print(sorted(texts), sorted(texts, reverse=True) == sorted(texts)[::-1])
print(sorted(texts + ["☃", "\x80"])[-4:], sorted(["b", "a", "☃"], reverse=True))
words = [str(i * 7919 % 1000) for i in range(1000)]
print(sorted(words) == sorted(words, key=list), sorted(words, key=len)[:12])
words.sort(key=lambda w: w[-1])
print(words[:5], words[-5:])
print(sorted([1, 2.5, 3, 0.5]), sorted([2**70, 1, -(2**70)]), sorted([True, False, 5, -1]))

# ---- sums

print(sum([0.1] * 10), sum([0.1] * 10, 5), sum([1, 0.1, 2, 0.2]), sum([1e16, 1.0, -1e16]), sum([0.5, 1, True, 2**70]))
print(sum([math.inf, 1.0]), sum([math.inf, -math.inf]), sum(i * 0.1 for i in range(10)), sum((0.1, 0.2, 0.3j)))
print(sum([-0.0]), sum([-0.0], -0.0), sum([1.5, "x"][:1]))
try:
    sum([1.5, "x"])
except TypeError as e:
    print(e)

# ---- loops over what has no form of its own

for things in ([3, 2, 1], {1, 2}, reversed([1, 2, 3]), map(str, [1, 2]), filter(None, [0, 1, 2]), "añ☃", iter(int, 0)):
    print([x for x in things], end=" ")
    for x in things:
        print(x, end=" ")
print()
print(list(filter(None, [0, "", None, 5, [], [1], 0.0, "a", Same(0)]))[:3])
print(list(map(str, [1, 2.5, "x", None, True, 10**20, b"y"])), list(map(int, "123")), list(map(type, [1, "a"])))

# ---- lists, tuples, texts, bytes

l = list(range(5))
print([l.pop() for _ in range(3)], l.pop(0), l, list.pop(l))
for bad in (lambda: [].pop(), lambda: [1].pop(5), lambda: list.pop(), lambda: list.pop({}), lambda: [1].pop("a")):
    try:
        bad()
    except (IndexError, TypeError) as e:
        print(type(e).__name__, e)
t = tuple(range(40))
print(hash(t) == hash(tuple(range(40))), hash(t) == hash(t), len({t, tuple(range(40)), t[:39]}), hash(t[:15]) == hash(tuple(range(15))))


class Long(tuple):
    pass


print(hash(Long(range(40))) == hash(t), Long(range(40)) == t)
try:
    hash(tuple([[]] * 20))
except TypeError as e:
    print(e)
print("abc"[::-1], "añb"[::-1], "a☃b"[::-1], "abcdef"[4:1:-1], "abc"[5:0:-1], "\xff\xfe"[::-1], "ab"[0:5:-1])
print(bytes(range(256)).hex() == "".join("%02x" % i for i in range(256)), b"".hex(), b"\x01\xab".hex(":"), bytes(5).hex(":", 2))
print("zaz zbz zcz zzz".find("zzz"), ("zab" * 50 + "zzy" + "zzz").find("zzz"), ("z" * 200).find("zy"), "ab" * 100 in "ba" * 101)

# ---- exceptions keep their arguments


class Odd(ValueError):
    def __init__(self, *args):
        self.seen = args


class Even(ValueError):
    pass


print(Odd(1, 2).args, Odd(1, 2).seen, Even(3).args, Even().args, repr(Even(1)), ValueError(1, 2).args)
e = ValueError.__new__(ValueError, 1)
print(e.args)
e.__init__(2, 3)
print(e.args)
for call in (lambda: ValueError(a=1), lambda: Even(a=1), lambda: Odd(a=1)):
    try:
        call()
    except TypeError as e:
        print(e)
print(str(5), str(5.5), str(True), str(10**30), str(b"a"), str(), str("a") is str("a"), str(Text("q")), type(str(Text("q"))).__name__)
