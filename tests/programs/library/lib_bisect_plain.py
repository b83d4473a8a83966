# Where items belong, beside the same found by walking; and lists that stay sorted.
from _bisect import bisect_left, bisect_right, insort_left, insort_right


def walk(a, x, left):
    return sum(1 for item in a if item < x or (not left and item == x))


lists = [[], [1], [1, 1], [1, 2, 3], [1, 1, 2, 2, 3, 3], list(range(0, 50, 3)), [0.5, 1, 1.5, 2.0, 2, 3], [-10**30, -5, 0, 2**61, 2**62, 2**63, 10**30],
         [float('-inf'), -0.0, 0, 1e300, float('inf')], [False, True, 2], ['', 'a', 'ab', 'b', 'é', '日'], [(), (1,), (1, 2), (2,)], [b'', b'a', b'b']]
for a in lists:
    for x in a + [a[0]] if a else [1]:
        assert bisect_left(a, x) == walk(a, x, True), (a, x)
        assert bisect_right(a, x) == walk(a, x, False), (a, x)
        assert bisect_left(tuple(a), x) == walk(a, x, True)
        for lo in range(len(a) + 2):
            for hi in range(len(a) + 1):
                got = bisect_left(a, x, lo, hi), bisect_right(a, x, lo, hi)
                want = (lo, lo) if lo >= hi else (lo + walk(a[lo:hi], x, True), lo + walk(a[lo:hi], x, False))
                assert got == want, (a, x, lo, hi, got, want)
    print(len(a), [bisect_left(a, x) for x in a], [bisect_right(a, x) for x in a])

for x in (-1, 0, 0.5, 1, 24, 24.5, 48, 49, True, 10**30, -10**30, float('inf'), float('nan')):
    a = list(range(0, 50, 3))
    print(x, bisect_left(a, x), bisect_right(a, x))

# Insertion: equal items keep the order in which they came, or turn it around.
for insert in (insort_left, insort_right):
    a = []
    for x in [5, 3, 1000, 4, 3.0, 1, 5.0, 1000.0, 3, True]:
        insert(a, x)
    print(insert.__name__, a)
a = [1, 2, 3]
print(insort_right(a, 2.5), a, insort_right(a, 0, 1), a, insort_right(a, 9, 0, 2), a)
a = [1000, 2000, 3000]
x = 2000
insort_left(a, x)
print(a[1] is x, a)
b = list(a)
print(bisect_right(a, 2500), [p is q for p, q in zip(a, b)])

# Numbers that a search has seen stay the objects that they were.
a = [1000 + n for n in range(10)]
first = a[5]
bisect_right(a, 1005)
print(a[5] is first)

class Sees:
    """Remembers what it is compared with."""

    def __lt__(self, other):
        seen.append(other)
        return True

    __gt__ = __lt__


seen = []
bisect_left(a, Sees())
bisect_right(a, Sees())
print([[at for at, item in enumerate(a) if item is s] for s in seen])
seen = []
bisect_left(a, 5, key=lambda item: seen.append(item) or item)
print([[at for at, item in enumerate(a) if item is s] for s in seen])
