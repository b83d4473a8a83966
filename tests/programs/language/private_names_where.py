# Where a class changes private names, and where it does not: keywords stay, names of imports without a dot do not.
import sys
def t(src):
    try: exec(src, {'__name__':'__main__'})
    except BaseException as e: print(type(e).__name__, str(e).split(' (/')[0])
t('''
class K:
    def f(self): return dict(__k=1), dict(**{'a':1}, __z=2)
    def g(self, __p=1): return __p
    def h(self): return self.g(__p=5)
print(K().f())
print(K.g.__code__.co_varnames)
try: print(K().h())
except TypeError as e: print(e)
''')
t('''
class M(type):
    def __new__(m, n, b, d, **k): print(k); return type.__new__(m,n,b,d)
    def __init__(*a, **k): pass
class O:
    class Z(metaclass=M, __opt=1): pass
''')
t('class A:\n import __nomod.sub as q')
t('class A:\n from __nomod import x')
t('class A:\n from os import __nox')
t('class A:\n import __nomod')
t('class A:\n import os.__nomod')
t('class A:\n from __nom.x import __nox as z')
t('class A:\n import sys as __s\n print([k for k in dir() if "__s" in k])')
t('class A:\n from os import sep as __s\n print([k for k in dir() if "__s" in k])')
t('class A:\n @property\n def __x(self): pass\n print([k for k in dir() if "__x" in k])')
t('class A:\n def f(self):\n  match self:\n   case A(__x=3): pass\n   case _: print("none")\n __x=3\nA().f()')
t('class A:\n __match_args__=("_A__x",)\n _A__x=3\n def f(self):\n  match self:\n   case A(__x=3): print("kw")\n   case _: print("none")\nA().f()')
t('class A:\n def f(self): return self.__x\n __x=3\n def g(self): del self.__x\nprint(A().f())\nA().g()')
t('class A:\n def f(self, *, __k=1): return __k\n print(f.__kwdefaults__, f.__annotations__)')
t('class A:\n def f(self, __k: int) -> int: return __k\n print(f.__annotations__)')
t('class A:\n __x: int = 1\n print(__annotations__ if 0 else 1)\nprint(A.__annotations__)')
t('class A:\n async def __f(self): pass\n print([k for k in dir() if "__f" in k], __f.__qualname__)')
t('class A:\n class __B: pass\n print([k for k in dir() if "__B" in k], __B.__qualname__)')
t('class A:\n def f[__T](self): pass\n print(f.__type_params__)')
t('class A[__T]: pass\nprint(A.__type_params__, A.__parameters__)')
t('class A:\n type __X = int\n print([k for k in dir() if "__X" in k], __X.__name__)')
t('class A:\n try: raise ValueError\n except ValueError as __e: print([k for k in dir() if "__e" in k])')
t('class A:\n with open("/dev/null") as __f: print([k for k in dir() if "__f" in k])\n __f.close()')
t('class A:\n for __i in (1,): pass\n [__j for __j in (1,)]\n (__w := 2)\n print([k for k in dir() if "__i" in k or "__w" in k or "__j" in k])')
t('class A:\n global __g\n __g = 4\nprint(_A__g)')
t('class A:\n def f(self):\n  __n=1\n  def g():\n   nonlocal __n\n   __n+=1\n   return locals()\n  return g()\nprint(A().f())')
t('class A:\n f=lambda __a, *__b, **__c: 0\n print(f.__code__.co_varnames)')
t('class A:\n x = f"{__name__}"\n print(x)')
t('class A:\n import a.__b.c')
t('class A:\n import __x__\n')
t('class A:\n from . import __q')
