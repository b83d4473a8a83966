# A kept frame object shows the locals of its own call, and is one object.
import sys
def f(x):
    y = x * 2
    return sys._getframe()
a = f(1); b = f(2)
print(a.f_locals, b.f_locals, a is b, a.f_lineno)
def g(n):
    fr = sys._getframe()
    if n:
        return [fr] + g(n - 1)
    return [fr]
print([x.f_locals['n'] for x in g(3)])
def h():
    print(sys._getframe() is sys._getframe())
    z = 1
    try: 1/0
    except ZeroDivisionError as e: t = e.__traceback__.tb_frame
    print(t is sys._getframe())
h()
def k(v):
    try: 1/0
    except ZeroDivisionError as e: return e.__traceback__.tb_frame, sys._getframe()
p, q = k(5)
k(6)
print(p.f_locals['v'], q.f_locals['v'], p is q)
def boom(v):
    fr.append(sys._getframe())
    w = v
    raise ValueError
fr = []
for i in range(3):
    try: boom(i)
    except ValueError as e: e1 = e; fr.append(e.__traceback__.tb_next.tb_frame)
print([x.f_locals for x in fr], fr[0] is fr[1])
def gen(a):
    yield sys._getframe()
    yield 2
it = gen(3); m = next(it); print(m.f_locals); it2 = gen(4); next(it2); print(m.f_locals); list(it)
print(m.f_code.co_name)
class D:
    def __del__(self): print('del')
def l():
    d = D()
    return sys._getframe()
x = l(); print('kept'); x.clear(); print('cleared'); x = l(); x = None; print('end')
def gg():
    yield 1
import gc
r = sys.getrefcount(gg.__code__)
ns = {}
n0 = sys.getrefcount(ns)
for i in range(100): eval(gg.__code__, ns)
print(sys.getrefcount(ns) - n0, sys.getrefcount(gg.__code__) - r)
async def co(): pass
for i in range(3): eval(co.__code__, ns).close()
print(sys.getrefcount(ns) - n0)
def outer():
    def inner(): return sys._getframe(1)
    o = 5
    return inner()
u = outer()
print(u.f_locals['o'])


# A function gets another code again and again while it runs; each code goes with what runs it.
def swap(depth):
    source = f"def other(depth):\n    x = {depth}\n    return other.__code__ is not None\n"
    space = {}
    exec(source, space)
    swap.__code__ = space["other"].__code__
    return depth


first = swap.__code__
for i in range(200):
    swap.__code__ = first
    assert swap(i) == i
print(swap.__code__ is first)


def stepping(n):
    stepping.__code__ = (lambda n: (yield n)).__code__
    yield n
    yield n + 1


code = stepping.__code__
steps = []
for i in range(50):
    stepping.__code__ = code
    it = stepping(i)
    steps.append((next(it), it))
print(sum(next(it) - n for n, it in steps))
