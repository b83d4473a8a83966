def f():
    try:
        a()
    except E as e:
        return b()
    except (F, G):
        c()
    else:
        d()
    finally:
        e2()
    for x in y:
        try:
            continue
        finally:
            g()
