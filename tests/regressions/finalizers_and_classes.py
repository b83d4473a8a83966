# Finalizers that change the class of what dies, make more of their kind, and nest.
import gc

class B: pass
class A:
    def __del__(self): self.__class__ = B
for i in range(100):
    A()
del A
gc.collect()
print(type(B()).__name__)

class WithDel:
    def __del__(self): log.append('WithDel')
class Slots:
    __slots__ = 'a',
class Slots1:
    __slots__ = 'a',
    def __del__(self): self.__class__ = Slots
class Alternating:
    def __del__(self):
        self.__class__ = WithDel
log = []
for i in range(10):
    x = Slots1()
    x.a = [i]
    del x
    Alternating()
print(log)

def local():
    class Old:
        def __del__(self):
            self.__class__ = B
            self.more = [1, 2, 3]
            self.other = Old
    return Old()
for i in range(50):
    local()
gc.collect()
cycle = local()
cycle.me = cycle
del cycle
gc.collect()
print('ok')

# Resurrected as something else.
saved = []
class Saved:
    def __del__(self):
        self.__class__ = B
        saved.append(self)
Saved()
print([type(x).__name__ for x in saved])

# The order of nested finalizers.
order = []
class Nest:
    def __init__(self, n): self.n = n
    def __del__(self):
        order.append(('in', self.n))
        if self.n: Nest(self.n - 1)
        order.append(('out', self.n))
class Chain:
    def __init__(self, n, next): self.n, self.next = n, next
    def __del__(self): order.append(self.n)
class Deleting(Chain):
    def __del__(self):
        order.append(('in', self.n))
        del self.next
        order.append(('out', self.n))
for n in 10, 60, 150:
    order.clear()
    Nest(n)
    print(order == [('in', i) for i in range(n, -1, -1)] + [('out', i) for i in range(n + 1)])
    for kind in Chain, Deleting:
        order.clear()
        last = None
        for i in range(n): last = kind(i, last)
        del last
        expected = list(range(n - 1, -1, -1))
        if kind is Deleting:
            expected = [('in', i) for i in expected] + [('out', i) for i in range(n)]
        print(order == expected)
order.clear()
last = None
for i in range(30000): last = [(Chain(i, None), last)]
del last
print(len(order), sorted(order) == list(range(30000)))
order.clear()
last = None
for i in range(30000): last = Chain(i, last)
del last
print(order == list(range(29999, -1, -1)))

# One that makes its own kind ends.
import sys
class Endless:
    count = 0
    def __del__(self):
        Endless.count += 1
        Endless()
class Quiet:
    def write(self, text): return len(text)
    def flush(self): pass
sys.stderr = Quiet()
Endless()
print(100 < Endless.count < 10000)
