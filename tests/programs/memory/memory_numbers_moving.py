# The identity of a number as it moves: names, containers, calls, attributes.

a = 1000
b = a
print("name to name:", a is b, a is a, b is a)
l = [a]
print("list:", l[0] is a, l[0] is l[0], [a, a][0] is a, (l + l)[1] is a, l * 2 == [a, a], (l * 2)[1] is a, l[:][0] is a, list(l)[0] is a, l.copy()[0] is a)
for x in l:
    print("for:", x is a, x is l[0])
t = (a, a + 0)
print("tuple:", t[0] is a, t[1] is a, t[1] is t[1], t[0] is t[1], tuple([a])[0] is a)
d = {a: a, "k": a}
print("dict:", d[a] is a, d["k"] is a, d[1000] is a, next(iter(d)) is a, list(d.values())[1] is a, d.get("k") is a, d.setdefault("k", 5) is a, d.pop("k") is a, dict(d)[a] is a, [v is a for k, v in d.items()])
n = int("1000")
d[n] = 1
print("first key stays:", [k is a for k in d], [k is n for k in d])
s = {a}
s.add(int("1000"))
print("set:", len(s), next(iter(s)) is a, s.pop() is a)


class C:
    cls = a

    def __init__(self, v):
        self.v = v
        self.w = v


o = C(a)
print("attribute:", o.v is a, o.v is o.w, o.v is o.v, C.cls is a, o.cls is a, o.__dict__["v"] is a, getattr(o, "w") is a, vars(o)["v"] is o.v)
setattr(o, "z", a)
o.q = o.v
print("set:", o.z is a, o.q is a)
e = a + 1
o.e = e
f = o.e
print(f is e, o.e is e)


def ident(v):
    return v


def pair(v):
    return v, v


def gen(v):
    yield v
    yield v


def outer(v):
    def inner():
        return v

    return inner


def default(v=a):
    return v


print("calls:", ident(a) is a, pair(a)[0] is a, pair(a)[0] is pair(a)[1], [x is a for x in gen(a)], outer(a)() is a, default() is a, (lambda *z: z[0])(a) is a, (lambda **z: z["k"])(k=a) is a, ident(v=a) is a)
big = 10**20
print("no longer the same when computed:", big + 0 is big, big * 1 is big, big - 0 is big, -(-big) is big, big // 1 is big, big | 0 is big, big & big is big, big << 0 is big, int(str(big)) is big, big**1 is big)
print("the same when nothing is computed:", int(big) is big, +big is big, abs(big) is big, big.__int__() is big, big.__index__() is big, big.real is big, big.numerator is big, round(big) is big, big.conjugate() is big, big.__pos__() is big, max(big, 1) is big, min([big]) is big, sum([big]) is big, (big or 0) is big, (0 or big) is big, (1 and big) is big, (big if 1 else 0) is big)
a2 = 1000.5
print("float:", a2 + 0 is a2, a2 * 1 is a2, -(-a2) is a2, float(a2) is a2, +a2 is a2, abs(a2) is a2, a2.real is a2, a2.conjugate() is a2, [a2][0] is a2, ident(a2) is a2, {"x": a2}["x"] is a2, (a2 or 1) is a2, sum([a2]) is a2, max(a2, 0) is a2, sorted([a2, 1.0])[1] is a2)


def local():
    x = 2000
    x += 0
    y = x
    z = [x, y]
    w = z[0]
    r = x is y, z[0] is z[1], w is x, x is x
    x += 1
    return r + (x is y, y is w, y, x)


print("locals:", local())


def swap():
    p, q = int("3000"), int("3000")
    p0, q0 = p, q
    p, q = q, p
    return p is q0, q is p0, p is q


print("swap:", swap())


def unpack():
    v = int("4000")
    (x, y), *z = (v, v), v, v
    i, j = [v, v + 0]
    return x is v, y is v, z[0] is z[1], i is v, j is v, x is z[1]


print("unpack:", unpack())
print("walrus:", (w := a + 7) is w, [w][0] is w, (u := w) is w)
vals = [int("7000"), 7.25 * 1, 10**30]
copy = vals[:]
print("copies:", [p is q for p, q in zip(vals, copy)], [p is q for p, q in zip(vals, tuple(vals))], [p is q for p, q in zip(vals, reversed(vals[::-1]))], [p is q for p, q in zip(vals, map(ident, vals))], [p is q for p, q in zip(vals, [v for v in vals])], [v is vals[i] for i, v in enumerate(vals)])
print("sorted:", [any(v is w for w in vals) for v in sorted(vals)], [v is max(vals) for v in vals])
vals.append(vals[0])
print("append:", vals[-1] is vals[0], vals.pop() is vals[0], vals.index(vals[2]), vals.count(vals[0]))
nested = [[a] * 3] * 2
print("nested:", nested[0][2] is nested[1][0], nested[0][0] is a, len({id(x) for row in nested for x in row}))
g = outer(int("9000"))
print("closure:", g() is g(), g.__closure__[0].cell_contents is g())


def cell():
    n = 500
    n += 500

    def get():
        return n

    def bump():
        nonlocal n
        old = n
        n += 1
        return old

    first = get()
    old = bump()
    return first is old, get() is old, get() is get(), n is get()


print("cell:", cell())
globals()["made"] = a
print("globals:", made is a, globals()["a"] is a)


def loc():
    v = int("8000")
    return locals()["v"] is v, locals()["v"] is locals()["v"]


print("locals():", loc())
it = iter([a, a + 0])
print("iter:", next(it) is a, next(it) is a)
print("range:", [x is y for x, y in zip(range(300, 302), range(300, 302))], range(1000, 1001)[0] is range(1000, 1001)[0], range(a).stop is a, range(a)[-1] is range(a)[-1])
print("slice:", slice(a).stop is a, slice(a, None, a).start is a)


class Seen:
    def __radd__(self, o):
        return id(o)

    def __eq__(self, o):
        return id(o)

    def __contains__(self, o):
        return o is a

    def __getitem__(self, o):
        return id(o)

    def __rmul__(self, o):
        return o

    __hash__ = None


z = Seen()
print("seen by methods:", a + z == id(a), (a == z) == id(a), a in z, z[a] == id(a), a * z is a, a2 + z == id(a2), l[0] + z == id(a), o.v + z == id(a), d[a] + z == id(a))


def seen_local():
    n = int("6000")
    p = n
    return n + z == id(p), (n == z) == id(n), n * z is p, n * z is n


print("seen from a local:", seen_local())
try:
    raise ValueError(a)
except ValueError as ex:
    print("exception:", ex.args[0] is a)
def yf():
    got = yield a
    yield got
k = yf()
print("yield and send:", next(k) is a, k.send(n) is n)
def ret():
    try:
        return a
    finally:
        pass
print("return through finally:", ret() is a)
match a:
    case m:
        print("match:", m is a)
