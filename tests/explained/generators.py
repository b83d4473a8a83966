import sys


def countdown(start):
    rows = [start]
    while rows[-1]:
        yield rows
        rows.append(rows[-1] - 1)


def use():
    walk = countdown(2)
    first = next(walk)
    print(sys.getrefcount(first))  #: first
    for rows in walk:
        pass
    print(first, sys.getrefcount(first))
    del rows
    print(sys.getrefcount(first))  #: first


use()
