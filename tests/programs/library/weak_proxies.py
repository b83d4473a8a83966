"""Weak proxies: each operation goes to the object, as long as that lives."""
import _weakref as w
class A:
    def __init__(s): s.x = 1
    def __call__(s, *a): return a
    def __add__(s, o): return ('add', type(o).__name__)
    def __radd__(s, o): return ('radd', type(o).__name__)
    def __len__(s): return 3
    def __iter__(s): return iter([1,2])
    def __repr__(s): return 'A!'
    def __bytes__(s): return b'by'
    def __reversed__(s): return 'rev'
    def __eq__(s, o): return ('eq', type(o).__name__)
    def __lt__(s, o): return ('lt', type(o).__name__)
    def __iadd__(s, o): return ('iadd', type(o).__name__)
    def __contains__(s, o): return o == 5
    def __getitem__(s, i): return ('item', i)
    def __index__(s): return 4
    def __bool__(s): return False
a = A(); p = w.proxy(a); cb = w.proxy(a, lambda p: print('gone'))
print(type(p), type(p) is w.CallableProxyType, p is w.proxy(a), p(1, 2), p + 1, 1 + p, p + p, len(p), list(p), str(p), bytes(p), p == 1, p == p, 1 == p, p < 2, 5 in p, p[1:2], [0,1,2,3,4][p], bool(p), p.x)
print(repr(p).replace(hex(id(p)), 'P').replace(hex(id(a)), 'Q'), p.__class__, isinstance(p, A), w.getweakrefcount(a), [type(x).__name__ for x in w.getweakrefs(a)])
q = p; q += 1; print(q)
p.y = 5; print(a.y, p.__dict__); del p.y; print(hasattr(p, 'y'))
try: hash(p)
except TypeError as e: print(e)
try: next(p)
except TypeError as e: print(e)
class N:
    def __init__(self): pass
n = N(); np = w.proxy(n)
print(type(np))
for f in (lambda: np(), lambda: np + 1, lambda: len(np), lambda: np[0], lambda: iter(np), lambda: np.foo, lambda: int(np), lambda: np < 1, lambda: -np, lambda: bytes(np), lambda: reversed(np), lambda: w.proxy(1), lambda: w.proxy(), lambda: w.proxy(n, 1, 2), lambda: w.ProxyType(n), lambda: pow(np, 2, 3), lambda: divmod(np, 1), lambda: np @ 1):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
del a, n
for f in (lambda: p + 1, lambda: str(p), lambda: repr(p)[:14] + repr(p)[-6:], lambda: p.x, lambda: p(), lambda: bool(p), lambda: p == 1, lambda: p == p, lambda: setattr(p, 'x', 1), lambda: len(p), lambda: iter(p), lambda: next(p), lambda: 1 in p, lambda: hash(p), lambda: isinstance(p, A), lambda: p.__class__, lambda: bytes(p)):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
class S(w.ref): pass
class T(w.ref):
    def __init__(self, o, cb=None, *, key): super().__init__(o, cb); self.key = key
s = S(A); s.foo = 1; t = T(A, key=5); print(repr(t)[:8], t.key, t == s, s.__dict__)
print(w.getweakrefcount(1), w.getweakrefs(1))
d = {1: w.ref(A), 2: 5}
w._remove_dead_weakref(d, 1); print(len(d))
x = N(); d[1] = w.ref(x); del x; w._remove_dead_weakref(d, 1); print(len(d)); w._remove_dead_weakref(d, 1)
for f in (lambda: w._remove_dead_weakref(d, 2), lambda: w._remove_dead_weakref([], 2), lambda: w._remove_dead_weakref(d), lambda: w.getweakrefs(), lambda: w.getweakrefcount(1, 2)):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
