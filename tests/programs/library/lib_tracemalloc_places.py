# tracemalloc: the frames of a trace are those of the stack, whoever calls whom, from how deep, and whichever codes have died meanwhile.
import gc, sys, threading, tracemalloc


class Thing:
    def __init__(self):
        self.items = []


def where(limit):
    frame, places = sys._getframe(1), []
    while frame and len(places) < limit:
        places.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return places


class Chance:
    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = self.state * 1103515245 + 12345 & 0x7FFFFFFF
        return (self.state >> 8) % n


made = []


def make(limit):
    made.append((Thing(), where(limit)))


def again(chance, depth, limit):
    way = chance.below(6) if depth else 0
    if way == 0:
        make(limit)
        make(limit)
    elif way == 1:
        again(chance, depth - 1, limit); again(chance, depth - 2 if depth > 1 else 0, limit)
    elif way == 2:
        [again(chance, depth - 1, limit) for _ in range(2)]
    elif way == 3:
        sorted([2, 1], key=lambda n: again(chance, depth - 1, limit) or n)
    elif way == 4:
        for _ in steps(chance, depth, limit):
            make(limit)
    else:
        list(map(lambda n: again(chance, n, limit), [depth - 1]))


def steps(chance, depth, limit):
    made.append((Thing(), where(limit)))
    yield 1
    again(chance, depth - 1, limit)
    yield 2


def wrong(limit):
    count = 0
    for thing, places in made:
        found = tracemalloc.get_object_traceback(thing)
        frames = [(frame.filename, frame.lineno) for frame in reversed(found)]
        count += frames != places
    made.clear()
    return count


for limit in (1, 2, 5, 16, 40):
    tracemalloc.start(limit)
    chance = Chance(limit)
    for turn in range(150):
        again(chance, 2 + turn % 14, limit)
        if turn == 70:
            tracemalloc.clear_traces()
            made.clear()
    total = len(made)
    print(limit, total > 1000, wrong(limit))
    tracemalloc.stop()

# Codes come and go, and the next one lies where the last one lay.
tracemalloc.start(3)
names = {"make": make, "Thing": Thing, "where": where, "made": made}
for turn in range(700):
    text = "\n" * (turn % 9) + "made.append((Thing(), where(3)))" + "\nmake(3)" * (turn % 3)
    exec(compile(text, f"<code {turn % 5}>", "exec"), dict(names))
    if turn % 100 == 0:
        gc.collect()
print(len(made), wrong(3))


def work(n):
    for _ in range(n):
        make(3)


for n in range(40):
    thread = threading.Thread(target=work, args=(n,))
    thread.start()
    thread.join()
print(len(made), wrong(3))
tracemalloc.stop()
