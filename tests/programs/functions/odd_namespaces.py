# Namespaces that are mappings, lengths that are none, packages told in odd ways, streams that cannot be flushed.
import sys, types
class M:
    def __getitem__(self, key):
        if key == 'a': return 12
        raise KeyError
    def keys(self): return list('xyz')
m=M(); g=globals()
def t(f,*a,**k):
    try: r=f(*a,**k); print(r if r is not g else 'g')
    except BaseException as e: print(type(e).__name__, e)
t(eval,'a',g,m); t(eval,'b',g,m); t(eval,'dir()',g,m); t(eval,'globals()',g,m); t(eval,'locals() is m',g,m); t(eval,'len("ab")',g,m)
class K:
    def __getitem__(s,k): raise KeyError
    keys=lambda s: 5
t(eval,'dir()',g,K())
class K2(K): keys=None
t(eval,'dir()',g,K2())
class Hn:
    def __init__(s,n): s.n=n
    def __len__(s): return s.n
for n in (-1,-sys.maxsize-10,sys.maxsize+1,2**100,-2**100,'x',1.5,True,None,sys.maxsize): t(len,Hn(n)); t(bool,Hn(n))
t(lambda: [1][:Hn(2**70)] )
class Ix:
    def __init__(s,n): s.n=n
    def __index__(s): return s.n
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    t(__import__,'',{'__package__': None, '__spec__': None, '__name__': '__main__'},{},('foo',),1)
    t(__import__,'',{'__package__': None, '__spec__': None, '__name__': 'a.b'},{},('foo',),1)
    t(__import__,'',{'__package__': 'x', '__spec__': None, '__name__': 'a.b'},{},('foo',),1)
    t(__import__,'',{'__package__': 'x', '__spec__': types.SimpleNamespace(parent='y'), '__name__': 'a.b'},{},('foo',),1)
    t(__import__,'',{'__package__': 3, '__spec__': None, '__name__': 'a.b'},{},('foo',),1)
    t(__import__,'',{'__name__': 3},{},('foo',),1)
    t(__import__,'',{},{},('foo',),1)
    t(__import__,'',None,{},('foo',),1)
    t(__import__,'q',{'__package__':'email'},{},('foo',),2)
    t(__import__,'q',{'__package__':'email'},{},('foo',),1)
    t(__import__,'q',3,{},('foo',),1)
    for x in w: print(x.category.__name__, x.message)
ns = {'__builtins__': types.MappingProxyType({'__import__': lambda *args: args})}
exec('import foo.bar\ndef f():\n  import x\n  return x\nr=f()', ns)
print(ns['foo'][1] is ns, ns['foo'][2] is ns, ns['foo'][3:], ns['r'][2])
l={}
ns2 = {'__builtins__': types.MappingProxyType({'__import__': lambda *args: args})}
exec('import foo.bar',ns2,l); print(l['foo'][2] is l, l['foo'][1] is ns2)
class Bit:
    def write(self,t): pass
import io
for out in (Bit(), io.StringIO()):
    so,si=sys.stdout,sys.stdin
    sys.stdout=out; sys.stdin=io.StringIO('1+1\n2\n')
    try: r=input(); r2=input('p')
    except BaseException as e: r=r2=e
    sys.stdout,sys.stdin=so,si
    print(r,r2, out.getvalue() if hasattr(out,'getvalue') else '')
se=sys.stderr; sys.stderr=Bit(); sys.stdin=io.StringIO('zz\n')
try: print(input())
finally: sys.stderr=se; sys.stdin=si
code = compile("x.__reduce__()", "test", "eval")
for x in (iter([1]),iter((1,)),iter('a'),reversed([1]),iter(range(3)),iter({1:2}),iter({1}),iter(b'a')):
    for b in ({}, {'iter':iter,'reversed':reversed}, {'iter':'mine','reversed':'r'}):
        t(eval,code,{'__builtins__':types.MappingProxyType(b),'x':x})
    t(eval,code,{'__builtins__':{},'x':x})
class Foo:
    def __dir__(self): return 7
t(dir,Foo())
class Foo(types.ModuleType): __dict__=8
t(dir,Foo('foo'))
