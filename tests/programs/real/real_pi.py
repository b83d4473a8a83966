# Digits of pi, e and the square root of 2 with big integers; several formulas agree.
def spigot():
    q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
    while True:
        if 4 * q + r - t < n * t:
            yield n
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, k, n, l = q * k, (2 * q + r) * l, t * l, k + 1, (q * (7 * k + 2) + r * l) // (t * l), l + 2
def arctan_inv(x, one):
    total = term = one // x
    n, sign = 3, -1
    while term:
        term //= x * x
        total += sign * (term // n)
        n, sign = n + 2, -sign
    return total
def machin(d):
    one = 10 ** (d + 10)
    return 4 * (4 * arctan_inv(5, one) - arctan_inv(239, one)) // 10**10
def isqrt(n):
    if n < 2: return n
    x = 1 << (n.bit_length() + 1) // 2
    while (y := (x + n // x) // 2) < x: x = y
    return x
def chudnovsky(d):
    one = 10 ** (d + 20)
    k, a = 1, one
    s, b = one, 0
    while a:
        a = -a * ((6 * k - 5) * (2 * k - 1) * (6 * k - 1)) // (k**3 * (640320**3 // 24))
        s += a
        b += k * a
        k += 1
    return 426880 * isqrt(10005 * one * one) * one // (13591409 * s + 545140134 * b) // 10**20
g = spigot()
text = "".join(str(next(g)) for _ in range(300))
for i in range(0, 300, 50): print(text[i : i + 50])
print(str(machin(299)) == text, str(chudnovsky(299)) == text)
p = str(chudnovsky(1500))
print(len(p), p[-40:], [p.count(d) for d in "0123456789"], p.find("999999"))
def e_digits(d):
    one = 10 ** (d + 10)
    s = t = one
    n = 1
    while t: t //= n; s += t; n += 1
    return s // 10**10
print(e_digits(100), isqrt(2 * 10**200), isqrt(10**40) == 10**20, isqrt(10**40 - 1))
def gcd(a, b):
    while b: a, b = b, a % b
    return a
print(gcd(2**300 - 1, 2**200 - 1) == 2**100 - 1, gcd(3**100 * 7, 3**90 * 11) == 3**90, pow(2, 2**127 - 2, 2**127 - 1))
def is_prime(n):
    if n < 4: return n > 1
    d, s = n - 1, 0
    while d % 2 == 0: d, s = d // 2, s + 1
    for a in (2, 3, 5, 7, 11, 13):
        if n == a: return True
        x = pow(a, d, n)
        if x in (1, n - 1): continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1: break
        else: return False
    return True
print([n for n in range(60) if is_prime(n)], [k for k in range(2, 130) if is_prime(2**k - 1)], is_prime(10**18 + 9))
