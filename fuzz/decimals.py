#!/usr/bin/env python3
"""Print what decimal arithmetic does: random operations on random numbers in random contexts, by seed.

    python3.14 fuzz/decimals.py 1 2000 > a; target/release/ryokan fuzz/decimals.py 1 2000 > b; diff a b

prints seeds 1 to 2000. Everything is drawn from a generator of its own, so that any Python prints the same.
"""

import sys
from decimal import *
from fractions import Fraction


class Choices:
    def __init__(self, seed):
        self.state = (seed * 2862933555777941757 + 3037000493) & 0xFFFFFFFFFFFFFFFF
        for _ in range(4):
            self.below(2)

    def below(self, count):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) % count

    def one(self, items):
        return items[self.below(len(items))]


SIGNALS = [Clamped, InvalidOperation, DivisionByZero, Inexact, Rounded, Subnormal, Overflow, Underflow, FloatOperation]
ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
UNARY = ["exp", "ln", "log10", "logb", "logical_invert", "next_minus", "next_plus", "normalize", "sqrt", "number_class", "to_integral_value",
         "to_integral_exact", "is_normal", "is_subnormal", "to_eng_string", "copy_abs", "copy_negate", "is_signed", "is_zero"]
BINARY = ["compare", "compare_signal", "compare_total", "compare_total_mag", "copy_sign", "max", "max_mag", "min", "min_mag", "next_toward",
          "quantize", "remainder_near", "logical_and", "logical_or", "logical_xor", "rotate", "scaleb", "shift", "same_quantum"]
OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "divmod": divmod,
    "**": lambda a, b: a ** b,
    "<": lambda a, b: a < b,
    "==": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
}
SINGLE = {
    "-": lambda a: -a,
    "+": lambda a: +a,
    "abs": abs,
    "hash": lambda a: hash(a) if not a.is_nan() else a.is_snan() and hash(a),
    "int": int,
    "round": round,
    "float": float,
    "bool": bool,
    "tuple": lambda a: a.as_tuple(),
    "ratio": lambda a: a.as_integer_ratio(),
    "adjusted": lambda a: a.adjusted(),
    "ceil": lambda a: a.__ceil__(),
    "floor": lambda a: a.__floor__(),
}


