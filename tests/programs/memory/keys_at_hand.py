# Keys that are found at once and such that are not; lists that are pushed to at once and such that are not.
import sys

def get(d, k): return d[k]
def put(d, k, v): d[k] = v

class Loud:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name)

d = {"k": 1, "long key that is no name": 2, 1: "one", -1: "minus one", 2**70: "big"}
print(get(d, "k"), get(d, "long key " + "that is no name"), get(d, 1), get(d, True), get(d, 1.0), get(d, -1))
print(get(d, 2**70), get(d, int("1180591620717411303424")))
for missing in ("nope", 7, -2, 1.5, None, (1, 2), [3]):
    try: get(d, missing)
    except (KeyError, TypeError) as e: print(type(e).__name__, e)
# An equal key, which is not the same, finds what is there, and the first key stays.
a, b = "ab" * 3, "".join(["ab"] * 3)
e = {a: 1}
put(e, b, 2)
print(e, next(iter(e)) is a)
put(e, 1, "int"); put(e, True, "bool"); put(e, 1.0, "float")
print(e, list(map(type, e)))
# Values: numbers that are shared keep their identity.
big = 10**15
put(d, "k", big)
print(get(d, "k") is big, d["k"] is d["k"])
x = d["k"]; y = d["k"]
print(x is y, x is big)
d["f"] = 0.5
f = d["f"]
print(f is d["f"], f + d["f"])
d["k"] += 1
print(d["k"], big)

# What is overwritten dies at once, after the new value is there.
class Looks:
    def __del__(self): print("sees", holder["at"])
holder = {"at": Looks()}
holder["at"] = "the new one"
put(holder, "at", Looks())
put(holder, "at", None)
class Clears:
    def __del__(self): holder.clear(); print("cleared", holder)
holder["at"] = Clears()
holder["at"] = 5
print(holder)

# Containers and keys that only the subscript holds.
print({"a": Loud("value")}["a"].name)
def temporary(): return {"t": Loud("temporary")}
temporary()["t"]
temporary()["t"] = Loud("stored")
k = "run" + str(1)
t = {k: "time"}
print(t["run" + str(1)], t[k])
t["run" + str(1)] = "again"
print(t)

# Subclasses, of dicts and of strs.
class Counting(dict):
    def __getitem__(self, key): print("get", key); return super().__getitem__(key)
    def __setitem__(self, key, value): print("set", key); super().__setitem__(key, value)
    def __missing__(self, key): return f"no {key}"
c = Counting(a=1)
put(c, "a", 2)
print(get(c, "a"), get(c, "b"))
class Name(str):
    def __hash__(self): print("hash"); return super().__hash__()
    def __eq__(self, other): print("eq"); return super().__eq__(other)
n = {"key": 1}
print(get(n, Name("key")))
n[Name("key")] = 2
print(n)

# A table that grows, shrinks and has gaps.
g = {}
for i in range(1000): g[i] = i
for i in range(0, 1000, 3): del g[i]
print(sum(g[i] for i in g), len(g), 3 in g, g[4])
for i in range(0, 1000, 3): g[i] = -i
print(sum(get(g, i) for i in range(1000)))
words = ["w%d" % i for i in range(300)]
h = {w: i for i, w in enumerate(words)}
for w in words: h[w] += 1
print(sum(h[w] for w in words), sum(h["w%d" % i] for i in range(300)))

# Appending.
def add(l, x): return l.append(x)
l = []
print(add(l, 1), add(l, "two"), add(l, big), l, l[2] is big)
ap = l.append
print(ap(4), ap(l), l[-1] is l, len(l))
print(list.append(l, 6), l[5])
for bad in ((), (1, 2)):
    try: l.append(*bad)
    except TypeError as e: print(e)
for bad in ((), (1,), ((), 2), (l, 2, 3)):
    try: list.append(*bad)
    except TypeError as e: print(e)
class Stack(list):
    def append(self, x): print("push", x); super().append(x)
s = Stack()
add(s, 1); add(s, 2)
print(s)
class Plain(list): pass
p = Plain()
add(p, 1); p.append(2)
print(p, type(p).__name__)
[].append(Loud("nowhere"))
[Loud("kept")].append(Loud("dropped with it"))
def once(): return [].append
once()(Loud("bound"))
o = object()
before = sys.getrefcount(o)
m = []
for _ in range(10): m.append(o)
print(sys.getrefcount(o) - before)
m.append(m); m.pop()
print(sys.getrefcount(m), sys.getrefcount(o) - before)
r = [m.append(i) for i in range(5)]
print(r, m[10:])
seen = []
for i in (grow := [0]):
    seen.append(i)
    if i < 5: grow.append(i + 1)
print(seen, grow)
