# Integers of any size: the four operations, signs of // and %, powers.

def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", r)


for a in (7, -7, 0, 10**20, -(10**20)):
    for b in (3, -3, 10**10 + 7, -(10**10) - 7, 10**25):
        q, r = a // b, a % b
        print(a, b, q, r, divmod(a, b) == (q, r), q * b + r == a, a + b, a - b, a * b)

print(2**0, 2**10, (-2) ** 3, 2**64, 2**-1, (-2) ** -3, 0**0)
print(pow(3, 200, 13), pow(3, -1, 7), pow(-3, 5, 7), pow(5, 3, -7), pow(2, 100, 1), pow(10, -2, 9))
print(pow(2, 10**6, 10**9 + 7))
err(pow, 2, -1, 4)
err(pow, 2, 3, 0)
err(pow, 0, -1)
err(lambda: 1 // 0)
err(lambda: 1 % 0)
err(lambda: 1 / 0)
err(divmod, 1, 0)
err(lambda: 10**30 // 0)
err(lambda: 10**400 / 3)
err(lambda: 1 + "a")
err(lambda: "a" + 1)
err(lambda: 1 - [])
err(lambda: None * 2)
err(lambda: 2**None)
err(pow, 2, 3.0, 5)
err(pow, "a", 2)
err(lambda: -"x")
err(lambda: ~1.5)
print(7 / 2, -7 / 2, 10**30 / 10**29, 1 / 3, (10**400) / (10**399), 3 / 10**400)
print(-(-5), +5, ~5, ~-1, -0, abs(-(10**30)))

# carries and borrows around word boundaries
for bits in (29, 30, 31, 32, 59, 60, 61, 62, 63, 64, 65, 90, 128):
    n = 1 << bits
    print(bits, n - 1 + 1 == n, n, -n, n - 1, -n - 1, (n - 1) * (n - 1), (n + 1) * (1 - n), n * n // (n + 1))

f = 1
for i in range(1, 61):
    f *= i
print(f)
for i in range(60, 0, -1):
    f, r = divmod(f, i)
    assert r == 0
print(f)
a = 3**500
b = 7**300
print(a // b, a % b == a - a // b * b, a * b == 3**500 * 7**300, (a * b) // a == b)
print((a + b) ** 2 == a * a + 2 * a * b + b * b)
print(str(a * a)[:20], str(a * a)[-20:], len(str(a * a)))
x = -(3**100)
y = 2**77
print(x // y, x % y, -x // y, -x % y, x // -y, x % -y)
g, h = 1, 1
for _ in range(300):
    g, h = h, g + h
print(g, h % 1000000007)
print(True + True, True * 10, True - 5, True / 2, True // 1, -True, ~True if False else -2)
print(1 .__add__(2), (5).__rsub__(7), (5).__sub__(2.0), (5).__mul__("a"), (2).__pow__(3, 5), (2).__truediv__(4))
print(int.__add__(3, 4), int.__floordiv__(7, -2), int.__mod__(7, -2))
