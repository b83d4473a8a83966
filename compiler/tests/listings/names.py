def f():
    global g
    g = 1
    del g
    return h, len
