# Views of dicts, set operations on them, mutation while iterating.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


d = {1: "a", 2: "b", 3: "c"}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), len(v), len(i), type(k).__name__, type(v).__name__, type(i).__name__)
d[4] = "d"
print(k, 4 in k, "d" in v, (4, "d") in i, (4, "x") in i, 4 in i, list(reversed(k)), list(reversed(v)), list(reversed(i)))
e = {3: "c", 4: "x", 5: "e"}
print(sorted(k & e.keys()), sorted(k | e.keys()), sorted(k - e.keys()), sorted(k ^ e.keys()), type(k & e.keys()).__name__)
print(sorted(i & e.items()), sorted(i - e.items()), sorted(i | {("q", 1)}, key=str), sorted(k & [1, 9]), sorted({1, 9} - k), sorted([1, 9] ^ k) if False else sorted(k ^ [1, 9]))
print(k == {1, 2, 3, 4}, k == [1, 2, 3, 4], i == set(d.items()), v == v, v == d.values(), k <= {1, 2, 3, 4, 5}, k < {1, 2, 3, 4}, k >= {1}, {1} < k, k.isdisjoint({7}), k.isdisjoint([1]), i.isdisjoint([]))
err(lambda: k[0])
err(lambda: v & v)
err(lambda: k & 5)
err(lambda: k + k)
err(hash, k)
err(lambda: {1: []}.items() & {1: []}.items())
err(lambda: k < [1])
m = k.mapping
print(m, type(m).__name__, m[1], len(m))
err(lambda: m.__setitem__)


def setm():
    m[1] = 2


err(setm)


def grow():
    x = {1: 1, 2: 2}
    for q in x:
        x[q + 10] = 1


def shrink():
    x = {1: 1, 2: 2}
    for q in x:
        del x[q]


def same_size():
    x = {1: 1, 2: 2, 3: 3}
    n = 0
    for q in x:
        del x[q]
        x[q + 10] = 1
        n += 1
        if n > 20:
            return n


def change_values():
    x = {1: 1, 2: 2}
    for q in x:
        x[q] = q * 10
    return x


def grow_items():
    x = {1: 1}
    for a, b in x.items():
        x.update({b + 1: 2, b + 2: 3})


def grow_values():
    x = {1: 1}
    for b in x.values():
        x[len(x) + 1] = 2


def clear():
    x = {1: 1, 2: 2}
    for q in x:
        x.clear()
    return x


def last():
    x = {1: 1}
    for q in x:
        x.pop(q)
    return x


for f in (grow, shrink, same_size, change_values, grow_items, grow_values, clear, last):
    print(f.__name__, end=": ")
    err(f)
x = {1: 1, 2: 2}
it = iter(x)
print(next(it), it.__length_hint__())
x[3] = 3
err(next, it)
err(next, it)
it = iter({})
err(next, it)
print([(a, b) for a, b in {"x": 1}.items()], sum({1: 2, 3: 4}), max({1: 2, 3: 4}.values()), dict(sorted({2: "b", 1: "a"}.items())), [*{"p": 1}], sorted({"b": 1, "a": 2}), list(enumerate({"z": 0})))
for (a, (b, c)) in {1: (2, 3)}.items():
    print(a, b, c)
print(set({1: 2}.items()), {1: 2}.items() == {(1, 2)}, list(zip({1: 2}, {3: 4}.values())), repr({}.keys()), repr({}.items()), bool({}.keys()), {"a": 1}.keys() == {"a": 2}.keys())
class V:
    def __init__(self):
        self.a, self.b = 1, 2
print(list(vars(V()).keys()), list(vars(V()).items()))
