# groupby and tee: iterators that share a source.
import itertools
from itertools import *

show = lambda it: [(key, list(group)) for key, group in it]
print(show(groupby('aaabbcaa')))
print(show(groupby([])))
print(show(groupby(range(12), lambda n: n // 5)))
print(show(groupby([1, 1.0, True, 2, 2.0], key=None)))
print(show(groupby(['x', 'yy', 'zz', 'w'], key=len)))

# A group ends when another has begun; what it had not given is lost.
g = groupby('aabbcc')
k1, first = next(g)
print(k1, next(first))
k2, second = next(g)
print(k2, list(first), list(second), list(second))
k3, third = next(g)
print(k3, list(third), next(g, 'end'), next(g, 'end'))
g = groupby('aabb')
groups = [group for _, group in g]
print([list(group) for group in groups])

# A group that is made by hand asks in the place of the one before.
g = groupby('aab')
key, group = next(g)
other = itertools._grouper(g, 'a')
print(list(group), list(other))
print(next(g)[0])

# The last group stays usable when the iterator is gone.
key, group = next(groupby('zzz'))
print(list(group))


class Key:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        print('eq', self.name, other.name)
        if self.name == 'bad':
            raise ValueError('no equal')
        return self.name == other.name


a, b = Key('a'), Key('b')
for key, group in groupby([a, a, b, Key('b')]):
    print(key.name, [item.name for item in group])
g = groupby([Key('bad'), Key('x')])
print(next(g)[0].name)
try:
    next(g)
except ValueError as e:
    print(e)
try:
    print(next(g)[0].name)
except ValueError as e:
    print(e)


def failing(n):
    if n == 2:
        raise KeyError(n)
    return n // 2


g = groupby(range(5), failing)
key, group = next(g)
print(key, next(group), next(group))
for _ in range(2):
    try:
        print(next(group, 'end'))
    except KeyError as e:
        print('KeyError', e)
try:
    print([(key, list(group)) for key, group in g])
except KeyError as e:
    print('KeyError', e)


# A key function that moves the iterator on.
def greedy(item):
    global depth
    depth += 1
    if depth == 3:
        try:
            print('inner', next(g)[0])
        except Exception as e:
            print(type(e).__name__)
    return item


depth = 0
g = groupby('abcdef', greedy)
print([key for key, group in g])


# Comparing that moves it on.
class Moves:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        global budget
        budget -= 1
        if budget > 0:
            next(g, None)
        return budget % 2 == 0

    def __repr__(self):
        return f'M{self.n}'


for budget in range(6):
    g = groupby([Moves(n) for n in range(8)])
    print(budget, end=' ')
    budget = budget
    out = []
    for key, group in g:
        out.append((key, list(group)))
    print(out)

# ---- tee
a, b = tee([1000, 2000, 3000])
print(next(a), next(a), next(b), list(a), list(b), list(a), list(b))
a, b = tee(iter(range(500)))
print(sum(a), sum(b))
a, b, c = tee('abcde', 3)
print(next(a), next(a), next(b))
d = a.__copy__()
print(list(a), list(d), list(b), list(c))
print(tee([], 0), len(tee([], 5)), type(tee([1])[0]))
a, b = tee(range(200))
for _ in range(56):
    next(a)
c, d = tee(a)
print(c is a, d is a, next(c), next(c), next(d), next(a), next(b))
e = itertools._tee(c)
print(e is c, list(e) == list(c), len(list(d)), len(list(b)))
source = iter(range(1000, 1010))
a, b = tee(source)
print(next(a), next(source), next(b), next(b), next(a))
x = [1000.5, 2000.5]
a, b = tee(x)
print([p is q is r for p, q, r in zip(a, b, x)])


class Copies:
    n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        return self.n

    def __copy__(self):
        print('copy')
        return self


a, b = tee(Copies())
print(next(a), next(a), next(b), type(a).__name__)


class Again:
    def __iter__(self):
        return self

    def __next__(self):
        return next(second)


first, second = tee(Again())
for _ in range(2):
    try:
        next(first)
    except RuntimeError as e:
        print(e)


class Trips:
    n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n % 3 == 0:
            raise ValueError(self.n)
        if self.n > 7:
            raise StopIteration
        return self.n


first, second = tee(Trips())
for it in (first, first, first, second, second, second, second, first, first, first, first, second, second, second):
    try:
        print(next(it), end=' ')
    except (ValueError, StopIteration) as e:
        print(type(e).__name__, e.args, end=' ')
print()
print([type(x).__name__ for x in tee(tee('ab')[0], 3)])
