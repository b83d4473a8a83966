# Comprehensions beside and inside each other, which use the same names: what each sees, in modules, functions and classes.
x = 3
name = "global"


def show(text, function):
    try:
        print(text, function())
    except Exception as e:
        print(text, type(e).__name__, e)


def beside():
    [x for x in [1]]
    return [x for _ in [1]], {x for _ in [1]}, {_: x for _ in [1]}


def beside_cell():
    made = [lambda: name for name in range(2)]
    return [name for _ in [1]], [f() for f in made], [f() for f in [lambda: name]]


def beside_bound():
    x = 2
    [x for x in [1]]
    return [x for _ in [1]], x


def beside_global():
    global x
    return [x for x in [1]], [x for _ in [1]], x


def inside_beside():
    return [[x for x in [1]] + [x for _ in [1]] for _ in [0]], [[x for _ in [0]] for x in [5]]


def inside_generator():
    [x for x in [1]]
    return list(x for _ in [1]), (lambda: x)()


def walrus_beside():
    [y for y in [1]]
    return [(y := i) for i in range(3)], y


def nested_function():
    x = 10

    def inner():
        [x for x in [1]]
        return [x for _ in [1]]

    return inner()


for function in [beside, beside_cell, beside_bound, beside_global, inside_beside, inside_generator, walrus_beside,
                 nested_function]:
    show(function.__name__, function)


def attempt(body):
    lines = "\n".join("    " + line for line in body.splitlines())
    for text in ("class C:\n" + lines, "def f():\n" + lines + "\n    return locals()\nC = f()", body):
        namespace = {"x": 30, "z": 0}
        try:
            exec(text, namespace)
            found = namespace.get("C", namespace)
            found = found if isinstance(found, dict) else vars(found)
            print(sorted((k, v) for k, v in found.items() if k in ("items", "y", "x", "res")), end=" ")
        except Exception as e:
            print(type(e).__name__, e, end=" ")
    print()


for body in [
    "items = [a for a in [1] if [a for _ in [0]]]",
    "items = [(_C, [x for x in [1] if _C]) for _C in [0, 1]]",
    "items = [_C for _C in [1] for [0, 1][[x for x in [1] if _C][0]] in [2]]",
    "x = 2\n[x for x in [1]]\ny = [x for _ in [1]]",
    "[x for x in [1]]\ny = [x for _ in [1]]",
    "z = 1\nitems = [a for a in [1] if [x for x in [1] if z]]",
    "x = 1\nitems = [[x for _ in [a]] for a in [1]]",
    "x = 1\nitems = [[[x + a for x in [b]] for b in [a]] for a in [x]]",
    "x = 1\nitems = [[(lambda: x + a)() for _ in [0]] for a in [1]]",
    "x = 1\nitems = [[(lambda: x)() for x in [a]] for a in [1]]",
    "items = [{k: [k for _ in v] for k, v in d.items()} for d in [{1: [2, 3]}]]",
    "__class__ = 2\nres = [__class__ for x in [1]]",
    "res = [__class__ for x in [1]]",
    "res = [[__class__ for y in [1]] for x in [1]]",
    "[super for _ in [1]]\nres = [__class__ for _ in [1]]",
    "def m(self): return __class__\nres = [__class__ for x in [1]]",
    "items = [lambda: [a for _ in [1]] for a in [1]]\ny = [f() for f in items]\nitems = 0",
]:
    attempt(body)
