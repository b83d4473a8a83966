"""`_queue`: SimpleQueue, alone, between threads, and with hostile company."""
import _queue
import gc
import queue
import threading
import weakref


def attempt(f, *args, **names):
    try:
        return f(*args, **names)
    except BaseException as e:
        return f"{type(e).__name__}: {e}"


q = _queue.SimpleQueue()
print(queue.SimpleQueue is _queue.SimpleQueue, queue.Empty is _queue.Empty, q.empty(), q.qsize(), _queue.Empty.__mro__)
for item in range(3):
    print(q.put(item), q.put_nowait(str(item)))
print(q.qsize(), q.empty(), q.get(), q.get_nowait(), q.get(False), q.get(timeout=1), q.get(True, 0.5), q.get(block=1), q.qsize())
for args, names in [((False,), {}), ((True, 0), {}), ((True, 0.01), {}), ((True, -1), {}), ((True, "x"), {}), ((True, 1j), {}), ((False, "x"), {}), ((False, -1), {}), ((True, float("nan")), {}), ((True, 10**30), {}), ((True, 1, 2), {}), ((), {"timeouts": 1})]:
    print(args, names, attempt(q.get, *args, **names).split(" (", 1)[0])
print(attempt(q.get_nowait), attempt(q.put), attempt(q.put, 1, True, -1), attempt(q.put, 2, timeout="any"), q.qsize(), q.get(), q.get())
print(attempt(_queue.SimpleQueue, 1), attempt(_queue.SimpleQueue, a=1), _queue.SimpleQueue[int], attempt(hash, q) == hash(q))


class Named(_queue.SimpleQueue):
    def __init__(self, name):
        self.name = name


n = Named("n")
n.put(n)
print(n.name, n.get() is n, attempt(Named))
ref = weakref.ref(n)
n.put(n)
del n
gc.collect()
print(ref())


class Bad:
    def __bool__(self):
        raise ZeroDivisionError("no truth")


class Later:
    def __index__(self):
        q.put("put by __index__")
        return 0


class Dying:
    def __del__(self):
        q.put("last words")


print(attempt(q.get, Bad()), attempt(q.put, 1, Bad()), q.qsize(), q.get(True, Later()))
q.put(Dying())
q.get()
print(q.get())
gone = _queue.SimpleQueue()
gone.put(Dying())
gone.put(gone)
del gone
gc.collect()
print(q.get(), q.qsize())

results, done = _queue.SimpleQueue(), object()


def work():
    while (item := q.get()) is not done:
        results.put(item * 2)


threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads:
    t.start()
for n in range(500):
    q.put(n)
for _ in threads:
    q.put(done)
for t in threads:
    t.join()
found = [results.get_nowait() for _ in range(results.qsize())]
print(len(found), sum(found), sorted(found) == [2 * n for n in range(500)], q.empty())
waiter = threading.Thread(target=lambda: results.put(q.get(timeout=30)))
waiter.start()
q.put("arrived")
waiter.join()
print(results.get())
