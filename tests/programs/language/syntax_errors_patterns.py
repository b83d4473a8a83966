# Patterns, and what is none, in the places of a match statement: what is told of them.
import warnings

warnings.simplefilter("ignore")

PATTERNS = [
    '1', '+1', '-1', '+x', '1+2j', '-1+2j', '+1-2j', '1j+2', '1+x', '-x+1', '1j', '1+2', '1-2.0', '"a"', '"a" "b"',
    'f"a"', 't"a"', '"a" f"b"', 'None', 'x', '_', 'x.y', 'x.y.z', 'x()', 'x.y()', 'x(1)', 'x(a=1)', 'x(1, a=2)',
    'x(a=1, 2)', 'x(a=1, (b))', 'x(a=1, (b), c)', 'x(a=1, b', 'c)', 'x(a)(b)', '(x)', '(x,)', '()', '[]', '[x]',
    '[*x]', '[*_]', '*x', '*x, y', '*_, *y', '[x, *y, *z]', '{}', '{1:x}', '{"a":x}', '{x:1}', '{x.y:1}', '{**x}',
    '{**_}', '{1:2, **x}', '{**x, 1:2}', '{1:x, 1:y}', '{-1:x}', '{+1:x}', '{f"a":x}', '{1+2j:x}', 'x as y', 'x as _',
    'x as y.z', 'x as (y)', 'x as 1', '(x as y)', 'x as y as z', 'x ', ' y', 'x ', ' y as z', '1 ', ' 2 ', ' x',
    'x, y', 'x,', 'x if y', 'x if y else z', 'x and y', 'not x', 'x < y', 'x + y', 'x[0]', 'lambda: x', 'x := 1',
    '(x := 1)', 'x = 1', 'await x', 'yield', 'print x', 'case', 'match', 'x y', '1 2', 'x.', 'x(', 'x(,)', 'x(a=)',
    'x(=1)', 'x(**a)', 'x(*a)', '{', '{1}', '{1:}', '{1:2', '[x y]', '(x y)', '[1, 2 3]', 'x', '  as y', 'as',
    '1 as 2', 'True', 'True.x', 'None()', '1()', '"a".b', '...', 'x(y.z=1)', 'x(1=2)',
]
PLACES = [
    'match x:\n case {}: pass\n', 'match x:\n case [{}]: pass\n', 'match x:\n case A({}): pass\n',
    'match x:\n case {}\n  pass\n', 'match x:\n case {}:\n', 'match {}:\n case 1: pass\n',
]

for place in PLACES:
    for pattern in PATTERNS:
        text = place.replace("{}", pattern)
        try:
            compile(text, "f", "exec")
            print(repr(text), "is right")
        except SyntaxError as e:
            print(repr(text), e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
