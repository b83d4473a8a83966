"""Trees that no source could have: what compile() says to each."""
import _ast as ast

P = dict(lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)


def parse(source, mode="exec"):
    return compile(source, "f", mode, ast.PyCF_ONLY_AST)


def find(tree, path):
    *steps, last = path.split(".")
    for step in steps:
        tree = tree[int(step)] if step.isdigit() else getattr(tree, step)
    return tree, int(last) if last.isdigit() else last


def told(tree, mode="exec"):
    try:
        return type(compile(tree, "f", mode)).__name__
    except SyntaxError as error:
        return f"SyntaxError {error.msg} {error.lineno}"
    except Exception as error:
        return f"{type(error).__name__} {error}"


def change(source, path, value, mode="exec"):
    tree = parse(source, mode)
    owner, last = find(tree, path)
    if isinstance(last, int):
        owner[last] = value
    else:
        setattr(owner, last, value)
    print(repr(source), path, "->", told(tree, mode))


def remove(source, path):
    tree = parse(source)
    delattr(*find(tree, path))
    print(repr(source), "without", path, "->", told(tree))


def name(id="n", ctx=ast.Load()):
    return ast.Name(id, ctx, **P)


print("-- roots")
for node, mode in [(ast.Load(), "exec"), (ast.AST(), "exec"), (parse("1"), "eval"), (parse("1", "eval"), "exec"),
                   (parse("1"), "single"), (parse("1", "single"), "single"), (parse("1", "eval"), "eval")]:
    print(told(node, mode))

print("-- what is asked for")
for path in ["lineno", "col_offset", "end_lineno", "value", "value.id", "value.ctx", "value.lineno"]:
    remove("a", "body.0." + path)
for path in ["body", "args", "name", "decorator_list", "type_params"]:
    remove("def f(): pass", "body.0." + path)
remove("a", "type_ignores")
remove("match a:\n case 1: pass", "body.0.cases.0.pattern.end_lineno")
remove("def f[T: int](): pass", "body.0.type_params.0.end_lineno")
remove("def f[T: int](): pass", "body.0.type_params.0.name")
remove("[a for b in c]", "body.0.value.generators.0.is_async")
remove("def f(a): pass", "body.0.args.args.0.lineno")

print("-- of the wrong kind")
for path, value in [("body", 3), ("body", (1,)), ("body.0", 3), ("body.0", None), ("body.0", ast.stmt(**P)),
                    ("body.0", ast.AST()), ("body.0.value", 3), ("body.0.value", None),
                    ("body.0.value", ast.expr(**P)), ("body.0.lineno", "x"), ("body.0.lineno", None),
                    ("body.0.lineno", 2**40), ("body.0.lineno", True), ("body.0.lineno", 1.0),
                    ("body.0.end_lineno", None), ("body.0.value.id", 3), ("body.0.value.id", None),
                    ("body.0.value.id", b"x"), ("body.0.value.id", type("S", (str,), {})("q")),
                    ("body.0.value.id", "True"), ("body.0.value.ctx", None), ("body.0.value.ctx", 3),
                    ("body.0.value.ctx", ast.expr_context()), ("body.0.value.ctx", ast.Store()),
                    ("type_ignores", [3]), ("type_ignores", [ast.TypeIgnore(1, "x")])]:
    change("a", path, value)
for value in [None, ast.And(), ast.operator()]:
    change("a + b", "body.0.value.op", value)
change("a + b", "body.0.value.left", None)
change("a.b", "body.0.value.attr", None)
change("f(x)", "body.0.value.args.0", None)
change("f(x)", "body.0.value.args.0", ast.Load())
change("f(a=1)", "body.0.value.keywords", [None])
change("f(a=1)", "body.0.value.keywords", [3])
change("lambda: 1", "body.0.value.args", None)
change("import a", "body.0.names", [3])
change("a = 1", "body.0.type_comment", 3)
change("a = 1", "body.0.type_comment", "int")
for value in [[1], (1, [1]), ast, {1: 2}, type("I", (int,), {})(3), (1, (2, b"3"), frozenset([4.5, None])), ..., 2j]:
    tree = parse("a")
    tree.body[0].value = ast.Constant(value, **P)
    print(type(value).__name__, told(tree))
change("1", "body.0.value.kind", 4)

print("-- too few")
for source, path in [("a = 1", "targets"), ("def f(): pass", "body"), ("async def f(): pass", "body"),
                     ("class A: pass", "body"), ("if a: pass", "body"), ("while a: pass", "body"),
                     ("for a in b: pass", "body"), ("with a: pass", "body"), ("with a: pass", "items"),
                     ("import a", "names"), ("from a import b", "names"), ("global a", "names"),
                     ("nonlocal a", "names"), ("del a", "targets"), ("try: pass\nexcept: pass", "handlers"),
                     ("try: pass\nexcept: pass", "body"), ("try: pass\nexcept: pass", "handlers.0.body"),
                     ("try: pass\nfinally: pass", "finalbody"), ("match a:\n case 1: pass", "cases"),
                     ("match a:\n case 1: pass", "cases.0.body"), ("a < b", "value.ops"),
                     ("a < b", "value.comparators"), ("a and b", "value.values"), ("{1: 2}", "value.keys"),
                     ("[a for b in c]", "value.generators"), ("lambda *, a=1: a", "value.args.kw_defaults"),
                     ("lambda a=1: a", "value.args.args")]:
    change(source, "body.0." + path, [])
