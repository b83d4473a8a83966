import sys


def counter():
    seen = []

    def add(item):
        seen.append(item)
        return len(seen)

    print(sys.getrefcount(add))  #: add
    add("first")
    return add


def use():
    step = counter()
    print(step("second"))
    other = step
    print(sys.getrefcount(step))  #: step
    return other


use()
