# Texts and formats.
from decimal import *


def shown(call, *args):
    try:
        return repr(call(*args))
    except (ValueError, TypeError, OverflowError) as error:
        return f"{type(error).__name__}: {error}"


NUMBERS = ["0", "-0.0", "0E-7", "0E+3", "1.5", "-1234567.891", "1E+5", "123E-10", "999.995", "1E-400", "Infinity", "-NaN12", "sNaN", "1234567890123456789012345678901234567890.5"]
SPECS = ["", "e", "E", "f", "F", "g", "G", "n", "%", ".0f", ".2f", ".3e", ".0e", ".3g", ".0g", ".1%", "+", " ", "-", "+.1f", "010", "<10", ">10", "^10", "=10", "*^+12.2f", "é>9",
         "012,.1f", "020,", "021,", "022,", ",", "_", ",.3f", "_.2e", "z", "z.0f", "#", "#.0f", "#g", ".4_f", "._f", ",.4,f", "+z020,.2f", "é=+11"]
for spec in SPECS:
    print(repr(spec), *[shown(format, Decimal(number), spec) if number != "1E-400" or "f" not in spec else "" for number in NUMBERS])
for spec in ("q", "d", ".", "<010", "x=010", ",n", "1.5", "..2f", "+-", "0x", "s", "ff", ",,", "99999999999999999999", ".99999999999999999999f", "\0<9", "x"):
    print(repr(spec), shown(format, Decimal("1.5"), spec))
for by in ({}, {"decimal_point": ","}, {"decimal_point": ",", "thousands_sep": ".", "grouping": "\3\2"}, {"thousands_sep": "é", "grouping": "\3"}, {"thousands_sep": "'", "grouping": "\2\x7f"},
           {"decimal_point": ""}, {"decimal_point": "abcde"}, {"thousands_sep": "abcde"}, {"grouping": "\xff"}, {"decimal_point": 1}, []):
    print(by, *[shown(Decimal("123456789.25").__format__, spec, by) for spec in ("n", "f", "020n", ".1f")])
print(shown(Decimal(1).__format__, 1), f"{Decimal('1.25'):.1f}", f"{Decimal('1.35'):.1f}", "{:>8}".format(Decimal("-3")), "%s" % Decimal("1E+9"))
with localcontext() as context:
    context.capitals, context.rounding = 0, ROUND_UP
    print(Decimal("1E+9"), repr(Decimal("1E+9")), f"{Decimal('1E+9')}", f"{Decimal('1.21'):.1f}", Decimal("1E+9").to_eng_string(), f"{Decimal('1E+9'):G}")
for exponent in range(-12, 8):
    number = Decimal((1, (1, 2, 3), exponent))
    print(number, number.to_eng_string(), Decimal((0, (0,), exponent)), Decimal((0, (0,), exponent)).to_eng_string(), repr(number.normalize()))
