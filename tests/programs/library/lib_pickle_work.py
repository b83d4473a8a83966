# Pickling as programs use it: a store of records, shared and cyclic structures, every protocol, streams, and what each writes.
import binascii
import collections
import copyreg
import datetime
import fractions
import io
import pickle
import pickletools
from _pickle import dump, dumps, load, loads


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return type(other) is Point and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))


class Slotted:
    __slots__ = ("a", "b")


class Both(Slotted):
    pass


class Stateful:
    def __init__(self):
        self.log = ["made"]

    def __getstate__(self):
        return {"log": self.log + ["saved"]}

    def __setstate__(self, state):
        self.log = state["log"] + ["loaded"]


class Made:
    def __new__(cls, *args, key=None):
        self = super().__new__(cls)
        self.args = args, key
        return self

    def __getnewargs_ex__(self):
        return self.args[0], {"key": self.args[1]}


class Stack(list):
    name = "stack"


class Table(dict):
    pass


class Whole(int):
    pass


class Account:
    class Entry(tuple):
        pass


def sample():
    point = Point(1, [2])
    slotted = Slotted()
    slotted.a = point
    both = Both()
    both.b, both.c = 1, 2
    cycle = [1]
    cycle.append(cycle)
    pair = (cycle, [])
    pair[1].append(pair)
    looped = Point(None, {})
    looped.x = looped
    stack = Stack([1, stack_item := {"k": None}])
    stack.top, stack_item["k"] = "yes", stack
    return [
        None, True, False, ..., NotImplemented, 0, -1, 255, 256, 65535, 65536, -(2**31), 2**31, 2**63, -(2**255), 2**2050,
        0.0, -0.0, 1.5, 1e300, float("inf"), 2j, "", "text", "\xe9\u20ac\U0001f600", "line\nbreak\\\x00\x1a", "\ud800", b"", b"bytes\x00\xff", bytearray(b"array"),
        (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], list(range(2500)), {}, {1: 2}, {str(n): n for n in range(1000)},
        set(), {1, 2, 3}, frozenset(), frozenset({4, 5}), point, slotted, both, cycle, pair, looped, stack, Table(a=1), Whole(7), Stateful(), Made(1, "b", key=2),
        int, Point, Account.Entry, Account.Entry((1,)), len, dumps, [].append.__name__, range(3), slice(1, None, 2), collections.OrderedDict(b=1, a=2),
        collections.Counter("hello"), collections.defaultdict(list, {1: [2]}), collections.deque([1, 2], 3), datetime.date(2024, 2, 29),
        fractions.Fraction(3, 4), ValueError("wrong", 3), type(None), type(...), Point.__init__, "same", "same",
    ]


print("-- what every protocol writes")
for protocol in range(6):
    total = 0
    sums = []
    for value in sample():
        try:
            written = dumps(value, protocol)
        except TypeError as error:
            print(protocol, error)
            continue
        total += len(written)
        sums.append(binascii.crc32(written))
        again = loads(written)
        if type(again) is not type(value):
            print(type(value), type(again))
        plain = (int, float, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice, Table, Whole)
        if type(value) in plain and "..." not in repr(value) and "object at" not in repr(value) and again != value:
            print("differs", protocol, repr(value)[:50])
    print(protocol, total, binascii.crc32(repr(sums).encode()))

print("-- structure that comes back")
items = loads(dumps(sample()))
looped = [item for item in items if type(item) is Point and item.x is item]
print(len(looped), items[-1] is items[-2])
cycle = [item for item in items if type(item) is list and len(item) == 2]
print(cycle[0][1] is cycle[0])
stack = [item for item in items if type(item) is Stack][0]
print(stack.top, stack[1]["k"] is stack, [item.log for item in items if type(item) is Stateful], [item.args for item in items if type(item) is Made])

print("-- frames, and data that are long by themselves")


class Chunks:
    def __init__(self):
        self.sizes, self.kinds, self.all = [], [], b""

    def write(self, data):
        self.sizes.append(len(data))
        self.kinds.append(type(data).__name__)
        self.all += data


big = ["a", b"x" * 70000, "y" * 70000, bytearray(70000), "\xe9" * 70000, list(map(str, range(40000)))]
for protocol in range(6):
    chunks = Chunks()
    dump(big, chunks, protocol)
    print(protocol, chunks.sizes, chunks.kinds, loads(chunks.all) == big, chunks.all == dumps(big, protocol))

print("-- a stream with many pickles, read in different ways")


class Slow:
    def __init__(self, data):
        self.file, self.asked = io.BytesIO(data), []

    def read(self, count):
        self.asked.append(count)
        return self.file.read(count)

    def readline(self):
        self.asked.append("line")
        return self.file.readline()


class Peeking(Slow):
    def peek(self, count):
        self.asked.append("peek")
        at = self.file.tell()
        found = self.file.read(7)
        self.file.seek(at)
        return found


class Into(Slow):
    def readinto(self, view):
        self.asked.append(("into", len(view)))
        return self.file.readinto(view)


stream = io.BytesIO()
for protocol in (0, 2, 4, 5):
    for value in (1, [2, "three"], {"four": (5, 6.0)}, b"seven" * 10):
        dump(value, stream, protocol)
data = stream.getvalue()
for kind in (Slow, Peeking, Into, io.BytesIO, lambda data: io.BufferedReader(io.BytesIO(data))):
    file = kind(data)
    unpickler, out = pickle.Unpickler(file), []
    try:
        while True:
            out.append(unpickler.load())
    except EOFError as error:
        print(len(out), binascii.crc32(repr(out).encode()), error, binascii.crc32(repr(getattr(file, "asked", None)).encode()))

print("-- pickletools reads what is written")
for protocol in (2, 3, 4):
    values = [value for value in sample() if type(value).__module__ in ("builtins", "__main__") and type(value) is not type(len)]
    ops = [op.name for op, _, _ in pickletools.genops(dumps(values, protocol))]
    print(protocol, len(ops), collections.Counter(ops).most_common(4))
optimized = pickletools.optimize(dumps(["a", "b", "a"]))
print(optimized, loads(optimized))

print("-- numbers for globals")
copyreg.add_extension("__main__", "Point", 200)
try:
    for protocol in (1, 2, 4):
        written = dumps(Point(1, 2), protocol)
        print(written, loads(written) == Point(1, 2))
    for code in (300, 70000):
        copyreg.remove_extension("__main__", "Point", {300: 200, 70000: 300}[code])
        copyreg.add_extension("__main__", "Point", code)
        print(dumps(Point, 2), loads(dumps(Point, 2)) is Point)
finally:
    copyreg.remove_extension("__main__", "Point", 70000)

print("-- names and strs of Python 2")
print(loads(b"c__builtin__\nxrange\n(I3\ntR."), loads(b"ccopy_reg\n_reconstructor\n(c__main__\nPoint\nc__builtin__\nobject\nNtR.").__class__.__name__)
print(loads(b"U\x03a\xe9b.", encoding="latin1"), loads(b"S'a\\xe9'\n.", encoding="bytes"), loads(b"T\x02\x00\x00\x00\xc3\xa9.", encoding="utf-8"))
print(dumps(range, 2), dumps(range, 2, fix_imports=False), dumps(Exception, 1), dumps(fractions.Fraction, 0))
