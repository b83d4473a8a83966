"""Functions of floats over a grid of values, special ones among them."""
import math

VALUES = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.0, 2.5, -2.5, 3.0, -3, 10, 45.0, 1e-5, -1e-5, 1e-308, 5e-324, -5e-324,
          1e16, -1e16, 1e22, 1.7976931348623157e308, -1.7976931348623157e308, math.inf, -math.inf, math.nan, True, 7, 2**60,
          -2**63, 2**64, 10**30, 10**309]


def shown(x):
    if isinstance(x, float):
        return f'{x:.12g}'
    if isinstance(x, tuple):
        return '(' + ', '.join(map(shown, x)) + ')'
    return repr(x)


def ask(function, *args, **names):
    try:
        return shown(function(*args, **names))
    except (ValueError, OverflowError, TypeError, ZeroDivisionError) as e:
        return f'{type(e).__name__}: {e}'


ONE = ['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cbrt', 'ceil', 'cos', 'cosh', 'degrees', 'erf', 'erfc', 'exp', 'exp2',
       'expm1', 'fabs', 'floor', 'frexp', 'gamma', 'isfinite', 'isinf', 'isnan', 'lgamma', 'log', 'log10', 'log1p', 'log2',
       'modf', 'radians', 'sin', 'sinh', 'sqrt', 'tan', 'tanh', 'trunc', 'ulp']
TWO = ['atan2', 'copysign', 'fmod', 'isclose', 'log', 'nextafter', 'pow', 'remainder', 'hypot']
for name in ONE:
    function = getattr(math, name)
    print(name)
    for x in VALUES:
        if name in ('sin', 'cos', 'tan') and isinstance(x, (int, float)) and 1e15 < abs(x) < 10**308:
            continue
        print('   ', x if x != 10**309 else '10**309', ask(function, x))
FEW = [0.0, -0.0, 1.0, -1.0, 2.5, -3.0, 0.1, 1e300, -1e300, 5e-324, math.inf, -math.inf, math.nan, 3, -2]
for name in TWO:
    function = getattr(math, name)
    print(name)
    for x in FEW:
        print('   ', x, [ask(function, x, y) for y in FEW])
for x in FEW:
    print('fma', x, [ask(math.fma, x, y, z) for y in (0.0, 2.0, 1e300, math.inf) for z in (1.0, -math.inf, math.nan)])
    print('ldexp', x, [ask(math.ldexp, x, n) for n in (0, 1, -1, 100, -100, 1023, 1024, -1074, -1080, 10**20, -10**20, True)])
    print('nextafter', x, [math.nextafter(x, y, steps=n) for y in (0, 1, math.inf) for n in (0, 1, 2, 10**15, 2**63, 2**64, 10**40)])
# What is lost by rounding twice, and at the smallest floats.
print(math.fma(0.1, 10.0, -1.0), 0.1 * 10.0 - 1.0)
print(math.ldexp(0.75, -1074), math.ldexp(0.5, -1074), math.ldexp(1.5, -1074), math.ldexp(0.7500001, -1074))
print(math.ldexp(6993274598585239, -1126), math.ldexp(8991, -1083))
for x in (5e-324, 1e-310, 2.0**-1022, 0.1, 1e300):
    m, e = math.frexp(x)
    print(m, e, math.ldexp(m, e) == x)
print(math.log(10**400), math.log2(2**5000), math.log10(10**1000), math.log2(2**5000 - 1), math.log(2**1024), math.log(2**1024 - 1))
print(math.log(3, 10**400), math.log(10**500, 3.0), math.log2(2**1023 + 2**960), math.log10(2**64 * 10**300))
for n in (1023, 1024, 1025, 1088, 2000):
    print(n, math.log2(2**n), math.log2(2**n - 1), math.log2(-(-2**n) + 2**(n - 53)), math.log2(2**n + 2**(n - 60) + 1))
print(math.isclose(1, 1 + 1e-9), math.isclose(1, 1 + 2e-9), math.isclose(0, 1e-20), math.isclose(0, 1e-20, abs_tol=1e-19))
print(math.isclose(math.inf, math.inf), math.isclose(math.inf, -math.inf), math.isclose(math.inf, 1e308, rel_tol=2.0))
