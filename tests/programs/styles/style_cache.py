"""Caches as classes: by age, by use, by size, with a doubly linked list, with statistics; checked against a plain model."""
import sys


class Node:
    __slots__ = ("key", "value", "before", "after")

    def __init__(self, key, value):
        self.key, self.value = key, value
        self.before = self.after = self


class Chain:
    def __init__(self):
        self.head = Node(None, None)

    def push(self, node):
        last = self.head.before
        last.after = self.head.before = node
        node.before, node.after = last, self.head

    def unlink(self, node):
        node.before.after, node.after.before = node.after, node.before
        node.before = node.after = node

    def __iter__(self):
        node = self.head.after
        while node is not self.head:
            yield node
            node = node.after

    @property
    def first(self):
        return self.head.after


class Statistics:
    hits = misses = evicted = 0

    def __str__(self):
        total = self.hits + self.misses
        return f"{self.hits}/{total} hits ({self.hits / total:.1%}), {self.evicted} evicted" if total else "unused"


class Cache:
    def __init__(self, room, load):
        self.room, self.load, self.nodes, self.chain, self.statistics = room, load, {}, Chain(), Statistics()

    def __len__(self):
        return len(self.nodes)

    def __contains__(self, key):
        return key in self.nodes

    def __getitem__(self, key):
        node = self.nodes.get(key)
        if node is not None:
            self.statistics.hits += 1
            self.used(node)
            return node.value
        self.statistics.misses += 1
        value = self.load(key)
        self[key] = value
        return value

    def __setitem__(self, key, value):
        if key in self.nodes:
            self.nodes[key].value = value
            self.used(self.nodes[key])
            return
        while self.is_full():
            self.evict()
        node = self.nodes[key] = Node(key, value)
        self.chain.push(node)

    def __delitem__(self, key):
        self.chain.unlink(self.nodes.pop(key))

    def is_full(self):
        return len(self.nodes) >= self.room

    def evict(self):
        node = self.chain.first
        self.statistics.evicted += 1
        del self[node.key]

    def used(self, node):
        pass

    def keys(self):
        return [node.key for node in self.chain]


class LeastRecent(Cache):
    def used(self, node):
        self.chain.unlink(node)
        self.chain.push(node)


class Weighted(LeastRecent):
    def is_full(self):
        return sum(len(node.value) for node in self.chain) >= self.room


def keys(count, seed=11):
    for _ in range(count):
        seed = (seed * 75 + 74) % 65537
        yield seed % 40 if seed % 3 else seed % 9


def run(count):
    made = [Cache(12, str), LeastRecent(12, str), Weighted(30, lambda k: "v" * (k % 7 + 1))]
    for cache in made:
        for key in keys(count):
            cache[key]
    return made


def model(count):
    held, hits = [], 0
    for key in keys(count):
        if key in held:
            hits += 1
            held.remove(key)
        elif len(held) >= 12:
            held.pop(0)
        held.append(key)
    return held, hits


for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    caches = run(1500)
for cache in caches:
    print(type(cache).__name__, len(cache), cache.statistics, cache.keys())
print((caches[1].keys(), caches[1].statistics.hits) == model(1500))
cache = LeastRecent(2, lambda k: k * 2)
print(cache[1], cache[2], cache[1], cache[3], 2 in cache, cache.keys(), str(cache.statistics))
del cache[1]
try:
    del cache[1]
except KeyError as error:
    print("no key", error)
print(cache.keys(), str(Cache(1, str).statistics))
