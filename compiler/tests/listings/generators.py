def f():
    x = yield
    y = yield x, 1
    return (yield from g())
