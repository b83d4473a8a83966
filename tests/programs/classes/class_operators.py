# Operator methods: reflected, in-place, NotImplemented, comparisons, containers, calls.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


class N:
    def __init__(self, v): self.v = v
    def __repr__(self): return f"N({self.v})"
ops = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor", "matmul", "divmod"]
def mk(name):
    def f(self, o, *m): return (name, self.v, getattr(o, "v", o))
    return f
for o in ops:
    for pre in ("", "r"):
        setattr(N, f"__{pre}{o}__", mk(pre + o))
a, b = N(1), N(2)
print(a + b, a - 1, 1 - a, a * b, 2 / a, a // b, 5 // a, a % 2, 2 % a, a**b, 2**a, a << 1, 1 << a, a & b, 1 | a, a ^ 1, a @ b, "x" @ a, divmod(a, 3), divmod(3, a), "s" + a, [1] + a, None * a, pow(a, 2, 3), "fmt" if False else 1.5 + a)
class L:
    def __add__(self, o): print("L.add", end=" "); return NotImplemented
    def __radd__(self, o): print("L.radd", end=" "); return NotImplemented
    def __iadd__(self, o): print("L.iadd", end=" "); return NotImplemented
    def __eq__(self, o): print("L.eq", end=" "); return NotImplemented
    def __lt__(self, o): print("L.lt", end=" "); return NotImplemented
    def __gt__(self, o): print("L.gt", end=" "); return NotImplemented
class R(L):
    def __radd__(self, o): print("R.radd", end=" "); return "R"
    def __gt__(self, o): print("R.gt", end=" "); return "greater"
    def __eq__(self, o): print("R.eq", end=" "); return "eq!"
l, r = L(), R()
print(l + r)
print(r + l) if False else err(lambda: r + l)
err(lambda: l + l)
err(lambda: l + 1)
err(lambda: 1 + l)
print(1 + r, l < r, l == r, r == l, l == l, l != r)
err(lambda: l < l)
err(lambda: l > 5)
err(lambda: l <= l)
def ia():
    q = L()
    q += 1
err(ia)
class I:
    def __init__(self): self.log = []
    def __iadd__(self, o): self.log.append(("iadd", o)); return self
    def __isub__(self, o): return "replaced"
    def __mul__(self, o): return "mul"
    def __imatmul__(self, o): self.log.append("imatmul"); return self
i = j = I()
i += 1; i @= 2
print(i is j, i.log)
i -= 1
j *= 3
print(i, j)
class U:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "inv"
    def __abs__(self): return "abs"
    def __int__(self): return 3
    def __float__(self): return 2.5
    def __complex__(self): return 1j
    def __index__(self): return 4
    def __round__(self, n=None): return ("round", n)
    def __trunc__(self): return "t"
    def __hash__(self): return 99
    def __bool__(self): return False
    def __len__(self): return 7
    def __contains__(self, x): return x == "in"
    def __getitem__(self, k): return ("item", k)
    def __call__(self, *a, **k): return a, k
    def __iter__(self): return iter("it")
    def __reversed__(self): return "rev"
    def __str__(self): return "str"
    def __repr__(self): return "repr"
    def __bytes__(self): return b"by"
    def __format__(self, s): return "f" + s
    def __dir__(self): return ["z"]
    def __next__(self): return "next"
u = U()
print(-u, +u, ~u, abs(u), int(u), float(u), complex(u), hex(u), round(u), round(u, 2), hash(u), bool(u), len(u), "in" in u, "x" in u, u[1], u[1:2], u(1, k=2), list(u), reversed(u), str(u), repr(u), bytes(u), f"{u:x}", dir(u), next(u), [0, 1, 2, 3, 4][u], not u)
for f in (lambda: -object(), lambda: ~"x", lambda: +[], lambda: abs("x"), lambda: object() + 1, lambda: object() < object(), lambda: object()(), lambda: object()[0], lambda: len(object()), lambda: iter(object()), lambda: next(object()), lambda: 1 in object(), lambda: hash({}), lambda: int(object()), lambda: round(object()), lambda: reversed(object()), lambda: object() @ 1, lambda: divmod("a", 1), lambda: [] >> 1, lambda: "a" ** 2, lambda: bytes(object()), lambda: 1 < "a" < 2, lambda: [1] >= 1, lambda: (1,) <= [1]):
    err(f)
def setitem(): object()[0] = 1
def delitem():
    o = object()
    del o[0]
def iadd():
    x = object()
    x += 1
def ipow():
    x = "a"
    x **= 2
for f in (setitem, delitem, iadd, ipow): err(f)
class Rich:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
    def __le__(self, o): return f"{self.v} le {o.v}"
print(Rich(1) == Rich(1), Rich(1) != Rich(1), Rich(2) > Rich(1), Rich(1) >= Rich(2), Rich(1) < Rich(2) < Rich(3), Rich.__hash__)
class Seq:
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i * 10
print(list(Seq()), 20 in Seq(), 5 in Seq(), tuple(Seq()), [*Seq()], max(Seq()), sorted(Seq(), reverse=True), *Seq())
err(lambda: reversed(Seq()))
class Stop:
    def __getitem__(self, i):
        if i == 2: raise StopIteration
        return i
print(list(Stop()))
class BadIter:
    def __iter__(self): return 5
err(lambda: iter(BadIter()))
class NoNone:
    __contains__ = None
    __iter__ = None
    __add__ = None
    def __radd__(self, o): return "r"
err(lambda: 1 in NoNone())
err(lambda: list(NoNone()))
err(lambda: NoNone() + 1)
print(1 + NoNone())
x = N(5)
x.__add__ = lambda o: "instance"
print(x + 1)
class V:
    def __init__(self, *c): self.c = c
    def __add__(self, o): return V(*(p + q for p, q in zip(self.c, o.c, strict=True)))
    def __mul__(self, k): return sum(p * q for p, q in zip(self.c, k.c)) if isinstance(k, V) else V(*(p * k for p in self.c))
    __rmul__ = __mul__
    def __eq__(self, o): return self.c == o.c if isinstance(o, V) else NotImplemented
    def __repr__(self): return f"V{self.c}"
print(V(1, 2) + V(3, 4), V(1, 2) * 3, 3 * V(1, 2), V(1, 2) * V(3, 4), V(1) == V(1), V(1) == 1, V(1) != 1)
err(lambda: V(1) + V(1, 2))
