# The descriptor of __dict__ that a plain base has, set for a module, a class and an exception that have one of another kind.
import types
class Base(object): pass
class Meta1(type, Base): pass
class Meta2(Base, type): pass
class D(object, metaclass=Meta1): pass
class Module1(types.ModuleType, Base): pass
m=Module1("spam")
dd=Base.__dict__['__dict__']
for x in (m, D):
    try:
        print(dd.__get__(x) is not None)
        dd.__set__(x, {}); print('set?')
    except (TypeError, AttributeError) as e: print(type(e).__name__, e)
class Exception1(Exception, Base): pass
e = Exception1()
print(e.__dict__); dd.__set__(e,{'a':1}); print(e.a)
