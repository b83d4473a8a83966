# What nests deeply is refused by every protocol, or works: hash, iteration, calls, attributes, comparison, text.
# (tests/embedding.rs runs it once more where the native stack has no room for so many levels. CPython dies of it.)
import sys

DEEP = 3_000
proxy, alias, method, module = type(type.__dict__), type(list[int]), type((lambda self: 1).__get__(1)), type(sys)


def nested(make, inner):
    for _ in range(DEEP):
        inner = make(inner)
    return inner


def attempt(name, what, *given):
    try:
        what(*given)
    except (RecursionError, MemoryError):
        pass
    except Exception as e:
        print(name, type(e).__name__)


def text(x):
    return lambda: (str(x), repr(x), f"{x}", "%s" % (x,), "{}".format(x))


tuples = nested(lambda x: (x,), ())
pairs = nested(lambda x: (frozenset(), x), None)
slices = nested(lambda x: slice(x, None), None)
lists = nested(lambda x: [x], [])
dicts = nested(lambda x: {1: x}, {})
for name, value in {"tuple": tuples, "pair": pairs, "slice": slices}.items():
    attempt(name, hash, value)
# (The text of slices takes the square of the depth, as CPython's does.)
for name, value in {"tuple": tuples, "pair": pairs, "list": lists, "dict": dicts}.items():
    attempt(name, text(value))
for name, value in {"tuple": tuples, "pair": pairs, "slice": slices, "list": lists, "dict": dicts}.items():
    attempt(name, lambda: value == nested(lambda x: [x], []))
    attempt(name, lambda: value in [value])
    attempt(name, lambda: [value].index(value))
attempt("keys", lambda: {tuples: 1})
attempt("set", lambda: {tuples})
attempt("sorted", lambda: sorted([tuples, tuples]))
attempt("min", lambda: min(tuples, tuples))

for make in (enumerate, lambda x: map(int, x), lambda x: filter(None, x), zip, lambda x: (v for v in x), lambda x: map(None.__eq__, x)):
    walk = nested(make, iter([1]))
    attempt("next", next, walk, None)
    attempt("list", list, walk)

views = nested(proxy, {1: 2})
for what in (len, iter, list, bool, lambda v: v[1], lambda v: 1 in v, lambda v: v | v, lambda v: v == v,
             lambda v: v.get(1), lambda v: v.keys(), lambda v: v.items(), lambda v: v.copy(), reversed, hash):
    attempt("proxy", what, views) if what is not hash else None

aliases = nested(lambda x: alias(x, (int,)), list)
for what in (hash, lambda v: v.append, lambda v: v(), lambda v: v == alias(list, int), lambda v: v.__parameters__, dir):
    attempt("alias", what, aliases)

for make in (classmethod, staticmethod, property):
    wrapped = nested(make, lambda *a: 1)
    for name in ("__isabstractmethod__", "__name__", "__doc__", "__qualname__", "__module__", "__wrapped__", "missing"):
        attempt("wrapped", lambda: getattr(wrapped, name, None))
    attempt("wrapped", lambda: wrapped())if make is staticmethod else None
    attempt("wrapped", lambda: wrapped.__get__(1, int))
    attempt("wrapped", lambda: type("C", (), {"f": wrapped})().f)

bound = nested(lambda x: method(x, 1), lambda *a: len(a))
for what in (lambda v: v(), hash, lambda v: v == method(v, 1), lambda v: v.__name__, lambda v: v.__doc__, lambda v: v.nothing):
    try:
        attempt("bound", what, bound)
    except AttributeError:
        pass


class Getter:
    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        return getattr(self.inner, name)


attempt("getattr", lambda: nested(Getter, 1).real)


class Node:
    def __init__(self, inner):
        self.inner = inner

    def __hash__(self):
        return hash(self.inner)

    def __eq__(self, other):
        return self.inner == other.inner

    def __len__(self):
        return len(self.inner)

    def __bool__(self):
        return bool(self.inner)

    def __iter__(self):
        return iter(self.inner)

    def __getitem__(self, key):
        return self.inner[key]

    def __contains__(self, key):
        return key in self.inner

    def __index__(self):
        return self.inner.__index__()

    def __repr__(self):
        return repr(self.inner)

    def __call__(self):
        return self.inner()

    def __add__(self, other):
        return self.inner + other

    def __neg__(self):
        return -self.inner

    def __format__(self, spec):
        return format(self.inner, spec)

    def __instancecheck__(self, other):
        return isinstance(other, self.inner)


node = nested(Node, int)
for what in (hash, len, bool, iter, repr, lambda n: n[0], lambda n: 1 in n, lambda n: [1][n], lambda n: n(), lambda n: n + 1,
             lambda n: -n, lambda n: f"{n:x}", lambda n: isinstance(1, n), lambda n: n == Node(n)):
    attempt("node", what, node)

errors = None
for i in range(DEEP):
    errors, above = ValueError(i), errors
    errors.__context__ = errors.__cause__ = above
group = nested(lambda e: ExceptionGroup("g", [e]), ValueError())
for what in (repr, str, lambda g: g.split(KeyError), lambda g: g.subgroup(ValueError), lambda g: g.derive([g])):
    attempt("group", what, group)

union = int
for _ in range(2000):
    union = int | list[union]
attempt("union", repr, union)
attempt("union", hash, union)

classes = object
try:
    for _ in range(500):
        classes = type("C", (classes,), {})
    attempt("classes", lambda: classes().nothing if hasattr(classes(), "nothing") else None)
except (RecursionError, MemoryError):
    pass

modules = nested(lambda m: setattr(n := module("m"), "__spec__", m) or n, None)
attempt("module", lambda: getattr(modules, "nothing", None))
try:
    modules.nothing
except AttributeError as e:
    print(e)
itself = module("itself")
itself.__spec__ = itself
try:
    itself.nothing
except AttributeError as e:
    print(e)
print("alive")
