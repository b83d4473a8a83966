"""Who is warned of what: the filters, the registries, and the warnings of the core itself."""
import sys
import _warnings


class Plain:
    """Standard error, with the name of this file left out."""

    def write(self, text):
        for line in text.splitlines():
            if line.startswith("  "):
                continue
            if __name__ == "__main__" and line.split(":")[0].endswith((".py", "<stdin>")):
                line = "here:" + line.split(":", 1)[1]
            print("|", line)

    def flush(self):
        pass


sys.stderr = Plain()
filters = list(_warnings.filters)
print([(f[0], f[1], f[2].__name__, f[3], f[4]) for f in filters])
print(_warnings._defaultaction, _warnings._onceregistry)


def tried(function, *args, **named):
    try:
        print(function(*args, **named))
    except BaseException as e:
        print(type(e).__name__, e)


def changed():
    _warnings._acquire_lock()
    _warnings._acquire_lock()
    _warnings._filters_mutated_lock_held()
    _warnings._release_lock()
    _warnings._release_lock()


def use(*rows):
    _warnings.filters[:] = rows
    changed()


# The arguments.
tried(_warnings.warn)
tried(_warnings.warn, "a", 5)
tried(_warnings.warn, "a", int)
tried(_warnings.warn, "a", "b", "c")
tried(_warnings.warn, "a", UserWarning, "x")
tried(_warnings.warn, "a", UserWarning, 1, skip_file_prefixes=["x"])
tried(_warnings.warn, "a", UserWarning, 1, skip_file_prefixes=(1,))
tried(_warnings.warn_explicit, "a", UserWarning, "f")
tried(_warnings.warn_explicit, "a", UserWarning, 1, 1)
tried(_warnings.warn_explicit, "a", UserWarning, "f", "x")
tried(_warnings.warn_explicit, "a", UserWarning, "f", 1, None, 5)
tried(_warnings.warn_explicit, "a", UserWarning, "f", 1, None, {}, 5)

tried(_warnings.warn_explicit, "a", UserWarning, "f", 1, "m", 5)
tried(_warnings._filters_mutated_lock_held)
tried(_warnings._release_lock)

# One line is told of once, two lines twice.
for i in range(3):
    _warnings.warn("again")
    _warnings.warn("and again", DeprecationWarning)
    _warnings.warn(FutureWarning("an instance"), ValueError)
_warnings.warn("pending", PendingDeprecationWarning)
_warnings.warn("resource", ResourceWarning)


def inner(level):
    _warnings.warn(f"level {level}", stacklevel=level)


def outer(level):
    inner(level)


for level in (-1, 0, 1, 2, 3, 4, 50):
    outer(level)

# Each action.
for action in ("error", "ignore", "always", "all", "default", "module", "once", "nonsense", 7):
    use((action, None, Warning, None, 0))
    registry = {}
    for line in (1, 1, 2):
        for text in ("x", "y"):
            tried(_warnings.warn_explicit, text, UserWarning, f"{action}.py", line, "m", registry)
    print(sorted(map(str, registry)))
    tried(_warnings.warn_explicit, "no registry", UserWarning, "f.py", 3)
    tried(_warnings.warn_explicit, "no registry", UserWarning, "f.py", 3)

# Which filter fits: message, module, line, category.
class Match:
    def __init__(self, text):
        self.text = text

    def match(self, other):
        print("match", self.text, other)
        return self.text in other


use(
    ("error", "exact", Warning, None, 0),
    ("ignore", Match("part"), Warning, None, 0),
    ("always", None, DeprecationWarning, None, 0),
    ("ignore", None, Warning, "mod", 0),
    ("error", None, Warning, Match("other"), 5),
)
for text, category, module, line in (
    ("exact", UserWarning, "m", 1),
    ("exactly", UserWarning, "m", 1),
    ("a part of it", UserWarning, "m", 1),
    ("old", DeprecationWarning, "m", 1),
    ("x", UserWarning, "mod", 1),
    ("x", UserWarning, "another", 5),
    ("x", UserWarning, "another", 6),
):
    tried(_warnings.warn_explicit, text, category, "f.py", line, module)

use("short")
tried(_warnings.warn, "a")
use(("always", None, 5, None, 0))
tried(_warnings.warn, "a")
use(("always", None, Warning, None, "x"))
tried(_warnings.warn, "a")

# The registry forgets when the filters change.
registry = {}
use(("default", None, Warning, None, 0))
_warnings.warn_explicit("r", UserWarning, "f.py", 1, "m", registry)
_warnings.warn_explicit("r", UserWarning, "f.py", 1, "m", registry)
changed()
_warnings.warn_explicit("r", UserWarning, "f.py", 1, "m", registry)
print(len(registry), sorted(type(k).__name__ for k in registry))

# A filter that changes the filters.
class Shrinks:
    def match(self, text):
        _warnings.filters.clear()
        return False


use(("always", Shrinks(), Warning, None, 0), ("error", None, Warning, None, 0))
tried(_warnings.warn, "the list is empty now")

# What the core warns of.
use(("always", None, Warning, None, 0))


class Int(int):
    pass


class Float(float):
    pass


class Complex(complex):
    pass


class Odd:
    def __int__(self):
        return Int(3)

    def __index__(self):
        return Int(4)

    def __float__(self):
        return Float(5)

    def __complex__(self):
        return Complex(6)


print(int(Odd()), [0, 1, 2, 3, 4][Odd()], float(Odd()), complex(Odd()), "%x" % Odd())
print(~True, ~False, (lambda b: ~b)(True), bool.__invert__(True))
print(complex(1j, 2), complex(1, 2j), complex(real=1j), complex(Odd(), 1))


def generator():
    while True:
        try:
            yield 1
        except ValueError as e:
            print(repr(e))


g = generator()
next(g)
g.throw(ValueError, "a")
g.throw(ValueError, ("a", "b"))
g.throw(ValueError, ValueError("c"), None)
g.throw(ValueError, KeyError("d"))


async def asynchronous():
    yield 1


asynchronous().athrow(ValueError, "x").close()
compile("x is 1", "f", "eval")
compile("'\\d' '\\w'\nassert (1, 2)\n1and 2", "f", "exec")
use(("error", None, SyntaxWarning, None, 0))
try:
    compile("x = 1\n  \nif x is 'a': pass", "f", "exec")
except SyntaxError as e:
    print(type(e), e.args)
try:
    print(~True)
except BaseException as e:
    print(e)
use(*filters)
