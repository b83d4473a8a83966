# return, break and continue in finally blocks swallow the exception (3.14 warns of them).

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


def fin_return():
    try: raise ValueError
    finally: return "swallowed"
def fin_override():
    try: return "try"
    finally: return "finally"
def fin_break():
    for i in range(5):
        try: raise ValueError
        finally: break
    return i
def fin_continue():
    out = []
    for i in range(3):
        try:
            if i == 1: raise ValueError
            out.append(i)
        finally: continue
    return out
def fin_return_in_loop():
    for i in range(3):
        try:
            if i: return i
        finally:
            if i == 1: continue
    return "end"
def handler_return():
    try:
        try: raise KeyError("a")
        except KeyError: raise ValueError("b")
        finally: return "both gone"
    finally: print("outer", end=" ")
def nested_finally():
    try:
        try: return 1
        finally: 1 / 0
    except ZeroDivisionError: return 2
    finally: print("last", end=" ")
for f in (fin_return, fin_override, fin_break, fin_continue, fin_return_in_loop, handler_return, nested_finally):
    print(f.__name__, end=": ")
    err(f)
