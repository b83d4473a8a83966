# `_tokenize`: kinds, places and lines of tokens, and what is wrong with text.
import _tokenize
import io
import tokenize
import warnings


def show(text, extra=True, encoding=None):
    print(repr(text) if len(text) < 200 else len(text), extra, encoding)
    readline = io.StringIO(text).readline if isinstance(text, str) else io.BytesIO(text).readline
    names = {} if encoding is None else {"encoding": encoding}
    try:
        for kind, string, start, end, line in _tokenize.TokenizerIter(readline, extra_tokens=extra, **names):
            if len(line) < 200:
                print("   ", kind, repr(string), start, end, repr(line))
    except BaseException as error:
        args = error.args if len(text) < 200 else error.args[:1]
        print("  !", type(error).__name__, args, getattr(error, "lineno", None), getattr(error, "offset", None))


TEXTS = [
    '',
    '\n',
    'x',
    'x\r\ny\r',
    'x\ry',
    '  x\n y',
    'if 1:\n\tx\n        y\n',
    '$',
    'a!b',
    '?',
    "a = '''x\ny''' + z # c\n# d\n",
    "f'{{a}}{b!r:>{w}}'",
    '(\n',
    '(',
    ')',
    '(]',
    "'abc\n",
    "'''a",
    "f'a{",
    "f'{a",
    "f'''a\n",
    "f'abc\n",
    'x \\\n + y',
    'x \\ y',
    'x \\',
    '1_',
    '0x',
    '0777',
    '1for x',
    '1.5e',
    '1e+',
    '0b2',
    '0_7',
    "é = 'é' + é\n",
    'a\x00b',
    'a\u2028b',
    '€',
    '\x0c  x',
    '  \\\n  x\n',
    '  # c\nx\n',
    'if x:\n  # c\n\n  y\n\nz',
    'if x:\n y',
    '<>',
    'a->b:=c...d**=2//=3',
    'async def f(): await x',
    "t'{x=}'",
    "rb'\\'' Rf'\\{x}'",
    "f'\\N{DIGIT ONE}{x:\\N}'",
    "f'{x:%d\n}'",
    "f'''{x:\n}'''",
    "fb'x'",
    "ub''",
    "bu''",
    '1if 2else 3',
    'x = 1 # c',
    '(1 #c\n)',
    '0xfor',
    '1__0',
    '1jj',
    '0o8',
    '0o18',
    'x!=y',
    "f'{x!=y}'",
    'f\'{a["b"]}\'',
    "f'}'",
    "f'{}}'",
    "f'{a:{b:{c:{d}}}}'",
    'lambda: 0',
    "f'{lambda x: 1}'",
    '\ufeffx',
    'x\\\n\\\ny',
    'x = 1\ny \\ z\n',
    'a\\\n  b\\',
    '\\\n',
    'x\n\\',
    '  \\',
    '(\n\n  # c\n x)\n',
    'if 1:\n  x\n\n',
    'if 1:\n  x\n# c\n',
    'if 1:\n  if 2:\n   y # d\n  # e\nz\n',
    '\x0c',
    '   ',
    '   \n',
    '\t\n',
    '# c\r\nx\r\n(\r\n)\r\n',
    "'''\r\n'''\r\n",
    "f'''\r\n{a\n+b}\r\n'''\r\n",
    "'a\\\nb' + c",
    "f'a\\\nb{c}' + c",
    '\r\n',
    'x\r',
    'if 1:\r\n  y\r\n',
    "'a\r\n",
    "f'{a!r:{b}c}'",
    "f'{a:=5}'",
    "f'{(a:=5)}'",
    "f'{a\n}'",
    "f'{a # c\n}'",
    'f\'{"x}\'',
    "f'{'x'}'",
    "f'{f'{x}'}'",
    "f'{\\}'",
    "f'a}}b'",
    "f'{{'",
    "f'{a}}}'",
    "f'{a:}}}'",
    "f'{a:{{b}}}'",
    "f'{a}{{b'",
    "f'\\{a}'",
    "f'\\}}'",
    "f'\\}'",
    "f'\\\n'",
    "rf'\\\n{x}'",
    "f'\\''",
    "f'{a['b']}'",
    "f'{a[1:2]:3}'",
    "f'{(]}'",
    "f'{a]}'",
    "f'{a)}'",
    "{f'{x}'}",
    '}',
    '(}',
    '[\n)',
    'é€',
    'a$b',
    'a\x01b',
    '1١',
    'x̀\n',
    '̀x',
    'a℘ℙ',
    '1e5 1E-5j 1.e1 .5 .5j 0_0 00 0e0 00.5 09.5 09j 09 1_000.0_1 0xFF_f 0X_f 0o_17 0B_1',
    '0b_',
    '0b12',
    '0xg',
    '1.2.3',
    '1..real',
    '1.__class__',
    '1_a',
    '1e',
    '1ea',
    '0b1and 2',
    '0o1if',
    '1or 2',
    '1not in x',
    '1in x',
    '1is x',
    '1and x',
    '1else',
    '1i',
    '1n',
    '1e_',
    '1._',
    '1._1',
    '1e1_',
    '...',
    '..',
    '....',
    '. . .',
    '<<=>>=<>!====~@@=^^=||=&&=%%=***//->-=+=:=:',
    'a=b',
    " é 中 '中\n中' x",
    "'''中\n中''' x 'y'",
    "x '''中\n中''' x '''y\n\n''' z",
    "f'''中{x}\n中{y\n}''' z",
    "'\ud800'",
    '\ud800',
    '# \ud800\n',
    '😀',
]
with warnings.catch_warnings():
    warnings.showwarning = lambda *args, **names: print("  ", args[0], args[1].__name__, args[2:4])
    warnings.simplefilter("always")
    for text in TEXTS:
        show(text)
        show(text, False)
    warnings.simplefilter("error")
    show("1if 2", False)
    show("  f'\\{a}'")

