"""The objects that stand for methods, slots and fields in the dicts of builtin types."""


def tell(what, function):
    try:
        print(what, function())
    except Exception as error:
        print(what, type(error).__name__, error)


def clean(value):
    return repr(value).split(" at 0x")[0]


kinds = {
    "method": list.append,
    "bound": [].append,
    "slot": int.__add__,
    "bound slot": (5).__add__,
    "class method": vars(dict)["fromkeys"],
    "class method, bound": dict.fromkeys,
    "static": str.maketrans,
    "new": int.__new__,
    "getset": vars(type)["__mro__"],
    "field": slice.start,
    "function": len,
    "coexisting": dict.__getitem__,
    "divmod": int.__divmod__,
}
for name, value in kinds.items():
    print(name, type(value).__name__, clean(value))
    for part in ("__name__", "__qualname__", "__objclass__", "__self__", "__module__", "__text_signature__"):
        tell("   " + part, lambda: clean(getattr(value, part)))
    tell("   reduced", lambda: clean(value.__reduce__()[1:] if isinstance(value.__reduce__(), tuple) else value.__reduce__()))

x = []
print(x.append == x.append, [].append == [].append, hash(x.append) == hash(x.append), list.append == list.append)
print((5).__add__ == (5).__add__, x.__len__ == x.__len__, x.__len__ == [].__len__, int.__add__ == int.__add__)
print(x.append != x.pop, x.append == 5)

for what, function in {
    "no argument": lambda: list.append(),
    "wrong receiver": lambda: list.append(5, 6),
    "slot, no argument": lambda: int.__add__(),
    "slot, wrong receiver": lambda: int.__add__("a", 1),
    "slot, too few": lambda: (5).__add__(),
    "slot, by name": lambda: (5).__add__(value=1),
    "class method, no argument": lambda: vars(dict)["fromkeys"](),
    "class method, of no class": lambda: vars(dict)["fromkeys"](5, []),
    "class method, of another": lambda: vars(dict)["fromkeys"](int, []),
    "class method": lambda: vars(dict)["fromkeys"](dict, "ab"),
    "new, no argument": lambda: int.__new__(),
    "new, of no class": lambda: int.__new__(5),
    "new, of another": lambda: int.__new__(str),
    "new, unsafe": lambda: object.__new__(int),
    "get of another": lambda: list.append.__get__(5),
    "get of nothing": lambda: list.append.__get__(None, None),
    "get of a class": lambda: clean(list.append.__get__(None, list)),
    "get": lambda: clean(list.append.__get__([1])),
    "class method, get": lambda: clean(vars(dict)["fromkeys"].__get__({})),
    "field of another": lambda: slice.start.__get__(5),
    "field, set": lambda: setattr(slice(1), "start", 2),
    "getset, set": lambda: setattr(5, "real", 2),
    "get of a builtin": lambda: len.__get__,
    "call": lambda: str.upper("a") + "".join.__call__("bc"),
}.items():
    tell(what, function)


class Sub(list):
    pass


print(Sub().append.__qualname__, Sub.append is list.append, Sub([1]).__len__(), type(Sub().__len__).__name__)
print(type.__module__, type(len).__module__, object.__module__, type(object.__doc__).__name__, type(type.__doc__).__name__)
print(vars(int).get("__module__"), vars(list)["__hash__"], "__radd__" in vars(list), "__reduce__" in vars(object))
for cls in (len, list.append, (5).__add__, vars(dict)["fromkeys"], slice.start, vars(type)["__mro__"]):
    tell(type(cls).__name__, lambda: type(cls)())
