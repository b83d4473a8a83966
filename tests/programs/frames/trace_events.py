# What a trace function is told of.
import sys
ev = []
def tr(f, e, a):
    if f.f_code.co_name.startswith('_') or f.f_code.co_name in ('show', 'run'): return None
    ev.append((f.f_code.co_name, e, f.f_lineno, a if e == 'return' else (a[0].__name__ if a else a)))
    return tr
def run(g, *a):
    ev.clear()
    sys.settrace(tr)
    try: r = g(*a)
    except Exception as e: r = repr(e)
    finally: sys.settrace(None)
    print(g.__name__, r)
    for e in ev: print('  ', e)
def loops(n):
    t = 0
    for i in range(n):
        if i % 2:
            t += 1
        else:
            t -= 1
    while t > 0:
        t -= 1
    else:
        t = 5
    for x in []: pass
    return t
run(loops, 3)
def tries():
    try:
        x = 1
        raise KeyError('a')
    except ValueError:
        pass
    except KeyError as e:
        y = e
    else:
        z = 1
    finally:
        w = 2
    try:
        pass
    finally:
        return 3
run(tries)
def gen(n):
    for i in range(n):
        x = yield i
        if x:
            return x
def usegen():
    g = gen(3)
    a = next(g)
    b = g.send(None)
    try:
        g.send(7)
    except StopIteration as e:
        c = e.value
    for q in gen(2):
        c += q
    return a, b, c
run(usegen)
def throws():
    g = gen(2)
    next(g)
    try:
        g.throw(ValueError('t'))
    except ValueError:
        pass
    h = gen(1); next(h); h.close()
run(throws)
class C:
    def __init__(self, a):
        self.a = a
    @property
    def p(self):
        return self.a
    def m(self): return self.p
def classes():
    c = C(1)
    return c.m() + c.p
run(classes)
def comp():
    a = [i * 2 for i in range(2)]
    b = {k: v for k, v in zip('ab', 'cd')}
    c = max(x for x in a)
    d = sorted(a, key=lambda v: -v)
    return a, b, c, d
run(comp)
def multi(a):
    x = (a +
         1 +
         len([1,
              2]))
    y = dict(
        p=1,
        q=x,
    )
    return (x,
            y)
run(multi, 1)
def rec(n):
    if n == 0: return 0
    return 1 + rec(n - 1)
run(rec, 2)
class CM:
    def __enter__(self): return self
    def __exit__(self, *a): return True
def withs():
    with CM() as c:
        x = 1
    with CM():
        raise ValueError
    return 1
run(withs)
def cond(a, b):
    x = a and b
    y = a or b
    z = 1 if a else 2
    return x, y, z
run(cond, 0, 1)
def nested():
    def inner(k):
        return k
    class K:
        v = 1
        def f(self): pass
    return inner(2)
run(nested)
def deletes():
    x = [1]
    del x[0]
    assert not x
    import sys
    from sys import path
    global gg
    gg = 1
    return None
run(deletes)
def match(v):
    match v:
        case 1:
            return 'one'
        case [a, b] if a:
            return a
        case _:
            return 'other'
run(match, 1); run(match, [1, 2]); run(match, 'z')
def brk():
    for i in range(5):
        if i == 1:
            continue
        if i == 2:
            break
    return i
run(brk)
def infinite():
    n = 0
    while True:
        n += 1
        if n > 2: break
    return n
run(infinite)
async def co():
    return 5
def awaits():
    try:
        co().send(None)
    except StopIteration as e:
        return e.value
run(awaits)
