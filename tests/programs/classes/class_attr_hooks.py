# __getattr__, __getattribute__, __setattr__, __delattr__, __dir__, getattr and friends.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


class G:
    real = 1
    def __init__(self): self.inst = 2
    def __getattr__(self, n):
        if n.startswith("x"): return n * 2
        raise AttributeError(f"no {n} here")
g = G()
print(g.real, g.inst, g.xy, getattr(g, "q", "dflt"), hasattr(g, "xx"), hasattr(g, "q"))
err(lambda: g.q)
class T:
    def __getattribute__(self, n):
        print("get", n, end="; ")
        if n == "gone": raise AttributeError(n)
        return object.__getattribute__(self, n)
    def __getattr__(self, n): return "fallback " + n
    def meth(self): return "m"
    def __len__(self): return 3
t = T()
t.v = 1
print(t.v, t.gone, t.meth(), len(t), t.nope)
class S:
    def __setattr__(self, n, v):
        print("set", n, v)
        super().__setattr__(n, v + 1)
    def __delattr__(self, n):
        print("del", n)
        object.__delattr__(self, n)
s = S()
s.a = 1
s.a += 1
print(s.a, s.__dict__)
del s.a
err(lambda: delattr(s, "a"))
setattr(s, "weird name!", 1)
print(getattr(s, "weird name!"), s.__dict__)
err(lambda: s.__setattr__("z"))
for f in (lambda: getattr(s), lambda: getattr(s, 5), lambda: setattr(s, 5, 1), lambda: hasattr(s, 5), lambda: getattr(s, "no"), lambda: getattr(5, "x"), lambda: setattr(5, "x", 1), lambda: delattr(5, "x"), lambda: setattr(5, "real", 1), lambda: setattr(object(), "x", 1), lambda: setattr([], "x", 1), lambda: None.x, lambda: [].nope, lambda: (lambda: 0).nope, lambda: type.nope, lambda: vars(5), lambda: vars([]), lambda: int.nope, lambda: delattr(g, "real"), lambda: G.nope, lambda: setattr(len, "x", 1)):
    err(f)
class D:
    def __dir__(self): return ["b", "a"]
print(dir(D()), [n for n in dir(g) if not n.startswith("__")], "__init__" in dir(G), "inst" in dir(G))
class E:
    def __getattr__(self, n): raise ValueError("odd " + n)
err(lambda: hasattr(E(), "x"))
err(lambda: getattr(E(), "x", 1))
class Rec:
    def __getattr__(self, n): return self.other
try:
    Rec().x
except RecursionError as e:
    print("RecursionError", str(e)[:32])
class Proxy:
    def __init__(self, o): object.__setattr__(self, "_o", o)
    def __getattr__(self, n): return getattr(self._o, n)
    def __setattr__(self, n, v): setattr(self._o, n, v)
    def __delattr__(self, n): delattr(self._o, n)
class Target: pass
x = Target()
p = Proxy(x)
p.val = 5
print(x.val, p.val, vars(x))
del p.val
print(vars(x))
err(lambda: p.val)
print(Proxy([1, 2]).count(1))
err(lambda: len(Proxy([1])))
try:
    g.missing_attr
except AttributeError as e:
    print(e.name, e.obj is g, e.args)
try:
    x.tset
except AttributeError as e:
    print(e.name, e.obj is x, e.args)
try:
    undefined
except NameError as e:
    print(e.name, e.args)
x.__dict__ = {"new": 1}
print(x.new, x.__dict__)
err(lambda: setattr(x, "__dict__", 5))
x.__dict__["k"] = 2
print(x.k, list(vars(x)))
class Sl:
    __slots__ = ("a", "__dict__")
    b = 5
y = Sl()
y.a = 1
y.z = 2
print(y.a, y.z, y.b, y.__dict__)
class Sl2:
    __slots__ = ("a", "b")
z = Sl2()
z.a = 1
for f in (lambda: z.b, lambda: setattr(z, "c", 1), lambda: z.__dict__, lambda: delattr(z, "b"), lambda: vars(z), lambda: z.c):
    err(f)
del z.a
err(lambda: z.a)
print(Sl2.a.__get__(z) if False else type(Sl2.a).__name__, Sl2.__slots__)
class Sl3(Sl2): pass
w = Sl3()
w.c = 1
w.a = 2
print(w.__dict__, w.a)
for body in ({"__slots__": ("x",), "x": 1}, {"__slots__": ("1x",)}, {"__slots__": (5,)}, {"__slots__": "only"}, {"__slots__": ["p", "p"]}):
    err(lambda: type("K", (), dict(body)).__slots__)
err(lambda: type("K", (int,), {"__slots__": ("x",)})().x)
err(lambda: type("K", (tuple,), {"__slots__": ("x",)}))
err(lambda: type("K", (Sl2, type("J", (), {"__slots__": "q"})), {}))
