# A class called in a generator: the record under its __init__ stands on the generator's registers, after all kinds of other records.
class Room:
    def __init__(self, *keys):
        self.keys = keys
        if len(keys) > 2:
            self.inner = list(rooms(len(keys) - 2))

class Door:
    def __init__(self, n):
        self.n = n

def rooms(n):
    for i in range(n):
        yield Room(*range(i))

def doors(n):
    for i in range(n):
        yield Door(i)

def deep(n):
    def down(k):
        a, b, c = k, k + 1, k + 2
        return down(k - 1) + a if k else sum(door.n for door in doors(5)) + b + c
    return down(n)

def through(n):
    yield from doors(n)
    yield from (Door(door.n * 2) for door in doors(n))

for n in (0, 1, 50, 200):
    print(deep(n), [door.n for door in through(4)], sum(len(room.keys) for room in rooms(6)))
print([room.inner[-1].keys for room in rooms(6) if len(room.keys) > 2])
