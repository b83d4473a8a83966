# The variables of a frame as a mapping that writes through.
import sys


def told(work, *args):
    try:
        print(repr(work(*args)))
    except BaseException as error:
        print(type(error).__name__, error)


def mapping(first, second=2):
    third = 3
    proxy = sys._getframe().f_locals

    def store(key, value):
        proxy[key] = value

    def delete(key):
        del proxy[key]

    told(lambda: [proxy[name] for name in ("first", "second", "third")])
    told(lambda: proxy["absent"])
    told(lambda: proxy[1])
    told(lambda: proxy[[]])
    told(lambda: [] in proxy)
    told(store, "third", 33)
    print(third)
    told(store, "more", 4)
    told(store, 5, 6)
    told(delete, "third")
    told(delete, "absent")
    told(delete, 5)
    told(lambda: sorted(proxy))
    told(lambda: (proxy.get("first"), proxy.get("absent"), proxy.get("absent", 9)))
    told(lambda: proxy.get())
    told(lambda: proxy.pop("first"))
    told(lambda: proxy.pop("more"))
    told(lambda: proxy.pop("more"))
    told(lambda: proxy.pop("more", 8))
    told(lambda: proxy.pop())
    told(lambda: proxy.pop(1, 2, 3))
    told(lambda: (proxy.setdefault("first", 7), proxy.setdefault("kept", 7), proxy.setdefault("kept")))
    told(lambda: proxy.setdefault())
    told(lambda: proxy.update({"second": 22, "kept": 8}))
    told(lambda: proxy.update([("second", 1)]))
    told(lambda: proxy.update(5))
    print(second)
    told(lambda: type(proxy | {}).__name__)
    told(lambda: {"x": 1} | {k: v for k, v in proxy.items() if k == "kept"})
    told(lambda: proxy | 5)
    told(lambda: proxy.__ior__({"z": 1}) is proxy)
    told(lambda: (proxy == proxy.copy(), proxy == {}, proxy != proxy, proxy == 5))
    told(lambda: proxy < proxy)
    told(lambda: hash(proxy))
    told(lambda: [name for name in reversed(proxy)][-1])
    told(lambda: (type(proxy.keys()).__name__, type(proxy.values()).__name__, type(proxy.items()).__name__))
    told(lambda: proxy.clear())
    told(lambda: type(proxy)())
    told(lambda: type(proxy)(5))
    told(lambda: type(type(proxy)(sys._getframe())).__name__)
    told(lambda: type("Sub", (type(proxy),), {}))
    match proxy:
        case {"second": found}:
            print("matched", found)
    return proxy


after = mapping(1)
print(after["third"], after["second"], after["kept"])
after["third"] = 0
print(after["third"], len(after) > 5)


def cells():
    shared = 1

    def inner():
        return shared

    sys._getframe().f_locals["shared"] = 2
    return inner(), shared, locals()["shared"]


print(cells())


def unbound():
    if 0:
        never = 1
    proxy = sys._getframe().f_locals
    print("never" in proxy)
    proxy["never"] = 7
    return never


print(unbound())


def while_suspended():
    value = 1
    while True:
        yield value
        value += 1


source = while_suspended()
next(source)
source.gi_frame.f_locals["value"] = 10
print(next(source), source.gi_frame.f_locals["value"])
source.gi_frame.f_locals["beside"] = "kept"
print(dict(source.gi_frame.f_locals))


def from_below():
    caller = sys._getframe(1).f_locals
    caller["total"] = caller.get("total", 0) + 1


def above():
    total = 5
    for _ in range(3):
        from_below()
    return total


print(above())


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


def replaced():
    held = Noisy("first")
    sys._getframe().f_locals["held"] = Noisy("second")
    print("after", held.name)
    return "done"


print(replaced())
print([sorted(locals())[:0] for _ in "a"], sys._getframe().f_locals is globals())
print([list(sys._getframe().f_locals) for hidden in "a"])


class Body:
    print([list(sys._getframe().f_locals) for hidden in "a"])
    print(sys._getframe().f_locals is locals())


def snapshots():
    one = 1
    first = locals()
    first["one"] = 2
    second = locals()
    return one, first is second, second["one"], sorted(second)


print(snapshots())


class Meddler:
    """Changes what an operation of its caller is working on."""

    def __radd__(self, other):
        sys._getframe(1).f_locals["left"] = None
        return str(other)

    def __eq__(self, other):
        sys._getframe(1).f_locals["left"] = []
        return True

    __hash__ = None


def meddled():
    left = "a long text that nobody else holds " + str(len(sys.argv) * 0)
    text = left + Meddler()
    left = ["x" * 50, Meddler()]
    found = Meddler() in left
    return text, left, found


print(meddled())
