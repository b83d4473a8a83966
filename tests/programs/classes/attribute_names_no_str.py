# A name of an attribute that is no str, asked of the methods of types.
import types


def told(what, work):
    try:
        print(what, "ok", repr(work()))
    except Exception as e:
        print(what, type(e).__name__, e)


def function():
    pass


class Class:
    def method(self):
        pass


class Slotted:
    __slots__ = ("a",)


things = dict(function=function, type=Class, instance=Class(), module=types.ModuleType("m"), method=Class().method, property=property(),
              exception=ValueError(), object=object(), builtin=len, slotted=Slotted(), namespace=types.SimpleNamespace(), int=1,
              builtin_type=types.MethodType)
for what, thing in things.items():
    cls = type(thing)
    for name in 1, None, b"a", (1,):
        told(what, lambda: cls.__getattribute__(thing, name))
        told(what, lambda: cls.__setattr__(thing, name, 2))
        told(what, lambda: cls.__delattr__(thing, name))
        told(what, lambda: getattr(thing, name))
        told(what, lambda: setattr(thing, name, 2))
        told(what, lambda: object.__setattr__(thing, name, 2))
print(function.__dict__)
