# Floats: matrices, a solver, and a sum that must not lose digits.
def times(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def solve(a, b):
    n = len(b)
    rows = [row[:] + [v] for row, v in zip(a, b)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, n + 1):
                rows[r][c] -= factor * rows[i][c]
    out = [0.0] * n
    for i in reversed(range(n)):
        rest = rows[i][n] - sum(rows[i][c] * out[c] for c in range(i + 1, n))
        out[i] = rest / rows[i][i]
    return out


size = 24
a = [[1.0 / (1 + abs(i - j)) for j in range(size)] for i in range(size)]
product = times(a, times(a, a))
x = solve(a, [float(i) for i in range(size)])
print(round(sum(map(sum, product)), 6), round(sum(x), 6), round(product[3][5], 9))
