# Classes from tuples of a subclass, metaclasses with one argument, a bytearray that is looked at while it is filled.
import copy
import types
import weakref


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Bases(tuple):
    pass


made = type("Made", Bases((int, object)), {})
print(type(made.__bases__).__name__, made.__bases__, made(3) + 1)
given = (dict,)
print(type("Other", given, {}).__bases__ is given, type("Plain", (), {}).__bases__)
for arguments in ((), (1, 2), (1, 2, 3, 4)):
    show(lambda: type(*arguments))
    show(lambda: type.__new__(type, *arguments))


class Meta(type):
    pass


show(lambda: Meta(5))
show(lambda: type.__new__(Meta, 5))
show(lambda: Meta("Name", (), {}))


class Space(types.SimpleNamespace):
    def __new__(cls):
        return 5 if broken else super().__new__(cls)


broken = False
space = Space()
broken = True
show(lambda: copy.replace(space))


class Config(dict):
    def __getattr__(self, name):
        return self[name]


class Bad:
    @property
    def __name__(self):
        raise ZeroDivisionError


config, bad = Config(a=1), Bad()
print("Config" in repr(weakref.ref(config)), "(show)" in repr(weakref.ref(show)), "(Bad)" in repr(weakref.ref(Bad)))
show(lambda: repr(weakref.ref(bad)))

array = bytearray(b"before")


def numbers():
    for number in range(4):
        yield number
        print(list(array), array.__alloc__() > len(array))


array.__init__(numbers())
print(array)
show(lambda: array.__init__(iter([1, 2, 300, 4])))
print(array)
