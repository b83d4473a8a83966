"""Priority queues by hand: a binary heap with changing priorities, a pairing heap, a bucket queue; shortest ways through a grid by each."""
import sys


class Binary:
    def __init__(self):
        self.items, self.places = [], {}

    def __bool__(self):
        return bool(self.items)

    def push(self, key, priority):
        if key in self.places:
            at = self.places[key]
            if priority < self.items[at][0]:
                self.items[at] = priority, key
                self.up(at)
            return
        self.items.append((priority, key))
        self.places[key] = len(self.items) - 1
        self.up(len(self.items) - 1)

    def pop(self):
        first, last = self.items[0], self.items.pop()
        del self.places[first[1]]
        if self.items:
            self.items[0] = last
            self.places[last[1]] = 0
            self.down(0)
        return first[1], first[0]

    def up(self, at):
        item = self.items[at]
        while at and item < self.items[(at - 1) // 2]:
            parent = (at - 1) // 2
            self.items[at] = self.items[parent]
            self.places[self.items[at][1]] = at
            at = parent
        self.items[at] = item
        self.places[item[1]] = at

    def down(self, at):
        item, size = self.items[at], len(self.items)
        while (child := 2 * at + 1) < size:
            if child + 1 < size and self.items[child + 1] < self.items[child]:
                child += 1
            if not self.items[child] < item:
                break
            self.items[at] = self.items[child]
            self.places[self.items[at][1]] = at
            at = child
        self.items[at] = item
        self.places[item[1]] = at


class Pairing:
    class Tree:
        __slots__ = ("priority", "key", "below")

        def __init__(self, priority, key):
            self.priority, self.key, self.below = priority, key, []

        def __lt__(self, other):
            return (self.priority, self.key) < (other.priority, other.key)

    def __init__(self):
        self.root, self.best = None, {}

    def __bool__(self):
        while self.root is not None and self.best.get(self.root.key) != self.root.priority:
            self.drop()
        return self.root is not None

    @staticmethod
    def joined(a, b):
        if a is None or b is None:
            return a or b
        if b < a:
            a, b = b, a
        a.below.append(b)
        return a

    def push(self, key, priority):
        if self.best.get(key, priority + 1) > priority:
            self.best[key] = priority
            self.root = self.joined(self.root, self.Tree(priority, key))

    def drop(self):
        rest = self.root.below
        pairs = [self.joined(rest[i], rest[i + 1] if i + 1 < len(rest) else None) for i in range(0, len(rest), 2)]
        self.root = None
        for tree in reversed(pairs):
            self.root = self.joined(self.root, tree)

    def pop(self):
        assert self
        found = self.root.key, self.root.priority
        self.drop()
        self.best[found[0]] = -1
        return found


class Buckets:
    def __init__(self):
        self.buckets, self.at, self.best, self.count = {}, 0, {}, 0

    def __bool__(self):
        return self.count > 0

    def push(self, key, priority):
        old = self.best.get(key)
        if old is None or priority < old:
            if old is not None:
                self.buckets[old].discard(key)
                self.count -= 1
            self.best[key] = priority
            self.buckets.setdefault(priority, set()).add(key)
            self.at = min(self.at, priority)
            self.count += 1

    def pop(self):
        while not self.buckets.get(self.at):
            self.at += 1
        key = min(self.buckets[self.at])
        self.buckets[self.at].remove(key)
        self.count -= 1
        self.best[key] = -1
        return key, self.at


def ways(queue, size):
    cost = lambda x, y: (x * x + 3 * y + x * y) % 9 + 1
    queue.push((0, 0), 0)
    known = {}
    while queue:
        (x, y), far = queue.pop()
        known[x, y] = far
        for dx, dy in (1, 0), (0, 1), (-1, 0), (0, -1):
            there = x + dx, y + dy
            if 0 <= there[0] < size and 0 <= there[1] < size and there not in known:
                queue.push(there, far + cost(*there))
    return known


for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    found = [ways(kind(), 18) for kind in (Binary, Pairing, Buckets)]
print(found[0] == found[1] == found[2], len(found[0]), found[0][17, 17], sum(found[0].values()))
for kind in Binary, Pairing, Buckets:
    queue = kind()
    for at, word in enumerate("the quick brown fox jumps over the lazy dog".split()):
        queue.push(word, len(word) * 7 % 5 + at)
    queue.push("dog", 0)
    out = []
    while queue:
        out.append(queue.pop())
    print(kind.__name__, out == sorted(out, key=lambda pair: (pair[1], pair[0])), out[:4])
