# Places of a deque: what is put there, what falls out, and what that does.
import gc
import random
import weakref
from collections import deque

log = []


class Ends:
    def __init__(self, then=None, *args):
        self.then, self.args = then, args

    def __del__(self):
        log.append('end')
        if self.then:
            self.then(*self.args)


d = deque(range(5))
for index, value in ((0, 'a'), (-1, 1000), (2, 2.5), (-3, None), (4, d), (1, 10**30)):
    d[index] = value
    print(d)
d[4] = 0
for index in (5, -6, 2**70, 'x', None, 1.0):
    try:
        d[index] = 1
    except (IndexError, TypeError) as e:
        print(type(e).__name__, e)
x = 123456
d[0] = x
print(d[0] is x, d[0] is d[0])
d[1] = 654321
y = d[1]
print(d[1] is y)

# The one that was there dies when the new one is in its place.
d = deque([Ends(), 1, 2])
d[0] = 5
print(log, d)
d[0] = Ends(d.clear)
d[0] = 6
print(log, d)
d = deque([1, 2, 3])
d[1] = Ends(lambda: d.append('more'))
d[1] = 'new'
print(log, d)
one = Ends()
d[2] = one
d[2] = 0
print(len(log))
del one
print(len(log))


class Sub(deque):
    def __setitem__(self, index, value):
        print('set', index, value)
        super().__setitem__(index, value)


d = Sub('abc')
d[1] = 'x'
print(d)
# An iterator does not mind another item.
d = deque('abcd')
print([(x, d.__setitem__(-1, x)) for x in d], d)

# Turned by one, where the ring is full and where it is not, against a list.
random.seed(5)
for size in (1, 2, 3, 7, 8, 9, 15, 16, 17):
    d, model = deque(range(size)), list(range(size))
    for _ in range(60):
        n = random.choice((1, 1, -1, -1, 1 - size, size - 1, 2, size, -size, 0))
        d.rotate(n)
        n %= size
        model = model[size - n:] + model[:size - n]
        if random.random() < 0.3:
            d.append(model[0])
            model.append(d.popleft())
            model.pop(0)
            assert list(d) == model, (list(d), model)
    assert list(d) == model
    print(size, list(d) == model, list(reversed(d)) == model[::-1])
d = deque([[], 1000, 'a'], 3)
first = d[0]
d.rotate(1)
print(d, d[1] is first)
d.rotate(-1)
d.append(5)
d.rotate()
print(d)

# Cycles through a place.
d = deque([0] * 4)
d[2] = d
ref = weakref.ref(d)
del d
gc.collect()
print(ref())
d = deque()
for n in range(100):
    d.append(n)
    if n % 3:
        d.popleft()
    d.rotate(1)
print(d, len(d))
d.clear()
d.extend(range(3))
d.extendleft(iter('ab'))
print(d, d.pop(), d.popleft(), d)
