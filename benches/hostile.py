#!/usr/bin/env python3
"""Every builtin method with every kind of self and odd arguments: an exception, never a crash.

    python3 benches/hostile.py COMMAND [ARG...] [--only NAME]    each type and module in a process of COMMAND
    COMMAND benches/hostile.py --one NAME [FROM]                 one of them, from its method number FROM on

One process calls every method of one type (and one every function of one module): with no argument, with each
odd argument, with every pair of them, and with a fixed choice of triples. What a call raises is its own affair.
Wanted: exit status 0. A process that dies is started again behind the method that killed it.
"""

import sys

SECONDS = 150


class Index:
    """An index that is not an int, and says a new number each time."""

    def __init__(self, *numbers):
        self.numbers = list(numbers)

    def __index__(self):
        self.numbers.append(self.numbers.pop(0))
        return self.numbers[-1]


class Raises:
    """Every question is an error."""

    def fail(self, *args):
        raise LookupError("no")

    __eq__ = __lt__ = __hash__ = __len__ = __iter__ = __getitem__ = __index__ = __bool__ = __float__ = fail
    __call__ = __contains__ = __str__ = __repr__ = __format__ = __radd__ = __add__ = __get__ = fail


class Lies:
    """Answers of the wrong type or size."""

    def __len__(self):
        return 2**40

    def __length_hint__(self):
        return 2**62

    def __iter__(self):
        return iter([1, 2])

    def __hash__(self):
        return -1

    def __eq__(self, other):
        return [0]

    def __index__(self):
        return -(2**63)

    def __getitem__(self, key):
        if key == 3:
            raise IndexError
        return self

    def __repr__(self):
        return "\ud800"

    def keys(self):
        return ["a", self]


class Name(str):
    pass


class Num(int):
    pass


class Pairs(dict):
    def __missing__(self, key):
        return key


class Stack(list):
    def __iter__(self):
        self.clear()
        return iter((1,))


class Clears:
    """Empties a victim while somebody walks it."""

    victim = None

    def __eq__(self, other):
        try:
            self.victim.clear()
        except AttributeError:
            pass
        return False

    __lt__ = __gt__ = __eq__

    def __hash__(self):
        return 1

    def __index__(self):
        self == None
        return 1


def generator():
    yield 1
    yield 2


def function(*args, **named):
    return args


def raised():
    try:
        1 / 0
    except ZeroDivisionError as e:
        return e


async def coroutine():
    pass


class Slotted:
    __slots__ = ("a", "b")


class Chain:
    def __getattr__(self, name):
        return self


# Odd arguments, made anew for each call.
ODD = [
    lambda: None,
    lambda: True,
    lambda: 0,
    lambda: -1,
    lambda: 3,
    lambda: 2**31,
    lambda: -(2**63),
    lambda: 2**64 + 1,
    lambda: 1.5,
    lambda: float("nan"),
    lambda: 1e300,
    lambda: 2j,
    lambda: "",
    lambda: "a",
    lambda: "\ud800\U0001f600",
    lambda: "%s %*d {0!r:>{1}}",
    lambda: Name("__class__"),
    lambda: b"ab",
    lambda: bytearray(b"xyz"),
    lambda: [],
    lambda: [3, "a", None],
    lambda: (),
    lambda: (1, 2),
    lambda: {"a": 1},
    lambda: {1, 2},
    lambda: range(3),
    lambda: slice(None, None, -1),
    lambda: slice(Index(5, 0), 2**70, Index(2, -2)),
    lambda: generator(),
    lambda: iter([1, 2]),
    lambda: function,
    lambda: len,
    lambda: int,
    lambda: Chain,
    lambda: object(),
    lambda: Chain(),
    lambda: Index(1, -5, 2**80),
    lambda: Raises(),
    lambda: Lies(),
    lambda: Clears(),
    lambda: raised(),
    lambda: ValueError,
    lambda: Stack([1]),
]


def cyclic():
    x = [1]
    x.append(x)
    return x


def victims(make):
    """A container that is emptied when one of its items is asked."""
    item = Clears()
    item.victim = make(item)
    return item.victim


def frame():
    return raised().__traceback__.tb_frame


