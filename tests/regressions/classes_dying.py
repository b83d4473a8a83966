# Classes that die, and who remembers them: bases, caches, instances.
import gc
gc.disable()

class Base:
    pass

def f():
    class D(Base): pass
    class E(D): pass
for i in range(20):
    f()
print(len(Base.__subclasses__()))
gc.collect()
print(Base.__subclasses__())
Base.__len__ = lambda self: 5
print(len(Base()))
for i in range(20):
    f()
gc.collect()
class Top: pass
class New(Top): new = 1
class Base(Top): pass
for i in range(20):
    f()
gc.collect()
Base.__bases__ = (New,)
print(Base.new, Base.__subclasses__())

# Several bases, bases that were changed, and metaclasses.
class Other: pass
def g():
    class D(Base, Other): pass
    D.__bases__ = (Other,)
    D.__bases__ = (Other, Base)
    class Meta(type): pass
    class E(Other, metaclass=Meta): pass
for i in range(20):
    g()
gc.collect()
print(Base.__subclasses__(), Other.__subclasses__())
Other.__add__ = lambda self, other: 'added'
print(Other() + 1)

# In the order in which they came.
names = []
kept = [type('K%d' % i, (Other,), {}) for i in range(10)]
del kept[3], kept[5]
gc.collect()
print([c.__name__ for c in Other.__subclasses__()])
kept[0].__bases__ = (Base,)
kept[0].__bases__ = (Other,)
print([c.__name__ for c in Other.__subclasses__()])

# A finalizer looks at the subclasses while one of them dies.
class Seen:
    def __del__(self):
        names.append([c.__name__ for c in Other.__subclasses__()])
        for c in Other.__subclasses__():
            c.x = 1
def h():
    class Dying(Other): seen = Seen()
kept.clear()
h()
gc.collect()
print(names)

# A metaclass's finalizer brings its class back.
class Meta(type):
    def __del__(cls):
        kept.append(cls)
def k():
    class Back(Other, metaclass=Meta): value = 3
k()
gc.collect()
print([c.__name__ for c in kept], kept[0]().value)
kept.clear()
gc.collect()
print(Other.__subclasses__())

# Instances of a class that only they hold.
def lonely():
    class C(Base):
        def __init__(self): self.me = self
    return C()
x = lonely()
print(type(x).__name__, Base.__subclasses__() == [type(x)])
del x
gc.collect()
print(Base.__subclasses__())
