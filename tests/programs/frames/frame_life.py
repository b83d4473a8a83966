# Frames that somebody keeps: while they run, wait, and have ended.
import sys


def told(work, *args):
    try:
        print(repr(work(*args)))
    except BaseException as error:
        print(type(error).__name__, error)


def kept(a):
    b = [a]
    return sys._getframe()


frame = kept(1)
print(frame.f_lineno, dict(frame.f_locals), frame.f_back is sys._getframe())
frame.clear()
print(dict(frame.f_locals))
told(sys._getframe().clear)
told(sys._getframe, 100)
told(sys._getframe, "a")


def numbers():
    x = 1
    yield sys._getframe()
    y = 2
    return y


source = numbers()
inside = next(source)
print(inside is source.gi_frame, inside.f_generator is source, inside.f_back)
told(inside.clear)
told(next, source)
print(inside.f_lineno, dict(inside.f_locals), inside.f_generator, source.gi_frame, inside.f_back)
source = numbers()
inside = next(source)
del source
print(inside.f_lineno, dict(inside.f_locals), inside.f_generator)
source = numbers()
inside = source.gi_frame
print(inside.f_lineno, inside is source.gi_frame)
inside.clear()
print(inside.f_lineno, list(source), inside.f_generator)
print(numbers().gi_frame.f_lineno)


async def coroutine(a):
    b = a
    return b


waiting = coroutine(3)
print(waiting.cr_frame.f_lineno, dict(waiting.cr_frame.f_locals))
waiting.close()
print(waiting.cr_frame)


async def items():
    x = 1
    yield x


walk = items()
print(walk.ag_frame.f_code.co_name)


def failing(n):
    local = n
    if n:
        return failing(n - 1)
    return 1 / 0


try:
    failing(2)
except ZeroDivisionError as error:
    entry = error.__traceback__
while entry.tb_next:
    entry = entry.tb_next
frame = entry.tb_frame
while frame.f_back:
    print(frame.f_code.co_name, frame.f_lineno, frame.f_locals.get("local"))
    frame = frame.f_back


def handled():
    x = 1
    try:
        raise KeyError
    except KeyError as error:
        kept = error
    x = 2
    return kept


print(dict(handled().__traceback__.tb_frame.f_locals)["x"])


def same():
    return sys._getframe() is sys._getframe(), sys._getframe(1) is sys._getframe(1)


print(same())


def attributes():
    frame = sys._getframe()
    for name, value in (
        ("f_trace_lines", 1),
        ("f_trace_lines", False),
        ("f_trace_opcodes", 1),
        ("f_trace_opcodes", True),
        ("f_lineno", "a"),
        ("f_lineno", 5),
        ("f_code", 1),
        ("f_generator", 1),
    ):
        told(setattr, frame, name, value)
    for name in ("f_trace", "f_trace_lines", "f_lineno", "f_back"):
        told(delattr, frame, name)
    print(frame.f_trace, frame.f_trace_lines, frame.f_trace_opcodes)


attributes()
print(sys._getframemodulename(), sys._getframemodulename(99))
try:
    1 / 0
except ZeroDivisionError as error:
    print(list(sys._current_exceptions().values())[0] is error)
sys.set_coroutine_origin_tracking_depth(2)


def maker():
    return coroutine(1)


made = maker()
print([call[1:] for call in made.cr_origin], sys.get_coroutine_origin_tracking_depth())
made.close()
told(sys.set_coroutine_origin_tracking_depth, -1)
sys.set_coroutine_origin_tracking_depth(0)


class Cycle:
    def __del__(self):
        print("cycle gone")


def circle():
    me = Cycle()
    frame = sys._getframe()
    return 1


circle()
import gc

gc.collect()


def deep(n):
    if n == 0:
        return sys._getframe()
    return deep(n - 1)


top, count = deep(300), 0
while top:
    top, count = top.f_back, count + 1
print(count)