change("try: pass\nfinally: pass", "body.0.orelse", [ast.Pass(**P)])
change("raise a from b", "body.0.exc", None)
change("class A: pass", "body.0.body", [None])
change("class A: pass", "body.0.body", None)

print("-- names")
for source, path in [("import a as b", "names.0.name"), ("import a as b", "names.0.asname"),
                     ("def f(): pass", "name"), ("class C: pass", "name"),
                     ("try: pass\nexcept A as n: pass", "handlers.0.name"), ("a.b", "value.attr"),
                     ("f(k=1)", "value.keywords.0.arg"), ("def f(a): pass", "args.args.0.arg"),
                     ("match a:\n case {**r}: pass", "cases.0.pattern.rest"),
                     ("match a:\n case t: pass", "cases.0.pattern.name")]:
    change(source, "body.0." + path, "None")
    change(source, "body.0." + path, "__debug__")
    change(source, "body.0." + path, "x y")

print("-- targets")
change("a = 1", "body.0.targets.0", ast.Constant(1, **P))
change("a = 1", "body.0.targets.0", name())
change("for a in b: pass", "body.0.target", ast.Call(name(), [], [], **P))
change("(a := 1)", "body.0.value.target", ast.Attribute(name(), "x", ast.Store(), **P))
change("type a = 1", "body.0.name", ast.Attribute(name(), "x", ast.Store(), **P))
change("a += 1", "body.0.target", ast.Tuple([], ast.Store(), **P))
change("a: int = 1", "body.0.simple", 7)
change("a.b: int = 1", "body.0.simple", 1)
change("del a", "body.0.targets.0", name("a", ast.Store()))
change("a", "body.0.value", ast.Starred(name(), ast.Load(), **P))
change("a", "body.0.value", ast.Slice(**P))

print("-- places")
for path, value in [("lineno", 5), ("lineno", -5), ("end_lineno", -3), ("end_col_offset", -3), ("col_offset", -5),
                    ("col_offset", 3), ("value.col_offset", 7), ("value.end_lineno", 0), ("lineno", 0)]:
    change("a", "body.0." + path, value)

print("-- patterns")
anything = ast.MatchAs(**P)
one = ast.Constant(1, **P)
for pattern in [ast.MatchValue(name(), **P), ast.MatchValue(ast.Constant(None, **P), **P),
                ast.MatchValue(ast.Constant(..., **P), **P), ast.MatchValue(ast.JoinedStr([], **P), **P),
                ast.MatchValue(ast.UnaryOp(ast.USub(), ast.Constant("a", **P), **P), **P),
                ast.MatchValue(ast.UnaryOp(ast.USub(), one, **P), **P),
                ast.MatchValue(ast.BinOp(one, ast.Add(), ast.Constant(2j, **P), **P), **P),
                ast.MatchValue(ast.BinOp(one, ast.Mult(), ast.Constant(2j, **P), **P), **P),
                ast.MatchSingleton(3, **P), ast.MatchSingleton(True, **P), anything, ast.MatchAs(anything, **P),
                ast.MatchAs(anything, "a", **P), ast.MatchAs(None, "_", **P), ast.MatchOr([], **P),
                ast.MatchOr([anything], **P), ast.MatchStar(**P), ast.MatchSequence([ast.MatchStar(**P)], **P),
                ast.MatchSequence([ast.MatchStar("a", **P)] * 2, **P), ast.MatchSequence([ast.MatchStar("_", **P)], **P),
                ast.MatchMapping([one], [], **P), ast.MatchMapping([], [], "_", **P),
                ast.MatchMapping([name()], [anything], **P), ast.MatchClass(name(), [], ["x"], [], **P),
                ast.MatchClass(one, [], [], [], **P), ast.MatchClass(name(), [], ["x", "x"], [anything] * 2, **P)]:
    change("match a:\n case 1: pass", "body.0.cases.0.pattern", pattern)

print("-- strings")
change('f"{a}"', "body.0.value.values.0.conversion", 3)
change('f"{a}"', "body.0.value.values.0.conversion", 10**10)
change('f"{a}"', "body.0.value.values.0.value", None)

print("-- later steps")
for stmt in [ast.Return(None, **P), ast.Break(**P), ast.Expr(ast.Yield(None, **P), **P),
             ast.Expr(ast.Await(name(), **P), **P), ast.Nonlocal(["x"], **P),
             ast.ImportFrom("__future__", [ast.alias("braces", **P)], 0, **P)]:
    change("a", "body.0", stmt)
change("from a import b", "body.0.level", -1)
change("from a import b", "body.0.level", None)
change("from a import b", "body.0.module", None)

print("-- arguments of compile")
for arguments in [("1", "f", "exec", 0x40000000), ("1", "f", "exec", 1), ("1", "f", "exec", 0x800), ("1", "f", "exec", 2**31),
                  ("1", "f", "exec", 0, 0, 7), (3, "f", "exec"), (3, 4, "exec"), ("1", "f", 5), ("1", "f", "exe"),
                  ("1", "f", "exe", 0x400), ("()->1", "f", "func_type"), (parse("1"), "f", "func_type"),
                  (parse("1"), "f", "exe")]:
    try:
        print(type(compile(*arguments)))
    except Exception as error:
        print(type(error).__name__, error)
print(compile(parse("1"), "f", "exec", ast.PyCF_ONLY_AST))
