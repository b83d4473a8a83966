"""Every method of every builtin type, with arguments whose special methods wreck the receiver; only the survival is told."""
import sys

receiver, left = None, 0


class Sub(list):
    pass


WRECKS = [
    lambda o: o.clear(),
    lambda o: o.__init__(),
    lambda o: o.__delitem__(slice(1, None)),
    lambda o: o.extend(b"0123456789" * 9),
    lambda o: o.update(dict.fromkeys(range(40), 1)),
    lambda o: o.release(),
    lambda o: o.pop(),
    lambda o: setattr(o, "args", ()),
    lambda o: setattr(o, "filename", None),
    lambda o: next(o),
    lambda o: o.__setstate__(1),
    lambda o: [o.discard(key) for key in list(o)],
]


def wreck():
    """Does harm to the receiver, a few times a call."""
    global left
    if left > 0:
        left -= 1
        for number in range(left % 3 + 1):
            try:
                WRECKS[(left + number * 5) % len(WRECKS)](receiver)
            except Exception:
                pass


def special(answer):
    def method(self, *args):
        wreck()
        return answer(self) if callable(answer) else answer
    return method


class Evil:
    pass


for name, answer in {
    "__index__": 2, "__int__": 3, "__float__": 1.5, "__complex__": 1j, "__len__": 2, "__length_hint__": 3, "__bool__": True,
    "__iter__": lambda self: iter([1, (2, 3), "a", self]), "__next__": 1, "__getitem__": lambda self: [7].pop(left % 2),
    "__setitem__": None, "keys": lambda self: ["a", 1], "__eq__": False, "__lt__": True, "__gt__": False, "__le__": True,
    "__ge__": False, "__hash__": 1, "__repr__": "evil", "__str__": "evil", "__format__": "evil", "__bytes__": b"evil",
    "__call__": lambda self: self, "__contains__": False, "__add__": 1, "__radd__": 1, "__rmul__": 2, "__ror__": 3, "__rand__": 4,
    "__rsub__": 5, "__rxor__": 6, "__rmod__": "m", "write": 1, "flush": None, "__fspath__": "path", "__get__": 1, "__set__": None,
    "__instancecheck__": True, "__round__": 1, "__reversed__": lambda self: iter([1]), "__enter__": 1, "__exit__": None,
}.items():
    setattr(Evil, name, special(answer))


def walk():
    for number in range(3):
        wreck()
        yield (number, Evil())


def raised(kind, *args):
    return lambda: kind(*args)


MAKERS = [
    lambda: [Evil(), 1, "x", Evil()], lambda: list(range(50)), lambda: Sub([Evil(), 2]), lambda: bytearray(b"abcdefgh" * 4), lambda: b"abcabc",
    lambda: (Evil(), 1), lambda: "abc def", lambda: {Evil(): 1, "a": Evil(), 3: 4}, lambda: {Evil(), 1, 2}, lambda: frozenset([Evil(), 2]),
    lambda: memoryview(bytearray(b"abcdefgh")), lambda: memoryview(bytearray(16)).cast("I"), lambda: range(9), lambda: range(2**70, 2**70 + 9),
    lambda: slice(Evil(), Evil(), Evil()), lambda: 5, lambda: 2**70, lambda: 1.5, lambda: 1j, lambda: None,
    raised(ValueError, Evil(), 1), raised(KeyError, Evil()), raised(OSError, 2, Evil()), raised(SyntaxError, Evil(), ("f", 1, 2, "t")),
    raised(UnicodeDecodeError, "u", b"ab", 0, 1, "r"), raised(ExceptionGroup, "g", [ValueError(Evil())]), raised(StopIteration, Evil()),
    lambda: iter([Evil(), 1]), lambda: iter({1: Evil(), 2: 3}), lambda: iter({1, 2}), lambda: iter(bytearray(b"ab")), lambda: reversed([1, Evil()]),
    lambda: {Evil(): 1, 2: 3}.keys(), lambda: {1: Evil()}.items(), lambda: {1: Evil()}.values(), lambda: zip([1, 2], walk()),
    lambda: map(Evil(), [1, 2]), lambda: filter(Evil(), [1, 2]), lambda: enumerate(walk()), lambda: walk(), lambda: property(Evil()),
    lambda: staticmethod(Evil()), lambda: list[Evil], lambda: int | str, lambda: [].append, lambda: type(sys)("m"), lambda: super(Sub, Sub()),
]
ARGUMENTS = [
    (), (Evil(),), (Evil(), Evil()), ([Evil(), 1], Evil()), (slice(Evil(), Evil()), b"zz"), (slice(Evil(), 50, 2), [1, 2]), (1, Evil(), Evil()),
    ({Evil(): Evil()},), ("a", Evil()), (b"a", Evil(), Evil()), ((Evil(), Evil()),), (Evil(), b"xyz"), ({Evil(), 1},),
]
SKIPPED = {"__class__", "__init_subclass__", "__subclasshook__", "__dict__"}

calls = 0
for make in MAKERS:
    receiver = make()
    for name in sorted(set(dir(receiver)) - SKIPPED):
        for arguments in [*ARGUMENTS, (walk(),), (Evil(), walk())]:
            if name == "throw" and len(arguments) > 1:
                continue  # deprecated, with a warning
            left = 0
            receiver = make()
            left = 4 + calls % 7
            try:
                made = getattr(receiver, name)(*arguments)
                for _ in range(3):
                    next(made)
            except BaseException:
                pass
            try:
                list(zip(range(50), receiver))
                repr(receiver)
            except BaseException:
                pass
            calls += 1
print(calls > 10_000)
