# OrderedDict: every method, its arguments and their errors, order, iteration, subclasses.
from _collections import OrderedDict, deque
O=OrderedDict
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
show(lambda: O())
show(lambda: O({1:2}))
show(lambda: O([(1,2)],a=3))
show(lambda: O(1))
show(lambda: O([],[]))
show(lambda: O([1]))
show(lambda: O([(1,2,3)]))
show(lambda: O(None))
show(lambda: O(**{'self':1,'other':2}))
show(lambda: O().update([],[]))
show(lambda: O.update())
show(lambda: O.__init__())
show(lambda: O().update(x=1))
show(lambda: O().update(5))
show(lambda: O().update([(1,)]))
show(lambda:O().update([5]))
o=O.fromkeys('abc')
show(lambda: o)
show(lambda: O.fromkeys())
show(lambda: O.fromkeys('ab',5))
show(lambda: O.fromkeys(iterable='ab',value=3))
show(lambda: O.fromkeys(5))
show(lambda: o.move_to_end('a'))
show(lambda: o)
show(lambda: o.move_to_end('c',last=False))
show(lambda:o)
show(lambda: o.move_to_end('zz'))
show(lambda: o.move_to_end(key='b',last=True))
show(lambda:o)
show(lambda:o.move_to_end())
show(lambda: O().move_to_end(1))
show(lambda: o.move_to_end([]))
show(lambda: o.move_to_end('a','b','c'))
show(lambda: O().move_to_end([]))
show(lambda: o.popitem())
show(lambda: o.popitem(last=False))
show(lambda: O().popitem())
show(lambda: O().popitem(False))
show(lambda: o.popitem(1,2))
show(lambda:o)
show(lambda: o.pop('q'))
show(lambda: o.pop('q',1))
show(lambda: o.pop(key='a',default=5))
show(lambda: o.pop())
show(lambda: o.pop([]))
show(lambda: o.pop(1,2,3))
show(lambda: O().pop([]))
show(lambda: O().pop([],1))
o=O(a=1,b=2)
show(lambda: o.setdefault('a'))
show(lambda: o.setdefault('z'))
show(lambda: o.setdefault(key='y',default=4))
show(lambda:o)
show(lambda: o.setdefault())
show(lambda: o.setdefault([]))
show(lambda: o.copy())
show(lambda: o.clear())
show(lambda:o)
o=O(a=1,b=2)
show(lambda: o.keys())
show(lambda: o.values())
show(lambda: o.items())
show(lambda: list(reversed(o)))
show(lambda: list(reversed(o.keys())))
show(lambda: list(reversed(o.values())))
show(lambda: list(reversed(o.items())))
show(lambda: list(o.items()))
show(lambda: o.keys()&{'a'})
show(lambda: o.items()=={('a',1),('b',2)})
show(lambda: o.keys().mapping)
show(lambda: len(o.keys()))
show(lambda: 'a' in o.keys())
show(lambda: o.keys().isdisjoint([]))
show(lambda: type(o.keys())())
show(lambda: type(iter(o))())
show(lambda: iter(o).__reduce__())
show(lambda: iter(o.items()).__reduce__())
i=iter(o.items())
next(i)
show(lambda: i.__reduce__())
show(lambda: list(i))
show(lambda: i.__reduce__())
show(lambda: reversed(o).__reduce__())
show(lambda: hasattr(i,'__length_hint__'))
show(lambda: o=={'b':2,'a':1})
show(lambda: o==O(b=2,a=1))
show(lambda: {'b':2,'a':1}==o)
show(lambda: o!=O(b=2,a=1))
show(lambda: o!={'b':2,'a':1})
show(lambda: o<o)
show(lambda: o==5)
show(lambda: o.__eq__(5))
show(lambda: o.__lt__(o))
show(lambda: o.__reduce__()[:4])
show(lambda: list(o.__reduce__()[4]))
show(lambda: hash(o))
o.x=1
show(lambda: o.__dict__)
show(lambda: o.__reduce__()[:4])
show(lambda: o.copy().__dict__)
show(lambda: O.__dict__['__dict__'])
show(lambda: o|{'c':3})
show(lambda: {'c':3}|o)
show(lambda: o|[])
show(lambda: []|o)
show(lambda: o|O(q=1))
show(lambda: o.__or__([]))
show(lambda: o.__ror__({}))
def f():
    global o; o|=[('k',1)]; return o
