# Calls: parameters of every kind and the message of every wrong call.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


def none(): return "none"
def one(a): return a
def two(a, b): return a, b
def three(a, b, c): return a, b, c
def dflt(a, b=2, c=3): return a, b, c
def kwonly(a, *, k, m=5): return a, k, m
def kwonly2(*, k, m): return k, m
def kwonly3(*, k, m, n): return k, m, n
def posonly(a, b, /, c): return a, b, c
def posd(a, b=1, /, *, d=2): return a, b, d
def var(*args): return args
def kws(**kw): return kw
def allk(a, /, b, *args, c, d=4, **kw): return a, b, args, c, d, kw
print(none(), one(1), two(1, 2), two(b=1, a=2), two(1, b=2), dflt(1), dflt(1, c=9), dflt(c=1, a=2), dflt(*[1, 2], **{"c": 3}), kwonly(1, k=2), kwonly(k=1, a=2, m=3), posonly(1, 2, 3), posonly(1, 2, c=3), posd(1), posd(1, 5, d=6), var(), var(1, 2), kws(), kws(a=1, b=2), allk(1, 2, c=3), allk(1, 2, 3, 4, c=5, d=6, e=7, a=8))
for f, a, k in (
    (none, (1,), {}), (none, (1, 2), {}), (none, (), {"x": 1}), (one, (), {}), (one, (1, 2), {}), (one, (1,), {"a": 2}), (one, (), {"b": 1}), (one, (1,), {"b": 1}),
    (two, (), {}), (two, (1,), {}), (two, (1, 2, 3), {}), (two, (), {"a": 1}), (three, (), {}), (three, (1,), {}), (three, (), {"b": 1}),
    (dflt, (), {}), (dflt, (1, 2, 3, 4), {}), (dflt, (1,), {"z": 1}), (dflt, (1, 2), {"b": 1}), (dflt, (), {"b": 1, "c": 2}),
    (kwonly, (1,), {}), (kwonly, (1, 2), {}), (kwonly, (1, 2), {"k": 1}), (kwonly, (), {"k": 1}), (kwonly, (), {}), (kwonly2, (), {}), (kwonly2, (1,), {}), (kwonly3, (), {}), (kwonly2, (), {"k": 1}), (kwonly2, (1, 2), {"k": 1, "m": 2}), (kwonly, (1, 2, 3), {"k": 1, "m": 2}),
    (posonly, (1,), {}), (posonly, (1, 2), {}), (posonly, (), {"a": 1, "b": 2, "c": 3}), (posonly, (1,), {"b": 2, "c": 3}), (posd, (), {}), (posd, (1,), {"a": 1, "b": 2}), (posd, (1, 2, 3), {}), (posd, (1, 2, 3), {"d": 4}),
    (var, (), {"a": 1}), (kws, (1,), {}), (allk, (1,), {}), (allk, (), {"c": 1}), (allk, (1, 2), {}), (allk, (1,), {"c": 1}), (dflt, (1,), {"aa": 1}), (two, (1, 2), {"A": 1}), (kwonly, (1,), {"kk": 1}),
):
    print(f.__name__, a, k, end=": ")
    err(f, *a, **k)
err(lambda: one(*5))
err(lambda: one(**5))
err(lambda: one(**{1: 2}))
err(lambda: kws(**{"a": 1}, a=2))
err(lambda: one(*[1], *[2]))
err(lambda: one(a=1, **{"a": 2}))
err(lambda: (5)() if False else len())
err(lambda: len(1, 2))
err(lambda: len(x=1))
err(lambda: "x".join())
err(lambda: int.bit_length())
err(lambda: print(nope=1))
err(lambda: (lambda x: x)())
err(lambda: (lambda: 0)(1))
err(lambda: [].append(1, 2))
err(lambda: {}.get())
err(lambda: isinstance(1))
err(lambda: object(1))
x = 5
err(lambda: x())
err(lambda: "s"())if False else None
class C:
    def m(self, a): return a
    def n(): return 1
    @classmethod
    def c(cls): return cls
    @staticmethod
    def s(a): return a
    def __call__(self, *, q): return q
err(lambda: C().m())
err(lambda: C().m(1, 2))
err(lambda: C.m())
err(lambda: C().n())
err(lambda: C.c(1))
err(lambda: C.s())
err(lambda: C()())
err(lambda: C()(1, q=2))
err(lambda: C(1))
err(lambda: C(a=1))
class Init:
    def __init__(self, a): pass
err(Init)
err(Init, 1, 2)
err(Init, b=1)
print(C()(q=4), C().m(*(1,)), C.m(0, 1), dflt.__defaults__, kwonly.__kwdefaults__, posonly.__code__.co_posonlyargcount, allk.__code__.co_argcount, allk.__code__.co_kwonlyargcount, allk.__code__.co_varnames)
def mut(x, acc=[]):
    acc.append(x)
    return acc
print(mut(1), mut(2), mut(3, []), mut.__defaults__)
dflt.__defaults__ = (7,)
print(dflt(1, 2))
err(dflt, 1)
order = []
def o(v):
    order.append(v)
    return v
two(o(1), b=o(2)); var(*[o(3)], o(4), *[o(5)]); kws(a=o(6), **{"b": o(7)}); o(var)(o(8))
print(order[:5], order[5:7], order[8:])
def outer():
    def inner(a): pass
    return inner
err(outer())
err(lambda: outer()(1, 2, 3))
print(var(*"ab", *range(2)), kws(**{"a b": 1, "": 2}), (lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4), (lambda a, /, a2=2: a + a2)(1))
