# Exception groups and except*.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


g = ExceptionGroup("msg", [ValueError(1), TypeError("t"), ExceptionGroup("in", [KeyError("k"), ValueError(2)])])
print(g, repr(g), g.message, g.exceptions[0], len(g.exceptions), g.args[0])
m, r = g.split(ValueError)
print(repr(m), "|", repr(r))
print(repr(g.subgroup(KeyError)), g.subgroup(OSError), repr(g.subgroup(lambda e: isinstance(e, TypeError))), g.split((ValueError, TypeError, KeyError))[1], repr(g.subgroup((TypeError, KeyError))))
print(type(BaseExceptionGroup("b", [ValueError()])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)
for a in ((), ("m",), ("m", []), ("m", 5), ("m", [1]), (5, [ValueError()]), ("m", [KeyboardInterrupt()]), ("m", [ValueError])):
    err(ExceptionGroup, *a)
def handle(exc):
    out = []
    try:
        try: raise exc
        except* ValueError as e: out.append(("V", repr(e)))
        except* (KeyError, TypeError) as e: out.append(("KT", repr(e)))
        else: out.append("else")
        finally: out.append("finally")
    except BaseException as e: out.append(("left", repr(e)))
    return out
for x in (g, ValueError("plain"), OSError("o"), ExceptionGroup("a", [OSError("o"), ValueError(3)]), ExceptionGroup("b", [TypeError()]), KeyboardInterrupt()):
    print(*handle(x), sep="\n   ")
def nothing():
    try: pass
    except* ValueError: print("no")
    else: print("else")
    finally: print("fin")
nothing()
def raising():
    try: raise ExceptionGroup("g", [ValueError(1), KeyError(2), OSError(3)])
    except* ValueError: raise RuntimeError("new")
    except* KeyError: raise
try: raising()
except BaseException as e: print(repr(e), [repr(x) for x in e.exceptions], [repr(x.__context__) for x in e.exceptions])
def one():
    try: raise ValueError("solo")
    except* ValueError as e: raise KeyError("k") from e
try: one()
except BaseException as e: print(repr(e), repr(e.exceptions[0].__cause__) if hasattr(e, "exceptions") else repr(e.__cause__))
try: exec("try: pass\nexcept* ExceptionGroup: pass")
except TypeError as e: print(e)
try:
    try: raise ValueError
    except* ExceptionGroup: pass
except TypeError as e: print(e)
try:
    try: raise ValueError
    except* 5: pass
except TypeError as e: print(e)
for src in ("try: pass\nexcept* ValueError: pass\nexcept KeyError: pass", "try: pass\nexcept*: pass", "for i in 'a':\n try: pass\n except* ValueError: break", "def f():\n try: pass\n except* ValueError: return 1"):
    try: compile(src, "s", "exec"); print("compiled")
    except SyntaxError as e: print(e.msg)
class MyG(ExceptionGroup):
    def derive(self, excs): return MyG(self.message, excs)
    code = 7
h = MyG("mine", [ValueError(), KeyError()])
h.add_note("n")
a, b = h.split(KeyError)
print(type(a).__name__, a.code, a.__notes__, repr(b), a.__cause__)
def var():
    try: raise ExceptionGroup("x", [ValueError()])
    except* ValueError as e: pass
    try: return e
    except UnboundLocalError as u: return str(u)
print(var())
def nested():
    try:
        try: raise ExceptionGroup("o", [ExceptionGroup("i", [ValueError("deep")]), KeyError("k")])
        except* KeyError as e: print("inner", repr(e))
    except* ValueError as e: print("outer", repr(e))
nested()
try: raise ExceptionGroup("z", [ValueError("v")])
except ExceptionGroup as e: print("plain except:", e)
print(str(ExceptionGroup("one", [ValueError()])), str(ExceptionGroup("two", [ValueError(), ValueError()])))
