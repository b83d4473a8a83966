# Who looks at the heap in the middle of a death does not look at what dies: it may have given up half of what it had.
import functools
import itertools
import sys

if sys.implementation.name == "ryokan":
    from ryokan import verify
else:
    verify = int


class Looks:
    def __del__(self):
        verify()
        print("looked", flush=True)


def dies(thing):
    pass


dies(itertools.zip_longest(*[[1]] * 50_000, fillvalue=Looks()))
ends = itertools.zip_longest([1], [Looks()])
next(ends)
del ends
for a, b in itertools.zip_longest([Looks(), Looks()], [1]):
    a = b = None


def defaults(a=[1], b=Looks(), *, c=Looks()):
    pass


del defaults
dies(functools.partial(print, [1], Looks(), x=[2]))
dies(itertools.product([Looks()], [[]], [1]))
dies(itertools.chain([Looks()], [1]))
dies(iter([Looks(), []]))
dies({1: Looks(), 2: [Looks()]})
dies((Looks(), [1], (Looks(),)))
dies(ExceptionGroup("several", [ValueError(Looks()), KeyError([1])]))
dies(slice(Looks(), [1], Looks()))
dies(map(None, [Looks()], [1]))


def generator():
    try:
        kept = Looks()
        yield
    finally:
        other = Looks()


started = generator()
next(started)
del started
print("end")