# What is deep.
show("(" * 200 + ")" * 200 + "\n")
show("(" * 201)
show("(" * 201, False)
show("".join(" " * i + "if 1:\n" for i in range(99)) + " " * 99 + "x\n")
show("".join(" " * i + "if 1:\n" for i in range(101)) + " " * 101 + "x\n")
show("f'{" * 149 + "x")
show("f'{" * 150 + "x")

# Encodings.
for encoding in "latin-1", "utf-8", "no such", None:
    show(b"x = '\xe9'\n", True, encoding)
show("x", True, "utf-8")
for text in "x\n'abc\\'\n", "f'{\"x\n\"}'", "f'{'x\n", "\xe9 = '\n", "\xe9 = ub''", "a\nbcd \\\n", "\xe9(\n a\n":
    show(text)

# Whoever gives the lines.
def lines():
    yield "a\nb\n c\n"
    yield "x"
    yield "y\n"
    yield "'''a\nb"
    yield "\nc''' z\n"


for token in _tokenize.TokenizerIter(lines().__next__, extra_tokens=True):
    print(token)


def attempt(*args, **names):
    try:
        print(list(_tokenize.TokenizerIter(*args, **names)))
    except Exception as error:
        print(type(error).__name__, error)


attempt()
attempt(len)
attempt(1, 2)
attempt(len, encoding=5, extra_tokens=1)
attempt(len, encoding=None, extra_tokens=1)
attempt(len, x=1, extra_tokens=1)
attempt(5, extra_tokens=1)
attempt(lambda: 1 / 0, extra_tokens=1)
attempt(lambda: 5, extra_tokens=1)
attempt(iter([]).__next__, extra_tokens=1)


class Odd(str):
    def __str__(self):
        raise ValueError
    encode = __len__ = __getitem__ = __str__


attempt(iter([Odd("a b\n")]).__next__, extra_tokens=1)
end = _tokenize.TokenizerIter(io.StringIO("a").readline, extra_tokens=1)
list(end)
try:
    next(end)
except StopIteration as error:
    print(error.args)
try:
    class Sub(_tokenize.TokenizerIter):
        pass
except TypeError as error:
    print(error)

# The module above it: what it takes apart, it can put together.
with open(__file__, "rb") as file:
    tokens = list(tokenize.tokenize(file.readline))
with open(__file__, "rb") as file:
    print(tokenize.untokenize(tokens) == file.read(), len(tokens))
for source in b"'abc", b"(", b"  x\n y", b"\xff", b"# coding: nope\n", b"x \\ y":
    try:
        print([token.exact_type for token in tokenize.tokenize(io.BytesIO(source).readline)])
    except Exception as error:
        print(type(error).__name__, error)
