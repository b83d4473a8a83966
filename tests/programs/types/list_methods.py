# All methods of list, with their errors.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


l = [3, 1, 2]
print(l.append(4), l, l.extend("ab"), l, l.insert(0, "z"), l, l.insert(-1, "y"), l, l.insert(100, "end"), l.insert(-100, "start"), l)
print(l.pop(), l.pop(0), l.pop(-1), l.pop(2), l)
print(l.remove("z"), l, l.index(1) if 1 in l else "gone", l.index("y"), l.count(2), l.count("nope"))
print(l.reverse(), l, l.copy() == l, l.copy() is l, l.clear(), l)
for f, a in ((l.pop, ()), ([1].pop, (5,)), ([1].pop, ("a",)), (l.remove, (1,)), (l.index, (1,)), ([1, 2].index, (1, 1)), ([1, 2].index, (2, 0, 1)), (l.append, ()), (l.append, (1, 2)), (l.extend, (5,)), (l.extend, (None,)), (l.insert, (1,)), (l.insert, ("a", 1)), (list, (5,)), (list, (1, 2)), ([1].count, ()), ([].sort, (1,)), ([1, "a"].sort, ()), ([1, 2].index, ("x",)), ([1].__getitem__, (3,)), (hash, ([],)), (list.append, ()), (list.append, (1, 2)), (list.pop, ([],))):
    err(f, *a)
err([].sort, nope=1)
err(list, x=1)
print([1, 2, 3].index(3, -1), [1, 2, 1].index(1, 1), [1, 2] + [3], [1, 2] * 2, 2 * [0], [1] * 0, [1] * -5, 2 in [1, 2], [1, 2] == [1, 2], [1, 2] < [1, 3], [1] < [1, 0], [] < [1], [2] > [1, 5], [1, [2, "x"]] == [1, [2, "x"]], [float("nan")] == [float("nan")])
nan = float("nan")
print([nan] == [nan], nan in [nan], [nan].index(nan), [nan].count(nan), [1, 2] != (1, 2), [1, 2] == (1, 2))
err(lambda: [1] + (2,))
err(lambda: [1] * "a")
err(lambda: [1] * [1])
err(lambda: [1] < (1,))
err(lambda: [1] < ["a"])
err(lambda: l["a"])
err(lambda: l[0])
err(lambda: l[-1])
err(lambda: [0] * 10**18)


def setit(o, i, v):
    o[i] = v


def delit(o, i):
    del o[i]


err(setit, [1], 1, 0)
err(setit, [1], -2, 0)
err(setit, [1], "a", 0)
err(delit, [1], 1)
err(delit, [1], 1.5)
l = [1, 2, 3, 4]
l += (5, 6)
l += "x"
l *= 2
print(l, len(l))
k = m = [1]
k += [2]
print(m, k is m)
k = k + [3]
print(m, k is m)
l = [1, 2]
l.extend(l)
l += l
print(l)
a = [1]
a.append(a)
print(a, repr(a), len(a), a[1] is a, a[1][1][1][0], str([a]))
x = [1, 2, 3, 4, 5, 6]
for v in x:
    if v % 2 == 0:
        x.remove(v)
print(x)
x = [1, 2, 3]
for v in x:
    if len(x) < 8:
        x.append(v * 10)
print(x)
it = iter([1, 2])
print(next(it), it.__length_hint__(), next(it), next(it, "none"), next(it, "still none"), list(it))
print(list("abc"), list(range(3)), list({1: 2, 3: 4}), list(x for x in (1, 2)), [*"ab", *[1]], list(), list(()), list(map(str, [1])), [[]] * 2)
r = reversed([1, 2, 3])
print(list(r), list(r), list(reversed([])))
g = [[0] * 2] * 2
g[0][0] = 1
h = [[0] * 2 for _ in range(2)]
h[0][0] = 1
print(g, h)


class E:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        print("eq", self.n, getattr(o, "n", o), end="; ")
        return self.n == getattr(o, "n", o)


e = [E(1), E(2), E(3)]
print(E(2) in e, e.index(E(3)), e.count(E(1)), 2 in e, e[0] in e)
e.remove(E(2))
print(len(e), e == [E(1), E(3)])


class L(list):
    def __len__(self):
        return 99

    def __getitem__(self, i):
        return "got"


s = L([1, 2])
print(s, s[0], len(s), list(s), [*s], s + [3], type(s + [3]).__name__, type(s[:]).__name__, type(s.copy()).__name__, s == [1, 2], isinstance(s, list), bool(L()))
s.extra = 5
print(s.extra)
