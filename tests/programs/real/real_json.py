# A JSON-like serializer and parser, with positions in errors and a round trip.
ESC = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
def dumps(v, indent=None, level=0):
    match v:
        case None: return "null"
        case True: return "true"
        case False: return "false"
        case int() | float(): return repr(v)
        case str(): return '"' + "".join(ESC.get(c) or (c if " " <= c < "\x7f" else "".join(f"\\u{u:04x}" for u in units(c))) for c in v) + '"'
    if isinstance(v, dict): parts, ends = [f"{dumps(str(k))}: {dumps(x, indent, level + 1)}" for k, x in v.items()], "{}"
    elif isinstance(v, (list, tuple)): parts, ends = [dumps(x, indent, level + 1) for x in v], "[]"
    else: raise TypeError(f"cannot write a {type(v).__name__}")
    if indent is None or not parts: return ends[0] + ", ".join(parts) + ends[1]
    pad = "\n" + " " * indent * (level + 1)
    return ends[0] + pad + ("," + pad).join(parts) + pad[: -indent or None] + ends[1]
def units(c):
    n = ord(c)
    return [n] if n < 0x10000 else [0xD800 + (n - 0x10000 >> 10), 0xDC00 + (n - 0x10000 & 0x3FF)]
class Bad(ValueError): pass
class Parser:
    def __init__(self, s): self.s, self.i = s, 0
    def fail(self, msg):
        line = self.s.count("\n", 0, self.i) + 1
        raise Bad(f"{msg}: line {line}, column {self.i - self.s.rfind(chr(10), 0, self.i)}")
    def skip(self):
        while self.i < len(self.s) and self.s[self.i] in " \n\t\r": self.i += 1
    def peek(self): self.skip(); return self.s[self.i : self.i + 1]
    def eat(self, c):
        if self.peek() != c: self.fail(f"expected {c!r}")
        self.i += 1
    def value(self):
        c = self.peek()
        if c == "{": return dict(self.items("{", "}", self.pair))
        if c == "[": return list(self.items("[", "]", self.value))
        if c == '"': return self.string()
        if c and c in "-0123456789": return self.number()
        for word, v in (("null", None), ("true", True), ("false", False)):
            if self.s.startswith(word, self.i): self.i += len(word); return v
        self.fail("expected a value")
    def items(self, a, b, f):
        self.eat(a)
        if self.peek() == b: self.i += 1; return
        while True:
            yield f()
            if self.peek() == b: self.i += 1; return
            self.eat(",")
    def pair(self):
        self.skip()
        k = self.string()
        self.eat(":")
        return k, self.value()
    def number(self):
        j = self.i
        while self.i < len(self.s) and self.s[self.i] in "+-.eE0123456789": self.i += 1
        t = self.s[j : self.i]
        try: return float(t) if any(c in t for c in ".eE") else int(t)
        except ValueError as e: self.i = j; self.fail(f"bad number {t!r}")
    def string(self):
        self.eat('"')
        out = []
        while (c := self.s[self.i : self.i + 1]) != '"':
            if not c: self.fail("string without end")
            self.i += 1
            if c == "\\":
                c = self.s[self.i : self.i + 1]
                self.i += 1
                if c == "u": c = chr(int(self.s[self.i : self.i + 4], 16)); self.i += 4
                else: c = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "/": "/"}.get(c) or self.fail(f"bad escape {c!r}")
            out.append(c)
        self.i += 1
        return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16")
    def whole(self):
        v = self.value()
        if self.peek(): self.fail("text after the value")
        return v
def loads(s): return Parser(s).whole()
data = {"inn": "Ryokan", "rooms": [{"n": 1, "keys": [], "open": True}, {"n": -2, "w": 1.5e-7, "guest": None}], "text": 'q"\\\n\u20ac\U0001f600\x01', "empty": {}, "big": 10**25, "deep": [[[[1]]]], "f": -0.0}
s = dumps(data)
print(s)
print(loads(s) == data, dumps(loads(s)) == s)
print(dumps(data["rooms"], 2), dumps([], 2), dumps({"a": {}}, 4), sep="\n")
print(loads(dumps(data, 3)) == data, loads(' [ 1 , 2.5,\n"x" ] '), loads("-0"), loads('"\\u0041\\/"'), loads("1E3"))
for bad in ("", "[1,", "[1 2]", '{"a" 1}', "{1: 2}", '"abc', "nul", "[1] x", "01x", "1.2.3", '"\\q"', "[\n1,\n ?]", "-", "{,}"):
    try: print(loads(bad))
    except Bad as e: print(repr(bad), "->", e)
try: dumps({"x": {1, 2}})
except TypeError as e: print(e)
l = []
for _ in range(60): l = [l]
print(loads(dumps(l)) == l, len(dumps(list(range(2000)))))
