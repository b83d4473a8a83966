# Classes whose calls make no exception: nothing else is ever raised or thrown.
import warnings
warnings.simplefilter("ignore")
class E(Exception):
    def __new__(cls,*a): return cls
class E2(Exception):
    def __new__(cls,*a): return 5
def g():
    try: yield
    except BaseException as e: print('in', type(e), e); yield 2
async def co():
    await A()
class A:
    def __await__(s): yield
async def ag():
    yield 1
import types
@types.coroutine
def tc(): yield
for X in (E,E2):
    def t(f):
        try: print(f())
        except BaseException as e: print(type(e).__name__, e)
    def ra():
        raise X
    def rb():
        raise ValueError from X
    def rc():
        try: 1/0
        except ZeroDivisionError: raise X
    t(ra);t(rb);t(rc)
    gg=g(); next(gg); t(lambda: gg.throw(X)); t(lambda: next(gg))
    gg=g(); t(lambda: gg.throw(X))
    def d(): yield from g()
    gg=d(); next(gg); t(lambda: gg.throw(X))
    def d(): yield from [1,2]
    gg=d(); next(gg); t(lambda: gg.throw(X))
    c=co(); c.send(None); t(lambda: c.throw(X)); c.close()
    a=ag(); aa=a.asend(None)
    t(lambda: aa.throw(X))
    a=ag(); aa=a.athrow(X)
    t(lambda: aa.send(None))
    gg=g(); next(gg); t(lambda: gg.throw(X,X()))
    class It:
        def __iter__(s): return s
        def __next__(s): raise X
    t(lambda: list(It()))
    t(lambda: [*It()])
    class CM:
        def __enter__(s): return s
        def __exit__(s,*a): print(a[0])
    def w():
        with CM(): raise X
    t(w)
    assert_=None
    import contextlib
    @contextlib.contextmanager
    def cm():
        yield
    def w2():
        with cm(): raise X
    t(w2)
