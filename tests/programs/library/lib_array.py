import array
A=array.array
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
print(array.typecodes)
for c in 'bBwhHiIlLqQfd':
    t(lambda:A(c)); t(lambda:A(c,'ab' if c in 'uw' else [1,2])); t(lambda:A(c).itemsize); t(lambda:A(c,[2**70] if c not in 'uw' else ['ab'])); t(lambda:A(c,[-1] if c not in 'uw' else [1])); t(lambda:A(c,['x'] if c not in 'uw' else ['😀'])); t(lambda:A(c,[1.5] if c not in 'uw' else b'')); t(lambda: A(c,[300] if c not in 'uw' else ''))
t(lambda:A()); t(lambda:A('x')); t(lambda:A('bb')); t(lambda:A(1)); t(lambda:A('b',1)); t(lambda:A('b','a')); t(lambda:A('b',b'ab')); t(lambda:A('b',bytearray(b'ab'))); t(lambda:A('h',b'abc')); t(lambda:A('b',A('h',[1,2]))); t(lambda:A('b',A('h',[1000]))); t(lambda:A('b',A('w','a'))); t(lambda:A('b',[1],2)); t(lambda:A('b',x=1)); t(lambda:A('d',(1,2)))
a=A('i',[1,2,3,4,5])
for k in (0,-1,5,-6,slice(1,3),slice(None,None,2),slice(None,None,-1),'a',1.5): t(lambda:a[k])
def s(k,v): 
    b=A('i',a); b[k]=v; return b
for k,v in ((0,9),(-1,9),(9,9),(0,'a'),(slice(1,3),A('i',[7])),(slice(1,3),[7]),(slice(1,3),A('b',[7])),(slice(None,None,2),A('i',[7,8,9])),(slice(None,None,2),A('i',[7])),(slice(5,2),A('i',[0])),('a',1),(0,2**40)): t(lambda:s(k,v))
def d(k): 
    b=A('i',a); del b[k]; return b
for k in (0,-1,9,slice(1,3),slice(None,None,2),slice(None,None,-2),'a'): t(lambda:d(k))
def m(n,*r):
    b=A('i',a); return getattr(b,n)(*r), b
for c in (('append',6),('append','a'),('append',2**40),('append',),('insert',0,9),('insert',-1,9),('insert',99,9),('insert',-99,9),('pop',),('pop',0),('pop',9),('pop',-9),('remove',3),('remove',9),('index',3),('index',9),('index',3,1),('index',3,3),('index',3,0,1),('count',1),('reverse',),('byteswap',),('tobytes',),('tolist',),('extend',[6,7]),('extend',A('i',[1])),('extend',A('b',[1])),('extend',1),('extend','ab'),('frombytes',b'\1\0\0\0'),('frombytes',b'abc'),('frombytes','a'),('fromlist',[1,2]),('fromlist',[1,'a']),('tounicode',),('fromunicode','a'),('buffer_info','x'),('clear',),('__copy__',),('__deepcopy__',{}),('__sizeof__',)): t(lambda:m(*c))
t(lambda:a+a); t(lambda:a+[1]); t(lambda:a+A('b',[1])); t(lambda:a*2); t(lambda:2*a); t(lambda:a*-1); t(lambda:a*'a'); t(lambda:a*10**30)
b=A('i',a); b+=A('i',[9]); t(lambda:b); b*=2; t(lambda:b)
def ia(x): 
    b=A('i',a); b+=x; return b
t(lambda:ia([1])); t(lambda:ia(A('b',[1])))
t(lambda:3 in a); t(lambda:'a' in a); t(lambda:a==A('i',a)); t(lambda:a==A('d',[1,2,3,4,5])); t(lambda:a<A('i',[1,3])); t(lambda:a>A('b',[1])); t(lambda:a==[1]); t(lambda:a<[1]); t(lambda:a!=A('i')); t(lambda:A('d',[float('nan')])==A('d',[float('nan')])); t(lambda:hash(a)); t(lambda:len(a)); t(lambda:list(iter(a))); t(lambda:type(iter(a))); t(lambda:iter(a).__reduce__()); t(lambda:list(reversed(a)))
t(lambda:a.__reduce_ex__(2)); t(lambda:a.__reduce_ex__(3)); t(lambda:a.typecode); t(lambda:A('w','a😀').tounicode()); t(lambda:A('w','ab')+A('w','c')); t(lambda:A('w').fromunicode('ab')); t(lambda:A('w','ab')[0]); t(lambda:A('w').append('ab')); t(lambda:A('w').append(1)); t(lambda:str(A('w','ab')))
v=memoryview(a); t(lambda:(v.format,v.itemsize,v.shape,v.readonly,v[1],v.tolist())); v[0]=77; t(lambda:a[0]); t(lambda:a.append(1)); t(lambda:a.pop()); t(lambda: a.extend([1])); t(lambda:a.clear()); v.release(); t(lambda:a.append(1)); t(lambda:bytes(A('h',[1,2]))); t(lambda:memoryview(A('w','ab')).format); t(lambda:memoryview(A('d',[1.5])).tolist()); t(lambda:memoryview(A('L',[1])).format)
class S(A):
    def __init__(s,*r): s.x=1
x=S('b',[1]); t(lambda:x); t(lambda:x+x); t(lambda:type(x+x)); t(lambda:x.__reduce_ex__(3)); t(lambda:x.__dict__)
t(lambda:A[int]); t(lambda:A('f',[1e39])); t(lambda:A('f',[0.1])); t(lambda:A('f',[1e400])); t(lambda:array._array_reconstructor(A,'i',8,b'\1\0\0\0')); t(lambda:array._array_reconstructor(A,'i',9,b'\0\0\0\1')); t(lambda:array._array_reconstructor(A,'h',12,b'')); t(lambda:array._array_reconstructor(A,'h',99,b'')); t(lambda:array._array_reconstructor(1,'h',1,b'')); t(lambda:array._array_reconstructor(A,'x',1,b'')); t(lambda:array._array_reconstructor(A,'q',8,b'\1\0\0\0')); t(lambda:array._array_reconstructor(A,'w',20,b'a\0\0\0')); t(lambda:array._array_reconstructor(A,'d',14,b'\0'*8)); t(lambda:array._array_reconstructor(A,'i',8,b'\1\0\0'))
import sys; t(lambda:array.ArrayType is A)
class F:
    def write(s,x): print('w',len(x))
    def read(s,n): return b'\1\0\0\0'*2
t(lambda:A('i',[1,2]).tofile(F())); z=A('i'); t(lambda:z.fromfile(F(),2)); t(lambda:z); t(lambda:z.fromfile(F(),3)); t(lambda:z); t(lambda:z.fromfile(F(),-1))
class E:
    def __eq__(s,o): w.clear(); return False
w=A('i',[1,2,3]); t(lambda:w.index(E())); w=A('i',[1,2,3]); t(lambda:w.count(E())); w=A('i',[1,2,3]); t(lambda:w.remove(E()))

a=array.array('w','ab'); v=memoryview(a)
t(lambda:v[0]); t(lambda:v.tolist()); t(lambda:v==memoryview(array.array('w','ab'))); t(lambda:bytes(v)); t(lambda:v.cast('B').tolist()); t(lambda:list(v)); t(lambda:v.__setitem__(0,'a')); t(lambda:hash(memoryview(a))); t(lambda: v.cast('w'))