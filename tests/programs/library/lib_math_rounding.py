"""Rounding to ints: floats, ints, and types that answer themselves."""
import math

for x in (0.0, -0.0, 0.5, -0.5, 1.9999, -1.9999, 2**52 + 0.5, 1e20, -1e20, 9.3e18, -9.3e18, 2.0**62, 2.0**63, -2.0**63, 1e308, True, -7, 10**30):
    print(x, math.floor(x), math.ceil(x), math.trunc(x), type(math.floor(x)))


class Both:
    def __floor__(self):
        return 'down'

    def __ceil__(self):
        return 'up'

    def __trunc__(self):
        return 'in'


class OnlyFloat:
    def __float__(self):
        return 2.5


class OnlyIndex:
    def __index__(self):
        return 7


class OnlyInt:
    def __int__(self):
        return 7


class MyFloat(float):
    def __floor__(self):
        return 'my floor'

    def __trunc__(self):
        return 'my trunc'


class MyInt(int):
    def __ceil__(self):
        return 'my ceil'


class Raises:
    def __floor__(self):
        raise KeyError('floor')

    @property
    def __ceil__(self):
        raise ValueError('ceil')

    __trunc__ = None


class OnInstance:
    pass


on_instance = OnInstance()
on_instance.__floor__ = lambda: 3
for x in (Both(), OnlyFloat(), OnlyIndex(), OnlyInt(), MyFloat(3.5), MyInt(3), Raises(), on_instance, 'text', None, 1j, [1]):
    for function in (math.floor, math.ceil, math.trunc):
        try:
            print(type(x).__name__, function.__name__, repr(function(x)))
        except Exception as e:
            print(type(x).__name__, function.__name__, type(e).__name__, e)
a = 10**40
print(math.floor(a) is a, math.ceil(a) is a, math.trunc(a) == a, math.floor(True) is True, math.floor(True) == 1)


# What a float is asked by.
class Float:
    def __init__(self, answer):
        self.answer = answer

    def __float__(self):
        return self.answer


for answer in (1, 'x', None, 4.0, True):
    for function in (math.sqrt, math.isnan, math.degrees, math.frexp, math.log, math.log2):
        try:
            print(function.__name__, answer, function(Float(answer)))
        except Exception as e:
            print(function.__name__, answer, type(e).__name__, e)
print(math.sqrt(OnlyIndex()), math.log(OnlyIndex()), math.sqrt(10**300), math.atan2(OnlyIndex(), OnlyFloat()), math.log(OnlyFloat(), OnlyIndex()))
