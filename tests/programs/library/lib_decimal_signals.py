# Each signal: noted as a flag, or raised as an exception; and what the exceptions are.
import decimal
from decimal import *

SIGNALS = [Clamped, InvalidOperation, DivisionByZero, Inexact, Rounded, Subnormal, Overflow, Underflow, FloatOperation]


def shown(call):
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__} {error}"


CASES = {
    "clamped": lambda: Decimal("0E-9999999") + 0,
    "folded": lambda: Context(prec=5, Emax=9, Emin=-9, clamp=1, traps=[]).create_decimal("1E9"),
    "syntax": lambda: Decimal("1.2.3"),
    "no room for a nan": lambda: getcontext().create_decimal("NaN" + "1" * 40),
    "impossible": lambda: Decimal(10) ** 40 // 3,
    "undefined": lambda: Decimal(0) / 0,
    "by zero": lambda: Decimal(-1) / 0,
    "logarithm of zero": lambda: Decimal(0).logb(),
    "inexact": lambda: Decimal(1) / 3,
    "rounded": lambda: Decimal("1.0000000000000000000000000000000"),
    "plus rounded": lambda: +Decimal("1.0000000000000000000000000000000"),
    "subnormal": lambda: Decimal("1E-1000000") * 1,
    "underflow": lambda: Decimal("1E-1000020") * Decimal("0.000000001"),
    "overflow": lambda: Decimal("9E999999") * 10,
    "negative overflow": lambda: Decimal("-9E999999") * 10,
    "signaling": lambda: Decimal("sNaN12") + 1,
    "quiet": lambda: Decimal("NaN12") + 1,
    "order of nan": lambda: Decimal("NaN") < 1,
    "equality of nan": lambda: Decimal("NaN") == 1,
    "equality of snan": lambda: Decimal("sNaN") == 1,
    "inf minus inf": lambda: Decimal("Inf") - Decimal("Inf"),
    "root": lambda: Decimal(-1).sqrt(),
    "float": lambda: Decimal(0.5),
    "compared float": lambda: Decimal(1) < 0.5,
    "equal float": lambda: Decimal(1) == 1.0,
    "created float": lambda: getcontext().create_decimal(0.1),
    "from_float": lambda: Decimal.from_float(0.1),
    "quantize": lambda: Decimal("123.456").quantize(Decimal("1E-40")),
    "power": lambda: Decimal(0) ** 0,
    "modulo": lambda: pow(Decimal(3), 2, 0),
}

for name, case in CASES.items():
    setcontext(Context(prec=28, traps=[]))
    result = shown(case)
    print(name, result, [signal.__name__ for signal, seen in getcontext().flags.items() if seen])
    for signal in SIGNALS:
        setcontext(Context(prec=28, traps=[signal]))
        raised = shown(case)
        if raised != result:
            print("   ", signal.__name__, raised)

for signal in [DecimalException, *SIGNALS, decimal.ConversionSyntax, decimal.DivisionImpossible, decimal.DivisionUndefined, decimal.InvalidContext]:
    print(signal.__module__, [base.__name__ for base in signal.__mro__])

# Overflow, by the way of rounding.
for rounding in [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]:
    with localcontext(Context(prec=3, Emax=5, Emin=-5, rounding=rounding, traps=[])) as context:
        numbers = ["9.999E5", "-9.999E5", "1.2345", "-1.2345", "1.235", "1.245", "1.2051", "1.2001", "1.0E-8", "9.95E-8", "0.5E-7"]
        print(rounding, *[+Decimal(number) for number in numbers], context.flags[Overflow], context.flags[Underflow])
