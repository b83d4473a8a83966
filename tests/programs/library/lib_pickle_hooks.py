# What a program says of pickling: names outside, reducers, tables, memos, classes that may be found, buffers that travel beside.
import array
import copyreg
import io
from _pickle import PickleBuffer, Pickler, PicklingError, Unpickler, UnpicklingError, dumps, loads


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names))[:150])
    except BaseException as error:
        print(type(error).__name__, error, getattr(error, "__notes__", ""))


def written(pickler_class, value, protocol=None, **names):
    file = io.BytesIO()
    pickler_class(file, protocol, **names).dump(value)
    return file.getvalue()


class Plain:
    pass


print("-- names outside")
database = {"one": [1], "two": {"k": 2}}


class ByName(Pickler):
    def persistent_id(self, value):
        for name, known in database.items():
            if known is value:
                return name


class FromName(Unpickler):
    def persistent_load(self, name):
        return database[name]


for protocol in (0, 1, 4):
    data = written(ByName, [database["one"], (database["two"],), 3], protocol)
    again = FromName(io.BytesIO(data)).load()
    print(data, again, again[0] is database["one"])
    show(Unpickler(io.BytesIO(data)).load)
pickler = Pickler(io.BytesIO(), 2)
show(pickler.persistent_id, 1)
pickler.persistent_id = lambda value: "p" if value == 5 else None
pickler.dump([4, 5])
show(pickler.persistent_id, 5)
del pickler.persistent_id
show(pickler.persistent_id, 5)
unpickler = Unpickler(io.BytesIO(b"Pabc\n.Pdef\n."))
unpickler.persistent_load = str.upper
show(unpickler.load)
del unpickler.persistent_load
show(unpickler.load)


class Accented(Pickler):
    def persistent_id(self, value):
        return "\xe9" if value == 1 else None


show(written, Accented, 1, 0)


class Super(ByName):
    def persistent_id(self, value):
        return super().persistent_id(value)


print(written(Super, database["one"], 2))

print("-- reducers")


class Overrides(Pickler):
    def reducer_override(self, value):
        if value is Plain:
            return str, ("the class",)
        if isinstance(value, Plain):
            return NotImplemented
        if isinstance(value, io.StringIO):
            return io.StringIO, (value.getvalue(),)
        return NotImplemented


print(loads(written(Overrides, [Plain, Plain])))
show(written, Overrides, Plain())
print(loads(written(Overrides, io.StringIO("text"))).getvalue(), dumps(len) == written(Overrides, len))


class WithTable(Pickler):
    dispatch_table = {Plain: lambda value: (list, ((1, 2),)), type(len): lambda value: "len"}


print(loads(written(WithTable, (Plain(), {"k": Plain()}))), written(WithTable, len, 2))
pickler = Pickler(io.BytesIO())
show(getattr, pickler, "dispatch_table")
pickler.dispatch_table = table = copyreg.dispatch_table.copy()
table[Plain] = lambda value: (dict, ())
pickler.dump(Plain())
print(pickler.dispatch_table is table)
del pickler.dispatch_table
show(delattr, pickler, "dispatch_table")

print("-- memos")
file = io.BytesIO()
pickler = Pickler(file, 2)
shared = ["shared"]
pickler.dump(shared)
first = file.getvalue()
pickler.dump(shared)
print(file.getvalue()[len(first) :], sorted(number for number, _ in pickler.memo.copy().values()))
pickler.clear_memo()
print(pickler.memo.copy())
pickler.memo = {id(shared): (7, shared)}
pickler.dump(shared)
print(file.getvalue()[-4:])
other = Pickler(io.BytesIO())
other.memo = pickler.memo
print([(number, value) for number, value in other.memo.copy().values()])
pickler.memo.clear()
print(pickler.memo.copy(), pickler.memo.__reduce__())
show(setattr, pickler, "memo", 3)
show(setattr, pickler, "memo", {1: 2})
show(hash, pickler.memo)
unpickler = Unpickler(io.BytesIO(dumps([1, "a"], 2) + b"h\x01.h\x09."))
print(unpickler.load(), unpickler.memo.copy(), unpickler.load())
show(unpickler.load)
for wrong in (3, {"a": 1}, {-1: 1}):
    show(setattr, unpickler, "memo", wrong)
unpickler.memo = {9: "nine"}
print(Unpickler(io.BytesIO(b"r\xff\xff\xff\xf0.")).memo.copy())
print(loads(b"I1\nr\xff\xff\x0f\x00I2\nj\xff\xff\x0f\x00\x86."))

