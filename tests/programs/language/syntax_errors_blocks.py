# What CPython says of wrong texts, and of which place: compound statements: colons, indentation, targets, handlers, cases.
import warnings

warnings.simplefilter("ignore")

TEXTS = [
    'if x = 1: pass', 'if x', 'while x', 'for x in y', 'class A', 'class A(: pass', 'with open(x) as f', 'try',
    'else: pass', 'else if x: pass', 'elif x: pass', 'if x: pass\nelse if y: pass', 'if x: pass\nelse y: pass',
    'if x:\n pass\nelse:\n pass\nelif y:\n pass', 'for f() in x: pass', 'for 1 in x: pass', 'for x of y: pass',
    'for x y in z: pass', 'with f() as 1: pass', 'with f() as g(): pass', 'class A(x for x in y): pass',
    'class A(a=): pass', 'class = 1', 'if x:\npass', 'class A:\nx', 'for x in y:\nx', 'while x:\nx', 'with x:\ny',
    'try:\nx', 'try:\n x', 'try:\n x\nexcept:\ny', 'try:\n x\nfinally:\ny', 'try:\n x\ny', 'try:\n x\nexcept\n y',
    'try:\n x\nexcept A\n y', 'try:\n x\nexcept A, B as c:\n y', 'try:\n x\nexcept A as b.c:\n y',
    'try:\n x\nexcept *: y', 'try:\n x\nexcept* A: y\nexcept B: z', 'try:\n x\nexcept A: y\nexcept* B: z',
    'try:\n x\nelse:\n y', 'if x:\n  y\n z', 'if x:\n\ty\n        z', 'match x', 'match x:\ncase 1: pass',
    'match x:\n case 1\n  pass', 'match x:\n case 1 if y\n  pass', 'match x:\n pass',
    'match x:\n case a.b(): pass\n case 1 as 2: pass', 'match x:\n case 1 as _: pass',
    'match x:\n case a(b=1, c): pass', 'match x:\n case 1 + 1: pass', 'match x:\n case {**a, 1: b}: pass',
    'match x:\n case -x: pass', 'match x:\n case 1:\n', 'async x', 'async def f(): await', '@', '@x', '@x\ny = 1',
    'class A[T: pass', 'with (a as b, c as d) pass', 'with (a, b): pass; x y', 'with a as b, c as d e: pass',
    'while x = 1: pass', 'while True print(x)', 'if x == 1 print(x)', 'if (x == 1: pass', 'if x == 1) : pass',
    'for x in range(10) print(x)', 'for (x in y): pass', 'for *x in y: pass', 'if x: y = 1 else: z = 2',
    'try: x except: y', 'with a, b,: pass\n', 'case 1: pass\n', 'case 1:\n  pass\n', 'if x:\n', 'if x:\n    if y:\n',
    'if x:\n    if y:\n  ', 'match x:\n  case 1:\n', 'match x:\n  case 1:', 'class A(x for y in z): pass',
    'class A(x=): pass', 'class A(*):pass', 'for x, f() in y: pass', 'for x if y: pass', 'class A[]:pass',
    'class A\n pass', 'class A(\n', 'if x:\n 1\nelse:\n 2\nelif y:\n 3\n', 'try:\n 1\n', 'try:\n 1\nx',
    'try:\n 1\nexcept A:\n 2\nexcept* B:\n 3\n', 'try:\n 1\nexcept*:\n 2', 'try:\n 1\nexcept* A:\n 2\nexcept: 3\n',
    'try:\n 1\nexcept A, B as c: 2\n', 'try:\n 1\nexcept A as b.c: 2\n', 'try:\n 1\nexcept A as b.c:\n 2\n\nx=1\n',
    'try:\n 1\nexcept A b:2\n', 'match x:\n case a(b=1, c): 1\n', 'match x:\n case 1 as _: 1\n',
    'match x:\n case 1 as a.b: 1\n', 'match x:\n case 1+2: 1\n', 'match x:\n case -a: 1\n',
    'match x:\n case 1 if y\n  1\n', 'match x\n', 'match x:\ncase 1: 1\n', 'match x:\n case a, *b, *c: 1\n',
    'class A:\n return await x', 'class A:\n  x = await y', 'async def f():\n x: await y',
    'async with x: pass\nreturn', 'async for x in await y: pass', 'for x in y:\n  async for z in w: pass\n',
    'class A:\n  async with x: pass', 'async def f():\n class A:\n  await x', 'async def f():\n lambda: await x\n',
    'async def f():\n  def g(): await x\n',
    'async def f():\n  (await x for x in y)\n  lambda: (await x for x in y)\n',
    'async def f():\n  class A:\n    [await x for x in y]\n', 'async def f():\n  def g[T: await x](): pass',
    'async def f():\n  def g(a=await x): pass\n  @(await y)\n  class A(await x): pass\n',
    'async def f(a=await x): pass',
]

for text in TEXTS:
    try:
        compile(text, "f", "exec")
        print(repr(text), "is right")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
