# try/except/else/finally in all combinations with return, break, continue.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


log = []
def flow(what):
    try:
        print(f"[{what}", end=" ")
        if what == "raise": raise ValueError("v")
        if what == "key": {}["k"]
        if what == "return": return "from try"
        if what == "other": raise OSError("o")
    except ValueError as e:
        print("except", e, end=" ")
        return "from except"
    except (KeyError, IndexError) as e:
        print("lookup", repr(e), end=" ")
    else:
        print("else", end=" ")
    finally:
        print("finally]", end=" ")
    return "end"
for w in ("none", "raise", "key", "return", "other"):
    err(flow, w)
def fin_value():
    x = 1
    try: return x
    finally: x = 2
def fin_list():
    x = [1]
    try: return x
    finally: x.append(2)
def loop_try():
    out = []
    for i in range(6):
        try:
            if i == 1: continue
            if i == 4: break
            out.append(i)
        finally:
            out.append(f"f{i}")
    else:
        out.append("else")
    return out
def while_try():
    n = 0
    while True:
        try:
            n += 1
            if n < 3: continue
            return n
        finally:
            n += 10
            log.append(n)
def nested():
    out = []
    try:
        try:
            try: 1 / 0
            finally: out.append("a")
        except KeyError: out.append("no")
        finally: out.append("b")
    except ZeroDivisionError as e: out.append(str(e))
    else: out.append("no")
    finally: out.append("c")
    return out
for f in (fin_value, fin_list, loop_try, while_try, nested): err(f)
print(log)
def var_deleted():
    e = "before"
    try: raise ValueError
    except ValueError as e: pass
    return e
err(var_deleted)
def var_rebound():
    try: raise ValueError
    except ValueError as e: e = 5
    try: return e
    except NameError as n: return type(n).__name__
err(var_rebound)
def var_in_handler():
    try: raise ValueError("x")
    except ValueError as e:
        del e
    return "fine"
err(var_in_handler)
def bare():
    try: raise KeyboardInterrupt
    except: return "bare"
print(bare())
def reraise():
    try:
        try: raise ValueError("one")
        except ValueError: raise
    except ValueError as e: return str(e)
print(reraise())
err(lambda: exec("raise"))
err(lambda: exec("raise 5"))
err(lambda: exec("raise 'x'"))
err(lambda: exec("raise int"))
err(lambda: exec("raise ValueError from 5"))
err(lambda: exec("try:\n 1/0\nexcept 5: pass"))
err(lambda: exec("try:\n 1/0\nexcept (ValueError, 'x'): pass"))
err(lambda: exec("try:\n 1/0\nexcept int: pass"))
def pick(): print("evaluated", end=" "); return ZeroDivisionError
try: 1 / 0
except pick(): print("picked")
try: pass
except pick(): print("never")
def gen_types():
    for t in (ValueError, KeyError, 5):
        try:
            try: raise KeyError("k")
            except t: print("caught by", t)
        except KeyError as e: print("passed", t)
        except TypeError as e: print(e)
gen_types()
class Base(Exception): pass
class Sub(Base): pass
for exc in (Sub, Base, Exception):
    try: raise exc("m")
    except Sub as e: print("sub", e)
    except Base as e: print("base", e)
    except Exception as e: print("exc", e)
def deep(n):
    try:
        if n == 0: raise ValueError("bottom")
        deep(n - 1)
    finally: log.append(n)
log.clear()
err(deep, 3)
print(log)
def ret_in_else():
    try: pass
    except Exception: return 1
    else: return 2
    finally: log.append("f")
print(ret_in_else(), log[-1])
def raise_in_else():
    try: pass
    except ValueError: return "no"
    else: raise ValueError("from else")
err(raise_in_else)
def raise_in_finally():
    try: raise ValueError("first")
    finally: raise KeyError("second")
try: raise_in_finally()
except KeyError as e: print(repr(e), repr(e.__context__))
try:
    assert 1 == 2, "message"
except AssertionError as e: print(repr(e))
try:
    assert []
except AssertionError as e: print(repr(e), e.args)
try:
    assert 0, (1, 2)
except AssertionError as e: print(repr(e), e.args)
try:
    x = [1, 2, 3][10]
except LookupError as e: print(type(e).__name__, e)
finally: print("done")
