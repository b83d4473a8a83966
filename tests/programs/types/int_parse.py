# int() from text, bytes and objects; bases; underscores; limits.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", r)


for s in ("0", "-0", "+7", "  42\n", "1_000", "-1_2_3", "0" * 30 + "5", "123456789012345678901234567890", "\u0663\u0664", "\uff11\uff12"):
    print(ascii(s), int(s))
for s in ("", " ", "_1", "1_", "1__0", "0x10", "1.5", "abc", "- 1", "--1", "1 2", "\u00bd", "1\x00"):
    err(int, s)
for s, b in (("ff", 16), ("0xff", 16), ("0xFF", 0), ("0b101", 0), ("0o17", 0), ("z", 36), ("-Zz", 36), ("0b1", 16), ("1_0", 2), ("0x_f", 0), ("0", 0), ("00", 0), ("12", 3)):
    print(s, b, int(s, b))
for s, b in (("2", 2), ("0x1", 8), ("012", 0), ("z", 35), ("1", 1), ("1", 37), ("1", -2), ("0b", 0), ("", 0), ("_", 0), ("9" * 50 + "x", 10)):
    err(int, s, b)
err(int, 5, 10)
err(int, "5", "10")
err(int, base=10)
err(int, None)
err(int, [])
err(int, 1, 2, 3)
err(int, x=1)
print(int(), int(b"12"), int(bytearray(b" -7 ")), int(b"ff", 16), int(True), int(3.99), int(-3.99), int(1e20))
err(int, float("nan"))
err(int, float("inf"))
err(int, b"x1")
err(int, 1j)


class I:
    def __int__(self):
        return 77


class X:
    def __index__(self):
        return 5


class Bad:
    def __int__(self):
        return "no"


print(int(I()), int(X()), int("101", X()))
err(int, Bad())
err(lambda: range(3)[I()])
print([10, 20, 30, 40, 50, 60][X()], hex(X()), bin(X()), oct(X()), "ab" * X())

big = "7" * 4300
print(len(str(int(big))), int(big) % 97)
err(int, "7" * 4301)
err(str, 10**4300)
print(hex(10**20), oct(-(8**25)), bin(2**66), int("f" * 40, 16), int("-" + "1" * 80, 2))
print(len(hex(1 << 20000)), int("1" + "0" * 5000, 16) == 1 << 20000)


class MyInt(int):
    def __repr__(self):
        return f"MyInt({int(self)})"


m = MyInt("12")
print(m, [m], m + 1, type(m + 1).__name__, type(+m).__name__, int(m), m == 12, {12: "x"}[m], MyInt(5) is MyInt(5))
print(0x1F, 0o17, 0b11, 1_000_000, 0xFFFF_FFFF_FFFF_FFFF_FFFF, 0b1_0)
