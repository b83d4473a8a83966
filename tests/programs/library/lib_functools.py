import _functools as F
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
t(lambda: F.reduce(lambda a,b:a+b,[1,2,3])); t(lambda:F.reduce(lambda a,b:a+b,[])); t(lambda:F.reduce(lambda a,b:a+b,[],5)); t(lambda: F.reduce(1)); t(lambda:F.reduce(1,2)); t(lambda:F.reduce(1,[1,2])); t(lambda:F.reduce(lambda a,b:a*b,[1,2],initial=10)); t(lambda:F.reduce(lambda a,b:a,[1],2,3)); t(lambda: F.reduce(function=max,iterable=[1])) 
p=F.partial(int, base=2)
_=F.Placeholder
t(lambda:repr(_)); t(lambda: type(_)); t(lambda:type(_)() is _); t(lambda:type(_)(1)); t(lambda:_.__reduce__()); t(lambda: F.partial(max,_)); t(lambda:F.partial(max,_,1)); t(lambda:F.partial(max,_,1)(5)); t(lambda:F.partial(max,_,1)()); t(lambda:F.partial(print,a=_)); t(lambda:F.partial(F.partial(max,_,1),2)); t(lambda:F.partial(F.partial(max,_,_,1),2).args); t(lambda:F.partial(F.partial(max,_,_,1),2)()); t(lambda:F.partial(F.partial(max,_,_,1),2)(7,3)); t(lambda: F.partial(max,_,_)); t(lambda:F.partial(F.partial(max,_,1),_,3)) ; t(lambda: setattr(_,'x',1)); t(lambda: type('x',(type(_),),{}))
t(lambda:F.partial(F.partial(max,1),2).args); 
class P(F.partial): pass
q=P(max,1); t(lambda: type(q)); q.x=1; t(lambda:q.__dict__); t(lambda:F.partial(q,2).func is q); t(lambda: F.partial(P(max,1),2).args); t(lambda:P(F.partial(max,1),2).args)
t(lambda:q.__reduce__()); t(lambda: repr(q)); t(lambda: F.partial.__get__)
class A:
    m=F.partial(max,1)
t(lambda: A().m(5)); t(lambda: A.m(3)); t(lambda: F.partial[int]); t(lambda:setattr(p,'func',1)); t(lambda:delattr(p,'args')); t(lambda:setattr(p,'z',1)); t(lambda:p.__dict__); t(lambda:setattr(p,'__dict__',{'k':1})); t(lambda:p.__dict__)
r=F.partial(max); r.__setstate__((r,(),{},{})); t(lambda:repr(r)); r.__setstate__((max,(),{},None))
k=F.cmp_to_key(lambda a,b:a-b)
L=F._lru_cache_wrapper
CI=lambda *all: ('info',) + all
def fn(*a,**k): fn.n+=1; return (a,k)
fn.n=0
for size in (0,2,None,-1):
    f=L(fn,size,False,CI)
    for a in (1,2,1,3,1,2,1.0,True): f(a)
    f(1,x=2); f(1,x=2); f(); f()
    t(lambda:(fn.n,f.cache_info())); t(lambda:f.cache_clear()); t(lambda:f.cache_info()); t(lambda: f([])); 
f=L(fn,3,True,CI); f(1);f(1.0);f(True);f('a');t(lambda:f.cache_info()); t(lambda:f(1)); t(lambda:f.cache_info())
t(lambda:L()); t(lambda:L(fn)); t(lambda:L(1,1,1,1)); t(lambda:L(fn,'a',1,CI)); t(lambda:L(fn,1,1,1).cache_info()); t(lambda: L(fn,10,False,CI).__reduce__()); t(lambda:[n for n in dir(f) if n not in dir(object)]); t(lambda:type(f)); t(lambda: f.__copy__() is f and f.__deepcopy__(1) is f); t(lambda: type(f).__module__); t(lambda: f.__dict__); t(lambda: setattr(f,'q',1)); t(lambda:f.__dict__)
class B:
    @lambda f: L(f,5,False,CI)
    def m(self,x): return x
b=B(); t(lambda:b.m(3)); t(lambda:b.m(3)); t(lambda:B.m.cache_info()); t(lambda: B.m(b,3)); t(lambda:B.m.cache_info())
def rec(n): return n if n<2 else rf(n-1)+rf(n-2)
rf=L(rec,None,False,CI); t(lambda: rf(200)); rf=L(rec,8,False,CI); t(lambda:rf(60)); t(lambda:rf.cache_info())
def bad(n): raise ValueError(n)
g=L(bad,2,False,CI); t(lambda:g(1)); t(lambda:g(1)); t(lambda:g.cache_info())
class E:
    def __init__(s,v): s.v=v
    def __hash__(s): return 1
    def __eq__(s,o): 
        h.cache_clear(); return s.v==o.v
h=L(fn,2,False,CI); h(E(1)); h(E(2)); h(E(3)); h(E(1)); t(lambda:h.cache_info()[3]<=2)
