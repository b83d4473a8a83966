# Expressions, and what is none, in every place: which are refused, and what is told. Each place takes a third of them.
import warnings

warnings.simplefilter("ignore")

TEXTS = [
    'x', '1', '"s"', 'f"{x}"', 't"{x}"', 'b"b"', 'None', '...', '*x', '**x', 'x.y', 'x[0]', 'x()', '(x)', '(x,)',
    '()', '[]', '{}', '[x]', '{x}', '{x:y}', '{**x}', 'x, y', '*x, y', 'x,', '-x', 'not x', 'x + y', 'x < y',
    'x in y', 'x not in y', 'x and y', 'x if y else z', 'x if y', 'lambda: x', 'lambda x=1, *y: x', 'lambda *: x',
    'await x', 'yield', 'yield x', 'yield from x', '(yield)', 'x := 1', '(x := 1)', 'x = 1', 'x == 1', 'x: int',
    'x for x in y', '(x for x in y)', '[x for x in y]', '{x for x in y}', '{x:y for x in y}', '[*x for x in y]',
    '*x for x in y', 'x y', 'pass', 'return', 'not', '*', '**', '/', ',', ':', '_', 'print', 'print x', 'match',
    'case', 'type', 'a as b', 'a=b', '1:2', 'x:y', 'a.b as c', 'x;y', 'x if y else pass', '"a" b "c"', '"a" 1',
    'x <> y', 'x ! y', '0777', '1_', 'x +', '+ not x', '*x if y else z', '**x if y else z', '(*x)', '(**x)',
    'x async for x in y', 'async x', 'x, /, y', '*, x', '**x, y', 'x, *y, *z', 'x=1, y', 'x: int = 1',
]
PLACES = [
    '{}', '{} = 1', 'x = {}', 'x += {}', '{} += 1', 'x: {}', '{}: int', 'del {}', 'return {}', 'def f(): return {}',
    'def f(): yield {}', 'def f(): x = yield {}', 'async def f(): await {}', 'f({})', 'f(x, {})', 'f({}, x)',
    'f(a={})', 'f(*{})', 'f(**{})', 'f(a=1, {})', 'f(**a, {})', 'f({} for y in z)', '[{}]', '[x, {}]', '[{}, x]',
    '({})', '({}, x)', '(x, {})', '{{{}}}', '{{{}, x}}', '{{x, {}}}', '{{x: {}}}', '{{{}: x}}', '{{1: 2, {}}}',
    '{{1: 2, x: {}}}', '{{**{}}}', 'x[{}]', 'x[{}, y]', 'x[y:{}]', 'x[{}:y]', '[{} for x in y]', '[x for {} in y]',
    '[x for x in {}]', '[x for x in y if {}]', '{{x: {} for x in y}}', '(x for x in y if {})', 'for {} in y: pass',
    'for x in {}: pass', 'while {}: pass', 'if {}: pass', 'if x: {}', 'if {}', 'with {}: pass', 'with {} as y: pass',
    'with x as {}: pass', 'with ({}, y): pass', 'with (x as {}): pass', 'raise {}', 'raise x from {}', 'assert {}',
    'assert x, {}', 'import {}', 'import x as {}', 'from x import {}', 'from {} import x', 'from x import (y, {})',
    'global {}', 'nonlocal {}', 'lambda {}: x', 'lambda: {}', 'lambda x={}: x', 'def f({}): pass',
    'def f(x, {}): pass', 'def f(*, {}): pass', 'def f(x={}): pass', 'def f(x: {}): pass', 'def f(*x: {}): pass',
    'def f() -> {}: pass', 'def {}(): pass', 'class {}: pass', 'class A({}): pass', 'class A[{}]: pass',
    'def f[T: {}](): pass', 'def f[T = {}](): pass', 'type X = {}', 'type {} = 1', '@{}', 'def f(): pass',
    'match {}:\n case 1: pass', 'match x:\n case {}: pass', 'match x:\n case 1 if {}: pass',
    'match x:\n case [{}]: pass', 'match x:\n case ({}): pass', 'match x:\n case {{1: {}}}: pass',
    'match x:\n case {{{}: 1}}: pass', 'match x:\n case A({}): pass', 'match x:\n case A(a={}): pass',
    'match x:\n case 1 as {}: pass', 'match x:\n case 1 | {}: pass', 'try: pass\nexcept {}: pass',
    'try: pass\nexcept A as {}: pass', 'try: pass\nexcept* {}: pass', 'try: pass\nexcept A, {}: pass', 'f"{{{}}}"',
    'f"{{{}!r}}"', 'f"{{{}:3}}"', 'f"{{x:{{{}}}}}"', 't"{{{}}}"', 'x if {} else y', '{} if x else y',
    'x if y else {}', 'not {}', '-{}', 'x + {}', '{} + x', 'x < {}', 'x in {}', '{}.x', '{}()', '{}[0]', 'await {}',
    'x = y = {}', 'x = {} = y', '*{} = x', '(x := {})', '({} := x)', 'print {}', '{} x', 'x {}', 'else: {}',
    'elif {}: pass',
]


def told(text):
    try:
        compile(text, "f", "exec")
        return "is right"
    except SyntaxError as e:
        return f"{e.msg} {e.lineno}:{e.offset}"


for number, place in enumerate(PLACES):
    by_message = {}
    for text in TEXTS[number % 3::3]:
        by_message.setdefault(told(place.format(text)), []).append(text)
    print(repr(place))
    for message, texts in by_message.items():
        print("   ", message, "|", *texts, sep="  ")
