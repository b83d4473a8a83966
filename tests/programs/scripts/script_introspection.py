"""Signatures, descriptors, metaclasses, plugins and a binary format."""
import abc
import ast
import dis
import enum
import functools
import inspect
import io
import operator
import struct
import sys
import traceback
import types
import typing
import weakref
from typing import Annotated, Callable, Literal, NamedTuple, Optional, TypedDict


class Typed:
    def __init__(self, kind, *, default=None):
        self.kind, self.default = kind, default

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else instance.__dict__.get(self.name, self.default)

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{type(instance).__name__}.{self.name} must be {self.kind.__name__}, not {type(value).__name__}")
        instance.__dict__[self.name] = value


class Registry(abc.ABCMeta):
    plugins: dict[str, type] = {}

    def __new__(mcls, name, bases, namespace, *, key=None, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        if key:
            mcls.plugins[key] = cls
        return cls

    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)

    def __contains__(cls, key):
        return key in cls.plugins


class Field(metaclass=Registry):
    size = Typed(int, default=0)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__()
        cls.code = kwargs.get("code", "?")

    @abc.abstractmethod
    def pack(self, value) -> bytes:
        """Bytes of a value."""


class Number(Field, key="number", code="<i"):
    def pack(self, value: int) -> bytes:
        return struct.pack(self.code, value)


class Text(Field, key="text"):
    def pack(self, value: str, /, encoding="utf-8", *, errors: Literal["strict", "ignore"] = "strict") -> bytes:
        data = value.encode(encoding, errors)
        return struct.pack(f"<H{len(data)}s", len(data), data)


class Header(NamedTuple):
    magic: bytes
    version: int
    count: int = 0

    FORMAT = struct.Struct(">4sHI") if False else None


class Movie(TypedDict, total=False):
    title: str
    year: typing.Required[int]


def annotated(a, b: int = 1, /, c: "str" = "x", *args: float, d, e: Optional[int] = None, **kw: Annotated[int, "meta"]) -> Callable[[int], str]:
    """Has all kinds of parameters."""
    return lambda n: str(n)


def binary():
    header = struct.Struct(">4sHIx?d")
    data = header.pack(b"RYOK", 3, 2**31, True, -0.5)
    print(header.size, data, header.unpack(data), struct.calcsize("@ihq"), struct.calcsize("=ihq"))
    stream = io.BytesIO()
    for key, value in ("number", -5), ("text", "grüße"), ("number", 7):
        field = Registry.plugins[key]()
        stream.write(struct.pack("B", len(key)) + key.encode() + field.pack(value))
    view, at, found = memoryview(stream.getvalue()), 0, []
    while at < len(view):
        (n,) = struct.unpack_from("B", view, at)
        key, at = bytes(view[at + 1:at + 1 + n]).decode(), at + 1 + n
        if key == "number":
            found.append(struct.unpack_from("<i", view, at)[0])
            at += 4
        else:
            (n,) = struct.unpack_from("<H", view, at)
            found.append(str(view[at + 2:at + 2 + n], "utf-8"))
            at += 2 + n
    print(found, [*struct.iter_unpack("<hb", bytes(range(6)))], int.from_bytes(b"\x01\x02", "little"), (-2).to_bytes(3, "big", signed=True))
    for bad in (lambda: struct.pack("<B", 256), lambda: struct.unpack("<I", b"abc"), lambda: struct.pack("<2i", 1), lambda: struct.calcsize("z"), lambda: struct.pack("<e", 1e9)):
        try:
            bad()
        except (struct.error, OverflowError) as e:
            print(type(e).__name__, e)
    array = memoryview(bytearray(12)).cast("I", (3,))
    array[1] = 0xDEADBEEF
    print(array.tolist(), array.obj[4:8].hex(), array.format, array.shape)


