"""Functions of ints: factorials, binomials, divisors, roots, of small and large ones."""
import math

print([math.factorial(n) for n in range(40)])
for n in (100, 127, 128, 1000, 5000):
    f = math.factorial(n)
    print(n, f.bit_length(), f % 1000000007, hash(f))
print([[math.comb(n, k) for k in range(n + 2)] for n in range(10)])
print([[math.perm(n, k) for k in range(n + 2)] for n in range(8)])
for n, k in ((60, 30), (64, 32), (66, 33), (67, 33), (68, 34), (100, 50), (127, 63), (130, 65), (1000, 3), (1000, 998), (2**40, 3),
             (2**62, 2), (2**63 - 1, 1), (2**63, 2), (10**30, 5), (10**30, 10**30 - 2), (2**63, 2**63), (500, 250)):
    print(n, k, math.comb(n, k))
    if k < 100:
        print('   ', math.perm(n, k))
for n in (1, 2, 5, 20, 62, 63, 64, 65, 200):
    total = sum(math.comb(n, k) for k in range(n + 1))
    print(n, total == 2**n)
print(math.perm(10), math.perm(10, None), math.perm(0), math.perm(2**70, 0), math.comb(2**70, 0), math.comb(0, 0))

print(math.gcd(), math.gcd(0), math.gcd(-5), math.gcd(0, 0, 7), math.gcd(12, 18, 30), math.gcd(-12, 18), math.gcd(True, 5))
print(math.gcd(2**63, 2**64), math.gcd(-2**63, 0), math.gcd(-2**63), math.gcd(2**200 * 3, 2**190 * 9), math.gcd(3**300, 6))
print(math.gcd(3**500 * 7**200, 7**300 * 2**1000) == 7**200, math.gcd(10**500, 0) == 10**500, math.gcd(0, -10**500) == 10**500)
print(math.lcm(), math.lcm(0), math.lcm(-5), math.lcm(4, 6), math.lcm(4, 6, 0, 10**50), math.lcm(-3, 7), math.lcm(2**62, 3))
print(math.lcm(2**63, 2**64), math.lcm(3**50, 5**30), math.lcm(*range(1, 60)), math.lcm(10**40, 6), math.lcm(6, -10**40))
print(math.lcm(2**64 - 1, 2**64 - 3), math.lcm(-2**63, 3), math.lcm(-2**63))
print([math.isqrt(n) for n in range(30)])
for n in (2**52, 2**53 - 1, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**30, 10**40 - 1, 3**400):
    r = math.isqrt(n)
    print(r, r * r <= n < (r + 1) * (r + 1))
# Results are the least form of ints: they hash and compare as others do.
print(math.isqrt(10**40) == 10**20, hash(math.isqrt(10**40)) == hash(10**20), {math.comb(5, 2): 1}[10], math.gcd(2**100, 8) is not None)


class Whole(int):
    def __index__(self):
        return 1


class Indexed:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        if isinstance(self.n, Exception):
            raise self.n
        return self.n


print(math.gcd(Whole(12), 18), math.isqrt(Whole(17)), math.factorial(Whole(5)), math.comb(Whole(5), Whole(2)), type(math.gcd(Whole(7))))
print(math.gcd(Indexed(12), Indexed(10**30)), math.isqrt(Indexed(17)), math.factorial(Indexed(5)), math.comb(Indexed(5), Indexed(2)))
print(math.perm(Indexed(5), Indexed(2)), math.lcm(Indexed(4), Indexed(6)), math.ldexp(1.0, Whole(3)))
for call in (lambda: math.gcd(Indexed(ValueError('no'))), lambda: math.comb(3, Indexed(KeyError('k'))), lambda: math.isqrt(Indexed('x')),
             lambda: math.factorial(Indexed(2.0)), lambda: math.ldexp(1.0, Indexed(2)), lambda: math.gcd(1, Indexed(None)),
             lambda: math.comb(-1, Indexed(KeyError('k'))), lambda: math.nextafter(0, 1, steps=Indexed(RuntimeError('steps')))):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
print(math.nextafter(0.0, 1.0, steps=Indexed(3)))
