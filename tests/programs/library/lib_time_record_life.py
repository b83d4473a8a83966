"""struct_time as an object: what it holds, visible or not, lives and dies with it."""
import gc
import time

died = []


class Held:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        died.append(self.name)


m = time.struct_time([Held('year'), *range(8)], {'tm_zone': Held('zone'), 'tm_gmtoff': Held('offset')})
print(died, type(m.tm_zone).__name__, len(m))
copy = m.__replace__(tm_year=1, tm_zone=None)
del m
print(sorted(died), copy.tm_zone, type(copy.tm_gmtoff).__name__)
made = copy.__reduce__()
del copy
print(sorted(died), made[1][0], made[1][1]['tm_zone'])
del made
print(sorted(died))

# Cycles through a visible and a hidden field.
died.clear()
for name in ('item', 'hidden'):
    held = Held(name)
    cell = [held]
    where = {'tm_gmtoff': cell} if name == 'hidden' else {}
    cell.append(time.struct_time([cell, *range(8)] if name == 'item' else range(9), where))
    del held, cell, where
gc.collect()
print(sorted(died))
print(sorted(type(x).__name__ for x in gc.get_referents(time.struct_time(range(9), {'tm_zone': [], 'tm_gmtoff': {}})) if x is not time.struct_time))

# It is a tuple: compared, hashed, unpacked and matched by its items.
a, b = time.gmtime(5), time.struct_time(tuple(time.gmtime(5)))
print(a == b, hash(a) == hash(b), a.tm_zone, b.tm_zone, a < time.gmtime(6), isinstance(a, tuple), a in [b])
year, *rest = a
print(year, rest, a.count(1), a.index(5), a * 2 == tuple(a) * 2, a[-1], a[2:4], list(reversed(a)))
match a:
    case [1970, 1, day, *_]:
        print('sequence', day)
match a:
    case time.struct_time(y, mo, tm_sec=s):
        print('class', y, mo, s)
for attack in ("tuple.__new__(time.struct_time, (1,))", "a.tm_year.x", "a.tm_nothing", "time.struct_time.tm_zone.__get__(1)",
               "time.struct_time.tm_zone.__set__(a, 3)", "time.struct_time.__replace__((1,) * 9)", "time.struct_time.__reduce__((1,))",
               "time.struct_time.__new__(tuple, (1,))", "time.struct_time.__new__(int)", "object.__new__(time.struct_time)", "time.struct_time.__repr__((1,))"):
    try:
        print(attack, eval(attack))
    except Exception as e:
        print(attack, type(e).__name__)


class Grows(list):
    """A dict of the fields, and a sequence, that change while they are read."""

    def __iter__(self):
        fields.clear()
        return iter(range(9))


fields = {'tm_zone': 'gone'}
print(len(time.struct_time(Grows(range(9)), fields)))


def endless():
    while True:
        yield 0
        if len(died) > 100:
            return
        died.append(0)


try:
    time.struct_time(endless())
except TypeError as e:
    print(e)


class Broken:
    def __iter__(self):
        raise KeyError('no')


for bad in (Broken(), object(), 3.5, {}, set(), dict.fromkeys(range(9)), 'abcdefghi', b'abcdefghi', range(9), (x for x in range(9))):
    try:
        print(tuple(time.struct_time(bad)))
    except Exception as e:
        print(type(e).__name__, e)


# Reading the fields for a text runs Python, which may do anything.
class Year:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        gc.collect()
        return self.n


print(time.asctime((Year(2000), Year(2), Year(29), 1, 2, 3, Year(1), 60, 0)), time.mktime((Year(2000), 1, 1, 0, 0, 0, 0, 0, 0)) > 0)
