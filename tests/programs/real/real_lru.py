# An LRU cache on a doubly linked list, as a class and as a decorator.
class Node:
    __slots__ = ("key", "value", "prev", "next")
    def __init__(self, key=None, value=None): self.key, self.value, self.prev, self.next = key, value, self, self
class LRU:
    def __init__(self, size):
        if size < 1: raise ValueError(f"size must be positive, not {size}")
        self.size, self.map, self.root, self.hits, self.misses = size, {}, Node(), 0, 0
    def _unlink(self, n): n.prev.next, n.next.prev = n.next, n.prev
    def _front(self, n):
        n.prev, n.next = self.root, self.root.next
        self.root.next.prev = n
        self.root.next = n
    def __getitem__(self, k):
        try: n = self.map[k]
        except KeyError: self.misses += 1; raise
        self.hits += 1
        self._unlink(n); self._front(n)
        return n.value
    def __setitem__(self, k, v):
        if k in self.map:
            n = self.map[k]; n.value = v; self._unlink(n)
        else:
            if len(self.map) >= self.size:
                old = self.root.prev
                self._unlink(old)
                del self.map[old.key]
            n = self.map[k] = Node(k, v)
        self._front(n)
    def __delitem__(self, k): self._unlink(self.map.pop(k))
    def __len__(self): return len(self.map)
    def __contains__(self, k): return k in self.map
    def __iter__(self):
        n = self.root.next
        while n is not self.root: yield n.key; n = n.next
    def __reversed__(self):
        n = self.root.prev
        while n is not self.root: yield n.key; n = n.prev
    def __repr__(self): return f"LRU({', '.join(f'{k}={self.map[k].value}' for k in self)})"
def cached(size):
    def deco(f):
        c = LRU(size)
        def w(*a):
            try: return c[a]
            except KeyError: c[a] = r = f(*a); return r
        w.cache = c
        return w
    return deco
c = LRU(3)
for k in "abc": c[k] = ord(k)
print(c, c["a"], c)
c["d"] = 4
print(c, "b" in c, len(c), list(reversed(c)))
del c["a"]
c["c"] = 0
print(c, c.hits, c.misses)
for f in (lambda: c["zz"], lambda: c.__delitem__("zz"), lambda: LRU(0), lambda: c[[]]):
    try: f()
    except Exception as e: print(type(e).__name__, e)
@cached(16)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(100), fib.cache.hits, fib.cache.misses, len(fib.cache), next(iter(fib.cache)))
calls = []
@cached(2)
def slow(x): calls.append(x); return x * x
print([slow(x) for x in (1, 2, 1, 3, 2, 1, 1)], calls)
big, state = LRU(50), 7
for i in range(3000):
    state = (state * 1103515245 + 12345) % 2**31
    k = state >> 16 & 127
    if k in big: big[k] += 1
    else: big[k] = 1
print(len(big), sum(big.map[k].value for k in big), list(big)[:10], list(reversed(big)) == list(big)[::-1], big.hits, big.misses)
