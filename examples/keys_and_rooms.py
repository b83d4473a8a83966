"""A tour of the inn: names are keys, objects are rooms.

Run it with ryokan or with CPython 3.14: all but the last stop print the same.
"""

import gc
import sys


def stop(title):
    print(f"\n== {title}")


def tell(what, found, because):
    print(f"{what:<44}{found!s:<8} {because}")


class Room:
    """An ordinary object; it says when it is let go."""

    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(f"   (the room {self.name!r} is swept)")


stop("A name is a key")
pine = Room("pine")
guest = pine
tell("guest is pine", guest is pine, "assignment copies the key, never the room")
guest.lamp = "lit"
tell("pine.lamp", pine.lamp, "so what is done by one key is seen by the other")
twin = [1, 2]
other = [1, 2]
tell("twin == other", twin == other, "== asks whether two rooms are furnished alike")
tell("twin is other", twin is other, "is asks whether they are the same room")

stop("Small numbers live in the house for ever")
for text in ("-6", "-5", "256", "257"):
    a, b = int(text), int(text)
    tell(f"int({text!r}) is int({text!r})", a is b, "one room for all guests" if a is b else "outside -5..256 each number gets a room")
big = int("1000")
box = [big, big]
tell("box[0] is box[1] is big", box[0] is box[1] is big, "a number keeps its identity wherever its key hangs")
tell("big + 0 is big", big + 0 is big, "but a computed number is a new one")

stop("Strings: interning")
a = "wtf"
b = "".join(["w", "tf"])
tell("'wtf' is 'w' + 'tf', joined at run time", a is b, "made at run time: a room of its own")
tell("  after sys.intern", a is sys.intern(b), "interned: the one room of that text")


def one():
    return "wtf!"


def two():
    return "wtf!"


tell("constants of two functions", one() is two(), "one compilation keeps one copy of a constant")

stop("Counting keys")
tell("sys.getrefcount(pine)", sys.getrefcount(pine), "the keys pine and guest, and one lent to getrefcount")
shelf = [pine, pine]
tell("  with a list that holds it twice", sys.getrefcount(pine), "a container's slots are keys too")
del shelf, guest
tell("  after del shelf, guest", sys.getrefcount(pine), "del hands in a key; it does not touch the room")
print("Now the last key goes:")
del pine
print("and the room was free at that very line.")


def visit():
    moon = Room("moon")
    return len(moon.name)


print("A local name is a key that is handed in at return:")
visit()

stop("Two rooms that hold each other's keys")
east, west = Room("east"), Room("west")
east.door, west.door = west, east
del east, west
print("No name is left, yet neither room is swept: each still counts one key. The collector looks for such rings:")
found = gc.collect()
tell("gc.collect()", found, "unreachable objects found and freed")

stop("What a key of a dict must be")
book = {1: "int"}
book[1.0] = "float"
book[True] = "bool"
tell("{1, 1.0, True} as keys", book, "equal keys with equal hashes are one key; the first stays")
try:
    book[[1]] = "list"
except TypeError as e:
    tell("a list as a key", "refused", e)

stop("Shared furniture")
rows = [[0] * 3] * 2
rows[0][0] = 1
tell("[[0] * 3] * 2", rows, "two keys to one list")


def note(what, log=[]):
    log.append(what)
    return log


note("first")
tell("a list as a default", note("second"), "defaults are made once, when def runs")

class Quiet:
    """A room that says nothing when it is let go."""

    def __init__(self, number):
        self.number = number


stop("What a room costs (only on ryokan)")
try:
    import ryokan
except ImportError:
    print("This Python is not ryokan; there, this stop shows the size of objects and of the heap.")
else:
    print(f"{'':<26}{'here':>6} {'CPython':>8}")
    for value in (1, 1000, 10**20, 1.5, "", "key", (), (1, 2), [], [1], {}, {"a": 1}, set()):
        print(f"{value!r:<26}{ryokan.room(value).bytes:>6} {ryokan.cpython_size(value):>8}")
    before = ryokan.snapshot()
    keep = [Quiet(number) for number in range(1000)]
    print("\nWhat a thousand rooms add to the heap:")
    print(ryokan.snapshot() - before)
    print("\nWhy one of them is alive:")
    print(ryokan.path_to(keep[7]))
    keep.clear()

    stop("A picture")
    import os
    import tempfile

    north, south = Room("north"), Room("south")
    north.door, south.door = south, north
    picture = ryokan.draw(north, {"guests": [north, 7, 70_000]}, note)
    file = os.path.join(tempfile.gettempdir(), "keys_and_rooms.svg")
    picture.save(file)
    print(f"Two rooms that hold each other's keys, and who holds theirs: {file}")
    north.door = None
