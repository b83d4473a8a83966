"""Weak references whose callbacks and finalizers do what they should not."""
import gc
import sys
import _weakref as w


class A:
    pass


# A callback that makes, kills and calls other references to the same object.
a = A()
refs = []


def mischief(reference):
    print("called", reference(), len(refs))
    refs.clear()
    try:
        w.ref(reference)
    except TypeError as e:
        print(e)


for i in range(20):
    refs.append(w.ref(a, mischief))
del a
print(len(refs))

# References that die before their object, in any order.
a = A()
many = [w.ref(a, print) for i in range(200)]
for i in range(0, 200, 3):
    many[i] = None
print(w.getweakrefcount(a), [many.index(r) for r in w.getweakrefs(a)][:8])
del many[::2]
print(w.getweakrefcount(a))
many = None
print(w.getweakrefcount(a), a.__weakref__)

# The callback keeps the reference, which keeps the callback.
class Holder:
    def __init__(self, target):
        self.ref = w.ref(target, self.gone)

    def gone(self, reference):
        print("gone", reference is self.ref)


h = Holder(a)
del a
del h
print(gc.collect() >= 0)

# A collection in a callback, and one that finds more weak references.
class Node:
    pass


def collects(reference):
    gc.collect()
    print("collected", reference())


def cycle(callback):
    x, y = Node(), Node()
    x.other, y.other = y, x
    x.inside = w.ref(y, lambda r: print("never"))
    return w.ref(x, callback), w.ref(y)


keep = [cycle(collects) for i in range(3)]
gc.collect()
print([r() for pair in keep for r in pair])

# A finalizer asks a weak reference to itself, and brings the object back.
class Back:
    def __del__(self):
        print("alive", self.ref() is self)
        saved.append(self)


saved = []
b = Back()
b.ref = w.ref(b)
del b
print(saved[0].ref() is saved[0], w.getweakrefcount(saved[0]))
saved.clear()

# References to classes, functions, generators, sets, modules; a set of references.
class Temporary:
    def method(self):
        yield


made = {w.ref(Temporary): "class", w.ref(Temporary.method): "function"}
g = Temporary().method()
made[w.ref(g)] = "generator"
s = {1}
try:
    made[w.ref(s)] = "set"
except TypeError as e:
    print(e)
print(sorted(made.values()))
r, q = w.ref(Temporary), w.ref(g)
del g
print(q())
made.clear()
del Temporary
gc.collect()
print(r())

# Equality and hash of the dead, and of what changes.
class Odd:
    def __eq__(self, other):
        return NotImplemented

    def __hash__(self):
        return 5


x, y = Odd(), Odd()
rx, ry = w.ref(x), w.ref(y)
print(rx == ry, rx != ry, hash(rx), {rx: 1}[w.ref(x)])
del x
print(rx == ry, rx == rx, rx != rx, hash(rx))

# A callback that raises; a proxy as a callback's argument.
sys.unraisablehook = lambda args: print(args.exc_type.__name__, args.err_msg.split(" at 0x")[0], args.object)


def fails(reference):
    raise KeyError(type(reference).__name__)


a = A()
r, p = w.ref(a, fails), w.proxy(a, fails)
del a
print(r(), r.__callback__)

# Subclasses with state of their own.
class Keyed(w.ref):
    __slots__ = ("key",)

    def __new__(cls, target, callback, key):
        return super().__new__(cls, target, callback)

    def __init__(self, target, callback, key):
        super().__init__(target, callback)
        self.key = key


a = A()
d = {k: Keyed(a, lambda r: d.pop(r.key), k) for k in "abc"}
print(sorted(d), w.getweakrefcount(a))
del a
print(d)


# A chain of objects that die in each other's callbacks.
class Chain:
    pass


def chain(n):
    x = Chain()
    if n:
        inner = chain(n - 1)
        x.ref = w.ref(inner[0], lambda r: None)
        return [x, inner]
    return [x]


c = chain(50)
r = w.ref(c[0], lambda r: c.clear())
c[0] = None
print(c)
