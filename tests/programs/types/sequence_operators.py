# `+` and `*` of sequences, of their subclasses whose methods decline, and of what is none.
import collections, array
class Li(list):
    def __add__(s,o): return NotImplemented
class Lm(list):
    def __mul__(s,o): return NotImplemented
class Lr(list):
    def __rmul__(s,o): return NotImplemented
class S(str):
    def __add__(s,o): return NotImplemented
class T(tuple):
    def __add__(s,o): return NotImplemented
class N(int): pass
class P: pass
class Ra(list):
    def __radd__(s,o): return 'radd'
class Q:
    def __add__(s,o): return 'Q'
    def __radd__(s,o): return 'rQ'
    def __mul__(s,o): return NotImplemented
class L0(list): pass
vals=[Li([1]),Lm([1]),S('a'),T((1,)),N(2),P(),Ra([3]),Q(),L0([4]),[5],(6,),'s',b'b',bytearray(b'c'),2,2.5,True,None,{},{1},range(3),collections.deque([7]),array.array('i',[8]),memoryview(b'm'),collections.Counter('a'),collections.OrderedDict()]
import itertools
for i,a in enumerate(vals):
    for b in vals:
        for op in ('+','*','+=','*='):
            try:
                import copy
                try: x=copy.copy(a)
                except TypeError: x=a
                if len(op)==1: r=eval(f'x{op}b')
                else:
                    ns={'x':x,'b':b}; exec(f'x{op}b',ns); r=ns['x']
                r=f'{type(r).__name__} {r if not isinstance(r,(P,Q,memoryview)) else ""}'
            except BaseException as e: r=f'{type(e).__name__} {e}'
            print(type(a).__name__,op,type(b).__name__,r)
class F(str): pass
f=F('abc'); print(type(f % ()), (f % ()) is f, type(f % {}), type(F('a%%')%()), type(f%[]))
s='ab'+str(3); print((s % ()) is s)
