# Locks: how they are taken, let go of, waited for, and misused.
import _thread


def attempt(what, function, *args, **named):
    try:
        print(what, function(*args, **named))
    except Exception as error:
        print(what, type(error).__name__, error)


lock = _thread.allocate_lock()
print(_thread.LockType is type(lock), _thread.LockType is _thread.lock, repr(lock).split(" at ")[0])
attempt("first", lock.acquire)
attempt("again", lock.acquire, False)
attempt("by name", lock.acquire, blocking=False)
attempt("no time", lock.acquire, True, 0)
attempt("little time", lock.acquire, True, 0.001)
attempt("little time", lock.acquire, timeout=0.001)
attempt("not blocking, with time", lock.acquire, False, 1)
attempt("not blocking, with no time", lock.acquire, False, 0)
attempt("not blocking, endless", lock.acquire, False, -1)
attempt("below zero", lock.acquire, True, -2)
attempt("just below zero", lock.acquire, True, -0.5)
attempt("far too long", lock.acquire, True, 1e20)
attempt("too long", lock.acquire, True, 10**10)
attempt("str", lock.acquire, True, "x")
attempt("None", lock.acquire, True, None)
attempt("NaN", lock.acquire, True, float("nan"))
attempt("three", lock.acquire, 1, 2, 3)
attempt("unknown", lock.acquire, foo=1)
print(lock.locked(), lock.locked_lock(), repr(lock).split(" at ")[0])
attempt("release", lock.release)
attempt("release again", lock.release)
attempt("other names", lock.acquire_lock)
attempt("other names", lock.release_lock)
with lock as taken:
    print("within", taken, lock.locked())
print("behind", lock.locked())
try:
    with lock:
        raise KeyError("out")
except KeyError as error:
    print(error, lock.locked())
lock.acquire()
lock._at_fork_reinit()
print("as new", lock.locked())
attempt("argument", _thread.lock, 1)
attempt("named argument", _thread.lock, a=1)
try:
    class Sub(_thread.lock):
        pass
except TypeError as error:
    print(error)

# A recursive one.
again = _thread.RLock()
print(again.acquire(), again.acquire(), again._recursion_count(), again._is_owned(), again.locked())
print(repr(again).split(" owner=")[0], repr(again).split(" count=")[1].split(" at ")[0])
state = again._release_save()
print(state[0], state[1] == _thread.get_ident(), again._recursion_count(), again.locked())
again._acquire_restore(state)
print(again._recursion_count())
for wrong in [(), (1,), (1, 2, 3), 5]:
    attempt("restore", again._acquire_restore, wrong)
again.release()
again.release()
attempt("one too many", again.release)
attempt("nothing to save", again._release_save)
print(repr(again).split(" at ")[0])
with again as taken:
    print(taken, again.acquire(timeout=1), again._recursion_count())
    again.release()
attempt("not blocking, with time", again.acquire, False, 1)
attempt("below zero", again.acquire, True, -5)


class Counted(_thread.RLock):
    def __init__(self):
        self.entered = 0

    def __enter__(self):
        self.entered += 1
        return super().__enter__()


counted = Counted()
with counted:
    with counted:
        print(counted.entered, counted._recursion_count())
print(counted.locked())


# Who does not have it cannot release it.
def other(lock, out):
    out.append(lock._is_owned())
    out.append(lock._recursion_count())
    out.append(lock.acquire(False))
    try:
        lock.release()
    except RuntimeError as error:
        out.append(str(error))


again.acquire()
seen = []
_thread.start_joinable_thread(lambda: other(again, seen)).join()
print(seen, again._recursion_count())
again.release()

# A plain lock is released by whom you like.
lock.acquire()
_thread.start_joinable_thread(lock.release).join()
print(lock.locked())

# A lock that is waited for.
order = []
lock.acquire()


def waits(name):
    with lock:
        order.append(name)


handles = [_thread.start_joinable_thread(lambda name=name: waits(name)) for name in range(8)]
order.append("main")
lock.release()
for handle in handles:
    handle.join()
print(order[0], sorted(order[1:]))
