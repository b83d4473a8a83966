# Trace functions that send a frame elsewhere.
import sys


def jump(function, at, to, *args):
    def trace(frame, event, argument):
        if frame.f_code is not function.__code__:
            return None
        nonlocal done
        if event == "line" and frame.f_lineno == function.__code__.co_firstlineno + at and not done:
            done = True
            try:
                frame.f_lineno = function.__code__.co_firstlineno + to
            except ValueError as error:
                print("refused", str(error).split()[0])
        return trace

    done = False
    sys.settrace(trace)
    try:
        result = function(*args)
    except Exception as error:
        result = repr(error)
    finally:
        sys.settrace(None)
    print(function.__name__, at, to, result)


def straight():
    x = ["a"]
    x.append("b")
    x.append("c")
    return x


def looped():
    out = []
    for i in range(3):
        out.append(i)
    out.append("end")
    return out


jump(straight, 2, 3)
jump(straight, 3, 2)
jump(straight, 2, 4)
jump(straight, 2, -1)
jump(straight, 2, 50)
jump(looped, 3, 4)
jump(looped, 4, 2)
jump(looped, 1, 3)


def wrong(frame, event, argument):
    try:
        frame.f_lineno = frame.f_lineno
    except ValueError as error:
        print(event, error)
    return wrong


def once():
    return 1


sys.settrace(wrong)
once()
sys.settrace(None)
