# The gc module: counts, thresholds, tracking, referrers and referents.
import gc

print(gc.isenabled(), gc.get_threshold())
gc.disable()
print(gc.isenabled())
gc.enable()
print(gc.isenabled())
old = gc.get_threshold()
gc.set_threshold(500, 5, 7)
print(gc.get_threshold())
gc.set_threshold(800)
print(gc.get_threshold())
gc.set_threshold(*old)
gc.disable()
print(gc.get_threshold() == old, len(gc.get_count()), gc.get_debug())
gc.collect()
print(gc.collect(), gc.collect(0), gc.collect(1), gc.collect(2))
for bad in (-1, 3, "x", None, 1.5):
    try:
        gc.collect(bad)
    except Exception as e:
        print(type(e).__name__, e)


class Plain:
    pass


class Slots:
    __slots__ = ("a",)


class NoSlots:
    __slots__ = ()


p = Plain()
for name, o in (("int", 5), ("float", 1.5), ("str", "s"), ("None", None), ("list", []), ("list of ints", [1]), ("dict", {}), ("dict of ints", {1: 2}), ("dict of lists", {1: []}), ("empty tuple", ()), ("instance", p), ("slots", Slots()), ("no slots", NoSlots()), ("set", set()), ("frozenset", frozenset([1])), ("function", gc.collect), ("lambda", lambda: 0), ("class", Plain), ("type", int), ("range", range(3)), ("bytes", b""), ("bytearray", bytearray()), ("generator", (x for x in ())), ("slice", slice(1)), ("method", [].append), ("bound", p.__init__), ("object", object()), ("cell", (lambda v: lambda: v)(1).__closure__[0]), ("iterator", iter([])), ("code", (lambda: 0).__code__), ("exception", ValueError()), ("property", property()), ("super", super(Plain, p)), ("module", gc), ("enumerate", enumerate([])), ("zip", zip())):
    print(name, gc.is_tracked(o))
t1 = (1, 2, "x")
t2 = ([],)
gc.collect()
print("tuples after a collection:", gc.is_tracked(t1), gc.is_tracked(t2), gc.is_tracked(tuple([1, 2])))
print(gc.is_finalized(p), gc.is_finalized(5))
inner = [1]
outer = {"k": inner}
holder = (inner,)
p.attr = inner
refs = gc.get_referrers(inner)
print("referrers:", any(r is outer for r in refs), any(r is holder for r in refs), any(r is globals() for r in refs), any(r is p or r is p.__dict__ for r in refs), any(r is t1 for r in refs))
print("referents:", gc.get_referents(outer), sorted(map(repr, gc.get_referents([1, "a", None]))), gc.get_referents(holder), gc.get_referents(5), gc.get_referents("x"), gc.get_referents())
print(sorted(map(repr, gc.get_referents([1, 2], (3,), {"k": "v"}))), any(o is inner for o in gc.get_objects()), any(o is outer for o in gc.get_objects()))
print(gc.get_referrers(Plain()), type(gc.get_stats()).__name__, len(gc.get_stats()), sorted(gc.get_stats()[0]))
print(gc.garbage, gc.callbacks, gc.get_freeze_count())
events = []


def cb(phase, info):
    events.append((phase, sorted(info), info["generation"], info["collected"] if phase == "stop" else None))


gc.callbacks.append(cb)
c = []
c.append(c)
del c
gc.collect()
gc.callbacks.remove(cb)
print(events)


class Counted:
    alive = 0

    def __init__(self):
        self.me = self
        Counted.alive += 1

    def __del__(self):
        Counted.alive -= 1


for _ in range(50):
    Counted()
print("disabled, all alive:", Counted.alive)
print(gc.collect(), Counted.alive)
gc.enable()
for _ in range(50000):
    Counted()
print("enabled, few alive:", Counted.alive < 25000)
gc.collect()
print(Counted.alive)
a = [1]
b = [a]
a.append(b)
n = gc.get_referents(a)
print(len(n), n[1] is b)
try:
    gc.set_threshold("x")
except TypeError as e:
    print(e)
