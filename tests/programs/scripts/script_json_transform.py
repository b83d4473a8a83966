"""JSON in, JSON out: a small query language, custom encoders and decoders, merging, schemas."""
import base64
import json
import re
from collections import OrderedDict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter

DOCUMENT = r"""
{
  "shop": {"name": "B\u00fccher \ud83d\ude00 & more", "open": true, "rating": 4.50, "tags": ["old", "rare", "old"]},
  "books": [
    {"id": 1, "title": "A \"quoted\" title", "price": 12.5, "published": "1998-03-01", "sold": null},
    {"id": 2, "title": "Tabs\tand\nlines", "price": 8, "published": "2011-11-11", "sold": 17},
    {"id": 3, "title": "", "price": 1e2, "published": "2020-02-29", "sold": 0}
  ],
  "big": 123456789012345678901234567890, "tiny": -1.5E-7, "empty": {}, "none": []
}
"""


class Encoder(json.JSONEncoder):
    def default(self, value):
        match value:
            case datetime() | date() | time():
                return value.isoformat()
            case timedelta():
                return value.total_seconds()
            case Decimal():
                return {"$decimal": str(value)}
            case set() | frozenset():
                return sorted(value)
            case bytes():
                return {"$bytes": base64.b64encode(value).decode("ascii")}
            case complex(real=r, imag=i):
                return [r, i]
        return super().default(value)


def revive(pairs):
    match dict(pairs):
        case {"$decimal": str(text), **rest} if not rest:
            return Decimal(text)
        case {"$bytes": str(text), **rest} if not rest:
            return base64.b64decode(text)
        case found:
            return found


def query(value, path):
    """a.b[0].c, with * for all items and [key=value] to choose."""
    for step in re.findall(r"[^.\[\]]+(?==)|\[[^\]]*\]|[^.\[\]]+", path):
        if step == "*":
            value = list(value.values()) if isinstance(value, dict) else value
        elif step.startswith("["):
            inner = step[1:-1]
            if "=" in inner:
                key, wanted = inner.split("=", 1)
                value = [v for v in value if str(v.get(key)) == wanted]
            else:
                value = value[int(inner)]
        else:
            value = [v[step] for v in value] if isinstance(value, list) else value[step]
    return value


def merge(old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        merged = {k: merge(old[k], new[k]) if k in old else new[k] for k in new if new[k] is not None}
        return {k: v for k, v in {**old, **merged}.items() if k not in new or new[k] is not None}
    return new


def check(value, schema, where="$"):
    kinds = {"number": (int, float), "string": str, "object": dict, "array": list, "null": type(None)}
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, kinds[w]) for w in wanted):
        yield f"{where}: {value!r} is no {' or '.join(wanted)}"
        return
    for key, inner in schema.get("properties", {}).items():
        if key in value:
            yield from check(value[key], inner, f"{where}.{key}")
        elif key in schema.get("required", ()):
            yield f"{where}: no {key}"
    for n, item in enumerate(value if "items" in schema else ()):
        yield from check(item, schema["items"], f"{where}[{n}]")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        yield f"{where}: {value!r} does not match {schema['pattern']}"


data = json.loads(DOCUMENT)
print(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False))
print(json.dumps(data["shop"]), json.dumps(data["books"][1], separators=(",", ":")), sep="\n")
for path in ("shop.name", "books[1].title", "books.price", "books[sold=17].id", "shop.*", "books[-1].published"):
    print(f"{path:22} {query(data, path)!r}")
print(merge(data["shop"], {"open": None, "rating": 5, "place": {"city": "Ulm", "zip": None}}))
schema = {
    "type": "object", "required": ["books", "owner"],
    "properties": {
        "owner": {"type": "string"},
        "books": {"type": "array", "items": {"type": "object", "properties": {
            "title": {"type": "string", "pattern": ".+"}, "sold": {"type": "number"}, "price": {"type": ["number", "null"]}}}},
    },
}
print(*check(data, schema), sep="\n")

odd = {"when": datetime(2024, 2, 29, 12, 30), "day": date(2000, 1, 1), "span": timedelta(days=1, seconds=1.5), "cost": Decimal("1.10"), "set": {3, 1}, "raw": b"\x00\xff", "z": 1 + 2j, 3: None, None: True, 2.5: "float"}
text = json.dumps(odd, cls=Encoder)
print(text)
print(json.loads(text, object_pairs_hook=revive))
print(json.loads('{"a": 1.10, "b": [1, 2.50]}', parse_float=Decimal, parse_int=lambda s: f"int {s}"))
print(json.loads('{"b": 1, "a": 2, "b": 3}', object_pairs_hook=OrderedDict), json.loads("[NaN, -Infinity]"))
for bad in ("", "{", '{"a" 1}', "[1,]", '{"a": 1,}', '"tab\t"', "nul", '["\\x"]', "1 2", "[1\n,\n2\n;]", '{"a": "\\ud800"'):
    try:
        print(json.loads(bad))
    except json.JSONDecodeError as e:
        print(f"{bad!r}: {e} | {e.msg} {e.lineno}:{e.colno} {e.pos}")
loop = []
loop.append(loop)
for bad, options in ((loop, {}), (object, {}), (float("nan"), {"allow_nan": False}), ({(1, 2): 3}, {}), ({"a": {1}}, {})):
    try:
        print(json.dumps(bad, **options))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e, *getattr(e, "__notes__", ()))
print(json.dumps({(1, 2): 3, "k": 1}, skipkeys=True), json.dumps("é\u2028\x7f</", ensure_ascii=False), json.dumps([1, [2, {"a": []}]], indent="\t"))
print(json.JSONDecoder().raw_decode('{"x": 1} tail'), sorted(data["books"], key=itemgetter("price"))[0]["id"])
