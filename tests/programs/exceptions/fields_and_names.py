# Fields of exceptions, named arguments of classes that extend builtin ones, lists that change as they are compared.
import types, unicodedata
print(type.__type_params__)
e=UnicodeDecodeError('ascii', bytearray(b'\xff'), 0, 1, 'x'); print(repr(e.object), e)
pass
for cls,args in ((UnicodeDecodeError,('ascii',b'\xff',0,1,'x')),(UnicodeEncodeError,('ascii','\xff',0,1,'x')),(UnicodeTranslateError,('\xff',0,1,'x'))):
    for op in ('del e.object','e.object=None','e.object=5','del e.encoding','e.encoding=None','del e.reason','e.reason=None','e.reason=5','e.start=-5','e.start=10**30','e.end=-1'):
        e=cls(*args)
        try: exec(op); print(cls.__name__, op, str(e))
        except Exception as x: print(cls.__name__, op, type(x).__name__, x)
    class Evil(str):
        def __str__(self): del e.object; return 'evil'
    class Evil2(str):
        def __str__(self): e.object=None; return 'evil'
    for k in (Evil,Evil2):
        e=cls(*args); e.reason=k('r')
        try: print(str(e))
        except Exception as x: print(type(x).__name__,x)
ie=ImportError('test',name='n',path='p')
for a in ('msg','name','path','name_from'):
    try:
        setattr(ie,a,3); print(getattr(ie,a)); delattr(ie,a); print(getattr(ie,a))
    except Exception as x: print(a,type(x).__name__,x)
print(ie.args,str(ie),ie.__reduce__())
for c,a in ((filter,(lambda x:x,[1])),(zip,([1],)),(reversed,([1],)),(enumerate,([1],)),(map,(str,[1])),(set,([1],)),(frozenset,([1],)),(list,([1],)),(tuple,([1],)),(dict,()),(range,(3,)),(bool,(1,)),(slice,(1,)),(super,()),(memoryview,(b'1',)),(property,()),(float,(1,)),(int,(1,)),(complex,(1,)),(str,(1,)),(bytes,(1,)),(bytearray,(1,)),(object,()),(staticmethod,(1,)),(classmethod,(1,)),(BaseException,(1,)),(types.ModuleType,('m',)),(type,('n',(),{}))):
    try:
        class S(c):
            def __init__(self,*a,newarg=None): self.newarg=newarg
        s=S(*a,newarg=3); print(c.__name__,'init',s.newarg)
    except Exception as x: print(c.__name__,'init',type(x).__name__,x)
    try:
        class S(c):
            def __new__(cls,*a,newarg=None):
                o=super().__new__(cls,*a); o.newarg=newarg; return o
        s=S(*a,newarg=3); print(c.__name__,'new',s.newarg)
    except Exception as x: print(c.__name__,'new',type(x).__name__,x)
    try:
        class S(c): pass
        S(*a,newarg=3); print(c.__name__,'plain ok')
    except Exception as x: print(c.__name__,'plain',type(x).__name__,x)
class X:
    def __init__(s,l): s.l=l
    def __eq__(s,o): l1.clear(); return NotImplemented
l1=[X(0)]; l2=[1]
class Y:
    def __eq__(self,other): list1.append(self); return True
list1=[Y()]; list2=[Y()]
try: print(list1==list2, len(list1))
except Exception as x: print(type(x),x)
class Z:
    def __eq__(self,other): list2.clear(); return NotImplemented
list1=[Z()];list2=[1]
print(list1==list2)
list4=[1]; 
class L:
    def __eq__(s,o): list3.clear(); list4.clear(); return NotImplemented
list3=[L()]; print(list3==list4)
class MyStr(str): pass
for form in ('NFC','NFD','NFKC','NFKD'):
    for t in ('abc','\xe9','e\u0301',''): print(type(unicodedata.normalize(form,MyStr(t))).__name__,type(unicodedata.normalize(form,t)).__name__,end=' ')
print()

for name in ('TANGUT IDEOGRAPH-17000', 'TANGUT IDEOGRAPH-187F7', 'TANGUT IDEOGRAPH-187F8', 'TANGUT IDEOGRAPH-18D00', 'CJK UNIFIED IDEOGRAPH-4E00',
             'CJK UNIFIED IDEOGRAPH-04E00', 'CJK UNIFIED IDEOGRAPH-323AF', 'HANGUL SYLLABLE GA', 'latin small letter a', 'NEW LINE', 'EOT', ''):
    try:
        print(name, ascii(unicodedata.lookup(name)))
    except KeyError as error:
        print(error)


class M:
    def __getitem__(self, key):
        if key == 'a':
            return 12
        raise KeyError

    def keys(self):
        return list('xyz')


print(eval('dir()', globals(), M()), eval('a', globals(), M()))
