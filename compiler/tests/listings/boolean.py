def f(a, b, c):
    if a and (b or not c):
        return a or b
    while not (a is None or b in (1, 2)):
        a = b if c else a
    return 1 < a < 2 and b