def digits(choices):
    kind = choices.below(8)
    count = choices.one([1, 1, 2, 3, 5, 8, 9, 10, 16, 19, 20, 28, 29, 37, 38, 39, 40, 57, 77, 120]) if kind else choices.below(400) + 1
    style = choices.below(6)
    if style == 0:
        text = "9" * count
    elif style == 1:
        text = "1" + "0" * (count - 1)
    elif style == 2:
        text = "".join(choices.one("01") for _ in range(count))
    elif style == 3:
        text = "".join(choices.one("0123456789") for _ in range(count // 2)) + choices.one(["5", "50", "49", "51", "0", "9"]) + choices.one("0059") * (count // 3)
    else:
        text = "".join(choices.one("0123456789") for _ in range(count))
    return text or "0"


def text(choices, small):
    sign = choices.one(["", "", "", "-", "+"])
    kind = choices.below(24)
    if kind == 0:
        return sign + choices.one(["Infinity", "inf", "NaN", "nan123", "sNaN", "snan7", "NaN" + "8" * choices.below(40), "0", "0E-9", "0E+7", "0.000", "1", "1.000", "0E+99999"])
    number = digits(choices)
    if choices.below(2):
        at = choices.below(len(number) + 1)
        number = number[:at] + "." + number[at:]
    if choices.below(3) == 0:
        return sign + number
    reach = choices.one([3, 10, 40] if small else [3, 10, 40, 100, 1000])
    exponent = choices.below(2 * reach + 1) - reach
    return f"{sign}{number}{choices.one('eE')}{exponent:+d}"


def context(choices):
    prec = choices.one([1, 2, 3, 5, 7, 9, 16, 19, 28, 28, 28, 37, 38, 39, 50, 100])
    emax = choices.one([0, 1, 9, 99, 999, 999999, 999999, MAX_EMAX])
    emin = -choices.one([0, 1, 9, 99, 999, 999999, 999999, MAX_EMAX])
    return Context(prec=prec, rounding=choices.one(ROUNDINGS), Emin=emin, Emax=emax, capitals=choices.below(2), clamp=int(choices.below(4) == 0),
                   flags=[], traps=[signal for signal in SIGNALS if choices.below(14) == 0])


def spec(choices):
    parts = [choices.one(["", "", "x", "<", " ", "é"]), "", choices.one(["", "", "+", "-", " "]), choices.one(["", "", "z"]), choices.one(["", "", "", "#"]),
             choices.one(["", "", "0"]), choices.one(["", "", "7", "20", "33"]), choices.one(["", "", ",", "_"]),
             choices.one(["", "", ".0", ".1", ".3", ".7", ".20", ".4_", "._", "."]), choices.one(["", "e", "E", "f", "F", "g", "G", "%", "n", "d"])]
    parts[1] = choices.one("<>=^") if parts[0] else choices.one(["", "", "<", ">", "=", "^"])
    return "".join(parts)


def shown(call):
    try:
        result = call()
        return repr(result)
    except (ArithmeticError, ValueError, TypeError) as error:
        return f"{type(error).__name__} {error}"


def operation(choices, current):
    kind = choices.below(20)
    small = kind >= 16
    a, b, c = (Decimal(text(choices, small)) for _ in range(3))
    if kind < 3:
        name = choices.one(UNARY)
        return f"{a!r}.{name}()", lambda: getattr(a, name)()
    if kind < 8:
        name = choices.one(BINARY)
        if choices.below(3) == 0:
            b = Decimal(choices.below(60) - 30)
        return f"{a!r}.{name}({b!r})", lambda: getattr(a, name)(b)
    if kind < 9:
        return f"{a!r}.fma({b!r}, {c!r})", lambda: a.fma(b, c)
    if kind < 10:
        name = choices.one(list(SINGLE))
        if name in ("int", "round", "ratio", "ceil", "floor") and a.is_finite() and a.adjusted() > 2000:
            a = Decimal(1)
        return f"{name}({a!r})", lambda: SINGLE[name](a)
    if kind < 11:
        source = text(choices, False)
        return f"create_decimal({source!r})", lambda: current.create_decimal(source)
    if kind < 13:
        format_spec = spec(choices)
        return f"format({a!r}, {format_spec!r})", lambda: format(a, format_spec)
    if kind < 14:
        other = choices.one([choices.below(10**6) - 5 * 10**5, choices.below(10**6) / 64, Fraction(choices.below(100), 7), choices.below(10**6) * 10**30, True])
        name = choices.one(list(OPERATORS))
        if name == "**":
            other = choices.below(30) - 15
        return f"{a!r} {name} {other!r}", lambda: OPERATORS[name](a, other) if choices.state & 1 else OPERATORS[name](other, a)
    if kind < 15:
        x, y, z = (Decimal(choices.below(10**choices.below(12) + 1) - 3) for _ in range(3))
        return f"pow({x}, {y}, {z})", lambda: pow(x, y, z)
    name = choices.one(list(OPERATORS))
    if name == "**" and choices.below(3):
        b = Decimal(choices.below(200) - 100) if choices.below(2) else Decimal(choices.below(2000) - 1000) / 8
    return f"{a!r} {name} {b!r}", lambda: OPERATORS[name](a, b)


def main():
    first, last = int(sys.argv[1]), int(sys.argv[2])
    for seed in range(first, last + 1):
        choices = Choices(seed)
        setcontext(Context(prec=500, traps=[]))
        current = context(choices)
        what, call = operation(choices, current)
        setcontext(current)
        if seed % 4:
            # What comes next finds the context by the short way.
            getcontext()
        result = shown(call)
        after = repr(current)
        setcontext(Context(prec=500, traps=[]))
        print(seed, what, "->", result, after)


main()
