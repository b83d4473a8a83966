# Slices of lists: reading, assigning, deleting, extended steps.

def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


def setit(o, i, v):
    o[i] = v


def delit(o, i):
    del o[i]


base = list(range(8))
vals = (None, 0, 2, 5, 8, 20, -1, -3, -8, -20)
total = []
for i in vals:
    for j in vals:
        for k in (None, 1, 2, 3, -1, -2, -5, 100, -100):
            s = base[i:j:k]
            total.append(len(s) * 7 + sum(s))
            model = [base[n] for n in range(*slice(i, j, k).indices(8))]
            assert s == model, (i, j, k)
            c = base[:]
            del c[i:j:k]
            assert c == [v for v in base if v not in s], (i, j, k)
            c = base[:]
            if k in (None, 1):
                c[i:j] = "xy"
            else:
                c[i:j:k] = [-v for v in s]
            total.append(sum(v for v in c if v != "x" and v != "y"))
print(sum(total), len(total), total[:40])
a = base[:]
a[2:4] = ["a", "b", "c"]
print(a)
a[2:5] = []
print(a)
a[0:0] = (100, 200)
print(a)
a[len(a):] = range(3)
print(a)
a[5:2] = ["mid"]
print(a)
a[::2] = [0] * len(a[::2])
print(a)
a[::-1] = list(range(len(a)))
print(a)
a[1:3] = a
print(a)
a[:] = "new"
print(a)
a[:] = (c for c in "gen")
print(a)
del a[:]
print(a)
a = base[:]
del a[::2], a[-1]
print(a)
a = base[:]
del a[::-3]
print(a)
a[-1:] = [7, 8, 9]
a[-100:1] = [None]
print(a)
a = [1, 2, 3]
a[1:1] = a[:]
a[True] = "T"
print(a, a[False], a[: 10**30], a[-(10**30) :], a[10**30 :])
for i, v in ((slice(0, 4, 2), [1]), (slice(None, None, -1), [1, 2]), (slice(0, 1), 5), (slice(0, 2, 2), 5), (slice("a", 1), []), (slice(0, 1, 0), []), (slice(0, 1, 1.5), [])):
    err(setit, a, i, v)
err(delit, a, slice(0, 1, 0))
err(delit, a, slice(None, "b"))
err(lambda: a[::0])
err(lambda: a[1:2, 3])
print(a)


class Idx:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        print("index", self.n, end=" ")
        return self.n


print(a[Idx(1)], a[Idx(0) : Idx(2)], a[Idx(5) : Idx(0) : Idx(-2)])
s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, s.indices(5), slice(5), slice(None), s == slice(1, 10, 2), s != slice(1), slice(1, 2) < slice(1, 3), hash(slice(1, 2)) == hash(slice(1, 2)))
for sl, n in ((slice(None, None, -1), 5), (slice(-3, None), 5), (slice(10, -10, -3), 5), (slice(3, 1), 5), (slice(None), 0), (slice(-1, -10, -1), 3)):
    print(sl, sl.indices(n), list(range(n))[sl])
err(slice)
err(slice, 1, 2, 3, 4)
err(s.indices, -1)
err(s.indices, "a")
err(slice(None, None, 0).indices, 3)
err(lambda: setattr(s, "start", 1))


class Get:
    def __getitem__(self, k):
        return k

    def __setitem__(self, k, v):
        print("set", k, v)

    def __delitem__(self, k):
        print("del", k)


g = Get()
print(g[1], g[1:2], g[::], g[1:2:3], g[..., 1], g[1:2, 3], g[()], g[1,], g[:, None], g["a":], g[*[1, 2], 3], g[lambda: 0 :].start is not None)
g[1:2] = 5
g[0] = g[1:3]
del g[3:], g[1, 2]
