# Errors that later steps find: await outside of functions, keys of patterns that are the same, a reserved name.
import warnings

warnings.simplefilter("ignore")

TEXTS = [
    'class A[__classdict__]: pass', 'def f[__conditional_annotations__](): pass', 'def f[*__classdict__](): pass',
    'type X[**__classdict__] = 1', 'def f[__class__](): pass', 'def f[__classcell__](): pass',
    'match x:\n case {0:_, 0j:_}: pass', 'match x:\n case {0.0:_, 0:_}: pass', 'match x:\n case {0.0:_, 0j:_}: pass',
    'match x:\n case {1:_, True:_}: pass', 'match x:\n case {1:_, 1+0j:_}: pass',
    'match x:\n case {-0.0:_, 0.0:_}: pass', 'match x:\n case {1.0:_, True:_}: pass',
    'match x:\n case {1j:_, 0+1j:_}: pass', 'match x:\n case {1j:_, -1j:_}: pass',
    "match x:\n case {'a':_, b'a':_}: pass", 'return 1\nawait y', 'def f(): await x\nreturn 1',
    'def f():\n  nonlocal x\nawait y', 'await y\ndef f():\n  nonlocal x\n',
    'def f():\n  global x\n  await y\n  x=1;global x', 'lambda: await x', 'return 1\nyield', '[await x for x in y]',
    'return 1\n[await x for x in y]', 'def f():\n  [await x for x in y]\nreturn 1', 'break\nawait x',
    'def f():\n  break\n  [await x for x in y]\n', 'def f(x: await y): pass', 'async def f():\n x: await y',
    'type X = await y', '{await x for x in y}', 'def f():\n return [x async for x in y]\nreturn 1',
    'return 1\n[x async for x in y]', 'async with x: pass\nreturn', 'return\nasync for x in y: pass',
    'def f():\n async with x:\n  await y', 'def f():\n async with await y:\n  pass', 'async for x in await y: pass',
    'for x in y:\n  async for z in w: pass\n', 'class A:\n  async with x: pass',
    'async def f():\n class A:\n  await x', 'async def f():\n lambda: await x\n',
    'async def f():\n  def g(): await x\n',
    'async def f():\n  (await x for x in y)\n  lambda: (await x for x in y)\n', 'lambda: (await x for x in y)',
    '(x for x in await y)', '[x for x in await y]', 'async def f():\n  class A:\n    [await x for x in y]\n',
    'async def f():\n  def g[T: await x](): pass',
    'async def f():\n  def g(a=await x): pass\n  @(await y)\n  class A(await x): pass\n',
    'async def f(a=await x): pass',
]

for text in TEXTS:
    try:
        compile(text, "f", "exec")
        print(repr(text), "is right")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
