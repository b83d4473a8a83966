# Numbers beyond what the system takes, classes that ask in odd ways, readers that advance themselves.
import grp,pwd
for f in (grp.getgrgid,pwd.getpwuid):
    for v in (2**128,2**32,-1,-2,2**32-1,2**63,1.5,'x'):
        try: f(v)
        except Exception as e: print(f.__name__,v,type(e).__name__,e)
import re
p=re.compile('a')
for f in (p.match,p.search,p.fullmatch,p.findall,p.finditer,p.scanner):
    for pos in (2**63,2**70,-2**70,2**63-1):
        for k in ('pos','endpos'):
            try: print(f.__name__, k, f('aaa',**{k:pos}) is not None)
            except Exception as e: print(f.__name__,k,type(e).__name__,e)

try: p.sub('x','aaa',2**70)
except Exception as e: print(type(e).__name__,e)
import array,collections.abc
print(issubclass(array.array,collections.abc.MutableSequence))
import csv
class ReentrantIter:
    reader=None; n=0
    def __iter__(self): return self
    def __next__(self):
        self.n+=1
        if self.n==1:
            try: next(self.reader)
            except StopIteration: pass
            return 'a,b'
        if self.n==2: return 'x'
        raise StopIteration
it=ReentrantIter(); r=csv.reader(it); it.reader=r
try: print(next(r))
except Exception as e: print(type(e),e)
print(list(r))
class N:
    def __getattribute__(self,n): raise AttributeError(n)
import abc
class A(metaclass=abc.ABCMeta): pass
print(isinstance(N(),A))
try: print(isinstance(N(),int))
except Exception as e: print(type(e),e)
class A:
    f=classmethod(repr)
import sys
ev=[]
sys.setprofile(lambda f,e,a: ev.append(e))
A().f()
sys.setprofile(None)
print(ev)
class B:
    f=classmethod(max)
ev=[]
sys.setprofile(lambda f,e,a: ev.append(e))
B().f(1,key=lambda x:0)
sys.setprofile(None)
print(ev)
ev=[]
sys.setprofile(lambda f,e,a: ev.append(e))
B.f(1,key=lambda x:0)
B().f(*(1,),**{'key':lambda x:0})
A().f(*())
sys.setprofile(None)
print(ev)
