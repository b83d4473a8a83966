# gc.freeze: what is frozen is neither examined nor collected; gc.set_debug: what is kept.
import gc
import weakref


class Node:
    pass


gc.collect()
print(gc.get_freeze_count(), gc.freeze(), gc.get_freeze_count() > 100, gc.get_count()[1:])
fresh = Node()
print(any(o is fresh for o in gc.get_objects()), any(o is Node for o in gc.get_objects()))
print(gc.is_tracked(Node), gc.is_tracked((1, [])), Node in object.__subclasses__())


def cycle():
    node = Node()
    node.self = node
    return weakref.ref(node)


kept = cycle()
gone = cycle()
gc.collect()
print(kept(), gone())
kept = cycle()
gc.freeze()
gone = cycle()
gc.collect()
print(kept() is not None, gone() is None)
# One that dies by its count dies frozen, too.
node = Node()
dies = weakref.ref(node)
gc.freeze()
del node
print(dies())
gc.unfreeze()
print(gc.get_freeze_count(), gc.collect() > 0, kept())
print(gc.unfreeze(), gc.get_freeze_count())

print(gc.get_debug(), gc.DEBUG_LEAK == gc.DEBUG_COLLECTABLE | gc.DEBUG_UNCOLLECTABLE | gc.DEBUG_SAVEALL)
for wrong in ("x", 1.5, 1 << 40):
    try:
        gc.set_debug(wrong)
    except Exception as e:
        print(type(e).__name__, e)
gc.set_debug(gc.DEBUG_SAVEALL)
print(gc.get_debug() == gc.DEBUG_SAVEALL)


finalized = []


class Loud:
    def __del__(self):
        finalized.append(self.name)


def loud(name):
    a, b = Loud(), Loud()
    a.name, b.name = name, name + "'"
    a.other, b.other = b, a
    return weakref.ref(a, lambda ref: print("reference", ref() is None))


ref = loud("one")
print(gc.collect(), len(gc.garbage), sorted(o.name for o in gc.garbage), ref())
print(gc.garbage[0].other is gc.garbage[1])
gc.set_debug(0)
gc.garbage.clear()
print(gc.collect(), gc.garbage)
ref = loud("two")
print(gc.collect(), gc.garbage, sorted(finalized))
