import sys


class Node:
    def __init__(self, value, rest=None):
        self.value = value
        self.rest = rest


def build():
    chain = None
    for value in ["a", "b", "c"]:
        chain = Node(value, chain)
    second = chain.rest
    print(sys.getrefcount(second))  #: second
    chain.rest = second.rest
    print(sys.getrefcount(second))  #: second
    print(sys.getrefcount(chain))  #: chain


build()
