"""Sums, products and distances: exactness, kinds of numbers, iterables that misbehave."""
import math


def ask(function, *args, **names):
    try:
        return function(*args, **names)
    except Exception as e:
        return f'{type(e).__name__}: {e}'


print(math.fsum([0.1] * 10), math.fsum([1e100, 1.0, -1e100, 1e-100, 1e50, -1.0, -1e50]), math.fsum([]), math.fsum([-0.0]))
print(math.fsum([2.0**53, 1.0, 2.0**-100]), math.fsum([2.0**53 + 10.0, 1.0, 2.0**-100]), math.fsum([2.0**53 - 4.0, 0.5, 2.0**-54]))
print(math.fsum(1.0 / n for n in range(1, 1001)), math.fsum((-1.0)**n / n for n in range(1, 1001)), math.fsum([1e308, -1e308, 1e308]))
print(math.fsum(range(10)), math.fsum([True, 2, 3.5]), math.fsum({1.5, 2.5}), math.fsum({1: 2, 3: 4}))
print(ask(math.fsum, [1e308, 1e308, -1e308]), ask(math.fsum, [math.inf, 1e308]), ask(math.fsum, [math.inf, math.nan]))
print(ask(math.fsum, [1.0, 'x']), ask(math.fsum, [10**400]), ask(math.fsum, [1j]))

print(math.prod([]), math.prod([2, 3, 7]), math.prod([2, 3.5]), math.prod([True, True]), math.prod(range(1, 25)), math.prod([], start=5))
print(math.prod([2, 3], start=0.5), math.prod([1j, 1j]), math.prod([3], start='ab'), math.prod([3], start=[1]), ask(math.prod, ['a', 'b']))
print(math.prod(iter([2, 3]), start=-1), ask(math.prod, [1, None]))

print(math.hypot(), math.hypot(-3), math.hypot(3, 4), math.hypot(1, 2, 3, 4), math.hypot(1e200, 1e200), math.hypot(3e-320, 4e-320))
print(math.hypot(math.inf, math.nan), math.hypot(math.nan, 1), math.hypot(*[1.0] * 100), math.hypot(True, 10**20), ask(math.hypot, 1, 'x'))
print(math.hypot(0.75, -1), math.hypot(5e-324), math.hypot(10, 10, 10.0), ask(math.hypot, 10**400))
print(math.dist((1, 2, 3), (4, 2, -1)), math.dist([], []), math.dist([1], (4,)), math.dist(iter([1, 2]), (x for x in [4, 6])))
print(math.dist([math.inf], [math.inf]), math.dist([math.inf], [1]), math.dist([math.nan, math.inf], [1, 2]), math.dist([1e308], [-1e308]))
print(math.dist({1: 0}, {4: 0}), math.dist('', []), ask(math.dist, 'a', 'b'))

print(math.sumprod([], []), math.sumprod([1, 2, 3], [4, 5, 6]), math.sumprod([10, 20, 30], [1.5, 2.5, 3.5]), math.sumprod((True, False), [3, 4]))
print(math.sumprod([2**62, 2**62], [2, 2]), math.sumprod([2**62] * 3, [1, 1, 1]), math.sumprod([10**30, 1], [10**30, 1]))
print(math.sumprod([0.1] * 10, [1] * 10), math.sumprod([0.1] * 20, [True] * 10 + [1] * 10), math.sumprod([1e100, 1, -1e100], [1.0, 1.0, 1.0]))
print(math.sumprod([1, 0.5, 1], [1, 2, 2**80]), math.sumprod([1.0, 2], [10**400 // 10**300, 3]), ask(math.sumprod, [1.0], [10**400]))
print(math.sumprod([1e308, 1e308], [10.0, -10.0]), math.sumprod([math.inf], [1.0]), math.sumprod([math.inf, 1.0], [0.0, 1]))
print(math.sumprod(['ab', 'c'], [2, 1]) if False else ask(math.sumprod, ['ab', 'c'], [2, 1]), ask(math.sumprod, [[1]], [2]))
print(math.sumprod([1j, 2], [3, 4.0]), math.sumprod([1, 2.0, 3, 4.0, 5j], [1, 1, 1, 1, 1]), math.sumprod(iter([1, 2]), iter([3, 4])))
print(type(math.sumprod([True], [True])), type(math.sumprod([1], [1.0])), type(math.sumprod([0.0], [0])), math.sumprod([-0.0], [1.0]))


class Number:
    def __init__(self, x):
        self.x = x

    def __float__(self):
        return self.x

    def __mul__(self, other):
        return f'<{self.x}*{other}>'

    def __rmul__(self, other):
        return f'<{other}*{self.x}>'


class MyFloat(float):
    def __mul__(self, other):
        return 'mul'

    def __rmul__(self, other):
        return 'rmul'

    def __float__(self):
        return 99.0


class MyInt(int):
    def __mul__(self, other):
        return 1000

    __rmul__ = __mul__


print(math.fsum([Number(1.5), Number(2.0)]), ask(math.fsum, [Number('x')]), math.hypot(Number(3.0), Number(4.0)), math.dist([Number(1.0)], [2]))
print(math.prod([Number(1.0)]), math.prod([2, Number(3.0)]), ask(math.sumprod, [Number(1.0)], [2]))
print(math.fsum([MyFloat(1.0), MyFloat(2.0)]), math.hypot(MyFloat(3.0), 4), ask(math.sumprod, [MyFloat(1.0)], [2.0]), math.sumprod([MyInt(3)], [2]))
print(math.sumprod([1.0, 2.0], [1.0, MyInt(2)]), math.sqrt(MyFloat(4.0)), math.floor(MyFloat(2.5)), math.sin(MyFloat(0.0)))


def breaks(n):
    for k in range(n):
        yield k
    raise KeyError('broken')


print(ask(math.fsum, breaks(3)), ask(math.prod, breaks(3)), ask(math.dist, breaks(2), [1]), ask(math.sumprod, breaks(2), [1, 2, 3]))
print(ask(math.sumprod, [1], breaks(1)), ask(math.sumprod, [1, 2], [1, 2, 3]), ask(math.sumprod, breaks(0), []))


# What is iterated over changes meanwhile.
class Clears:
    def __init__(self, target):
        self.target = target

    def __float__(self):
        self.target.clear()
        return 2.0

    def __mul__(self, other):
        self.target.clear()
        return 5

    __rmul__ = __mul__


for function in (lambda x: math.fsum(x), lambda x: math.dist(x, [0, 0, 0]), lambda x: math.hypot(*x), lambda x: math.prod(x),
                 lambda x: math.sumprod(x, [1, 2, 3]), lambda x: math.sumprod(x, x)):
    items = [1]
    items.append(Clears(items))
    items.append(3)
    print(ask(function, items), len(items))


class Grows:
    def __init__(self, target):
        self.target = target

    def __float__(self):
        if len(self.target) < 50:
            self.target.append(1.0)
            self.target.append(Grows(self.target))
        return 0.5


items = []
items.append(Grows(items))
print(math.fsum(items), len(items))
