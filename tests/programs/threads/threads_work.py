# Eight threads that count, wait, allocate, raise and die.
import _thread
import gc
import sys
import time

sys.setswitchinterval(1e-6)
lock = _thread.allocate_lock()
again = _thread.RLock()
total = 0
by_thread = [0] * 8
deaths = []
cycles = []
caught = [0] * 8


class Dies:
    def __init__(self, number):
        self.number = number

    def __del__(self):
        deaths.append(self.number)


class Cycle:
    def __init__(self, number):
        self.me = self
        self.number = number

    def __del__(self):
        cycles.append(self.number)


def count(number, rounds):
    global total
    for _ in range(rounds):
        with lock:
            total += 1
        by_thread[number] += 1


def nested(depth):
    with again:
        if depth:
            return nested(depth - 1) + 1
        return again._recursion_count()


def fail(depth):
    if depth == 0:
        raise ValueError("deep")
    try:
        fail(depth - 1)
    finally:
        list(range(depth))


def numbers(count):
    for number in range(count):
        yield number
        {number: [str(number)] * 3}


def work(number):
    count(number, 50)
    assert nested(5) == 11
    for round in range(10):
        Dies(number)
        Cycle(number)
        try:
            fail(6)
        except ValueError as error:
            caught[number] += 1
            depth = 0
            entry = error.__traceback__
            while entry:
                depth += 1
                entry = entry.tb_next
            assert depth == 8, depth
        assert sum(numbers(30)) == 435
        names = {f"{number}-{n}": n for n in range(30)}
        assert sorted(names.values()) == list(range(30))
        if round % 5 == number % 5:
            time.sleep(0.0001)
            gc.collect()
    count(number, 50)


handles = [_thread.start_joinable_thread(lambda number=number: work(number)) for number in range(8)]
for handle in handles:
    handle.join()
gc.collect()
print(total, by_thread, caught)
print([deaths.count(number) for number in range(8)], [cycles.count(number) for number in range(8)])
print(_thread._count())

# Many that begin and end, some before others have.
ended = []
for round in range(10):
    handles = [_thread.start_joinable_thread(lambda: ended.append(round)) for _ in range(10)]
    for handle in reversed(handles):
        handle.join()
print(len(ended), _thread._count())

# A thread starts threads.
tree = []


def grow(depth):
    with lock:
        tree.append(depth)
    if depth:
        for handle in [_thread.start_joinable_thread(lambda: grow(depth - 1)) for _ in range(2)]:
            handle.join()


grow(4)
print([tree.count(depth) for depth in range(5)])
