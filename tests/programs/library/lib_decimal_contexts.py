# Contexts: their values and the bounds of these, flags and traps, the current one, contexts that are shared, pickled, given to methods.
import contextvars
import copy
import pickle
import threading
from decimal import *


def shown(call, *args, **names):
    try:
        return call(*args, **names)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(DefaultContext, BasicContext, ExtendedContext, sep="\n")
print(MAX_PREC, MAX_EMAX, MIN_EMIN, MIN_ETINY, HAVE_THREADS, HAVE_CONTEXTVAR)
context = Context(prec=5, rounding=ROUND_DOWN, Emin=-10, Emax=10, capitals=0, clamp=1, flags=[Inexact], traps=[Overflow, InvalidOperation])
print(context, context.Etiny(), context.Etop(), context.radix())
for name, values in {
    "prec": [0, 1, MAX_PREC, MAX_PREC + 1, 10 ** 30, "5", None], "Emin": [1, 0, MIN_EMIN, MIN_EMIN - 1, 1.5], "Emax": [-1, 0, MAX_EMAX, MAX_EMAX + 1],
    "rounding": ["ROUND_UP", "up", 3, None], "capitals": [0, 1, 2, "1"], "clamp": [0, 1, -1], "flags": [None, 1, [], {}, {Inexact: 1}], "traps": [{3: 4}, context.flags],
    "other": [1],
}.items():
    for value in values:
        changed = context.copy()
        print(name, value if not isinstance(value, (dict, list)) else type(value).__name__, "->", shown(setattr, changed, name, value), shown(getattr, changed, name))
        if name != "other":
            print("   ", shown(lambda: Context(**{name: value})))
    print("    deleted:", str(shown(delattr, context.copy(), name))[:60] if name != "other" else "")

flags = context.flags
print(flags, len(flags), list(flags) == list(context.traps), flags == context.flags, flags == context.traps, flags == dict(flags), flags != {1: 2}, flags.copy() == dict(flags))
print(Inexact in flags, flags[Rounded], shown(lambda: flags[int]), shown(flags.__setitem__, int, 1), shown(flags.__delitem__, Inexact), shown(hash, flags))
flags[Rounded] = "yes"
flags[Inexact] = 0
print(context, flags.get(Subnormal), sorted(signal.__name__ for signal, seen in flags.items() if seen))
context.clear_flags()
context.clear_traps()
print(context, isinstance(flags, dict), type(flags).__name__)
kept = Context().flags
print(shown(repr, kept), shown(len, kept))

again = pickle.loads(pickle.dumps(context))
print(again, copy.copy(context), copy.deepcopy(context), context.__reduce__()[1], again == context)


class Named(Context):
    pass


named = Named(prec=3)
named.name = "three"
print(named, named.name, type(named.copy()).__name__, named.divide(1, 3), shown(setattr, context, "name", 1))

# The current one.
setcontext(Context(prec=6))
print(getcontext().prec, Decimal(1) / 7, getcontext() is getcontext(), shown(setcontext, 5))
with localcontext() as inner:
    inner.prec = 10
    print(Decimal(1) / 7, getcontext() is inner)
    with localcontext(Context(prec=3)) as innermost, localcontext(prec=4, rounding=ROUND_UP) as other:
        print(Decimal(1) / 7, other.prec, innermost.prec)
print(Decimal(1) / 7, shown(localcontext, 3), shown(localcontext, precision=3), shown(lambda: localcontext(prec=0)))
setcontext(DefaultContext)
print(getcontext() is DefaultContext, getcontext().prec)


def in_thread():
    before = getcontext().prec
    getcontext().prec = 50
    print("thread", before, Decimal(1) / 7)


getcontext().prec = 4
thread = threading.Thread(target=in_thread, context=contextvars.Context())
thread.start()
thread.join()
print(Decimal(1) / 7)


def in_context():
    setcontext(Context(prec=2))
    return Decimal(1) / 7


print(contextvars.copy_context().run(in_context), Decimal(1) / 7, contextvars.Context().run(lambda: Decimal(1) / 7))
variable = next(name for name in contextvars.copy_context() if name.name == "decimal_context")
token = variable.set(Context(prec=8))
print(Decimal(1) / 7)
variable.reset(token)
print(Decimal(1) / 7)

# A context as an argument.
three = Context(prec=3)
print(Decimal(2).sqrt(three), Decimal(2).sqrt(context=three), Decimal("1.2345").quantize(Decimal("0.01"), ROUND_UP, three), Decimal("2.5").to_integral_value(ROUND_UP),
      Decimal("2.5").to_integral_exact(rounding=ROUND_HALF_UP), Decimal("1.2345").max(Decimal(1), three), shown(Decimal(2).sqrt, 3), shown(Decimal(2).quantize, 1, "up"))
print(three.create_decimal("1.23456"), three.create_decimal_from_float(0.1), three.plus(Decimal("1.23456")), three._apply(Decimal("-0.00")), three.plus(Decimal("-0.00")),
      shown(three.create_decimal, " 1"), shown(three.create_decimal, "1_0"), shown(three.create_decimal, None), three.create_decimal())
print(three.add(1, 2), three.power(2, 10), three.power(2, 10, 7), three.fma(2, 3, 4), three.divmod(7, 2), three.to_sci_string(Decimal("1E5")), three.to_eng_string(Decimal("1E5")),
      three.is_zero(0), shown(three.add, 1, 1.5), shown(three.canonical, 1), shown(three.is_canonical, 1), three.copy_decimal(3))
for bits in (32, 64, 128, 512, 0, 33, 544):
    print(shown(IEEEContext, bits))
# Limits.
huge = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[InvalidOperation])
print(huge.add(1, Decimal("1E-50")), huge.divide(1, 8), huge.sqrt(4), huge.multiply(3, 5), huge.power(2, 100), huge.quantize(Decimal(1), Decimal("1E-5")), huge.divide_int(7, 2))
print(huge.multiply(Decimal("1E+999999999999999999"), 10), huge.multiply(Decimal("1E-1999999999999999997"), Decimal("0.1")), shown(huge.divide, 1, 3))
