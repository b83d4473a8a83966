# What CPython says of wrong texts, and of which place: numbers, strings, f-strings, t-strings, characters that are nothing, and which of two errors is told.
import warnings

warnings.simplefilter("ignore")

TEXTS = [
    "'abc", '"abc', '"""abc', "f'{x'", "f'{x!z}'", "f'{x!}'", "f'{}'", "f'{x y}'", "f'{lambda: 1}'", "f'{x:{y'",
    "f'}'", "f'{{}'", "t'{}'", "t'{x!}'", "t'a' 'b'", "b'a' 'b'", '0777', '1_', '1__0', '0x', '0b12', '0o8', '1e',
    '1.5abc', '1abc', 'x = 5y', '"a" = 1', 'f"a" = 1', '!x', 'x ! y', 'x <> y', 'x ? y : z', 'x = $a', 'x = `a`',
    '"a" b "c"', '"a" 1', 'x = \\ y', 'x = \\', '\\x', '€ = 1', 'x = 1 €', 'd = {"a": 1 "b": 2}',
    'd = {"a": 1, "b" 2}', "s = 'it's'", 'x = 08', 'x = 0_7', 'x = 0xg', "'\\x'", "'\\u12'", "'\\N{no such name}'",
    "'\\N{'", "b'\\x1'", "b'é'", "f'\\N{'", "ur'a'", "bu'a'", "ft'a'", 'x = \\\n', 'x=1 \\ y', 'x x = 1 \\ y\n',
    'a <> b', 'x = 5 $ 3', 'x = ?', "f'{a b}'", "f'{a!x}'", "f'{a! r}'", "f'{a!}'", "f'{a!1}'", "f'{lambda x:1}'",
    "f'{*a}'", "f'{a:{}}'", "f'{a='", "f'{a", "f'{a:b'", "f'{=}'", "f'{a $ b}'", "f'{a=b}'", "f'{a;b}'", "f'a' t'b'",
    "'a' b'c'", "'a' f'{x}' b'b'", "f'\\x {a}'", "b'\\x'", "'a' b 'c'", "match x:\n case {**a, 'b':1}: 1\n",
    'x x f"{"\n', 'x x f"{a"\n', "x x f'{a'\n", "x x f'{a:b'\n", "x x f'{a:b\n", "x x f'a\n", "x x f'{a}}'\n",
    "x x f'{a b}'\n", "x x f'''{\n", "x x f'{'abc\n", "x x f'{(}'\n", 'x x 0777', 'x x 1_', 'x x €', '"""a\n',
    '"""a\n\n', '"""a\n\n\n', '"""a\n\n\n   ', '"""a', '"""a\n\nb\n', '"""a\n\nb', 'x = f"""a\n\n\n', "x x f'''{a\n",
    "x x f'''{a:b\n", "x x f'''{'a' \n", 'x x f"{\'abc\n', 'x x f"{\'abc"\n', "except E:\nf'a\n",
    "except E:\nf'''a\n", "except E:\nf'{a}}'\n", "except E:\nf'{(}'\n", "except E:\nf'{)}'\n",
    "except E:\nf'{a]}'\n", "except E:\nf'{a:b\n", "except E:\nf'{a:{b:{c:{d}}}}'\n", "except E:\nf'{a:b'\n",
    "except E:\nf'{a:b' x\n", "except E:\nf'{'\n", "except E:\nf'''{a'''\n", "except E:\nf'{a $ b'\n",
    'except E:\n0777\n', 'except E:\n1_\n', 'except E:\n1a\n', 'except E:\n€\n', 'except E:\n$\n', 'except E:\n?\n',
    "except E:\nub'a'\n", "except E:\nb'€'\n", 'except E:\nx \\ y\n', 'except E:\nx \\', "except E:\nf'{",
    "except E:\nf'''{\n", 'except E:\n0x\n', 'except E:\n0xg\n', 'except E:\n0b2\n', 'except E:\n1e5_\n',
    "except E:\n'a\\\n", "except E:\nf'{a!x}'\n", "except E:\nf'a'\n'abc\n", "(except E:\nf'a'\n'abc\n",
    "except E:\nf'{a}'\n'abc\n", "(except E:\nf'{a}'\n'abc\n", "except E:\nt'a'\n)\n", "(except E:\nt'a'\n)\n",
    "except E:\nf'a' )\n", "(except E:\nf'a' )\n", "except E:\nf'{a}' )\n", "(except E:\nf'{a}' )\n",
    "except E:\nf'''a\nb''' 0777\n", "(except E:\nf'''a\nb''' 0777\n", "except E:\nf''\n0777\n",
    "(except E:\nf''\n0777\n", "except E:\nf'{a\n}'\n0777\n", "(except E:\nf'{a\n}'\n0777\n",
    "except E:\n(f'{a}'\n)\n(\n", "(except E:\n(f'{a}'\n)\n(\n", "except E:\nx=f'{a}'\nx=(f'{a}'\n",
    "(except E:\nx=f'{a}'\nx=(f'{a}'\n", "except E:\nx=f'{a}'\n(\nx", "(except E:\nx=f'{a}'\n(\nx",
    "except E:\nf'{0777}'\n", "(except E:\nf'{0777}'\n", "(except E:\nf'{)}'\n", "except E:\nf'{0777} {a}'\n",
    "(except E:\nf'{0777} {a}'\n", 'if a <> b: pass', 'x x <> b', '(a <> b)', 'a < b <> c', 'x <> ', "x <>\n\n'abc",
    '<>', '<> x', 'x = <> y', 'x x <> y', '(x x <> y)', '(x <> y z)', 'x <> y z', 'x y <> z', 'x = 1\ny <>',
    "'\\N{}'", "'\\N{a'", "'\\N'", "'\\N{a}b'", "f'\\N{a'", "f'\\N{zz}'", 'import a <> b', '{1:2, x <> y}',
    '[a <> b for b in c]', 'f(<>)', 'f(a <>)', 'if x <> y\n  pass', "x <> 'abc", "x <> y\n'abc", 'if x:\n  \\\n',
    'if x:\n  y\n  \\\n', 'if x:\n  y\n \\\n', 'x\n\\\n', 'x\n  \\\n', '\\\n\\\n', '(\n\\\n', '\\\nx\n',
    'if x:\n  y\n \\\n  z\n', 'if x:\n  \\\n  y\n', "f'{lambda :}'", "f'{lambda x:}'", "f'{lambda x: 1}'",
    "f'{(lambda x:)}'", "f'{lambda x:{y}}'", "f'{lambda:','", "f'{a:}'", "f'{a[1:]}'", "f'{a}{lambda:}'",
    "f'''{lambda:}'''", "f'{a:{lambda:}}'", "f'{x:}' 1", '1if x else y', '1_000if x else 2', '1else', '0x1for x in y',
    '1jif x else y', '1.5if x else y', '1ifx', '1in_ x', '0b1and 0', '1or 2', '1not in x', '1is x', '0777if x',
    '1e5if x else y', '1orx', '1or_',
    "'é\\x1'", "'éa\\é\\\\é\\u12'", "f'é\\N{b'", "'\\N{é'", "'\\N{é}'", "'é\\U00110000'", "f'{1}é\\é\\x'", "'\\N{zzé'",
    "'\\é\\N{é}'", "'''\\\né\\u1'''", "t'\\é\\x'", "'\\é\\N{DIGIT ONE}\\x'", "'\\\\\\é\\x'", "'\\'é\\N'",
]

for text in TEXTS:
    try:
        compile(text, "f", "exec")
        print(repr(text), "is right")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
