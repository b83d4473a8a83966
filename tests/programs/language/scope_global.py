# global, nonlocal, del, class scopes, names that come and go.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


x = 1
def set_global():
    global x, made
    x = 2
    made = "by set_global"
set_global()
print(x, made)
def read_then_class():
    x = "local"
    class C:
        y = x
        x = "class"
        z = x
        def m(self): return x
    return C.y, C.z, C().m(), C.x
print(read_then_class())
class D:
    x = x
    def f(self): return x
    global g
    g = "global from a class"
    del x
print(D().f(), g, hasattr(D, "x"))
def nest():
    a = 1
    def one():
        nonlocal a
        a += 1
        def two():
            nonlocal a
            a *= 10
            return a
        return two
    return one()(), a
print(nest())
def shadow_builtin():
    len = lambda v: "mine"
    return len([1])
print(shadow_builtin(), len([1]))
len_ = len
def len(v): return "global len"
print(len([]))
del len
print(len([1, 2]))
err(lambda: exec("del len"))
def cond(flag):
    if flag: v = 1
    return v
print(cond(True))
err(cond, False)
def loopvar():
    for i in range(3): pass
    return i
print(loopvar())
def del_in_loop():
    out = []
    for i in range(3):
        w = i
        out.append(w)
        del w
    try: w
    except UnboundLocalError as e: out.append(str(e))
    return out
print(del_in_loop())
def free_unbound():
    def f(): return late
    try: f()
    except NameError as e: msg = str(e)
    late = 5
    return msg, f()
print(free_unbound())
def star_del(*a, **k):
    del a, k
    err(lambda: 0)
    return sorted(locals())
print(star_del(1, b=2))
def imp():
    import math
    def inner(): return math.floor(2.5)
    return inner()
print(imp())
def param(p):
    def f():
        nonlocal p
        p += [1]
        return p
    return f
q = [0]
print(param(q)(), q)
a = [1, 2, 3]
b = a
del a[0], a[-1:]
print(a, b)
del a
err(lambda: a)
class Meta(type):
    def f(cls): return __class__.__name__
class M(metaclass=Meta): pass
print(M.f())
__private = "module"
class Mangle:
    __v = 1
    def get(self): return self.__v, self._Mangle__v
    def glob(self):
        try: return __private
        except NameError as e: return str(e)
    def __hidden(self): pass
    __dunder__ = 3
print(Mangle().get(), Mangle().glob(), sorted(n for n in vars(Mangle) if "Mangle" in n), Mangle.__dunder__)
for s in ("def f():\n print(x)\n global x", "def f(x):\n global x", "def f():\n nonlocal x", "nonlocal x", "def f():\n x = 1\n def g():\n  print(x)\n  nonlocal x", "def f(x):\n nonlocal x", "class C:\n nonlocal x", "global x; x = 1", "x = 1\nglobal x", "def f():\n global x, y; x = y = 1", "def f(a, b):\n def g():\n  nonlocal a, b, c"):
    try: exec(s, {}); print("fine")
    except SyntaxError as e: print(e.msg)
x: int = 5
def ann():
    y: int
    try: y
    except UnboundLocalError as e: return str(e)
print(x, ann(), sorted(n for n in globals() if n in ("x", "y", "b", "made")))
