# Integers in lists: primes by sieve, then the longest run without one.
def primes(most):
    alive = [True] * (most + 1)
    for n in range(2, int(most**0.5) + 1):
        if alive[n]:
            for multiple in range(n * n, most + 1, n):
                alive[multiple] = False
    return [n for n in range(2, most + 1) if alive[n]]


found = primes(30000)
gap, at = max((b - a, a) for a, b in zip(found, found[1:]))
print(len(found), sum(found), gap, at)
