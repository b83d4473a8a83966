# Generators: send, throw, close, return values, GeneratorExit, misuse.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


def g():
    print("start", end=" ")
    x = yield 1
    print("got", x, end=" ")
    try: y = yield 2
    except ValueError as e: print("caught", e, end=" "); y = yield "handled"
    finally: print("finally", end=" ")
    return y
a = g()
err(a.send, 5)
print(next(a), a.send("hello"), a.throw(ValueError("oops")))
try: a.send("ret")
except StopIteration as e: print("returned", e.value)
err(next, a)
print(next(a, "dflt"), a.close())
a = g(); next(a); next(a)
print(a.close(), a.close())
err(next, a)
a = g()
print(a.close())
err(next, a)
a = g()
err(a.throw, KeyError("early"))
err(next, a)
err(a.throw, KeyError("late"))
def stubborn():
    while True:
        try: yield 1
        except GeneratorExit: yield "no"
s = stubborn(); next(s)
err(s.close)
def closing_value():
    try: yield
    except GeneratorExit: return "value from close"
c = closing_value(); next(c)
print(c.close())
def raising_close():
    try: yield
    finally: raise KeyError("in close")
c = raising_close(); next(c)
err(c.close)
def stop_inside():
    yield 1
    raise StopIteration("x")
def next_inside():
    yield next(iter([]))
for f in (stop_inside, next_inside):
    try: print(list(f()))
    except RuntimeError as e: print(repr(e), repr(e.__cause__), repr(e.__context__))
def again():
    yield 1
    next(me)
    yield 2
me = again()
print(next(me))
err(next, me)
err(next, me)
for t in ((5,), ("x",), (ValueError,), (ValueError("inst"),), (int,), (None,)):
    h = g(); next(h)
    err(h.throw, *t)
def multi():
    try: yield 1
    except ValueError:
        try: yield 2
        except KeyError as e: yield repr(e.__context__)
m = multi()
print(next(m), m.throw(ValueError("v")), m.throw(KeyError("k")))
def fin():
    try: yield 1
    finally: print("cleanup", end=" ")
for v in fin(): break
print("after break")
x = fin(); next(x); del x
print("deleted")
def pair(): return (yield 1), (yield 2)
p = pair()
print(next(p), p.send("a"))
try: p.send("b")
except StopIteration as e: print(e.value)
def tup():
    x = yield
    while x is not None: x = yield x * 2
t = tup(); next(t)
print([t.send(i) for i in range(3)], t.gi_frame is not None, t.gi_running, t.gi_yieldfrom, t.gi_code.co_name, t.__name__, t.__qualname__)
err(t.send, None)
print(t.gi_frame)
for v in (None, (1,), [2]):
    def r(): yield 0; return v
    i = r(); next(i)
    try: next(i)
    except StopIteration as e: print(repr(e), e.value, e.args)
def fibs():
    a, b = 0, 1
    while True: yield a; a, b = b, a + b
def take(n, it): return [x for x, _ in zip(it, range(n))]
print(take(10, fibs()))
def sieve(it):
    p = next(it)
    yield p
    yield from sieve(x for x in it if x % p)
def count(n):
    while True: yield n; n += 1
print(take(12, sieve(count(2))))
def perms(l):
    if len(l) <= 1: yield l
    for i in range(len(l)):
        for rest in perms(l[:i] + l[i + 1:]):
            if len(l) > 1: yield [l[i]] + rest
print(["".join(p) for p in perms(list("abc"))])
def empty():
    return
    yield
print(list(empty()), iter(p) is p, (lambda: (yield))().__name__, list((lambda: (yield 3))()))
def nogen(): return [(yield_) for yield_ in (1,)]
print(nogen())
g2 = (print("eager", v) for v in [print("outermost evaluated at once")] or [0])
print("made")
list(g2)
err(lambda: (x for x in 5))
err(lambda: list(x.y for x in [1]))
err(lambda: list(x for x in [1] for y in x))
