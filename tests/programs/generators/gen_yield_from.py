# yield from: delegation of send, throw and close; return values; plain iterators.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


def inner(tag):
    print(f"<{tag}", end=" ")
    try:
        r = yield f"{tag}1"
        print("inner got", r, end=" ")
        r2 = yield f"{tag}2"
        return (tag, r, r2)
    except ValueError as e:
        print("inner caught", e, end=" ")
        yield "recovered"
        return "after throw"
    finally: print(f"{tag}>", end=" ")
def outer():
    a = yield from inner("a")
    print("outer has", a, end=" ")
    b = yield from inner("b")
    return a, b
o = outer()
print(next(o), o.send(1), o.send(2))
print(o.gi_yieldfrom.__name__)
print(o.throw(ValueError("v")))
try: next(o)
except StopIteration as e: print(e.value)
o = outer(); next(o)
o.close()
print("closed")
o = outer(); next(o)
err(o.throw, KeyError("through"))
def lists():
    x = yield from [1, 2]
    print("list result", x, end=" ")
    yield from "ab"
    yield from range(2)
    yield from {}
    yield from (i * i for i in range(3))
    yield from ()
print(list(lists()))
def to_list():
    yield from [1, 2]
t = to_list(); next(t)
err(t.send, 5)
t = to_list(); next(t)
err(t.throw, ValueError("at list"))
err(lambda: list((lambda: (yield from 5))()))
class It:
    def __iter__(self): return self
    n = 0
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration("it done")
        return self.n
    def send(self, v): print("send", v, end=" "); return ("sent", v)
    def throw(self, *a): print("throw", [repr(x) for x in a], end=" "); return "thrown"
    def close(self): print("close called", end=" ")
def use():
    r = yield from It()
    yield r
u = use()
print(next(u), u.send("s"), u.send(None), u.throw(KeyError("k")), next(u), next(u))
u = use(); next(u); u.close()
print("end")
def rec(n):
    if n: yield n; yield from rec(n - 1); yield -n
print(list(rec(4)))
class Tree:
    def __init__(self, v, l=None, r=None): self.v, self.l, self.r = v, l, r
    def __iter__(self):
        if self.l: yield from self.l
        yield self.v
        if self.r: yield from self.r
    def add(self, v):
        if v < self.v:
            if self.l: self.l.add(v)
            else: self.l = Tree(v)
        elif self.r: self.r.add(v)
        else: self.r = Tree(v)
t = Tree(50)
for i in range(1, 40): t.add(i * 37 % 101)
print(list(t) == sorted(t), list(t)[:8], sum(t))
def flat(x):
    for i in x:
        if isinstance(i, (list, tuple)): yield from flat(i)
        else: yield i
print(list(flat([1, [2, (3, [4, []]), 5], [[[6]]]])))
def swallow():
    try: yield from inner("s")
    except GeneratorExit: print("outer exit", end=" "); raise
s = swallow(); next(s); s.close(); print()
def ret_only():
    return 9
    yield
def chain_ret():
    x = yield from ret_only()
    y = yield from ret_only()
    yield x + y
print(list(chain_ret()))
def averager():
    total = n = 0
    avg = None
    while (v := (yield avg)) is not None: total += v; n += 1; avg = total / n
    return n, avg
def group(res, k):
    while True: res[k] = yield from averager()
res = {}
for k, vals in (("a", [1, 2, 3]), ("b", [10.5])):
    gr = group(res, k); next(gr)
    for v in vals: gr.send(v)
    gr.send(None)
print(res)
def deep(n):
    if n == 0: yield "bottom"
    else: yield from deep(n - 1)
print(list(deep(200)))
def err_in(): yield 1; raise ValueError("from inner")
def catch():
    try: yield from err_in()
    except ValueError as e: yield f"caught {e}"
print(list(catch()))
