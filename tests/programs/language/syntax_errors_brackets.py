# What CPython says of wrong texts, and of which place: calls, displays and comprehensions.
import warnings

warnings.simplefilter("ignore")

TEXTS = [
    'foo(1 2)', 'foo(a b)', '[1 2]', '{1: 2 3: 4}', '{1 2}', '(1 2)', 'print(1', 'f() = 1', '(x, 1) = y',
    '[x, f()] = y', '{x} = 1', 'x.y() += 1', '(x, y) += 1', '(x, y): int', '[x]: int', 'f(): int', 'f(a=1, b)',
    'f(**a, b)', 'f(**a, *b)', 'f(a=)', 'f(a.b=1)', 'f(1=2)', 'f(True=1)', 'f(a for a in b, c)', 'f(a, b for b in c)',
    'f(a=b for b in c)', 'f(*)', 'f(**)', 'f(*a=1)', 'f(**a=1)', 'f(a, , b)', 'f(,)', '[*a for a in b]',
    '{**a for a in b}', '[x for x if y]', '[x for 1 in y]', '[x, y for x in z]', '[for x in y]', '[x for x]',
    '{x: for x in y}', '{1:}', '{1:2, 3}', '{1:2, 3:}', '{1:*a}', '(yield) = 1', '(x := 1) = 2', '(x.y := 1)',
    '(x[1] := 2)', 'f(x := 1, y = 2, z := 3)', 'f("a" b "c")', 'f("a" 1)', 'f(x y=1)', 'f(a, b=c d)', '(*a, 1) = 2',
    '[x for x in y] = 1', '(x for x in y) = 1', 'x() = y() = 1', '[**x]', '{**x if y else z}', 'f(*x if y else z)',
    '[*x if y else z]', '{*x:1}', '{**x:1}', '{1:**x}', '{1:*x}', '{1:2,3:*x}', '(**x)', '(*x)', '[**x for x in y]',
    '(**x for x in y)', '[*x for x in y]', '(*x for x in y)', '{**x for x in y}', 'f(**x for x in y)',
    'f(*x for x in y)', 'foo(a, b c, d)', 'foo(\na b\n c)', '(print x)', '[a b]', 'f(a+1=2)', 'f(**a=2)', 'f(*a=2)',
    'f(a=1,*b)', '(a, b): int', '[a]: int', '(a): int = 1', 'f(x)[1] = f() = 3', '[x for f() in y]', '[x for y]',
    '[x for y, z if 1]', '{1:2 3:4}', '(pass if 1 else 2)', "f('a' b 'c')", "f('a' 1)", '(x lambda: 1)',
    "('x' lambda: 1)", "('x' lambda a: 1, 'y')", "{1:2, '%' lambda a, b: a}", "{1:2, 'x' lambda: 1}",
    '{1:2, x lambda: 1}', '{1:2, x lambda a,b: 1}', "{1:2, 'x' lambda a,b: 1, 'd':3}",
    "{1:2, 'x' lambda a: 1, 'd':3}", "{'x' lambda a: 1, 'd':3}", "['x' lambda a: 1, 'd']", "['x' lambda a: 1 'd']",
    '[x for await in y]', '{1:2, x y}', '{1:2, x y:3}', '{1:2, x lambda: y}', '{1:2, x lambda z: y, 3:4}',
    '{1:2, x (lambda: 1)}', '[1, x lambda: 1]', '[x lambda: 1]', '{1, x lambda: 1}', '{1, x y}', 'f(1, x lambda: 1)',
    '{x lambda: 1, 2:3}', '{x y, 2:3}', '{1:2, x not y}', '{1:2, x lambda y}', '{1:2, x y if z else w}',
    '{1:2, x -lambda: 1}', '{1:2, x lambda: 1: 4}', '{1:2, x y z}', '{**a, x y}', '{**a, **x y}', '{1:2, **x y}',
    '{1:2, 3:x y}', '{1:2 x}', '{1:x y}', '{1:2, (x y)}', '[{1:2, x y}]', '{1:2, x y, 3:4}', '{1:2, 3:4, x y}',
    '{1:2, 3:4 x}', '{1:2, f(x y)}', '{1:2, f(x y):3}', '{1:2, f(x y)', '{1:[x y]}', '{1:2, 3:[x y]}', '[1:2, x y]',
    'f(a=1, x y)', 'f(a=1, b=x y)', 'f(a, x y)', '{1:2, x if y}', '{1:2, print x}', "{1:2, 'a' 1}", '{1:2, a:=3}',
    '{1:2, not x y}', '{1:2, x.y z}', '{1:2, x y for z in w}', '{x y for z in w}', '{1:x y for z in w}',
    '{x:1 for z in w y}', '[z for z in w y]', '(1:2, x y)', '(lambda: x y)', '(a if b c else d)', '(a b if c else d)',
    '[await x for x in y]', '{await x for x in y}', '(x for x in await y)', '[x for x in await y]', '{1:**}',
    '{a:**b for a in b}', '{a=1', '{a: **', '{1:**2:', '{1:*x, 2}', '{1:2, 3:**x}', '{1:**x, 2:3}',
]

for text in TEXTS:
    try:
        compile(text, "f", "exec")
        print(repr(text), "is right")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
