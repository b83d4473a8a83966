def numbers():
    yield 1
    raise RuntimeError("pipe broke")


def relay():
    yield from numbers()


for n in relay():
    pass
