# Discrete event simulation: processes are generators, a scheduler drives them.
class Simulation:
    def __init__(self): self.now, self.queue, self.count, self.log = 0, [], 0, []
    def at(self, t, proc):
        self.count += 1
        self.queue.append((t, self.count, proc))
        self.queue.sort(key=lambda e: (e[0], e[1]), reverse=True)
    def start(self, proc, delay=0): self.at(self.now + delay, proc); return proc
    def run(self, until):
        while self.queue and self.queue[-1][0] <= until:
            self.now, _, proc = self.queue.pop()
            self.step(proc)
        self.now = until
    def step(self, proc, value=None):
        try: what = proc.send(value)
        except StopIteration as e:
            if e.value is not None: self.log.append(f"{self.now:>3} ended with {e.value}")
            return
        match what:
            case int(n): self.at(self.now + n, proc)
            case ("get", res): res.request(self, proc)
            case ("put", res): res.release(self); self.at(self.now, proc)
            case _: proc.throw(TypeError(f"process yielded {what!r}"))
    def say(self, *a): self.log.append(f"{self.now:>3} " + " ".join(map(str, a)))
class Resource:
    def __init__(self, n): self.free, self.waiting, self.longest = n, [], 0
    def request(self, sim, proc):
        if self.free: self.free -= 1; sim.at(sim.now, proc)
        else: self.waiting.append(proc); self.longest = max(self.longest, len(self.waiting))
    def release(self, sim):
        if self.waiting: sim.at(sim.now, self.waiting.pop(0))
        else: self.free += 1
def guest(sim, name, rooms, nights, stats):
    arrived = sim.now
    sim.say(name, "arrives")
    yield "get", rooms
    stats.append(sim.now - arrived)
    sim.say(name, "gets a room after", sim.now - arrived)
    try: yield from stay(sim, name, nights)
    finally: yield "put", rooms
    sim.say(name, "leaves")
    return name if nights > 4 else None
def stay(sim, name, nights):
    yield nights - nights // 2
    if nights % 4 == 3: sim.say(name, "takes a bath"); yield 1
    yield nights // 2
def arrivals(sim, rooms, n, stats):
    seed = 3
    for i in range(n):
        seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
        sim.start(guest(sim, f"guest{i}", rooms, seed // 65536 % 7 + 1, stats))
        yield seed // 1024 % 3 + 1
def broken(sim):
    try: yield "nonsense"
    except TypeError as e: sim.say("broken:", e)
    yield 1
sim, rooms, stats = Simulation(), Resource(2), []
sim.start(arrivals(sim, rooms, 9, stats))
b = sim.start(broken(sim), 5)
sim.run(20)
print("\n".join(sim.log))
print("at 20:", len(sim.queue), "events,", len(rooms.waiting), "wait")
sim.log.clear()
sim.run(200)
print("\n".join(sim.log))
print(sim.now, stats, sum(stats) / len(stats), rooms.longest, rooms.free)
b.close()
