def f():
    while a:
        try:
            try:
                b
            finally:
                return c
        finally:
            d
