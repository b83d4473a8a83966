"""Matrices and polynomials with all the operators, and protocols of the typing module."""
import copy
import math
import numbers
import operator
from abc import ABC, abstractmethod
from fractions import Fraction
from functools import reduce
from itertools import zip_longest
from typing import Any, Generic, Protocol, Self, TypeVar, Union, get_args, get_origin, get_type_hints, runtime_checkable

T = TypeVar("T", bound=numbers.Number)


@runtime_checkable
class Shaped(Protocol):
    @property
    def shape(self) -> tuple[int, int]: ...


class Algebra(ABC):
    @abstractmethod
    def __add__(self, other): ...

    @abstractmethod
    def __neg__(self): ...

    def __sub__(self, other):
        return self + (-other)

    def __pos__(self):
        return self


class Matrix(Algebra, Generic[T]):
    __slots__ = ("rows",)
    __hash__ = None

    def __init__(self, rows):
        self.rows = [list(row) for row in rows]
        if len({len(r) for r in self.rows}) > 1:
            raise ValueError("rows of different lengths")

    @classmethod
    def identity(cls, n) -> Self:
        return cls([int(i == j) for j in range(n)] for i in range(n))

    @property
    def shape(self):
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    @property
    def T(self):
        return type(self)(zip(*self.rows))

    def _each(self, function, other):
        if not isinstance(other, Matrix):
            return NotImplemented
        if self.shape != other.shape:
            raise ValueError(f"shapes {self.shape} and {other.shape}")
        return type(self)([function(a, b) for a, b in zip(x, y)] for x, y in zip(self.rows, other.rows))

    def __add__(self, other):
        return self._each(operator.add, other)

    def __neg__(self):
        return -1 * self

    def __mul__(self, factor):
        if isinstance(factor, Matrix):
            return NotImplemented
        return type(self)([a * factor for a in row] for row in self.rows)

    __rmul__ = __mul__

    def __matmul__(self, other):
        return type(self)([sum(map(operator.mul, row, column)) for column in zip(*other.rows)] for row in self.rows)

    def __imatmul__(self, other):
        self.rows = (self @ other).rows
        return self

    def __pow__(self, n, modulo=None):
        result, base = self.identity(len(self.rows)), self
        while n:
            if n & 1:
                result = result @ base
            base, n = base @ base, n >> 1
            if modulo:
                result, base = result % modulo, base % modulo
        return result

    def __mod__(self, n):
        return type(self)([a % n for a in row] for row in self.rows)

    def __eq__(self, other):
        return self.rows == other.rows if isinstance(other, Matrix) else NotImplemented

    def __getitem__(self, key):
        match key:
            case (slice() as r, c):
                return [row[c] for row in self.rows[r]]
            case (r, c):
                return self.rows[r][c]
        return self.rows[key]

    def __setitem__(self, key, value):
        r, c = key
        self.rows[r][c] = value

    def __contains__(self, value):
        return any(value in row for row in self.rows)

    def __iter__(self):
        return (a for row in self.rows for a in row)

    def __len__(self):
        return math.prod(self.shape)

    def __bool__(self):
        return any(self)

    def __abs__(self):
        return math.sqrt(sum(a * a for a in self))

    def __round__(self, digits=None):
        return type(self)([round(a, digits) for a in row] for row in self.rows)

    def __repr__(self):
        return f"{type(self).__name__}({self.rows})"

    def __format__(self, spec):
        return "\n".join("[" + " ".join(format(a, spec or "3") for a in row) + "]" for row in self.rows)

    def determinant(self):
        rows, result = [[Fraction(a) for a in row] for row in self.rows], Fraction(1)
        for i in range(len(rows)):
            pivot = next((r for r in range(i, len(rows)) if rows[r][i]), None)
            if pivot is None:
                return 0
            if pivot != i:
                rows[i], rows[pivot], result = rows[pivot], rows[i], -result
            result *= rows[i][i]
            for r in range(i + 1, len(rows)):
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
        return result


class Polynomial(tuple):
    def __new__(cls, *coefficients):
        return super().__new__(cls, coefficients)

    def __add__(self, other):
        return Polynomial(*(a + b for a, b in zip_longest(self, other, fillvalue=0)))

    def __call__(self, x):
        return reduce(lambda total, c: total * x + c, reversed(self), 0)

    def __str__(self):
        return " + ".join(f"{c}x^{n}" if n else f"{c}" for n, c in enumerate(self) if c) or "0"


a, b = Matrix([[1, 2], [3, 4]]), Matrix([[0, 1], [1, 0]])
print(a + b, a - b, 2 * a, a * Fraction(1, 2), a @ b, -a, +a is a, a.T, a**5, pow(a, 50, 1000), sep="\n")
print(f"{a:5.1f}\n{a}\n{round(a * 1.26, 1):.2f}")
print(a == Matrix(((1, 2), (3, 4))), a != b, a == 1, 3 in a, len(a), bool(a - a), abs(a), a[0, 1], a[:, 0], a[1])
c = copy.copy(a)
d = copy.deepcopy(a)
c[0, 0] = 99
c @= b
print(a, c, d, a.determinant(), Matrix([[2, -1, 0], [1, 0, 5], [0, 3, 7]]).determinant(), max(a), sorted(b, reverse=True))
for attempt in (lambda: a + 1, lambda: a @ 1, lambda: a + Matrix([[1]]), lambda: hash(a), lambda: Algebra(), lambda: Matrix([[1], [2, 3]]), lambda: a.x, lambda: setattr(a, "y", 1)):
    try:
        print(attempt())
    except (TypeError, ValueError, AttributeError) as e:
        print(f"{type(e).__name__}: {e}")
print(isinstance(a, Shaped), isinstance(3, Shaped), issubclass(Matrix, Algebra), Matrix[int], get_origin(Matrix[int]), get_args(Matrix[int]))
print(get_type_hints(Matrix.identity), Union[int, None], get_args(int | str), Matrix.__parameters__, Any, T)
p, q = Polynomial(1, 0, 2), Polynomial(0, 3)
print(p + q, p(3), (p + q)(Fraction(1, 2)), Polynomial(), p == (1, 0, 2), p * 2)
