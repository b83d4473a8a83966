import sys


def note(what, log=[]):
    log.append(what)
    return log


def use():
    first = note("a")
    second = note("b")
    print(first is second, second)
    print(sys.getrefcount(first))  #: first


use()
