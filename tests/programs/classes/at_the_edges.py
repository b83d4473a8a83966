# Slots, wrappers and special methods at their edges.
class E(Exception): pass
for x in (E(), ValueError()):
    try:
        del x.__dict__; print('deleted')
    except Exception as e: print(type(e).__name__, e)
    x.__dict__={'a':1}; print(x.a)
    try: x.__dict__=3
    except Exception as e: print(type(e).__name__, e)
class P: pass
p=P(); del p.__dict__; print(p.__dict__)
class F2:
    def __call__(self): pass
    __name__='nm'
import types
m=types.MethodType(F2(),1); print(repr(m))
class F3(F2): __qualname__='qq'
f=F2(); f.__qualname__='Q.q'
print(repr(types.MethodType(f,1)))
f=F2(); f.__qualname__=3
print(repr(types.MethodType(f,1)))
class CM(classmethod): pass
class SM(staticmethod): pass
print(CM(None),SM(None),CM(len))
class mysuper(super):
    def __init__(self,*a): self.a=a; super().__init__(*a)
class A:
    def m(self): return 'A'
class B(A):
    pass
s=mysuper(B)
B.s=s
b=B(); print(type(b.s),len(b.s.a),b.s.m())
print(type(b.s.__get__(b,B)))
class B2(A):
    __slots__=('__qualname__','__classcell__')
    def f(self): return super().m()
print(type(B2.__dict__['__classcell__']),B2.__qualname__,B2().f())
for body in ('__classcell__=42\n    __slots__=["__classcell__"]','__qualname__=object()\n    __slots__=["__qualname__"]','x=1\n    __slots__=["x"]','__module__=1\n    __slots__=["__module__"]', '__doc__=1\n    __slots__=["__doc__"]','__slots__=["__doc__"]','"d"\n    __slots__=["__doc__"]'):
    try: exec('class Q:\n    '+body); print(body,'ok')
    except Exception as e: print(body,type(e).__name__,e)
for f in (int().__pow__,int().__rpow__,(1.0).__pow__,(1j).__rpow__,True.__pow__):
    for a in ((),(1,2,3),(1,2,3,4)):
        try: f(*a)
        except Exception as e: print(type(e).__name__,e)
import sys
class M2(type(sys)):
    __dict__=property(lambda s:'Not a dict')
try: dir(M2('x'))
except Exception as e: print(type(e).__name__,e)
class D: __dict__=property(lambda s:'no')
try: dir(D())[:1]
except Exception as e: print(type(e).__name__,e)
class I(int):
    def __pow__(s,o,m=None): return ('pow',int(s),int(o),m)
    def __rpow__(s,o,m=None): return ('rpow',int(s),int(o),m)
class J(I):
    def __rpow__(s,o,m=None): return ('jrpow',int(s),int(o),m)
class K(I): pass
class Z:
    def __rpow__(s,o,m=None): return ('zrpow',type(o).__name__,m)
class Y:
    def __pow__(s,o,m=None): return NotImplemented
    def __rpow__(s,o,m=None): return NotImplemented
for t in ((2,I(3),5),(I(2),3,5),(I(2),J(3),5),(J(2),I(3),5),(I(2),K(3),5),(2,3,I(5)),(2,Z(),5),(I(1),Z(),2),(2,3,Z()),(Y(),Z(),1),(2,Y(),1),(Y(),Y(),1),(2.0,I(3),1),(2,I(3)),(2,I(3),None)):
    try: print(pow(*t))
    except Exception as e: print(type(e).__name__,e)
import sys
class M(type(sys)):
    __dict__=property(lambda s:{'a':1,'__dir__':lambda: ['z','y']})
print(dir(M('x')))
class M(type(sys)):
    __dict__=property(lambda s:{'a':1})
print(dir(M('x')))
class D: __dict__=property(lambda s:'no')
try: print(len(dir(D()))>3)
except Exception as e: print(type(e).__name__,e)
class M(type(sys)):
    __dict__=property(lambda s:3)
m=M('abc')
try: print(dir(m))
except Exception as e: print(type(e).__name__,e)

for name in ('__classcell__', '__classdictcell__', '__qualname__'):
    try:
        exec('class D:\n    %s = None' % name)
        print(name, 'ok')
    except TypeError as error:
        print(error)
for kind in (type(len), type(lambda: 1), type(int.real), type(type), type(None), property):
    print(kind.__name__, type(kind.__doc__).__name__, type(kind.__type_params__).__name__)
