# Annotations as texts: how every kind of expression is written.
from __future__ import annotations



class C:
    a1: f(x for x in y); a2: f((x for x in y), 1); a3: f(**a or b); a4: f(*a or b); a5: {**(a or b)}; a6: [*(a or b)]; a7: lambda: f(*(yield)); a8: lambda: (yield x); a9: lambda: (yield from x)
    b1: lambda: (x := 1); b2: lambda: [x := 1]; b3: lambda: f(x := 1); b4: lambda: x[(y := 1)]; b5: x[a:b, c]; b6: x[::]; b7: x[a:]; b8: x[::c]; b9: x[(a, b):c]
    c1: lambda: 1; c2: lambda x: 1; c3: lambda x, /, y: 1; c4: lambda *, a: 1; c5: lambda *a: 1; c6: lambda **k: 1; c7: lambda x=1, /, y=2, *a, z, w=3, **k: 1; c8: lambda x, /: 1; c9: lambda *, a=1, b: 1
    d1: (lambda: 1)(); d2: (lambda: 1) or 2; d3: 1 if (lambda: x) else 2; d4: [lambda: 1, lambda x: 2]; d5: (a if b else c) if d else e; d6: a if b else (c if d else e); d7: (a if b else c).x; d8: not (a if b else c); d9: (lambda: 1) if a else b
    e1: a + b * c; e2: (a + b) * c; e3: a - (b - c); e4: (a - b) - c; e5: a ** b ** c; e6: (a ** b) ** c; e7: -a ** b; e8: (-a) ** b; e9: a ** -b
    f1: not a == b; f2: (not a) == b; f3: a and b or c; f4: a and (b or c); f5: (a and b) and c; f6: a and (b and c); f7: not not a; f8: -(-a); f9: ~(-a)
    g1: a < b < c; g2: (a < b) < c; g3: a < (b < c); g4: a in b; g5: a is not b; g6: a not in b; g7: a | b & c ^ d; g8: (a | b) & c; g9: a << b >> c
    h5: a @ b // c % d / e
    i1: {a: b, **c}; i2: {a: b for c in d}; i3: {a for b in c if d if e}; i4: [a for b, c in d]; i6: (a for b in (c if d else e)); i7: [a for b in c if (d if e else f)]; i8: [a for b in (lambda: c)]; i9: [a for (b, *c) in d]
    j1: 'a'; j2: "it's"; j3: 'a"b'; j4: 'a\'b"c'; j5: 'a\nb\tc\x00\x7f\x80\xa0\xad\u1234\U0001f600'; j6: b'a\x00\'"'; j7: u'x'; j8: u'x' 'y'; j9: 'x' u'y'
    k1: 1e10; k2: 1e16; k3: 1e-5; k4: 0.0001; k5: 1.5; k6: 100.0; k7: 1e400; k8: 1j; k9: 1.5e300j
    l1: 0xff; l2: 0b11; l3: 1_000; l4: 10000000000000000000000000000000; l5: 1.0.x; l6: 1j.x; l7: True.x; l8: None.x; l9: (1).x
    m1: 0xfffffffffffffffffffffffffffffffffff; m2: 'a'.x; m3: ...; m4: (...).x; m5: 1e400j; m6: -1e400; m7: 1e22; m8: 123456789012345678.0; m9: 5e-324
    n1: f'a'; n2: f'{x}'; n3: f'{x!r}'; n4: f'{x:>5}'; n5: f'{x!r:>{y}}'; n6: f'{{}}'; n7: f'{x=}'; n8: f'{x = !s}'; n9: f'{x=:5}'
    o1: f'{a + b}'; o2: f'{(a, b)}'; o3: f'{a, b}'; o4: f'{ {1: 2} }'; o5: f'{lambda_}'; o6: f'{(lambda: 1)}'; o7: f'{a if b else c}'; o8: lambda: f'{(yield)}'; o9: lambda: f'{(x := 1)}'
    p1: f"it's {x}"; p2: f'"{x}"'; p3: f'\n{x}'; p4: f'a' 'b' f'{c}'; p5: 'a' f'{c}' "d"; p6: f'{x:{y}{z}}'; p7: f'{f"{x}"}'; p8: f'{"a"}'; p9: f'''{x}
    '''
    q1: t'{x}'; q2: t'a{x!r:>5}b'; q3: t'{ x }'; q4: t'{x=}'; q5: t'{{}}{x:{y}}'; q6: t''; q7: rt'\n{x}'; q8: t'{x + 1}'; q9: t'{(x)}'
    r1: (); r2: (a,); r4: [(a, b)]; r5: {(a,): b}; r6: x[()]; r7: x[a,]; r8: x[*a, b]; r9: x[(a, b), c]
    s1: f()(); s2: (a.b)(c)[d].e; s3: (a + b).c; s4: (a + b)[c]; s5: (a + b)(c); s6: (-a).b; s7: (not a).b; s8: (a, b).c; s9: [a].b
    t2: (*a, b); t3: f(a, *b, c=d, **e); t4: f(a, c=d, *b); t5: f(**a, b=c); t6: f(a=lambda: 1); t7: f(a if b else c); t8: f((a, b)); t9: {*a, *b}
    u1: rb'\x'; u2: r'\d'; u3: 'a' 'b'; u4: ''; u5: b''; u6: '\\'; u7: '\N{BULLET}'; u9: 'é'
    v1: x.__y; v2: __y; v3: (lambda __a: __a)
for k, v in C.__annotations__.items(): print(k, ascii(v))
def f(a: x | None, *b: *c, d: int=3) -> __q: pass
print(f.__annotations__)
print(f.__annotate__(1), f.__annotate__.__qualname__, C.__annotate__, '__annotate__' in globals())
try:
    f.__annotate__(3)
except NotImplementedError:
    print('NotImplementedError')

x: int = 1
if x:
    y: [1,2, 3]
else:
    z: never
print(__annotations__)
class D:
    def method(self, __a: __b) -> D: pass
    __c: __d
    print(__annotations__)
    __annotations__['more'] = 1
print(D.__annotations__, D.method.__annotations__, D.__annotate__)
def local():
    a: print('never')
    return a
try:
    local()
except UnboundLocalError as error:
    print(error)
def deep(n):
    return eval('lambda: 1')
text = 'def g(a: ' + '(' * 90 + 'x' + ')' * 90 + '): pass'
exec(text)
print(g.__annotations__)
text = 'def g(a: ' + '|'.join(['x'] * 3000) + '): pass'
exec(text)
print(len(g.__annotations__['a']))
text = "def g(a: " + "-" * 50 + "x): pass"
exec(text)
print(g.__annotations__)