def signatures():
    sig = inspect.signature(annotated)
    print(sig)
    for p in sig.parameters.values():
        print(f"  {p.name:5} {p.kind.description:20} {p.default!r:24} {p.annotation!r}")
    bound = sig.bind(1, 2, "c", 4.0, d=5, z=6)
    bound.apply_defaults()
    print(bound.arguments, bound.args, bound.kwargs)
    for args, kwargs in ((), {}), ((1,), {}), ((1, 2, 3), {"a": 1, "d": 2, "c": 4}):
        try:
            print(sig.bind(*args, **kwargs).arguments)
        except TypeError as e:
            print("TypeError", e)
    print(inspect.signature(functools.partial(annotated, 1, d=2)), inspect.signature(Text().pack), inspect.signature(Header), inspect.signature(len), inspect.signature(Number))
    print(sig.replace(parameters=list(sig.parameters.values())[:2], return_annotation=int), inspect.Parameter("q", inspect.Parameter.KEYWORD_ONLY, default=3))
    print(typing.get_type_hints(annotated), typing.get_type_hints(annotated, include_extras=True)["kw"].__metadata__)
    print(Movie.__required_keys__, Movie.__optional_keys__, Movie(year=1), inspect.getdoc(annotated), inspect.getdoc(Number().pack))
    print(inspect.isabstract(Field), Field.__abstractmethods__, [n for n, v in inspect.getmembers(Number, inspect.isfunction)], inspect.getmro(Text)[1].__name__, "text" in Field)
    print(inspect.getfullargspec(annotated)[:5], inspect.iscoroutinefunction(annotated), inspect.isgenerator(i for i in ()), inspect.classify_class_attrs(Header)[-1].kind)


def objects():
    n = Number()
    print(n.size, Number.size.name, n.code)
    for attempt in (lambda: setattr(n, "size", "x"), Field, lambda: Number.pack(n, 1 << 40), lambda: Header(1), lambda: types.new_class("Odd", (int, str))):
        try:
            attempt()
        except (TypeError, struct.error) as e:
            print(f"{type(e).__name__}: {e}")
    made = types.new_class("Made", (Number,), {"code": ">q"}, lambda ns: ns.update(extra=1))
    print(made().pack(1), made.extra, made.__mro__[1].__name__, made.__qualname__)
    ref = weakref.ref(n, lambda r: print("gone"))
    finalizer = weakref.finalize(n, print, "finalized")
    del n
    print(ref(), finalizer.alive)
    code = compile(ast.parse("x = [i ** 2 for i in range(3)]\ny = f'{x!r:>12}'"), "<made>", "exec")
    names = {}
    exec(code, names)
    print(names["x"], names["y"], ast.unparse(ast.parse("if a:\n  b = (1,)\nelse: c+=2")), ast.dump(ast.parse("f(x, *y, k=1)", mode="eval").body))
    print(ast.literal_eval("{'a': [1, -2.5, (None, True)], 'b': b'x'}"), sorted({type(n).__name__ for n in ast.walk(ast.parse("a + b(c)"))}))

    class Renamer(ast.NodeTransformer):
        def visit_Name(self, node):
            return ast.copy_location(ast.Name(node.id.upper(), node.ctx), node)

    print(ast.unparse(Renamer().visit(ast.parse("total = price * n"))), enum.Enum("Dyn", "A B").B.value, callable(operator.attrgetter("a.b")))
    try:
        try:
            {}["deep"]
        except KeyError as e:
            e.add_note("a note")
            raise ValueError("outer") from e
    except ValueError as e:
        print(*[line.strip() for line in traceback.format_exception_only(e)], *traceback.format_exception_only(e.__cause__), sep="|")
        summary = traceback.TracebackException.from_exception(e)
        print(summary.exc_type_str, str(summary), summary.__cause__.__notes__, [f.name for f in summary.stack])
    frame = inspect.currentframe()
    print(frame.f_code.co_name, inspect.getframeinfo(frame).function, sys._getframe().f_back.f_code.co_name, len(inspect.stack()) > 1)
    print(dis.stack_effect(dis.opmap["POP_TOP"]), annotated.__code__.co_varnames[:7], annotated.__kwdefaults__, objects.__module__)


for part in binary, signatures, objects:
    print(f"== {part.__name__}")
    part()
