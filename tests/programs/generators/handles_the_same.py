# A generator may handle the very exception that whoever resumes it handles; it keeps it when they are done.
import sys


def keeps():
    try:
        yield sys.exception()
    except ValueError as error:
        yield sys.exception() is error, error.__context__
        yield type(sys.exception()).__name__
        try:
            raise KeyError(1)
        except KeyError:
            yield type(sys.exception()).__name__
        yield type(sys.exception()).__name__
        raise


made = keeps()
print(next(made))
try:
    raise ValueError('same')
except ValueError as error:
    print(made.throw(error), type(sys.exception()).__name__)
print(sys.exception())
print(next(made), next(made), next(made), sys.exception())
try:
    next(made)
except ValueError as error:
    print('raised', error)
print(sys.exception())


def inherits():
    while True:
        yield type(sys.exception()).__name__


walk = inherits()
print(next(walk))
try:
    raise ValueError
except ValueError:
    print(next(walk))
    try:
        raise KeyError
    except KeyError:
        print(next(walk))
    print(next(walk))
print(next(walk))


def delegates(inner):
    yield from inner


inner = keeps()
outer = delegates(inner)
next(outer)
try:
    raise ValueError('deep')
except ValueError as error:
    print(outer.throw(error))
print(next(outer), next(outer))
try:
    raise TypeError
except TypeError:
    print(next(outer), type(sys.exception()).__name__)


def cleans():
    try:
        yield
    finally:
        print('cleans', type(sys.exception()).__name__)
        yield type(sys.exception()).__name__
        print('ends', type(sys.exception()).__name__)


made = cleans()
next(made)
try:
    raise OSError
except OSError as error:
    print(made.throw(error))
try:
    next(made)
except OSError:
    print('out')
print(sys.exception())
