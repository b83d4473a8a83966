"""Special methods that are None or no function, slots under other names, and what constructors say of None."""


def tell(what, function):
    try:
        print(what, function())
    except Exception as error:
        print(what, type(error).__name__, error)


asks = {
    "__bool__": bool, "__len__": len, "__hash__": hash, "__iter__": iter, "__contains__": lambda x: 1 in x,
    "__reversed__": reversed, "__index__": lambda x: [1][x], "__add__": lambda x: x + 1, "__eq__": lambda x: x == 1,
    "__call__": lambda x: x(), "__getitem__": lambda x: x[0], "__str__": str, "__repr__": repr, "__format__": format,
}
for name, ask in asks.items():
    for value in (None, 5):
        tell(f"{name} {value}", lambda: ask(type("E", (), {name: value})()))


class Number(int):
    __str__ = int.__repr__
    __add__ = int.__sub__
    __len__ = (5).__index__
    __hash__ = (7).__hash__
    __bool__ = None


n = Number(3)
print(str(n), n + 1, len(n), hash(n) == hash(7), {n: 1}[n])
tell("bool", lambda: bool(n))


class Named:
    __repr__ = "a name".__str__
    __call__ = str
    __iter__ = [1, 2].__iter__
    __contains__ = [1].__contains__
    __getitem__ = {"k": "v"}.__getitem__


print(Named(), list(Named()), 1 in Named(), 2 in Named(), Named()["k"])


class Meta(type):
    __getattribute__ = object.__getattribute__


class OfMeta(metaclass=Meta):
    x = 1


print(OfMeta.x)
for what, function in {
    "note": lambda: ValueError().add_note(None),
    "group": lambda: ExceptionGroup(None, [ValueError()]),
    "type": lambda: type(None, (), {}),
    "bases": lambda: type("a", None, {}),
    "format": lambda: format(1, None),
    "encode": lambda: "a".encode(None),
    "bytes": lambda: (5).to_bytes(1, None),
    "super": lambda: super(x=1),
    "object": lambda: object.__init__(Named(), 1),
    "pairs": lambda: dict([5]),
    "hint": lambda: list(type("H", (), {"__iter__": lambda s: iter([]), "__length_hint__": lambda s: "x"})()),
    "generator": lambda: type(i for i in ())(),
    "list iterator": lambda: type(iter([]))(),
}.items():
    tell(what, function)
try:
    dict([5])
except TypeError as error:
    print(error.__notes__)


class Ending(super):
    def __del__(self):
        print("ends", self.__thisclass__)


Ending(int, 5)
group = ExceptionGroup("m", [ValueError(1)])
for name in ("message", "exceptions"):
    tell(name, lambda: setattr(group, name, 1))
print(repr(group), repr(ExceptionGroup("m", (ValueError(1),))))
