print("b begins")
from . import a

name = "b"
partial = hasattr(a, "name")


def result():
    return "b uses " + a.name


print("b ends")
