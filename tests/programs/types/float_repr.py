# float: repr, parsing, special values, exact forms.
import math


def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


for x in (0.0, -0.0, 1.0, 0.1, 0.2 + 0.1, 1e15, 1e16, 123456789012345680.0, 1e22, 1e23, 1e-4, 1e-5, 0.00012345, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 3.14159, 1 / 3, 2 / 3, 100.0, 1e100, -1.5, 9007199254740993.0, 4.35, 0.3, 2.675, 1e21, 1.5e-10, 2**0.5):
    print(x, repr(-x), x.hex(), x.as_integer_ratio(), x.is_integer(), float.fromhex(x.hex()) == x)
inf, nan = float("inf"), float("nan")
print(inf, -inf, nan, -nan, inf + 1, inf - inf, inf * 0, inf * -1, nan == nan, nan != nan, nan < 1, inf == inf, inf > 10**400, -inf < -(10**400))
print(inf.hex(), nan.hex(), inf.is_integer(), nan.is_integer())
for s in ("1", " 1.5 ", "-.5", "5.", "1e3", "1E-3", "inf", "-Infinity", "NaN", "+nan", "1_000.5", "1e400", "-1e-400", "\u0661.5", "0x1p3" if False else "3"):
    print(ascii(s), float(s))
for s in ("", " ", ".", "1e", "e5", "1__0", "_1", "1_", "0x10", "1.2.3", "infin", "1 2", "--1", "abc\n"):
    err(float, s)
err(float, None)
err(float, [])
err(float, 1j)
err(float, 10**400)
err(float, b"1x")
err(float, 1, 2)
print(float(b"2.5"), float(bytearray(b"1e2")), float(), float(True), float(10**22), float(2**53 + 1), float(-(2**63)))
err(inf.as_integer_ratio)
err(nan.as_integer_ratio)
err(float.fromhex, "xyz")
err(float.fromhex, "0x1p99999")
print(float.fromhex("0x1.8p1"), float.fromhex("-0x.8"), float.fromhex(" 0X1P-2 "), float.fromhex("inf"), float.fromhex("1a"))
print(hash(1.0) == hash(1), hash(0.5), hash(-0.0), hash(inf), hash(-inf), hash(2.0**70) == hash(2**70), hash(1e100) == hash(int(1e100)), hash(-1.0), hash(1.5))
print(1 == 1.0, 2**53 + 1 == float(2**53), 2**53 == float(2**53), 10**22 == 1e22, 10**23 == 1e23, 1e23 < 10**23, 0.1 < 1, 10**400 > 1e308, 1.0 in [1], True == 1.0)


class F:
    def __float__(self):
        return 2.5


class G:
    def __index__(self):
        return 9


class H:
    def __float__(self):
        return 1


class MyF(float):
    pass


print(float(F()), float(G()), math.sqrt(G()), MyF(1.5), type(MyF(1) + 1).__name__, MyF("3.5").real)
err(float, H())
print(str(1e16), "%s" % 1e-7, f"{1e5}", [1.0, 2.5e-8], (0.1,), {1.5: 2.5})
print(float.from_number(3), float.from_number(F()))
err(float.from_number, "3")
