# Descriptors, property, classmethod, staticmethod, __set_name__, lookup order.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


class Desc:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name
    def __get__(self, obj, cls):
        if obj is None:
            return f"class access {self.name}"
        return f"get {self.name} {cls.__name__}"
    def __set__(self, obj, v):
        print("set", self.name, v)
    def __delete__(self, obj):
        print("delete", self.name)
class NonData:
    def __get__(self, obj, cls=None):
        return "nondata"
class OnlySet:
    def __set__(self, obj, v):
        obj.__dict__["only"] = v
class C:
    d = Desc()
    n = NonData()
    only = OnlySet()
c = C()
print(C.d, c.d, c.n, C.n)
c.d = 5
del c.d
c.__dict__["d"] = "hidden"
c.__dict__["n"] = "instance wins"
print(c.d, c.n)
c.only = 7
print(c.only, sorted(c.__dict__))
err(lambda: delattr(c, "only"))
C.d = 3
print(c.d, C.d)
class P:
    def __init__(self): self._x = 1
    @property
    def x(self):
        "Doc of x."
        return self._x
    @x.setter
    def x(self, v):
        if v < 0: raise ValueError("negative")
        self._x = v
    @x.deleter
    def x(self): print("deleting"); del self._x
    @property
    def ro(self): return "ro"
    wo = property(None, lambda s, v: print("wo", v))
    @property
    def bad(self): return self.missing
p = P()
p.x = 5
p.x += 2
print(p.x, P.x.__doc__, P.x.fget.__name__, isinstance(P.x, property))
err(lambda: setattr(p, "x", -1))
err(lambda: setattr(p, "ro", 1))
err(lambda: delattr(p, "ro"))
err(lambda: p.wo)
p.wo = 3
err(lambda: p.bad)
del p.x
err(lambda: p.x)
err(lambda: property().__get__(1))
print(P.__dict__["ro"].__get__(p, P), P.ro.fset)
class M:
    @classmethod
    def cm(cls, *a): return cls.__name__, a
    @staticmethod
    def sm(*a): return a
    def im(self): return "im"
    cl = classmethod(lambda cls: cls)
    st = staticmethod(len)
class N(M): pass
print(M.cm(1), N.cm(), N().cm(2), M.sm(1), M().sm(), M.cl().__name__, N().cl().__name__, M().st([1, 2]))
print(M().im.__func__ is M.im, M.cm.__self__ is M, M.cm.__func__.__name__, type(M.__dict__["sm"]).__name__, type(M.__dict__["cm"]).__name__, M.__dict__["sm"](4), type(M.im).__name__, type(M().im).__name__)
err(M.__dict__["cm"])
print(M.im.__get__(M())(), (lambda self: self * 2).__get__(21)())
m = M()
m.im = lambda: "shadow"
print(m.im(), M.im(m))
M.added = lambda self, k: k + 1
print(m.added(1))
class Bad:
    def __set_name__(self, o, n): raise RuntimeError("no name")
try:
    class X:
        b = Bad()
except Exception as e:
    print(type(e).__name__, e, e.__notes__)
class Lazy:
    def __init__(self, f): self.f = f
    def __set_name__(self, o, n): self.n = n
    def __get__(self, o, c):
        if o is None: return self
        print("computed")
        v = o.__dict__[self.n] = self.f(o)
        return v
class U:
    @Lazy
    def val(self): return 42
u = U()
print(u.val, u.val, "val" in vars(u))
class Typed:
    def __init__(self, t): self.t = t
    def __set_name__(self, o, n): self.n = "_" + n
    def __get__(self, o, c): return getattr(o, self.n)
    def __set__(self, o, v):
        if not isinstance(v, self.t): raise TypeError(f"{self.n[1:]} must be {self.t.__name__}, not {type(v).__name__}")
        setattr(o, self.n, v)
class Rec:
    a = Typed(int)
    b = Typed(str)
    def __init__(self, a, b): self.a, self.b = a, b
print(vars(Rec(1, "x")))
err(Rec, "x", 1)
class Meta(type):
    @property
    def mp(cls): return cls.__name__ + " mp"
    def mm(cls): return cls.__name__ + " mm"
    attr = "from meta"
class W(metaclass=Meta): pass
print(W.mp, W.mm(), W.attr)
err(lambda: W().mp)
err(lambda: W().mm())
W.attr = "own"
print(W.attr, W.__dict__["attr"])
err(lambda: setattr(W, "mp", 1))
