import sys


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


def use():
    corner = Point([1], None)
    corner.y = corner.x
    shared = corner.x
    print(sys.getrefcount(shared))  #: shared
    del corner.y
    print(sys.getrefcount(shared))  #: shared
    print(hasattr(corner, "__dict__"))


use()
