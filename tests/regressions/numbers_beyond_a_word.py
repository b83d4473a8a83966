# Numbers of 62 to 64 bits where most are short: what a loop over a range counts, and what iterators and patterns hear of lengths.
import collections.abc


class Sized:
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        if index >= self.size:
            raise IndexError
        return index


for edge in (2**61, 2**62, 2**63):
    for numbers in (range(edge - 2, edge + 2), range(edge - 1, edge), range(edge + 1, edge - 3, -1), range(-edge + 1, -edge - 2, -1), range(-edge - 1, -edge + 2)):
        print(numbers)
        for i in numbers:
            print(i, end=" ")
        walk = iter(numbers)
        print(walk.__length_hint__(), next(walk), walk.__length_hint__(), walk.__reduce__()[1:])
        walk.__setstate__(1)
        for i, j in enumerate(walk, edge - 1):
            print(i, j, walk.__length_hint__())
        print(list(reversed(numbers)), [i for i in numbers], [*map(int, numbers)])
        for i in reversed(numbers):
            print(i, end=" ")
        print()


def rows(start, stop, step=1):
    for i in range(start, stop, step):
        yield i


# One loop meets both.
for start in (0, 2**61 - 1, 5, -(2**61) - 1, 2**63 - 2, -(2**63)):
    print(list(rows(start, start + 2)), list(rows(start, start + 3, 2)))
print(list(rows(-(2**63), 2**63 - 1, 2**62)), list(rows(2**62, 0, -(2**61))))

for size in (2**61 - 1, 2**61, 2**62 + 5, 2**63 - 1):
    sized = Sized(size)
    print(iter(sized).__length_hint__(), reversed(sized).__length_hint__(), len(sized), len(range(size)))
    forth, back = iter(sized), reversed(sized)
    print(next(forth), forth.__length_hint__(), next(back), back.__length_hint__(), back.__reduce__()[2])
    forth.__setstate__(size - 1)
    print(forth.__length_hint__(), next(forth), forth.__length_hint__())
    try:
        print(next(forth, "end"))
    except OverflowError as error:
        print(error)


class Listed(Sized, collections.abc.Sequence):
    pass


for size in (2**61 - 1, 2**61, 2**62, 2**63 - 1):
    match Listed(size):
        case [] | [_] | [_, _]:
            print("short")
        case [first, *_, last]:
            print(first, last)
