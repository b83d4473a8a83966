# Trace functions that send a frame into and out of loops, handlers and with statements.
import sys
import warnings

warnings.simplefilter("ignore", RuntimeWarning)

class Manager:
    def __init__(self, out, name):
        self.out, self.name = out, name

    def __enter__(self):
        self.out.append(self.name)

    def __exit__(self, *args):
        self.out.append(-self.name)


def jump(function, at, to, on="line"):
    first = function.__code__.co_firstlineno
    done = False

    def trace(frame, event, argument):
        nonlocal done
        if frame.f_code is not function.__code__:
            return None
        if event == on and frame.f_lineno == first + at and not done:
            done = True
            try:
                frame.f_lineno = first + to
            except ValueError as error:
                print("refused:", error)
        return trace

    out = []
    sys.settrace(trace)
    try:
        result = function(out)
        if on == "return":
            next(result, None)
    except Exception as error:
        print(repr(error))
    sys.settrace(None)
    print(function.__name__, at, to, out)


def loop(out):
    for i in 1, 2:
        out.append(2)
        out.append(3)
    out.append(4)


def within(out):
    with Manager(out, 1):
        out.append(2)
        out.append(3)
    out.append(4)


def both(out):
    for i in 1, 2:
        with Manager(out, 2):
            out.append(3)
        out.append(4)
    out.append(5)


def handler(out):
    try:
        1 / 0
    except ZeroDivisionError:
        out.append(4)
        out.append(5)
    out.append(sys.exception())


def comprehended(out):
    out.append(1)
    x = [i for i in range(3)]
    out.append(x)


def call(out):
    out.append(1)
    max(
        3,
        4,
    )
    out.append(6)


def generator(out):
    out.append(1)
    yield 2
    out.append(3)


jump(loop, 2, 3)
jump(loop, 2, 4)
jump(loop, 4, 2)
jump(within, 2, 3)
jump(within, 2, 4)
jump(within, 4, 2)
jump(both, 3, 4)
jump(both, 3, 5)
jump(both, 4, 3)
jump(handler, 4, 5)
jump(handler, 4, 6)
jump(handler, 6, 4)
jump(comprehended, 2, 3)
jump(comprehended, 3, 2)
jump(call, 6, 3)
jump(generator, 2, 3, "return")
