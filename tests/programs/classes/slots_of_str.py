"""`__slots__` in subclasses of str, and namespaces that answer for names that they do not have."""
import copy
import sys
import types


class Line(str):
    __slots__ = ("number", "origin")

    def __new__(cls, text, number=0):
        made = super().__new__(cls, text)
        made.number = number
        return made


line = Line("text", 3)
print(line, line.number, repr(line), line == "text", hash(line) == hash("text"), line.upper(), type(line.upper()))
for attempt in (lambda: line.origin, lambda: delattr(line, "origin"), lambda: setattr(line, "other", 1), lambda: line.__dict__):
    try:
        print(attempt())
    except AttributeError as e:
        print(e)
for n in range(4):
    line.number += n
    line.origin = [line, n]
print(line.number, line.origin[0] is line, line.origin[1], Line.number)
del line.origin
print(hasattr(line, "origin"), hasattr(line, "__dict__"), Line.__slots__)


class Open(Line):
    pass


opened = Open("é" * 5, 1)
opened.extra = 2
print(opened.number, opened.extra, opened)
deeper = type("Deeper", (Line,), {"__slots__": ("more",)})("deep", 9)
deeper.more = deeper
print(deeper.number, deeper.more is deeper, [copy.copy(deeper).number])
for base in (bytes, tuple, int):
    try:
        type("Bad", (base,), {"__slots__": ("x",)})
    except TypeError as e:
        print(e)


class Names(dict):
    def __missing__(self, key):
        if key.startswith("x"):
            return key * 2
        raise KeyError(key)


def function():
    return xy, len(xyz), [xa for _ in (1, 2)], x()


for builtins in ({"len": len}, Names(len=len)):
    made = types.FunctionType(function.__code__, Names(__builtins__=builtins))
    for _ in range(3):
        try:
            print(made())
        except TypeError as e:
            print(e)
try:
    types.FunctionType((lambda: ab).__code__, Names())()
except NameError as e:
    print(e)
for wrong in (3, int):
    try:
        sys._clear_type_descriptors(wrong)
    except TypeError as e:
        print(e)


class Plain:
    pass


print(sys._clear_type_descriptors(Plain), "__dict__" in vars(Plain), "__weakref__" in vars(Plain))
