# Asynchronous generators, awaitables, async for and comprehensions, driven by hand.
import sys


def run(coro):
    """Drives a coroutine; gives what it yields on the way, and its end."""
    seen = []
    value = None
    while True:
        try:
            got = coro.send(value)
        except StopIteration as e:
            return seen, e.value
        except BaseException as e:
            return seen, f"{type(e).__name__}: {e}"
        seen.append(got)
        value = f"answer to {got}"


class Pause:
    def __init__(self, what):
        self.what = what

    def __await__(self):
        return (yield self.what)


async def count(n):
    try:
        for i in range(n):
            got = await Pause(f"before {i}")
            sent = yield i, got
            if sent is not None:
                print("sent", sent)
    except ValueError as e:
        print("caught", e)
        yield "after the error"
    finally:
        print("finally")


async def loop():
    out = []
    async for item in count(3):
        out.append(item)
    else:
        out.append("else")
    return out


print(run(loop()))


async def comprehensions():
    a = [x async for x, _ in count(2)]
    b = {x async for x, _ in count(2) if x}
    c = {x: y async for x, y in count(1)}
    d = [await Pause(i) for i in range(2)]
    e = (x async for x, _ in count(2))
    f = [x async for x in e]
    g = [[y async for y, _ in count(x)] for x in (1, 2)]
    return a, b, c, d, type(e).__name__, f, g


print(run(comprehensions()))


async def by_hand():
    g = count(5)
    print(type(g).__name__, g.__name__, g.__qualname__, g.ag_running, g.ag_suspended, g.ag_code.co_name, g.ag_await)
    print(g.__aiter__() is g, aiter(g) is g)
    print(await g.asend(None))
    print(g.ag_running, g.ag_suspended)
    print(await g.asend("hello"))
    print(await anext(g))
    print(await g.athrow(ValueError("thrown")))
    try:
        await g.__anext__()
    except StopAsyncIteration as e:
        print("over", e.args)
    print(await anext(g, "default"))
    print(await g.aclose())
    try:
        await g.asend(1)
    except StopAsyncIteration:
        print("still over")
    print(await g.athrow(KeyError("k")))


print(run(by_hand()))


async def closing():
    g = count(5)
    print(await g.__anext__())
    await g.aclose()
    print("closed")
    try:
        await g.__anext__()
    except StopAsyncIteration:
        print("nothing more")
    g = count(5)
    await g.aclose()
    print("closed before it began")
    g = count(5)
    try:
        await g.asend("early")
    except TypeError as e:
        print(e)


print(run(closing()))


async def stubborn():
    while True:
        try:
            yield 1
            return
        except GeneratorExit:
            print("no")


async def ignoring():
    g = stubborn()
    await g.__anext__()
    try:
        await g.aclose()
    except RuntimeError as e:
        print(e)
    a = g.__anext__()
    try:
        await a
        await a
    except (RuntimeError, StopAsyncIteration) as e:
        print(type(e).__name__, e)


print(run(ignoring()))


async def throwing_in():
    g = count(3)
    step = g.__anext__()
    print(step.send(None), g.ag_running)
    other = g.__anext__()
    for twice in range(2):
        try:
            other.send(None)
        except RuntimeError as e:
            print(e)
    for name in ("aclose", "athrow"):
        method = getattr(g, name)
        try:
            (method() if name == "aclose" else method(KeyError)).send(None)
        except RuntimeError as e:
            print(e)
    try:
        print(step.throw(ValueError("inside the await")))
    except StopIteration as e:
        print("ended with", e.value)
    try:
        step.send(None)
    except RuntimeError as e:
        print(e)
    step = g.__anext__()
    print(step.close(), step.close())


print(run(throwing_in()))


async def stops(kind):
    yield 1
    raise kind("out")


async def converted():
    for kind in (StopIteration, StopAsyncIteration, KeyError):
        try:
            async for x in stops(kind):
                pass
        except Exception as e:
            print(type(e).__name__, e, type(e.__cause__).__name__)


print(run(converted()))


class Countdown:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.n:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


async def own_iterator():
    out = [x async for x in Countdown(3)]
    async for x in Countdown(5):
        if x == 3:
            continue
        if x == 1:
            break
        out.append(x)
    out.append(await anext(Countdown(0), "none"))
    out.append(await anext(Countdown(2), "none"))
    try:
        await anext(Countdown(0))
    except StopAsyncIteration:
        out.append("stop")
    return out


print(run(own_iterator()))


async def wrong(what):
    if what == 0:
        async for x in [1]:
            pass
    elif what == 1:
        await 5
    elif what == 2:
        async with 5:
            pass
    elif what == 3:
        for x in count(1):
            pass
    elif what == 4:
        async for x in Bad():
            pass
    elif what == 5:
        c = wrong(9)
        await c
        await c
    elif what == 6:
        iter(own := wrong(9))
    elif what == 7:
        [x async for x in 5]
    elif what == 8:
        await count(1)


class Bad:
    def __aiter__(self):
        return 5


for what in (0, 1, 2, 3, 4, 5, 7, 8):
    print(what, run(wrong(what)))
for f, args in ((aiter, (5,)), (anext, (5,)), (anext, ([].__iter__(), 1))):
    try:
        f(*args)
    except TypeError as e:
        print(e)


class Manager:
    async def __aenter__(self):
        print("enter", await Pause("in"))
        return "managed"

    async def __aexit__(self, *exc):
        print("exit", exc[0] and exc[0].__name__, await Pause("out"))
        return True


async def managed():
    async with Manager() as m:
        print(m)
    async with Manager() as m, Manager():
        raise KeyError("swallowed")
    return "done"


print(run(managed()))


async def nested():
    async def inner():
        yield 1
        yield 2

    async def outer():
        async for x in inner():
            yield x * 10
        yield 99

    return [x async for x in outer()]


print(run(nested()))
c = nested()
print(type(c).__name__, c.__name__, c.cr_running, c.cr_suspended, c.cr_await, c.cr_code.co_name, type(c.__await__()).__name__)
print(c.close(), repr(c).startswith("<coroutine object nested at 0x"))
for again in (c.send, c.throw):
    try:
        again(None if again == c.send else KeyError("k"))
    except (RuntimeError, KeyError) as e:
        print(type(e).__name__, e)
w = nested().__await__()
print(hasattr(w, "__next__"), iter(w) is w)
try:
    next(w)
except StopIteration as e:
    print(e.value)


async def waits():
    await Pause("held")


held = waits()
held.send(None)
print(held.cr_suspended, type(held.cr_await).__name__)


async def waits_for(c):
    await c


first, second = waits_for(held), waits_for(held)
try:
    first.send(None)
except RuntimeError as e:
    print(e)
held.close()
second.close()


async def told():
    yield 1
    yield 2


events = []
print(sys.get_asyncgen_hooks())
sys.set_asyncgen_hooks(firstiter=lambda g: events.append("first"), finalizer=lambda g: events.append("final"))
g = told()
print(events)
run(g.__anext__())
print(events)
del g
print(events)
sys.set_asyncgen_hooks(None, None)
for bad in ({"firstiter": 5}, {"finalizer": 5}):
    try:
        sys.set_asyncgen_hooks(**bad)
    except TypeError as e:
        print(e)
g = count(2)
print(run(g.__anext__()))
del g
print("dropped")


async def early():
    async for x in count(3):
        return x


print(run(early()))


async def lazy():
    return (x async for x in count(1))


agen = run(lazy())[1]
print(type(agen).__name__, repr(agen).startswith("<async_generator object lazy.<locals>.<genexpr> at 0x"))
