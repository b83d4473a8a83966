# with: protocol, order, suppression, errors in __enter__ and __exit__.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


class CM:
    def __init__(self, n, suppress=False, enter=None, exit=None): self.n, self.s, self.en, self.ex = n, suppress, enter, exit
    def __enter__(self):
        print("enter", self.n, end="; ")
        if self.en: raise self.en
        return self.n
    def __exit__(self, t, v, tb):
        print("exit", self.n, t and t.__name__, repr(v), tb is not None, end="; ")
        if self.ex: raise self.ex
        return self.s
with CM(1) as a, CM(2) as b: print(a, b)
with (CM(3) as c, CM(4),): print(c)
with CM(5, True): raise ValueError("suppressed")
print()
def f(*cms, body=None):
    def go(i):
        if i == len(cms):
            if body: raise body
            return "ok"
        with cms[i]: return go(i + 1)
    return go(0)
err(f, CM(1), CM(2), body=KeyError("k"))
err(f, CM(1, True), CM(2), body=KeyError("k"))
err(f, CM(1), CM(2, enter=ValueError("in enter")))
err(f, CM(1), CM(2, exit=ValueError("in exit")))
err(f, CM(1, True), CM(2, exit=ValueError("in exit")), body=KeyError("k"))
try: f(CM(1, exit=ValueError("x")), body=KeyError("k"))
except ValueError as e: print(repr(e.__context__))
def ret():
    with CM("r"): return "returned"
def brk():
    for i in range(3):
        with CM(i):
            if i == 1: break
            continue
    return i
def gen():
    with CM("g"): yield 1; yield 2
print(ret()); print(brk()); print(list(gen()))
g = gen(); next(g); g.close(); print()
for v in gen(): break
del g; print("|")
class NoExit:
    def __enter__(self): return 1
class NoEnter:
    def __exit__(self, *a): pass
class InstanceOnly: pass
def use(x):
    with x: pass
err(use, NoExit()); err(use, NoEnter()); err(use, 5); err(use, None)
i = InstanceOnly(); i.__enter__ = lambda: 1; i.__exit__ = lambda *a: None
err(use, i)
class Wrong:
    def __enter__(self): return self
    def __exit__(self): pass
err(use, Wrong())
class Truthy:
    def __enter__(self): return self
    def __exit__(self, *a): return [] if a[0] is KeyError else "yes"
def tr(e):
    with Truthy(): raise e
    return "suppressed"
err(tr, ValueError()); err(tr, KeyError("k"))
with CM("t") as z: print(z)
class P:
    def __enter__(self): return (1, [2, 3])
    def __exit__(self, *a): pass
class T: pass
t = T(); l = [0, 0]
with P() as (p, [q, r]), P() as t.attr, P() as l[1]: print(p, q, r, t.attr, l)
with CM("shadow") as n: n = 5
print(n)
def unpack_fail():
    with CM("u") as (a, b): pass
err(unpack_fail)
def nested():
    with CM("o", True):
        with CM("i"): 1 / 0
        print("not here")
    return "after"
print(nested())
with CM("else") as w:
    try: raise ValueError
    except ValueError: print("handled inside", end=" ")
print()
import sys
class Sees:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): print("exit sees", repr(sys.exception())); return True
with Sees(): raise ValueError("seen")
with Sees(): pass
print(sys.exception())
class Stack:
    def __init__(self): self.cbs = []
    def push(self, f, *a): self.cbs.append((f, a))
    def __enter__(self): return self
    def __exit__(self, *e):
        while self.cbs: f, a = self.cbs.pop(); f(*a)
with Stack() as s: s.push(print, "first pushed"); s.push(print, "last pushed"); print("body")
