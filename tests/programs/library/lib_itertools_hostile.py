# Iterators whose source, function or operand comes back to them, raises, or takes away what they work on.
import itertools
from itertools import *


def attempts(it, count=6):
    out = []
    for _ in range(count):
        try:
            out.append(next(it))
        except StopIteration:
            out.append('end')
        except Exception as e:
            out.append(f'{type(e).__name__}: {e}')
    print(out)


class Steps:
    """Gives what a script says: an item, or an exception to raise; then it ends, and goes on from the start."""

    def __init__(self, *steps):
        self.steps, self.at = steps, 0

    def __iter__(self):
        return self

    def __next__(self):
        at, self.at = self.at, self.at + 1
        if at >= len(self.steps):
            self.at = 0
            raise StopIteration
        step = self.steps[at]
        if isinstance(step, Exception):
            raise step
        return step


def fresh():
    return Steps(1, ValueError('v'), 2, 3)


# After an error, and after the end: who remembers, and who asks again.
for make in [lambda: cycle(fresh()), lambda: chain(fresh(), [9]), lambda: chain.from_iterable(Steps([1], OSError('o'), [2])), lambda: chain.from_iterable(Steps([1], 5, [2])),
             lambda: islice(fresh(), 3), lambda: islice(fresh(), 0, None, 2), lambda: compress(fresh(), repeat(1)), lambda: compress(count(), fresh()),
             lambda: takewhile(bool, fresh()), lambda: dropwhile(lambda n: n < 2, fresh()), lambda: filterfalse(None, fresh()), lambda: filterfalse(lambda n: n == 2, fresh()),
             lambda: accumulate(fresh()), lambda: accumulate(fresh(), initial=5), lambda: starmap(lambda *a: a, Steps((1,), ValueError(), (2, 3))), lambda: starmap(lambda *a: a, Steps(1, (2,))),
             lambda: pairwise(fresh()), lambda: batched(fresh(), 2), lambda: batched(fresh(), 1), lambda: batched(Steps(1, 2, 3), 2),
             lambda: zip_longest(fresh(), [1, 2, 3]), lambda: zip_longest([1], fresh()), lambda: zip_longest(Steps(1), Steps(1, 2, 3)), lambda: tee(fresh())[0]]:
    attempts(make(), 9)


# A source that asks the iterator that asks it.
class Back:
    def __init__(self, depth=3):
        self.depth, self.n = depth, 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 9:
            raise StopIteration
        if self.depth:
            self.depth -= 1
            inner = next(it, 'end')
            self.depth += 1
            if self.n < 5:
                return inner
        return self.n


for make in [lambda s: cycle(s), lambda s: chain(s, 'ab'), lambda s: chain.from_iterable([s, s]), lambda s: islice(s, 4), lambda s: compress(s, s),
             lambda s: takewhile(bool, s), lambda s: dropwhile(lambda n: n == 4, s), lambda s: filterfalse(lambda n: n == 2, s), lambda s: pairwise(s), lambda s: batched(s, 3),
             lambda s: zip_longest(s, 'abc'), lambda s: starmap(lambda *a: a, ((x,) for x in s)), lambda s: groupby(s, lambda x: type(x).__name__)]:
    it = make(Back())
    out = []
    for _ in range(6):
        try:
            item = next(it)
        except Exception as e:
            item = type(e).__name__
        out.append(item if not isinstance(item, tuple) or not isinstance(item[-1], itertools._grouper) else item[0])
    print(out)


# A function that asks the iterator that calls it.
def calls(n):
    global left
    if left:
        left -= 1
        return next(it, 0)
    return n > 4


for make in [lambda: takewhile(calls, range(9)), lambda: dropwhile(calls, range(9)), lambda: filterfalse(calls, range(9))]:
    left = 3
    it = make()
    attempts(it)


def adds(a, b):
    global left
    if left:
        left -= 1
        next(it, 0)
    return a + b


left = 2
it = accumulate(range(1, 10), adds)
attempts(it, 10)


class Adds:
    """A number whose addition asks for the next total."""

    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        global left
        if left:
            left -= 1
            next(it)
        return Adds(self.n + 1)

    __radd__ = __add__

    def __float__(self):
        return 1.0

    def __repr__(self):
        return f'<{self.n}>'


left = 2
it = accumulate([Adds(1), 2, 3, 4, 5, 6])
attempts(it)


# Truth that raises, or that asks.
class Truth:
    def __bool__(self):
        raise KeyError('truth')


for it in [compress('abc', [1, Truth(), 1]), filterfalse(None, [0, Truth(), 0]), takewhile(lambda x: Truth(), 'ab'), dropwhile(lambda x: Truth(), 'ab'), filterfalse(lambda x: Truth(), 'ab')]:
    attempts(it, 4)


# Sources that die when they are let go, and come back to whom they served.
class Dies:
    def __init__(self, items):
        self.items = iter(items)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.items)

    def __del__(self):
        print('dies', next(it, 'end'), end='; ')


for make in [lambda: chain(Dies('a'), Dies('b'), 'cd'), lambda: cycle(Dies('ab')), lambda: islice(Dies('abc'), 2), lambda: pairwise(Dies('abc')), lambda: batched(Dies('abc'), 2),
             lambda: zip_longest(Dies('ab'), 'wxyz'), lambda: groupby(Dies('aab'))]:
    it = make()
    out = []
    for _ in range(5):
        item = next(it, 'end')
        out.append(item[0] if isinstance(it, groupby) else item)
    print(out)
    it = iter(())

# Lists that change while they are walked.
l = [1, 2, 3]
out = []
for item in chain(l, l):
    out.append(item)
    if len(l) < 6:
        l.append(item * 10)
print(out)
l = list(range(10))
for pair in pairwise(l):
    l.pop()
print(pair, l)
l = [1, 2, 3, 4]
it = islice(l, 1, None)
print(next(it))
l.clear()
attempts(it, 2)
l += [1, 2, 3, 4, 5]
attempts(it, 2)

# An iterable whose iterator is none.
class Fake:
    def __iter__(self):
        return 5


for make in [lambda: chain(Fake()), lambda: cycle(Fake()), lambda: islice(Fake(), 1), lambda: product(Fake()), lambda: combinations(Fake(), 1), lambda: tee(Fake()), lambda: groupby(Fake())]:
    try:
        print(list(make()))
    except TypeError as e:
        print(e)
