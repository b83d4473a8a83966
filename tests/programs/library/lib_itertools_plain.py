# Predicates and sources that are asked without running anything, and those that are not, one after the other.
import sys
from itertools import *


class Odd:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __eq__(self, other):
        print('eq', self.n)
        return isinstance(other, Odd) and self.n == other.n

    __hash__ = None

    def __bool__(self):
        print('bool', self.n)
        return self.n > 0

    def __abs__(self):
        return -self.n


texts = ['a', '', 'b', [], [1], Odd(0), Odd(2), (), 'c']
short = lambda items: [x.n if isinstance(x, Odd) else x for x in items]
for f in (takewhile, dropwhile, filterfalse):
    for predicate in (len, bool, callable, lambda x: x == 'a', str, repr, id, [].__contains__, ''.join):
        try:
            print(f.__name__, short(f(predicate, texts)))
        except TypeError as e:
            print(f.__name__, e)
for bad in ([1], [None], ['a', 1]):
    try:
        print(list(takewhile(len, bad)))
    except TypeError as e:
        print(e)
print(list(takewhile(abs, [3, -3, True, 10**30, 2.5, 0, 1])), list(dropwhile(abs, [3, False, 0.0, 5])))
print(list(filterfalse(abs, [3, 0, -0.0, False, 0j])))
x = 12345
print([y is x for y in [abs(x)]], abs(-5), abs(-(2**61)), abs(-(2**60)), abs(True), abs(-12345678901234567890))

# Groups of items that are equal at sight, and of such that are asked.
items = [1, 1.0, True, 1, 'a', 'a', Odd(1), Odd(1), Odd(2), None, None, (1, 2), (1, 2), (1, 3), float('nan')]
for key, group in groupby(items):
    print(type(key).__name__, [type(x).__name__ for x in group])
for key, group in groupby(items):
    print(type(key).__name__, type(next(group)).__name__)
groups = [(key, group) for key, group in groupby('aabbbc')]
print([(key, list(group)) for key, group in groups])
g = groupby([1, 1, 2, 2, 3])
key, first = next(g)
print(next(first), next(g)[0], list(first), next(g)[0], list(g))
for key, group in groupby(range(10), lambda n: n // 4):
    print(key, next(group), list(group))
for key, group in groupby(iter([1, 1, 2])):
    print(key, list(group), list(group))
source = [5, 5, 6]
for key, group in groupby(source):
    for x in group:
        print(key, x)
        if len(source) < 6:
            source.append(x)

# Tees of what is at hand and of what is not.
a, b = tee([1, 2, 3])
print(next(a), next(b), next(b), list(a), list(b), list(a))
a, b = tee(range(130))
print(sum(a), sum(b))
a, b = tee(n for n in range(130))
print(sum(islice(a, 60)), sum(b), sum(a))
source = [1]
a, b = tee(source)
print(next(a), next(b))
source.append(2)
print(next(a, 'end'), next(b, 'end'))
source.append(3)
print(next(a, 'end'), next(b, 'end'))
a, b = tee([1000, 2000])
print(next(a) is next(b), list(a) == list(b))

# Batches out of lists, tuples, ranges and others.
for source in ([1, 2000, 3.5, 'x', 5], (1, 2000, 3.5, 'x', 5), range(5), iter('abcde'), (n for n in range(5))):
    print(list(batched(source, 2)), end=' ')
    try:
        print(list(batched(source, 3, strict=True)))
    except ValueError as e:
        print(e)
source = [1, 2, 3]
b = batched(source, 2)
print(next(b), source.append(4), next(b), source.append(5), list(b))
walk = iter([10**6, 10**7, 10**8])
print(next(batched(walk, 2)), list(walk))

# Cycles.
c = cycle([1, 1000, 'a'])
print(list(islice(c, 8)))
kept = [x for x in islice(c, 3)]
print(all(any(x is y for y in islice(c, 3)) for x in kept))
