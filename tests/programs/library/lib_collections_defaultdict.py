# defaultdict: construction, missing keys, copies, operators, subclasses, factories that change the dict.
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
show(lambda: defaultdict())
show(lambda: defaultdict(int))
show(lambda: defaultdict(5))
show(lambda: defaultdict(None, {1:2}, a=3))
show(lambda: defaultdict(int,[(1,2)],[3]))
show(lambda: defaultdict(default_factory=int))
show(lambda: defaultdict({1:2}))
show(lambda: defaultdict(int, 5))
class B: 
    def __repr__(self): return 'B'
d=defaultdict(list,{1:[2]})
show(lambda: d[3])
show(lambda: d)
show(lambda: d.__missing__(9))
show(lambda: d.__missing__())
show(lambda: d.get(44))
show(lambda: 44 in d)
show(lambda: d[[]])
show(lambda: d.__missing__([]))
show(lambda: defaultdict()[1])
show(lambda: defaultdict().__missing__(1))
show(lambda: defaultdict().__missing__((1,2)))
show(lambda: d.default_factory)
d.default_factory=5
show(lambda: d)
show(lambda: d['new'])
def f(): del d.default_factory
show(f)
show(lambda: d.default_factory)
show(f)
show(lambda: d)
d=defaultdict(list,{1:[2]})
show(lambda: d.copy())
show(lambda: d.__copy__())
show(lambda: d.__reduce__()[:4])
show(lambda: list(d.__reduce__()[4]))
show(lambda: defaultdict().__reduce__()[:4])
class S(defaultdict):
    def __init__(self,*a,**k): print('init',a,k); super().__init__(*a,**k)
s=S(int,{1:2}); s.x=1
show(lambda: s.copy())
show(lambda: s.__copy__())
show(lambda: s|{3:4})
show(lambda: {3:4}|s)
show(lambda: s.__reduce__()[:4])
show(lambda: s|s)
show(lambda: s.__or__([]))
show(lambda: s|[])
show(lambda: []|s)
show(lambda: s.__ror__({1:5}))
show(lambda: s.__ror__([]))
show(lambda: d|{2:3})
show(lambda: {2:3}|d)
def f(): 
    global d; d|={7:8}; return d
show(f)
def f(): 
    global d; d|=[(7,9)]; return d
show(f)
def f(): 
    global d; d|=5; return d
show(f)
d=defaultdict(list)
d[1].append(d)
show(lambda: d)
d=defaultdict()
d.default_factory=d
show(lambda: d)
class F:
    def __init__(self): self.d=None
    def __repr__(self): return 'F(%r)'%(self.d,)
    def __call__(self): return 1
f=F()
d=defaultdict(f)
f.d=d
show(lambda: d)
show(lambda: defaultdict[int,str])
show(lambda: hash(d))
show(lambda: defaultdict.fromkeys([1,2]))
show(lambda: defaultdict.fromkeys([1],5))
show(lambda: defaultdict.__missing__({},1))
show(lambda: defaultdict.__init__({},1))
show(lambda: defaultdict.__new__(dict))
show(lambda: defaultdict.__new__(defaultdict,1,2,3).default_factory)
x=defaultdict.__new__(defaultdict)
show(lambda: x)
show(lambda: x[1])
show(lambda: x.default_factory)
def f(): x.foo=1
show(f)
x=defaultdict(list)
x.__init__(int)
show(lambda:x)
x[1]
x.__init__()
show(lambda: x)
x.__init__(int,{5:6})
show(lambda:x)
def f(): x.__init__(7)
show(f)
show(lambda: x)
def bad(): raise ValueError('bad')
x=defaultdict(bad)
show(lambda: x[1])
show(lambda: x)
def mut(): x.clear(); x['m']=1; return 2
x=defaultdict(mut,{1:1})
show(lambda:x[5])
show(lambda:x)
def mut(): x[5]='first'; return 'second'
x=defaultdict(mut,{1:1})
show(lambda:x[5])
show(lambda:x)
class SS(defaultdict):
    def __setitem__(self,k,v): print('set',k,v); super().__setitem__(k,v)
x=SS(int)
show(lambda:x[5])
show(lambda:x)
show(lambda:x|{1:2})
show(lambda: x.setdefault(9,9))
show(lambda:x.copy())
class SM(defaultdict):
    def __missing__(self,k): return 'miss'
x=SM(int)
show(lambda:x[5])
show(lambda:x)
show(lambda: defaultdict(int)=={})
show(lambda: dict(defaultdict(int,{1:2})))
match defaultdict(int,{1:2}):
    case {1:z}: print(z)
match defaultdict(int,{1:2}):
    case defaultdict(z): print(z)
import sys
print(sys.getsizeof(defaultdict()), sys.getsizeof({}))
