"""Results of set operators in order, slices and their deaths, attributes that go."""
import random

random.seed(5)
for size in (0, 3, 5, 8, 30, 200, 3000):
    a = {random.randrange(size * 3 + 1) for _ in range(size)}
    b = {random.randrange(size * 3 + 1) for _ in range(size)}
    for x in list(a)[::3]:
        a.discard(x)
    results = [a | b, a & b, a - b, a ^ b, b - a, b | a, frozenset(a) | b]
    print(size, [hash(tuple(r)) for r in results], a <= b, a & b <= b, a < a | b, a | b >= b, a == set(list(a)))
mixed = {1, 1.5, "a", (1, 2), None, frozenset({3})}
print(mixed - {1.0, "a"} == {1.5, (1, 2), None, frozenset({3})}, {True} & {1, 2}, {1.0} | {1}, {float("nan")} <= {1})


class Odd:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 7

    def __eq__(self, other):
        return isinstance(other, Odd) and self.n == other.n


odd = [Odd(i) for i in range(5)]
print(len({*odd[:3]} & {*odd[1:]}), len({*odd[:3]} - {Odd(1)}), {Odd(1)} <= {*odd}, {Odd(9)} <= {*odd})


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print(self.n, end=" ")


for cut in (slice(1, 4), slice(None, None, -1), slice(None, None, 2), slice(5, 1, -2)):
    l = [D(i) if i % 3 else i for i in range(7)]
    del l[cut]
    print("|", len(l), end=" ")
    del l
    print()
t = tuple([i * 1000 for i in range(40)] + [[]])
print(t[3:7], t[:20][-1], len(t[5:]), t[-1:], [0.5] * 3, ([1, 2] * 20)[-2:], [[]] * 2)
first, *rest, last = t
print(first, len(rest), last, (lambda a, *b: b)(*t[:3]))
*head, tail = "text"
print(head, tail)


class P:
    def __init__(self):
        self.a, self.b, self.c, self.d = 1, [2], "c", 4.5


for name in "abcd":
    p = P()
    delattr(p, name)
    print(vars(p), hasattr(p, name))
    setattr(p, name, "again")
    print(list(vars(p)))
p = P()
del p.b
p.e = p.f = 0
del p.a
print(p.c, p.d, p.e, sorted(vars(p)))
try:
    del p.a
except AttributeError as e:
    print(e)
print(sorted([3.5, -1.0, 2.0, -0.0, 0.0, 1e300], reverse=True), sorted([3, 1, 2, 1], reverse=True), sorted("bca", key=ord))
print(sorted([(i % 3, -i) for i in range(9)]), sorted(range(9), key=lambda i: i % 3, reverse=True), sorted([2.5, 1.5][::-1]))
print(7.5 // 2.0, -7.5 // 2.0, 7.5 % -2.0, -0.0 % 3.0, 2.5**3.5, (-2.0) ** 3.0, 5.0 // -0.3)
