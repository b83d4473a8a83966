# Escapes that mean nothing are warned of in a text that is wrong behind them, too; digits of literals; trees for ast.
import ast
import sys
import warnings

for source in (r"'\e' + (", r"'\e' 1", r"'\e' $", "x = 1 $ '\\e'", r"r'\e' 1", r"'\e' '\f' '\g' 1", r"'''a" "\n" r"\z''' 1",
               r"'\400' 1"):
    for action in ("always", "error"):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter(action)
            try:
                compile(source, "<text>", "exec")
            except SyntaxError as e:
                print(repr(source), action, e.msg[:40], e.lineno, e.offset)
        print([(str(w.message)[:32], w.category.__name__, w.lineno, w.filename) for w in seen])

limit = sys.get_int_max_str_digits()
for digits in (4000, 0, 4300):
    sys.set_int_max_str_digits(digits)
    for count in (4000, 4001, 4301, 9000):
        try:
            print(digits, count, len(bin(eval("3" * count))))
        except SyntaxError as e:
            print(digits, count, e.msg)
    try:
        ast.literal_eval("3" * 4301)
    except SyntaxError as e:
        print(e.msg[:30])
sys.set_int_max_str_digits(limit)

source = """a = 1
b = 2 # type: ignore
c = 3
d = 4 # type: ignore@tag
e = 5 #type:ignore[assignment] # more
f = 6 # type: ignored
g = 7 # type:  ignore because
h = '# type: ignore'
"""
tree = ast.parse(source, type_comments=True)
print([(node.lineno, node.tag) for node in tree.type_ignores], ast.parse(source).type_ignores)
print(ast.dump(ast.parse("x = 1 # type: ignore[y]", type_comments=True)))
for text in ("type X[*Ts=int] = int", "class X[T=int]: pass", "def f[**P=int](): pass", "class C:\n def f[*T=int](): pass", "def f[T](): pass"):
    for minor in (12, 13):
        try:
            ast.parse(text, feature_version=(3, minor))
            print(minor, "fine")
        except SyntaxError as e:
            print(minor, e.msg)
fields = ast.AST._fields
del ast.AST._fields
for arguments in ({}, {"a": 1}):
    try:
        ast.AST(**arguments)
    except AttributeError as e:
        print(e)
ast.AST._fields = fields
for source in ("Tru\u1d49", "x.Tru\u1d49", "f(Fal\u017fe=1)", "def Non\u1d49(): pass", "import Non\u1d49", "x.\u1d49lse", "Tru\u1d49x", "None"):
    for mode in (0, ast.PyCF_ONLY_AST):
        try:
            print(ascii(source), compile(source, "<text>", "exec", mode).__class__.__name__)
        except ValueError as e:
            print(ascii(source), e)
