# What may not stand in annotations and among type parameters, and where it is said to be.
import __future__

def show(text, flags=0):
    try:
        compile(text, 'f', 'exec', flags, True)
        print('fine', repr(text))
    except SyntaxError as e:
        print(repr(text), '|', e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)


INNER = ['(yield)', '(yield 1)', '(yield from x)', '(await x)', '(y := 1)', '[(yield) for z in w]', '[y := 1 for z in w]', '(lambda: (yield))',
         '(lambda y: y)', '[y for y in z]', '(z := 1, 2)']
PLACES = ['x: {}', 'x: {} = 1', 'x.y: {}', 'x[0]: {}', '(x): {}', 'class C:\n x: {}', 'def f():\n x: {}', 'def f():\n x.y: {}', 'async def f():\n x: {}',
          'def f(a: {}): pass', 'def f(*a: {}): pass', 'def f(**a: {}): pass', 'def f(a, /, *, b: {} = 1): pass', 'def f() -> {}: pass',
          'async def f(a: {}): pass', 'def f[T: {}](): pass', 'def f[T: ({}, int)](): pass', 'def f[T = {}](): pass', 'def f[*T = {}](): pass',
          'def f[**T = {}](): pass', 'def f[T](a: {}): pass', 'def f[T]() -> {}: pass', 'class C[T: {}]: pass', 'class C[T]({}): pass',
          'class C[T](a={}): pass', 'type X = {}', 'type X[T] = {}', 'type X[T: {}] = T', 'class C:\n type X = {}', 'class C:\n def f(a: {}): pass']
for place in PLACES:
    for inner in INNER:
        show(place.format(inner))
        if place[0] in 'xd' and '[T' not in place:
            show(place.format(inner), __future__.annotations.compiler_flag)

for text in '''def f[T, T](): pass
def f[T, *T](): pass
class C[T, **T]: pass
type X[T, T] = 1
def f[T](T): pass
def f[T](): nonlocal T
def f[T]():| nonlocal T| T = 1
def f[T]():| global T| T = 1
def f[T]():| def g(): nonlocal T
class C[T]: nonlocal T
class C[T]:| def f(self): nonlocal T
def f[T = int, U](): pass
def f[T = int, *Ts](): pass
def f[*Ts = int, **P](): pass
class C[T = int, U]: pass
type X[T = int, U] = 1
def f[*Ts: int](): pass
def f[**P: int](): pass
def f[*Ts: (int, str)](): pass
class C[**P: (int, str)]: pass
type X[*Ts: int] = 1
def f[](): pass
class C[]: pass
def f[T:](): pass
def f[T=](): pass
def f[*](): pass
def f[1](): pass
def f[T: *int](): pass
def f[T = *int](): pass
def f[*Ts = *int](): pass
def f[**P = *int](): pass
type X = a, b
type X: int = 5
type x.y = int
type x[0] = int
type X += 5
type X =
type X[T] = T = 5
global x; x: int
def f():| global x| x: int
def f():| x: int| global x
def f():| x = 1| def g():|  nonlocal x|  x: int
def f():| x = 1| def g():|  x: int|  nonlocal x
(x, y): int
[x]: int
x, y: int
f(): int
5: int
x + 1: int
x: int: str
x: int = y = 1
x: int += 1
(x: int) = 1
x: *y
x: y, z
def f(a: *b): pass
def f(*a: *b): pass
def f(**a: *b): pass
def f(a, *, c: *d): pass
x: int = *y
x: int = *y,
__debug__: int
def f(__debug__: int): pass
None: int
x.__debug__: int
for x: int in y: pass'''.split('\n'):
    show(text.replace('|', '\n'))