show(f)
def f():
    global o; o|=5; return o
show(f)
o=O()
o['s']=o
show(lambda:o)
o['t']=[o]
show(lambda:o)
# iteration errors
def loop(make, act):
    def g():
        global o
        o=O(a=1,b=2,c=3); out=[]
        try:
            for k in make(o):
                out.append(k); act(o,k)
                if len(out)>8: break
        except RuntimeError as e: out.append(str(e))
        except KeyError as e: out.append(('KeyError',str(e)))
        return out
    return g
acts={'del':lambda o,k:o.pop(k if isinstance(k,str) else 'a',0),'add':lambda o,k:o.__setitem__('z'+str(len(o)),1),'mte':lambda o,k:o.move_to_end('a'),'mtef':lambda o,k:o.move_to_end('c',False),'mtelast':lambda o,k:o.move_to_end('c'),'mtefirst':lambda o,k:o.move_to_end('a',last=False),'clear':lambda o,k:o.clear(),'same':lambda o,k:o.__setitem__('a',5),'delb':lambda o,k:o.pop('b',0),'delc':lambda o,k:o.pop('c',0),'swap':lambda o,k:(o.popitem(),o.__setitem__('c',9)),'swap0':lambda o,k:(o.pop('a',0),o.__setitem__('a',9))}
for n,a in acts.items():
    for m in (iter, reversed, lambda o:o.keys(), lambda o:o.values(), lambda o:o.items(), lambda o:reversed(o.items())):
        print(n, end=' '); show(loop(m,a))
# iterator continued after error
o=O(a=1,b=2)
i=iter(o)
next(i)
o['c']=3
show(lambda: next(i))
show(lambda: next(i))
del o['c']
show(lambda: next(i))
show(lambda: list(i))
o=O(a=1,b=2)
i=iter(o)
next(i)
o.move_to_end('a')
show(lambda: next(i))
show(lambda:next(i))
o=O(a=1)
i=iter(o)
next(i)
o['c']=3
show(lambda: next(i))
show(lambda: i.__reduce__())
o=O(a=1)
i=iter(o)
list(i)
o['c']=3
show(lambda: next(i))
o=O()
i=iter(o)
o['c']=3
show(lambda: next(i))
o=O(a=1)
i=iter(o)
o['c']=3
show(lambda: i.__reduce__())
# subclass overrides
class L(O):
    log=[]
    def __getitem__(self,k): L.log.append(('get',k)); return super().__getitem__(k)
    def __setitem__(self,k,v): L.log.append(('set',k)); super().__setitem__(k,v)
    def __delitem__(self,k): L.log.append(('del',k)); super().__delitem__(k)
    def __contains__(self,k): L.log.append(('in',k)); return super().__contains__(k)
    def __missing__(self,k): L.log.append(('miss',k)); return 'M'
    def __iter__(self): L.log.append('iter'); return super().__iter__()
    def keys(self): L.log.append('keys'); return super().keys()
    def items(self): L.log.append('items'); return super().items()
    def update(self,*a,**k): L.log.append('update'); return super().update(*a,**k)
    def __len__(self): L.log.append('len'); return super().__len__()
    def __eq__(self,o): L.log.append('eq'); return super().__eq__(o)
    def pop(self,*a): L.log.append('pop'); return super().pop(*a)
def logged(n,f):
    L.log.clear()
    try: r=f(); s=dict.__repr__(r) if isinstance(r,dict) else repr(r)
    except BaseException as e: s=type(e).__name__+str(e)
    print(n, type(r).__name__ if 'r' in locals() else '', s, L.log)
