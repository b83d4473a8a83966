import _operator as o
def t(f):
    try: r=repr(f()); print(r if '0x' not in r else 'an object')
    except BaseException as e: print(type(e).__name__, e)
class A:
    __repr__ = lambda self: 'A()'
for n in ('add','sub','mul','truediv','floordiv','mod','lshift','rshift','and_','or_','xor','pow','matmul','eq','ne','lt','le','gt','ge','is_','is_not','iadd','isub','imul','itruediv','ifloordiv','imod','ilshift','irshift','iand','ior','ixor','ipow','imatmul','concat','iconcat','contains','countOf','indexOf','getitem','delitem'):
    f=getattr(o,n)
    for a in ((6,3),('a','b'),([1,2],[2]),(5,None),(A(),A),([1,2],1),({1:2},1)): t(lambda:f(*a))
    t(lambda:f()); t(lambda:f(1))
for n in ('not_','truth','pos','neg','inv','invert','abs','index','is_none','is_not_none'):
    f=getattr(o,n)
    for a in (5,-5,None,'a',[]): t(lambda:f(a))
    t(lambda:f())
l=[1,2]; t(lambda:o.setitem(l,0,9)); t(lambda:l); t(lambda:o.setitem(1,2,3)); t(lambda:o.length_hint([1,2])); t(lambda:o.length_hint(1)); t(lambda:o.length_hint(1,'a')); t(lambda:o.length_hint(A(),7)); t(lambda:o.call(max,1,2)); t(lambda:o.call(dict,a=1)); t(lambda:o.call()); t(lambda:o.length_hint()); t(lambda:o.index(1.5))
t(lambda:o._compare_digest(b'a',b'a')); t(lambda:o._compare_digest('a','b')); t(lambda:o._compare_digest('a',b'a')); t(lambda:o._compare_digest('é','é')); t(lambda:o._compare_digest(1,2)); t(lambda:o._compare_digest(bytearray(b'ab'),memoryview(b'ab'))); t(lambda:o._compare_digest(b'a',b'abc'))
I=o.itemgetter; g=I(1); t(lambda:g([1,2])); t(lambda:I(1,0)([1,2])); t(lambda:I()); t(lambda:repr(g)); t(lambda:repr(I('a',2))); t(lambda:g.__reduce__()); t(lambda:g('abc')); t(lambda:g(1)); t(lambda:g()); t(lambda:g(1,2)); t(lambda:g(x=1)); t(lambda:I(a=1)); t(lambda:I(slice(0,2))([1,2,3])); t(lambda:I(-1)((1,2,3))); t(lambda:I(9)((1,))); t(lambda:I('k')({'k':5})); t(lambda:I(0)({0:'z'})); t(lambda:I(True)([1,2]))
G=o.attrgetter; t(lambda:G('real')(5)); t(lambda:G('real','imag')(5)); t(lambda:G('a.b')); t(lambda:G('__class__.__name__')(5)); t(lambda:G(1)); t(lambda:G()); t(lambda:repr(G('a','b.c'))); t(lambda:G('a').__reduce__()); t(lambda:G('a.b','c').__reduce__()); t(lambda:G('zz')(1)); t(lambda:G('')(1)); t(lambda:G('a..b')(1)); t(lambda:G('real')()); t(lambda:G(x=1))
M=o.methodcaller; t(lambda:M('upper')('a')); t(lambda:M('split',',')('a,b')); t(lambda:M('split',sep=',')('a,b')); t(lambda:M()); t(lambda:M(1)); t(lambda:repr(M('f',1,x=2))); t(lambda:M('f').__reduce__()); t(lambda:M('f',1).__reduce__()); t(lambda:M('zz')(1)); t(lambda:M('upper')()); t(lambda:M('upper')('a','b')); t(lambda:M('format',1,2,a=3)('{}{}{a}'))
t(lambda:type(g)); t(lambda:type('X',(I,),{})); t(lambda:I.__match_args__ if hasattr(I,'__match_args__') else 0); 
class R(list): 
    def __repr__(s): return 'R'
x=I(R()); t(lambda:repr(x))
class Big:
    def __contains__(s,x): return x
t(lambda:o.contains(Big(),5)); t(lambda:o.countOf([1,1,2],1)); t(lambda:o.countOf(1,1)); t(lambda:o.indexOf([1,2],2)); t(lambda:o.indexOf([1,2],5)); t(lambda:o.indexOf(5,5)); t(lambda:o.concat(1,2)); t(lambda:o.concat('a',1)); t(lambda:o.iconcat(1,2)); t(lambda:o.concat({},{}))
