# compile() with the flags of ast: folded trees, syntax of older versions, input without an end; sources in other encodings.
import ast
import codeop
import warnings

warnings.simplefilter("ignore")

for source in ("case -1", "case 1 + 2j", "case {-1.5: x, 3 - 1j: y}", "case [-0, -2j]"):
    text = f"match a:\n {source}: pass"
    print(ast.dump(ast.parse(text, optimize=1).body[0].cases[0].pattern))
    print(ast.dump(ast.parse(text).body[0].cases[0].pattern))
for level in (-1, 0, 1, 2):
    tree = ast.parse("'doc'\nclass A: 'doc'\ndef f():\n 'doc'\n return __debug__", optimize=level)
    print(level, ast.dump(tree))
print(ast.dump(ast.parse(ast.parse("__debug__"), optimize=2)))
versions = {
    "(a := 1)": 8,
    "def f(a, /): pass": 8,
    "match a:\n case 1: pass": 10,
    "try: pass\nexcept* A: pass": 11,
    "def f[T](): pass": 12,
    "type A = int": 12,
    "t'{a}'": 14,
    "try: pass\nexcept A, B: pass": 14,
}
for source, version in versions.items():
    ast.parse(source, feature_version=(3, version))
    try:
        ast.parse(source, feature_version=(3, version - 1))
    except SyntaxError as error:
        print(error.msg)
for source in ("(a **", "def f():", "'''a", "a = (1,", "a b", "return", "x = )", "1 +", "class A:\n  def f(self):"):
    try:
        made = codeop.compile_command(source)
        print(repr(source), "whole" if made else "incomplete")
    except SyntaxError as error:
        print(repr(source), type(error).__name__, error.msg)
for encoding in ("koi8-r", "latin9", "cp1251", "no-such"):
    try:
        text = f"# coding: {encoding}\nx = '\N{CYRILLIC SMALL LETTER A}'" if encoding != "latin9" else "# coding: latin9\nx = '\N{EURO SIGN}'"
        data = text.encode(encoding) if encoding != "no-such" else text.encode()
        space = {}
        exec(compile(data, "m", "exec"), space)
        print(encoding, ascii(space["x"]))
    except SyntaxError as error:
        print(encoding, error.msg)
for attempt in (lambda: compile("1", "a\0b", "exec"), lambda: sum(5, "a"), lambda: eval("not 1 is 1")):
    try:
        print(attempt())
    except (ValueError, TypeError) as error:
        print(error)
