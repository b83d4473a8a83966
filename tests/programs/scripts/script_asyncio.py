"""Tasks, queues, timeouts, groups, streams and subprocesses with asyncio."""
import asyncio
import contextlib
import sys
import time


async def double(n, log, turns=1):
    for _ in range(turns):
        await asyncio.sleep(0)
    log.append(n)
    return n * 2


async def gathering():
    log = []
    print(await asyncio.gather(double(1, log, 9), double(2, log), double(3, log, 4)), log)
    outcomes = await asyncio.gather(double(1, log), double("x", None), return_exceptions=True)
    print([type(o).__name__ for o in outcomes])
    task = asyncio.create_task(double(5, log), name="five")
    print(task.get_name(), task.done(), await task, task.done(), task.result())
    done, pending = await asyncio.wait([asyncio.create_task(double(n, log, n * 9)) for n in (1, 10)], return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(pending))
    for p in pending:
        p.cancel()
    print([type(r).__name__ for r in await asyncio.gather(*pending, return_exceptions=True)])
    print([await c for c in asyncio.as_completed([double(n, log, n * 5) for n in (3, 1, 2)])])


async def timing():
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError as e:
        print("timeout", repr(e))
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 0.01)
    except asyncio.TimeoutError as e:
        print("wait_for", repr(e), isinstance(e, TimeoutError))
    print(await asyncio.wait_for(double(4, []), 5))
    gate = asyncio.Event()

    async def slowly():
        await gate.wait()
        return 14

    inner = asyncio.ensure_future(slowly())
    try:
        await asyncio.wait_for(asyncio.shield(inner), 0.001)
    except TimeoutError:
        gate.set()
        print("shielded", inner.cancelled(), await inner)

    async def stubborn():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as e:
            print("cancelled with", e.args)
            raise
        finally:
            print("cleanup")

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    print(task.cancel("enough"), task.cancelling())
    try:
        await task
    except asyncio.CancelledError as e:
        print(e.args, task.cancelled())
    loop = asyncio.get_running_loop()
    order = []
    loop.call_later(0.02, order.append, "later")
    loop.call_soon(order.append, "soon")
    handle = loop.call_later(0.01, order.append, "never")
    handle.cancel()
    start = loop.time()
    await asyncio.sleep(0.03)
    print(order, loop.time() - start >= 0.03, handle.cancelled())


async def queues():
    q, log = asyncio.Queue(maxsize=2), []

    async def producer():
        for n in range(5):
            await q.put(n)
            log.append(f"+{n}")
        await q.put(None)

    async def consumer():
        while (item := await q.get()) is not None:
            log.append(f"-{item}")
            q.task_done()
        q.task_done()

    await asyncio.gather(producer(), consumer())
    await q.join()
    print(" ".join(log), q.empty(), q.full())
    for bad in q.get_nowait, lambda: [q.put_nowait(i) for i in range(3)]:
        try:
            bad()
        except (asyncio.QueueEmpty, asyncio.QueueFull) as e:
            print(type(e).__name__)
    heap = asyncio.PriorityQueue()
    for n in 3, 1, 2:
        heap.put_nowait(n)
    print([await heap.get() for _ in range(3)])


async def locks():
    lock, semaphore, event, condition, log = asyncio.Lock(), asyncio.Semaphore(2), asyncio.Event(), asyncio.Condition(), []
    running = most = 0

    async def limited(n):
        nonlocal running, most
        async with semaphore:
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    async def waiter(n):
        await event.wait()
        async with lock:
            log.append(n)
        async with condition:
            await condition.wait_for(lambda: len(log) == 3)

    tasks = [asyncio.create_task(waiter(n)) for n in range(3)]
    await asyncio.gather(*map(limited, range(6)))
    event.set()
    for _ in range(20):
        await asyncio.sleep(0)
    async with condition:
        condition.notify_all()
    await asyncio.gather(*tasks)
    print(most, log, lock.locked(), event.is_set())


@contextlib.asynccontextmanager
async def resource(name):
    print("open", name)
    try:
        yield name.upper()
    finally:
        print("close", name)


async def ticks(n):
    for i in range(n):
        yield i
        await asyncio.sleep(0)


async def groups():
    async with asyncio.TaskGroup() as group:
        a = group.create_task(double(1, []))
        b = group.create_task(double(2, [], 7))
    print(a.result(), b.result())

    async def fail(message, delay):
        await asyncio.sleep(delay)
        raise ValueError(message)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail("first", 0))
            slow = group.create_task(asyncio.sleep(10))
            group.create_task(fail("second", 0))
    except* ValueError as e:
        print(sorted(str(x) for x in e.exceptions), e.message, slow.cancelled())
    async with resource("r") as r, contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(double, 1, [])
        print(r, await stack.enter_async_context(resource("s")))
    print([i async for i in ticks(4) if i % 2], {i: i async for i in ticks(2)}, [await double(i, []) async for i in ticks(2)])
    try:
        async with asyncio.timeout(None), resource("t"):
            raise KeyError("inside")
    except KeyError as e:
        print("KeyError", e)


async def outside():
    loop = asyncio.get_running_loop()
    print(await asyncio.to_thread(sum, [1, 2, 3]), await loop.run_in_executor(None, str.upper, "x"))
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(input() * 2)", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate(b"ab\n")
    print(out, child.returncode)

    async def serve(reader, writer):
        while line := await reader.readline():
            writer.write(line.strip()[::-1] + b"\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        writer.write(b"hello\nworld\n")
        writer.write_eof()
        print(await reader.readline(), await reader.read(), reader.at_eof())
        writer.close()
        await writer.wait_closed()
    future = loop.create_future()
    loop.call_soon_threadsafe(future.set_result, 42)
    print(await future, future.done())
    for attempt in (lambda: future.set_result(1), lambda: asyncio.run(ticks(1)), loop.create_future().result):
        try:
            attempt()
        except (asyncio.InvalidStateError, RuntimeError, ValueError) as e:
            print(type(e).__name__)


async def main():
    for part in gathering, timing, queues, locks, groups, outside:
        print(f"-- {part.__name__}")
        await part()
    return "done"


print(asyncio.run(main()))
with asyncio.Runner() as runner:
    print(runner.run(double(21, [])), runner.get_loop().is_running())
try:
    asyncio.get_running_loop()
except RuntimeError as e:
    print(e)
