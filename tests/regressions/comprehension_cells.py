# A comprehension whose variable is a cell, in a handler behind another such comprehension: the compiler's code was refused.
def tell(functions):
    print([f() for f in functions])


try:
    tell([lambda: i for i in range(3)])
    raise ValueError(1)
except ValueError as e:
    tell([lambda: i for i in range(2)])
    try:
        tell([lambda: i for i in "ab"])
        raise KeyError(2)
    except KeyError as e:
        tell([lambda: (i, j) for i in range(2) for j in "xy"])
    finally:
        tell([lambda: i for i in (5,)])


def inner(n):
    i = "outer"

    def cell():
        return i

    try:
        tell([lambda: i for i in range(n)])
        [lambda: i for i in range(n)][9]
    except IndexError as e:
        tell([lambda: i for i in range(n + 1)])
        print(i, cell())
    print({i: (lambda: i)() for i in range(2)}, i, cell())


inner(2)
