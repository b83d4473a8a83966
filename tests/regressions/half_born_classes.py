# Classes that somebody looks for while they are being made.
import gc

class Top: pass
class Base(Top): pass

def names():
    print(Base.__subclasses__())
    for x in gc.get_objects():
        if type(x) is type and x.__name__ == 'C':
            print('seen too early')
    yield 'a'
class C(Base):
    __slots__ = names()
c = C()
c.a = 1
print(c.a)

# A metaclass is asked for the MRO of a class that has none yet.
class Meta(type):
    def mro(cls):
        if cls.__mro__ is None and cls.__name__ == 'H':
            log.append((cls.__name__, cls.__mro__, cls.__base__.__name__, Base.__subclasses__().count(cls)))
            for attempt in (lambda: object.__new__(cls), lambda: type('D', (cls,), {}), lambda: setattr(cls, 'x', 1), lambda: cls.x,
                            lambda: repr(cls), lambda: cls.__subclasses__(), lambda: isinstance(1, cls), lambda: issubclass(cls, int),
                            lambda: dir(cls), lambda: setattr(cls, '__len__', len), lambda: hasattr(cls, 'missing')):
                try:
                    made.append(attempt())
                except TypeError as e:
                    log.append(str(e))
                except AttributeError:
                    pass
            made.clear()
        return super().mro()
log, made = [], []
class H(Base, metaclass=Meta):
    __slots__ = 'a', 'b'
    missing = 1
print(log[0], [text for text in log[1:] if 'incomplete' in text])
print(H.missing, H.__mro__)
h = H()
h.a = 2
print(h.a)

# `__set_name__` and `__init_subclass__` see it whole.
class Named:
    def __set_name__(self, owner, name):
        x = owner()
        x.slot = name
        print(x.slot, Base.__subclasses__()[-1] is owner, owner.__mro__[0] is owner)
class Parent(Base):
    def __init_subclass__(cls):
        print(cls().method(), len(cls()))
class N(Parent):
    __slots__ = 'slot',
    named = Named()
    def method(self): return 'method'
    def __len__(self): return 3

# Bases that change meanwhile.
def changing():
    Base.__bases__ = (type('Root', (Top,), {'root': 1}),)
    yield 'a'
class Ch(Base): __slots__ = changing()
print(Ch.root, Ch.__mro__[-3].__name__)
def making():
    type('Inner', (Base,), {})
    gc.collect()
    yield 'a'
class Mk(Base): __slots__ = making()
print([c.__name__ for c in Base.__subclasses__()].count('Mk'))

# A metaclass that changes bases while it is asked because bases change.
class Swap(type):
    busy = False
    def mro(cls):
        if cls.__name__ == 'S' and Swap.busy:
            Swap.busy = False
            cls.__bases__ = (S2,)
        return type.mro(cls)
class S1(metaclass=Swap): pass
class S2(metaclass=Swap): pass
class S3(metaclass=Swap): pass
class S(S1): pass
Swap.busy = True
S.__bases__ = (S3,)
print(S.__bases__ in ((S2,), (S3,)), S2.__subclasses__() + S3.__subclasses__() == [S], S1.__subclasses__() in ([], [S]))
