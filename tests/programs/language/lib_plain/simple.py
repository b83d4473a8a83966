"Doc of simple."
print("simple runs")
import sys

sys.lib_count = count = getattr(sys, "lib_count", 0) + 1
value = [1, 2]


def func(x):
    return x * len(value)


def __getattr__(name):
    if name == "lazy":
        return "made by __getattr__"
    raise AttributeError(f"simple has no {name}")
