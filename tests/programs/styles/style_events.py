"""An event simulation: a shop with tills, customers who lose patience, a clock of events in a heap."""
import heapq
import sys
from dataclasses import dataclass, field


class Noise:
    """Numbers that look random and are the same everywhere."""

    def __init__(self, seed):
        self.state = seed

    def next(self, below):
        self.state = (self.state * 1103515245 + 12345) % 2147483648
        return (self.state >> 8) % below


@dataclass(order=True)
class Event:
    time: int
    number: int
    action: object = field(compare=False)
    args: tuple = field(compare=False, default=())


class Clock:
    def __init__(self):
        self.now, self.count, self.heap = 0, 0, []

    def after(self, delay, action, *args):
        self.count += 1
        event = Event(self.now + delay, self.count, action, args)
        heapq.heappush(self.heap, event)
        return event

    def run(self, until):
        while self.heap and self.heap[0].time <= until:
            event = heapq.heappop(self.heap)
            self.now = event.time
            if event.action is not None:
                event.action(*event.args)


@dataclass
class Customer:
    name: str
    items: int
    patience: int
    arrived: int = 0
    leaving: Event | None = None


class Shop:
    def __init__(self, clock, noise, tills):
        self.clock, self.noise = clock, noise
        self.queue, self.free = [], list(range(tills))
        self.served, self.lost, self.waited, self.longest, self.log = 0, 0, 0, 0, []

    def arrive(self, number):
        customer = Customer(f"c{number}", 1 + self.noise.next(12), 20 + self.noise.next(60), self.clock.now)
        customer.leaving = self.clock.after(customer.patience, self.give_up, customer)
        self.queue.append(customer)
        self.longest = max(self.longest, len(self.queue))
        self.serve()
        self.clock.after(1 + self.noise.next(9), self.arrive, number + 1)

    def serve(self):
        while self.free and self.queue:
            till, customer = self.free.pop(), self.queue.pop(0)
            customer.leaving.action = None
            self.waited += self.clock.now - customer.arrived
            self.clock.after(3 + 2 * customer.items, self.done, till, customer)

    def done(self, till, customer):
        self.served += 1
        if customer.items > 11:
            self.log.append(f"{self.clock.now}: {customer.name} leaves till {till} with {customer.items}")
        self.free.append(till)
        self.serve()

    def give_up(self, customer):
        if customer in self.queue:
            self.queue.remove(customer)
            self.lost += 1


def simulate(tills, seed, until):
    clock = Clock()
    shop = Shop(clock, Noise(seed), tills)
    clock.after(0, shop.arrive, 0)
    clock.run(until)
    return shop


for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    shops = [simulate(tills, 7 + tills, 2000) for tills in (1, 2, 3, 4)]
for tills, shop in enumerate(shops, 1):
    mean = shop.waited / max(shop.served, 1)
    print(f"{tills} tills: {shop.served:4} served, {shop.lost:4} lost, {mean:6.2f} mean wait, {shop.longest:3} longest")
print(*shops[2].log[:5], sep="\n")
print(Customer("x", 1, 2) == Customer("x", 1, 2), sorted([Event(2, 1, print), Event(1, 9, None)])[0].number)
