# Cycles through objects whose payload holds nothing: attributes of numbers, texts and bytes; parts of functions; views.
import gc
import weakref


class Canary:
    pass


def leaks(make):
    canary = Canary()
    ref = weakref.ref(canary)
    make(canary)
    del canary
    gc.collect()
    return ref() is not None


def of(base, *args):
    class Sub(base):
        pass

    def make(canary):
        thing = Sub(*args)
        thing.itself, thing.canary = thing, canary
        assert gc.is_tracked(thing)

    return make


for base, *args in [
    (int, 5), (int, 1 << 100), (float, 1.5), (complex, 1j), (str, "a"), (bytes, b"a"), (bytearray, b"a"), (tuple, (1,)),
    (list,), (dict,), (set,), (frozenset, (1,)), (Exception, 1), (type(iter(())).__base__,),
]:
    print(base.__name__, leaks(of(base, *args)))


def viewed(base):
    class Sub(base):
        pass

    def make(canary):
        thing = Sub(b"abc")
        thing.view, thing.canary = memoryview(thing), canary

    return make


for base in (bytes, bytearray):
    print("view of", base.__name__, leaks(viewed(base)))


class Tuple(tuple):
    __slots__ = ()


def part(put):
    def make(canary):
        def function():
            pass

        put(function, Tuple((function, canary)))

    return make


def annotate(function, held):
    function.__annotate__ = lambda format: held


PARTS = {
    "module": lambda f, held: setattr(f, "__module__", held),
    "doc": lambda f, held: setattr(f, "__doc__", held),
    "defaults": lambda f, held: setattr(f, "__defaults__", (held,)),
    "kwdefaults": lambda f, held: setattr(f, "__kwdefaults__", {"a": held}),
    "annotations": lambda f, held: setattr(f, "__annotations__", {"a": held}),
    "annotate": annotate,
    "type_params": lambda f, held: setattr(f, "__type_params__", (held,)),
    "attribute": lambda f, held: setattr(f, "attribute", held),
    "dict": lambda f, held: setattr(f, "__dict__", {"a": held}),
}
for name, put in PARTS.items():
    print("function's", name, leaks(part(put)))
