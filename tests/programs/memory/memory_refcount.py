# sys.getrefcount of objects held by globals, locals, arguments, containers, closures.
from sys import getrefcount


class Room:
    pass


g = Room()
print("global:", getrefcount(g))
h = g
print("two globals:", getrefcount(g))
lst = [g, g, g]
print("and a list three times:", getrefcount(g))
del lst[0]
print("less one:", getrefcount(g))
lst.clear()
del h
print("back:", getrefcount(g))


def local():
    x = Room()
    print("local:", getrefcount(x))
    y = x
    print("two locals:", getrefcount(x), getrefcount(y))
    del y
    print("one again:", getrefcount(x))
    t = (x, x)
    print("a tuple:", getrefcount(x), getrefcount(t))
    d = {"k": x, x: 1}
    print("a dict:", getrefcount(x), getrefcount(d))
    x.me = x
    print("itself:", getrefcount(x))
    del x.me
    for z in t:
        pass
    print("loop variable:", getrefcount(x))


local()


def argument(p):
    print("argument:", getrefcount(p))


argument(g)
argument(Room())
argument(p=g)
argument(*[g])
argument(*(g,))
argument(**{"p": g})
r = Room()
argument(r)


def through(p):
    argument(p)
    return getrefcount(p)


print("through two calls:", through(g))


def nested(x):
    def inner():
        return getrefcount(x)

    return inner(), getrefcount(x)


print("closure:", nested(g))


def star(*args, **kw):
    print("star:", [getrefcount(a) for a in args], [getrefcount(v) for v in kw.values()])


star(g, g)
star(a=g)
print("temporary:", getrefcount(Room()), getrefcount([]), getrefcount({}), getrefcount(object()), getrefcount("".join(["a", "b c"])))
print("number made at run time:", getrefcount(int("1000")), getrefcount(float("1.5")))
n = int("1000")
print("number in a global:", getrefcount(n))
m = n
print("number in two globals:", getrefcount(n), m is n)
box = [n, n]
print("and a list twice:", getrefcount(n))
del box, m
print("back:", getrefcount(n))


def number():
    v = int("5000")
    print("local number:", getrefcount(v))
    w = v
    print("two locals:", getrefcount(v), w is v)
    l = [v]
    print("list:", getrefcount(v), getrefcount(l[0]), l[0] is v)
    for e in l:
        print("loop:", getrefcount(e))
    q = v + 1
    print("sum:", getrefcount(q), getrefcount(v + 1), getrefcount(v))
    f = v * 0.5
    print("float:", getrefcount(f))
    return v


number()
print("returned:", getrefcount(number.__name__) > 1, getrefcount(n + 1))


class Holder:
    def __init__(self, v):
        self.v = v

    def own(self):
        return getrefcount(self)


o = Holder(g)
print("attribute:", getrefcount(g), getrefcount(o.v), getrefcount(o))
print("self in a method:", o.own(), Holder(1).own(), Holder.own(o))
bound = o.own
print("bound method:", bound(), getrefcount(o), getrefcount(bound))
del bound, o
print("after del:", getrefcount(g))
gen = (x for x in [g])
print("generator made:", getrefcount(g))
next(gen)
print("generator holds it:", getrefcount(g))
del gen
print("generator gone:", getrefcount(g))


def produce():
    x = Room()
    yield getrefcount(x)
    y = x
    yield getrefcount(x)


print("in a generator:", list(produce()))
print("comprehension:", [getrefcount(x) for x in [g]], [getrefcount(x) for x in (Room(),)])
try:
    raise ValueError("v")
except ValueError as e:
    print("exception:", getrefcount(e))
swap1, swap2 = g, Room()
swap1, swap2 = swap2, swap1
print("swapped:", getrefcount(swap1), getrefcount(swap2))
del swap1, swap2
print("immortal:", getrefcount(None) == getrefcount(True) == getrefcount(0) == getrefcount(256), getrefcount(None), getrefcount(""), getrefcount(()), getrefcount("a"), getrefcount(int), getrefcount("interned_name") > 1000, getrefcount(b""))
c = Room
print("class:", getrefcount(Room) > 1, isinstance(getrefcount(Room), int))
print("conditional:", getrefcount(g if g else None), getrefcount(g or None), getrefcount((g, 1)[0]), getrefcount([g][0]), getrefcount({1: g}[1]))
print("walrus:", getrefcount(zz := Room()), getrefcount(zz))
(lambda a, b=g: print("default:", getrefcount(a), getrefcount(b)))(g)
print("lambda:", (lambda a: getrefcount(a))(g), (lambda a: getrefcount(a))(Room()))


def several(a, b):
    return getrefcount(a), getrefcount(b)


print("twice the same:", several(g, g), several(Room(), Room()))
k = Room()


def global_read():
    return getrefcount(k)


def global_to_local():
    x = k
    return getrefcount(k), getrefcount(x)


print("read in a function:", global_read(), global_to_local())
with_stmt = type("CM", (), {"__enter__": lambda s: getrefcount(s), "__exit__": lambda s, *a: None})()
with with_stmt as v:
    print("with:", v, getrefcount(with_stmt))
