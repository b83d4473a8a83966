# Matrices: arithmetic, determinant by exact elimination, inverse over fractions, powers.
def gcd(a, b):
    while b:
        a, b = b, a % b
    return abs(a)


class Frac:
    __slots__ = ("n", "d")

    def __init__(self, n, d=1):
        if d == 0:
            raise ZeroDivisionError("fraction with denominator 0")
        g = gcd(n, d) * (-1 if d < 0 else 1)
        self.n, self.d = n // g, d // g

    @staticmethod
    def of(v):
        return v if isinstance(v, Frac) else Frac(v)

    def __add__(self, o):
        o = Frac.of(o)
        return Frac(self.n * o.d + o.n * self.d, self.d * o.d)

    def __neg__(self): return Frac(-self.n, self.d)
    def __sub__(self, o): return self + -Frac.of(o)
    def __mul__(self, o):
        o = Frac.of(o)
        return Frac(self.n * o.n, self.d * o.d)

    def __truediv__(self, o):
        o = Frac.of(o)
        return Frac(self.n * o.d, self.d * o.n)

    __radd__, __rmul__ = __add__, __mul__
    def __rsub__(self, o): return Frac.of(o) - self
    def __rtruediv__(self, o): return Frac.of(o) / self
    def __eq__(self, o): return isinstance(o, (int, Frac)) and (self.n, self.d) == (Frac.of(o).n, Frac.of(o).d)
    def __hash__(self): return hash((self.n, self.d))
    def __bool__(self): return self.n != 0
    def __repr__(self): return f"{self.n}/{self.d}" if self.d != 1 else str(self.n)


class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]
        if len({len(r) for r in self.rows}) != 1:
            raise ValueError("rows of different lengths")

    @classmethod
    def identity(cls, n): return cls([[int(i == j) for j in range(n)] for i in range(n)])
    @property
    def shape(self): return len(self.rows), len(self.rows[0])
    @property
    def T(self): return Matrix(zip(*self.rows))
    def __getitem__(self, ij): return self.rows[ij[0]][ij[1]] if isinstance(ij, tuple) else self.rows[ij]
    def __add__(self, o): return Matrix([a + b for a, b in zip(r, s, strict=True)] for r, s in zip(self.rows, o.rows, strict=True))
    def __mul__(self, k): return Matrix([v * k for v in r] for r in self.rows)
    __rmul__ = __mul__
    def __matmul__(self, o):
        if self.shape[1] != o.shape[0]:
            raise ValueError(f"shapes {self.shape} and {o.shape} do not fit")
        cols = list(zip(*o.rows))
        return Matrix([sum(a * b for a, b in zip(r, c)) for c in cols] for r in self.rows)

    def __pow__(self, n):
        r, b = Matrix.identity(self.shape[0]), self
        while n:
            if n & 1: r = r @ b
            b, n = b @ b, n >> 1
        return r

    def __eq__(self, o): return self.rows == o.rows
    def __repr__(self): return f"Matrix({self.rows})"
    def det(self):
        m, d = [[Frac.of(v) for v in r] for r in self.rows], Frac(1)
        for i in range(len(m)):
            p = next((k for k in range(i, len(m)) if m[k][i]), None)
            if p is None: return Frac(0)
            if p != i: m[i], m[p], d = m[p], m[i], -d
            d *= m[i][i]
            for k in range(i + 1, len(m)):
                f = m[k][i] / m[i][i]
                m[k] = [a - f * b for a, b in zip(m[k], m[i])]
        return d

    def inverse(self):
        n = len(self.rows)
        m = [[Frac.of(v) for v in r] + [Frac(int(i == j)) for j in range(n)] for i, r in enumerate(self.rows)]
        for i in range(n):
            p = next((k for k in range(i, n) if m[k][i]), None)
            if p is None: raise ValueError("singular matrix")
            m[i], m[p] = m[p], m[i]
            m[i] = [v / m[i][i] for v in m[i]]
            for k in range(n):
                if k != i: m[k] = [a - m[k][i] * b for a, b in zip(m[k], m[i])]
        return Matrix(r[n:] for r in m)


a, b = Matrix([[1, 2], [3, 4]]), Matrix([[0, 1], [1, 0]])
print(a + b, a @ b, b @ a, 2 * a, a.T, a**5, a.det(), a.inverse(), a @ a.inverse() == Matrix.identity(2))
print((Matrix([[1, 1], [1, 0]]) ** 300)[0, 1])
h = Matrix([[Frac(1, i + j + 1) for j in range(6)] for i in range(6)])
print(h.det(), h.inverse()[5], h @ h.inverse() == Matrix.identity(6))
m = Matrix([[(i * j * 7 + i * 3 + j * j) % 11 for j in range(7)] for i in range(7)])
print(m.det(), m.T.det() == m.det(), (m @ m).det() == m.det() * m.det(), m.shape)
for f in (lambda: Matrix([[1, 2], [2, 4]]).inverse(), lambda: a @ Matrix([[1, 2, 3]]), lambda: Matrix([[1], [1, 2]]), lambda: a + Matrix([[1, 2]]), lambda: a[5, 0], lambda: Frac(1) / 0, lambda: a @ 5):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