x=None
def mk():
    global x
    x=L([('a',1),('b',2)],c=3); return x
logged('new',mk)
logged('pop',lambda:x.pop('a'))
logged('popmiss',lambda:x.pop('q'))
logged('popdef',lambda:x.pop('q',7))
logged('setdefault',lambda:x.setdefault('n',4))
logged('setdefault2',lambda:x.setdefault('n',4))
logged('popitem',lambda:x.popitem())
logged('popfirst',lambda:x.popitem(last=False))
logged('mte',lambda:x.move_to_end('c'))
logged('copy',lambda:x.copy())
mk()
logged('copy',lambda:x.copy())
logged('or',lambda:x|{'z':1})
logged('ror',lambda:{'z':1}|x)
logged('eq',lambda:x==O(a=1))
logged('eqself',lambda:x==x)
logged('eqd',lambda:O(a=1)==x)
logged('eq2',lambda: O(a=1,b=2,c=3)==x)
logged('repr',lambda:repr(x))
logged('reduce',lambda:x.__reduce__()[:4])
logged('iter',lambda:list(x))
logged('dict',lambda:dict(x))
logged('O',lambda:O(x))
logged('upd',lambda:O().update(x))
logged('values',lambda:list(O.values(x)))
logged('items',lambda:list(O.items(x)))
logged('fromkeys',lambda:L.fromkeys('ab'))
logged('rev',lambda:list(reversed(x)))
logged('clear',lambda:x.clear())
logged('missing',lambda:x['q'])
mk()
logged('ior',lambda:x.__ior__({'q':1}))
logged('kw',lambda: dict(**x))
logged('mterr',lambda:x.move_to_end('nope'))
logged('sizeof',lambda: x.__sizeof__()>0)
logged('del',lambda:x.__delitem__('nope'))
class N(O):
    def __new__(cls,*a): return O.__new__(cls)
    def __init__(self, q): pass
show(lambda: N(1))
show(lambda: N(1).copy())
show(lambda: N(1)|{})
show(lambda: O().__class_getitem__(int))
show(lambda: O[int,str])
show(lambda: O.__new__(dict))
show(lambda: O.__new__())
show(lambda: O.pop({},1))
show(lambda: O.__setitem__({},1,2))
class M:
    def keys(self): return ['k1','k2']
    def __getitem__(self,k): return k*2
class I:
    def items(self): return [('i',1)]
show(lambda: O(M()))
show(lambda: O(I()))
show(lambda: O().__ior__(M()))
class KI:
    keys=5
    def items(self): return [('i',1)]
show(lambda: O(KI()))
class PR:
    def items(self): raise ValueError('x')
show(lambda: O(PR()))
class PK:
    def keys(self): raise ValueError('x')
show(lambda: O(PK()))
show(lambda: O([('a',1),('a',2)]))
show(lambda: O(['ab','cd']))
show(lambda: O([()]))
show(lambda: O([5]))
show(lambda:O(['a']))
show(lambda:O(['abc']))
show(lambda:O([{1,2,3}]))
import sys; print(sys.getsizeof(O()), sys.getsizeof(O(a=1)), sys.getsizeof(O.fromkeys(range(10))), O().__sizeof__())
o=O(a=1,b=2)
o['a']=3
show(lambda:o)
del o['a']
o['a']=1
show(lambda:o)
show(lambda: o.move_to_end.__doc__ is not None)
show(lambda: dict(O(a=1)))
show(lambda: {**O(a=1)})
show(lambda: list(zip(o,o)))
def f(): del o['zz']
show(f)
def f(): del o[[]]
show(f)
def f(): o[[]]=1
show(f)
def f(): del o.__dict__
show(f)
def f(): o.__dict__={'n':1}; return o.n
show(f)
def f(): o.__dict__=5
show(f)
o=O(a=1)
show(lambda: O.__eq__(o,{'a':1}))
show(lambda:O.__eq__(o,{'a':1.0}))
show(lambda: O.__ne__(o,{'a':2}))
o=O(a=1,b=2,c=3)
