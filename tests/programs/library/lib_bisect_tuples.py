# Tuples in order: compared at sight as far as that goes.
from bisect import *

nan = float('nan')
rows = [(x, x * 2) for x in range(100)]
print([bisect_left(rows, (n, m)) for n, m in ((5, 0), (5, 10), (5, 11), (-1, 0), (99, 198), (100, 0))])
print([bisect_right(rows, (n, m)) for n, m in ((5, 0), (5, 10), (5, 11), (-1, 0), (99, 198), (100, 0))])
print(bisect_left(rows, (5,)), bisect_right(rows, (5, 10, 0)), bisect_left(rows, ()), bisect_right(rows, (99,)))
print(bisect_left([(1, 2.5), (1, 3.0), (2, 0.5)], (1, 3)), bisect_right([(1, 2.5), (1, 3.0), (2, 0.5)], (1, 3)))
print(bisect_left([('a', 1), ('b', 2)], ('b', 1)), bisect_left([((1, 2), 3), ((1, 3), 0)], ((1, 2), 4)))
print(bisect_left([(True, 0), (2**70, 1)], (1, 1)), bisect_right([(1, nan), (1, nan)], (1, nan)), bisect_left([(nan,)], (0.0,)))
for bad in ((1, 'a'), ('a',), 5, None, [5, 1]):
    try:
        print(bisect_left(rows, bad))
    except TypeError as e:
        print(e)


class Loud:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        print('eq', self.n, getattr(other, 'n', other))
        return self.n == getattr(other, 'n', other)

    def __lt__(self, other):
        print('lt', self.n, getattr(other, 'n', other))
        return self.n < getattr(other, 'n', other)


print(bisect_left([(0, Loud(1)), (0, Loud(2)), (0, Loud(3))], (0, Loud(2))))
print(bisect_right([(0, Loud(1)), (0, Loud(2)), (0, Loud(3))], (0, Loud(2))))


class Int(int):
    def __lt__(self, other):
        print('lt')
        return int(self) < int(other)


print(bisect_left([(Int(1), 0), (Int(5), 0)], (3, 0)))
long = [(0,) * 70 + (n,) for n in range(5)]
print(bisect_left(long, (0,) * 70 + (3,)), bisect_right(long, (0,) * 70 + (3,)))
deep = [((((((n,),),),),),) for n in range(5)]
print(bisect_left(deep, ((((((3,),),),),),)), bisect_right(deep, ((((((3,),),),),),)))
print(sorted([(3, 'a'), (1, None), (2, 0)]), max([(1, 2), (1, 3)]), min((2, 1.5), (2, 1)))
for key in (abs, len, str, lambda x: x, int):
    try:
        print(bisect_left([1, 20, 300], 20, key=key), bisect_right(['a', 'bb', 'ccc'], 2, key=key))
    except (TypeError, ValueError) as e:
        print(e)
print(bisect_left([-1, -20, -300, 10**25], 20, key=abs), bisect_right([0.5, -1.5, 2.5], 1.5, key=abs))
