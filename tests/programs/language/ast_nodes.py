"""Nodes of abstract syntax by themselves: their classes, how they are made, copied and shown."""
import _ast as ast

for name in sorted(dir(ast)):
    cls = getattr(ast, name)
    if isinstance(cls, type) and issubclass(cls, ast.AST):
        print(name, cls.__base__.__name__, cls._fields, cls._attributes, cls.__match_args__ == cls._fields)
        print("   ", cls.__doc__)
        print("   ", getattr(cls, "_field_types", None))
        print("   ", {key: cls.__dict__[key] for key in cls._fields + cls._attributes if key in cls.__dict__})
print(ast.PyCF_ONLY_AST, ast.PyCF_TYPE_COMMENTS, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, ast.PyCF_OPTIMIZED_AST)
print(ast.Name.__annotations__, ast.Add.__module__, ast.AST.__qualname__)


def show(make):
    try:
        print(repr(make()))
    except Exception as error:
        print(type(error).__name__, error)


print("-- made")
show(lambda: ast.Name("x"))
show(lambda: ast.Name("x", ast.Store()))
show(lambda: ast.Name(ctx=ast.Del(), id="x", lineno=3))
show(lambda: ast.Name(1, 2, 3))
show(lambda: ast.Pass(1))
show(lambda: ast.Name("x", id="y"))
show(lambda: ast.Module())
show(lambda: ast.Module([ast.Pass()]))
show(lambda: sorted(ast.arguments().__dict__.items()))
show(lambda: ast.Constant(1, "u").kind)
show(lambda: ast.Constant(1).kind)
show(lambda: ast.Name("x").lineno)
show(lambda: ast.Name("x").end_lineno)
show(lambda: ast.Load() is ast.Load())
show(lambda: ast.Name("x").ctx is ast.Name("y").ctx)
show(lambda: ast.AST())
show(lambda: ast.AST(1))

print("-- classes of one's own")


class Extra(ast.Name):
    _fields = ("id", "ctx", "extra")
    _field_types = {"id": str, "ctx": ast.expr_context, "extra": str | None}
    extra = "none"


show(lambda: Extra("x"))
show(lambda: Extra("x", extra=[1]).__dict__)
show(lambda: Extra("a", "b", "c", "d"))


class Own(ast.AST):
    _fields = ("one", "many")
    _field_types = {"one": int | None, "many": list[int]}
    _attributes = ("place",)


show(lambda: Own().__dict__)
show(lambda: Own(1, place=4).__dict__)
show(lambda: Own(one=1, many=2))


class NoLength(ast.AST):
    _fields = 3


show(lambda: NoLength())


class Odd(ast.AST):
    _fields = ("a", 1)


show(lambda: Odd(1, 2))

print("-- copied")
show(lambda: ast.Name("x").__reduce__())
show(lambda: ast.Load().__reduce__())
node = ast.BinOp(1, ast.Add(), 3, lineno=9)
show(lambda: node.__reduce_ex__(4))
del node.op
show(lambda: node.__reduce__())
show(lambda: node.__replace__())
show(lambda: node.__replace__(op=ast.Sub(), lineno=10).__dict__)
show(lambda: node.__replace__(ops=1))
show(lambda: node.__replace__(1))
show(lambda: Own(1).__replace__(many=[2], place=5).__dict__)
show(lambda: ast.Name("x", ast.Load()).__replace__(id="y"))

print("-- shown")
tree = compile("a + b * c; f(1, 2, 3, 4); x = [a, [b, [c, [d]]]]; 'x'; lambda: 1", "f", "exec", 0x400)
show(lambda: tree)
show(lambda: tree.body[0])
show(lambda: tree.body[1].value)
show(lambda: tree.body[2].value)
for items in [], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], (), (1,), (1, 2, 3):
    show(lambda: ast.Tuple(items, None))
show(lambda: ast.Tuple([[[[[]]]]], [([],)]))
show(lambda: ast.Constant({1: ast.Name("x")}))
loop = ast.Starred(None)
loop.value = [loop]
show(lambda: loop)
loop.value = ast.List([loop])
show(lambda: loop)
del loop.ctx
show(lambda: loop)


class Loud(list):
    def __repr__(self):
        return "loud"


show(lambda: ast.Tuple(Loud([1, 2]), Loud()))
print(ast.Name.__weakref__ is not None, ast.Name("x").__dict__ == {"id": "x", "ctx": ast.Name("y").ctx})
match ast.Name("x"):
    case ast.Name(name, ast.Load()):
        print("matched", name)
