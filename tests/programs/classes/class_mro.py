# C3 method resolution, super in both forms, diamond cooperation, errors.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


class A:
    def who(self): return ["A"]
class B(A):
    def who(self): return ["B"] + super().who()
class C(A):
    def who(self): return ["C"] + super().who()
class D(B, C):
    def who(self): return ["D"] + super(D, self).who()
print(D().who(), [c.__name__ for c in D.__mro__], D.mro() == list(D.__mro__), D.__bases__, D.__base__.__name__)
def bases(*b): return type("X", b, {})
err(lambda: bases(A, B))
err(lambda: bases(B, C, A).__mro__ and "fine")
X, Y = bases(A, ), bases(A)
err(lambda: type("Z", (type("P", (B, C), {}), type("Q", (C, B), {})), {}))
err(lambda: bases(A, A))
err(lambda: bases(5))
err(lambda: bases(int, str))
err(lambda: bases(bool))
err(lambda: bases(object, A))
class O: pass
for names in ("F:O", "E:O", "G:O"):
    exec("class %s(%s): pass" % tuple(names.split(":")))
class BB(E, G): pass
class CC(G, F): pass
class AA(BB, CC): pass
print([c.__name__ for c in AA.__mro__])
class Base:
    def __init__(self, **kw):
        self.log = ["Base"]
        assert not kw, kw
class Left(Base):
    def __init__(self, *, left, **kw):
        super().__init__(**kw)
        self.log.append(f"Left {left}")
class Right(Base):
    def __init__(self, *, right, **kw):
        super().__init__(**kw)
        self.log.append(f"Right {right}")
class Both(Left, Right):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.log.append("Both")
print(Both(left=1, right=2).log)
err(lambda: Both(left=1))
class S(D):
    x = 1
    @classmethod
    def c(cls): return cls.__name__, super().__thisclass__.__name__
    @staticmethod
    def s(): return super()
    def no_super(self): return super().nope
    def via_nested(self): return [super(S, self).who() for _ in "a"]
    @property
    def p(self): return super().who()[0]
    def __getattr__(self, n): return f"made {n}"
print(S.c(), S().p, S().via_nested(), S().anything)
err(S.s)
err(lambda: S().no_super())
err(lambda: super())
err(lambda: super(5))
err(lambda: super(A, 5))
err(lambda: super(D, A()))
err(lambda: super(A).x)
err(lambda: super(A, A()).x)
s = super(B, D())
print(s.__thisclass__.__name__, s.__self_class__.__name__, s.who(), isinstance(s, super), super(B, D).who(D()))
print(issubclass(D, A), issubclass(A, D), isinstance(D(), (int, C)), issubclass(D, (str, B)), isinstance(D, type), issubclass(type, object), isinstance(object, type), isinstance(type, object))
err(lambda: issubclass(1, A))
err(lambda: issubclass(A, 1))
err(lambda: isinstance(A, 1))
err(lambda: isinstance(A, (int, 5)))
print(A.__subclasses__()[:2], B.__subclasses__()[0].__name__)
class M1: y = "M1"
class M2: y = "M2"
class Dyn(M1): pass
d = Dyn()
print(d.y)
Dyn.__bases__ = (M2,)
print(d.y, [c.__name__ for c in Dyn.__mro__])
d.__class__ = M1
print(d.y, type(d).__name__)
err(lambda: setattr(d, "__class__", int))
err(lambda: setattr(d, "__class__", 5))
err(lambda: setattr(M1, "__bases__", ()))
err(lambda: setattr(M1, "__bases__", (M1,)))
err(lambda: int.x)
err(lambda: setattr(int, "x", 1))
err(lambda: A.nope)
err(lambda: A().nope)
err(lambda: delattr(A(), "nope"))
err(lambda: delattr(A, "nope"))
def __init__(self): pass
class Old(A):
    def who(self): return A.who(self) + ["Old"]
print(Old().who(), A.who(None), A.__name__, D.__qualname__, D.__module__, A.__dict__.keys() >= {"who", "__dict__"}, "who" in vars(Old), hasattr(A, "who"), A.__doc__)
