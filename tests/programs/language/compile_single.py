"""Interactive input is one statement, eval's is one expression; what a SyntaxError says of the place, and its text."""


def show(mode, *sources):
    for source in sources:
        try:
            compile(source, "f", mode)
            print(mode, repr(source), "is right")
        except SyntaxError as e:
            place = e.lineno, e.offset, e.end_lineno, e.end_offset
            print(mode, repr(source), type(e).__name__, e.msg, place, repr(e.text), len(e.args), e.print_file_and_line)


show("single", "if x: y\n", "if x: y\n\n", "if x: y", "if x:\n y", "if x:\n y\n", "x\n\n\n", "x\n# c\n\n", "x\n  # c", "x\n ")
show("single", "x\n  y", "x; y", "x; y;\n", "x\n;", "def f(): pass\nx", "def f(): pass\n\nx", "def f():\n pass\nx")
show("single", "if x:\n y\nelse:\n z", "if x:\n y\nz\n", "if x: y\nelse: z", "if x: y\nelse: z\n", "", "\n\n", "\nx", "\n\nx y")
show("single", "  \nx", "# c\nx", "#c", "x;", ";", "for x in y: pass\n# c", "x = (\n)\n\n\ny", "@a\ndef f(): pass", "@a\n\n@b\nclass A: x\n")
show("single", "try: x\nfinally: y", "try: x\nfinally: y\n", "class A:\n x\n \n\n", "if x:\n y\n# c", "if x:\n y\n # c\n", "match x:\n case 1: y")
show("single", "match x", "a b\nc", "a\nb c", "if x: y z", "async def f(): pass", "pass\x0c\n", "x\n\ty", "'''\n", "'''\n''';", "\tx")
show("eval", "*a", "*a,", "a, *b", "(*a)", "(*a,)", "\n*a", "[*a]", "f(*a)", "a if", "", "\n", "x\n\n", "x\ny", "x;y", "x = 1", "(x := 1)")
show("eval", "x if y", "del x", "x\n y", " x", "print 1", "x = ", "(", "(x\n\n", "[x y]", "f(a=1, a=2)", "await x", "yield", "x, \\\n y z", "\n\n\n#")
show("exec", "x = 1 2", "x = 1 2\n", "a\nx y\nb", "return", "  x", "x\n  y", "if x:\ny", "x = (1,\n2 3)", "f(a\n=1\n b)", "0x", "'abc", '"""a', "x = '''a\nb\n")
show("exec", "x = (", "x = (\n", "x = (\ny", ")", "(]", "1__0", "if 1:\n  x\n\ty", "f'{'", "f'}'", "a\n\n\nx y", "x = {\n1:2,\n3", "é = é é", "x\n\nf() = 1")
show("exec", "def f(x, x): pass", "nonlocal x", "from __future__ import braces", "from __future__ import nope", "break", "x = *a", "a, *b, *c = d")
show("exec", "x = 1\nfrom __future__ import annotations", "await x", "async with a: pass", "def f(): [x async for x in y]", "(yield)", "lambda: (yield)")
show("exec", "import a, b as __debug__", "@a\ndef __debug__(): pass", "class __debug__:\n pass", "try: pass\nexcept A as __debug__: pass", "del __debug__")
show("exec", "try: pass\nexcept: pass\nexcept A: pass", "[y for x in (z := 1)]", "def f():\n x = 1\n global x", "def f(__debug__): pass", "x.__debug__ = 1")
