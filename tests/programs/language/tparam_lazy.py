# Bounds, defaults and values are computed when they are asked for: and may raise, recurse, and change what they are part of.
import _typing

def show(make):
    try:
        print(make())
    except Exception as error:
        print(type(error).__name__, error)


def note(value):
    print('  computed', value)
    return value


def f[T: note(int), U: (note(1), note(2)) = note(3), *Ts = note(4), **P = note(5)](): pass
T, U, Ts, P = f.__type_params__
print('nothing yet')
for _ in range(2):
    print(T.__bound__, U.__constraints__, U.__default__, Ts.__default__, P.__default__)
print(T.evaluate_bound(1), U.has_default())
type A[X: note(6)] = note(list[X])
print(A.__type_params__)
print(A.__value__, A.__value__, A.evaluate_value(2))

def g[T: later](x: T): return T
show(lambda: g(1).__bound__)
later = str
show(lambda: g(1).__bound__)
later = int
show(lambda: (g(1).__bound__, g(1).evaluate_bound(1)))
type B = missing
show(lambda: B.__value__)
missing = dict
show(lambda: B.__value__)

# Names of functions, classes and type parameters around it.
def outer(kind):
    type Inner[K] = dict[K, kind]
    def generic[V: kind](a: V, b: Inner[V]) -> V: return V
    return Inner, generic
inner, generic = outer(set)
print(inner.__value__, generic.__annotations__, generic.__type_params__[0].__bound__)
class C:
    own = bytes
    type Alias = own
    type Self = C
    type Both[T: own] = dict[T, own]
    def method[T: own](self, a: T, b: own) -> Alias: return T
    print(Alias.__value__)
    own = bytearray
print(C.Alias.__value__, C.Self.__value__, C.Both.__value__, C.Both.__type_params__[0].__bound__)
print(C.method.__annotations__, C().method(1, 2).__bound__, C.method.__qualname__)
class D:
    def f[__T: int](self, __x: __T): return __T
    type __Hidden[__U] = __U
    print(sorted(name for name in locals() if 'Hidden' in name), __Hidden, __Hidden.__value__)
print(D.f.__annotations__, D.f.__type_params__, D().f(1).__name__)
x = 'global'
class E:
    x = 'class'
    def f[T: x](a: T, b=x): return b
    def g[T](a: [x for _ in '1'], b: (lambda: x)): return x
    type X = (x, [x for _ in '1'])
print(E.f(1), E.f.__type_params__[0].__bound__, E.g.__annotations__['a'], E.g.__annotations__['b'](), E.g(1, 2), E.X.__value__)
E.x = 'changed'
print(E.X.__value__, E.f.__type_params__[0].evaluate_bound(1), E.X.evaluate_value(1))

# Aliases of themselves, and values that never end.
type R = list[R]
print(R.__value__, R.__value__.__args__[0] is R)
type S = S.__value__
try:
    S.__value__
except RecursionError:
    print('RecursionError')
def h[T: T.__bound__](): pass
try:
    h.__type_params__[0].__bound__
except RecursionError:
    print('RecursionError')

# A bound that is asked for while it is computed.
class Counter: times = 0
def nested():
    Counter.times += 1
    if Counter.times < 4:
        k.__type_params__[0].__bound__
    return Counter.times
def k[T: nested()](): pass
print(k.__type_params__[0].__bound__, Counter.times)
def forgets():
    del globals()['m']
    return 'forgotten'
def m[T: forgets()](): pass
print(m.__type_params__[0].__bound__)

# Defaults of a generic function, and what decorates it.
def deco(function):
    print('  decorates', function.__name__, function.__type_params__)
    return function
@deco
@deco
def n[T](a=note('default'), /, b=2, *, c=note('keyword'), **d): return a, b, c, d, T
print(n(), n.__defaults__, n.__kwdefaults__, n.__code__.co_freevars)
@deco
async def o[T](): return T
@deco
def p[T](): yield T
print(next(p()), o.__type_params__)
try:
    o().send(None)
except StopIteration as stop:
    print(stop.value)
l = [lambda: T for T in (1,)]
def q[T](): return [T for _ in '1'], (lambda: T)(), [(lambda: T)() for _ in '1']
print(q())
def r[T]():
    def inner[U: T](): return T, U, U.__bound__
    return inner()
print(r())
def s[T]():
    T = 5
    return T
print(s(), s.__type_params__)

# Cycles through every slot.
class Node: pass
def cycle():
    def t[T: Node, U = Node](): pass
    T, U = t.__type_params__
    T.own, Node.seen = T, (T, U, T.evaluate_bound)
    type Alias[V] = (Node, Alias, T)
    Alias.__value__, T.__bound__, U.__default__
    variable = _typing.TypeVar('variable', default=Alias)
    variable.back = [variable, variable.evaluate_default]
    return None
cycle()
del Node.seen
__import__('gc').collect()
many = eval('lambda: 0')
exec('def wide[' + ', '.join(f'T{i}' for i in range(300)) + '](): return T299\nprint(wide(), len(wide.__type_params__))')
exec('class W:\n def wide[' + ', '.join(f'__T{i}: int = str' for i in range(50)) + '](self): return __T49\nprint(W().wide(), W.wide.__type_params__[3].__default__)')

# The function that computes a bound is a function: it may be changed, and is called without a format.
def u[T: int](): pass
bound = u.__type_params__[0].evaluate_bound
show(lambda: bound(1, 2))
bound.__defaults__ = None
show(lambda: bound())
show(lambda: u.__type_params__[0].__bound__)
type V = 1 / 0
V.evaluate_value.__code__ = (lambda *given: given).__code__
show(lambda: V.__value__)
V.evaluate_value.__defaults__ = None
print(V.__value__)
