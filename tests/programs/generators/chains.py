"""Generators that delegate to each other, looked at and disturbed on the way."""
import sys


def leaf(n):
    for i in range(n):
        got = yield i
        if got is not None:
            print("leaf got", got)
    return n


def level(depth, n):
    if depth == 0:
        return (yield from leaf(n))
    result = yield from level(depth - 1, n)
    return result + 1


print(list(level(5, 3)), sum(level(30, 100)), any(x > 3 for x in level(4, 9)))
g = level(4, 5)
print(next(g), g.send(None), g.send("hello"), g.gi_yieldfrom is not None, g.gi_running)
try:
    g.throw(KeyError("x"))
except KeyError as e:
    tb, names = e.__traceback__, []
    while tb:
        names.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    print(names, g.gi_frame)


def watcher():
    names, frame = [], sys._getframe()
    while frame:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    yield names[:4]
    yield from ()


def outer():
    yield from middle()


def middle():
    try:
        yield from watcher()
        yield "between"
        yield from leaf(2)
    finally:
        print("middle ends")


print(list(outer()))
o = outer()
next(o), next(o)
o.close()


def handles(depth):
    try:
        raise ValueError(depth)
    except ValueError:
        if depth:
            yield from handles(depth - 1)
        yield str(sys.exception())


print(list(handles(3)), sys.exception())


def itself():
    yield 1
    try:
        next(me)
    except ValueError as e:
        yield str(e)


def through():
    yield from itself()


me = through()
print(list(me))


class Awaitable:
    def __await__(self):
        got = yield "waits"
        return got


async def co(depth):
    if depth == 0:
        return await Awaitable()
    return await co(depth - 1) + 1


c = co(3)
print(c.send(None), c.cr_await is not None)
try:
    c.send(10)
except StopIteration as e:
    print(e.value)


async def numbers(n):
    for i in range(n):
        await Awaitable()
        yield i


async def doubled(n):
    async for i in numbers(n):
        yield i * 2


async def total(n):
    return sum([i async for i in doubled(n)])


c, waited = total(4), 0
try:
    while True:
        c.send(None)
        waited += 1
except StopIteration as e:
    print(e.value, waited)


def renamed():
    yield


renamed.__name__, renamed.__qualname__ = "other", "some.other"
g = renamed()
renamed.__name__ = "third"
print(g.__name__, g.__qualname__, renamed().__name__)
g.__name__ = "fourth"
print(g.__name__, g.gi_code.co_name)
