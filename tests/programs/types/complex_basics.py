# complex numbers.

def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


inf, nan = float("inf"), float("nan")
z = 3 + 4j
print(z, repr(-z), z.real, z.imag, abs(z), z.conjugate(), +z, z == 3 + 4j, z != 3, bool(0j), bool(1e-300j))
for a, b in ((1 + 2j, 3 - 1j), (1 + 2j, 2), (2, 1j), (0.5, 1 + 1j), (-1j, -1j), (True, 2j)):
    print(a + b, a - b, a * b, a / b, a == b)
print(1j**2, 1j**0, (1 + 1j) ** 10, 2**1j, (1 + 2j) ** -2, (1 + 2j) ** 0.5, 0j**0, (-1) ** 0.5, (2 + 0j) ** 3)
print(complex(1, 2), complex("1+2j"), complex(" -3.5e2j "), complex("(1-1j)"), complex("j"), complex("5"), complex(2), complex("inf+nanj"), complex(), complex(1.5, -0.0), complex(real=1, imag=2), complex("1e5-infj"))
print(0j, -0j, complex(-0.0, 0.0), complex(0, -0.0), complex(-0.0, -0.0), 1e100j, 1 - 0j, complex(nan, inf), complex(-inf, 1), 1e16 + 1e-5j)
for f in (lambda: 1j < 2, lambda: 1j // 2, lambda: 1j % 2, lambda: divmod(1j, 1), lambda: 1j / 0, lambda: 0j**-1, lambda: 0j**1j, lambda: int(1j), lambda: float(1j), lambda: pow(1j, 2, 3), lambda: 1j + "a", lambda: z[0], lambda: sorted([1j, 2])):
    err(f)
for s in ("", "1+", "1+2", "1 + 2j", "(1+2j", "i", "1j2", "++1j", "1e", "jj"):
    err(complex, s)
err(complex, "1", 2)
err(complex, 1, "2")
err(complex, [])
err(complex, None)
print(hash(1 + 0j) == hash(1), hash(0j), hash(2.5 + 0j) == hash(2.5), 1 == 1 + 0j, {1: "a"}[1 + 0j], hash(1j) == hash(1j))
for s in ("", ".2f", "g", "20", "<20.1f", "+.3e", ",", "^30", "e", "*>20"):
    print(s, repr(format(1234.5 - 2.25j, s)))
for s in ("d", "010", "=10", "%"):
    err(format, 1j, s)


class C:
    def __complex__(self):
        return 5 + 6j


class D:
    def __float__(self):
        return 2.0


class E:
    def __complex__(self):
        return 1


class Z(complex):
    def __repr__(self):
        return "Z!"


print(complex(C()), complex(D()), complex(D(), 1), Z(1, 2), repr(Z(1)), type(Z(1) + 1).__name__, Z(1, 2) == 1 + 2j)
err(complex, E())
print(abs(3j), abs(-5 + 12j), abs(complex(inf, nan)), abs(complex(1e200, 1e200)) > 1e200, sum([1j, 2, 3.5]), sum([1 + 1j] * 4))
err(lambda: abs(complex(1.7e308, 1.7e308)))
print("%s %r %.3s" % (1j, 2 + 1j, 1 + 1j), f"{1 + 2j!r:>10}", str(1e-7j), [1j, -2.5j], complex(1, 2).__getnewargs__())
w = 1 + 0j
for _ in range(8):
    w *= 1j
    print(w, end=" ")
print()
try:
    z.real = 5
except AttributeError as e:
    print(e)
print(complex.from_number(3), complex.from_number(C()), -(1 + 2j), -(0 + 1j), 1j - 1, (1j).__add__("x"), (1j).__eq__(1j), (1j).__lt__(2))
