"""Trees that change while they are read, that have no end, or that are too deep."""
import _ast as ast

P = dict(lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)


def parse(source, mode="exec"):
    return compile(source, "f", mode, ast.PyCF_ONLY_AST)


def told(tree, mode="exec"):
    try:
        return type(compile(tree, "f", mode)).__name__
    except RecursionError:
        return "RecursionError"
    except Exception as error:
        return f"{type(error).__name__} {error}"


def name(cls=ast.Name):
    return cls("a", ast.Load(), col_offset=0, end_lineno=1, end_col_offset=1)


class Shrinks(ast.Name):
    @property
    def lineno(self):
        del tree.body[0].value.elts[1:]
        return 1


class Grows(ast.Name):
    @property
    def lineno(self):
        tree.body[0].value.elts.append(self)
        return 1


class Drops(ast.Name):
    @property
    def lineno(self):
        tree.body.clear()
        self.__dict__.pop("id", None)
        return 1


class Raises(ast.Name):
    @property
    def lineno(self):
        raise KeyError("lineno")


for kind in Shrinks, Grows, Drops, Raises:
    tree = parse("[a, b, c]")
    tree.body[0].value.elts[0] = name(kind)
    print(kind.__name__, told(tree))


class Anything:
    def __getattr__(self, name):
        asked.append(name)
        return self


asked = []
tree = parse("a")
tree.body[0] = Anything()
print(told(tree).partition("<")[0], asked[0])


class Items(list):
    def __iter__(self):
        print("not asked")
        return iter(())

    def __len__(self):
        return 0


tree = parse("a; b")
tree.body = Items(tree.body)
print(told(tree))

print("-- without end")
tree = parse("a")
tree.body[0].value = ast.List([], ast.Load(), **P)
tree.body[0].value.elts.append(tree.body[0].value)
print(told(tree))
tree = parse("def f(): pass")
tree.body[0].body.append(tree.body[0])
print(told(tree))
tree = parse("match a:\n case [1]: pass")
tree.body[0].cases[0].pattern.patterns[0] = tree.body[0].cases[0].pattern
print(told(tree))

print("-- deep")
for make in [lambda e: ast.UnaryOp(ast.Not(), e, **P), lambda e: ast.List([e], ast.Load(), **P),
             lambda e: ast.Call(e, [], [], **P), lambda e: ast.Await(e, **P)]:
    expr = ast.Name("a", ast.Load(), **P)
    for _ in range(100000):
        expr = make(expr)
    print(told(ast.Expression(expr), "eval"))
    del expr
print(eval(compile(parse("1" + "+1" * 900, "eval"), "f", "eval")))
print(told(parse("if a: b\n" + "elif c: d\n" * 150)))
same = ast.Name("a", ast.Load(), **P)
print(told(ast.Expression(ast.Tuple([same] * 5000, ast.Load(), **P)), "eval"))

print("-- classes that are changed")


class Strange(ast.Expr):
    __class__ = property(lambda self: 1 / 0)


tree = parse("a")
tree.body[0] = Strange(ast.Name("a", ast.Load(), **P), **P)
print(told(tree))
saved = ast.Name._fields
ast.Name._fields = ("nothing",)
print(told(parse("a")))
ast.Name._fields = saved
node = ast.Name("x")
node.__class__ = ast.Starred
print(type(node).__name__, sorted(node.__dict__))


class Contains(list):
    def __contains__(self, item):
        raise RuntimeError("asked for " + item)


class Asked(ast.AST):
    _fields = Contains(["a"])


try:
    Asked(a=1)
except RuntimeError as error:
    print(error)
