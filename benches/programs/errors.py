# Exceptions: raised, caught, chained, and cleaned up behind.
class Refused(Exception):
    def __init__(self, who, why):
        super().__init__(who, why)
        self.who, self.why = who, why


class Door:
    opened = closed = 0

    def __init__(self, number):
        self.number = number

    def __enter__(self):
        Door.opened += 1
        if self.number % 7 == 0:
            raise Refused(self.number, "locked")
        return self

    def __exit__(self, kind, error, trace):
        Door.closed += 1
        return kind is KeyError


def visit(n, table):
    try:
        with Door(n) as door:
            return table[door.number % 10] // (door.number % 5)
    except ZeroDivisionError as error:
        raise Refused(n, "nobody home") from error
    finally:
        table["visits"] = table.get("visits", 0) + 1


table = {n: n * n for n in range(8)}
results, refusals = 0, {}
for n in range(3000):
    try:
        results += visit(n, table) or 0
    except Refused as refused:
        cause = type(refused.__cause__).__name__
        refusals[refused.why, cause] = refusals.get((refused.why, cause), 0) + 1
print(results, sorted(refusals.items()), Door.opened, Door.closed, table["visits"])
