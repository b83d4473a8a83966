# A number with two references, both of them operands that go: it dies, once.
import gc

def numbers():
    yield 100000 + len('abc')
    yield 1.5 + len('abc')
    yield 10 ** 30 + len('abc')

def pair(n):
    l, m = [n], [n]
    del n
    return l, m

for n in numbers():
    l, m = pair(n)
    n = None
    if l.pop() == m.pop():
        print('equal')
for n in numbers():
    l, m = pair(n)
    n = None
    print(l.pop() < m.pop(), l == m)
for n in numbers():
    l, m = pair(n)
    n = None
    print(l.pop() + m.pop())
for n in numbers():
    l, m = pair(n)
    n = None
    print(l.pop() * m.pop() - 1, l)
for n in numbers():
    l, m = pair(n)
    n = None
    while l.pop() != m.pop():
        print('never')
for n in numbers():
    l, m = pair(n)
    n = None
    print(l.pop() is m.pop())
try:
    import ryokan
except ImportError:
    pass
else:
    ryokan.verify()
