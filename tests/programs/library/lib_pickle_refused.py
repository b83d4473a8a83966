# What cannot be pickled, and bytes that are no pickle: every error, and the notes that say where it was met.
import io
from _pickle import Pickler, Unpickler, dumps, load, loads
import _pickle


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names))[:100])
    except BaseException as error:
        text = str(error)
        print(type(error).__name__, text[: text.find(" at 0x")] if " at 0x" in text else text, getattr(error, "__notes__", ""), type(error.__context__).__name__)


class Named:
    def __init__(self, name, module="__main__"):
        self.__qualname__, self.__module__ = name, module

    def __reduce_ex__(self, protocol):
        return self.__qualname__

    def __repr__(self):
        return "<named>"


class Tells:
    def __init__(self, told):
        self.told = told

    def __reduce__(self):
        return self.told


def local():
    class Local:
        pass

    return Local


print("-- names that are not found")
for name, module in (("x", "no_such"), ("x", ""), ("nope", "os"), ("path", "os"), ("path.join", "os"), ("path.nope", "os"), ("x", None), ("x", 3), ("\xe9", "os"), ("<locals>.x", "os"), ("", "os")):
    for protocol in (1, 4):
        show(dumps, Named(name, module), protocol)
show(dumps, local())
show(dumps, local()())
show(dumps, lambda: 1)

print("-- what is told of an object")
function = lambda: 1
for told in (3, None, (), (1,), (int, 1), (3, ()), (int, (), None, 3), (int, (), None, None, 3), (int, (), None, None, None, 3), (int, ()) + (None,) * 5, [int, ()],
             (int, (function,)), (function, ()), (int, (), function), (int, (), None, iter([1, function])), (int, (), None, None, iter([(1, function)])),
             (int, (), None, None, iter([3])), (int, (), 1, None, None, function)):
    for protocol in (0, 2, 4):
        for part in told[3:5] if isinstance(told, tuple) else ():
            pass
        show(dumps, Tells(told), protocol)

print("-- notes")
for value in ([function], (function,), {1: function}, {function: 1}, {function}, frozenset([function]), [1, [2, (3, 4, 5, 6, function)]], {"a": [1, {2: (3, function)}]}):
    for protocol in (0, 1, 4):
        show(dumps, value, protocol)

print("-- arguments")
show(Pickler)
show(Pickler, 3)
show(Pickler, io.BytesIO(), 6)
show(Pickler, io.BytesIO(), "a")
show(Pickler, io.BytesIO(), 4, True, print)
show(Unpickler, 3)
show(Unpickler, io.BytesIO(), encoding=3)
show(Unpickler, io.BytesIO(), encoding="a\0b")
show(Unpickler, io.BytesIO(), buffers=3)
show(loads, "text")
show(loads, b"N.", errors=1)
show(dumps)
show(dumps, 1, 2, 3)


class NoInit(Pickler):
    def __init__(self):
        pass


class NoInitEither(Unpickler):
    def __init__(self):
        pass


show(NoInit().dump, 1)
show(NoInitEither().load)
print(_pickle.PicklingError.__mro__, _pickle.UnpicklingError.__mro__[1].__name__)

print("-- bytes that are no pickle")


def frame(length):
    return b"\x80\x04\x95" + length.to_bytes(8, "little")


class Lines:
    def __init__(self, data):
        self.file = io.BytesIO(data)
        self.read, self.readline = self.file.read, self.file.readline


