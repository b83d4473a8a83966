# Metaclasses, __new__, __prepare__, __init_subclass__, __class_getitem__, type() of 3 arguments.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


class Meta(type):
    @classmethod
    def __prepare__(m, name, bases, **kw):
        print("prepare", name, [b.__name__ for b in bases], kw)
        return {"prepared": True}
    def __new__(m, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")))
        return super().__new__(m, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        print("init", name, kw)
        super().__init__(name, bases, ns)
    def __call__(cls, *a, **k):
        print("call", cls.__name__, a, k)
        return super().__call__(*a, **k)
    def __len__(cls): return 42
    def __getitem__(cls, k): return (cls.__name__, k)
    def __iter__(cls): return iter("meta")
    def __repr__(cls): return f"<{cls.__name__}!>"
    def __instancecheck__(cls, o): return o == "magic" or super().__instancecheck__(o)
    def __subclasscheck__(cls, c): return c is int or super().__subclasscheck__(c)
    def __contains__(cls, x): return x == 1
class A(metaclass=Meta, opt=1):
    x = 1
    def __init__(self, v): self.v = v
class B(A): pass
print(A(5).v, len(A), A["k"], list(B), A, B, A.prepared, isinstance("magic", A), isinstance(5, A), issubclass(int, A), issubclass(B, A), 1 in A, type(A).__name__, type(B) is Meta)
class Base:
    subs = []
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Base.subs.append((cls.__name__, tag))
class S1(Base, tag="t"): pass
class S2(S1): pass
print(Base.subs)
err(lambda: type("S3", (Base,), {}, tag=1, bad=2))
err(lambda: type("S4", (), {}, bad=2))
print(Base.subs)
class Sing:
    _i = None
    def __new__(cls, *a):
        print("Sing.new", a)
        if cls._i is None: cls._i = super().__new__(cls)
        return cls._i
    def __init__(self, *a): print("Sing.init", a)
print(Sing(1) is Sing(2))
class Other:
    def __new__(cls): return 5
    def __init__(self): print("never")
print(Other())
class Imm(int):
    def __new__(cls, v, extra): self = super().__new__(cls, v * 2); self.extra = extra; return self
    def __init__(self, v, extra): pass
print(Imm(4, "e") + 1, Imm(1, "e").extra)
T = type("T", (A,), {"y": 2, "m": lambda self: self.y + self.v})
print(T(3).m(), T.__name__, T.__module__)
P = type("P", (), {"__doc__": "d", "z": 1})
print(P.z, P.__doc__, P().z, P, type(P), type(type(P)))
for f in (lambda: type(), lambda: type(1, 2), lambda: type("A", 5, {}), lambda: type(5, (), {}), lambda: type("A", (), 5), lambda: type("A", (5,), {}), lambda: type("A", (A, int), {}) and "ok", lambda: type("M", (Meta,), {})("N", (), {}).__class__.__name__, lambda: object.__new__(5), lambda: object.__new__(int), lambda: int.__new__(str), lambda: object.__new__(), lambda: type("a\0b", (), {})):
    err(f)
class M1(type): pass
class M2(type): pass
class C1(metaclass=M1): pass
class C2(metaclass=M2): pass
err(lambda: type("C3", (C1, C2), {}))
try:
    class C4(C1, C2): pass
except TypeError as e:
    print(e)
def func_meta(name, bases, ns, **kw):
    return name, bases, sorted(k for k in ns if not k.startswith("__")), kw
class F(int, metaclass=func_meta, k=1):
    a = b = 2
print(F)
class CG:
    def __class_getitem__(cls, k): return f"{cls.__name__}[{k}]"
print(CG[int], CG[1, 2])
err(lambda: P[1])
err(lambda: CG()[1])
print(list[int], dict[str, int], tuple[int, ...], type(list[int]).__name__, list[int]([1]), int | str, int | None, isinstance(5, int | str), issubclass(bool, int | str), (int | str) == (str | int))
err(lambda: isinstance([], list[int]))
err(lambda: 5 | int)
class Ent:
    def __mro_entries__(self, bases): return (Base, )
class ME(Ent(), tag="me"): pass
print(ME.__mro__[1].__name__, type(ME.__orig_bases__[0]).__name__)
class Body:
    print("in body", __name__, __qualname__)
    for i in range(3): pass
    vals = [i for i in range(2)]
    loc = sorted(k for k in locals() if not k.startswith("_"))
print(Body.i, Body.vals, Body.loc)
class Outer:
    v = "outer"
    class Inner:
        def f(self): return Outer.v
    def g(self):
        class Loc: pass
        return Loc
print(Outer.Inner.__qualname__, Outer().g().__qualname__, Outer.Inner().f(), repr(Outer.Inner), Outer.g.__qualname__)
class Reg(type):
    all = {}
    def __new__(m, n, b, d):
        c = super().__new__(m, n, b, d)
        m.all[n] = c
        return c
class Plug(metaclass=Reg): pass
class P1(Plug): pass
class P2(P1): pass
print(list(Reg.all), Plug.__subclasses__(), type.__call__(P2).__class__.__name__, Reg.__mro__)
@lambda c: c.__name__.lower()
class Deco: pass
print(Deco)
class KW(dict, metaclass=type): pass
print(KW(a=1), type.__name__, type(type) is type, object.__class__, type.__bases__, A.__class__.__class__)
