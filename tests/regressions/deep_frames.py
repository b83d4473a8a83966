# Generators that delegate deeply, targets by the thousands, loops nested by the thousands: in time by their number.
import sys

sys.setrecursionlimit(10**6)


def down(n):
    if n:
        yield from down(n - 1)
    else:
        yield len(str(n)), [0][n]
    return n


def walk(n):
    for item in down(n):
        yield item


g = down(20000)
print(next(g))
try:
    g.throw(KeyError("deep"))
except KeyError as e:
    print(repr(e))
g = walk(20000)
print(next(g), list(g))
g = down(20000)
next(g)
g.close()
print(list(g))


def chain(n):
    it = iter([1, 2, 3])
    for _ in range(n):
        it = (max(x, 0) for x in it)
    return sum(it)


print(chain(3000))

space = {}
exec("a," * 20000 + " = range(20000)", space)
print(space["a"])
exec("[" + "b," * 20000 + "c] = range(20001)", space)
print(space["b"], space["c"])
print(eval("[1" + " for x in y" * 2000 + "]", {"y": ()}))
print(eval("[x" + " for x in y" * 2000 + "]", {"y": (7,)}))
print(eval("lambda: {1: x" + " for x in y" * 300 + "}", {"y": (7, 8)[:1]})())
