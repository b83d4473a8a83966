def f(a):
    b = 1
    def g():
        nonlocal b
        b += a
        return lambda: b
    return g, [lambda: x for x in a]
