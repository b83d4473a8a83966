"""InterpreterPoolExecutor."""
import functools
import operator
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor, as_completed

print = functools.partial(print, flush=True)

with InterpreterPoolExecutor(max_workers=2) as pool:
    print(list(pool.map(pow, range(6), [2] * 6)))
    print(sorted(future.result() for future in as_completed([pool.submit(operator.mul, n, 10) for n in range(5)])))
    failed = pool.submit(operator.truediv, 1, 0)
    try:
        failed.result()
    except ZeroDivisionError as error:
        print(repr(error), type(error.__cause__).__name__, error.__cause__.excinfo.formatted)
    print(pool.submit(lambda text: text.upper(), 'stateless').result())
    outside = 1
    try:
        print(pool.submit(lambda: outside).result())
    except interpreters.NotShareableError as error:
        print(type(error).__name__, type(error.__cause__).__name__)
    print(pool.submit(sorted, [3, 1, 2], reverse=True).result())


def prepare(name):
    import builtins
    builtins.prepared = name


with InterpreterPoolExecutor(1, initializer=prepare, initargs=('by the initializer',)) as pool:
    print(pool.submit(eval, 'prepared', {}).result())
print(hasattr(__import__('builtins'), 'prepared'), interpreters.list_all())
