# Garbage is finalized by age: in the order in which it was made, wherever it lies.
import gc

gc.disable()


class Guest:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(self.name, end=' ')


class Late(Guest):
    pass


def ring(count, holes):
    guests = []
    for at in range(count):
        if holes and at % 3 == 0:
            empty = [object.__new__(Plain) for _ in range(3)]
            del empty
        guests.append(Guest(at))
    for at, guest in enumerate(guests):
        guest.next = guests[(at + 1) % count]


class Plain:
    pass


for holes in (False, True):
    ring(8, holes)
    gc.collect()
    print()

guests = [Guest(at) for at in range(6)]
del guests[1], guests[2]
print()
guests += [Guest(10), Late(11)]
guests.sort(key=lambda guest: -guest.name)
for guest in guests:
    guest.me = guest
del guests, guest
gc.collect()
print()


class Returns(Guest):
    kept = []

    def __del__(self):
        print('kept', self.name, end=' ')
        Returns.kept.append(self)


for at in range(4):
    guest = Returns(at)
    guest.me = guest
del guest
gc.collect()
print(len(Returns.kept))
Returns.kept.clear()
print(gc.collect() >= 4)


class Lists(list):
    def __del__(self):
        print(len(self), end=' ')


for at in range(3):
    made = Lists([0] * at)
    made.append(made)
del made
gc.collect()
print()

# Old garbage after a younger one lived on.
old = [Guest('old%d' % at) for at in range(3)]
gc.collect()
young = [Guest('young%d' % at) for at in range(3)]
for guest in old + young:
    guest.all = [guest]
del old, young, guest
gc.collect()
print()
