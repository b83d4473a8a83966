# Tasks in a loop: cancellation, groups, timeouts, contexts, eager factories, names.
import asyncio
import contextvars

variable = contextvars.ContextVar("variable", default="none")


async def work(name, steps, log):
    try:
        for step in range(steps):
            log.append(f"{name}{step}")
            await asyncio.sleep(0)
        return name
    except asyncio.CancelledError as error:
        log.append(f"{name} cancelled {error.args}")
        raise
    finally:
        log.append(f"{name} left")


async def groups():
    log = []
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(name, 3, log), name=name) for name in "ab"]
    print(log, [task.result() for task in tasks], [task.get_name() for task in tasks])

    async def fails():
        await asyncio.sleep(0)
        raise ValueError("failed")

    log = []
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work("c", 9, log))
            group.create_task(fails())
            group.create_task(fails())
    except* ValueError as errors:
        print(log, errors.exceptions)


async def timeouts():
    log = []
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(30)
    except TimeoutError:
        print("timed out", asyncio.current_task().cancelling())
    try:
        await asyncio.wait_for(work("d", 10**9, log), 0.001)
    except TimeoutError:
        print(log[-2:])
    print(await asyncio.wait_for(work("e", 2, log), 30))


async def cancellation():
    log = []
    task = asyncio.create_task(work("f", 9, log))
    await asyncio.sleep(0)
    task.cancel("enough")
    try:
        await task
    except asyncio.CancelledError as error:
        print(log, error.args, task.cancelled(), task.cancelling())

    async def refuses():
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            asyncio.current_task().uncancel()
            return "went on"

    task = asyncio.create_task(refuses())
    await asyncio.sleep(0)
    task.cancel()
    print(await task, task.cancelling())
    shielded = asyncio.create_task(work("g", 2, log := []))
    outer = asyncio.shield(shielded)
    await asyncio.sleep(0)
    outer.cancel()
    try:
        await outer
    except asyncio.CancelledError:
        print(await shielded, log)


async def several():
    log = []
    print(await asyncio.gather(work("h", 1, log), work("i", 2, log), asyncio.sleep(0, "slept")))
    results = await asyncio.gather(work("j", 1, log), asyncio.sleep("x"), return_exceptions=True)
    print(results[0], type(results[1]).__name__)
    done, pending = await asyncio.wait([asyncio.create_task(work(name, steps, log)) for name, steps in (("k", 1), ("l", 50))], return_when=asyncio.FIRST_COMPLETED)
    print([task.result() for task in done], len(pending), len(asyncio.all_tasks()))
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    print([await next_one for next_one in asyncio.as_completed([work("m", 3, log), work("n", 1, log)])])


async def contexts():
    async def changes(value):
        variable.set(value)
        await asyncio.sleep(0)
        return variable.get()

    print(await asyncio.gather(changes("x"), changes("y")), variable.get())
    context = contextvars.copy_context()
    print(await asyncio.create_task(changes("z"), context=context), context[variable], variable.get())
    task = asyncio.create_task(changes("w"))
    print(task.get_context() is not context, await task)


async def eager():
    log = []
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(work("o", 0, log))
    print(task.done(), log, await task)
    task = asyncio.create_task(work("p", 2, log), name="late")
    print(task.done(), log, await task, task.get_name(), asyncio.current_task() is not task)


async def queues():
    queue, log = asyncio.Queue(2), []

    async def takes():
        while (item := await queue.get()) is not None:
            log.append(item)
            queue.task_done()

    taker = asyncio.create_task(takes())
    for item in range(6):
        await queue.put(item)
    await queue.join()
    await queue.put(None)
    await taker
    lock, event = asyncio.Lock(), asyncio.Event()
    async with lock:
        asyncio.get_running_loop().call_soon(event.set)
        await event.wait()
    print(log, lock.locked())


for part in (groups, timeouts, cancellation, several, contexts, eager, queues):
    print(part.__name__)
    asyncio.run(part())
