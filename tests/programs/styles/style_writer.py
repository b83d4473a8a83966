"""A writer of JSON by hand: indentation, sorted keys, classes that say how they are written, limits and refusals."""
import sys
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum


class Refused(TypeError):
    def __init__(self, what, path):
        super().__init__(f"{'.'.join(map(str, path)) or 'value'}: {what}")


ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


class Writer:
    def __init__(self, indent=None, sort=False, ascii=True, deepest=20):
        self.indent, self.sort, self.ascii, self.deepest = indent, sort, ascii, deepest
        self.parts, self.path = [], []

    def text(self, value):
        self.parts, self.path = [], []
        self.write(value)
        return "".join(self.parts)

    def put(self, *parts):
        self.parts.extend(parts)

    def quoted(self, text):
        out = ['"']
        for c in text:
            if c in ESCAPES:
                out.append(ESCAPES[c])
            elif ord(c) < 32 or ord(c) > 126 and self.ascii:
                code = ord(c)
                if code > 0xFFFF:
                    code -= 0x10000
                    out.append(f"\\u{0xD800 + (code >> 10):04x}")
                    code = 0xDC00 + (code & 0x3FF)
                out.append(f"\\u{code:04x}")
            else:
                out.append(c)
        out.append('"')
        return "".join(out)

    def line(self):
        if self.indent is not None:
            self.put("\n", " " * (self.indent * len(self.path)))

    def write(self, value):
        if len(self.path) > self.deepest:
            raise Refused("too deep", self.path[:3])
        match value:
            case None:
                self.put("null")
            case True | False:
                self.put("true" if value else "false")
            case Enum():
                self.write(value.value)
            case str():
                self.put(self.quoted(value))
            case int():
                self.put(int.__repr__(value))
            case float():
                if value != value or value in (float("inf"), float("-inf")):
                    raise Refused(f"{value} is no number of JSON", self.path)
                self.put(repr(value))
            case dict():
                self.members(value.items())
            case list() | tuple():
                self.items(value)
            case set() | frozenset():
                self.items(sorted(value, key=repr))
            case _ if is_dataclass(value):
                self.members((field.name, getattr(value, field.name)) for field in fields(value))
            case _ if hasattr(value, "__json__"):
                self.write(value.__json__())
            case _:
                raise Refused(f"{type(value).__name__} cannot be written", self.path)

    def between(self, left, right, items, each):
        self.put(left)
        empty = True
        for key, item in items:
            if not empty:
                self.put("," if self.indent is not None else ", ")
            empty = False
            self.path.append(key)
            self.line()
            each(key, item)
            self.path.pop()
        if not empty:
            self.line()
        self.put(right)

    def items(self, values):
        self.between("[", "]", enumerate(values), lambda key, item: self.write(item))

    def member(self, key, item):
        if not isinstance(key, (str, int, float, bool, type(None))):
            raise Refused(f"key of type {type(key).__name__}", self.path[:-1])
        name = key if isinstance(key, str) else {True: "true", False: "false", None: "null"}.get(key) or repr(key)
        self.put(self.quoted(name), ": ")
        self.write(item)

    def members(self, pairs):
        pairs = sorted(pairs, key=lambda pair: str(pair[0])) if self.sort else pairs
        self.between("{", "}", pairs, self.member)


@dataclass
class Point:
    x: float
    y: float
    name: str = "here"


class Colour(Enum):
    RED = "red"
    GREEN = [0, 255, 0]


class Wrapped:
    def __init__(self, inner):
        self.inner = inner

    def __json__(self):
        return {"inner": self.inner}


VALUE = {
    "z": [1, -2, 3.5, 1e100, True, None], "a": {"deep": {"er": [[], {}, [[]]]}}, "text": "tab\t \"q\" \\ \x01 \xe9 \u20ac \U0001f600", "point": Point(1.5, -0.0), "points": [Point(i, i * 2, f"p{i}") for i in range(3)],
    "colours": list(Colour), "set": {3, 1, 2}, "own": Wrapped(Wrapped((1, "x"))), 5: "five", None: "none", True: "true",
}
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    texts = [Writer().text(VALUE), Writer(2, True).text(VALUE), Writer(0, ascii=False).text(VALUE)]
print(texts[0])
print(texts[1])
print(len(texts[2]), texts[2].count("\n"), texts[2].encode()[:80])
import json

print(json.loads(texts[0]) == json.loads(texts[1]) == json.loads(texts[2]), json.loads(texts[0])["points"][2])
loop = []
loop.append({"again": loop})
for bad in [object(), {"a": [1, {2, object}]}, [float("nan")], {(1, 2): 3}, {"k": {"l": [0, 1j]}}, loop]:
    try:
        print(Writer().text(bad))
    except Refused as error:
        print(error)
