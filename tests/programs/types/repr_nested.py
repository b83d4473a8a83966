"""Texts of what is nested: containers in each other, themselves, and what changes meanwhile."""
import collections
import types


class Own:
    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


class L(list):
    pass


class T(tuple):
    def __repr__(self):
        return f"T{super().__repr__()}"


values = [1, -5, 2**70, 1.5, float("inf"), -0.0, 1e22, "a", 'it\'s', '"', "\xe9\n", "\u20ac", "\U0001f600", b"x\xff", None, True, ..., 1j, int, len, Own("o"), Own("\u20ac")]
for made in [
    values, tuple(values), {1: values}, {"k": (1,), (2,): {}}, {frozenset([1]): {2}}, [[]], ((),), ({},), [set(), frozenset()], {1.5: {1: {2: [3]}}}, [L([1, [2]]), T((1, T((2,))))],
    [slice(1, None, "x"), slice([1], (2,), {3: 4})], [types.MappingProxyType({1: [2]})], [{1: 2}.keys(), {1: [2]}.values(), {1: (2,)}.items()],
    [list[int], dict[str, list[int]], tuple[()], list[[1, "a"]]], [staticmethod(len), classmethod(len), staticmethod(staticmethod(len))], [collections.deque([[1]]), collections.OrderedDict(a=[1])],
    [range(3), memoryview, NotImplemented], [types.SimpleNamespace(a=[1], b={"c": ()})], [ValueError([1], "x"), KeyError({1: 2})], [bytearray(b"\0a")],
]:
    print(repr(made))
    print(str(made) == repr(made), ascii(made), f"{made!r}" == repr(made), "%r" % (made,) == repr(made))

print("of themselves")
l = [1]
l.append(l)
d = {1: l}
d[2] = d
l.append(d)
t = (l,)
l.append(t)
s = {T((1,))}
x = L()
x.append(x)
ns = types.SimpleNamespace()
ns.me = [ns]
q = collections.deque()
q.append([q])
print(l, d, t, s, x, ns, q)
p = types.MappingProxyType(d)
d[3] = p
print(p)
d[4] = d.values()
print(d.values())

print("what changes")


class Clears:
    def __init__(self, what):
        self.what = what

    def __repr__(self):
        self.what.clear()
        return "clears"


for kind in [list, collections.deque]:
    changed = kind([1, 2])
    changed.append(Clears(changed))
    changed.extend([3, 4])
    try:
        print(changed, len(changed))
    except RuntimeError as error:
        print(type(error).__name__, error)
d = {1: 2}
d["x"] = Clears(d)
d["y"] = 3
print(d)


class Grows:
    def __init__(self, into):
        self.into = into

    def __repr__(self):
        if len(self.into) < 5:
            self.into.append(len(self.into))
        return "grows"


l = []
l.append(Grows(l))
print(l)


class Bad:
    def __init__(self, gives):
        self.gives = gives

    def __repr__(self):
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


for bad in [Bad(1), Bad(KeyError("no")), Bad(None)]:
    for made in [[bad], (bad,), {1: bad}, [[{2: (bad,)}]], [slice(bad)], [staticmethod(bad)]]:
        try:
            print(repr(made))
        except Exception as error:
            print(type(error).__name__, error)
    # The next is none the worse for it.
    print([[1]], (2,))


class S(str):
    def __repr__(self):
        return S("<" + self + ">")


print([S("a")], {S("k"): S("v")}, (S("b"),), type(repr(S("a"))).__name__)
method = [].append
print(repr(method).split(" at ")[0], [Own("me").__repr__])
deep = ()
for _ in range(500):
    deep = [deep] if len(deep) % 2 else (deep,)
print(len(repr(deep)), repr(deep)[:20], repr(deep)[-20:])
