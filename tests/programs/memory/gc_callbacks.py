# Who is told of collections: in order, with one dict for all, by the collector's own list; also of those that nobody asked for.
import gc


def told(phase, info):
    print(phase, info)


class Node:
    def __del__(self):
        print("gone")


def ring():
    node = Node()
    node.node = node


gc.collect()
gc.callbacks.append(told)
ring()
gc.collect()
gc.collect(0)
gc.collect(generation=1)


def marks(phase, info):
    info["seen"] = info.get("seen", 0) + 1


gc.callbacks[:] = [marks, marks, told]
print(gc.collect())


# What one raises is told of, and the others hear all the same.
def fails(phase, info):
    raise ValueError(phase)


gc.callbacks[:] = [fails, told, 5]
gc.collect()


# A collection within one is none.
def collects(phase, info):
    print("in", phase, gc.collect(), gc.isenabled())


gc.callbacks[:] = [collects, told]
ring()
print(gc.collect())


# The list may change on the way.
def leaves(phase, info):
    print("leaves", phase)
    gc.callbacks.remove(leaves)


gc.callbacks[:] = [leaves, told]
gc.collect()


def brings(phase, info):
    print("brings", phase)
    if len(gc.callbacks) < 4:
        gc.callbacks.append(told)


gc.callbacks[:] = [brings]
gc.collect(1)

# An exception on its way stays what it is.
gc.callbacks[:] = [fails]
try:
    try:
        raise KeyError("first")
    finally:
        gc.callbacks[:] = [told]
        gc.collect()
except KeyError as error:
    print(repr(error), error.__context__)

# Nobody asked for these.
events = []
gc.callbacks[:] = [lambda phase, info: events.append((phase, info["generation"], info["collected"] > 0, len(info)))]
for _ in range(30000):
    pair = []
    pair.append(pair)
gc.callbacks.clear()
gc.collect()
print(len(events) > 6, len(events) % 2)
print(sorted(set(events[:6])))
print([phase for phase, *_ in events[:4]])

# The names in the module are names, and the lists the collector's.
kept = gc.callbacks
gc.callbacks = None
kept.append(told)
gc.collect()
garbage = gc.garbage
del gc.callbacks, gc.garbage
gc.set_debug(gc.DEBUG_SAVEALL)
ring()
gc.collect()
gc.set_debug(0)
print(len(garbage), type(garbage[0]).__name__)
garbage.clear()
import sys

del sys.modules["gc"]
import gc as again

print(again.callbacks is kept, again.garbage is garbage, again is gc)
kept.clear()


# At the end garbage goes first, and who is told of it is told.
class Last:
    def __del__(self):
        print("last", self.name)


def at_end(phase, info):
    print("at end", phase, info["generation"])


last = Last()
last.name = last.self = "a name"
last.self = last
del last
import atexit

atexit.register(print, "atexit")
gc.collect = None
again.callbacks.append(at_end)
