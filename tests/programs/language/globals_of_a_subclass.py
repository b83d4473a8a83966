# Globals and builtins whose class derives from dict: which lookups ask their methods, and which read the dict itself.
import types


class Told(dict):
    def __getitem__(self, key):
        print("asked", key)
        return super().__getitem__(key)


class Missing(Told):
    def __missing__(self, key):
        if key.startswith("no"):
            raise KeyError(key)
        return "missing " + key


class Failing(dict):
    def __getitem__(self, key):
        raise ZeroDivisionError(key)


def with_globals(function, globals):
    return types.FunctionType(function.__code__, globals)


def attempt(function):
    try:
        print(function())
    except Exception as e:
        print(type(e).__name__, e)


def loads():
    return alpha, len


def calls():
    return len("abc")


def unknown():
    return nobody


def stores():
    global beta
    beta = 1000
    beta += 1
    return beta


def deletes():
    global beta
    del beta


def comprehension():
    return [gamma for _ in range(1)]


plain = {"alpha": 1000, "gamma": 3}
for function in [loads, calls, unknown, stores, deletes, comprehension]:
    print("--", function.__name__)
    attempt(with_globals(function, dict(plain)))
    attempt(with_globals(function, Told(plain)))
    attempt(with_globals(function, Missing(plain)))
    attempt(with_globals(function, Failing(plain)))

print("-- one code, many globals")
code = compile("def f(): return alpha + 1", "<text>", "exec").co_consts[0]
alphas = [dict(alpha=10000), Told(alpha=20000), Missing(alpha=30000), dict(alpha=40000)]
functions = [types.FunctionType(code, each) for each in alphas]
for _ in range(3):
    print([function() for function in functions])
alphas[1]["alpha"] = 20001
print([function() for function in functions])

print("-- exec and eval")
for kind in Told, Missing, Failing:
    attempt(lambda: eval("alpha", kind(plain)))
    attempt(lambda: eval("alpha", kind(plain), {}))
    attempt(lambda: eval("delta", kind(plain), {}))
    attempt(lambda: eval("(lambda: alpha)()", kind(plain), {}))
    attempt(lambda: exec("class C: x = alpha", kind(plain), {}))

print("-- builtins")
for kind in Told, Missing, Failing:
    attempt(lambda: eval("delta", {"__builtins__": kind(delta=5000)}))
    attempt(lambda: eval("nothing", {"__builtins__": kind(delta=5000)}))
    attempt(lambda: eval("(lambda: delta)()", {"__builtins__": kind(delta=5000)}))
    attempt(lambda: eval("(lambda: [delta, delta, delta])()", {"__builtins__": kind(delta=5000)}))

print("-- what runs in a lookup changes the globals")


class Changing(dict):
    def __getitem__(self, key):
        for i in range(50):
            self[f"x{i}"] = i
        self.pop("alpha", None)
        return super().__getitem__(key)


attempt(with_globals(loads, Changing(alpha=1)))
attempt(with_globals(calls, Changing(alpha=1)))

print("-- annotations with other globals")
import annotationlib


class Annotated:
    a: unknown_name
    b: also.unknown[int]


for name, value in annotationlib.get_annotations(Annotated, format=annotationlib.Format.FORWARDREF).items():
    print(name, value)
print(annotationlib.get_annotations(Annotated, format=annotationlib.Format.STRING))
