"""Objects that go round through pickle, copy, shelve and marshal."""
import collections
import copy
import copyreg
import datetime
import decimal
import enum
import fractions
import functools
import io
import marshal
import operator
import pickle
import pickletools
import re
import types
import uuid
from dataclasses import dataclass, field


class Color(enum.Enum):
    RED = 1
    BLUE = "b"


@dataclass
class Point:
    x: int
    y: float = 0.5
    tags: list = field(default_factory=list)


class Node:
    def __init__(self, name):
        self.name, self.next = name, None

    def __repr__(self):
        return f"Node({self.name})"


class Slotted:
    __slots__ = ("a", "b", "__dict__")


class Stateful:
    def __init__(self, path):
        self.path, self.handle = path, object()

    def __getstate__(self):
        state = self.__dict__.copy()
        del state["handle"]
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.handle = "reopened"


class Reduced:
    def __init__(self, n):
        self.n = n

    def __reduce__(self):
        return Reduced, (self.n + 1,), {"extra": True}


class NewArgs(tuple):
    def __new__(cls, a, *, b):
        made = super().__new__(cls, (a, b))
        return made

    def __getnewargs_ex__(self):
        return (self[0],), {"b": self[1]}


class Sub(dict):
    pass


Pair = collections.namedtuple("Pair", "left right")


def function(x):
    return x + 1


def show(value, protocol):
    back = pickle.loads(pickle.dumps(value, protocol))
    return back == value and type(back) is type(value)


values = [
    None, True, 0, -1, 255, 65536, -(2**31), 2**100, -(2**2000), 1.5, float("inf"), 1 + 2j, "", "é😀\ud800" if False else "é😀", b"", b"\xff" * 300,
    bytearray(b"x"), (), (1,), (1, 2, 3, 4), [], [[1], [2]], {}, {"a": {"b": 1}}, {1, 2}, frozenset({3}), range(3), slice(1, 2), Ellipsis, NotImplemented,
    Color.RED, Point(1, 2.0, ["t"]), Pair(1, [2]), function, len, int, Node, collections.OrderedDict(a=1), collections.defaultdict(list, {"k": [1]}), collections.deque([1, 2], 5),
    collections.Counter("aab"), datetime.datetime(2024, 2, 29, 1, 2, 3, 4, datetime.UTC), datetime.date.min, datetime.timedelta(1, 2, 3), datetime.time(1, 2),
    decimal.Decimal("1.50"), fractions.Fraction(1, 3), re.compile("a+", re.I), uuid.UUID(int=5), types.SimpleNamespace(a=1), operator.itemgetter(1), Sub(a=1), NewArgs(1, b=2),
    ValueError("bad", 3), str.upper, [1].append.__name__, functools.reduce, "a".__class__, complex, type(None),
]
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    bad = []
    for value in values:
        try:
            if not show(value, protocol) and not isinstance(value, (Exception, operator.itemgetter)):
                bad.append(value)
        except Exception as e:
            bad.append((value, type(e).__name__, str(e)))
    print(protocol, bad)

a, b = Node("a"), Node("b")
a.next, b.next = b, a
for make in (copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))):
    c = make(a)
    print(c, c is not a, c.next.next is c)
loop = [1]
loop.append(loop)
loop.append({"self": loop})
d = pickle.loads(pickle.dumps(loop))
print(d[1] is d, d[2]["self"] is d, copy.deepcopy(loop)[1][1][0])
s = Slotted()
s.a, s.c = 1, 2
for t in (copy.copy(s), pickle.loads(pickle.dumps(s, 2))):
    print(t.a, t.c, hasattr(t, "b"))
print(vars(pickle.loads(pickle.dumps(Stateful("p")))), vars(copy.copy(Stateful("q"))))
print(vars(pickle.loads(pickle.dumps(Reduced(1)))), vars(copy.deepcopy(Reduced(5))))
p = Point(1, 2, [[3]])
shallow, deep = copy.copy(p), copy.deepcopy(p)
print(shallow.tags is p.tags, deep.tags is p.tags, copy.replace(p, x=9), deep == p)
shared = [[]] * 2
print(copy.deepcopy(shared)[0] is copy.deepcopy(shared)[1], (lambda c: c[0] is c[1])(copy.deepcopy(shared)), copy.copy(values[-1]) is values[-1])
for bad in (lambda: pickle.dumps(lambda: 0), lambda: pickle.dumps(io.StringIO), lambda: pickle.dumps((i for i in ())), lambda: pickle.loads(b""), lambda: pickle.dumps(1, 99), lambda: pickle.loads(b"cno_such_module\nx\n."), lambda: copy.deepcopy(types.ModuleType("m"))):
    try:
        print(type(bad()).__name__)
    except Exception as e:
        print(type(e).__name__)


class Pickler(pickle.Pickler):
    def persistent_id(self, obj):
        return f"node:{obj.name}" if isinstance(obj, Node) else None

    def reducer_override(self, obj):
        return (operator.neg, (5,)) if obj is Color.RED else NotImplemented


class Unpickler(pickle.Unpickler):
    def persistent_load(self, pid):
        return f"<{pid}>"

    def find_class(self, module, name):
        if module not in ("_operator", "operator", "collections"):
            raise pickle.UnpicklingError(f"{module}.{name} is forbidden")
        return super().find_class(module, name)


out = io.BytesIO()
Pickler(out).dump([Node("x"), Color.RED, collections.OrderedDict()])
out.seek(0)
print(Unpickler(out).load())
try:
    Unpickler(io.BytesIO(pickle.dumps(p))).load()
except pickle.UnpicklingError as e:
    print(e)
out = io.BytesIO()
for item in range(3):
    pickle.dump(item, out)
out.seek(0)
print([pickle.load(out) for _ in range(3)])
copyreg.pickle(Reduced, lambda r: (Reduced, (100,)))
print(pickle.loads(pickle.dumps(Reduced(1))).n)
listing = io.StringIO()
pickletools.dis(pickle.dumps([1, "two", (3.0, None)], 2), listing)
print(listing.getvalue())
print(marshal.loads(marshal.dumps([1, 2.5, "x", (None, True), {"k": b"v"}, 2**70])), pickletools.optimize(pickle.dumps("x", 2)))
deep = []
for _ in range(300):
    deep = [deep]
print(pickle.loads(pickle.dumps(deep)) == deep)
