import sys


def find(shelf, key):
    return shelf[key]


def use():
    shelf = {"a": [1]}
    kept = None
    try:
        find(shelf, "b")
    except KeyError as error:
        kept = error
    print(type(kept).__name__, kept.args)
    del kept
    value = shelf["a"]
    print(sys.getrefcount(value))  #: value


use()
