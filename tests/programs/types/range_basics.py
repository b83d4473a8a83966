# range: big values, slicing, equality, index and count, errors.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


for r in (range(5), range(2, 5), range(0, 10, 3), range(5, 0, -1), range(5, 0), range(10, 0, -3), range(0), range(-3, 3, 2), range(10**20, 10**20 + 5, 2)):
    print(r, list(r), len(r), r.start, r.stop, r.step, bool(r), list(reversed(r)), r[::-1], r[1:], r[:-1], r[::2], sum(r))
big = range(10**30)
print(big[10**29], big[-1], 10**29 in big, -1 in big, big.index(10**25), big.count(5), big.count(-1), big[5:10**20:10**19], big == range(0, 10**30, 1), big[10**31:], bool(big), big[::-1][0])
err(lambda: len(big))
print(range(0, 3, 2) == range(0, 4, 2), range(0) == range(5, 5), range(1) == [0], range(3) != range(4), hash(range(0, 3, 2)) == hash(range(0, 4, 2)), hash(range(0)) == hash(range(2, 1)), {range(2): 1}[range(0, 2)])
print(3 in range(5), 3.0 in range(5), 2.5 in range(5), "a" in range(5), True in range(2), None in range(1), 4 in range(0, 10, 3), range(5).index(3), range(0, 10, 3).index(6), range(5).count(2.0), range(10, 0, -2).index(4))
r = range(5)
for f in (lambda: r[5], lambda: r[-6], lambda: r["a"], lambda: r[1.0], lambda: r.index(9), lambda: r.index("x"), lambda: range(0, 5, 0), lambda: range(), lambda: range(1, 2, 3, 4), lambda: range(1.5), lambda: range("5"), lambda: range(None), lambda: range(1, 2, 1.0), lambda: r < range(6), lambda: r + r, lambda: r[::0], lambda: setattr(r, "start", 1), lambda: r.x, lambda: range(stop=5), lambda: next(r), lambda: range(5)(1) if False else range(5).index()):
    err(f)
it = iter(range(3))
print(next(it), it.__length_hint__(), list(it), next(it, "end"), type(it).__name__, type(iter(big)).__name__, next(iter(big)))
print([i for i in range(10**20, 10**20 + 3)], list(range(3, -1, -1)), [*range(2), *range(2)], tuple(range(True)), max(range(7)), min(range(3, 9)), sorted(range(5), reverse=True), list(map(lambda x, y: x * y, range(4), range(4))), list(zip(range(2), range(5, 9))))
class I:
    def __index__(self):
        return 4
print(range(I()), list(range(I()))[I() - 3 if False else 2], range(I(), 20, I()), range(9)[I()], I() in range(9))
n = 0
for i in range(3):
    for j in range(i, 3):
        if j == 2 and i == 1:
            continue
        n += i * 10 + j
    else:
        n += 100
print(n, i, j)
for i in range(0):
    pass
else:
    print("else of nothing", i)
for i in range(3):
    i = i * 10
    print(i, end=" ")
print(range(2**63 - 2, 2**63 + 2), list(range(2**63 - 2, 2**63 + 2)), range(-(2**63) - 1, -(2**63) + 1)[0], len(range(-(2**61), 2**61)), range(5)[slice(1, 3)], range(10)[-3:][0], repr(range(1, 5, 1)), str(range(1, 5, 2)))
