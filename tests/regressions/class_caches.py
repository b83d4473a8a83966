# What caches know of classes: names that died, values that die while they are replaced, dicts that get out.
import gc

class A: pass
bad = 0
for i in range(1000):
    if not hasattr(A, 'f%d' % i): setattr(A, 'f%d' % i, i)
    if not hasattr(A, 'f%d' % i): bad += 1
    if getattr(A, 'f%d' % i) != i: bad += 1
print(bad)

# The same on instances, and with names of every kind.
class B: pass
b, bad = B(), 0
for i in range(1000):
    name = 'g%d' % i
    if hasattr(b, name): bad += 1
    setattr(B, name, property(lambda self, i=i: i))
    if getattr(b, name) != i: bad += 1
    delattr(B, name)
    if hasattr(b, name): bad += 1
    setattr(b, name, -i)
    if getattr(b, name) != -i: bad += 1
print(bad)

# Code that dies with its names.
class C:
    __slots__ = tuple('s%d' % i for i in range(50))
bad = 0
for i in range(300):
    ns = {'c': C(), 'C': C}
    exec('c.s%d = %d\nC.m%d = lambda self: %d\nr = c.s%d, c.m%d()' % (i % 50, i, i, i, i % 50, i), ns)
    if ns['r'] != (i, i): bad += 1
    exec('del C.m%d\nr = hasattr(c, "m%d")' % (i, i), ns)
    if ns['r']: bad += 1
print(bad)

# Long names.
bad = 0
for i in range(50):
    name = 'n' * 200 + str(i)
    if hasattr(A, name): bad += 1
    setattr(A, name, i)
    if getattr(A, name) != i: bad += 1
exec('def look(a): return a.%s\nA.%s = 1\na = A()\nr = look(a), look(a)\nA.%s = 2\nr += look(a),' % (('x' * 150,) * 3))
print(bad, r)

# A method whose end looks at the method.
class Guard:
    def __del__(self):
        try:
            seen.append((x.method(), Holder.method(x), Sub().method()))
        except AttributeError:
            seen.append('none')
class Holder:
    pass
class Sub(Holder): pass
def make(n):
    guard = Guard()
    def method(self): return n, guard is None
    return method
seen = []
Holder.method = make(0)
x = Holder()
def call():
    return x.method()
for i in range(1, 10):
    call(), call()
    Holder.method = make(i)
call()
Holder.method = lambda self: 'plain'
print(seen == [((i, False),) * 3 for i in range(1, 10)] + [('plain',) * 3])
seen.clear()
Holder.method = make(1)
call()
Sub.method = Holder.method
try:
    del Holder.method
    del Sub.method
except AttributeError:
    pass
print(len(seen))
Holder.method = lambda self: 'plain'

# The dict of a class, given to others.
class Leak:
    def __ror__(self, other): return other
    def __or__(self, other): return other
    __eq__ = __lt__ = __gt__ = __ror__
class D:
    def method(self): return 'D'
    attribute = 1
    def __len__(self): return 3
d = D()
def use():
    return d.method(), d.attribute, len(d)
use(), use()
found = [D.__dict__ | Leak(), Leak() | D.__dict__, D.__dict__ == Leak(), Leak() == D.__dict__, D.__dict__.keys().mapping | Leak(),
         D.__dict__.copy(), D.__dict__ | {}, {} | D.__dict__]
for o in (D, D.__dict__, D.__dict__.keys(), D.__dict__.items(), iter(D.__dict__)):
    found += gc.get_referents(o)
found += [o for o in gc.get_objects() if type(o) is dict and 'attribute' in o and 'method' in o]
found += [o for o in gc.get_referrers(D.method) if type(o) is dict]
print(D.__dict__ == dict(D.__dict__), dict(D.__dict__) == D.__dict__, D.__dict__ == D.__dict__, D.__dict__ == {})
print(len(D.__dict__ | {'x': 1}) == len(D.__dict__) + 1)
import sys
if 'ryokan' in sys.implementation.name:
    for o in found:
        if type(o) is dict and 'method' in o: o.clear()
print(use(), D().method())
