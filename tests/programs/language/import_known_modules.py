# Imports of modules that are there: replaced, taken away, None, of packages, with names that are missing; and a replaced `__import__`.
import builtins
import sys
import types


def take():
    import told
    return told


def part():
    from told import one
    return one


def inner():
    import told.inside
    return told


def tell(work):
    try:
        result = work()
        print(result if not isinstance(result, types.ModuleType) else f"module {result.__name__}")
    except ImportError as error:
        print(type(error).__name__, error)


for turn in range(2):
    tell(take)
    tell(part)
    sys.modules["told"] = module = types.ModuleType("told")
    tell(take)
    tell(part)
    module.one = turn
    tell(part)
    tell(inner)
    sys.modules["told.inside"] = types.ModuleType("told.inside")
    module.__path__ = []
    tell(inner)
    tell(part)
    sys.modules["told"] = "anything"
    tell(take)
    sys.modules["told"] = None
    tell(take)
    del sys.modules["told"], sys.modules["told.inside"]
    tell(take)
calls = []
original = builtins.__import__


def spy(name, *rest):
    calls.append((name, rest[2:]))
    return original(name, *rest)


builtins.__import__ = spy
import math
from math import pi
import collections.abc as abc
builtins.__import__ = original
import math
print([call for call in calls if call[0] in ("math", "collections.abc")], pi == math.pi, abc.__name__)


class Lazy(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return f"lazy {name}"


sys.modules["told"] = Lazy("told")
from told import anything, more
print(anything, more)
tell(take)
