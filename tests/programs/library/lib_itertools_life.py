# Subclasses, cycles that the collector breaks, and long chains that die.
import gc
import itertools
from itertools import *


# ---- subclasses
class Named(count):
    def __init__(self, start=0, step=1):
        self.name = f'from {start}'

    def __next__(self):
        return super().__next__() * 2


n = Named(3)
print(n, n.name, next(n), next(n), list(islice(n, 2)), n.__dict__, isinstance(n, count))
for kind, args in [(count, (1, 2)), (cycle, ('ab',)), (repeat, ('a', 2)), (accumulate, ('ab',)), (batched, ('abc', 2)), (chain, ('ab', 'c')), (combinations, ('abc', 2)),
                   (combinations_with_replacement, ('ab', 2)), (compress, ('ab', [0, 1])), (dropwhile, (str.islower, 'abC')), (filterfalse, (str.islower, 'abC')), (groupby, ('aab',)), (islice, ('abc', 1)),
                   (pairwise, ('abc',)), (permutations, ('ab',)), (product, ('ab', 'c')), (starmap, (pow, [(2, 3)])), (takewhile, (str.islower, 'abC')), (zip_longest, ('ab', 'c'))]:
    class Sub(kind):
        __slots__ = ('extra',)

    class Sub2(kind):
        def __init__(self, *args, **names):
            self.args, self.names = args, names

    sub = Sub(*args)
    sub.extra = 5
    print(kind.__name__, sub.extra, hasattr(sub, '__dict__'), len(list(islice(sub, 3))), type(sub).__mro__[1:] == kind.__mro__, end=' ')
    try:
        sub2 = Sub2(*args, extra=7)
        print(sub2.names, len(list(islice(sub2, 3))))
    except TypeError as e:
        print(e)
    try:
        Sub(*args, extra=7)
    except TypeError as e:
        print(e)


class MyChain(chain):
    def __init__(self, *args):
        print('init', args)


m = MyChain.from_iterable(['ab', 'c'])
print(type(m), list(m), MyChain[int])
print(type(MyChain('xy')))

# ---- cycles through every field
dead = []


class Node:
    def __init__(self, name):
        self.name = name

    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    def __call__(self, *args):
        return args[0]

    def __del__(self):
        dead.append(self.name)

    def __add__(self, other):
        return self

    __float__ = lambda self: 1.0


def loops(name, make, steps=0):
    node = Node(name)
    made = make(node)
    for _ in range(steps):
        next(made, None)
    node.made = made


gc.collect()
gc.disable()
for name, make, steps in [
    ('count', lambda n: count(n, 5), 1), ('count step', lambda n: count(1, n), 0), ('cycle', cycle, 0), ('cycle kept', lambda n: cycle([n]), 2), ('repeat', repeat, 1), ('accumulate', accumulate, 0),
    ('accumulate func', lambda n: accumulate([], n), 0), ('accumulate initial', lambda n: accumulate([], initial=n), 0), ('accumulate total', lambda n: accumulate([n, n]), 1),
    ('batched', lambda n: batched(n, 2), 0), ('chain', lambda n: chain(n, n), 0), ('chain active', lambda n: chain([n, n]), 1), ('from_iterable', chain.from_iterable, 0), ('combinations', lambda n: combinations([n, n], 1), 1),
    ('with_replacement', lambda n: combinations_with_replacement([n], 2), 1), ('permutations', lambda n: permutations([n, 1]), 1), ('product', lambda n: product([n], [1]), 1), ('product repeat', lambda n: product([n], repeat=3), 0),
    ('compress', lambda n: compress(n, []), 0), ('compress selectors', lambda n: compress([], n), 0), ('dropwhile', lambda n: dropwhile(n, []), 0), ('dropwhile source', lambda n: dropwhile(None, n), 0),
    ('takewhile', lambda n: takewhile(n, []), 0), ('takewhile source', lambda n: takewhile(None, n), 0), ('filterfalse', lambda n: filterfalse(n, []), 0), ('filterfalse source', lambda n: filterfalse(None, n), 0),
    ('starmap', lambda n: starmap(n, []), 0), ('starmap source', lambda n: starmap(pow, n), 0), ('groupby', groupby, 0), ('groupby key', lambda n: groupby([1], n), 0), ('groupby item', lambda n: groupby([n, n]), 1),
    ('group', lambda n: next(groupby([n]))[1], 0), ('group key', lambda n: next(groupby([1, 2], lambda x: n))[1], 0), ('islice', lambda n: islice(n, 5), 0), ('pairwise', pairwise, 0), ('pairwise last', lambda n: pairwise([n, n, n]), 1),
    ('zip_longest', lambda n: zip_longest(n, []), 0), ('zip_longest fill', lambda n: zip_longest([], [1, 2], fillvalue=n), 1), ('tee', lambda n: tee(n)[0], 0), ('tee item', lambda n: tee([n])[0], 1), ('tee far', lambda n: tee([n] * 200)[1], 150),
    ('dataobject', lambda n: itertools._tee_dataobject(n, [n], None), 0),
]:
    loops(name, make, steps)
    before = len(dead)
    gc.collect()
    print(name, dead[before:])
gc.enable()
print(len(dead))

# ---- long chains
it = iter(())
for _ in range(100000):
    it = chain(it, [1])
del it
it = iter(())
for _ in range(100000):
    it = islice(it, 5)
del it
it = [5]
for _ in range(100000):
    it = repeat(it, 1)
del it
for wrap in (cycle, accumulate, pairwise, groupby, lambda it: batched(it, 1), lambda it: zip_longest(it), lambda it: starmap(pow, it), lambda it: tee(it, 1)[0], lambda it: takewhile(bool, it), lambda it: compress(it, it)):
    it = iter([])
    for _ in range(20000):
        it = wrap(it)
    del it
# Asking a deep one needs a stack.
for wrap in (lambda it: chain(it, [1]), lambda it: islice(it, 5), lambda it: starmap(max, it), lambda it: accumulate(it), lambda it: zip_longest(it)):
    it = iter(())
    for _ in range(500):
        it = wrap(it)
    print(len(list(islice(it, 600))))

# The blocks of a tee: a million items between the first and the last.
first, last = tee(range(1000000))
for item in first:
    pass
print(item, next(last))
del last
first, last = tee(iter(range(300000)))
print(sum(first))
del first, last
print('done')
