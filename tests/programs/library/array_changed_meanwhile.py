# What becomes of an array that changes while an item says what number it is.
import array


class Index:
    def __init__(self, act):
        self.act = act
    def __index__(self):
        self.act()
        return 7


def attempt(what, *args):
    try:
        what(*args)
    except Exception as error:
        print(type(error).__name__, error, end=' ')
    print(a)

for act in (lambda: a.append(9)), (lambda: a.pop()), (lambda: a.clear()), (lambda: 1 / 0):
    a = array.array('i', [1, 2, 3])
    attempt(a.insert, 1, Index(act))
for act in (lambda: a.append(9)), (lambda: a.clear()), (lambda: 1 / 0):
    a = array.array('i', [1, 2, 3])
    attempt(a.append, Index(act))
a = array.array('i')
attempt(a.append, Index(lambda: a.append(5)))
for act in (lambda: a.append(9)), (lambda: a.clear()):
    a = array.array('i', [1, 2, 3])
    attempt(a.__setitem__, 2, Index(act))
a = array.array('i', [1, 2, 3])
attempt(a.extend, [Index(lambda: a.append(4)), 8])
a = array.array('i', [1, 2, 3])
items = [Index(lambda: items.append(6)), 5]
attempt(a.fromlist, items)
attempt(a.fromlist, [4, 'x'])
view = memoryview(a)
attempt(a.append, 1)
attempt(a.append, Index(lambda: None))
