# exec, eval and compile with namespaces; globals, locals, builtins.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


print(eval("1 + 2"), eval("x * 2", {"x": 5}), eval("x + y", {"x": 1}, {"y": 2}), eval(" 1"), eval("1\n"), eval(b"2"), exec("a = 1"), eval("[i for i in range(3)]"), eval(compile("4 + 4", "f", "eval")))
ns = {"v": 1}
exec("v += 1\nw = v * 2\ndef f(): return w\nclass K: z = v", ns)
print(ns["v"], ns["w"], ns["f"](), ns["K"].z, sorted(k for k in ns if k != "__builtins__"), "__builtins__" in ns, ns["f"].__globals__ is ns, ns["K"].__module__)
loc = {}
exec("q = v\nglobal r\nr = 5", ns, loc)
print(loc, ns["r"])
exec("def outer():\n    n = 1\n    def inner():\n        nonlocal n\n        n += 1\n        return n\n    return inner\ng = outer()", ns)
print(ns["g"](), ns["g"]())
x = "global"
def func():
    x = "local"
    y = 1
    exec("x = 'changed'; y = 2; z = 3")
    return x, y, eval("x"), sorted(locals())
print(func(), x)
def func2():
    x = 1
    d = {}
    exec("x = 2", globals(), d)
    l = locals()
    l["x"] = 99
    return x, d, locals()["x"], locals() is locals()
print(func2(), x)
exec("x = 'set by exec'"); print(x)
class Map(dict):
    def __missing__(self, k): return f"<{k}>"
print(eval("a + b", {}, Map(a="A")), eval("zz", {}, Map()))
class Locals:
    def __init__(self): self.d = {}
    def __getitem__(self, k):
        print("get", k, end="; ")
        return self.d[k]
    def __setitem__(self, k, v): print("set", k, end="; "); self.d[k] = v
L = Locals()
exec("a = 1; b = a + 1; print(b)", {}, L)
for f in (lambda: eval(""), lambda: eval("1 +"), lambda: eval("x = 1"), lambda: eval(5), lambda: exec(5), lambda: exec("1", 5), lambda: eval("1", {}, 5), lambda: eval("nope"), lambda: eval("nope", {}), lambda: exec("if"), lambda: compile("1", "f", "wrong"), lambda: compile(5, "f", "exec"), lambda: compile("1"), lambda: eval("1;2"), lambda: eval("\x00"), lambda: exec("x = (\n"), lambda: exec("  x = 1"), lambda: exec("if 1:\nx = 1"), lambda: exec("if 1:\n  x\n y"), lambda: exec("'abc"), lambda: exec("x = 'abc\n'"), lambda: exec("f(a, a=1, a=2)"), lambda: exec("return 1"), lambda: exec("yield 1"), lambda: exec("break"), lambda: exec("continue"), lambda: exec("def f(a, a): pass"), lambda: exec("nonlocal x"), lambda: exec("def f():\n x = 1\n global x"), lambda: exec("def f():\n nonlocal zz"), lambda: exec("1 = x"), lambda: exec("x ="), lambda: exec("def f(:"), lambda: exec("a b"), lambda: exec("print 1"), lambda: exec("0777"), lambda: exec("1_"), lambda: exec("1abc"), lambda: exec("x = 5 +* 3"), lambda: exec("(1, 2"), lambda: exec("(1]"), lambda: exec("}"), lambda: exec("a $ b"), lambda: exec("a ? b"), lambda: exec("for x in y"), lambda: exec("else: pass"), lambda: exec("try: pass"), lambda: exec("def f(a=1, b): pass"), lambda: exec("f(**a, *b)"), lambda: exec("f(a=1, 2)"), lambda: exec("lambda *: 0"), lambda: exec("from x import *, y"), lambda: exec("def f(): from x import *"), lambda: exec("import a.b as"), lambda: exec("class A"), lambda: exec("async x"), lambda: exec("await x"), lambda: exec("del f()"), lambda: exec("x++"), lambda: exec("while True print(1)"), lambda: exec("if x:"), lambda: exec("'\\xz'"), lambda: exec("'\\N{nope}'"), lambda: exec("b'\u00e9'"), lambda: exec("\"\"\"abc"), lambda: exec("elif 1: pass"), lambda: exec("x = {1: 2, 3}"), lambda: exec("x = {1, 2: 3}"), lambda: exec("raise from x"), lambda: exec("with open as 5: pass"), lambda: exec("import"), lambda: exec("from . import"), lambda: exec("assert"), lambda: exec("\tif 1:\n        x\n\ty") ):
    err(f)
try: compile("x = 1\ny = = 2\n", "my file.py", "exec")
except SyntaxError as e: print(e.msg, e.filename, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text), e.args[0], str(e))
try: compile("def f():\n  x\n    y\n", "ind.py", "exec")
except IndentationError as e: print(type(e).__name__, e, e.lineno)
c = compile("r = 1\nr", "name.py", "exec")
print(c.co_filename, c.co_name, c.co_names, exec(c), eval(c))
c = compile("def f(a, b=2, *c, d, **e):\n    g = a\n    return g", "n", "exec")
fc = [k for k in c.co_consts if hasattr(k, "co_name")][0]
print(fc.co_name, fc.co_argcount, fc.co_kwonlyargcount, fc.co_varnames, fc.co_nlocals, fc.co_firstlineno, fc.co_freevars, fc.co_flags & 0xC, fc.co_qualname)
print(eval("__name__", {"__name__": "given"}), eval("len", {"__builtins__": {"len": 5}}), eval("x", {"x": 1, "__builtins__": {}}))
err(lambda: eval("len", {"__builtins__": {}}))
err(lambda: exec("class A: pass", {"__builtins__": {}}))
err(lambda: exec("import sys", {"__builtins__": {}}))
exec("print(1); 5; 'str'")
exec(compile("5\n'text'\nNone\n[1]", "i", "exec"))
for line in ("1 + 1", "None", "x = 3", "x"): exec(compile(line, "<one>", "single"))
import builtins
print(builtins.len is len, __name__, __doc__, globals()["__name__"], "func" in globals(), globals() is locals(), vars() is globals())
def show_locals(a, *b, c=3, **d):
    e = [i for i in range(2)]
    return locals()
print(show_locals(1, 2, z=4))
print(eval("lambda q: q + 1")(4), eval("(y := 5)"), [eval("i") for i in range(2)], eval("[__x for __x in (1,)]"), eval("'a' if True else 'b'"), eval("{**{'a': 1}}"))
exec("def rec(n): return 1 if n < 2 else n * rec(n - 1)"); print(rec(10))
src = "\n".join(f"v{i} = {i}" for i in range(300)) + "\nt = " + " + ".join(f"v{i}" for i in range(300))
big = {}
exec(src, big); print(big["t"])
print(eval("+".join(["1"] * 500)), len(eval("[" + ",".join(map(str, range(1000))) + "]")), eval("(" * 50 + "7" + ")" * 50), eval("-" * 51 + "1"))
