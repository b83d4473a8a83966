"""Modules that await: PyCF_ALLOW_TOP_LEVEL_AWAIT."""
import ast
import inspect
import types

FLAG = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Gives:
    def __init__(self, *values):
        self.values = values

    def __await__(self):
        for value in self.values:
            got = yield value
            print("  sent", got)
        return sum(self.values)


class Counted:
    def __init__(self, count):
        self.left = count

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        return await Gives(self.left)


class Opened:
    async def __aenter__(self):
        print("  opened")
        return await Gives(7)

    async def __aexit__(self, kind, error, traceback):
        print("  closed by", kind and kind.__name__)
        return kind is KeyError


def drive(coroutine):
    """Runs a coroutine, and answers what it yields with its negative."""
    send, steps = None, []
    try:
        while True:
            value = coroutine.send(send)
            steps.append(value)
            send = -value
    except StopIteration as stop:
        print("  steps", steps, "result", stop.value)
    except BaseException as error:
        print("  steps", steps, "raised", repr(error))


TEXTS = [
    "x = await Gives(1, 2)",
    "async for i in Counted(2):\n    print('  item', i)\nelse:\n    print('  no more')",
    "async with Opened() as o:\n    print('  with', o)\n    raise KeyError(o)",
    "l = [await Gives(i) for i in (1, 2)]\nprint('  list', l)",
    "d = {i: i * 2 async for i in Counted(2)}\nprint('  dict', d)",
    "try:\n    await Gives(5)\n    1 / 0\nfinally:\n    print('  finally', await Gives(6))",
    "def f():\n    return 1\nprint('  plain', f())",
    "async def f():\n    return await Gives(3)\nprint('  inner', await f())",
    "class C:\n    a = 1\nb = await Gives(C.a)",
    "await Gives(1) + await Gives(2)",
]
NAMES = {"Gives": Gives, "Counted": Counted, "Opened": Opened}
for text in TEXTS:
    print(text.splitlines()[0])
    code = compile(text, "<top>", "exec", flags=FLAG)
    coroutine = bool(code.co_flags & inspect.CO_COROUTINE)
    print("  coroutine:", coroutine, "generator:", bool(code.co_flags & inspect.CO_GENERATOR))
    space = dict(NAMES)
    made = eval(code, space)
    if coroutine:
        print("  made", type(made).__name__, made.__name__, made.cr_code is code, made.cr_origin)
        drive(made)
    else:
        print("  gave", made)
    print("  left", sorted(set(space) - set(NAMES) - {"__builtins__"}))

print("eval")
value = eval(compile("await Gives(4)", "<e>", "eval", FLAG), NAMES)
drive(value)

print("a function of it")
space = dict(NAMES)
run = types.FunctionType(compile("y = await Gives(8)\nz = y + 1", "<f>", "exec", FLAG), space)
print(" ", inspect.iscoroutinefunction(run))
drive(run())
print(" ", space["y"], space["z"])

print("locals of their own")
outer, own = dict(NAMES, seen="global"), {"mine": 3}
drive(eval(compile("mine += 1\nnew = await Gives(mine)\nprint('  reads', seen, mine, new)\ndel mine", "<l>", "exec", FLAG), outer, own))
print(" ", sorted(own.items()), "new" in outer)


class Loud(dict):
    def __setitem__(self, key, value):
        print("  set", key, value)
        super().__setitem__(key, value)

    def __missing__(self, key):
        if key in NAMES:
            return NAMES[key]
        raise KeyError(key)


drive(eval(compile("a = 1\nb = await Gives(a)\nfor i in range(2): pass", "<m>", "exec", FLAG), {}, Loud()))

print("refused")
for text in ["yield 1", "lambda: await x", "def f(): await x", "class C: await x", "def f():\n    [x async for x in y]", "return 1", "async for x in y: yield x"]:
    try:
        compile(text, "<r>", "exec", flags=FLAG)
        print(" ", repr(text), "compiles")
    except SyntaxError as error:
        print(" ", repr(text), error.msg)
for text in ["await x", "async for x in y: pass", "async with x: pass", "[x async for x in y]"]:
    try:
        compile(text, "<r>", "exec")
        print(" ", repr(text), "compiles")
    except SyntaxError as error:
        print(" ", repr(text), error.msg)

print("a tree")
tree = ast.parse("t = await Gives(9)")
space = dict(NAMES)
drive(eval(compile(tree, "<t>", "exec", flags=FLAG), space))
print(" ", space["t"])
print("closed")
made = eval(compile("try:\n    await Gives(1)\nfinally:\n    print('  ends')", "<c>", "exec", FLAG), dict(NAMES))
print(" ", made.send(None))
made.close()
made = eval(compile("await Gives(1)", "<n>", "exec", FLAG), dict(NAMES), {})
made.close()
