# Arithmetic: operators with ints, floats and fractions, methods of numbers and of contexts, small and large coefficients.
import copy
import math
import pickle
from decimal import *
from fractions import Fraction


def shown(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


NUMBERS = ["0", "-0.00", "1", "-1.50", "7E+3", "0.001", "12345678901234567890", "9" * 28, "9" * 29, "-" + "9" * 38, "1" + "0" * 38, "3." + "14159" * 20,
           "1E-30", "Infinity", "-Infinity", "NaN", "sNaN5"]
OPERATORS = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b, "//": lambda a, b: a // b,
    "%": lambda a, b: a % b, "divmod": divmod, "**": lambda a, b: a ** b,
}

setcontext(Context(prec=28, traps=[]))
for name, operator in OPERATORS.items():
    for a in NUMBERS:
        print(name, a[:20], *[shown(operator, Decimal(a), Decimal(b)) for b in NUMBERS if name != "**" or len(b) < 8])

UNARY = ["exp", "ln", "log10", "logb", "sqrt", "normalize", "next_plus", "next_minus", "number_class", "to_integral_value", "to_eng_string", "logical_invert",
         "as_tuple", "adjusted", "is_normal", "is_subnormal", "is_signed", "is_snan"]
for name in UNARY:
    print(name, *[shown(getattr(Decimal(a), name)) for a in NUMBERS])
BINARY = ["compare", "compare_signal", "compare_total", "compare_total_mag", "copy_sign", "max", "min", "max_mag", "min_mag", "next_toward", "quantize",
          "remainder_near", "rotate", "scaleb", "shift", "same_quantum", "logical_and", "logical_or", "logical_xor"]
for name in BINARY:
    print(name, *[shown(getattr(Decimal(a), name), Decimal(b)) for a in NUMBERS[1::3] for b in ("2", "-1", "0.01", "1.1", "NaN")])
print(Decimal(2).fma(3, 4), Decimal("1E20").fma(Decimal("1E20"), -1), pow(Decimal(3), 100, 7), pow(3, Decimal(5), 7), shown(pow, Decimal(3), -1, 7))

setcontext(Context())
# Other numbers.
half = Decimal("0.5")
print(half == 0.5, half == Fraction(1, 2), Fraction(1, 2) == half, half < Fraction(2, 3), Fraction(2, 3) > half, half == 0.5 + 0j, half != 1j, 1 > half, half >= True)
print(hash(half) == hash(0.5) == hash(Fraction(1, 2)), hash(Decimal(10) ** 30) == hash(10 ** 30), hash(Decimal("-Infinity")) == hash(-math.inf))
for text in ("1E+1000", "-1E-1000", "123.456", "-1", "0E+5", "1E+18"):
    number = Decimal(text)
    assert text in ("1E+1000", "-1E-1000") or hash(number) == hash(Fraction(text)), text
    print(text, hash(number), shown(number.as_integer_ratio) if number.adjusted() > -30 and number.adjusted() < 30 else "")
print(half + 1, 1 - half, 3 * half, 1 / half, 7 // half, 7 % Decimal(4), divmod(7, Decimal(4)), 2 ** Decimal(3), True + half)
for other in (1.5, "1", None, Fraction(1, 3), 1j):
    print(shown(lambda: half + other), "|", shown(lambda: other * half), "|", shown(lambda: half < other))
print(int(Decimal("-7.9")), math.trunc(Decimal("-7.9")), math.floor(Decimal("-7.1")), math.ceil(Decimal("-7.9")), round(Decimal("2.5")), round(Decimal("3.5")),
      round(Decimal("2.675"), 2), round(Decimal("1234"), -2), float(Decimal("0.1")), complex(half), bool(Decimal("0E5")), abs(Decimal("-3")))
for call in (int, float, round, hash, Decimal.as_integer_ratio):
    print(call.__name__, *[shown(call, Decimal(a)) for a in ("Infinity", "sNaN")])

# Making them.
for value in ("  12.5_0 ", "1__2", "\u0663.\u0661", "", ".", "e5", "1e", "+.5E-3", "inf", "-iNfInItY", "snan007", "nan x", 10 ** 50, -0.0, 1e-5, math.inf, math.nan, True,
              (1, (1, 2, 3), -2), [0, [4, 5], "F"], (0, (1,), "n"), (1, (), "N"), (0, (), 3), (2, (1,), 0), (0, (10,), 0), (0, (1,), "x"), (0, 1), (0, "12", 3), None, 1j,
              (0, (1,), 1.5), Fraction(1, 2)):
    print(repr(value), "->", repr(shown(Decimal, value)))
print(Decimal(), Decimal("1E+999999999999999999"), shown(Decimal, "1E+1000000000000000000"), shown(Decimal, "1E-1999999999999999998"), Decimal("0E-1999999999999999997"))


class Money(Decimal):
    def __new__(cls, value, unit="EUR"):
        made = super().__new__(cls, value)
        made.unit = unit
        return made


money = Money("1.50")
print(repr(money), money.unit, type(money + 1).__name__, type(Money.from_float(2.5)).__name__, type(Money.from_number(3)).__name__, type(copy.copy(money)).__name__)
print(pickle.loads(pickle.dumps(money)), copy.deepcopy(half) is half, Decimal(half) is half, half.real is half, half.imag, half.conjugate() is half, half.radix())
print(Decimal.from_number(0.1), shown(Decimal.from_number, "1"), shown(Decimal.from_float, "1"), half.__reduce__())

# Many digits.
with localcontext(prec=1000) as context:
    third = Decimal(1) / 3
    print(hash(third), len(str(third)), hash((third * 3).as_tuple()), (Decimal(2).sqrt() ** 2).quantize(Decimal("1E-990")) == 2)
    print(hash(Decimal(2).exp()), hash(Decimal(2).ln()), hash(Decimal(2).log10()), hash(Decimal("1.1") ** Decimal("2.5")), hash(Decimal(7) ** 1000))
    big = Decimal(7) ** 500
    print(hash(big), big.sqrt(), hash(big / 3), hash(big % 10 ** 100), str(big)[:20], len(repr(big)), big == 7 ** 500, int(big) == 7 ** 500, -big < big)
