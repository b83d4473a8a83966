# Comprehensions: nesting, scope, conditions, walrus, class bodies, evaluation order.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


print([x * x for x in range(5)], [x for x in range(10) if x % 2 if x > 3], [(x, y) for x in range(3) for y in range(x)], [[y for y in range(x)] for x in range(3)], {x: x * 2 for x in "ab"}, {x % 3 for x in range(9)} == {0, 1, 2}, sum(x for x in range(5)), [x for x, in [(1,), (2,)]], [a + b for a, b in [(1, 2), (3, 4)]], [h for h, *t in ["abc", "de"]])
x = "outer"
print([x for x in range(3)], x, [lambda: x for x in range(3)][0](), [(lambda y=x: y)() for x in range(3)], x)
print([y := i for i in range(4)], y, any((hit := v) > 2 for v in [1, 3, 5]), hit, [last := z for z in "ab" if (seen := z)], last, seen)
def f():
    total = 0
    r = [total := total + v for v in range(5)]
    return r, total, [total for _ in range(2)]
print(f())
class C:
    a = 3
    r = [i for i in range(a)]
    try: s = [a for _ in range(1)]
    except NameError as e: s = str(e)
    t = [(i, j) for i in range(2) for j in "xy"]
    l = list(i for i in range(a))
print(C.r, C.s, C.t, C.l, hasattr(C, "i"))
order = []
def n(v, r=None): order.append(v); return r if r is not None else v
print({n("k" + str(i)): n("v" + str(i)) for i in n("it", range(2)) if n("if", True)}, order)
order.clear()
print([n((i, j)) for i in n("a", [1, 2]) for j in n("b", [3]) if n("c", True)], order)
err(lambda: [q for q in 5])
err(lambda: [q for q in [1] if q.nope])
err(lambda: [undefined for q in [1]])
err(lambda: {k: v for k, v in [1]})
err(lambda: {[]: 1 for _ in "a"})
err(lambda: {[] for _ in "a"})
err(lambda: [a for a, b in [(1, 2, 3)]])
err(lambda: [i for i in range(3) if 1 / (i - 1)])
for s in ("[x for x in 1, 2]", "[x := 1 for x in [1]]", "[i := 0 for j in range(2) if (j := 1)]", "[(yield 1) for x in y]", "[*x for x in y]", "{**x for x in y}", "[x for x in (z := [1])]", "[x, y for x in z]", "f(x for x in y, 1)", "(x for x in y) = 1", "[x async for x in y]", "class A: [w := 1 for _ in 'a']"):
    try: compile(s, "s", "exec"); print("compiled", s)
    except SyntaxError as e: print(s, "->", e.msg)
m = [[1, 2, 3], [4, 5, 6]]
print([[r[i] for r in m] for i in range(3)], [v for r in m for v in r if v % 2 == 0], {(i, j): m[i][j] for i in range(2) for j in range(3) if i != j}, [[[k for k in range(j)] for j in range(i)] for i in range(3)])
def outerf(k):
    return [[k + i + j for i in range(2)] for j in range(2)], (lambda: [k for _ in "ab"])()
print(outerf(10))
def gens():
    fs = []
    for i in range(3): fs.append(i + j for j in range(2))
    return [list(g) for g in fs]
print(gens(), list(map(list, [(i for i in range(2))] * 2)))
print([locals_ for locals_ in [sorted(locals())[:0]]], [i for i in range(3) if i not in [j for j in range(2)]], [c if c > 1 else -c for c in range(4)], [not b for b in (1, 0)], [*range(3), *[i for i in "a"]], *(i for i in "xy"))
print(sorted([w for w in "the cat sat on the mat".split() if "a" in w]), {w: len(w) for w in ("a", "bb", "a")}, max((len(w), w) for w in ("x", "yy", "zz")), dict([(i, chr(97 + i)) for i in range(3)]), "".join(str(d) for d in range(10)), all(p % d for p in (7, 11) for d in range(2, p)))
primes = [p for p in range(2, 50) if all(p % d for d in range(2, int(p**0.5) + 1))]
print(primes, [(a, b, c) for c in range(1, 26) for b in range(1, c) for a in range(1, b) if a * a + b * b == c * c])
class It:
    def __iter__(self): print("iter", end=" "); self.n = 0; return self
    def __next__(self):
        self.n += 1
        if self.n > 2: raise StopIteration
        return self.n
print([i for i in It()], {i for i in It()}, list(i for i in It()))
def exc():
    try: return [1 // v for v in (1, 0)]
    except ZeroDivisionError: return [v for v in "recovered"][:3]
print(exc(), [e for e in (lambda: [e for e in "in"])()])
