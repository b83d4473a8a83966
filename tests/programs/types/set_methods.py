# set and frozenset: operations, relations, methods, errors.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


a, b = {1, 2, 3}, {3, 4}
print(sorted(a | b), a & b, sorted(a - b), sorted(a ^ b), a <= b, a < {1, 2, 3, 4}, a >= {1}, a > a, a == {3, 2, 1}, a != b, a.isdisjoint({9}), 2 in a, len(a))
print(sorted(a.union([5], (6,))), a.intersection([1, 3], {3}), sorted(a.difference([1])), sorted(a.symmetric_difference("x"), key=str), a.issubset(range(9)), a.issuperset([1]), a.union() == a, a.union() is a)
c = set(a)
print(c.add(9), c.discard(100), c.remove(9), c.update([7], "q"), 7 in c, c.difference_update([7]), c.discard("q"), c.intersection_update({1, 2}), sorted(c), c.symmetric_difference_update({2, 5}), sorted(c), c.clear(), c)
k = c
c |= {1, 2}
c &= {2, 3}
c ^= {5}
c -= {5}
print(c, k is c, {1}.pop(), set(), {1, 1, 1}, set("aab") == {"a", "b"}, {i % 3 for i in range(10)}, type({*()}).__name__, {*[1], *(2,)}, frozenset(), frozenset([1]), repr({frozenset([1])}))
for f in (lambda: a | [1], lambda: a & "x", lambda: a < [1], lambda: a + b, lambda: {[]}, lambda: a.add([]), lambda: a.remove(99), lambda: set().pop(), lambda: set(5), lambda: hash(a), lambda: a[0], lambda: [] in a, lambda: a.union(5), lambda: frozenset([1]).add(2), lambda: set(1, 2), lambda: {1: {}}[{}] if False else {a}, lambda: a.update(3), lambda: a ^ None, lambda: a.isdisjoint(1), lambda: set(x=1)):
    err(f)
fs = frozenset([1, 2])
print(fs == {1, 2}, {1, 2} == fs, hash(fs) == hash(frozenset([2, 1])), fs in {fs}, {1, 2} in {fs}, type(fs | {3}).__name__, type({3} | fs).__name__, {fs: "v"}[frozenset((2, 1))], fs.copy() is fs)
x = fs
x |= {3}
print(sorted(x), fs == {1, 2})
s = {1, 2}
def grow():
    for v in s:
        s.add(v + 10)
err(grow)
print({1, 1.0, True, 0, False} == {0, 1}, {1} | {1.0}, {1.0} | {1}, {0.0} & {False}, {nan for nan in [float("nan")] * 2} != {1}, len({float("nan"), float("nan")}))
class S(set):
    pass
t = S([1])
print(t, type(t | {2}).__name__, type(t.copy()).__name__, t == {1}, isinstance(t, set))
r = set(range(100))
for i in range(0, 100, 3):
    r.discard(i)
r |= set(range(1000, 1100))
print(len(r), sum(r), min(r), max(r), sorted(r)[:5], sorted(filter(lambda v: v > 1095, r)))
print(sum({1, 2} | {2}), sorted({"b", "a"}), {(), (1,)} == {(1,), ()}, bool(set()), not {0}, {1}.__contains__(1), {1}.__eq__([1]), {1}.__or__([1]), set.union({1}, {2}) == {1, 2}, sorted(map(sorted, {frozenset("ab"), frozenset("c")})))
primes = set(range(2, 60))
for n in range(2, 8):
    primes -= set(range(n * n, 60, n))
print(sorted(primes))
