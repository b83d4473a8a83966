"""Calls with * and **: who gets what, how deep, and what dies when."""
import sys


def show(*args, **names):
    return args, names


def plain(a, b=2, *, c=3):
    return a, b, c


class Method:
    def __init__(self, *args, **names):
        self.got = args, names

    def method(self, a, *rest, key=None):
        return self is not None, a, rest, key

    @classmethod
    def of(cls, *args):
        return cls.__name__, args

    def __call__(self, *args):
        return "called", args


class Keys:
    def __init__(self, *names):
        self.names = names

    def keys(self):
        return iter(self.names)

    def __getitem__(self, name):
        return name.upper()


def count(n):
    for i in range(n):
        yield i


print(show(*[1, 2], *(3,), *count(2), x=1, **{"y": 2}, **Keys("z")))
print(plain(*[1]), plain(*(1, 5)), plain(*[1], **{"c": 4}), plain(**{"a": 1, "c": 5}))
m = Method(*"ab", **{"k": 1})
print(m.got, m.method(*[1, 2, 3], key=4), Method.of(*count(3)), m(*[1]), Method.method(*[m, 5]))
bound = m.method
print(bound(*(1,), **{"key": 2}), (lambda *a: a)(*[]), max(*[3, 1, 2]), dict(*[[("a", 1)]], **{"b": 2}))
print(list(count(*[3])), next(iter(map(plain, *[[1], [2]]))))

for bad in (
    lambda: plain(*5),
    lambda: plain(**5),
    lambda: plain(*[1, 2, 3]),
    lambda: plain(*[1], **{"a": 2}),
    lambda: plain(*[1], **{"d": 2}),
    lambda: plain(**{1: 2}),
    lambda: plain(**{"a": 1}, **{"a": 2}),
    lambda: plain(*[], **{"b": 1}),
    lambda: m.method(*[]),
    lambda: show(*map(int, ["1", "x"])),
):
    try:
        print("no error", bad())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


def deep(n, *rest, **names):
    return n if n == 0 else deep(*(n - 1, *rest[:1]), **names) + 1


sys.setrecursionlimit(20000)
print(deep(*[9000, 1], **{"k": 2}))


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


def drops(first, *rest):
    print("in", first.name, len(rest))
    del first
    return len(rest)


print(drops(*[Noisy("a"), Noisy("b")]))
print(drops(*(Noisy("c"),)))


def raises(*args):
    raise LookupError(len(args))


for n in range(3):
    try:
        raises(*range(n))
    except LookupError as e:
        print(e, e.__traceback__.tb_next.tb_frame.f_code.co_name)


def through(n):
    got = yield from count(*[n])
    yield show(*(n, got))


print(list(through(2)))
x = 1000
args = (x,)
print(show(*args)[0][0] is x, plain(*args)[0] is x)


def defaults(a, b=1000, c=2.5, d=()):
    return b, c, d


first, second = defaults(1), defaults(1)
print(first[0] is second[0], first[1] is second[1], first, defaults(1, 2), defaults(1, d=3), defaults.__defaults__[0] is first[0])
defaults.__defaults__ = (7,)
try:
    print(defaults(1, 2, 3), defaults(1, 2))
except TypeError as e:
    print(e)
defaults.__defaults__ = (1, 2, 3, 4, 5, 6)
print(defaults(0), defaults())
