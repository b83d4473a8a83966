# Codes: what they tell, how they are made and replaced, and when they are equal.
def told(work, *args, **names):
    try:
        print(repr(work(*args, **names)))
    except BaseException as error:
        print(type(error).__name__, error)


def sample(a, b=1, *c, d, **e):
    x = 1

    def inner():
        return x + zz

    return inner


code = sample.__code__
Code = type(code)
for name, value in (
    ("co_argcount", -1),
    ("co_nlocals", 99),
    ("co_stacksize", -1),
    ("co_argcount", 99),
    ("co_argcount", "a"),
    ("co_code", 5),
    ("co_code", b"a"),
    ("co_consts", []),
    ("co_names", (1,)),
    ("co_varnames", ()),
    ("co_filename", 5),
    ("co_linetable", 5),
    ("unknown", 5),
):
    told(lambda: code.replace(**{name: value}))
told(code.replace, 1)
told(Code)
told(lambda: (code.replace() == code, code.replace(co_name="z") == code, code.replace(co_filename="z") == code))
told(lambda: (code.replace(co_firstlineno=99) == code, code.replace(co_flags=code.co_flags) == code))
made = Code(
    code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_nlocals, code.co_stacksize,
    code.co_flags, code.co_code, code.co_consts, code.co_names, code.co_varnames, code.co_filename, code.co_name,
    code.co_qualname, code.co_firstlineno, code.co_linetable, code.co_exceptiontable, code.co_freevars, code.co_cellvars,
)
told(lambda: (made == code, hash(made) == hash(code), {code: 1}[made], made != code, made == 5))
told(lambda: made < code)
told(lambda: type(sample)(made, {"zz": 5})(1, d=2)())
told(lambda: [code._varname_from_oparg(i) for i in range(len(code.co_varnames))])
told(lambda: code._varname_from_oparg(99))
told(lambda: list(code.co_lines())[-1][1] == len(code.co_code))
told(lambda: len(list(code.co_positions())) * 2 == len(code.co_code))
told(lambda: sorted({line for *_, line in code.co_lines() if line}))
told(lambda: setattr(code, "co_name", "q"))
told(lambda: code.__replace__(co_name="q").co_name)


def tries(a):
    try:
        if a:
            raise ValueError(a)
        return [i for i in range(3)]
    except ValueError as error:
        return str(error)


def remade(function, **changes):
    return type(function)(function.__code__.replace(**changes), globals())


again = remade(
    tries,
    co_code=tries.__code__.co_code,
    co_linetable=tries.__code__.co_linetable,
    co_exceptiontable=tries.__code__.co_exceptiontable,
    co_varnames=tries.__code__.co_varnames,
)
print(again(0), again(5), again.__code__ == tries.__code__)


def constant():
    return "old text", [1000]


print(remade(constant, co_consts=tuple("new" if c == "old text" else c for c in constant.__code__.co_consts))()[0])
moved = remade(tries, co_firstlineno=1000)
print(min(line for *_, line in moved.__code__.co_lines() if line))
print(compile("1", "f", "eval") == compile("1", "g", "eval"), len({compile("1", "f", "eval") for _ in "ab"}))
print(compile("1", "f", "eval") == compile("1.0", "f", "eval"), compile("0.0", "", "eval") == compile("-0.0", "", "eval"))
for broken in (b"\xff" * 8, b"\0" * 4, bytes(range(64)), code.co_code[4:], code.co_code[:-4], b""):
    try:
        remade(tries, co_code=broken)
    except (ValueError, SystemError):
        pass


# Functions of codes.
def plain():
    return "plain"


def closing():
    value = 1

    def closed():
        return value

    return closed


closed = closing()
Function, Cell = type(plain), type(closed.__closure__[0])
told(Function)
told(Function, plain.__code__)
told(Function, 5, {})
told(Function, plain.__code__, 5)
told(Function, plain.__code__, {}, 5)
told(Function, plain.__code__, {}, None, 5)
told(Function, plain.__code__, {}, None, None, 5)
told(Function, plain.__code__, {}, None, None, (1,))
told(Function, plain.__code__, {}, None, None, None, 5)
told(Function, plain.__code__, {}, None, None, None, None, 5)
told(Function, plain.__code__, {}, unknown=1)
told(Function, closed.__code__, {})
told(Function, closed.__code__, {}, closure=())
told(Function, closed.__code__, {}, closure=(5,))
told(lambda: Function(closed.__code__, {}, closure=(Cell(9),))())
told(lambda: Function(closed.__code__, {}, closure=(Cell(),))())
told(lambda: Function(code=plain.__code__, globals={"__name__": "there"}, name="named", argdefs=(1,)).__module__)
for name in ("__globals__", "__closure__", "__builtins__"):
    told(setattr, plain, name, None)
    told(delattr, plain, name)
for name, value in (("__annotate__", 5), ("__annotate__", None), ("__code__", None), ("__code__", closed.__code__)):
    told(setattr, plain, name, value)
told(delattr, plain, "__annotate__")
told(lambda: (Cell(1) == Cell(1), Cell() < Cell(1), Cell(2) < Cell(1), Cell() == Cell(), Cell(1) == 1))
told(hash, Cell(1))
told(Cell, 1, 2)
told(lambda: Cell().cell_contents)


def many(a, b=2):
    return a, b


many.__defaults__ = (7, 8, 9)
print(many(), many(1))
