"""Weak references: identity, order, callbacks, finalizers, collections."""
import gc
import _weakref as w


class A:
    def __del__(self): print("del", r() is self)
a = A(); r = w.ref(a, lambda x: print("cb", x is r, x()))
r2 = w.ref(a, lambda x: print("cb2", x()))
r3 = w.ref(a)
print(w.getweakrefcount(a), [x is y for x, y in zip(w.getweakrefs(a), (r3, r2, r))], a.__weakref__ is r3)
del a
print(r())
# resurrect
class B:
    def __del__(self):
        global keep; keep = self; print("del b", s() is self)
b = B(); s = w.ref(b, lambda x: print("cb b"))
del b
print(s() is keep); del keep
print(s())
# gc
gc.disable()
class C:
    def __del__(self): print("del c", q(), self.w() is None)
c = C(); c.me = c
q = w.ref(c, lambda x: print("cb c", x()))
c.w = w.ref(c)
c.v = w.ref(c, lambda x: print("never"))
del c
print(gc.collect())
print(q())
# gc resurrect
class D:
    def __del__(self):
        global keep; keep = self; print("del d", p() is None)
d = D(); d.me = d; p = w.ref(d, lambda x: print("cb d"))
p2 = w.ref(d)
del d; gc.collect(); print(p() is None, p2() is None, w.getweakrefcount(keep)); 
keep = None; gc.collect()
print(repr(p)[:12])
def f(): pass
print(repr(w.ref(f)).split('; ')[1].split(' at')[0], repr(w.ref(f))[-5:])
for x in (f, A, A.__init__, len, [].append, (lambda: (yield))(), gc, set(), frozenset(), f.__code__, 1, 'a', [], {}, (), object(), 1.5, None, type, int, Exception(), property(), staticmethod(f), classmethod(f), memoryview(b''), slice(1), range(3), iter([]), map(len, []), super(A), BaseException, print, f.__get__(1), bytearray(), b'', complex(1), {}.keys(), type(f.__code__), list[int], int|str, zip(), NotImplemented, f.__closure__, w.ref(f), ValueError(), type.__dict__['__mro__'], int.__add__, type.__dict__):
    try: print(type(x).__name__, type(w.ref(x)).__name__, end='; ')
    except TypeError as e: print(e, end='; ')
print()
def bad(x): 1/0
class S(w.ref):
    __slots__ = 'k',
    def __call__(self): return 'called'
t = S(f); print(t(), t.__callback__, w.getweakrefcount(f), S(f) is S(f), w.ref(f) is w.ref(f))
x = w.ref(f)
print(hash(x) == hash(f), x == w.ref(f, print), x != t, x == f)
for g in (lambda: x < x, lambda: w.ref(), lambda: w.ref(f, 1, 2), lambda: w.ref(f, callback=1), lambda: w.ref(1), lambda: x.foo, lambda: setattr(x, 'foo', 1), lambda: w.ref[int], lambda: x(1)):
    try: print(g())
    except Exception as e: print(type(e).__name__, e)
class H:
    __hash__ = None
h = H(); y = w.ref(h)
try: hash(y)
except Exception as e: print(type(e).__name__, e)
class I: pass
i = I(); y = w.ref(i); del i
try: hash(y)
except Exception as e: print(type(e).__name__, e)
print(y == y, y == w.ref(f))
class E:
    __slots__ = ()
try: w.ref(E())
except TypeError as e: print(e)
class E2:
    __slots__ = '__weakref__',
e = E2(); print(w.ref(e)() is e, e.__weakref__ is w.ref(e), E2.__dict__['__weakref__'])
print(w.ref, w.ProxyType, w.CallableProxyType, w.ReferenceType is w.ref)
print(I.__dict__['__weakref__'], type(I.__dict__['__weakref__']))
try: I().__weakref__ = 1
except Exception as e: print(type(e).__name__, e)
class J(I): pass
print('__weakref__' in J.__dict__, J().__weakref__)
class M(list): pass
print('__weakref__' in M.__dict__, w.ref(M())())
