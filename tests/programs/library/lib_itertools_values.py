# What each iterator gives, beside the same written in Python.
from itertools import *


def show(name, it, most=12):
    print(name, list(islice(it, most)))


class Half:
    """A number of its own kind."""

    def __init__(self, halves):
        self.halves = halves

    def __add__(self, other):
        return Half(self.halves + (other.halves if isinstance(other, Half) else 2 * other))

    __radd__ = __add__

    def __float__(self):
        return self.halves / 2

    def __repr__(self):
        return f'{self.halves}/2'


# ---- count, cycle, repeat
for args in [(), (5,), (5, 2), (5, -3), (1.5,), (1, 0.25), (10**30,), (10**30, -1), (2**63 - 2,), (2**63 - 1,), (2**63,), (-2**63 + 1, -1), (-2**63, -1),
             (2**61 - 2,), (-2**61 + 1, -1), (0, 2**62), (0, -2**62), (0, 2**70), (True,), (1, True), (True, True), (True, 2), (2, 0), (Half(3),),
             (Half(3), Half(1)), (0, Half(1)), (1j,), (0, 1j), (1.5, True), (1e308, 1e308)]:
    c = count(*args)
    print(args, c, [next(c) for _ in range(4)], c)
print([type(x).__name__ for x in islice(count(True), 2)], [type(x).__name__ for x in islice(count(True, 2), 2)])
x = 12345.5
print(next(count(x)) is x)
show('cycle', cycle('abc'))
show('cycle', cycle([]))
show('cycle', cycle([1000]))
big = [1000, 2000.5]
c = cycle(big)
print([a is b for a, b in zip(islice(c, 6), big * 3)])
show('repeat', repeat('x', 3))
show('repeat', repeat(None), 3)
o = object()
print(all(a is o for a in repeat(o, 5)))
r = repeat(1, 3)
print(r, r.__length_hint__(), next(r), r, list(r), r, r.__length_hint__(), next(r, 'end'))
print(repeat(1, -5), repeat([1]), list(map(pow, range(5), repeat(2))))
try:
    repeat(1).__length_hint__()
except TypeError as e:
    print(e)
l = []
l.append(repeat(l, 2))
print(l)
l[0] = count(1)
print(l)

# ---- accumulate, starmap
show('accumulate', accumulate([1, 2, 3, 4]))
show('accumulate', accumulate([1000, 2000, 3000, 2**60, 2**61, 2**62]))
show('accumulate', accumulate([0.5, 1, 2]))
show('accumulate', accumulate('abc'))
show('accumulate', accumulate([[1], [2]]))
show('accumulate', accumulate([3, 1, 4, 1, 5], max))
show('accumulate', accumulate([1, 2, 3], lambda a, b: a * b, initial=10))
show('accumulate', accumulate([], initial=7))
show('accumulate', accumulate([]))
show('accumulate', accumulate([Half(1), 2, Half(5)]))
print(next(accumulate([x])) is x, next(accumulate([], initial=x)) is x)
seen = []
list(accumulate([1000, 2000, 3000], lambda a, b: seen.append(a) or a + b))
out = list(accumulate([1000, 2000, 3000], lambda a, b: seen.append(a) or a + b))
print(seen[2] is out[0], seen[3] is out[1], out)
show('starmap', starmap(lambda *a: a, [(), (1,), (1, 2), [1, 2, 3], 'abcd', range(5), (1,) * 9]))
args = [(1000, 2000)]
print(list(starmap(lambda a, b: (a is args[0][0], b is args[0][1]), args)), args)
show('starmap', starmap(pow, zip(range(5), repeat(3))))
show('starmap', starmap(dict, [([],), ()]))

# ---- chain, islice
show('chain', chain('ab', [], (1, 2), {3: 4}))
show('chain', chain())
show('chain', chain.from_iterable(['ab', 'cd']))
show('chain', chain.from_iterable(repeat('ab')))
for args in [(3,), (None,), (0,), (2, 5), (2, None), (0, 10, 3), (1, 8, 3), (5, 3), (None, None, 4), (3, 3), (20, 30), (2, 3, 10**18)]:
    print(args, list(islice('abcdefghij', *args)), list(islice('abcdefghij', *args)) == list('abcdefghij'[slice(*args)]))
