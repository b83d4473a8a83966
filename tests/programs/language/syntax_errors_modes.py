# Interactive input and eval: what is told of a wrong text, and of which place.

TEXTS = [
    '1\n  ', '1  ', '\n  ', '  ', '1\n\n  # c', '1\n  # c\n', '(1\n  ', 'if x:\n  y\n ', 'if x:\n  y\n  ',
    'if x:\n  y\n   ', 'x\n ', 'if x: y\n  ', 'if x:\ny', 'def f():\nx', 'def f():\n    ',
    'class A:\n  def f():\n    ', "x y\n'abc", 'if x: y\nz w\n)', 'x  # c\ny', 'x; y  # c\nz',
    'def f(): x\ndef g(): y\n0777', 'else:\n x', 'if x:\n  y\n z', "'abc", 'x = (', 'f(a b)',
    'class C[T=int, U]: pass', 'x\n\\', '\\', 'x <> y', '*a', '*a, b', '(*a)',
]

for mode in ("single", "eval"):
    for text in TEXTS:
        try:
            compile(text, "f", mode)
            print(mode, repr(text), "is right")
        except SyntaxError as e:
            print(mode, repr(text), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
