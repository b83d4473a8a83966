# What globals name as their builtins: modules, dicts, subclasses of dict, mappings, and what is no mapping.
import builtins
import types


class Missing(dict):
    def __missing__(self, name):
        return f"<{name}>"


class Mapping:
    def __getitem__(self, name):
        if name == "nothing":
            raise KeyError(name)
        if name == "trouble":
            raise ValueError(name)
        return getattr(builtins, name, name.upper())


def tell(source, given, **more):
    space = {"__builtins__": given, **more}
    try:
        print(repr(eval(source, space)))
    except Exception as error:
        print(type(error).__name__, error)


for given in builtins, vars(builtins), {}, {"len": "mine"}, Missing(), Missing(len="own"), Mapping(), 5, None, "text", [], types.SimpleNamespace():
    print(type(given).__name__, end=": ")
    tell("len", given)
    tell("unheard_of", given)
    tell("(lambda: len)()", given)
    tell("own", given, own=1)
tell("nothing", Mapping())
tell("trouble", Mapping())
tell("[len(x) for x in ('ab', 'c')]", Mapping())
space = {"__builtins__": Mapping()}
exec("def f(): return len([1]), other, __builtins__\nclass C: kept = len('abc')", space)
print(space["f"]()[:2], space["C"].kept, type(space["f"].__builtins__).__name__, type(space["f"]()[2]).__name__)
for given in ({}, 5, Missing(), Mapping()):
    for code in "class C: pass", "import math", "print":
        try:
            exec(code, {"__builtins__": given})
            print("done", code)
        except Exception as error:
            print(type(error).__name__, error)
made = types.FunctionType((lambda: sum).__code__, {"__builtins__": {"sum": "given"}})
print(made(), made.__builtins__)
