# tracemalloc: traces of objects, their places and sizes; what is told of both.
import gc, sys, tracemalloc, warnings
import _tracemalloc

print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit(), tracemalloc.get_traced_memory())
print(tracemalloc._get_traces(), tracemalloc.get_object_traceback([]))
for wrong in (0, -1, 1 << 16, 1 << 40, "a", 1.5):
    try:
        tracemalloc.start(wrong)
    except Exception as e:
        print(type(e).__name__, e)
try:
    tracemalloc.take_snapshot()
except RuntimeError as e:
    print(e)


class Thing:
    pass


def make(n):
    return [Thing() for _ in range(n)]


def outer():
    return make(3)


def place(thing):
    found = tracemalloc.get_object_traceback(thing)
    return found and [frame.lineno for frame in found]


before = Thing()
tracemalloc.start(3)
print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())
print(place(before), place(5), place(None), place(Thing))
things = outer()
print([place(thing) for thing in things])
tracemalloc.start(9)
print(tracemalloc.get_traceback_limit())

# Small, large and very large blocks come and go.
for size in (10, 1000, 50_000, 3_000_000):
    low, _ = tracemalloc.get_traced_memory()
    data = bytearray(size)
    high, _ = tracemalloc.get_traced_memory()
    print(size <= high - low < size + 500, end=" ")
    tracemalloc.reset_peak()
    del data
    now, peak = tracemalloc.get_traced_memory()
    print(abs(now - low) < 500, peak >= high, end=" ")
    tracemalloc.reset_peak()
    now, peak = tracemalloc.get_traced_memory()
    print(peak - now < 500)

# What grows where it lies belongs to the place where it last did.
grown = []
for i in range(100_000):
    grown.append(None)
snapshot = tracemalloc.take_snapshot()
statistics = snapshot.statistics("lineno")
lines = open(__file__).read().splitlines() if __file__.endswith(".py") else []
biggest = statistics[0]
print(biggest.size > 700_000, biggest.count, biggest.traceback[0].lineno)
del grown

# Equal tracebacks are one object.
many = [Thing() for _ in range(50)]
raw = tracemalloc._get_traces()
of_line = {}
for domain, size, frames, depth in raw:
    of_line.setdefault(frames, set()).add(id(frames))
print(all(len(ids) == 1 for ids in of_line.values()), {trace[0] for trace in raw})

# A generator's frame, a class body, a function made by exec.
def produce():
    yield Thing()


made = {}
exec(compile("\n\n\nthing = Thing()\n", "<made>", "exec"), globals(), made)
for thing in (next(produce()), made["thing"]):
    found = tracemalloc.get_object_traceback(thing)
    print(found[-1].lineno, found[-1].filename == __file__, len(found))


class Deep:
    def __init__(self, n):
        self.inner = Deep(n - 1) if n else Thing()


deep = Deep(5)
while isinstance(deep, Deep):
    deep = deep.inner
found = tracemalloc.get_object_traceback(deep)
print(len(found), found.total_nframe, [frame.lineno for frame in found])

tracemalloc.clear_traces()
print(tracemalloc.get_traced_memory()[0] < 2000, place(many[0]), tracemalloc.is_tracing())
one = Thing()
print(place(one), tracemalloc.get_tracemalloc_memory() > 0)
tracemalloc.stop()
print(tracemalloc.is_tracing(), place(one), tracemalloc.get_traced_memory(), tracemalloc._get_traces())
two = Thing()
tracemalloc.start()
print(tracemalloc.get_traceback_limit(), place(two), place(Thing()))
# A cycle that is collected takes its traces along.
def cycles():
    for _ in range(1000):
        a, b = Thing(), Thing()
        a.b, b.a = b, a


cycles()
gc.collect()
low = tracemalloc.get_traced_memory()[0]
cycles()
gc.collect()
print(abs(tracemalloc.get_traced_memory()[0] - low) < 20_000)

# The source of a warning is shown with the place where it was made.
warnings.simplefilter("always")
sys.stderr = sys.stdout


def unclosed():
    return open(sys.executable, "rb", buffering=0)


def shown(message):
    text = warnings._formatwarnmsg(message)
    return [line.strip() for line in text.splitlines() if "lineno" in line or "Object allocated" in line]


seen = []
warnings._showwarnmsg_impl = lambda message: seen.extend(shown(message))
file = unclosed()
del file
print([line.replace(__file__, "FILE") for line in seen])
tracemalloc.stop()
sys.stderr = sys.__stderr__
