def deco(f):
    raise TypeError(f"cannot decorate {f.__name__}")


@deco
def target():
    pass
