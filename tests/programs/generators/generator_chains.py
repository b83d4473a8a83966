"""Chains of generators far beyond the recursion limit; sums of complex numbers; pow() of three by its right side."""
import sys


def delegating(g):
    yield from g


def looping(g):
    for x in g:
        yield x


def guarded(g):
    try:
        yield from g
    finally:
        pass


for make in (delegating, looping, guarded):
    g = iter([1, 2, 3])
    for i in range(20000):
        g = make(g)
    print(sum(g))
    del g

g = (x for x in [1])
for i in range(20000):
    g = (x for x in g)
print(list(g))


def fails():
    yield 1
    raise ValueError("deep down")


g = fails()
for i in range(20000):
    g = guarded(g)
print(next(g))
try:
    next(g)
except ValueError as e:
    print(repr(e))

g = fails()
for i in range(3000):
    g = delegating(g)
next(g)
try:
    g.throw(KeyError(1))
except KeyError as e:
    print(repr(e))

# A call inside of such a chain is one too many.
def calls():
    yield (lambda: 1)()


for depth in (900, 1100):
    g = calls()
    for i in range(depth):
        g = delegating(g)
    try:
        print(next(g))
    except RecursionError as e:
        print(e)
    g = None


def primes():
    def integers():
        n = 2
        while True:
            yield n
            n += 1

    def without(p, numbers):
        for n in numbers:
            if n % p:
                yield n

    numbers = integers()
    while True:
        p = next(numbers)
        yield p
        numbers = without(p, numbers)


for count, p in enumerate(primes()):
    if count == 1200:
        print(p)
        break


# Plain recursion is limited as before.
def plain(n):
    return n and plain(n - 1) + 1


for depth in (900, 1100):
    try:
        print(plain(depth))
    except RecursionError as e:
        print(e)

for numbers in (
    [1j, 1],
    [0.1, 1j] * 10,
    [1j, True, 2.5],
    [0.1j] * 10 + [1],
    [complex("nan"), 1],
    [1j, 1 << 70],
    [1e308j, 1e308j],
    [1j, "a"],
    [1j, 10**400],
):
    try:
        print(sum(numbers))
    except (TypeError, OverflowError) as e:
        print(type(e).__name__, e)

inf = float("inf")
for base, power in ((inf, 1j), (2, inf * 1j), (-inf, 0.5), (complex(inf, 1), 1.5), (1e200, 2j), (1j, 200)):
    try:
        print(complex(base) ** power)
    except ArithmeticError as e:
        print(type(e).__name__, e)


class Right:
    def __rpow__(self, base, modulus=None):
        return "rpow", base, modulus


class Left(int):
    def __pow__(self, exponent, modulus=None):
        return "pow", modulus


print(pow(2, Right(), 5), pow(2, Right()), 2 ** Right(), pow(Left(3), 2, 7))
for args in ((2, "x", 5), (2, 3, "x"), (2.0, 3, 5), ("x", 2, 3)):
    try:
        print(pow(*args))
    except TypeError as e:
        print(e)
