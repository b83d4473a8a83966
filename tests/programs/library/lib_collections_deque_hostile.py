# deque: items that change the deque while it is searched, compared, emptied or filled.
from _collections import deque
def plain(value):
    shown = repr(value)
    while ' at 0x' in shown:
        start = shown.index(' at 0x')
        end = start + 6
        while end < len(shown) and shown[end] in '0123456789abcdef':
            end += 1
        shown = shown[:start] + shown[end:]
    return shown
def show(n,f):
    try: r=f(); print(n,plain(r))
    except BaseException as e: print(n,type(e).__name__, e)
class E:
    act=None
    def __init__(self,n,eq=False): self.n=n; self.q=eq
    def __eq__(self,o):
        if E.act: E.act()
        return self.q
    def __repr__(self): return 'E%d'%self.n
    __hash__=None
acts={'clear':lambda:d.clear(),'append':lambda:d.append(1),'popleft':lambda:d.popleft() if d else 0,'pop':lambda:d.pop() if d else 0,'rot':lambda:d.rotate(1),'set':lambda:d.__setitem__(0,0) if d else 0,'rev':lambda:d.reverse(), 'appop':lambda:(d.append(1),d.pop()),'raise':lambda:1/0}
for q in (False,True):
  for an,a in acts.items():
    for n,f in (('remove',lambda:d.remove(9)),('index',lambda:d.index(9)),('count',lambda:d.count(9)),('in',lambda:9 in d),('eq',lambda:d==deque([9,9,9,9])),('lt',lambda:d<deque([9,9,9,9])),('ne',lambda:d!=deque([9,9,9,9])),('eqr',lambda:deque([9,9,9,9])==d)):
        E.act=None
        d=deque([E(0,q),E(1),E(2,q),E(3)])
        E.act=a
        show((q,an,n),f); E.act=None; print(list(d))
class D:
    def __init__(self,n,f=None): self.n=n; self.f=f
    def __del__(self): print('del',self.n,len(d)); self.f and self.f()
    def __repr__(self): return 'D%d'%self.n
E.act=None
d=deque(D(i) for i in range(3)); d.clear(); print(d)
d=deque([D(0,lambda:d.append(7)),D(1,lambda:d.append(8))]); d.clear(); print(d)
d=deque([D(0,lambda:d.append(7)),D(1,lambda:d.append(8))],2); d.append(1); print(d); d.append(2); print(d); d.append(3);print(d)
d=deque([D(0,lambda:d.clear()),D(1,lambda:d.append(8))],2); d.append(1); print(d); d.append(2); print(d)
d=deque([1,D(1,lambda:d.clear()),2,3]); del d[1]; print(d)
d=deque([1,D(1,lambda:d.clear()),2,3]); d[1]=0; print(d)
d=deque([1,D(1,lambda:d.extend('abc'))]); d.pop(); print(d)
d=deque([D(0),D(1)],2); d.rotate(1); d.extendleft([5,6]); print(d)
d=deque([D(0),D(1)]); d*=0; print(d)
d=deque([D(i) for i in range(4)],4); d*=3; print(len(d)); d.__init__(); print(d)
d=deque([D(1,lambda:d.append(2))]); d.remove(d[0]); print(d)
def gen():
    for i in range(5):
        yield i
        d.append('g')
d=deque(); d.extend(gen()); print(d)
def gen():
    for i in range(5):
        yield i
        d.clear()
d=deque(); d.extend(gen()); print(d); d.extendleft(gen()); print(d)
def gen():
    yield 1
    raise ValueError('gen')
d=deque([0])
show('g',lambda:d.extend(gen()))
print(d)
class Ix:
    def __init__(s,f,v): s.f=f; s.v=v
    def __index__(s): s.f(); return s.v
d=deque(range(5))
show('ix',lambda:d[Ix(lambda:d.clear(),2)])
d=deque(range(5))
show('ix',lambda:d.__setitem__(Ix(lambda:d.clear(),2),9))
d=deque(range(5))
show('ix',lambda:d.__delitem__(Ix(lambda:d.clear(),2)))
d=deque(range(5))
show('ix',lambda:d.insert(Ix(lambda:d.clear(),2),9))
print(d)
d=deque(range(5))
show('ix',lambda:d.rotate(Ix(lambda:d.clear(),2)))
d=deque(range(5))
show('ix',lambda:d.index(3,Ix(lambda:d.clear(),2)))
d=deque(range(5))
show('ix',lambda:d*Ix(lambda:d.clear(),2))
d=deque(range(5))
show('ix',lambda:d.index(3,Ix(lambda:d.append(3),2),Ix(lambda:d.append(3),20)))
class I(deque):
    def __iter__(self): return iter('xyz')
i=I([1,2])
show('sub',lambda:i)
show('sub',lambda:list(i))
show('sub', lambda:i.copy())
show('sub',lambda:deque(i))
show('sub',lambda:i+i)
show('sub',lambda:deque()+i)
show('sub',lambda:i==deque('xyz'))
show('sub',lambda: i.__reduce__()[0:3])
show('sub',lambda:list(reversed(i)))
show('sub',lambda: list.__len__(list(i)))
i.extend(i)
print(list(deque.__iter__(i)))
class L(deque):
    def __len__(self): return 99
l=L([1])
show('len',lambda:l[0])
show('len',lambda:l[1])
show('len',lambda:l.copy())
show('len',lambda: len(l))
show('len', lambda: l.rotate(1))
class A(deque):
    def append(self,x): print('append',x); super().append(x)
    def extend(self,x): print('extend',x); super().extend(x)
a=A([1,2]); a+=[3]; print(a, a*2, a+a)
x=deque()
y=deque([x])
x.append(y)
x=deque(); 
for _ in range(100000): x=deque([x])
del x
import gc, weakref
class X: pass
class W:
    def __init__(self): self.d=deque([self]); self.it=iter(self.d)
    def __del__(self): print('gone')
W(); gc.collect(); print('collected')
d=deque(); d.append(iter(d)); d.append(reversed(d)); x=X(); d.append(x); r=weakref.ref(x); del d, x; gc.collect(); print(r() is None)
d=deque('abc'); it=iter(d); del d; print(list(it))
nan=float('nan'); d=deque([nan]); print(nan in d, d.count(nan), d==deque([nan]), d==deque([float('nan')]), d.index(nan))
d=deque([1,1.0,True,2**70,'a']); print(d.count(1), d.index(2**70), d.count(2**70), 'a' in d, d.index(True,1))
d=deque(range(1000,1010)); a=d[3]; print(a is d[3]); 
for k in range(10):
    e=deque(range(10)); e.rotate(3); e.appendleft(-1); e.popleft(); e.insert(k,99); print(list(e)); del e[k]; print(list(e)); e.rotate(-k); print(list(e))
d=deque(maxlen=5)
for i in range(12): d.append(i)
d.rotate(2); print(d, list(reversed(d))); d.insert if 0 else 0; d.popleft(); d.insert(2,'i'); print(d); d.reverse(); print(d); d.extendleft('ab'); print(d)
print(deque([1,2,3])>deque([1,2]), deque()<deque([1]), deque([2])>=deque([1,5]), deque([1,2])<=deque([1,2]), deque([1])>deque([1]))
def kind(f):
    try:
        f()
    except RecursionError as error:
        print(type(error).__name__)
x = deque()
for _ in range(100000): x = deque([x])
kind(lambda: repr(x))
kind(lambda: x == deque([deque([deque()])]))
del x
x = deque()
y = deque([x])
x.append(y)
kind(lambda: x == y)
