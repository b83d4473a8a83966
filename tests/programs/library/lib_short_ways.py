# Loops, calls, subscripts and lists take short ways through native types: what they give, whatever a subclass puts in between.
from _collections import deque, defaultdict
from _struct import Struct
from itertools import *


def pairs(it):
    out = []
    for a, b in it:
        out.append((a, b))
    return out


# ---- pairs that are never made ---------------------------------------------------------------------------------------
print(pairs(pairwise('abcd')), pairs(pairwise('a')), pairs(pairwise([])))
print(pairs(zip_longest('ab', [1, 2, 3], fillvalue='-')), pairs(zip_longest((), ())))
print(pairs(product('ab', (1, 2))), pairs(product('ab', repeat=2)), pairs(product('', 'ab')))
print(pairs(combinations('abc', 2)), pairs(combinations_with_replacement('ab', 2)), pairs(combinations('a', 2)))
print(pairs(Struct('<hB').iter_unpack(b'\x01\x00\x02\x03\x00\x04')))
print(pairs(permutations('abc', 2)), pairs(batched('abcd', 2)), pairs(zip_longest('ab')) if 0 else '')
for make in [lambda: zip_longest('a', 'b', 'c'), lambda: product('ab'), lambda: combinations('abc', 3), lambda: product(), lambda: Struct('<b').iter_unpack(b'ab'),
             lambda: chain([1]), lambda: zip_longest('x')]:
    try:
        print(pairs(make()))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)


def one_loop(its):
    for it in its:
        for a, b in it:
            print(a, b, end=' ')
    print()


one_loop([pairwise('abc'), zip('ab', 'cd'), {1: 2}.items(), enumerate('x'), [(1, 2)], pairwise((1, 2)), product('a', 'b'), ((x, x) for x in 'z'), zip_longest('a', '')])


class Own(pairwise):
    def __next__(self):
        a, b = super().__next__()
        return b, a


print(pairs(Own('abc')), list(Own('abc')), [x for x in Own('abc')])


class Three(zip_longest):
    def __next__(self):
        return super().__next__() + (3,)


try:
    pairs(Three('a', 'b'))
except ValueError as e:
    print(e)


def fails(n):
    for i in range(n):
        yield i
    raise KeyError('source')


for make in [lambda: pairwise(fails(3)), lambda: zip_longest(fails(2), 'abc'), lambda: chain('a', fails(1))]:
    seen = []
    try:
        for x in make():
            seen.append(x)
    except KeyError as e:
        print(seen, repr(e))
    try:
        for a, b in make():
            pass
    except (KeyError, ValueError, TypeError) as e:
        print(type(e).__name__, e)


class Says:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('-', self.name, end=' ')


def names():
    for a, b in pairwise(Says(i) for i in range(4)):
        print(a.name, b.name, end=' ')
    print('end', end=' ')


names()
print()


# StopIteration that somebody else raises is the end, too.
class Stops:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration('value')


print(list(chain('a', Stops(), 'b')), pairs(pairwise(Stops())), [x for x in accumulate(Stops())])

# ---- all the rest, for a list ----------------------------------------------------------------------------------------
d = deque(range(5))
it = iter(d)
next(it)
print(list(it), list(it), [9, *iter(d)])
l = [1]
l += iter(d)
l.extend(chain([2, 3], (4,), 'ab', {5: 6}, range(2), iter([7]), deque([8])))
print(l)


class L(list):
    def append(self, x):
        print('never')


l = L()
l.extend(iter(d))
l.extend(chain(d, d))
print(l, list(chain()), list(chain('ab', chain('cd', []))), tuple(chain('ab')), set(chain([1], [1])), sum(chain([1], [2])))
it = iter(d)
d.append(1)
try:
    list(it)
except RuntimeError as e:
    print(e)


class Loud(chain):
    def __next__(self):
        x = super().__next__()
        return x * 2


print(list(Loud('ab', [3])), list(chain.from_iterable(['ab', Loud('c')])))
l = []
try:
    l.extend(chain('ab', fails(2), 'c'))
except KeyError:
    print(l)


def grows():
    for i in range(3):
        yield len(grown)


grown = []
grown.extend(chain('ab', grows(), [1]))
print(grown)
it = chain('ab', 'cd')
next(it)
l = [next(it)]
l.extend(it)
print(l, list(it))

# ---- items, lengths, ends --------------------------------------------------------------------------------------------
d = deque('abc')
print(d[0], d[-1], d[2], d[-3], len(d), deque('xyz')[1], deque()[:0] if 0 else '')
for bad in [3, -4, 10**30, -10**30, 'x', 1.0, None]:
    try:
        d[bad]
    except (IndexError, TypeError) as e:
        print(type(e).__name__, e)


class I:
    def __index__(self):
        return 1


print(d[I()], d[True], d[False])


class D(deque):
    def __getitem__(self, i):
        return ('item', i)

    def __len__(self):
        return 77

    def append(self, x):
        super().append(('own', x))

    def pop(self):
        return 'popped', super().pop()


d = D('ab')
d.append('c')
print(d[0], d[5], len(d), list(d), d.pop(), d.popleft(), bool(d))
d = deque('abc', 3)
print(d.append('d'), d.appendleft('z'), d, d.pop(), d.popleft(), d.pop(), d)
for f in [d.pop, d.popleft]:
    try:
        f()
    except IndexError as e:
        print(e)
for f in [deque.append, deque.pop]:
    for args in [(), (1,), (d,), (d, 1, 2), ('x', 1)]:
        try:
            print(f(*args), d)
        except (TypeError, IndexError) as e:
            print(type(e).__name__, e)
none = deque(maxlen=0)
none.append(1), none.appendleft(2)
print(none, len(none))
d = deque(maxlen=1)
d.append(Says('first'))
d.append(Says('second'))
d.appendleft(0)
print(d)


class Empties:
    def __del__(self):
        full.clear()
        full.append('after')


full = deque([Empties(), 1], 2)
full.append(2)
print(full)
a = d.append
a(3)
for f in [a, d.pop]:
    print(f(4) if f is a else f(), d)
print(deque([5]).pop(), deque([6]).popleft(), deque([1]).append(2))
for n in range(3, 400):
    d = deque(range(n))
    for i in range(n):
        d.append(d.popleft())
    for i in range(n):
        d.appendleft(d.pop())
    assert list(d) == list(range(n)) and d[n // 2] == n // 2

# ---- calls of functions that are no methods, and of their like --------------------------------------------------------
print(list(starmap(max, [(1, 2), (3, 2), (2, 2)])), list(starmap(pow, [(2, 3), (2, 3, 5)])), list(starmap(print, [()])))
print(list(accumulate([3, 1, 4, 1, 5], max)), list(accumulate([3, 1, 4], min)), max(1, 2.5), min('b', 'a'), max([1], [1]))
nan = float('nan')
print(max(nan, 1), max(1, nan), min(nan, 1), min(1, nan), max(1, True), max(True, 1), min(2**70, 1.5))
x, y = [1], [1]
print(max(x, y) is x, min(x, y) is x)
try:
    max(1, 'a')
except TypeError as e:
    print(e)
print([k + str(list(g)) for k, g in groupby('aabbbc')], [(k, [*g]) for k, g in groupby([1, 1.0, True, 2], key=int)])
print(list(map(deque([1, 2]).count, [1, 3])), [*map([].append, 'ab')], list(filter({1}.__contains__, [1, 2])))
