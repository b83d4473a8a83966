import gc
import sys

gc.disable()


class Room:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("swept", self.name)


def ring():
    east, west = Room("east"), Room("west")
    east.door, west.door = west, east
    print(sys.getrefcount(east))  #: east
    del west
    print(sys.getrefcount(east))  #: east


ring()
print("still there")
print(gc.collect() >= 2)
print("gone")
