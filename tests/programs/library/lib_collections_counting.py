# _tuplegetter and _count_elements.
from _collections import defaultdict, _tuplegetter, _count_elements, deque
def plain(value):
    shown = repr(value)
    while ' at 0x' in shown:
        start = shown.index(' at 0x')
        end = start + 6
        while end < len(shown) and shown[end] in '0123456789abcdef':
            end += 1
        shown = shown[:start] + shown[end:]
    return shown
def show(f):
    try: r=f(); print(plain(r))
    except BaseException as e: print(type(e).__name__, e)
g=_tuplegetter(1,'doc')
show(lambda: g)
show(lambda: g.__doc__)
show(lambda: g.__reduce__())
show(lambda: g.__get__((5,6)))
show(lambda: g.__get__((5,6),tuple))
show(lambda: g.__get__(None,tuple) is g)
show(lambda: g.__get__(None,None))
show(lambda: g.__get__())
show(lambda: g.__get__([1,2]))
show(lambda: g.__get__((1,)))
show(lambda: _tuplegetter())
show(lambda: _tuplegetter(1))
show(lambda: _tuplegetter('a','b'))
show(lambda: _tuplegetter(1,2,3))
show(lambda: _tuplegetter(10**30,2))
show(lambda: _tuplegetter(index=1,doc=2))
show(lambda: _tuplegetter(-1,'x').__get__((1,2,3)))
show(lambda: _tuplegetter(-9,'x').__get__((1,2,3)))
def f(): g.__doc__=5
show(f)
show(lambda: g.__doc__)
def f(): del g.__doc__
show(f)
show(lambda: g.__doc__)
show(lambda: g.__set__((1,2),3))
show(lambda: g.__delete__((1,2)))
show(lambda: g.__set__(1))
show(lambda: g.__set__(5,6))
show(lambda:g.__set__(None,6))
class P(tuple):
    a=_tuplegetter(0,'first'); b=_tuplegetter(1,'second')
    __slots__=()
p=P((1,2))
show(lambda:(p.a,p.b))
show(lambda: P.a)
def f(): p.a=1
show(f)
def f(): del p.a
show(f)
class Q: a=_tuplegetter(0,'x')
show(lambda: Q().a)
show(lambda: Q.a)
def f(): Q().a=1
show(f)
show(lambda: type("x",(_tuplegetter,),{}))
# count
m={}
show(lambda: _count_elements(m,'abca'))
show(lambda:m)
show(lambda: _count_elements(m))
show(lambda: _count_elements(5,'a'))
show(lambda: _count_elements(m,5))
show(lambda: _count_elements({'a':'x'},'a'))
show(lambda: _count_elements(m,[[]]))
show(lambda: _count_elements({},{}) )
show(lambda: _count_elements(5,''))
class C(dict): pass
c=C()
_count_elements(c,'aab')
show(lambda:c)
class C(dict):
    def get(self,k,d=None): print('get',k,d); return super().get(k,d)
c=C()
_count_elements(c,'aab')
show(lambda:c)
class C(dict):
    def __setitem__(self,k,d=None): print('set',k,d); return super().__setitem__(k,d)
c=C()
_count_elements(c,'aab')
show(lambda:c)
class C(dict):
    def __getitem__(self,k): print('getitem'); return 5
    def __contains__(self,k): print('cont'); return 5
    def __missing__(self,k): print('miss'); return 5
c=C()
_count_elements(c,'aab')
show(lambda:c)
class C:
    def __init__(self): self.d={}
    def get(self,k,d=None): print('get',k,d); return self.d.get(k,d)
    def __setitem__(self,k,v): print('set',k,v); self.d[k]=v
c=C()
_count_elements(c,'aab')
show(lambda:c.d)
class C:
    def get(self,k,d=None): return 1
show(lambda: _count_elements(C(),'a'))
class C:
    get=5
    def __setitem__(self,k,v): pass
show(lambda: _count_elements(C(),'a'))
from _collections import OrderedDict
o=OrderedDict()
_count_elements(o,'aab')
show(lambda:o)
o=defaultdict(int)
_count_elements(o,'aab')
show(lambda:o)
class D(dict): get=dict.get
o=D()
_count_elements(o,'aab')
show(lambda:o)
class D(dict): get=lambda self,k,d: 10
o=D()
_count_elements(o,'aab')
show(lambda:o)
