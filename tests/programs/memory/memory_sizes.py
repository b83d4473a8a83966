"""What sys.getsizeof says of lists and tuples, however they were made."""
import sys

size = sys.getsizeof
print([size(t) for t in ((), (1,), (1, 2), (1, 2, 3), ([],), ((), ()))])
print(size([]), size([1]), size([1, 2]), size([1, 2, 3]), size([1, 2, 3, 4]), size([1, 2, 3, 4, 5]))
print([size([*range(n)]) for n in range(1, 12)])
print([size([i for i in range(n)]) for n in range(1, 12)])
print([size(list(range(n))) for n in range(1, 12)])
print([size(list((0,) * n)) for n in range(1, 12)])
print([size([0] * n) for n in range(1, 12)])
print([size((lambda l: l.extend([0] * n) or l)([])) for n in range(1, 12)])
print([size((lambda l: l.extend((0,) * n) or l)([1])) for n in range(1, 12)])
grown, sizes = [], []
for i in range(40):
    grown.append(i)
    sizes.append(size(grown))
print(sizes)
a, b = [1, 2, 3], [4, 5]
print(size(a + b), size(a * 3), size(a[:]), size(a.copy()), size(a[1:]))
a += b
print(size(a))