print("-- fast, and not binary")
file = io.BytesIO()
pickler = Pickler(file, 4)
pickler.fast = True
pickler.dump(["x", "x", ("x",)])
print(file.getvalue(), pickler.fast, pickler.bin)
cycle = []
cycle.append(cycle)
try:
    pickler.dump(cycle)
except ValueError as error:
    print(str(error)[:70])
deep = last = []
for _ in range(60):
    last.append([])
    last = last[0]
pickler.dump([deep, deep])
print(len(file.getvalue()))
pickler.bin = 0
show(setattr, pickler, "bin", "x")
show(delattr, pickler, "fast")

print("-- classes that may be found")


class Careful(Unpickler):
    def find_class(self, module, name):
        if (module, name) in {("builtins", "complex"), ("__main__", "Plain")}:
            return super().find_class(module, name)
        raise UnpicklingError(f"{module}.{name} is not allowed")


for value in (1j, Plain(), print, io.StringIO):
    try:
        print(type(Careful(io.BytesIO(dumps(value))).load()).__name__)
    except UnpicklingError as error:
        print(error)
show(Unpickler(io.BytesIO()).find_class, "os", "nope")
show(Unpickler(io.BytesIO()).find_class, 1, 2)

print("-- buffers that travel beside")
payload = [PickleBuffer(b"read only"), PickleBuffer(bytearray(b"writable")), PickleBuffer(memoryview(bytearray(b"view"))), b"in band"]
beside = []
data = dumps(payload, 5, buffer_callback=beside.append)
print(data, [bytes(buffer) for buffer in beside])
again = loads(data, buffers=beside)
print([type(part).__name__ for part in again], [bytes(part) for part in again], [memoryview(part).readonly for part in again])
show(loads, data)
show(loads, data, buffers=beside[:2])
print(dumps(payload), loads(dumps(payload)))
show(dumps, payload, 4)
show(dumps, 1, 4, buffer_callback=print)
print(loads(dumps(payload, 5, buffer_callback=lambda buffer: True)))
numbers = PickleBuffer(array.array("i", [1, 2, 3]))
print(numbers.raw().format, numbers.raw().nbytes, memoryview(numbers).format)
show(dumps, PickleBuffer(memoryview(b"abcdef")[::2]), 5)
show(PickleBuffer(memoryview(b"abcdef")[::2]).raw)
numbers.release()
numbers.release()
show(numbers.raw)
show(memoryview, numbers)
show(dumps, numbers, 5)
show(PickleBuffer, 3)
show(PickleBuffer)

print("-- while it is in use")


class Again:
    def __reduce__(self):
        for call in (lambda: pickler.dump(1), lambda: pickler.clear_memo(), lambda: pickler.__init__(io.BytesIO())):
            show(call)
        return int, ()


pickler = Pickler(io.BytesIO())
pickler.dump(Again())


class Reads:
    def read(self, count):
        show(unpickler.load)
        return b"N"

    def readline(self):
        return b""


unpickler = Unpickler(Reads())


class Ends(Reads):
    turn = 0

    def read(self, count):
        show(unpickler.load)
        self.turn += 1
        return b"N."[self.turn - 1 : self.turn]


unpickler = Unpickler(Ends())
print(unpickler.load())

print("-- what changes while it is written")


class Clears:
    def __init__(self, act):
        self.act = act

    def __reduce__(self):
        self.act()
        return int, ()


items = [1, 2, 3]
items[1:1] = [Clears(items.clear)]
show(dumps, items)
items = [Clears(lambda: items.append(1))]
print(loads(dumps(items)))
grows = []
grows += [Clears(lambda: grows.append("more") if len(grows) < 5 else None) for _ in range(3)]
show(dumps, grows)
pairs = {"a": 1}
pairs["b"] = Clears(lambda: pairs.update(c=1))
show(dumps, pairs)
numbers = {1}
numbers.add(Clears(lambda: numbers.add(2)))
show(dumps, numbers)
owner = Plain()
owner.a, owner.b = Clears(lambda: owner.__dict__.update(c=3)), 2
show(dumps, owner)
owner = Plain()
owner.a, owner.b = Clears(lambda: owner.__dict__), 2
print(loads(dumps(owner)).__dict__)


class Looks:
    def __init__(self, other):
        self.other = other

    def __reduce__(self):
        return list, (), None, iter([self.other.__dict__])


owner = Plain()
owner.a = 1
print(dumps([owner, Looks(owner), owner], 2))
