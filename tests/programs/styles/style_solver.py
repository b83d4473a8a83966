"""A constraint solver: variables, domains, constraints, search with forward checking. `python style_solver.py N` does it N times over."""
import sys


class Variable:
    __slots__ = ("name", "domain", "value", "constraints")

    def __init__(self, name, domain):
        self.name, self.domain, self.value = name, set(domain), None
        self.constraints = []

    def __repr__(self):
        return f"{self.name}={self.value}"


class Different:
    def __init__(self, *variables):
        self.variables = variables
        for variable in variables:
            variable.constraints.append(self)

    def prune(self, variable):
        for other in self.variables:
            if other is not variable and other.value is None and variable.value in other.domain:
                yield other, variable.value


class Apart:
    """Two numbers that differ by at least so much."""

    def __init__(self, a, b, least):
        self.a, self.b, self.least = a, b, least
        a.constraints.append(self)
        b.constraints.append(self)

    def prune(self, variable):
        other = self.b if variable is self.a else self.a
        if other.value is None:
            for value in sorted(other.domain):
                if abs(value - variable.value) < self.least:
                    yield other, value


class Solver:
    def __init__(self, variables):
        self.variables = variables
        self.steps = self.backtracks = 0

    def choose(self):
        free = [v for v in self.variables if v.value is None]
        return min(free, key=lambda v: (len(v.domain), v.name)) if free else None

    def solve(self):
        variable = self.choose()
        if variable is None:
            return True
        for value in sorted(variable.domain):
            self.steps += 1
            variable.value = value
            removed = []
            for constraint in variable.constraints:
                for other, gone in constraint.prune(variable):
                    if gone in other.domain:
                        other.domain.discard(gone)
                        removed.append((other, gone))
            if all(v.domain for v in self.variables if v.value is None) and self.solve():
                return True
            for other, gone in removed:
                other.domain.add(gone)
        variable.value = None
        self.backtracks += 1
        return False


def latin(size):
    cells = {(r, c): Variable(f"r{r}c{c}", range(size)) for r in range(size) for c in range(size)}
    for i in range(size):
        Different(*(cells[i, c] for c in range(size)))
        Different(*(cells[r, i] for r in range(size)))
    Different(*(cells[i, i] for i in range(size)))
    solver = Solver(list(cells.values()))
    found = solver.solve()
    return found, solver.steps, solver.backtracks, [[cells[r, c].value for c in range(size)] for r in range(size)]


def frequencies():
    names = "abcdefgh"
    stations = {name: Variable(name, range(1, 12)) for name in names}
    near = ["ab", "ac", "bc", "bd", "ce", "de", "df", "eg", "fg", "gh", "ah", "fh"]
    for pair in near:
        Apart(stations[pair[0]], stations[pair[1]], 2 if pair < "d" else 3)
    solver = Solver(list(stations.values()))
    return solver.solve(), solver.steps, sorted(map(repr, stations.values()))


for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    results = [latin(size) for size in (3, 4, 5, 6)], frequencies()
for found, steps, backtracks, square in results[0]:
    print(found, steps, backtracks)
    for row in square:
        print(" ", *row)
print(*results[1])
