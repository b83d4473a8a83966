# Keys with their own __hash__ and __eq__: order of calls, collisions, errors.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


class K:
    log = []

    def __init__(self, name, h):
        self.name, self.h = name, h

    def __hash__(self):
        K.log.append(f"hash {self.name}")
        return self.h

    def __eq__(self, o):
        K.log.append(f"eq {self.name} {getattr(o, 'name', o)}")
        return isinstance(o, K) and self.name[0] == o.name[0]

    def __repr__(self):
        return self.name


def show(*a):
    print(*a, K.log)
    K.log = []


a1, a2, b = K("a1", 5), K("a2", 5), K("b", 5)
d = {}
d[a1] = 1
show("first")
d[b] = 2
show("collides")
d[a2] = 3
show("equal", d)
d[a1]
show("identical")
d[a2]
show("equal lookup")
print(a2 in d, K("c", 5) in d, K("a3", 6) in d)
show()
d.pop(a2)
show("pop", d)
d.setdefault(b, 0)
show("setdefault")
s = {a1, a2, b}
show("set", s)
print(s | {a2}, a1 in s)
show()
print({a1: 1} == {a2: 1})
show()
print(list(dict.fromkeys([a1, a2, b])))
show()
x = {a1: 0}
y = dict(x)
show("copy does not hash")
x.update({b: 1})
show("update uses known hashes" if True else "")


class BadHash:
    def __hash__(self):
        raise RuntimeError("no hash today")


class StrHash:
    def __hash__(self):
        return "x"


class NoHash:
    __hash__ = None


class EqOnly:
    def __eq__(self, o):
        return True


class BigHash:
    def __hash__(self):
        return 2**100 + 7


class BadEq:
    def __hash__(self):
        return 1

    def __eq__(self, o):
        raise ValueError("no eq")


for c in (BadHash, StrHash, NoHash, EqOnly):
    err(hash, c())
    err(lambda: {c(): 1})
    err(lambda: {c()})
print(hash(BigHash()) == hash(2**100 + 7), EqOnly.__hash__, isinstance(hash(object()), int))
e = {BadEq(): 1}
err(lambda: e[BadEq()])
err(lambda: BadEq() in e)
err(lambda: e == {BadEq(): 1})
err(lambda: {1: 2}[BadEq()])
print(len(e), 1 in {2: 3})


class Mut:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return hash(self.v)

    def __eq__(self, o):
        return self.v == o.v


m = Mut(1)
q = {m: "found"}
m.v = 2
print(m in q, Mut(1) in q, Mut(2) in q, list(q.values()), len(q))
m.v = 1
print(m in q, Mut(1) in q)


class S(str):
    def __hash__(self):
        return 42

    def __eq__(self, o):
        return str.__eq__(self, o)


z = {S("k"): 1, "k": 2}
print(len(z), z["k"], z[S("k")], [type(t).__name__ for t in z])
print(hash(-1), hash(-2), {-1: "a", -2: "b"}[-2], hash(2**61 - 1), hash(2**61), hash(-(2**61)), hash(10**20), hash(True))
class Evil:
    def __init__(self, target):
        self.target = target
    def __hash__(self):
        return 1
    def __eq__(self, o):
        self.target.clear()
        return False
t = {}
t[Evil(t)] = 1
try:
    t[Evil(t)] = 2
    print("survived", len(t) in (0, 1, 2))
except RuntimeError as ex:
    print("RuntimeError", ex)
