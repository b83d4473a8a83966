"""A bank with transactions: context managers, custom exceptions, decimal and fractions."""
import contextlib
import io
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, getcontext, localcontext
from fractions import Fraction


class BankError(Exception):
    """What goes wrong in a bank."""


class InsufficientFunds(BankError):
    def __init__(self, account, wanted):
        self.account, self.wanted = account, wanted
        super().__init__(account.owner, wanted)

    def __str__(self):
        return f"{self.account.owner} has {self.account.balance}, wants {self.wanted}"


class Frozen(BankError):
    pass


class Account:
    def __init__(self, owner, balance="0"):
        self.owner, self._balance, self.frozen = owner, Decimal(balance), False
        self.history = []

    balance = property(lambda self: self._balance, doc="What is there.")

    def deposit(self, amount):
        amount = Decimal(amount)
        if not amount > 0:
            raise ValueError(f"bad amount: {amount}")
        self._change(amount)

    def withdraw(self, amount):
        if (amount := Decimal(amount)) > self._balance:
            raise InsufficientFunds(self, amount)
        self._change(-amount)

    def _change(self, amount):
        if self.frozen:
            raise Frozen(f"account of {self.owner} is frozen")
        self._balance += amount
        self.history.append(amount)

    def __format__(self, spec):
        return format(f"{self.owner}: {self._balance:,.2f}", spec)


@contextlib.contextmanager
def transaction(*accounts):
    saved = [(a, a._balance, len(a.history)) for a in accounts]
    try:
        yield saved
    except BankError as error:
        for account, balance, n in saved:
            account._balance = balance
            del account.history[n:]
        raise BankError("rolled back") from error
    else:
        print("  committed")
    finally:
        print("  done with", ", ".join(a.owner for a in accounts))


class Audit(contextlib.ContextDecorator):
    def __enter__(self):
        print("<audit>")
        return self

    def __exit__(self, kind, value, tb):
        print(f"</audit {kind.__name__ if kind else 'ok'}>")
        return kind is not None and issubclass(kind, ZeroDivisionError)


@Audit()
def divide(a, b):
    return a / b


def transfer(source, target, amount):
    with transaction(source, target):
        target.deposit(amount)
        source.withdraw(amount)


ann, bob = Account("Ann", "100.10"), Account("Bob", "5")
transfer(ann, bob, "30.05")
print(f"{ann} | {bob:>20}|")
for attempt in ((ann, bob, "1000"), (bob, ann, -5), (bob, ann, "abc")):
    try:
        transfer(*attempt)
    except BankError as e:
        print(repr(e), "because", repr(e.__cause__), "|", e.__cause__)
    except ValueError as e:
        print("ValueError", e)
    except InvalidOperation as e:
        print(type(e).__mro__[1:4])
bob.frozen = True
try:
    transfer(ann, bob, 1)
except BankError as e:
    print(e.__cause__, e.__context__ is e.__cause__, e.__suppress_context__)
print(ann.history, bob.balance)
print(divide(6, 4), divide(1, 0))

with contextlib.ExitStack() as stack:
    for n in range(3):
        stack.callback(print, "closing", n)
    stack.enter_context(contextlib.suppress(KeyError))
    {}["x"]
out = io.StringIO()
with contextlib.redirect_stdout(out), contextlib.nullcontext(7) as seven, contextlib.closing(io.BytesIO()) as raw:
    print("hidden", seven)
print(repr(out.getvalue()), raw.closed)

def interest(principal, percent, years, digits="0.01", rounding=ROUND_HALF_EVEN):
    rate = Decimal(percent) / 100
    for year in range(1, years + 1):
        gain = (principal * rate).quantize(Decimal(digits), rounding=rounding)
        principal += gain
        yield year, gain, principal

for year, gain, total in interest(Decimal("1234.56"), "3.75", 4):
    print(f"{year:>2} {gain:>8} {total:>12,}")
print([str(t) for _, _, t in interest(Decimal(1000), "1.005", 3, "1.", ROUND_DOWN)])
with localcontext() as ctx:
    ctx.prec = 30
    print(Decimal(1) / 7, Decimal(2).sqrt(), Decimal("1.5").ln())
print(getcontext().prec, Context(prec=5).divide(Decimal(1), Decimal(3)), Decimal("-0E+3"), Decimal("1E400") * 10, Decimal(0.1))
print(Decimal("12.340").normalize(), Decimal("123456.789").to_eng_string(), Decimal("NaN").is_nan(), Decimal("3.14").as_tuple())
for text in ("1_000.5", "1e-7", " 42 ", "Infinity", "--1"):
    try:
        print(repr(Decimal(text)), end="; ")
    except InvalidOperation as e:
        print(type(e).__name__)
monthly = Fraction(5, 100) / 12
balance = Fraction(1000)
for _ in range(3):
    balance *= 1 + monthly
print(monthly, balance, float(balance), balance.limit_denominator(1000), round(balance, 2), f"{balance:.3f}")
print(Fraction("3.25"), Fraction(0.5) + 1, Fraction(7, 3) // 1, Fraction(-7, 3) % 1, Fraction(2, 3) ** -2, Fraction(1, 3) == 1 / 3)
