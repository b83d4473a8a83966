# What a generator delegates to is let go before the generator goes on.
import sys


class Plain:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def __del__(self):
        print("gone")


class Close(Plain):
    def close(self):
        print("close")
        raise ValueError("close")


class Throw(Plain):
    def throw(self, *args):
        print("throw")
        raise ValueError("throw")


class Ends(Plain):
    def throw(self, *args):
        raise StopIteration("end")


class Asked(Plain):
    @property
    def close(self):
        raise KeyError("close")

    @property
    def throw(self):
        raise KeyError("throw")


def hook(report):
    print("hook", report.err_msg.partition(" <")[0], type(report.exc_value).__name__)


def delegating(cls):
    try:
        print("gave", (yield from cls()))
    except BaseException as e:
        print("caught", type(e).__name__, e)
    finally:
        print("finally")
    yield 2


sys.unraisablehook = hook
for cls in Plain, Close, Throw, Ends, Asked:
    for work in (lambda g: g.close()), (lambda g: g.throw(IndexError("thrown"))), (lambda g: g.throw(GeneratorExit)):
        print(cls.__name__)
        generator = delegating(cls)
        next(generator)
        try:
            print(work(generator))
        except BaseException as e:
            print("out", type(e).__name__, e)
        print("after")
        del generator
