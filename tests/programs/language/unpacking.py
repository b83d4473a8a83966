# Unpacking: nested, starred, in calls and displays, for targets, error messages.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


a, b = 1, 2
(c, d), e = [3, 4], "e"
[f, [g, *h]], *i = [5, [6, 7, 8]], 9, 10
print(a, b, c, d, e, f, g, h, i)
*a, b = range(4); print(a, b)
a, *b = "x"; print(a, b)
a, *b, c = 1, 2; print(a, b, c)
*a, = (1, 2); print(a)
(a, *b), *c = ("xyz", 1); print(a, b, c)
first, *_, last = range(100); print(first, last, len(_))
a = b = c = []; a.append(1); print(b is c, c)
a, b, c = b"xyz"; print(a, b, c)
a, b = {"k": 1, "j": 2}; print(a, b)
a, b = (x for x in range(2)); print(a, b)
def t(src, **ns):
    try: exec(src, ns); print("fine:", src, {k: v for k, v in ns.items() if k != "__builtins__"})
    except SyntaxError as e: print(src, "->", "SyntaxError", e.msg)
    except Exception as e: print(src, "->", type(e).__name__, e)
for s in ("a, b = 1", "a, b = 1,", "a, b = 1, 2, 3", "a, b, c = 'ab'", "a, *b, c = 1,", "a, b = {}", "a, b = iter([1, 2, 3])", "*a, b = []", "(a, b), c = 1, 2", "a, b = None", "[a, b] = 5", "a, = ()", "() = ()", "() = 1,", "[] = []", "*a = 1", "*a, *b = 1, 2", "a, b += 1, 2", "(a, b): int = 1", "a + 1 = 2", "f() = 1", "None = 1", "a = *b", "a, b = *[1], 2", "del a, b", "del (a)", "for a, b in [(1, 2), 3]: pass", "x = *[1], *[2]", "print(*)", "[*1]", "{**1}", "{*1}", "(*1,)", "a = b, *c = [1], 2", "'a' = 1", "a, 1 = 1, 2", "x.y = 1", "(yield) = 1", "lambda: 1 = 2", "[a, *b, c, d] = range(5)", "__debug__ = 1", "True = 2", "a := 1", "(a := 1)", "(a.b := 1)", "if x = 1: pass", "a = b == c = 1"):
    t(s)
print([*range(3), *"ab", *{"k": 1}, *(), *[[]]], (*[1], 2, *(3,)), {*[1, 2], *[2]} == {1, 2}, {**{"a": 1}, "b": 2, **{"a": 3}}, [*{1: 2}.items()])
def f(*a, **k): return a, k
print(f(*[1], 2, *(3, 4), x=1, **{"y": 2}, **{"z": 3}), f(*"ab", *()), f(**{}))
for k, (v, *w) in {"p": (1, 2, 3), "q": "xy"}.items(): print(k, v, w)
for i, (a, b) in enumerate(zip("ab", [(1), (2)])): print(i, a, b)
x = [0, 1, 2]
i = 0
i, x[i] = 1, 9; print(i, x)
x[0], x[1], x[2] = x[2], x[0], x[1]; print(x)
class O: pass
o = O()
o.a, o.b, *o.c = 1, 2, 3, 4; print(o.a, o.b, o.c)
d = {}
d["k"], (d["j"], *d["rest"]) = 1, (2, 3); print(d)
x[1:], y = [7, 8, 9], 1; print(x, y)
x = y = 5; x, y = y + 1, x + 2; print(x, y)
class It:
    def __init__(self, n): self.n = n
    def __iter__(self):
        for i in range(self.n): print("give", i, end=" "); yield i
a, b = It(2); print(a, b)
err(lambda: exec("a, b = It(5)", {"It": It}))
err(lambda: exec("a, b = It(1)", {"It": It}))
a, *b = It(3); print(a, b)
def swap3(a, b, c): a, b, c = c, a, b; return a, b, c
print(swap3(1, 2, 3), (lambda *a: a)(*[*[1]], *"z"))
def ret(): return *[1, 2], 3
def yl(): yield *[1], 2
print(ret(), list(yl()))
for x in *[1, 2], 3: print(x, end=" ")
print()
(a), (b, (c)) = 1, (2, 3); print(a, b, c)
a = 1, ; print(a)
a, b = b, a = 5, 6; print(a, b)
