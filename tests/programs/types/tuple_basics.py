# tuple: building, comparing, hashing, methods, immutability, named by subclass.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


t = 1, "a", None
print(t, (1,), (), ((),), (1, (2, (3,))), len(t), t[0], t[-1], t[1:], t[::-1], t + (5,), t * 2, 0 * t, "a" in t, t.index(None), t.count(1), tuple("abc"), tuple([1]), tuple(), tuple({1: 2}), tuple(range(3)))
print(t == (1, "a", None), (1, 2) < (1, 3), (1,) < (1, 0), () < (0,), (2,) > (1, 9), (1, 2) == [1, 2], hash((1, 2)) == hash((1, 2)), hash((1, 2)) == hash((2, 1)), hash(()) == hash(()), (1, 2.0) == (1.0, 2), hash((1,)) == hash((1.0,)), (1, 2) <= (1, 2), (3, "x") != (3, "y"))
err(lambda: t[3])
err(lambda: t["a"])
err(lambda: t + [1])
err(lambda: t * 1.5)
err(lambda: (1,) < ("a",))
err(lambda: hash(([],)))
err(lambda: t.index(99))
err(lambda: t.append(1))
err(tuple, 5)
err(tuple, 1, 2)
err(tuple, x=1)


def setit():
    t[0] = 1


def delit():
    del t[0]


err(setit)
err(delit)
x = ([], 1)
try:
    x[0] += ["added"]
except TypeError as e:
    print(e, x)
a, b = b, a = 1, 2
print(a, b)
a = b = c = (1,)
a += (2,)
print(a, b is c, b)
(p,) = (5,)
(q, (r, s)), u = (1, (2, 3)), 4
print(p, q, r, s, u)


class Point(tuple):
    __slots__ = ()

    def __new__(cls, x, y):
        return super().__new__(cls, (x, y))

    x = property(lambda s: s[0])
    y = property(lambda s: s[1])

    def __repr__(self):
        return f"Point(x={self.x}, y={self.y})"

    def __add__(self, o):
        return Point(self.x + o.x, self.y + o.y)


p = Point(1, 2)
print(p, p + Point(3, 4), p == (1, 2), hash(p) == hash((1, 2)), p[0], len(p), type(p[:]).__name__, {p: 1}[1, 2], [*p], isinstance(p, tuple), "%s-%s" % p)
err(lambda: setattr(p, "x", 5))
err(lambda: setattr(p, "z", 5))
err(Point, 1)


def many():
    return 1, 2, 3


one, *rest = many()
print(one, rest, many()[1], sum(many()), max(*many()), *many(), sep="|")
d = {(0, 0): "origin", (1, 0): "east"}
print(d[0, 0], d[(1, 0)], (0, 0) in d, (2, 2) in d)
rec = []
rt = (rec,)
rec.append(rt)
print(rt, rec)
print(sorted([(2, "b"), (1, "z"), (2, "a")]), min((1, 2), (1,)), (1, 2).__eq__([1, 2]), (1, 2).__lt__((1, 3)), (1, 2).__contains__(2), (1, 2).__getnewargs__())
it = iter((1, 2))
print(next(it), list(it), list(reversed((1, 2, 3))), tuple(i * i for i in range(4)), (*"ab", *(1, 2)), (1, 2,), ((1)), type((1)).__name__)
nan = float("nan")
print((nan,) == (nan,), (nan,) == (float("nan"),), (1, nan) < (1, nan), ((1, 2), [3]) == ((1, 2), [3]))
