# dict: methods, order, construction, merging, errors.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


d = {"b": 1, "a": 2}
d["c"] = 3
d["b"] = 10
print(d, list(d), len(d), "a" in d, 1 in d, d["a"], d.get("x"), d.get("x", 5), d.setdefault("a", 9), d.setdefault("n"), d)
print(d.pop("n"), d.pop("zz", "dflt"), d.popitem(), d, d.update({"x": 1}), d.update([("y", 2), "zw"], k=3), d)
del d["b"]
d["b"] = "again"
print(d, list(reversed(d)), list(d.items()), list(d.values()), d.copy() == d, d.copy() is d)
for f, a in ((lambda: d["nope"], ()), (d.pop, ("nope",)), ({}.popitem, ()), (lambda: d[[]], ()), (lambda: [] in d, ()), (d.get, ({},)), (d.setdefault, ([],)), (dict, (5,)), (dict, ([1],)), (dict, (["abc"],)), (dict, ([(1, 2, 3)],)), (dict, (1, 2)), (d.update, (5,)), (d.get, ()), (d.get, (1, 2, 3)), (dict.fromkeys, (5,)), (d.pop, ()), (lambda: d < d, ()), (lambda: d + d, ()), (lambda: d | [("a", 1)], ()), (lambda: {**5}, ()), (lambda: dict(**{1: 2}), ()), (hash, (d,)), (dict.keys, (5,)), (lambda: d[1:2] if False else d[set()], ()), (lambda: d.nope, ()), (lambda: (lambda **k: k)(**{"a": 1}, **{"a": 2}), ())):
    err(f, *a)
try:
    del d["nope"]
except KeyError as e:
    print(repr(e), e.args, str(e))
try:
    {}[(1, 2)]
except KeyError as e:
    print(repr(e), e)
print(dict(a=1, b=2), dict([("x", 1)], y=2), dict({"q": 1}), dict(zip("ab", (1, 2))), dict.fromkeys("aba"), dict.fromkeys([1, 2], []), {**{"a": 1}, "b": 2, **{"a": 3}}, dict(), {i: i * i for i in range(3)})
a, b = {"x": 1, "y": 2}, {"y": 3, "z": 4}
print(a | b, b | a, a, a | {}, {} | b)
c = a
c |= b
c |= [("k", 5)]
print(a, c is a, a == {"k": 5, "z": 4, "y": 3, "x": 1}, a != b, {1: 2} == {1.0: 2.0}, {1: 2} == {True: 2})
m = {1: "int"}
m[1.0] = "float"
m[True] = "bool"
print(m, {True: 1, 1: 2}, {0: "a", False: "b", 0.0: "c", -0.0: "d"}, {"a": 1, "a": 2})
r = {}
r["me"] = r
r["l"] = [r]
print(r, len(r))
big = {i: str(i) for i in range(2000)}
for i in range(0, 2000, 2):
    del big[i]
for i in range(0, 100, 2):
    big[i] = "new"
ks = list(big)
print(len(big), ks[:3], ks[998:1003], big[98], sum(big), big.popitem(), 1999 in big, 500 in big, 501 in big)
big.clear()
print(big, len(big), big.get(1))


class D(dict):
    def __missing__(self, k):
        self[k] = k * 2
        return self[k]


x = D(a=1)
print(x["a"], x["q"], x, x.get("zz"), "zz" in x, type(x.copy()).__name__, type(x | {}).__name__, repr(x))


class Keys:
    def keys(self):
        return ["p", "q"]

    def __getitem__(self, k):
        return k.upper()


print(dict(Keys()), {**Keys()}, dict(Keys(), z=0), (lambda **k: k)(**Keys()))
order = []


def n(v):
    order.append(v)
    return v


print({n(1): n(2), n(3): n(4), **{n(5): n(6)}}, order)
e = {}
for w in "the cat the dog the end".split():
    e[w] = e.get(w, 0) + 1
print(e, sorted(e.items(), key=lambda kv: (-kv[1], kv[0])), max(e, key=e.get), {v: k for k, v in e.items()})
print({"a": {"b": [1, (2, {"c": 3})]}}, str({}), repr({1: "x", "y": None, (1,): b"z", 1.5: {2}}), bool({}), bool({0: 0}))
d1 = {"a": 1, "b": 2, "c": 3}
d1["a"] = d1.pop("a")
print(d1, next(iter(d1)), next(reversed(d1)), list(d1.items())[-1], d1.__contains__("b"), d1.__getitem__("b"), d1.__len__(), dict.get(d1, "c"))