# Selves by what they are of.
SELVES = {
    "int": [lambda: 0, lambda: 7, lambda: -(2**61), lambda: 10**40, lambda: Num(3)],
    "bool": [lambda: True],
    "float": [lambda: 0.0, lambda: -1.5, lambda: float("inf"), lambda: 1e300],
    "complex": [lambda: 1 + 2j],
    "str": [lambda: "", lambda: "abc Def\n", lambda: "\xe9\u20ac\U0001f600\ud800", lambda: "{} {a[0].b!r:{}}", lambda: "%d%%", lambda: Name("x")],
    "bytes": [lambda: b"", lambda: b"a\xff b\n"],
    "bytearray": [lambda: bytearray(), lambda: bytearray(b"a\xff b\n")],
    "list": [lambda: [], lambda: [3, 1, 2], cyclic, lambda: victims(lambda i: [i, 2, i, 4]), lambda: Stack([1, 2])],
    "tuple": [lambda: (), lambda: (1, "a", None), lambda: (Raises(), Lies())],
    "dict": [lambda: {}, lambda: {"a": 1, 2: [3]}, lambda: victims(lambda i: {1: i, i: 2}), lambda: Pairs(a=1)],
    "set": [lambda: set(), lambda: {1, "a"}, lambda: victims(lambda i: {i, 1})],
    "frozenset": [lambda: frozenset(), lambda: frozenset([1, "a"])],
    "range": [lambda: range(0), lambda: range(5, -9, -3), lambda: range(2**70, 2**80, 2**65)],
    "slice": [lambda: slice(1), lambda: slice(None, "a", Raises())],
    "object": [lambda: object(), lambda: Chain(), lambda: Slotted(), lambda: Lies()],
    "type": [lambda: int, lambda: Chain, lambda: type, lambda: type("T", (Chain,), {})],
    "function": [lambda: lambda a, b=1, *c, d=2, **e: a],
    "builtin_function": [lambda: len, lambda: [].append, lambda: dict.fromkeys],
    "method_descriptor": [lambda: str.join, lambda: int.__add__, lambda: int.real, lambda: dict.__dict__["fromkeys"]],
    "method_wrapper": [lambda: (1).__add__],
    "method": [lambda: Chain().__getattr__, lambda: Lies().keys],
    "code": [lambda: function.__code__],
    "cell": [lambda: (lambda v: lambda: v)(1).__closure__[0]],
    "generator": [generator, lambda: (x for x in [1])],
    "coroutine": [coroutine],
    "frame": [frame],
    "traceback": [lambda: raised().__traceback__],
    "exception": [raised, lambda: StopIteration(1), lambda: OSError(2, "a", "b"), lambda: KeyError("a"), lambda: SyntaxError("m", ("f", 1, 2, "t"))],
    "unicode_error": [lambda: UnicodeDecodeError("utf-8", b"abc", 0, 1, "r"), lambda: UnicodeEncodeError("ascii", "abc", 0, 99, "r"), lambda: UnicodeTranslateError("abc", -5, 9, "r")],
    "group": [lambda: ExceptionGroup("g", [ValueError(1), ExceptionGroup("h", [TypeError(2)])])],
    "property": [lambda: property(function), lambda: property()],
    "staticmethod": [lambda: staticmethod(function)],
    "classmethod": [lambda: classmethod(function)],
    "super": [lambda: super(Chain, Chain())],
    "module": [lambda: type(sys)("m"), lambda: sys],
    "mappingproxy": [lambda: int.__dict__, lambda: Chain.__dict__],
    "dict_views": [lambda: {1: 2}.keys(), lambda: {1: 2}.items(), lambda: {1: 2}.values()],
    "union": [lambda: int | str],
    "alias": [lambda: list[int]],
    "namespace": [lambda: sys.implementation],
    "NoneType": [lambda: None, lambda: ..., lambda: NotImplemented],
    "iterators": [
        lambda: iter([1, 2]), lambda: iter((1,)), lambda: iter("a\u20ac"), lambda: iter(b"ab"), lambda: iter({1: 2}), lambda: iter({1, 2}), lambda: iter(range(3)),
        lambda: iter(range(2**70, 2**71)), lambda: reversed([1, 2]), lambda: reversed({1: 2}), lambda: enumerate([1]), lambda: zip([1], "a"), lambda: map(abs, [1]),
        lambda: filter(None, [1]), lambda: iter(function, 1), lambda: iter(Lies()), lambda: iter(bytearray(b"a")), lambda: iter({1: 2}.items()),
    ],
    "text_files": [lambda: sys.stdin],
}

