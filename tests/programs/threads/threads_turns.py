# Nobody is kept waiting by a thread that computes.
import _thread
import sys
import time

stop = False
computed = 0


def compute():
    global computed
    while not stop:
        computed += 1


def compute_calls():
    def step():
        return stop

    while not step():
        pass


def compute_natively():
    while not stop:
        sorted(range(50), key=lambda n: -n)


def compute_generator():
    def endless():
        while True:
            yield stop

    for end in endless():
        if end:
            break


lock = _thread.allocate_lock()
lock.acquire()
handles = [
    _thread.start_joinable_thread(f) for f in (compute, compute_calls, compute_natively, compute_generator)
]
# Another one lets go of the lock that the main thread waits for, in the middle of all that.
handles.append(_thread.start_joinable_thread(lock.release))
print(lock.acquire())
time.sleep(0.001)
print("slept")
seen = []
for _ in range(5):
    handle = _thread.start_joinable_thread(lambda: seen.append(1))
    handle.join()
print(len(seen))
while not computed:
    time.sleep(0.001)
stop = True
for handle in handles:
    handle.join()
print(computed > 0)

# Two that hand a ball to each other while a third computes.
stop = False
third = _thread.start_joinable_thread(compute)
ping, pong = _thread.allocate_lock(), _thread.allocate_lock()
ping.acquire()
pong.acquire()
hits = []


def play():
    for _ in range(20):
        ping.acquire()
        hits.append("pong")
        pong.release()


player = _thread.start_joinable_thread(play)
for _ in range(20):
    hits.append("ping")
    ping.release()
    pong.acquire()
stop = True
third.join()
player.join()
print(hits == ["ping", "pong"] * 20)

# A generator runs in one thread at a time.
gate, entered = _thread.allocate_lock(), _thread.allocate_lock()
gate.acquire()
entered.acquire()


def slow():
    entered.release()
    gate.acquire()
    yield 1
    yield 2


generator = slow()
results = []
runner = _thread.start_joinable_thread(lambda: results.append(next(generator)))
entered.acquire()
try:
    next(generator)
except ValueError as error:
    print(error)
gate.release()
runner.join()
print(results, next(generator))

# The exception being handled is each thread's own.
handled = []


def handles_own():
    handled.append(sys.exception())
    try:
        raise KeyError("thread's")
    except KeyError:
        entered.release()
        gate.acquire()
        handled.append(repr(sys.exception()))
    handled.append(sys.exception())


try:
    raise ValueError("main's")
except ValueError:
    runner = _thread.start_joinable_thread(handles_own)
    entered.acquire()
    print(repr(sys.exception()))
gate.release()
runner.join()
print(handled, sys.exception())

# So is what is being shown, and how deep it is.
class Slow:
    def __repr__(self):
        entered.release()
        gate.acquire()
        return "slow"


items = [Slow()]
shown = []
runner = _thread.start_joinable_thread(lambda: shown.append(repr(items)))
entered.acquire()
items[0] = 5
print(repr(items))
gate.release()
runner.join()
print(shown)


def depth(n):
    try:
        return depth(n + 1)
    except RecursionError:
        return n


deep = []
for handle in [_thread.start_joinable_thread(lambda: deep.append(depth(0))) for _ in range(3)]:
    handle.join()
print([n > 900 for n in deep])
