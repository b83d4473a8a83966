# float arithmetic, divmod, round, int/float mixing, power.
import math


def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


for a, b in ((7.5, 2), (-7.5, 2), (7.5, -2), (-7.5, -2), (1e20, 3), (0.3, 0.1), (-0.3, 0.1), (5.0, math.inf), (-5.0, math.inf), (0.0, -3.0), (-0.0, 3.0), (1, 0.1), (10**18, 7.0)):
    print(a, b, a + b, a - b, a * b, a / b, a // b, a % b, divmod(a, b))
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: divmod(1.0, 0.0), lambda: 0.0**-1, lambda: 1e300 * 1e10, lambda: 1e200**2, lambda: 10.0**400, lambda: 2**0.5, lambda: (-8) ** (1 / 3), lambda: (-2.0) ** 2, lambda: (-2.0) ** 3, lambda: 2.0**-2, lambda: 10**400 * 1.0, lambda: 10**400 + 0.5, lambda: 1.5 + "x", lambda: 1.5 << 1, lambda: [] * 1.5, lambda: 1.0 @ 2.0):
    err(f)
print(0.0**0, math.nan**0, 1.0**math.nan, math.inf**-1, (-math.inf) ** 3, (-math.inf) ** 2, 0.5**math.inf, (-1) ** 0.5)
for x in (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1234.5678, -1234.5678, 1e20, 0.05, 1e-10):
    print(x, round(x), round(x, 1), round(x, 2), round(x, -1), round(x, 0), int(x), math.floor(x), math.ceil(x), math.trunc(x))
print(round(5e15 + 0.5), round(1e300, -299), round(1.5, 400), round(1.5, -400), round(123, -1), round(125, -1), round(135, -1), round(-125, -1), round(12345678901234567890, -5), round(7, 3))
err(round, math.nan)
err(round, math.inf)
err(round, "a")
err(round, 1.5, "a")
err(round, 1.5, 1.0)
print(round(math.nan, 2), round(math.inf, 2), round(1.5, None), type(round(2.0)).__name__, type(round(2.0, 0)).__name__)
err(math.floor, math.inf)
err(math.trunc, math.nan)
s = 0.0
for i in range(10):
    s += 0.1
print(s, sum([0.1] * 10), math.fsum([0.1] * 10), s == 1.0)
print(sum([1e16, 1.0, -1e16]), sum([1, 0.5, 2]), sum([10**30, 0.5]), sum([0.1] * 3, 0.0))
x = 1.0
for i in range(1100):
    x /= 2
print(x, 2.0**-1074, 2.0**-1075, 1.5 * 2.0**-1074)
print(abs(-0.0), -0.0 == 0.0, str(-0.0 + 0.0), 0.0 * -1, math.copysign(1, -0.0), -0.0 or "falsy", bool(math.nan), bool(5e-324))
print(max(1, 1.0), max(1.0, 1), min(math.nan, 1), min(1, math.nan), sorted([2.5, -1, 1e3, 10, 0.1]))
print(1e308 + 1e308, -1e308 * 10, 1e-320 / 1e10, 3.0 .__add__(1), (3.0).__radd__(2), (2.0).__mul__("x"), (1.5).__eq__(1), (1.5).__eq__("x"))
print((3.7).real, (3.7).imag, (3.7).conjugate(), (2.0).__trunc__(), (2.5).__floor__(), (2.5).__ceil__(), (2.5).__round__())
for a in (1, 2.5, True):
    for b in (2, 0.5, False):
        print(a < b, a <= b, a == b, a >= b, a > b, a != b, type(a + b).__name__, type(a * b).__name__)
