# What CPython says of wrong texts, and of which place: simple statements: targets, imports, words in the wrong place.
import warnings

warnings.simplefilter("ignore")

TEXTS = [
    'x = (1,', 'x = [1,', 'x = {1:', 'x = (1]', 'x = 1)', 'print "hello"', 'print x', 'exec "x"', 'print 1, 2',
    'x == = 1', '1 = x', 'None = 1', 'x + 1 = 2', 'x if y else z = 1', '... = 1', 'x, y: int', 'del f()', 'del 1',
    'del (x, 1)', 'del x + y', 'import', 'import a b', 'import a as 1', 'import a.b as c.d', 'from a import',
    'from a import b,', 'from a import (b', 'from a import b c', 'from import a', 'from a import *, b',
    'from a import b as c.d', 'import a from b', 'x = *a', 'x = (*a)', 'x = yield = 1', 'x := 1', 'a b', 'a b c',
    'a if b', 'a if b else', 'x = a if b else pass', 'x = pass if 1 else 2', 'x = return', 'x = not', 'not = 1',
    '1 + not 2', 'x ++', 'x++ y', 'a && b', 'a || b', 'return = 1', 'True = 1', 'assert x, y, z', 'assert',
    'raise from x', 'raise x from', 'global', 'global x.y', 'nonlocal 1', 'pass 1', 'break 1', 'return yield', '  x',
    'x = 1\n  y = 2', 'x = 1;; y = 2', ';', ':', ',', ')', 'x..y', 'x.1', 'x.', 'x[', 'x[]', 'x[1:2:3:4]', 'x[:*y]',
    'x[*(1:2)]', 'x[1,,2]', 'A[*b: 1]', 'return x y', 'del x y', 'yield x y', 'await x y', 'd = {"a" 1}',
    'd = {"a" = 1}', 'l = [1, 2 3, 4]', 't = 1, 2 3', 's = "say "hi""', 'x = 1.e', 'import .a', 'from . import',
    'from .a import b as', 'from a import (b, c', 'global x, 1', 'x: int: str', 'x: = 1', 'x = 1 if 2 else 3 = 4',
    'a, b = c, d = ', 'a = b = 1 = c', '*a', '*a = 1', '*a, *b = c', 'del *a', '-x = 1', 'not x = 1', 'x and y = 1',
    'x < y = 1', 'await x = 1', 'a if b else *c', 'a if b else **c', 'import a as b; 1 1', 'x = (1,\n2\ny = 3\n',
    'x = 1 +\n', 'x x\n  y\n', "x x\n if y:\n   1\n 'abc\n", 'import a,\n', 'import a.b as c.d, e', 'assert a := b',
    'assert a = b', 'assert (a = b)', 'print x y', "exec 'x'", 'x = a b', 'a, b += 1', 'a, b: int', 'a = yield = 1',
    'yield = 1', 'x = (yield) = 1', 'del (a, f())', 'del a b', 'x = 1 if 2', 'x = 1 if 2 else pass', '- not 2',
    'a < > b', "x x 'abc\n", 'x x )', 'x x (]', "x x '''abc\n", 'x x\n  \tif y:\n\t  z\n z',
    'print -1\ndef f: pass\n', "except E:\n'abc\n", "except E:\n'''abc\n", 'except E:\n)\n', 'except E:\n(]\n',
    'except E:\n\xa0\n', 'except E:\nx\x01\n', 'except E:\n  x\n y\n', 'except E:\nif x:\n\ty\n        z\n',
    'except E:\nx = (\n', 'return await x', 'return (yield)', 'return (await x for y in z)',
    'return f(await x, *(y for y in z))', 'return f(await x)', 'x = await y\nreturn 1', 'z = {1:2, x y}',
    'a[1:2, x y]', 'return 1\nawait y', 'await y\ndef f():\n  nonlocal x\n', 'return 1\nyield',
    'return 1\n[await x for x in y]', 'break\nawait x', 'return 1\n[x async for x in y]',
    'return\nasync for x in y: pass', 'await (await x)',
]

for text in TEXTS:
    try:
        compile(text, "f", "exec")
        print(repr(text), "is right")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
