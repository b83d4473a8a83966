"""Every kind of syntax as a tree, each node with its place."""
import _ast

SOURCE = r"""
f'a{{b'
f'a{{'
f'{{'
f'{{a}}b{x}'
f''
'' f''
'a' f'' 'b'
f'' f'{x}' f''
u'a' 'b'
u'a' f'{x}'
'b' u'a' f'{x}'
f'{x}' u'a'
f'{x}' 'b' u'a'
f'{x=}'
f'{x = }'
f'{ x = !r}'
f'{x=:>3}'
f'{x!r:^{w}.{p}}'
f'{x:{{}}}'
f'{x:a{y}b{z}c}'
f'{x:}'
f'{x!s:}'
f'{x=!s:}'
f'{x=:{w}}'
f'''a
{x}
b{y
}c
'''
f'''{
x
=
}'''
f'a\n{x}\N{BULLET}b'
rf'a\n{x}\{y}'
f'{f"{f'{1}'}"}'
f"{'a' 'b'}" "c" f'd{e}'
f'{x:%H:%M}'
f'{lambda_ if a else (lambda: 1)}'
f'{(lambda x: 1)}'
f'{ {1:2}[1] }'
f'{x,}'
f'{*a, b}'
f'{yield_}'
f'é{x}é{y=}'
('a'
 f'b{c}'
 'd')
f'{x}' '' f'{y}'
t''
t'a'
t'{x}'
t'{ x }'
t'{x = }'
t'{ x =!r:>3}'
t'{x !r}'
t'{x!r }' if 0 else 0
t'{x :>3}'
t'{x}{y}' t'a{z}b'
t'{x:{y}}'
t'a{{b}}{x}'
t'''{
x # comment
}'''
f'''{
x # comment
=}'''
t'{f"{x}"}'
t'{x:{y=}}'
f'{x:{y=}z}'
x = b'a' rb'\n' b'\x00'
'\ud800' '\udfff'
'\N{BULLET}\u00e9\x41\101'
1_000; 0xFF; 1e400; 1j; 0b1; 0o17; 1.5e-3; 10**100; 123456789012345678901234567890
(a, b) = 1, 2
(a), b = 1,
a, = (1)
a[1:2, ::3, ...]
a[1:2,]
a[b,]
a[*b]
a[*b, c]
a[:, 1]
a[()]
f(x for x in y)
f((x for x in y))
f(a, *b, c=1, **d)
f(a)(b)[c].d
class A(B, metaclass=C, *d, **e): pass
class A(): pass
@a
@b.c(d)
class A[T: int = 3, *U = *x, **P = [1]]: 'doc'
@a  # c

# d
async def f(a, /, b: int = 1, *c: *d, e, f=2, **g: h) -> i: 'doc'; return
def f(*, a): yield (yield)
def f(a=1, /, b=2): return (yield from x)
lambda: 1
lambda a, /, b=1, *c, d, e=2, **f: 0
lambda *, a: 0
if a: b
elif c: d
elif e:
    f
else: g
if a:
    pass
elif b: pass
for (a, b) in c, d: pass
else: pass
async def f():
    async for a in b: break
    async with a as b, c: pass
    [x async for x in y if z if w]
    await a ** b
    return
with (a as b, c as d,): pass
with (a, b): pass
with (a), b as c: pass
with (a) as b: pass
with a as (b, c), d as [e, f], g as h.i, j as k[l]: pass
try: pass
except A: pass
except (B, C) as d: pass
except: pass
else: pass
finally: pass
try: pass
except* A as b: pass
except* (C): pass
match a:
    case 1 | -1 | 1+2j | -1-2j | 'a' 'b' | b'c' | None | True: pass
    case [a, b, *_] | (a, b, *c): pass
    case a, *b: pass
    case a,: pass
    case (a): pass
    case (a,): pass
    case []: pass
    case (): pass
    case {}: pass
    case {1: a, 'b': c, **rest}: pass
    case {a.b: _, -1: x}: pass
    case A(): pass
    case A.b(c, d=e, f=1): pass
    case A(x as y) as z if w: pass
    case (1 | 2) as x: pass
    case _: pass
    case x: pass
    case *a, b: pass
match a, b:
    case _: pass
match (a):
    case _: pass
match *a, b:
    case _: pass
type X = int
type X[T, *U, **P] = a
import a.b.c as d, e
from . import a
from ... import a as b
from .... a import (b, c as d,)
from a import *
global a, b
nonlocal_ = 1
del a, (b, c), [d], e.f, g[h]
del (a)
del (a, b)
assert a, b
raise
raise a from b
a: int
a: int = 1
(a): int = 1
a.b: int
a[b]: int = yield_
(a.b): int
a = b = c
a += 1; a **= 2; a @= 3; a //= 4; a <<= 5
a = yield_
x = (yield_)
a if b else c
not a; -a; +a; ~a; - - a
a and b and c or d
(a and b) and c
a < b <= c != d is e is not f in g not in h
(a < b) < c
a + b * c - d / e // f % g @ h ** i ** j << k >> l & m | n ^ o
(a := b)
[a := 1, b]
f(a := 1)
x[a := 1]
{1, 2}; {1: 2, **a}; {}; {*a}; [*a, b]; (*a, b); *a, b
{a: b for a in b}; {a for a in b}; [a for a in b for c in d if e]; (a for a in b)
...; None; True; False; __debug__
await_ = 1
print(1, 2 , sep='',)
ﬁ = 1
def ﬁx(ﬁ): ﬁ.ﬁ = ﬁ
é = 'é'; ü = é
'a'.b
(1).b
((((a))))
(((a), (b)))
if (a): (b)
while a: continue
else: pass
pass; pass
x = '''a
b'''
x = (
  1,
  2
)
f(
  a,
  b
)
a \
  + b

"""


