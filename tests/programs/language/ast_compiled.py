"""Trees that are compiled: as their sources, changed, and made by hand."""
import _ast as ast

P = dict(lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)


def parse(source, mode="exec"):
    return compile(source, "tree", mode, ast.PyCF_ONLY_AST)


def run(tree, **names):
    exec(compile(tree, "tree", "exec"), names)
    return names


SOURCE = r'''
"doc of the module"
from __future__ import annotations

class Shape:
    "doc"
    sides: int = 0
    __private = 1
    def area(self, *parts: "x", scale=2, **more) -> T | None:
        "area doc"
        total = sum(parts) * scale
        return total, sorted(more), self.__private
    @property
    def name(self): return f"{type(self).__name__!s:>8}|{self.sides=}|{{}}"

def numbers(n, /, step=1):
    while n:
        n -= step
        if n % 2: continue
        elif n > 50: break
        yield n
    else:
        yield from (x for x in "end")

def tell(value):
    match value:
        case 0 | -1: return "small"
        case [first, *rest] if rest: return f"{first} and {len(rest)}"
        case {"k": k, **others}: return k, others
        case str() as text: return text.upper()
        case Shape(sides=s): return "sides", s
        case None | True: return "single"
        case _: return "else"

def careful(f):
    try:
        return f()
    except (ValueError, KeyError) as error:
        return repr(error)
    except TypeError:
        return "type"
    else:
        return "no"
    finally:
        log.append("done")

log = []
print(Shape().area(1, 2, a=3, scale=3), Shape().name, Shape.area.__annotations__, Shape.__doc__)
print(list(numbers(5)), list(numbers(0)), [tell(x) for x in (0, -1, [1, 2], {"k": 1, "z": 2}, "s", Shape(), None, 5)])
print(careful(lambda: int("x")), careful(lambda: {}[1]), careful(lambda: 1 + ""), log)
print([(a, b) for a in range(3) if a for b in "xy"], {1: 2, **{3: 4}}, {*"ab"} == {"a", "b"}, (lambda *a, k=1: (a, k))(1, k=2))
x = y, *z = 1, 2, 3
print(x, y, z, 1 < 2 < 3 != 4, not y in z, -2 ** 2, "a" "b", b"c", ..., 10 ** 30, 1e400, 2j, x[1:], (w := 5), w)
a: int = 3
del a
assert w, "no"
with opened() as thing, opened(): print("in", thing)
try:
    raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
except* ValueError as group: print(group.exceptions)
except* TypeError: pass
type Pair[A, *B, **C] = tuple[A, A]
def same[T](x: T) -> T: return x
print(Pair.__value__, Pair.__type_params__, t"a{w!r:>{x}}".strings)
for q in []: pass
else: print("else", __doc__)
'''


class Opened:
    def __enter__(self):
        return "opened"

    def __exit__(self, *error):
        print("closed")


exec(compile(SOURCE, "tree", "exec"), {"opened": Opened, "__name__": "m"})
run(parse(SOURCE), opened=Opened, __name__="m")

print("-- changed")
tree = parse("print(1 + 2)")
call = tree.body[0].value
call.args[0].op = ast.Mult()
call.args.append(ast.Constant(("made", (1, 2.5, None), b"bytes", frozenset({1})), **P))
call.keywords.append(ast.keyword("sep", ast.Constant("/", **P), **P))
run(tree)
tree = parse("x = 1")
tree.body[0].targets[0].id = "renamed too"
print("renamed too" in run(tree))

print("-- made by hand")
total = ast.Expression(ast.Constant(1, **P))
for number in range(2, 500):
    total.body = ast.BinOp(total.body, ast.Add(), ast.Constant(number, **P), **P)
print(eval(compile(total, "sum", "eval")), sum(range(500)))


class MyName(ast.Name):
    pass


class Computed(ast.Name):
    @property
    def id(self):
        return "total"

    @id.setter
    def id(self, value):
        pass


class NotANode:
    lineno = col_offset = end_lineno = 1
    end_col_offset = 2
    id = "total"
    ctx = ast.Load()
    __class__ = ast.Name


for node in MyName("total", ast.Load(), **P), Computed("x", ast.Load(), **P), NotANode():
    print(eval(compile(ast.Expression(node), "f", "eval")) is total)
double = ast.BinOp(ast.Name("n", ast.Load(), **P), ast.Mult(), ast.Constant(2, **P), **P)
arguments = ast.arguments([], [ast.arg("n", **P)], None, [], [], None, [])
function = ast.FunctionDef("double", arguments, [ast.Return(double, **P)], [], **P)
print(run(ast.Module([function], []))["double"](21))
field = ast.FormattedValue(ast.Constant(7, **P), 114, ast.Constant(">3", **P), **P)
print(repr(eval(compile(ast.Expression(field), "f", "eval"))))
joined = ast.JoinedStr([ast.Constant("a", **P), field, ast.Constant("b", **P)], **P)
print(repr(eval(compile(ast.Expression(joined), "f", "eval"))))

print("-- places")
tree = parse("def f():\n  return 1 / 0\nf()")
tree.body[0].body[0].value.lineno = tree.body[0].body[0].value.end_lineno = 77
try:
    run(tree)
except ZeroDivisionError as error:
    place = error.__traceback__
    while place:
        if place.tb_frame.f_code.co_filename == "tree":
            print(place.tb_lineno, place.tb_frame.f_code.co_name)
        place = place.tb_next

print("-- optimized")
for level in 0, 1, 2:
    tree = parse("'doc'\nassert 0, 'no'\nprint(globals().get('__doc__'), __debug__)")
    try:
        exec(compile(tree, "f", "exec", optimize=level), {})
    except AssertionError as error:
        print("AssertionError", error)
