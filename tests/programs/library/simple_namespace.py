import sys
N=type(sys.implementation)
n=N(a=1,b=[2])
print(n, n.a, n.__dict__, N.__mro__, N.__module__, N.__name__)
n.c=n; print(n)
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
t(lambda: N(1)); t(lambda: N({'x':1},y=2)); t(lambda: N([('x',1)])); t(lambda: N(1,2)); t(lambda: N({1:2})); t(lambda:N({'x':1}, x=3))
t(lambda: N(a=1)==N(a=1)); t(lambda: N(a=1)==N(a=2)); t(lambda: N(a=1)==3); t(lambda: N()<N()); t(lambda: hash(N())); t(lambda: N(a=1).__reduce__()); t(lambda: N(a=1).__replace__(b=2)); t(lambda: N(a=1).__replace__(1))
class S(N): pass
s=S(z=1); print(s, s==N(z=1), s.__replace__(z=2))
del n.a; print(sorted(n.__dict__))
t(lambda: n.q)
class R(N):
    def __repr__(self): return 'R!'
print(R(), N(a=R()))
import gc
n=N(); n.me=n; gc.collect(); del n; print(gc.collect())
m = N(b=1, a=2); print(m, N(**{'not id':1, 'x y':2}))
n=N(); n.__dict__ [3]=4
t(lambda: repr(n))
