"""Caches: functools', one of our own, one that forgets by time."""
import functools
import weakref
from collections import OrderedDict
from collections.abc import MutableMapping


class LRU(MutableMapping):
    """A mapping that keeps the last `size` keys that were used."""

    def __init__(self, size, *, on_drop=None):
        if size < 1:
            raise ValueError("size must be at least 1")
        self._data, self.size, self.on_drop = OrderedDict(), size, on_drop
        self.hits = self.misses = 0

    def __getitem__(self, key):
        try:
            self._data.move_to_end(key)
        except KeyError:
            self.misses += 1
            raise
        self.hits += 1
        return self._data[key]

    def __setitem__(self, key, value):
        self._data[key] = value
        self._data.move_to_end(key)
        while len(self._data) > self.size:
            dropped = self._data.popitem(last=False)
            if self.on_drop:
                self.on_drop(*dropped)

    def __delitem__(self, key):
        del self._data[key]

    def __iter__(self):
        return iter(self._data)

    def __len__(self):
        return len(self._data)

    def __repr__(self):
        return f"{type(self).__name__}({dict(self._data)})"


def timed(seconds, clock):
    def decorate(function):
        store = {}

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = args, frozenset(kwargs.items())
            if key in store and clock() - store[key][0] < seconds:
                return store[key][1]
            result = function(*args, **kwargs)
            store[key] = clock(), result
            return result

        wrapper.store = store
        return wrapper

    return decorate


@functools.lru_cache(maxsize=4)
def square(n, *, sign=1):
    calls.append(n)
    return sign * n * n


@functools.cache
def fib(n):
    """Fibonacci's numbers."""
    return n if n < 2 else fib(n - 1) + fib(n - 2)


class Circle:
    def __init__(self, r):
        self.r = r

    @functools.cached_property
    def area(self):
        calls.append(("area", self.r))
        return 3 * self.r**2

    @functools.singledispatchmethod
    def scale(self, by):
        raise TypeError(f"cannot scale by {type(by).__name__}")

    @scale.register
    def _(self, by: int):
        return Circle(self.r * by)

    @scale.register(str)
    def _(self, by):
        return self.scale(int(by))


@functools.total_ordering
class Version:
    def __init__(self, text):
        self.parts = tuple(map(int, text.split(".")))

    def __eq__(self, other):
        return self.parts == other.parts if isinstance(other, Version) else NotImplemented

    def __lt__(self, other):
        return self.parts < other.parts if isinstance(other, Version) else NotImplemented


calls = []
dropped = []
cache = LRU(3, on_drop=lambda k, v: dropped.append((k, v)))
cache.update(a=1, b=2, c=3)
cache["a"], cache.get("zz"), cache.setdefault("d", 4)
print(cache, dropped, cache.hits, cache.misses, "b" in cache, cache.pop("c"), [(k, cache._data[k]) for k in cache])
print(cache._data == {"a": 1, "d": 4}, cache.popitem(), len(cache))
for bad in (lambda: LRU(0), lambda: cache["q"], lambda: cache.pop("q")):
    try:
        bad()
    except (ValueError, KeyError) as e:
        print(type(e).__name__, e)

print([square(n) for n in (1, 2, 3, 1, 4, 5, 2)], square(1, sign=-1), calls, square.cache_info())
square.cache_clear()
print(square.cache_info(), square.cache_parameters(), square.__wrapped__(9))
print(fib(90), fib.cache_info().currsize, fib.__name__, fib.__doc__)
try:
    square([1])
except TypeError as e:
    print(e)

calls.clear()
c = Circle(2)
print(c.area, c.area, c.__dict__, calls)
del c.area
print(c.area, len(calls), c.scale(3).r, c.scale("4").r)
try:
    c.scale(1.5)
except TypeError as e:
    print(e)
print(Version("1.10") > Version("1.9"), Version("2.0") <= Version("2.0"), sorted(map(Version, ["1.2", "1.1.9"]))[0].parts)

now = 0
@timed(10, lambda: now)
def lookup(name, default=None):
    """Looks something up."""
    calls.append(name)
    return (name, default, now)
print(lookup("x"), lookup("x"), lookup("x", default=1), lookup.__doc__, lookup.__wrapped__.__name__)
now = 11
print(lookup("x"), len(lookup.store))

interned = weakref.WeakValueDictionary()
def canonical(r):
    try:
        return interned[r]
    except KeyError:
        return interned.setdefault(r, Circle(r))
one = canonical(1)
print(canonical(1) is one, len(interned), list(interned))
del one
print(len(interned), functools.reduce(lambda a, b: a * b, range(1, 11)), functools.partial(int, base=2)("1011"))
print(sorted(["b", "A", "c"], key=functools.cmp_to_key(lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))))
