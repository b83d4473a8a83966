"""Names with lone surrogates: who has them, who refuses them, and what messages show."""
import sys
import traceback
import types
def t(f):
    try: print(ascii(f()).split(' at 0x')[0])
    except BaseException as e: print(type(e).__name__, ascii(str(e)))
S = 'a\ud800b'
class A: pass
def f(): pass
def setn(o, n, v=S):
    setattr(o, n, v)
    return getattr(o, n)
t(lambda: setn(A, '__name__'))
t(lambda: setn(A, '__qualname__'))
t(lambda: setn(A, '__module__'))
t(lambda: repr(A))
t(lambda: A.nope)
t(lambda: A().nope)
t(lambda: A() + 1)
t(lambda: A(3))
t(lambda: type(S, (), {}))
t(lambda: type(S, (), {}).__name__)
t(lambda: type(S, (), {}).__qualname__)
t(lambda: type('x', (), {'__qualname__': S}).__qualname__)
t(lambda: type('x', (), {'__module__': S}))
t(lambda: type('x', (), {S: 1}).__dict__[S])
t(lambda: type('x', (), {'__slots__': [S]}))
t(lambda: type('x\0', (), {}))
t(lambda: setn(A, '__name__', 'a\0'))
t(lambda: setn(f, '__name__'))
t(lambda: setn(f, '__qualname__'))
t(lambda: setn(f, '__module__'))
t(lambda: f(1))
t(lambda: types.FunctionType(f.__code__, {}, S).__name__)
t(lambda: types.FunctionType(f.__code__, {}, S).__qualname__)
t(lambda: f.__code__.replace(co_name=S).co_name)
t(lambda: f.__code__.replace(co_qualname=S).co_qualname)
t(lambda: f.__code__.replace(co_filename=S).co_filename)
t(lambda: f.__code__.replace(co_names=(S,)).co_names)
def g(x): y = x; return x
t(lambda: g.__code__.replace(co_varnames=(S, 'y')).co_varnames)
t(lambda: types.FunctionType(g.__code__.replace(co_varnames=(S, 'y')), {})(**{S: 3}))
t(lambda: types.FunctionType(g.__code__.replace(co_varnames=(S, 'y')), {})())
t(lambda: types.ModuleType(S).__name__)
t(lambda: repr(types.ModuleType(S)))
t(lambda: types.ModuleType(S).x)
t(lambda: types.ModuleType('x').__getattribute__(S))
t(lambda: getattr(3, S))
t(lambda: getattr(A, S))
t(lambda: getattr(A(), S))
t(lambda: setattr(3, S, 1))
t(lambda: delattr(A(), S))
t(lambda: delattr(A, S))
t(lambda: eval('x', {}))
def k(**kw): return kw
t(lambda: k(**{S: 1}))
t(lambda: f(**{S: 1}))
t(lambda: int(**{S: 1}))
t(lambda: print(**{S: 1}))
t(lambda: sorted([], **{S: 1}))
t(lambda: dict(**{S: 1}))
t(lambda: ''.join([], **{S: 1}))
def gen(): yield
x = gen()
t(lambda: setn(x, '__name__'))
t(lambda: setn(x, '__qualname__'))
async def co(): pass
c = co()
t(lambda: setn(c, '__name__')); t(lambda: setn(c, '__qualname__')); c.close()
t(lambda: types.SimpleNamespace(**{S: 1}))
t(lambda: types.GenericAlias(A, (int,)))
t(lambda: A | int)
import typing
t(lambda: typing.TypeVar(S).__name__)
t(lambda: repr(typing.TypeVar(S)))
t(lambda: typing.ParamSpec(S).__name__)
t(lambda: typing.TypeVarTuple(S).__name__)
t(lambda: typing.TypeAliasType(S, int).__name__)
t(lambda: repr(typing.TypeAliasType(S, int)))
t(lambda: property(f).__name__)
class D:
    def __set_name__(self, o, n): print(ascii(n)); 1/0
t(lambda: type('x', (), {S: D()}))
t(lambda: type(S, (), {'x': D()}))
class E(Exception): pass
t(lambda: setn(E, '__name__')); E.__qualname__ = S
t(lambda: repr(E(1)))
def raises(): raise E('x')
try: raises()
except E as e: t(lambda: traceback.format_exception_only(e))
E.__module__ = S
try: raises()
except E as e: t(lambda: traceback.format_exception_only(e))
t(lambda: compile('x', S, 'exec').co_filename)
t(lambda: sys.intern(S))
t(lambda: super(A, A()).nope)
t(lambda: isinstance(A(), 3))
t(lambda: object.__new__(int, A))
t(lambda: A.__mro__)
A.m = lambda self: 1
A.m.__qualname__ = S
t(lambda: repr(A().m)[:22])
t(lambda: A().m(1))
t(lambda: type.__call__(A, 1))
t(lambda: len(A()))
t(lambda: iter(A()))
t(lambda: hash(type(S, (), {'__hash__': None})()))
t(lambda: A() < A())
t(lambda: int(A()))
t(lambda: [][A()])
t(lambda: A()())
t(lambda: {**A()})
t(lambda: print(1, end=A()))
t(lambda: 'x'.join([A()]))
t(lambda: '%d' % A())
t(lambda: format(A(), 'x'))
import enum, collections
t(lambda: enum.Enum('X', [S]))
t(lambda: collections.namedtuple('X', [S]))
t(lambda: collections.namedtuple(S, ['x']))
t(lambda: type(sys)('m').__dict__.update({S: 1}))
t(lambda: type('Y', (), {'__doc__': S}).__doc__)
t(lambda: type('Y', (), {'__doc__': 'a', 'x': 1, '__annotations__': {S: 1}}).__annotations__)
class P:
    __slots__ = ('a',)
t(lambda: setn(P, '__name__')); P.__qualname__ = S
t(lambda: P.a)
t(lambda: P.a.__get__(3))
t(lambda: int.__add__(A(), 1))
t(lambda: int.from_bytes.__get__(3))
t(lambda: str.__dict__['upper'].__get__(A()))
t(lambda: str.upper(A()))
t(lambda: dict.fromkeys.__call__())
t(lambda: object.__setattr__(A, 'x', 1))
t(lambda: A.__class_getitem__)
t(lambda: A[int])
t(lambda: setattr(A, '__class__', int))
t(lambda: setattr(A(), '__class__', P))
t(lambda: setattr(A, '__bases__', (P,)))
t(lambda: type('Z', (A, int), {}))
t(lambda: type('Z', (P, A, object, A), {}))
class F:
    __match_args__ = ('x', 'x')
t(lambda: setn(F, '__name__')); F.__qualname__ = S
def m(v):
    match v:
        case F(1, 2, 3): pass
t(lambda: m(F()))
def m2(v):
    match v:
        case F(1, x=3): pass
f0 = F(); f0.x = 1
t(lambda: m2(f0))
def w(v):
    with v: pass
t(lambda: w(A()))
async def aw(v): await v
t(lambda: aw(A()).send(None))
def un(v): a, b = v
t(lambda: un(A()))
t(lambda: next(A()))
def r(v): raise v
t(lambda: r(A()))
t(lambda: type('T', (), {'__name__': S}).__name__)
t(lambda: f.__get__(1).__name__)
import inspect
t(lambda: inspect.signature(types.FunctionType(g.__code__.replace(co_varnames=(S, 'y')), {})))
t(lambda: [].__class__.__name__)
t(lambda: eval("a", {'__builtins__': {}}, {}))
t(lambda: exec("def \ud800(): pass"))
t(lambda: sys._getframe().f_code.co_name)
