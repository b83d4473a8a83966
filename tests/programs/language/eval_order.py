# Order of evaluation; augmented assignment; chained comparison; conditional; walrus; del.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


log = []
class T:
    def __init__(self, n): object.__setattr__(self, "n", n)
    def __getattr__(self, a):
        if a.startswith("__"): raise AttributeError(a)
        log.append(f"{self.n}.{a}"); return T(f"{self.n}.{a}")
    def __setattr__(self, a, v): log.append(f"{self.n}.{a}={v}")
    def __getitem__(self, k): log.append(f"{self.n}[{k}]"); return T(f"{self.n}[{k}]")
    def __setitem__(self, k, v): log.append(f"{self.n}[{k}]={v}")
    def __delitem__(self, k): log.append(f"del {self.n}[{k}]")
    def __add__(self, o): log.append(f"{self.n}+{o}"); return T(f"({self.n}+{o})")
    def __iadd__(self, o): log.append(f"{self.n}+={o}"); return T(f"{self.n}'")
    def __lt__(self, o): log.append(f"{self.n}<{o}"); return T(f"{self.n}<{o}")
    def __bool__(self): log.append(f"bool {self.n}"); return True
    def __call__(self, *a, **k): log.append(f"{self.n}{a}{k}"); return T(f"{self.n}()")
    def __str__(self): return self.n
    __repr__ = __str__
def t(n): log.append(n); return T(n)
def show(): print(*log, sep=" ; "); log.clear()
t("a")[t("b")] = t("c"); show()
t("a").x = t("c"); show()
t("a")[t("b")] += t("c"); show()
t("a").x += t("c"); show()
t("a").x.y[t("i")].z += t("c"); show()
t("f")(t("a"), t("b"), k=t("c"), *[t("d")], **{"q": t("e")}); show()
t("a") + t("b") + t("c"); show()
t("a") < t("b") < t("c"); show()
t("x") if t("cond") else t("y"); show()
t("a") and t("b") or t("c"); show()
(t("a"), [t("b")], {t("c").n: t("d")}, t("e")[t("f"):t("g"):t("h")]); show()
t("a")[0], t("b")[1] = t("c"), t("d"); show()
t("p").x = t("q").y = t("r"); show()
del t("a")[t("b")], t("c")[0]; show()
t("a")[t("b")][t("c")]; show()
(w := t("w")).attr; show()
not t("a"); show()
f"{t('a')}{t('b')}"; show()
(lambda d=t("default"): 0)(); show()
def f(a=t("d1"), *, b=t("d2")) -> None: pass
show()
class C(t("base") and object, metaclass=t("meta") and type): x = t("body")
show()
@(t("deco1") and (lambda f: log.append("apply1") or f))
@(t("deco2") and (lambda f: log.append("apply2") or f))
def g(): pass
show()
for t("target")[0] in t("iter") and [1, 2]: log.append("body")
show()
while t("w") and len(log) < 6: pass
show()
x = 1
x += (x := 10); print(x)
x = 1
print(x + (x := 5) + x, (x := 3) + x, x)
def mod():
    global x
    x = 100
    return 1
x = 1
print(x + mod(), x)
x = 1
x += mod(); print(x)
l = [1, 2, 3]
def grow(): l.append(9); return 0
l[grow()] += len(l); print(l)
l[len(l) - 1], l = "last", l; print(l)
print(1 < 2 < 3 > 2 != 5, 1 < 3 < 2 < 1 / 0 if False else 1 < 3 < 2, not 1 in [2], 1 in [1] == True, (1 in [1]) == True, 3 > 2 > 1 == 1)
print(2**3**2, -2**2, (-2)**2, 2**-1, not 1 == 2, 1 + 2 * 3 - 4 // 3 % 2, 1 << 2 + 1, 5 & 3 | 4 ^ 1, ~1 + 1, -7 // 2, 7 - 2 - 1, 2 * 3 % 4, 1 if 0 else 2 if 0 else 3, (lambda: 1 or 2)())
print("a" "b" * 2, [1] + [2] * 2, "x" in "xyz" and "yes", None or 0 or [], 1 and "last", (0 or "d") + "e", 5 if [] else 6, 1 is not None)
n = [1, 2, 3, 4]
while (k := n.pop()) > 2: print("k", k)
print(k, n, [(a := i, a ** 2) for i in range(3)], a)
if (q := len(n)) and q < 5: print("q", q)
def aug():
    s = "a"; s += "b"; s *= 2
    i = 7; i //= 2; i **= 3; i %= 10; i <<= 2; i |= 1; i ^= 3; i &= 0xFE; i >>= 1; i -= 1
    fl = 1; fl /= 4
    b = True; b &= False
    d = {"a": 1}; d |= {"b": 2}
    st = {1}; st -= {1}
    return s, i, fl, b, d, st
print(aug())
err(lambda: exec("undefined_x += 1"))
err(lambda: exec("def f():\n q += 1\nf()"))
err(lambda: exec("x = 'a'; x += 1"))
err(lambda: exec("x = 1; x @= 2"))
err(lambda: exec("x = (); x += [1]"))
err(lambda: exec("x = (1, 2); x[0] += 1"))
err(lambda: exec("x = {}; x['a'] += 1"))
err(lambda: exec("del nothing"))
err(lambda: exec("x = []; del x[0]"))
err(lambda: exec("x = 1; del x.y"))
