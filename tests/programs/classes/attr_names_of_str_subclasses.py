# Attributes by names that are instances of subclasses of str.
import types


class Name(str):
    pass


class Thing:
    shared = "class"

    def __init__(self):
        self.msg = 1

    @property
    def computed(self):
        return "computed"

    def method(self):
        return "method"


def show(text, f):
    try:
        print(text, f())
    except Exception as e:
        print(text, type(e).__name__, e)


def keys(thing):
    return [(type(key).__name__, str(key)) for key in vars(thing)]


for dict_first in (False, True):
    for name in ("msg", "shared", "computed", "missing"):
        thing = Thing()
        if dict_first:
            vars(thing)
        key = Name(name)
        show(name, lambda: getattr(thing, key))
        show(name, lambda: hasattr(thing, key))
        show(name, lambda: getattr(thing, key, "default"))
        show(name, lambda: thing.__getattribute__(key))
        show(name, lambda: object.__getattribute__(thing, key))
        show(name, lambda: setattr(thing, key, 2))
        show(name, lambda: getattr(thing, name))
        show(name, lambda: keys(thing))
        show(name, lambda: delattr(thing, key))
        show(name, lambda: keys(thing))
    thing = Thing()
    show("method", lambda: getattr(thing, Name("method"))())

thing = Thing()
setattr(thing, Name("first"), 1)
setattr(thing, "second", 2)
thing.first += 10
print(keys(thing), thing.first, vars(thing)[Name("second")])
del thing.first
print(keys(thing))


class Slotted:
    __slots__ = ("a",)


slotted = Slotted()
setattr(slotted, Name("a"), 5)
show("slot", lambda: (slotted.a, getattr(slotted, Name("a"))))
show("slot", lambda: setattr(slotted, Name("b"), 5))
setattr(Thing, Name("later"), 3)
show("class", lambda: (Thing.later, Thing().later, getattr(Thing, Name("later")), type(list(vars(Thing))[-1])))
module = types.ModuleType("module")
setattr(module, Name("x"), 1)
show("module", lambda: (module.x, getattr(module, Name("x"))))


def function():
    pass


setattr(function, Name("note"), 1)
show("function", lambda: (function.note, getattr(function, Name("note")), getattr(function, Name("__name__"))))
