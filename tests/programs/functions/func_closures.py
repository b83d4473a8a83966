# Closures, nonlocal, decorators, function attributes, late binding, unbound names.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


def counter(start=0):
    n = start
    def inc(by=1):
        nonlocal n
        n += by
        return n
    def get():
        return n
    return inc, get
i1, g1 = counter()
i2, g2 = counter(10)
print(i1(), i1(), i1(5), g1(), i2(), g2(), g1())
fs = [lambda: i for i in range(3)]
gs = [lambda i=i: i for i in range(3)]
print([f() for f in fs], [g() for g in gs])
def late():
    def f():
        return x
    err(f)
    x = 1
    print(f())
    x = 2
    print(f())
    del x
    err(f)
late()
def unbound():
    print(y)
    y = 1
err(unbound)
def unbound2():
    for q in ():
        pass
    return q
err(unbound2)
def deleted():
    z = 1
    del z
    return z
err(deleted)
def deltwice():
    z = 1
    del z
    del z
err(deltwice)
err(lambda: undefined_name)
def delglobal():
    global gone
    del gone
err(delglobal)
g = 1
def shadow():
    g = 2
    def read():
        global g
        g += 10
        return g
    return read(), g
print(shadow(), g)
def deep():
    a = 1
    def f():
        b = 2
        def h():
            nonlocal a, b
            a += 1
            b += 1
            return lambda: (a, b)
        return h
    return f()
h = deep()
k = h()
print(k(), h()(), k())
print(k.__closure__ is not None, len(k.__closure__), k.__code__.co_freevars, sorted(c.cell_contents for c in k.__closure__), g1.__closure__[0].cell_contents, shadow.__closure__)
def deco(f):
    def w(*a, **k):
        print("call", f.__name__, a, k)
        r = f(*a, **k)
        print("return", r)
        return r
    return w
def tag(t):
    print("tag", t)
    def d(f):
        print("apply", t, f.__name__)
        f.tag = getattr(f, "tag", ()) + (t,)
        return f
    return d
@deco
def add(a, b=2): return a + b
add(1)
add(1, b=5)
@tag("outer")
@tag("inner")
def tagged(): pass
print(tagged.tag)
@(lambda c: [c, c.__name__])
class L: pass
print(L[1], isinstance(L[0], type))
@print
class printed: pass
print(printed)
def memo(f):
    cache = {}
    def w(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]
    w.cache = cache
    return w
@memo
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), len(fib.cache))
def attrs(a: int, b: "s" = 3) -> str:
    "Doc of attrs."
attrs.x = 1
print(attrs.__name__, attrs.__qualname__, attrs.__doc__, attrs.__annotations__, attrs.__dict__, attrs.__module__, attrs.__defaults__, (lambda: 0).__name__, deep.__doc__, counter()[0].__qualname__)
attrs.__name__ = "renamed"
err(attrs)
err(lambda: attrs.nope)
err(lambda: setattr(attrs, "__name__", 5))
err(lambda: setattr(attrs, "__defaults__", 5))
def compose(*fs):
    def run(x):
        for f in reversed(fs):
            x = f(x)
        return x
    return run
print(compose(str, lambda v: v + 1, abs)(-4))
def curry(f, *a):
    return lambda *b: f(*a, *b)
print(curry(curry(max, 5), 9)(2))
class Cl:
    v = 1
    def m(self): return v if False else __class__.__name__
    fs = [lambda: 5 for _ in range(2)]
print(Cl().m(), Cl.fs[0]())
def gen_closure():
    xs = []
    for j in range(3):
        def f(): return j
        xs.append(f)
    yield [f() for f in xs]
    j = 99
    yield [f() for f in xs]
print(list(gen_closure()), (lambda n: (lambda s, n: s(s, n))(lambda s, n: 1 if n < 2 else n * s(s, n - 1), n))(6))
def exc():
    try:
        raise ValueError
    except ValueError as e:
        return lambda: e
err(exc())
