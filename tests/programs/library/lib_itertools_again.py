# Tuples that an iterator fills again where nobody else holds them: nobody can tell.
import gc
import weakref
from itertools import *
from operator import itemgetter


class Item:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name

    def __del__(self):
        print('end of', self.name)


MAKE = {
    'zip_longest 2': lambda a: zip_longest(a, a[1:], fillvalue='-'),
    'zip_longest 3': lambda a: zip_longest(a, a[2:], a[1:]),
    'zip_longest 6': lambda a: zip_longest(a, a[2:], a[1:], a, a, 'xy'),
    'pairwise': pairwise,
    'product': lambda a: product(a[:2], a),
    'product 3': lambda a: product(a[:2], repeat=3),
    'permutations': lambda a: permutations(a, 3),
    'combinations': lambda a: combinations(a, 3),
    'with_replacement': lambda a: combinations_with_replacement(a, 2),
}
values = [0, 1000, 2.5, 'text', None]
for name, make in MAKE.items():
    # Kept, thrown away, taken apart, kept every other time, three at a time: the same tuples.
    kept = list(make(values))
    fresh = [tuple([*x]) for x in make(values)]
    seen = []
    for x in make(values):
        seen.append(repr(x))
    odd = [x for n, x in enumerate(make(values)) if n % 2]
    late, last = [], [None, None, None]
    for x in make(values):
        late.append(last.pop(0))
        last.append(x)
    late = [x for x in late + last if x is not None]
    firsts = list(map(itemgetter(0), make(values)))
    print(name, len(kept), kept == fresh == late, seen == [repr(x) for x in kept], odd == kept[1::2], firsts == [x[0] for x in kept])
    print(len({id(x) for x in kept}) == len(kept), kept[:3], kept[-1])
    spread = list(starmap(lambda *args: args, make(values)))
    print(spread == kept, sorted(map(len, kept)) == sorted(map(len, make(values))))
    held = make(values)
    a, b = next(held), next(held)
    c = next(held)
    print(a is b, b is c, a is c, a == kept[0], b == kept[1], c == kept[2])
    del a
    d = next(held)
    print(b is d, c is d, b == kept[1], c == kept[2], d == kept[3])

# The hash of a long tuple is of what is in it now.
for make in (lambda: combinations(range(18), 17), lambda: permutations(range(17)), lambda: zip_longest(*[range(5)] * 20)):
    good = 0
    for x in islice(make(), 5):
        good += hash(x) == hash(tuple(list(x))) and x in {tuple(list(x))}
    print(good)

# The numbers keep who they are.
big = [10**6, 10**7, 1.5]
for x in permutations(big):
    for item in x:
        assert any(item is other for other in big)
for x in zip_longest(big, big):
    assert x[0] is x[1]

# Empty and short tuples.
print(list(product()), list(permutations([], 0)), list(combinations('ab', 0)), list(zip_longest()), list(pairwise([1])))
print(list(zip_longest([1, 2, 3])), list(product('ab')), list(permutations('ab', 1)))

# When the items die.
print('taken apart')
z = zip_longest([Item('a%d' % n) for n in range(3)], iter([]))
for x, y in z:
    print(x, y)
del x, y, z
print('thrown away')
z = zip_longest((Item('b%d' % n) for n in range(3)), (Item('c%d' % n) for n in range(2)), 'xyz')
print(next(z))
print(next(z))
print(next(z))
del z
print('kept')
z = zip_longest((Item('d%d' % n) for n in range(3)), '', '')
x = next(z)
y = next(z)
del x
print('one is gone')
x = next(z)
print(x, y)
del x, y
print('both are gone')
del z
print('pairs')
p = pairwise(Item('e%d' % n) for n in range(4))
print(next(p))
print(next(p))
x = next(p)
print(x, next(p, 'over'))
del x
print('end')
del p


# What dies asks for more: in which order is nobody's business, but every row is whole.
class Asks:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        if asked:
            rows.append(next(asked, None))


rows = []
asked = z = zip_longest((Asks('f%d' % n) for n in range(6)), '012345', 'abcdef')
for _ in range(8):
    rows.append(next(z, None))
    rows.append(None)
    rows.pop()
    if len(rows) > 2:
        del rows[0]
asked = None
print(all(row is None or len(row) == 3 for row in rows))
del z, rows


class Nested:
    def __init__(self):
        self.left = 6

    def __iter__(self):
        return self

    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        if self.left == 3:
            print('inner', next(outer))
        return self.left


outer = zip_longest(Nested(), 'abcdefg', '0123456')
for x in outer:
    print(x)
outer = None

# The collector knows them again.
gc.collect()


class Node(list):
    pass


def cycle_through(make):
    node = Node()
    source = make(node)
    first = next(source)
    del first
    gc.collect()
    row = next(source)
    node.append(row)
    node.append(source)
    ref = weakref.ref(node)
    del row, node, source
    gc.collect()
    return ref() is None


print(cycle_through(lambda node: zip_longest([1, node, 2], 'abc', 'abc')))
print(cycle_through(lambda node: zip_longest([1, node, 2], 'abc')))
print(cycle_through(lambda node: pairwise([1, 2, node, 3])))
print(cycle_through(lambda node: permutations([1, 2, node])))
print(cycle_through(lambda node: product([1, 2], [1, node])))
print(cycle_through(lambda node: combinations([1, 2, node], 2)))
z = zip_longest([1, []], 'ab', 'ab')
next(z)
print(gc.is_tracked(next(z)))


# A source that fails leaves the last tuple as it was.
def failing():
    yield 1
    yield 2
    raise ValueError('no more')


z = zip_longest('abc', failing())
x = next(z)
next(z)
try:
    next(z)
except ValueError as e:
    print(e, x, next(z, 'over'))


class Rows(zip_longest):
    def __next__(self):
        return list(super().__next__())


print(list(Rows('ab', 'c')), [x for x in Rows('ab', 'cd')])
