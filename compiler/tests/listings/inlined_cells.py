def f(x):
    g = lambda: x
    return [x for x in g()], [lambda: q for q in x]
def h():
    x = 1
    def i():
        return x, [(lambda: x) for x in y]
    return i
