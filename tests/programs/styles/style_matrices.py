"""Matrices with operators: exact ones of fractions, fast ones of floats, determinants, inverses, powers."""
import sys
from fractions import Fraction


class Matrix:
    def __init__(self, rows):
        self.rows = [list(row) for row in rows]
        if len({len(row) for row in self.rows}) > 1:
            raise ValueError("rows of different length")

    @classmethod
    def identity(cls, size, one=1):
        return cls([[one * (r == c) for c in range(size)] for r in range(size)])

    @classmethod
    def made(cls, height, width, of):
        return cls([[of(r, c) for c in range(width)] for r in range(height)])

    @property
    def shape(self):
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    @property
    def T(self):
        return Matrix(zip(*self.rows))

    def __getitem__(self, at):
        if isinstance(at, tuple):
            return self.rows[at[0]][at[1]]
        return self.rows[at]

    def __setitem__(self, at, value):
        self.rows[at[0]][at[1]] = value

    def __eq__(self, other):
        return isinstance(other, Matrix) and self.rows == other.rows

    def __add__(self, other):
        return Matrix([[a + b for a, b in zip(x, y)] for x, y in zip(self.rows, other.rows)])

    def __sub__(self, other):
        return self + other * -1

    def __mul__(self, number):
        return Matrix([[a * number for a in row] for row in self.rows])

    __rmul__ = __mul__

    def __matmul__(self, other):
        if self.shape[1] != other.shape[0]:
            raise ValueError(f"shapes {self.shape} and {other.shape}")
        columns = list(zip(*other.rows))
        return Matrix([[sum(map(lambda a, b: a * b, row, column)) for column in columns] for row in self.rows])

    def __pow__(self, count):
        result, base = Matrix.identity(len(self.rows)), self
        while count:
            if count & 1:
                result = result @ base
            base, count = base @ base, count >> 1
        return result

    def __neg__(self):
        return self * -1

    def __iter__(self):
        return iter(self.rows)

    def __repr__(self):
        return "\n".join(" ".join(f"{str(a):>6}" for a in row) for row in self.rows)

    def reduced(self):
        """The determinant, and the reduced rows."""
        rows, sign, product = [row[:] for row in self.rows], 1, 1
        for at in range(len(rows)):
            pivot = next((r for r in range(at, len(rows)) if rows[r][at]), None)
            if pivot is None:
                return 0, rows
            if pivot != at:
                rows[at], rows[pivot] = rows[pivot], rows[at]
                sign = -sign
            head = rows[at][at]
            product *= head
            rows[at] = [a / head for a in rows[at]]
            for r in range(len(rows)):
                factor = rows[r][at]
                if r != at and factor:
                    rows[r] = [a - factor * b for a, b in zip(rows[r], rows[at])]
        return sign * product, rows

    def det(self):
        return self.reduced()[0]

    def inverse(self):
        size = len(self.rows)
        wide = Matrix([row + unit for row, unit in zip(self.rows, Matrix.identity(size).rows)])
        det, rows = wide.reduced()
        if not det:
            raise ZeroDivisionError("singular")
        return Matrix([row[size:] for row in rows])


def work():
    exact = Matrix.made(4, 4, lambda r, c: Fraction((r * 3 + c * 5) % 7 + 1, r + c + 1))
    floats = Matrix.made(12, 12, lambda r, c: 1.0 / (r + c + 1) + (r == c))
    return exact, exact.det(), exact @ exact.inverse(), (floats @ floats.T)[3, 5], floats.det(), Matrix([[1, 1], [1, 0]]) ** 90


for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    exact, det, one, item, small, fibonacci = work()
print(exact, det, one == Matrix.identity(4), sep="\n")
print(f"{item:.6f} {small:.9f}", fibonacci[0, 1])
print(2 * Matrix([[1, 2]]) - -Matrix([[3, 4]]), [sum(row) for row in exact.T][:2])
for broken in [lambda: Matrix([[1], [1, 2]]), lambda: Matrix([[1, 2]]) @ Matrix([[1, 2]]), lambda: Matrix([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]]).inverse()]:
    try:
        broken()
    except (ValueError, ZeroDivisionError) as error:
        print(type(error).__name__, error)
