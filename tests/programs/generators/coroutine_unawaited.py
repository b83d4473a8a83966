# What nobody awaits says so, through warnings.
import sys
import types
import warnings


def told(make):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        make()
    print([str(one.message) for one in seen])


async def coroutine():
    pass


async def generator():
    yield 1


def made():
    coroutine()


told(made)
told(lambda: generator().asend(None) and None)
told(lambda: generator().athrow(ValueError) and None)
told(lambda: generator().aclose() and None)
told(lambda: generator().__anext__() and None)
kept = coroutine()
told(kept.cr_frame.clear)
kept.close()


class Awaitable:
    pass


class Manager:
    def __enter__(self):
        pass

    def __exit__(self, *args):
        pass


class Asynchronous:
    async def __aenter__(self):
        pass

    async def __aexit__(self, *args):
        pass


async def awaits():
    await Awaitable()


async def manages():
    async with Manager():
        pass


def managed():
    with Asynchronous():
        pass


for attempt in (lambda: awaits().send(None), lambda: manages().send(None), managed):
    try:
        attempt()
    except TypeError as error:
        print(error)
