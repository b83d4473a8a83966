# Globals and builtins that are instances of a subclass of dict: functions ask their `__getitem__`.
import dataclasses
import sys
import types


class Named(dict):
    def __missing__(self, name):
        if name.startswith("no"):
            raise KeyError(name)
        return name.upper()


def read():
    return abc


def call():
    return abc()


def both():
    return len([abc]), nothing


for function in read, call, both:
    made = types.FunctionType(function.__code__, Named())
    for i in range(3):
        try:
            print(made())
        except Exception as error:
            print(type(error).__name__, error)
    plain = types.FunctionType(function.__code__, {"abc": lambda: 1, "nothing": 0})
    plain.__globals__["__builtins__"] = {"len": len}
    print(str(plain())[:9])

made = types.FunctionType(read.__code__, Named(abc=5))
print(made(), made())
made.__globals__.clear()
print(made())


class Odd(dict):
    def __getitem__(self, name):
        if name == "len":
            return lambda x: 42
        if name == "boom":
            raise ValueError("boom")
        return dict.__getitem__(self, name)


space = Odd(abc=3)
print(eval("len([abc])", space))
exec("""
def f():
    return len([abc])
def g():
    return boom
class C:
    a = len([])
print(len([abc]))
""", space)
print(space.get("f")(), space.get("C").a)
try:
    space.get("g")()
except ValueError as error:
    print(error)

# Dataclasses with slots lose what the class had before.
@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 2


print(Point(1), Point.__slots__, Point.__doc__)
for given in (), (1,), (int,), (type("A", (), {}),):
    try:
        print(sys._clear_type_descriptors(*given), list(given[0].__dict__))
    except TypeError as error:
        print(error)