# What must not be called: it ends or stops the process, or loosens the limit that this runs under.
NEVER = {"sleep", "clock_settime", "clock_settime_ns", "set_memory_limit", "_exit", "breakpoint", "input", "setrecursionlimit", "set_threshold", "settrace", "setprofile", "_settraceallthreads", "_setprofileallthreads"}


def triples():
    """A fixed choice of 150 triples of odd arguments."""
    state, out = 1, []
    for _ in range(150):
        three = []
        for _ in range(3):
            state = (state * 1103515245 + 12345) % 2**31
            three.append(ODD[state // 65536 % len(ODD)])
        out.append(three)
    return out


def attempt(name, make_self, makers):
    args = [m() for m in makers]
    try:
        method = make_self(name)
        result = method(*args)
        if type(result) is type(generator()) or hasattr(result, "__next__"):
            for _, _ in zip(range(5), result):
                pass
        elif type(result) is not str or len(result) < 1000:
            repr(result)
    except BaseException:
        pass
    for a in args:
        # Arguments that the call has bent must still be whole.
        try:
            repr(a)
        except BaseException:
            pass


def one(name, start):
    more = triples()
    if name.startswith("module:"):
        module = __import__(name[7:])
        jobs = [(n, lambda n, m=module: getattr(m, n)) for n in sorted(dir(module)) if n not in NEVER]
    else:
        jobs = []
        for make in SELVES[name]:
            for n in sorted(set(dir(make())) | set(dir(type(make())))):
                jobs.append((n, lambda n, make=make: getattr(make(), n)))
                # The method of the type, with an argument in self's place.
                if make is SELVES[name][0]:
                    jobs.append((n, lambda n, make=make: getattr(type(make()), n)))
    jobs = [j for j in jobs if j[0] not in NEVER]
    say = sys.stderr.write
    for at in range(start, len(jobs)):
        n, make = jobs[at]
        say("%d %s\n" % (at, n))
        try:
            method = make(n)
        except BaseException:
            continue
        if not callable(method):
            for a in ODD:
                try:
                    setattr(SELVES[name][0](), n, a())
                except BaseException:
                    pass
            continue
        attempt(n, make, [])
        for a in ODD:
            attempt(n, make, [a])
            if len(sys.argv) > 4:
                say("%r\n" % a())
        for a in ODD[::2]:
            for b in ODD:
                attempt(n, make, [a, b])
        for three in more:
            attempt(n, make, three)


def main():
    import subprocess
    import tempfile

    command, only = sys.argv[1:], None
    if "--only" in command:
        at = command.index("--only")
        only = command[at + 1]
        del command[at : at + 2]
    names = [only] if only else [*SELVES, *("module:" + m for m in ("builtins", "math", "sys", "time", "gc", "ryokan"))]
    failed = 0
    for name in names:
        start, deaths = 0, []
        while True:
            with tempfile.TemporaryFile("w+") as err:
                where = [*command, __file__, "--one", name, str(start)]
                try:
                    code = subprocess.run(where, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err, timeout=SECONDS).returncode
                except subprocess.TimeoutExpired:
                    code = "timeout"
                err.seek(0)
                lines = err.read().splitlines()
            if code == 0:
                break
            marks = [l for l in lines if l.split(" ")[0].isdigit()]
            last = marks[-1] if marks else "-1 start"
            deaths.append(f"{last}: exit {code}: {lines[-1][:140] if lines else ''}")
            start = int(last.split(" ")[0]) + 1
            if start == 0 or len(deaths) > 20:
                break
        failed += bool(deaths)
        print(f"{name:<20} {'ok' if not deaths else ''}", *deaths, sep="\n    " if deaths else "", flush=True)
    print(f"{len(names) - failed} of {len(names)} survive")
    sys.exit(failed != 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], int(sys.argv[3]))
    else:
        main()
