# Generic classes: what the statement makes of its parameters, with a typing that only does what it must.
import sys, _typing

class Typing:
    class Unpack:
        def __class_getitem__(cls, item): return ('unpacked', item)
    class _GenericAlias:
        def __init__(self, origin, args): self.origin, self.args = origin, args
        def __mro_entries__(self, bases):
            print('  bases', [getattr(base, '__name__', 'alias') for base in bases])
            return (self.origin,)
        def __repr__(self): return f'{self.origin.__name__}{list(self.args)}'
    @staticmethod
    def _generic_init_subclass(cls, *args, **names): print('  subclass', cls.__name__, args, names)
    @staticmethod
    def _generic_class_getitem(cls, *args, **names): return (cls.__name__, args, names)
sys.modules['typing'] = Typing

def show(make):
    try:
        print(make())
    except Exception as error:
        print(type(error).__name__, error)


class Plain[T]: pass
print(Plain, Plain.__bases__, Plain.__mro__, Plain.__orig_bases__, Plain.__type_params__, Plain[int], Plain().__class__)
class Many[T: int, *Ts, **P, D = str](dict, key=1):
    a: T
    b: D
    own = T
    print(__type_params__, __qualname__)
    def method(self, a: T, b: list[D]) -> D: return T, D, __class__, super().__len__()
    def generic[U](self, a: U, b: T) -> 'U': return T, U
    class Inner[V]:
        c: T
        d: V
        def reaches(self): return T, V, __class__
    type Alias[W] = dict[T, W]
    comp = [T for _ in '12']
    made = (lambda: T)()
m = Many(x=1)
print(m, Many.__annotations__, Many.method.__annotations__, m.method(1, 2))
print(m.generic(1, 2), Many.generic.__annotations__, Many.generic.__qualname__, Many.generic.__type_params__)
print(Many.Inner.__annotations__, Many.Inner().reaches(), Many.Inner.__qualname__)
print(Many.Alias.__value__, Many.comp, Many.made, Many.own, Many.__orig_bases__)
T = 'global'
class Outer[T]:
    x = T
    T = 'class'
    y = T
    def f(self): return T
    z: T
print(Outer.x, Outer.y, Outer().f(), Outer.__annotations__)
def function():
    T = 'local'
    class Here[T](list): x = T
    return Here, T
print(function())
def deco(cls):
    print('  decorates', cls.__name__)
    return cls
@deco
@deco
class Decorated[T]: "doc"
print(Decorated.__doc__, Decorated.__module__)
class Meta(type):
    def __new__(meta, name, bases, namespace, **names):
        print('  meta', name, [b.__name__ for b in bases], sorted(namespace), names)
        return super().__new__(meta, name, bases, namespace)
    def __init__(cls, *args, **names): pass
class WithMeta[T](metaclass=Meta, other=T): pass
class Private[__T]:
    def f(self, a: __T): return __T
    __hidden: __T
print(Private.__type_params__, Private().f(1), Private.f.__annotations__, Private.__annotations__)
Plain.__type_params__ = (1, 2)
print(Plain.__type_params__)
Plain.__type_params__ = 5
print(Plain.__type_params__)
show(lambda: delattr(Plain, '__type_params__'))
print(Plain.__type_params__)
show(lambda: delattr(Plain, '__type_params__'))
class Sub(Plain): pass
print(Sub.__type_params__, Sub.__mro__)
show(lambda: type('Twice', (_typing.Generic, _typing.Generic), {}))
print(type('Made', (_typing.Generic, dict), {})(a=1))
show(lambda: _typing.Generic.__class_getitem__(1, 2, a=3))
show(lambda: _typing.Generic.__init_subclass__(1, a=3))
show(lambda: _typing.Generic(1))
show(lambda: _typing.Generic().x)
show(lambda: setattr(_typing.Generic(), 'x', 1))
class Fails[T: 1 / 0]: pass
show(lambda: Fails.__type_params__[0].__bound__)
def failing():
    class Fails[T](1 / 0): pass
show(failing)
def failing():
    class Fails[T]: 1 / 0
show(failing)
Typing._GenericAlias = None
def failing():
    class Fails[T]: pass
show(failing)
del sys.modules['typing']
