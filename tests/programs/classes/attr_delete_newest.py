# Attributes that are deleted, the newest, the oldest and all of them, and set again; places that saw them before.
import gc


class Plain:
    def __init__(self):
        self.x, self.y = 1, 2

    def z(self):
        return "method"


class Hears:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone:", self.name, sorted(vars(owner)))


def load(thing):
    try:
        return thing.z
    except AttributeError as error:
        return str(error)


def shown(thing):
    value = load(thing)
    return value() if callable(value) else value


owner = Plain()
for turn in range(4):
    print(shown(owner), end=" ")
    owner.z = turn
    print(shown(owner), sorted(vars(owner)) if turn == 3 else "", end=" ")
    del owner.z
    print(shown(owner))
fresh = [Plain() for _ in range(4)]
for n, thing in enumerate(fresh):
    thing.z = n
    thing.w = -n
    del thing.w
    del thing.z
    thing.w = n
    thing.z = n * n
print([list(vars(thing).items()) for thing in fresh])
for thing in fresh:
    del thing.x
print([list(vars(thing)) for thing in fresh], [load(thing) for thing in fresh])
for thing in fresh:
    del thing.z, thing.w, thing.y
print([vars(thing) for thing in fresh], shown(fresh[0]))
try:
    del fresh[0].z
except AttributeError as error:
    print(error)
owner.last = Hears("one")
del owner.last
owner.last = Hears("two")
owner.last = 1
del owner.last
many = Plain()
for n in range(40):
    setattr(many, f"n{n}", n)
for n in reversed(range(40)):
    delattr(many, f"n{n}")
    if n % 8 == 0:
        print(n, list(vars(many)))
many.again = 5
print(vars(many), hasattr(many, "n3"), many.again)


class Full:
    pass


def fill(thing, names):
    for turn in range(3):
        for name in names:
            setattr(thing, name, turn)
        thing.tail = turn
        del thing.tail
    thing.tail = "end"
    return list(vars(thing).items())


print(fill(Full(), "abcdefgh"), fill(Full(), ""), fill(Full(), "q"))
gc.collect()
