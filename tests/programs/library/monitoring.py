# Tools that are told of what a program does.
import sys

monitoring = sys.monitoring
events = monitoring.events
TOOL = 3


def told(work, *args):
    try:
        print(repr(work(*args)))
    except BaseException as error:
        print(type(error).__name__, error)


print(events.PY_START, events.LINE, events.C_RAISE, events.BRANCH, events.NO_EVENTS)
print(monitoring.DEBUGGER_ID, monitoring.COVERAGE_ID, monitoring.PROFILER_ID, monitoring.OPTIMIZER_ID)
told(monitoring.use_tool_id, 6, "x")
told(monitoring.use_tool_id, TOOL, 5)
told(monitoring.set_events, TOOL, events.LINE)
told(monitoring.use_tool_id, TOOL, "tool")
told(monitoring.use_tool_id, TOOL, "other")
told(monitoring.get_tool, TOOL)
told(monitoring.register_callback, TOOL, 3, None)
told(monitoring.register_callback, TOOL, 1 << 30, None)
told(monitoring.set_events, TOOL, 1 << 30)
told(monitoring.set_events, TOOL, events.C_RETURN)
told(monitoring.set_local_events, TOOL, 5, 1)

seen = []


def watch(name, answer=None):
    def callback(code, *rest):
        if code in watched:
            seen.append((name, code.co_name) + tuple(getattr(part, "__name__", part) for part in rest[skip(name):]))
        return answer

    return callback


def skip(name):
    return 0 if name == "LINE" else 1


def called(x):
    return x + 1


def failing():
    raise KeyError("k")


def work(items):
    total = 0
    for item in items:
        total += called(item)
    try:
        failing()
    except KeyError:
        total += len("abc")
    return total


def producer():
    yield 1
    yield 2


def consuming():
    return [value for value in producer()]


watched = {f.__code__ for f in (called, failing, work, producer, consuming)}


def show(function, *args, **asked):
    mask = 0
    for name, answer in asked.items():
        mask |= getattr(events, name)
        monitoring.register_callback(TOOL, getattr(events, name), watch(name, answer))
        if name == "CALL":
            for more in ("C_RETURN", "C_RAISE"):
                monitoring.register_callback(TOOL, getattr(events, more), watch(more))
    seen.clear()
    monitoring.set_events(TOOL, mask)
    result = function(*args)
    monitoring.set_events(TOOL, 0)
    print(function.__name__, result)
    for event in seen:
        print("  ", *[part if part is not monitoring.MISSING else "MISSING" for part in event])
    for name in asked:
        monitoring.register_callback(TOOL, getattr(events, name), None)


show(work, [1, 2], PY_START=None, PY_RETURN=None, PY_UNWIND=None)
show(work, [1], LINE=None)
show(work, [1], CALL=None)
show(work, [1], RAISE=None, EXCEPTION_HANDLED=None)
show(consuming, PY_START=None, PY_RESUME=None, PY_YIELD=None, PY_RETURN=None)
show(work, [1, 2, 3], PY_START=monitoring.DISABLE)
show(work, [1, 2, 3], PY_START=None)
monitoring.restart_events()
show(work, [1, 2], PY_START=None)

# Events of one code alone.
monitoring.register_callback(TOOL, events.PY_START, watch("PY_START"))
monitoring.set_local_events(TOOL, called.__code__, events.PY_START)
print(monitoring.get_local_events(TOOL, called.__code__), monitoring.get_events(TOOL))
seen.clear()
work([1])
print(seen)
monitoring.set_local_events(TOOL, called.__code__, 0)
seen.clear()
work([1])
print(seen)


def raising(code, offset):
    raise RuntimeError("from a tool")


monitoring.register_callback(TOOL, events.PY_START, raising)
monitoring.set_events(TOOL, events.PY_START)
try:
    called(1)
except RuntimeError as error:
    monitoring.set_events(TOOL, 0)
    print(error)
monitoring.free_tool_id(TOOL)
print(monitoring.get_tool(TOOL))
