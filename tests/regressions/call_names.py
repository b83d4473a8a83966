# How errors of a call name what was called, wherever it comes from.
def free(a, *, k=1, **more):
    pass


class Room:
    def __init__(self, a=1):
        pass

    def enter(self, **keys):
        pass


def said(work):
    try:
        work()
    except TypeError as e:
        text = str(e)
        print(text[: text.index(" object at")] if " object at" in text else text)


def local():
    def inner(k):
        pass

    said(lambda: inner(k=1, **{"k": 2}))
    hold = free
    try:
        hold(1, k=1, **{"k": 2})
    except TypeError as e:
        print(e)


local()
said(lambda: free(1, k=1, **{"k": 2}))
said(lambda: free(1, **{"m": 1}, **{"m": 2}))
said(lambda: Room(a=1, **{"a": 2}))
said(lambda: Room().enter(a=1, **{"a": 2}))
said(lambda: print(1, sep="", **{"sep": 1}))
said(lambda: [].sort(key=1, **{"key": 2}))
said(lambda: free(*1))
said(lambda: free(**1))
said(lambda: free(**{1: 2}))
said(lambda: len(*3))
said(lambda: Room()(*1))
said(lambda: Room(**None))