c = count()
print(list(islice(c, 3)), list(islice(c, 0)), list(islice(c, 1, 4, 2)), next(c), list(islice(c, 3, 3)), next(c), list(islice(c, 0, 4, 10)), next(c))

# ---- select
show('compress', compress('abcdef', [1, 0, 1, 0, 1]))
show('compress', compress(count(), [1, 0, 2.5, 0.0, 'x', '', [], [0]]))
show('dropwhile', dropwhile(lambda n: n < 3, [1, 2, 3, 2, 1]))
show('takewhile', takewhile(lambda n: n < 3, [1, 2, 3, 2, 1]))
t = takewhile(bool, [1, 0, 2, 3])
print(list(t), list(t))
show('filterfalse', filterfalse(None, [0, 1, '', 'a', 0.0, [], (0,)]))
show('filterfalse', filterfalse(bool, [0, 1, '', 'a']))
show('filterfalse', filterfalse(lambda n: n % 3, range(20)))

# ---- rows
show('pairwise', pairwise('abcde'))
show('pairwise', pairwise('a'))
show('pairwise', pairwise(''))
show('batched', batched('abcdefg', 3))
show('batched', batched('abcdef', 3, strict=True))
show('batched', batched('', 3))
for n in range(1, 30, 7):
    rows = list(batched(range(1000, 1040), n))
    print(n, rows[0], rows[-1], sum(map(len, rows)))
b = batched('abcde', 2, strict=True)
print(next(b), next(b))
try:
    next(b)
except ValueError as e:
    print(e, next(b, 'end'))
show('zip_longest', zip_longest('abc', 'x', range(2)))
show('zip_longest', zip_longest('', 'x', fillvalue=0))
show('zip_longest', zip_longest('', '', ''))
show('zip_longest', zip_longest(*[range(n) for n in range(12)]))
print(next(zip_longest(*['a'] * 12, [])))

# ---- all the ways to choose
def combinations_by_hand(pool, r):
    if r == 0:
        return [()]
    return [(pool[at],) + rest for at in range(len(pool)) for rest in combinations_by_hand(pool[at + 1:], r - 1)]


def multisets_by_hand(pool, r):
    if r == 0:
        return [()]
    return [(pool[at],) + rest for at in range(len(pool)) for rest in multisets_by_hand(pool[at:], r - 1)]


def permutations_by_hand(pool, r):
    if r == 0:
        return [()]
    return [(pool[at],) + rest for at in range(len(pool)) for rest in permutations_by_hand(pool[:at] + pool[at + 1:], r - 1)]


def product_by_hand(*pools):
    rows = [()]
    for pool in pools:
        rows = [row + (item,) for row in rows for item in pool]
    return rows


for n in range(6):
    pool = [1000 + at for at in range(n)]
    for r in range(7):
        c, m, p = list(combinations(pool, r)), list(combinations_with_replacement(pool, r)), list(permutations(pool, r))
        assert c == combinations_by_hand(pool, r) and m == multisets_by_hand(pool, r) and p == permutations_by_hand(pool, r), (n, r)
        if r < 5:
            q = list(product(pool, repeat=r))
            assert q == product_by_hand(*[pool] * r), (n, r)
        print(n, r, len(c), len(m), len(p), len(q))
for pools in [(), ('ab',), ('ab', 'cd'), ('ab', '', 'cd'), ('abc', (1,), [2.5, 3]), (range(3), range(2), range(4))]:
    assert list(product(*pools)) == product_by_hand(*pools)
    assert list(product(*pools, repeat=2)) == product_by_hand(*pools, *pools)
    print(pools, len(list(product(*pools))))
print(list(permutations('abc')), list(product('ab', range(2))), list(combinations('abcd', 2)), list(combinations_with_replacement('ab', 3)))
c = combinations('ab', 1)
print(list(c), list(c), next(c, 'end'))
pool = [1000, 2000]
print([a is b for row in product(pool, pool) for a, b in zip(row, row) if a in pool], next(combinations(pool, 2))[0] is pool[0])
rows = list(combinations(pool, 1))
print(rows[0] is rows[1], rows)
pool = list('abc')
c = combinations(pool, 2)
pool.clear()
print(list(c))
