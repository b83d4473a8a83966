# A mapping is gone through as bytes of one, though its items are ints.
import mmap
import operator

m = mmap.mmap(-1, 3)
m[0] = 65
print(list(m), m[0], m[1:])
print(65 in m, 0 in m, b'A' in m, b'A\0' in m, 'A' in m)
iterator = iter(m)
print(type(iterator).__name__, next(iterator), iterator.__length_hint__())
print(list(reversed(m)), hasattr(m, '__iter__'), hasattr(m, '__contains__'), hasattr(m, '__reversed__'))
a, b, c = m
print(a, b, c, tuple(m), sorted(m), max(m), dict(enumerate(m)), b''.join(m), list(zip(m, m[:])))
print(operator.indexOf(m, b'A'), operator.countOf(m, b'\0'), bytes(m), bytearray(m))
match m:
    case [b'A', *rest]:
        print('a sequence')
    case _:
        print('no sequence')

class Own(mmap.mmap):
    def __getitem__(self, index):
        if index == 3:
            raise IndexError
        return 'own', index

print(list(Own(-1, 3)), list(reversed(Own(-1, 2))), ('own', 1) in Own(-1, 3))
closed = mmap.mmap(-1, 3)
iterator = iter(closed)
print(next(iterator))
closed.close()
for what in (lambda: next(iterator)), (lambda: b'a' in closed), (lambda: list(closed)):
    try:
        what()
    except ValueError as error:
        print(error)
