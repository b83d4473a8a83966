print("a begins")
from . import b

name = "a"


def result():
    return "a uses " + b.name


print("a ends")
