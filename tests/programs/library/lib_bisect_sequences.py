# Sequences of other kinds: what is asked of them, and in which order.
from _bisect import *


class Seq:
    def __init__(self, items, length=None):
        self.items, self.length = items, length

    def __len__(self):
        print('len', end=' ')
        if isinstance(self.length, Exception):
            raise self.length
        return len(self.items) if self.length is None else self.length

    def __getitem__(self, at):
        print(f'[{at}]', end=' ')
        return self.items[at]

    def insert(self, at, item):
        print(f'insert {at} {item}', end=' ')
        self.items.insert(at, item)
        return 'ignored'


for f in (bisect_left, bisect_right, insort_left, insort_right):
    for args in [(3,), (3, 1), (3, 0, 4), (3, 2, 2), (9, 0, 5)]:
        s = Seq([1, 2, 3, 3, 5])
        print(f.__name__, args, f(s, *args), s.items)
for length in (20, -1, 'a', 1.0, ValueError('no length'), 2**70):
    try:
        print(bisect_right(Seq([1, 2, 3], length), 2))
    except Exception as e:
        print(type(e).__name__, e)


class Sub(list):
    def __getitem__(self, at):
        print(f'[{at}]', end=' ')
        return super().__getitem__(at)

    def insert(self, at, item):
        print(f'insert {at}', end=' ')
        super().insert(at, item)

    def __len__(self):
        print('len', end=' ')
        return super().__len__()


class SubTuple(tuple):
    def __getitem__(self, at):
        print(f'[{at}]', end=' ')
        return super().__getitem__(at)


s = Sub([1, 3, 5])
print(bisect_right(s, 3))
print(insort_right(s, 4), list.__len__(s), list.__repr__(s))
print(bisect_left(SubTuple((1, 3, 5)), 3))


class NoInsert:
    def __len__(self):
        return 0


class Counts:
    def __index__(self):
        print('index', end=' ')
        return 1


try:
    insort_right(NoInsert(), 1)
except TypeError as e:
    print(e)
try:
    insort_right((1, 2), 1)
except AttributeError as e:
    print(e)
print(bisect_right([1, 2, 3], 0, Counts(), Counts()), bisect_right([1, 2, 3], 5, Counts()))
print(bisect_right(range(0, 100, 7), 50), bisect_right('abcdef', 'c'), bisect_right(b'abc', 98), bisect_right(bytearray(b'abc'), 97), bisect_right(memoryview(b'abc'), 99))
print(bisect_right(range(10**12), 10**11), bisect_left(range(-10**15, 10**15), 0))
