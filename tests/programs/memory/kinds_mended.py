# Keyword arguments that come twice, docstrings of properties, groups, exports that hold, iterators of aliases.
import copy
import pickle
from collections import deque


class Pairs:
    def __init__(self, *pairs):
        self.pairs = pairs

    def keys(self):
        return [key for key, _ in self.pairs]

    def __getitem__(self, key):
        return dict(self.pairs)[key]


def f(*args, **names):
    return names


for source in ("f(**Pairs(('x', 1), ('x', 2)))", "f(**{1: 2}, **{1: 3})", "f(**{1: 2})", "f(a=1, **Pairs(('a', 2)))", "f(**Pairs(('a', 1), ('b', 2)))"):
    try:
        print(eval(source))
    except TypeError as error:
        print(error)


class Slotted(property):
    __slots__ = ("x",)


class Documented(property):
    __slots__ = ("__doc__",)


def getter(self):
    "the getter's"


print(Slotted(doc="lost").__doc__, Documented(doc="kept").__doc__, Documented(getter).__doc__)
try:
    Slotted(getter)
except AttributeError as error:
    print(error)
p = property(getter)
p.__doc__ = "changed"
print(p.__doc__, p.getter(getter).__doc__)
try:
    p.__set_name__()
except TypeError as error:
    print(error)
members = deque([ValueError(1)])
group = ExceptionGroup("g", members)
members.clear()
print(repr(group), group.args)
array = bytearray(b"abc")
view = memoryview(array)


class Separator(bytes):
    def __len__(self):
        try:
            array.clear()
        except BufferError as error:
            print(error)
        return 1


print(array.hex(Separator(b":")), view.hex(Separator(b"-")))


class Shown:
    def __repr__(self):
        array.clear()
        return "s"


del view
array = bytearray(b"%a end")
try:
    array % Shown()
except BufferError as error:
    print(error)
unpacked = next(iter(tuple[int, str]))
print(copy.copy(unpacked), pickle.loads(pickle.dumps(unpacked)), type(iter(list[int])).__name__)
print(iter(list[int]).__reduce__()[1])
print(float(type("F", (str,), {"__float__": lambda self: 2.5})("1")))
for attempt in (lambda: type("F", (float,), {})(x=1), lambda: "%c" % 1.5, lambda: str(b"", "x", "y", z=1)):
    try:
        attempt()
    except TypeError as error:
        print(error)
print(type(iter(range(1, 2**63 - 1, 2**63 - 1))).__name__, list(range(1, 2**63 - 1, 2**63 - 1)))
