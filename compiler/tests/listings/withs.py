def f():
    with a as b, c:
        return b
    for x in y:
        with a:
            break
