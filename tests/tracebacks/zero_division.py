def f(a, b):
    return a + b / (a - a)


def g(x):
    y = f(x, 2) * 3
    return y


print(g(1))
