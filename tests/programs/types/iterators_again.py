"""Iterators of builtins, as pickle takes them apart and sets them to a place."""


class Counted:
    def __len__(self):
        return 4

    def __getitem__(self, index):
        if index >= 4:
            raise IndexError
        return index * 10


makers = {
    "list": lambda: iter([1, 2, 3]),
    "tuple": lambda: iter((1, 2, 3)),
    "str": lambda: iter("abc"),
    "wide str": lambda: iter("a\u1234c"),
    "bytes": lambda: iter(b"abc"),
    "bytearray": lambda: iter(bytearray(b"abc")),
    "back": lambda: reversed([1, 2, 3]),
    "reversed": lambda: reversed("abc"),
    "counted": lambda: iter(Counted()),
    "counted back": lambda: reversed(Counted()),
    "dict": lambda: iter({1: 2, 3: 4}),
    "values": lambda: iter({1: 2, 3: 4}.values()),
    "items back": lambda: reversed({1: 2, 3: 4}.items()),
    "set": lambda: iter({7}),
    "call": lambda: iter(iter([1, 2, 0]).__next__, 0),
    "enumerate": lambda: enumerate("ab", 1 << 70),
    "zip": lambda: zip("ab", "cd", strict=True),
    "map": lambda: map(ord, "ab"),
    "filter": lambda: filter(None, "ab"),
    "range": lambda: iter(range(3)),
}


def told(iterator):
    return repr(iterator.__reduce__()).split(" at 0x")[0][:60]


for name, make in makers.items():
    iterator = make()
    print(name, told(iterator), end=" ")
    next(iterator)
    print(told(iterator), end=" ")
    list(iterator)
    print(told(iterator))
    for state in (0, 2, 99, -5, True, 1 << 80, "a", None):
        iterator = make()
        try:
            iterator.__setstate__(state)
            print("   ", state, list(iterator))
        except Exception as error:
            print("   ", state, type(error).__name__, error)
    again = make()
    next(again)
    function, args, *rest = again.__reduce__()
    copy = function(*args)
    if rest and rest[0] is not None:
        copy.__setstate__(*rest)
    print("   ", list(copy))

changed = {1: 2}
iterator = iter(changed)
changed[3] = 4
try:
    iterator.__reduce__()
except RuntimeError as error:
    print(error)
