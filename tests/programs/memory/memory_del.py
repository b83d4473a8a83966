# __del__ runs at the very line where the last reference goes.

class Room:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("  freed", self.n)


print("del of the last name")
a = Room(1)
del a
print("rebinding")
a = Room(2)
a = Room(3)
print("rebound")
a = None
print("two names")
a = b = Room(4)
del a
print("one left")
del b
print("temporary")
Room(5)
print("after the temporary")
Room(6).n
print("attribute of a temporary read")
x = [Room(7), Room(8), Room(9)]
print("list: pop, assignment, del")
x.pop(0)
x[0] = None
del x[1]
print("tuple and dict")
t = (Room(10), {"k": Room(11)})
del t
d = {1: Room(12), 2: Room(13)}
d[1] = 0
d.clear()
print("function")


def f(p):
    q = Room(15)
    print(" in f", p.n, q.n)
    return p.n


f(Room(14))
print("f has returned")


def g():
    r = Room(16)
    return r


k = g()
print("returned alive", k.n)
k = g()
print("the first is gone")
del k


def h(r):
    del r
    print(" in h, after del of the argument")


h(Room(17))
print("h with a name outside")
s = Room(18)
h(s)
del s
print("loop variable")
for i in range(3):
    v = Room(20 + i)
    print(" loop", i)
del v
for v in (Room(i) for i in (30, 31)):
    print(" body", v.n)
del v
print("list of rooms goes in order")
rooms = [Room(i) for i in range(40, 43)]
del rooms
print("attributes")
r = Room(50)
r.inner = Room(51)
r.inner.inner = Room(52)
del r
print("exception")


def boom():
    q = Room(60)
    raise ValueError("x")


try:
    boom()
except ValueError as e:
    print(" handler")
print("after the handler")
print("generator")


def gen():
    r = Room(70)
    try:
        yield 1
        yield 2
    finally:
        print(" finally of gen")


it = gen()
next(it)
del it
print("generator gone")
print("closure")


def make():
    r = Room(80)
    return lambda: r.n


fn = make()
print(fn())
del fn
print("comprehension")
print([Room(90 + i).n for i in range(2)])
print("with")


class CM:
    def __enter__(self):
        return Room(100)

    def __exit__(self, *a):
        print(" exit")


with CM() as c:
    print(" inside", c.n)
del c
print("expressions")
print(Room(110).n + Room(111).n)
print([Room(112), Room(113)][1].n)
print(Room(114) is Room(115))
print((Room(116), 1)[1])
print(Room(117) and 5)
print({"a": Room(118)}["a"].n)
print("call with temporaries")


def two(a, b):
    print(" in two")


two(Room(120), Room(121))
print("swap")
p, q = Room(130), Room(131)
p, q = q, p
p = None
print("p gone")
q = None
print("augmented")


class Add(Room):
    def __add__(self, o):
        return Add(self.n + o)


z = Add(140)
z += 1
print(z.n)
z = z + 1 + 1
print(z.n)
del z
print("class and instance dict")


class Tmp:
    keep = Room(150)


Tmp.keep = None
o = Room(151)
o.__dict__["x"] = Room(152)
o.__dict__.clear() if False else o.__dict__.pop("x")
o = None
print("exception inside __del__ does not spread")
print("chained comparison and short circuit")
print(Room(160).n < Room(161).n < 200)
y = Room(162) or Room(163)
del y
print("try/finally")


def tf():
    r = Room(170)
    try:
        return r.n
    finally:
        print(" finally")


tf()
print("deep chain")
chain = None
for i in range(5):
    new = Room(180 + i)
    new.next = chain
    chain = new
del new
chain = None
print("end; what is left goes at exit")
last = Room(999)
