# RecursionError is an ordinary exception; deep structures work where CPython's do.
import sys
def down(n):
    return down(n + 1)
try: down(0)
except RecursionError as e: print(type(e).__name__, e, isinstance(e, RuntimeError))
def depth(n=0):
    try: return depth(n + 1)
    except RecursionError: return n
d = depth()
print(900 < d < 1100)
old = sys.getrecursionlimit()
print(old)
sys.setrecursionlimit(200)
print(100 < depth() < 200)
sys.setrecursionlimit(5000)
def count(n): return 0 if n == 0 else 1 + count(n - 1)
print(count(3000))
sys.setrecursionlimit(old)
for bad in (0, -5, "x", 1.5):
    try: sys.setrecursionlimit(bad)
    except (ValueError, TypeError) as e: print(type(e).__name__, e)
class A:
    def __repr__(self): return repr(self)
    def __getattr__(self, n): return getattr(self, n + "x")
    def __eq__(self, o): return o == self
    def __add__(self, o): return self + o
    def __len__(self): return len(self)
    def __call__(self): return self()
    def __iter__(self): return iter(self)
    def __hash__(self): return hash(self)
    def __bool__(self): return bool(self)
    def __contains__(self, x): return x in self
    def __getitem__(self, k): return self[k]
    def __str__(self): return str(self)
    def __format__(self, s): return format(self, s)
a = A()
for f in (lambda: repr(a), lambda: a.q, lambda: a == A(), lambda: a + 1, lambda: len(a), lambda: a(), lambda: iter(a), lambda: hash(a), lambda: bool(a), lambda: 1 in a, lambda: a[0], lambda: str(a), lambda: f"{a}", lambda: sorted([1, 2], key=lambda v: f_(v)), lambda: {a: 1}, lambda: list(a)):
    def f_(v): return f_(v)
    try: f(); print("returned")
    except RecursionError: print("RecursionError", end=" ")
print()
l = []
for _ in range(20000): l = [l]
n = 0
x = l
while x: x = x[0]; n += 1
print(n)
try: repr(l); print("printed")
except RecursionError: print("too deep to print")
del l, x
print("freed")
t = ()
for _ in range(20000): t = (t,)
del t
class Node: pass
h = None
for _ in range(20000): k = Node(); k.n = h; h = k
del h, k
d = {}
for _ in range(20000): d = {1: d}
del d
print("all freed")
p, q = [], []
for _ in range(100): p, q = [p], [q]
print(p == q, len(str(p)))
r1, r2 = [], []
r1.append(r2); r2.append(r1)
try: print(r1 == r2)
except RecursionError: print("comparison is endless")
print(r1, repr({"r": r1})[:12])
def hanoi(n, a, b, c): return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)
def ack(m, n): return n + 1 if m == 0 else ack(m - 1, 1) if n == 0 else ack(m - 1, ack(m, n - 1))
print(hanoi(10, "a", "b", "c"), ack(2, 5))
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)
print(even(300), odd(301))
def gen(n):
    if n: yield from gen(n - 1)
    yield n
print(sum(gen(100)))
try: list(gen(2000))
except RecursionError: print("generators too")
def rec_finally(n, log):
    try: rec_finally(n + 1, log)
    finally: log.append(n)
log = []
try: rec_finally(0, log)
except RecursionError: print(log[-3:], log == sorted(log, reverse=True))
print("after all that:", depth() == d if False else 900 < depth() < 1100)
