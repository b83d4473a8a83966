# match: every kind of pattern, guards, bindings, class patterns, errors.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
    def __repr__(self): return f"P({self.x}, {self.y})"
class Const: RED = 1; GREEN = "g"
def m(v):
    match v:
        case None: return "none"
        case True | False: return f"bool {v}"
        case 0 | 1.5 | -3 | 2 + 3j: return "num literal"
        case "a" | "b" as s: return f"letter {s}"
        case b"bytes": return "bytes"
        case Const.GREEN: return "green"
        case []: return "empty seq"
        case [x]: return f"one {x}"
        case [1, x, *_]: return f"starts with 1, {x}"
        case (a, [b, *c], d): return f"nested {a} {b} {c} {d}"
        case [first, *mid, last] if first == last: return f"same ends {first} {mid}"
        case [*all_]: return f"seq {all_}"
        case {"type": "p", "v": [x, y]}: return f"map p {x} {y}"
        case {"k": v, **rest}: return f"map k {v} {rest}"
        case {}: return "any map"
        case P(0, 0): return "origin"
        case P(x=0, y=yy): return f"on y {yy}"
        case P(x, P() as inner): return f"P with P {x} {inner.x}"
        case P(xx, y=5 | 6): return f"y 5/6 {xx}"
        case P(): return "some P"
        case int(n) if n > 100: return f"big {n}"
        case int() | float(): return "number"
        case str(s): return f"str {s}"
        case set(): return "set"
        case _: return "other"
for v in (None, True, False, 0, 1.5, -3, 2 + 3j, 1, 0.0, "a", "b", b"bytes", "g", [], (), [7], [1, 2], [1, 2, 3, 4], (9, [8, 7, 6], 5), [3, 1, 2, 3], [4, 5], range(3), {"type": "p", "v": (1, 2)}, {"type": "p"}, {"k": 1, "z": 2}, {"k": 0}, {}, {"zz": 1}, P(0, 0), P(0, 3), P(1, P(2, 3)), P(4, 5), P(4, 7), 500, 50, 2.5, "hello", {1}, object, "", bytearray(b"x"), 10**30, P(0, P(1, 1))):
    print(m(v))
def guard(x):
    match x:
        case n if n < 0: r = "neg"
        case n if n == 0: r = "zero"
        case n: r = "pos"
    return r, n
print(guard(-5), guard(0), guard(3))
match (1, 2):
    case (a, 2) if False: pass
    case (b, c): pass
print(a, b, c)
match 5:
    case 6: print("no")
print("no case matched")
match 1, 2:
    case 1, *r: print(r)
match {"a": 1, "b": {"c": [1, {"d": "deep"}]}}:
    case {"b": {"c": [_, {"d": d}]}}: print(d)
class NoArgs: pass
class BadArgs: __match_args__ = 5
class BadArgs2: __match_args__ = (1,)
class Few: __match_args__ = ("a",)
def c1(v, cls):
    match v:
        case cls(1): return "matched"
    return "no"
for v, cls in ((NoArgs(), NoArgs), (BadArgs(), BadArgs), (BadArgs2(), BadArgs2), (Few(), Few), (5, 5), (1, int), (5, str)): err(c1, v, cls)
def c2(v):
    match v:
        case Few(1, 2): return 1
def c3(v):
    match v:
        case P(1, x=2): return 1
def c4(v):
    match v:
        case int(1, 2): return 1
err(c2, Few()); err(c3, P(1, 2)); err(c4, 1)
for s in ("match 1:\n case x: pass\n case 2: pass", "match 1:\n case _: pass\n case 2: pass", "match 1:\n case (x, x): pass", "match 1:\n case x | 2: pass", "match 1:\n case (1 as x) | 2: pass", "match 1:\n case [*a, *b]: pass", "match 1:\n case {**a, 'k': 1}: pass", "match 1:\n case {'k': 1, 'k': 2}: pass", "match 1:\n case f(): pass", "match 1:\n case -x: pass", "match 1:\n case 1 + 2: pass", "match 1:\n case f'': pass", "match 1:\n case a.b: pass", "match 1:\n case P(x=1, x=2): pass", "match 1:\n pass", "match = 1; case = 2; _ = 3; print(match, case, _)", "match (1): \n case (_): print('paren')", "match 1:\n case _ as x: pass", "match 1:\n case 1 as _: pass", "match [1]:\n case [1, *_]: print('star')", "match -1:\n case -1: print('neg')", "match *[1], 2:\n case 1, 2: print('tuple subject')", "match x:=3:\n case 3: print(x)"):
    try: exec(s, {}); print("fine")
    except SyntaxError as e: print(e.msg)
    except Exception as e: print(type(e).__name__, e)
class Seq:
    def __len__(self): return 2
    def __getitem__(self, i): return i
class D(dict):
    def __missing__(self, k): return "missing"
match Seq():
    case [a, b]: print("seq")
    case _: print("not a sequence")
match D():
    case {"x": v}: print(v)
    case _: print("missing is not asked")
class Eq:
    def __eq__(self, o): print("eq", o, end=" "); return o == 2
match Eq():
    case 1: print("one")
    case 2: print("two")
match 1:
    case True: print("True is 1?")
    case 1.0: print("1.0 is 1")
def calc(e):
    match e:
        case ("+", a, b): return calc(a) + calc(b)
        case ("*", a, b): return calc(a) * calc(b)
        case ("neg", a): return -calc(a)
        case int() | float(): return e
        case _: raise ValueError(f"bad {e!r}")
print(calc(("+", 1, ("*", 2, ("neg", 3)))))
err(calc, ("?", 1))
