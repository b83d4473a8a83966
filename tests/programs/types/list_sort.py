# sort and sorted: stability, key, reverse, errors, mutation, call counts.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


seed = 12345


def rnd(n):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return seed % n


for n in (0, 1, 2, 3, 10, 63, 64, 65, 200, 1000):
    l = [rnd(n // 2 + 1) for _ in range(n)]
    s = sorted(l)
    assert all(a <= b for a, b in zip(s, s[1:])) and len(s) == n and sum(s) == sum(l)
    pairs = [(v, i) for i, v in enumerate(l)]
    stable = sorted(pairs, key=lambda p: p[0])
    assert stable == sorted(pairs)
    back = sorted(pairs, key=lambda p: p[0], reverse=True)
    assert back == sorted(pairs, key=lambda p: (-p[0], p[1]))
    assert sorted(l, reverse=True) == s[::-1]
    print(n, sum(i * v for i, v in enumerate(s)))
words = "the quick brown Fox jumps Over the lazy dog".split()
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len), sorted(words, key=len, reverse=True), sorted(words, key=lambda w: (len(w), w)))
print(sorted([3, 1.5, True, 2**70, -1e300, 0]), sorted("hello"), sorted({3: 1, 1: 2}), sorted([[2], [1, 5], [], [1]]), sorted([(1, "b"), (1, "a"), (0, "z")]), sorted([b"b", b"a"]), sorted([True, False, True]))
l = [3, 2, 1]
print(l.sort(), l, l.sort(key=None, reverse=True), l, l.sort(reverse=0), l)
err(sorted, [1, "a"])
err(sorted, [None, 1])
err(sorted, [{}, {}])
err(sorted, [1j, 2j])
err(sorted, 5)
err(sorted)
err(sorted, [1], len)
err(sorted, [1, 2], key=5)
err(sorted, [1, 2], key=lambda: 0)
err(sorted, ["a", 1], key=lambda x: 1 / 0)
err([2, 1].sort, reverse="x")
print(sorted([None]), sorted([{}]), sorted([5], key=lambda x: "k"))


class Item:
    calls = 0

    def __init__(self, v):
        self.v = v

    def __lt__(self, o):
        Item.calls += 1
        return self.v < o.v


its = [Item(v) for v in range(100)]
its.sort()
print("already sorted:", Item.calls)
Item.calls = 0
its.sort(reverse=True)
print("reversed:", Item.calls)
Item.calls = 0
its.sort(key=lambda i: i.v)
print("by key:", Item.calls, [i.v for i in its[:3]])
Item.calls = 0
its = [Item(rnd(1000)) for _ in range(500)]
its.sort()
print("random:", 3000 < Item.calls < 4500, all(a.v <= b.v for a, b in zip(its, its[1:])))


def mutate(lst):
    def key(x):
        lst.append(x)
        return x

    lst.sort(key=key)


l = [3, 1, 2]
err(mutate, l)
print(l)
l = [3, 1, 2]
seen = []
l.sort(key=lambda x: seen.append(len(l)) or x)
print(seen, l)
l = [5, "a", 3]
try:
    l.sort()
except TypeError:
    print(len(l), 5 in l, "a" in l)


class Cmp:
    def __init__(self, v):
        self.v = v

    def __gt__(self, o):
        return self.v > o.v


print([c.v for c in sorted([Cmp(3), Cmp(1), Cmp(2)])])
nan = float("nan")
print(sorted([3, nan, 1]), min([nan, 1]), max(1, nan))
data = [("tea", 3), ("room", 1), ("bath", 3), ("meal", 1)]
data.sort()
data.sort(key=lambda t: t[1], reverse=True)
print(data)
print(sorted(data, key=lambda t: t[1]), sorted(range(10), key=lambda x: x % 3), sorted(range(10), key=lambda x: -x)[:3], sorted("bBaA", key=str.swapcase))
def merge_runs(n):
    l = list(range(0, n, 2)) + list(range(1, n, 2))
    l.sort()
    return l == list(range(n))
print(merge_runs(1000), merge_runs(7))
