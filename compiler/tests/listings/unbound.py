def f(a):
    if a:
        x = 1
    print(x)
    del a
    print(a)
    try:
        y = 1
    except E:
        pass
    return y
