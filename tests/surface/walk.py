"""What a program can see of the built-in types and functions: a line for each type, for each entry of its dict, for each function.

Both Pythons run it, and what they print is compared: see tests/surface.rs.
"""

import sys


def yielding():
    yield


async def waiting():
    pass


async def yielding_both():
    yield


def reached():
    """Types that have no name among the builtins."""
    cell = (lambda: reached).__closure__
    coroutine = waiting()
    coroutine.close()
    both = yielding_both()
    values = [
        None, ..., NotImplemented, yielding, yielding(), coroutine, both, both.asend(None), both.athrow(ValueError),
        both.__anext__(), yielding.__code__, sys, sys.implementation, sys.flags, sys.version_info, sys.float_info,
        sys.int_info, sys.hash_info, sys.thread_info, sys._getframe(), len, [].append, list.append, list.__add__,
        [].__add__, vars(dict)["fromkeys"], type.__mro__, vars(type)["__mro__"], slice.start, vars(object)["__class__"],
        vars(type)["__dict__"], vars(int), iter([]), reversed([]), iter(()), iter(""), iter("\u1234"), iter(b""),
        iter(bytearray()), iter(set()), iter({}), iter({}.values()), iter({}.items()), reversed({}),
        reversed({}.values()), reversed({}.items()), {}.keys(), {}.values(), {}.items(), iter(range(1)),
        iter(range(1 << 70)), iter(int, 1), iter(memoryview(b"")), list[int], int | str, Walk().method,
        iter(Walk()), aiter(both), anext(both, 1), coroutine.__await__(),
    ]
    try:
        raise ValueError
    except ValueError as error:
        values.append(error.__traceback__)
    values += [cell[0]] if cell else []
    return [type(value) for value in values]


class Walk:
    def method(self):
        pass

    def __getitem__(self, index):
        raise IndexError


def name_of(value):
    return getattr(value, "__qualname__", repr(value))


def full(cls):
    return cls.__module__ + "." + cls.__qualname__


def facts(entry):
    """What is told of an entry of a type's dict, or of a function."""
    told = [type(entry).__name__]
    if isinstance(entry, staticmethod):
        return facts(entry.__func__) + ", static"
    for name in ("__name__", "__qualname__", "__objclass__", "__module__", "__text_signature__"):
        try:
            value = getattr(entry, name)
        except AttributeError:
            continue
        told.append(name.strip("_") + "=" + (value.__name__ if isinstance(value, type) else repr(value)))
    if isinstance(entry, (int, str, tuple, type(None))) and not isinstance(entry, type):
        told = [repr(entry)]
    return ", ".join(told)


FLAGS = {4: "inline values", 5: "sequence", 6: "mapping", 7: "disallow instantiation", 8: "immutable", 9: "heap",
         10: "base", 11: "vectorcall", 12: "ready", 14: "collected", 17: "method", 20: "abstract", 22: "match self",
         24: "int", 25: "list", 26: "tuple", 27: "bytes", 28: "str", 29: "dict", 30: "exception", 31: "type"}


def walk_type(cls):
    here = full(cls)
    print(here, "bases", *[full(base) for base in cls.__bases__])
    print(here, "mro", *[full(base) for base in cls.__mro__])
    print(here, "flags", *[name for bit, name in FLAGS.items() if cls.__flags__ >> bit & 1])
    print(here, "sizes", cls.__basicsize__, cls.__itemsize__, cls.__dictoffset__, cls.__weakrefoffset__)
    print(here, "signature", repr(cls.__text_signature__))
    print(here, "metaclass", full(type(cls)))
    for name in sorted(vars(cls)):
        if name != "__doc__":
            print(here + "." + name, facts(vars(cls)[name]))
    held = {name for base in cls.__mro__ for name in vars(base)}
    print(here, "dir", *sorted(held.symmetric_difference(dir(cls))))


def walk_module(module):
    for name in sorted(vars(module)):
        value = vars(module)[name]
        if isinstance(value, (type(len), type(reached))):
            print(module.__name__ + "." + name, facts(value), "self=" + name_of(getattr(value, "__self__", None)))
        elif isinstance(value, type):
            print(module.__name__ + "." + name, "is", full(value))
        else:
            print(module.__name__ + "." + name, "of", type(value).__name__)


def main():
    import builtins
    types = [value for value in vars(builtins).values() if isinstance(value, type)] + reached()
    for cls in sorted(set(types), key=full):
        if cls.__module__ not in ("__main__", "_frozen_importlib"):
            walk_type(cls)
    walk_module(builtins)


main()
