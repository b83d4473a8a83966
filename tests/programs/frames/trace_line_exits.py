# The lines that a trace function is told of where a function ends behind branches, handlers and classes.
import sys


def traced(function):
    first = function.__code__.co_firstlineno
    events = []

    def trace(frame, event, argument):
        line = frame.f_lineno
        events.append((None if line is None else line - first, event))
        return trace

    sys.settrace(trace)
    try:
        function()
    except Exception:
        pass
    sys.settrace(None)
    print(function.__name__, *(f"{line}{event[0]}" for line, event in events))


def nested():
    a = b = 1
    if a == 1:
        if b == 1:
            x = 4
        else:
            y = 6
    else:
        z = 8


def handled():
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            x = 4
    except IndexError:
        x = 6


def constant():
    try:
        if False:
            pass
    except Exception:
        x = 5


def of_class():
    class A:
        if 3 < 9:
            a = 1
        else:
            a = 2


def groups():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        a = 4
    except* TypeError as e:
        b = 6
    return 7


def closed():
    def inner():
        try:
            yield 3
        finally:
            5

    any(inner())


async def items():
    for i in range(2):
        yield i


def asynchronous():
    async def run():
        async for i in items():
            if i > 9:
                break

    try:
        run().send(None)
    except StopIteration:
        pass


for function in (nested, handled, constant, of_class, groups, closed, asynchronous):
    traced(function)


def begins():
    first = sys._getframe().f_code.co_firstlineno
    seen = []

    def trace(frame, event, argument):
        seen.append((frame.f_lineno - first, event))
        return trace

    sys._getframe().f_trace = trace
    sys.settrace(trace)
    a = 1
    b = 2
    sys.settrace(None)
    print(seen)


begins()
code = compile("a = 1\n", "m", "exec")
print(next(code.co_lines())[2], next(iter(code.co_positions())))
