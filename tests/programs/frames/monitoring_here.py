"""Tools of `sys.monitoring` are told of the frame that has asked, from its next line on, and may send it elsewhere."""
import sys

monitoring = sys.monitoring
E = monitoring.events
TOOL = 3
monitoring.use_tool_id(TOOL, "here")
seen = []


def lines(code, line):
    seen.append((code.co_name, line - code.co_firstlineno))


def plain():
    monitoring.set_events(TOOL, E.LINE)
    a = 1
    b = a
    monitoring.set_events(TOOL, 0)
    return a + b


def by_keyword():
    for at in range(2):
        if at:
            monitoring.set_events(TOOL, E.LINE)
        x = at
    monitoring.set_events(TOOL, 0)


def local():
    monitoring.set_local_events(TOOL, local.__code__, E.LINE)
    a = 1
    monitoring.set_local_events(TOOL, local.__code__, 0)


def numbers():
    yield 1
    yield 2


def generators():
    monitoring.set_events(TOOL, E.LINE)
    first = numbers()
    next(first)
    next(first)
    (
        x
        for x in [1]
    ).__next__()
    monitoring.set_events(TOOL, 0)


monitoring.register_callback(TOOL, E.LINE, lines)
for function in plain, by_keyword, local, generators:
    seen.clear()
    function()
    print(function.__name__, seen)


def skips():
    a = [0]
    a.append(1)
    a.append(2)
    return a


def jump(code, line):
    if line - code.co_firstlineno == 2:
        sys._getframe(1).f_lineno = line + 1


monitoring.register_callback(TOOL, E.LINE, jump)
monitoring.set_local_events(TOOL, skips.__code__, E.LINE)
print(skips())
monitoring.set_local_events(TOOL, skips.__code__, 0)
monitoring.register_callback(TOOL, E.LINE, None)
monitoring.free_tool_id(TOOL)
