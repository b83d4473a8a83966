# Keys: asked of items, of what is inserted, in which order, and what they do when they fail.
from _bisect import *

people = [('ann', 20), ('bob', 30), ('cid', 30), ('dan', 41)]
age = lambda person: person[1]
for x in (10, 20, 25, 30, 41, 50):
    print(x, bisect_left(people, x, key=age), bisect_right(people, x, key=age), bisect_right(people, x, 1, 3, key=age))
for insert in (insort_left, insort_right):
    a = list(people)
    insert(a, ('eve', 30), key=age)
    insert(a, ('fay', 5), key=age)
    insert(a, ('gus', 99), key=age)
    print([name for name, _ in a])

calls = []


def key(item):
    calls.append(item)
    return -item


a = [9, 7, 5, 3, 1]
print(bisect_left(a, -5, key=key), calls)
calls.clear()
print(bisect_right(a, -5, key=key), calls)
calls.clear()
insort_right(a, 4, key=key)
print(a, calls)
calls.clear()
insort_left([], 4, key=key)
print(calls)


def fails(item):
    if item == 5:
        raise KeyError(item)
    return item


for f, x in ((bisect_right, 1), (bisect_left, 9), (insort_right, 5), (insort_right, 6)):
    a = [1, 3, 5, 7, 9]
    try:
        print(f(a, x, key=fails), a)
    except KeyError as e:
        print('KeyError', e, a)
print(bisect_right([1, 2, 3], 2, key=str) if False else bisect_right(['1', '10', '2'], 2, key=int))
try:
    bisect_right([1, 2, 3], 2, key=str)
except TypeError as e:
    print(e)
print(bisect_left([0, 0, 1, 1], True, key=bool), bisect_right(range(10), 16, key=lambda n: n * n))
print(bisect_left(['b', 'A', 'C'], 'b', key=str.lower), bisect_right([[], [1], [1, 2]], 1, key=len))
