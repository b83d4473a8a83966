"""What objects answer when copy and pickle ask how they are made again."""
import copyreg


def tell(what, function):
    try:
        print(what, function())
    except Exception as error:
        print(what, type(error).__name__, error)


def shown(answer):
    return [getattr(part, "__name__", part) if not hasattr(part, "__next__") else list(part) for part in answer]


def name_of(answer):
    return answer if isinstance(answer, str) else (answer[0].__name__, *answer[1:])


class Plain:
    def __init__(self):
        self.x = 1


class Slots:
    __slots__ = ("a", "__b", "_c")


class Both(Slots):
    pass


class New:
    def __getnewargs__(self):
        return (1, 2)


class NewEx:
    def __getnewargs_ex__(self):
        return (1,), {"k": 2}


class List(list):
    pass


class Dict(dict):
    pass


class Int(int):
    pass


class Own:
    def __reduce__(self):
        return "own"


class State:
    def __getstate__(self):
        return "state"


slots = Slots()
slots.a, slots._Slots__b = 1, 2
both = Both()
both._c, both.more = 3, 4
for value in (Plain(), slots, both, New(), NewEx(), List([1, 2]), Dict(a=1), Int(5), Own(), State(), object(), 1j, [], {}):
    for protocol in (0, 1, 2, 5):
        def answer():
            reduced = value.__reduce_ex__(protocol)
            return reduced if isinstance(reduced, str) else shown(reduced)[:1] + [repr(p).split(" at 0x")[0] for p in shown(reduced)[1:]]
        tell(f"{type(value).__name__} {protocol}", answer)
    tell(f"{type(value).__name__} state", lambda: value.__getstate__())

for value in ((i for i in ()), len, type, iter([]), memoryview(b""), 5, "a", (1,), 1.5, None, ..., print.__call__):
    for protocol in (0, 2):
        tell(f"{type(value).__name__} {protocol}", lambda: str(name_of(value.__reduce_ex__(protocol)))[:60].split(" at 0x")[0])

for bad in ({"__getnewargs__": lambda self: 5}, {"__getnewargs_ex__": lambda self: 5}, {"__getnewargs_ex__": lambda self: ()},
            {"__getnewargs_ex__": lambda self: (1, {})}, {"__getnewargs_ex__": lambda self: ((), 1)}):
    tell("bad", lambda: type("Bad", (), bad)().__reduce_ex__(2))
tell("protocol", lambda: Plain().__reduce_ex__("2"))

made, args, state, *_ = both.__reduce_ex__(2)
again = made(*args)
for part in state:
    for name, value in part.items():
        setattr(again, name, value)
print(again._c, again.more, Both.__slotnames__)
again = copyreg._reconstructor(Int, int, 7)
print(type(again).__name__, again)
print(copyreg.__newobj_ex__(Int, ("11",), {"base": 2}), copyreg.__newobj__(List), copyreg._slotnames(Slots))

tell("pickle", lambda: copyreg.pickle(Plain, 5))
tell("constructor", lambda: copyreg.constructor(5))
copyreg.pickle(Plain, lambda plain: (Plain, ()))
print(sorted(getattr(key, "__name__", "?") for key in copyreg.dispatch_table), copyreg.dispatch_table[complex](1 + 2j))
copyreg.add_extension("m", "n", 5)
copyreg.add_extension("m", "n", 5)
for args in (("m", "n", 6), ("m", "o", 5), ("m", "n", 0), ("m", "n", 1 << 31)):
    tell("extension", lambda: copyreg.add_extension(*args))
tell("remove", lambda: copyreg.remove_extension("m", "o", 5))
copyreg.remove_extension("m", "n", 5)
print(copyreg._extension_registry, copyreg._inverted_registry, copyreg.clear_extension_cache())