def dump(node):
    if isinstance(node, list):
        return "[" + ", ".join(map(dump, node)) + "]"
    if not isinstance(node, _ast.AST):
        return repr(node)
    place = ""
    if node._attributes:
        place = f"@{node.lineno}:{node.col_offset}-{node.end_lineno}:{node.end_col_offset}"
    fields = ", ".join(f"{name}={dump(getattr(node, name))}" for name in node._fields)
    return f"{type(node).__name__}{place}({fields})"


for stmt in compile(SOURCE, "source", "exec", _ast.PyCF_ONLY_AST).body:
    print(ascii(dump(stmt)))

print("-- other modes")
ONLY = _ast.PyCF_ONLY_AST
for mode, source in [
    ("eval", "a + 1 \n"),
    ("eval", "(a,\n b)"),
    ("single", "a; b"),
    ("single", "if a:\n  b\n"),
    ("func_type", "() -> int"),
    ("func_type", "(int, *str, **Any) -> List[int] # and so on\n"),
    ("func_type", "(a, b.c) -> None"),
    ("exec", ""),
    ("exec", "# nothing"),
    ("exec", b"# -*- coding: latin-1 -*-\nx = '\xe9'; y"),
    ("exec", b"\xef\xbb\xbfx"),
    ("exec", "x = 1\r\nif x:\r\n\ty = '''a\r\nb''' ; \r\n"),
    ("exec", "if a: b; c;"),
    ("exec", "try: a;\nexcept: b ;\nelse: c ; # no more"),
]:
    print(ascii(dump(compile(source, "source", mode, ONLY))))
for mode, source in [("func_type", "(int) -> "), ("func_type", "int -> int"), ("func_type", "(int,) -> str"),
                     ("func_type", "(*a, b) -> c"), ("eval", "a = 1"), ("single", "a\nb"), ("exec", "a b"), ("exec", "f(**a, *b)")]:
    try:
        compile(source, "source", mode, ONLY)
    except SyntaxError as error:
        print(mode, repr(source), error.args[0])
