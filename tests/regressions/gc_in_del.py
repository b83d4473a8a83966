# The first of its kind: a collection inside `__del__`, of rooms that point at each other.
import gc

told = []


class Room:
    def __init__(self, name):
        self.name, self.door = name, self

    def __del__(self):
        told.append(self.name)
        gc.collect()
        Room.kept = [self.name] * 3


for name in "abc":
    Room(name)
gc.collect()
print(sorted(told), Room.kept == [told[-1]] * 3)
