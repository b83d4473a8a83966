# Exception objects: args, chaining, notes, custom classes, attributes, str and repr.
import sys

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


for e in (ValueError(), ValueError("x"), ValueError("x", 1), ValueError(None), KeyError("k"), KeyError("a", "b"), KeyError(), OSError(2, "msg"), OSError(2, "msg", "file"), OSError("only"), StopIteration(5), SystemExit(3), SystemExit(), IndexError([1]), AttributeError("a"), UnicodeError("u"), SyntaxError("s"), NameError("n"), ImportError("i"), RecursionError("r"), Exception((1, 2)), BaseException("b")):
    print(type(e).__name__, repr(e), str(e), e.args)
print(type(OSError(2, "x")).__name__, type(OSError(13, "x")).__name__, type(OSError(17, "x")).__name__, OSError(2, "m").errno, OSError(2, "m", "f").filename, OSError is IOError, StopIteration(7).value, SystemExit(4).code, ImportError("m", name="n", path="p").name)
for c in (KeyError, IndexError, ZeroDivisionError, OverflowError, FileNotFoundError, UnicodeDecodeError, RecursionError, ModuleNotFoundError, UnboundLocalError, IndentationError, TabError, NotImplementedError, StopAsyncIteration, KeyboardInterrupt, GeneratorExit, BrokenPipeError, BaseExceptionGroup, ExceptionGroup, EncodingWarning, PythonFinalizationError):
    print(c.__name__, [b.__name__ for b in c.__mro__[1:-1]])
def chain():
    try:
        try: 1 / 0
        except ZeroDivisionError as a: raise ValueError("v") from a
    except ValueError as b: return b
e = chain()
print(repr(e.__cause__), e.__cause__ is e.__context__, e.__suppress_context__)
def implicit():
    try:
        try: {}["k"]
        except KeyError: [][1]
    except IndexError as b: return b
e = implicit()
print(repr(e.__context__), e.__cause__, e.__suppress_context__)
def none():
    try:
        try: {}["k"]
        except KeyError: raise ValueError("v") from None
    except ValueError as b: return b
e = none()
print(repr(e.__context__), e.__cause__, e.__suppress_context__)
def three():
    try:
        try:
            try: raise ValueError(1)
            except ValueError: raise KeyError(2)
        except KeyError: raise IndexError(3)
    except IndexError as x: return x
e = three()
while e: print(repr(e), end=" <- "); e = e.__context__
print()
def same():
    try:
        try: raise ValueError("a")
        except ValueError as e: raise e
    except ValueError as e: return e.__context__
print(same())
def cyc():
    a = ValueError("a")
    try: raise a
    except ValueError:
        try: raise KeyError("b")
        except KeyError as b:
            try: raise a
            except ValueError as c: return c is a, repr(a.__context__), b.__context__
print(cyc())
def after():
    try: raise ValueError("in")
    except ValueError: pass
    try: raise KeyError("later")
    except KeyError as e: return e.__context__
print(after())
class My(Exception):
    def __init__(self, code, **kw): super().__init__(f"code {code}"); self.code = code; self.__dict__.update(kw)
class Str(Exception):
    def __str__(self): return "custom str"
class NoInit(Exception):
    def __init__(self, a): self.a = a
class Two(ValueError, KeyError): pass
for x in (My(5, q=1), Str("a"), NoInit("n"), Two("t")):
    try: raise x
    except Exception as e: print(type(e).__name__, repr(e), str(e), e.args, sorted(vars(e)), e is x)
err(My)
try: raise NoInit
except TypeError as e: print(e)
e = ValueError("x")
e.add_note("first note")
e.add_note("second")
print(e.__notes__, str(e))
err(e.add_note, 5)
e.args = (1, 2)
print(repr(e), e.args)
e.args = "ab"
print(e.args)
err(lambda: setattr(e, "args", 5))
err(lambda: setattr(e, "__cause__", 5))
err(lambda: setattr(e, "__context__", "x"))
err(lambda: setattr(e, "__traceback__", 5))
e.__cause__ = KeyError("set")
print(e.__suppress_context__, repr(e.__cause__))
print(e.with_traceback(None) is e, e.__traceback__, ValueError("a") == ValueError("a"), e == e)
def tb():
    try: raise ValueError
    except ValueError as e: return e
t = tb().__traceback__
print(t.tb_lineno > 0, t.tb_frame.f_code.co_name, t.tb_next)
def deep(n):
    if n: deep(n - 1)
    else: raise ValueError("deep")
try: deep(3)
except ValueError as e:
    t, names = e.__traceback__, []
    while t: names.append(t.tb_frame.f_code.co_name); t = t.tb_next
    print(names)
print(sys.exc_info(), sys.exception())
try: raise ValueError("cur")
except ValueError:
    print(sys.exc_info()[0].__name__, repr(sys.exception()), sys.exc_info()[1] is sys.exception())
    try: raise KeyError("inner")
    except KeyError: print(repr(sys.exception()))
    print(repr(sys.exception()))
print(sys.exception())
def gen():
    print("gen sees", repr(sys.exception()))
    try: raise KeyError("g")
    except KeyError: yield repr(sys.exception())
    yield repr(sys.exception())
g = gen()
try: raise ValueError("outer")
except ValueError: print(next(g), repr(sys.exception()))
print(next(g), sys.exception())
try: sys.exit("bye")
except SystemExit as e: print(repr(e), e.code)
try: raise StopIteration(3)
except StopIteration as e: print(e.value)
print(issubclass(KeyError, LookupError), isinstance(ValueError(), Exception), BaseException.__subclasses__()[0].__name__, Exception.__init__ is BaseException.__init__, ValueError.__new__(ValueError, 1).args)
err(lambda: ValueError(x=1))
err(lambda: ImportError("x", bad=1))
err(lambda: UnicodeDecodeError("a"))
err(lambda: BaseException.__new__(int))