PICKLES = [
    frame(6) + b"Vhelloworld\n.", frame(3) + b"C\x0ahelloworld.", frame(12) + b"N\x95" + bytes(8) + b"NN.", frame(10) + b"N\x95" + bytes(8) + b"N.", frame(3) + b"N.",
    frame(1) + b"C\x01a.", frame(5) + b"\x95" + bytes(8) + b"N.", frame(100) + b"N.", frame(2) + b"I1\n.",
    b"I1_0\n.", b"I 1\n.", b"I01\n.", b"I-01\n.", b"I1\0\n.", b"I\n.", b"Iabc\n.", b"I0x1\n.", b"I99999999999999999999\n.", b"L1\n.", b"L1L\n.", b"LL\n.", b"L1LL\n.",
    b"F\n.", b"F1\n.", b"F 1\n.", b"Fabc\n.", b"F1abc\n.", b"F1_0\n.", b"F-inf\n.", b"F1e999\n.", b"F1\0abc\n.", b"F.\n.", b"F1e\n.", b"S\n.", b"S'\n.", b"S''\n.", b"S'a\"\n.", b"S'\\x41'\n.",
    b"S'\\x4'\n.", b"S'\xff'\n.", b"V\n.", b"Va\\u0041\n.", b"Va\\u004\n.", b"Va", b"N", b"", b".", b"0.", b"(.", b"(0N.", b"1", b"(NN1N.", b"2.", b"N20.", b"(2.",
    b"Ng5\n.", b"Ng-1\n.", b"Nga\n.", b"Ng\n.", b"Np-1\n.", b"Np0\ng0\n.", b"p1\n.", b"q\0.", b"\x94.", b"(\x94.", b"h\0.", b"j\0\0\0\0.", b"\x80\x06N.", b"\x80", b"R.", b"NR.", b"NNR.", b"N)R.",
    b"b.", b"Nb.", b"NNb.", b"NK\x01b.", b"N(NNtb.", b"N}b.", b"cbuiltins\nobject\n)\x81}(U\x01aNub.", b"\x81.", b"NN\x81.", b"N)\x81.", b"cbuiltins\nint\nN\x81.", b"cbuiltins\nint\n)\x81.",
    b"ctypes\nGeneratorType\n)\x81.", b"\x92.", b"NNN\x92.", b"cbuiltins\nint\nN}\x92.", b"cbuiltins\nint\n)N\x92.", b"cbuiltins\nint\n)}U\x01aK\x02s\x92.",
    b"a.", b"Na.", b"]a.", b"](a.", b"(Na.", b"NNa.", b"e.", b"(e.", b"]N(e.", b"(](e.", b"N(NNe.", b"s.", b"NNs.", b"}NNs.", b"NNNs.", b"u.", b"}(u.", b"}(Nu.", b"N(NNu.", b"}]Ns.",
    b"\x90.", b"\x8f(NK\x01\x90.", b"N(N\x90.", b"\x8f(]\x90.", b"\x91.", b"(]\x91.", b"t.", b"\x85.", b"(\x85.", b"N(N\x86.", b"d.", b"(Nd.", b"(]Nd.", b"l.", b"o.", b"(o.", b"(No.", b"(cbuiltins\nint\nK\x05o.",
    b"i\n\n.", b"(iabc\n.", b"(K\x05ibuiltins\nint\n.", b"(i\xff\nint\n.", b"c\n\n.", b"c", b"cbuiltins\nint", b"cno_such\nx\n.", b"cos\nnope\n.", b"\x80\x04cos\npath.nope\n.", b"\x93.", b"NN\x93.",
    b"Pabc\n.", b"P\xff\n.", b"Q.", b"NQ.", b"\x82\0.", b"\x82\x01.", b"\x84\xff\xff\xff\xff.", b"\x8a\0.", b"\x8a\2\xff.", b"\x8b\xff\xff\xff\xff.", b"\x8a\x11" + b"\xff" * 17 + b".",
    b"T\xff\xff\xff\xff.", b"U\1\xff.", b"X\1\0\0\0\xff.", b"X\3\0\0\0\xed\xa0\x80.", b"\x8d" + b"\xff" * 8 + b".", b"\x8e" + b"\xff" * 8 + b".", b"\x96" + b"\xff" * 8 + b".", b"\x95" + b"\xff" * 8 + b".",
    b"B\xff\xff\xff\x7fabc", b"\x97.", b"\x98.", b"N\x98.", b"C\1a\x98.", b"!", b"\\", b"'", b"\0", b"\xff", b"~", b" ", b"K", b"M\x01", b"G\0",
]
for data in PICKLES:
    print(data, end=" ")
    show(loads, data)
    for kind in (io.BytesIO, Lines):
        try:
            first, second = [], []
            for out, call in ((first, lambda: loads(data)), (second, lambda: load(kind(data)))):
                try:
                    out.append(repr(call()))
                except Exception as error:
                    out.append((type(error), str(error)))
            if first != second:
                print("  otherwise from a file:", second)
        finally:
            pass

print("-- every beginning of a pickle")
whole = dumps({"key": [1, 2.5, (None, b"bytes", "text" * 20)], 2: {3, 4}})
ends = {}
for at in range(len(whole)):
    try:
        loads(whole[:at])
        print("read", at)
    except Exception as error:
        ends.setdefault((type(error).__name__, str(error)), []).append(at)
for what, places in ends.items():
    print(what, len(places))
