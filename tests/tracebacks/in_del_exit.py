class CM:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        raise OSError("in exit")


with CM() as c:
    1 / 0
