# An OrderedDict whose keys are not found any more, or that changes while it is copied.
from collections import OrderedDict


class Lost:
    def __init__(self, name):
        self.name, self.hash = name, 1

    def __hash__(self):
        return self.hash

    def __repr__(self):
        return self.name


def show(text, f):
    try:
        print(text, f())
    except Exception as e:
        print(text, type(e).__name__, e)


class Sub(OrderedDict):
    pass


for kind in (OrderedDict, Sub):
    o = kind()
    a, b = Lost("a"), Lost("b")
    o[a], o[b], o["c"] = 1, 2, 3
    b.hash = 5
    for name, f in {
        "keys": lambda: list(o), "keys back": lambda: list(reversed(o)),
        "values": lambda: list(o.values()), "items": lambda: list(o.items()), "copy": o.copy, "repr": lambda: repr(o),
        "values back": lambda: list(reversed(o.values())), "dict": lambda: len(dict(o)), "len": lambda: len(o),
    }.items():
        show(name, f)
    walk = iter(o.items())
    print(next(walk))
    show("next", lambda: next(walk))
    show("after", lambda: next(walk, "end"))
    b.hash = 1
    print(list(o.items()), o.copy() == o)

armed, calls = False, 0


class Key:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        global calls
        if armed:
            calls += 1
            if calls == 2:
                o.clear()
        return self is other


o = OrderedDict()
o[Key()] = "v1"
o[Key()] = "v2"
armed = True
show("cleared", o.copy)
print(len(o))
