# Futures and tasks of the native module, with a loop that only keeps what it is to call.
import _asyncio
import asyncio
import contextvars
from _asyncio import Future, Task


class Loop:
    """Keeps calls, and makes them when it is told to."""

    def __init__(self):
        self.calls = []

    def get_debug(self):
        return False

    def is_running(self):
        return True

    def call_soon(self, callback, *args, context=None):
        self.calls.append((callback, args, context))

    def call_exception_handler(self, context):
        print("handler", {name: value if name == "message" else str(value)[:40] for name, value in sorted(context.items())})

    def run(self):
        while self.calls:
            callback, args, context = self.calls.pop(0)
            context.run(callback, *args)

    def __repr__(self):
        return "<Loop>"


def shown(call, *args, **names):
    try:
        return repr(call(*args, **names))
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


loop = Loop()
# A future: nothing, then a result.
future = Future(loop=loop)
print(future, future.done(), shown(future.result), shown(future.exception), future._state, future._callbacks, future.get_loop())
calls = []
first = lambda of: calls.append(("first", of.result()))
future.add_done_callback(first)
future.add_done_callback(calls.append)
future.add_done_callback(first, context=contextvars.copy_context())
print(len(future._callbacks), future.remove_done_callback(first), future.remove_done_callback(first), len(future._callbacks))
future.add_done_callback(first)
future.set_result("yes")
print(future, future.result(), future.exception(), shown(future.set_result, 1), shown(future.set_exception, ValueError()), future.cancel(), future._callbacks)
future.add_done_callback(first)
loop.run()
print(calls)
# An exception.
future = Future(loop=loop)
print(shown(future.set_exception, 5), shown(future.set_exception, int))
future.set_exception(ValueError)
print(future, shown(future.result), repr(future.exception()), future._log_traceback)
future = Future(loop=loop)
future.set_exception(StopIteration(3))
print(repr(future.exception()), repr(future.exception().__cause__))
future = Future(loop=loop)
future.set_exception(KeyError("never asked"))
print(future._log_traceback, shown(setattr, future, "_log_traceback", True))
del future
# Cancelled.
future = Future(loop=loop)
print(future.cancel("why"), future.cancel(), future, shown(future.result), shown(future.exception), future._cancel_message, repr(future._make_cancelled_error()))
# Not initialized.
future = Future.__new__(Future)
for name in ("result", "exception", "done", "cancelled", "cancel", "get_loop", "__iter__", "__repr__", "_make_cancelled_error"):
    print(name, shown(getattr(future, name)))
print(shown(future.set_result, 1), shown(future.add_done_callback, print), shown(future.remove_done_callback, print), shown(lambda: future._state), future._loop)
print(shown(Future, 1), shown(Future, lop=1), Future[int], shown(setattr, Future(loop=loop), "_state", 1), shown(Task, 3, loop=loop))
# What awaits one.
waiter = Future(loop=loop).__await__()
print(shown(next, waiter), shown(next, waiter), shown(waiter.throw, ValueError("thrown")), shown(next, waiter), shown(waiter.close), shown(waiter.throw, 3))
done = Future(loop=loop)
done.set_result(5)
print(shown(done.__await__().send, None), shown(next, iter(done)))

# Tasks.
_asyncio._set_running_loop(loop)


async def add(a, b):
    await asyncio.sleep(0)
    return a + b, asyncio.current_task().get_name()


task = Task(add(1, 2), loop=loop, name="adding")
print(task.get_name(), task.done(), task in _asyncio.all_tasks(), _asyncio.current_task(), type(loop.calls[0][0]).__name__, loop.calls[0][0].__self__ is task)
loop.run()
print(task.result(), task in _asyncio.all_tasks(), shown(task.set_result, 1), shown(task.set_exception, KeyError()), task.cancel())
print(shown(lambda: task.set_name(5)), task.get_name(), Task[int])


async def waits(future):
    try:
        return "got", await future
    except asyncio.CancelledError as error:
        return "cancelled", error.args
    finally:
        print("left")


future = Future(loop=loop)
task = Task(waits(future), loop=loop)
loop.run()
print(task._fut_waiter is future, future._asyncio_awaited_by == frozenset([task]), [str(callback.__qualname__) for callback, _ in future._callbacks])
future.set_result(6)
loop.run()
print(task.result(), future._asyncio_awaited_by, task._fut_waiter)
for messages in ([None], ["stop"], ["first", "second"]):
    future = Future(loop=loop)
    task = Task(waits(future), loop=loop)
    loop.run()
    for message in messages:
        print(task.cancel(message), task.cancelling(), task._must_cancel)
    print(task.uncancel(), task.uncancel(), future.cancelled())
    loop.run()
    print(task.result(), task.cancelled())
# Cancelled before it begins; what was asked for is taken back.
task = Task(add(1, 2), loop=loop)
task.cancel("early")
loop.run()
print(task.cancelled(), shown(task.result), shown(task.result))
task = Task(add(1, 2), loop=loop)
task.cancel()
print(task._must_cancel, task.uncancel(), task._must_cancel)
loop.run()
print(task.result()[0])


# What a coroutine must not yield.
class Yields:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


async def yields(value):
    return await Yields(value)


other = Future(loop=Loop())
for value in (5, Future(loop=loop), (1 for _ in ()), None):
    task = Task(yields(value), loop=loop, name="yields")
    loop.run()
    print(shown(task.result).partition(" in task")[0].partition(": <")[0])
task = Task(waits(other), loop=loop, name="elsewhere")
loop.run()
print(shown(task.exception).partition("attached")[1:])


async def itself():
    await task


task = Task(itself(), loop=loop, name="itself")
loop.run()
print(shown(task.exception)[:45])


async def interrupted(kind):
    raise kind("end")


for kind in (KeyboardInterrupt, SystemExit, ZeroDivisionError):
    task = Task(interrupted(kind), loop=loop)
    print(shown(loop.run), shown(task.exception))
# Eager ones.
ran = []


async def eager(value, *, sleeps):
    ran.append((value, asyncio.current_task().get_name()))
    if sleeps:
        await asyncio.sleep(0)
    return value


task = Task(eager(1, sleeps=False), loop=loop, name="at once", eager_start=True)
print(ran, task.done(), task.result(), task.get_coro(), _asyncio.current_task())
task = Task(eager(2, sleeps=True), loop=loop, name="not at once", eager_start=True)
print(ran, task.done(), task in _asyncio.all_tasks())
loop.run()
print(task.result())
# Which task runs.
print(shown(_asyncio._enter_task, loop, "A"), shown(_asyncio._enter_task, loop, "B"), shown(_asyncio._leave_task, loop, "B"), _asyncio.current_task(loop))
print(shown(_asyncio._swap_current_task, loop, "C"), shown(_asyncio._leave_task, loop, "C"), shown(_asyncio._leave_task, loop, "C"), shown(_asyncio._enter_task, 1, 2))
print(shown(_asyncio.get_running_loop), shown(_asyncio._get_running_loop), shown(_asyncio.get_event_loop))
# Tasks that die before they are done.
task = Task(add(1, 2), loop=loop, name="forgotten")
coroutine = task.get_coro()
loop.calls.clear()
del task
coroutine.close()
_asyncio._set_running_loop(None)
print(shown(_asyncio.get_running_loop), shown(_asyncio.current_task), shown(_asyncio.all_tasks), _asyncio._get_running_loop())
