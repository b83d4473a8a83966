# What CPython says of wrong texts, and of which place: parameters of functions, of lambdas and of types.
import warnings

warnings.simplefilter("ignore")

TEXTS = [
    'def f()', 'def f(: pass', 'lambda: x = 1', 'def f(x, x=1, y): pass', 'def f(x=): pass', 'def f(*): pass',
    'def f(*, **k): pass', 'def f(**k, x): pass', 'def f(**k=1): pass', 'def f(*a=1): pass', 'def f(*a, *b): pass',
    'def f(/): pass', 'def f(/, a): pass', 'def f(a, /, b, /): pass', 'def f(*, a, /): pass', 'def f(a, /*): pass',
    'def f((a, b)): pass', 'def f(1): pass', 'def f(a b): pass', 'def f(a: ): pass', 'def f() -> : pass',
    'def f[T]: pass', 'def f[](): pass', 'def 1(): pass', 'def class(): pass', 'def f: pass', 'lambda x=1, y: x',
    'lambda (x): x', 'lambda *: x', 'lambda x', 'lambda /: x', 'lambda **k, x: 1', 'def f():\nx', 'type X',
    'type X =', 'type X[] = 1', 'type X[*T: int] = 1', 'type X[**P: int] = 1', 'type X[T: int = ] = 1', 'type 1 = 2',
    'def f(self) return x', 'lambda: (yield) = 1', 'def f(a, a=1, *, b): x y', 'def f(**a, /): pass', 'lambda *: 1',
    'lambda *,: 1', 'def f(/,a): pass', 'def f(a=1, b): pass', 'def f(a, (b, c)): pass', 'lambda (a,b): 1',
    'lambda a=1,b:1', 'def f(a,a=): pass', 'def f(*a,*b):pass', 'def f(**k,a):pass', 'def f(**k=1):pass',
    'def f(*,**k):pass', 'def f(*a,/):pass', 'def f(a,/,b,/):pass', 'def f[T: pass', 'def f[]():pass', 'type X = ',
    'type X[*T:int] = 1', 'type X[**P:(int,str)] = 1', 'def f:', 'def f(x)\n  pass', 'def f()->:\n pass',
    'def f(): a <> 3', 'def f(a=1, b=x y): pass', 'def f(): await x\nreturn 1', 'def f():\n  nonlocal x\nawait y',
    'def f():\n  global x\n  await y\n  x=1;global x', 'lambda: await x',
    'def f():\n  [await x for x in y]\nreturn 1', 'def f():\n  break\n  [await x for x in y]\n',
    'def f(x: await y): pass', 'type X = await y', 'def f():\n return [x async for x in y]\nreturn 1', 'def <> ',
    'def f():\n async with x:\n  await y', 'def f():\n async with await y:\n  pass', 'lambda: (await x for x in y)',
]

for text in TEXTS:
    try:
        compile(text, "f", "exec")
        print(repr(text), "is right")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
