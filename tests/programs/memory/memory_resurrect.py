# Resurrection, __del__ called once, errors and order in cycles.
import gc

gc.disable()
gc.collect()
saved = []


class Phoenix:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)
        saved.append(self)


p = Phoenix(1)
p.data = [1, 2, 3]
del p
print(len(saved), saved[0].n, saved[0].data)
saved.clear()
print("cleared: __del__ does not run twice", len(saved))


class Node:
    def __init__(self, name):
        self.name = name
        self.other = None

    def __del__(self):
        print("node", self.name)


a, b = Node("a"), Node("b")
a.other, b.other = b, a
del a
print("one name left")
del b
print("cycle unreachable, not yet freed")
print("collected", gc.collect())
print("again", gc.collect())

s = Node("self")
s.other = s
del s
print("collected", gc.collect())
x = Phoenix(2)
x.me = x
del x
print("collecting a cycle that saves itself", gc.collect())
print(len(saved), saved[0].me is saved[0])
saved.clear()
print("second time, silent", gc.collect(), len(saved))


class Simple:
    pass


def cycle(n):
    first = prev = Simple()
    for _ in range(n - 1):
        new = Simple()
        new.prev = prev
        prev = new
    first.prev = prev


for n in (1, 2, 10, 100):
    cycle(n)
    print(n, "objects in a ring:", gc.collect())
l = []
l.append(l)
del l
print("list in itself:", gc.collect())
d = {}
d["d"] = d
del d
print("dict in itself:", gc.collect())
l = [1, 2]
t = (l, 3)
l.append(t)
del l, t
print("list and tuple:", gc.collect())


def closure():
    def inner():
        return inner

    return 1


closure()
print("closure of itself:", gc.collect())


def make_class():
    class Local:
        def m(self):
            return Local

    return 1


class Holder:
    def __init__(self):
        self.method = self.run

    def run(self):
        pass


Holder()
print("bound method kept on itself:", gc.collect())


def g():
    me = yield
    yield me


it = g()
next(it)
it.send(it)
del it
print("generator holding itself:", gc.collect())
try:
    raise ValueError
except ValueError as e:
    keep = e


def exc_cycle():
    try:
        1 / 0
    except ZeroDivisionError as e:
        err = e


exc_cycle()
print("exception, traceback, frame:", gc.collect() > 0)
alive = Simple()
alive.ring = [alive]
print("reachable cycles stay:", gc.collect(), alive.ring[0] is alive)


class Late:
    def __init__(self, peer=None):
        self.peer = peer

    def __del__(self):
        print("late sees peer:", type(self.peer).__name__)


u = Late()
v = Late(u)
u.peer = v


class Fresh:
    pass


w = Fresh()
w.u = u
u.w = w
del u, v, w
print("finalizers run before anything is cleared", gc.collect())
