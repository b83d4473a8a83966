"""Which operand of an operator is asked, and how often; the order of deaths; names in class bodies; weak references."""
class M(int):
    def __mul__(s,o): return NotImplemented
x=M(2)
try: x*=[1]; print(x)
except TypeError as e: print(e)
class L(list): pass
class X(int):
    def __rmul__(s,o): return 'R'
a=L([1]); a*=X(2); print(a)
a=[1]; a*=X(2); print(a)
class N:
    def __rmul__(s,o): print('rmul'); return NotImplemented
    def __radd__(s,o): print('radd'); return NotImplemented
for s in ('ab',b'a',(1,),[1],bytearray(b'a'),L([1])):
    try: s*N()
    except TypeError as e: print(e)
    try: s*=N()
    except TypeError as e: print(e)
    try: s+N()
    except TypeError as e: print(e)
    try: s+=N()
    except TypeError as e: print(e)
class B(bytearray):
    def __rmul__(s,o): return 'rb'
z=B(b'a'); y=z; z*=3; print(type(z), y)
class Lr(list):
    def __rmul__(s,o): return 'rl'
z=Lr([1]); z*=2; print(type(z))
class La(list):
    def __radd__(s,o): return 'ra'
z=La([1]); z+=[2]; print(type(z), z)
z=L([1]); q=z; z+=[2]; print(type(z), q)
z=L([1]); q=z; z*=2; print(type(z), q)
class D:
    def __init__(s,v): s.v=v
    def __del__(s): print(s.v,end=' ')
l=[D(i) for i in range(6)]; del l[::-1]; print()
l=[D(i) for i in range(6)]; del l[3:1:-1]; print()
del l; print()
k={1:0}.keys(); print({1.0}&k, k&{1.0})
s={1.0}; s&=k; print(s)
import weakref
for t in (int,tuple,bytes,str,list,dict,float,set):
    class I(t): pass
    o=I()
    try: print(t, weakref.ref(o)() is o)
    except TypeError as e: print(e)
    print(hasattr(o,'__weakref__'), '__weakref__' in I.__dict__)
def g():
    try: yield 1
    finally: raise StopAsyncIteration(7)
o=g(); next(o)
try: print(o.close())
except BaseException as e: print(repr(e))
def f():
    import os
    global os
print('ok')
class V:
    def __init__(s, n): s.n = n
    def __del__(s): print(s.n)
def f(a, b): 1/0
try: f(V(1), V(2))
except Exception: pass
a = 'g'
class C:
    r = [([0 for a in (1,)], [a for b in (3,)]) for b in (2,)]
print(C.r)
class C:
    r = [[[(lambda: b)() for a in (1,) for b in (a,)], [a for b in (3,)]] for b in (2,)]
print(C.r)
class A:
    def __setitem__(s,k,v): pass
try: del A()[0]
except Exception as e: print(type(e),e)
class A:
    def __delitem__(s,k): pass
try: A()[0]=1
except Exception as e: print(type(e),e)
