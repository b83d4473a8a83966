# Big ints: digits of pi and e, a factorial, powers with a modulus.
def pi_digits(count):
    q, r, t, k, n, m = 1, 0, 1, 1, 3, 3
    out = []
    while len(out) < count:
        if 4 * q + r - t < n * t:
            out.append(n)
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, k, n, m = q * k, (2 * q + r) * m, t * m, k + 1, (q * (7 * k + 2) + r * m) // (t * m), m + 2
    return "".join(map(str, out))


factorial = 1
for i in range(1, 300):
    factorial *= i
print(pi_digits(150)[-20:], str(factorial)[:20], len(str(factorial)))
print(pow(3, 10**40, 10**30 + 57), (1 << 500) % 1000003, hash(factorial))
