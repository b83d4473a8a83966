# import: packages, relative imports, cycles, reloading by sys.modules, errors.
import sys

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, str(e).split(" (/")[0])
    else:
        print("no error:", repr(r))


import lib_plain.simple
print(lib_plain.simple.value, lib_plain.__name__, lib_plain.simple.__name__, lib_plain.simple.__package__)
import lib_plain.simple as s
from lib_plain import simple
from lib_plain.simple import value as v, func
print(s is simple is lib_plain.simple, v, func(2), s.__file__.rsplit("/", 1)[-1], lib_plain.__file__.rsplit("/", 1)[-1], s.__doc__, sys.modules["lib_plain.simple"] is s)
import lib_plain.simple
print("not executed twice", s.count)
from lib_plain.sub import up, here
print(up.__name__, here())
from lib_plain.sub.up import parent_value, root
print(parent_value, root is lib_plain)
from lib_plain.star import *
print(public, sorted(n for n in globals() if n.startswith(("public", "listed", "_hid", "unlisted"))))
from lib_plain.starall import *
print(sorted(n for n in globals() if n.startswith(("listed", "_listed", "unlisted"))))
import lib_cycle.a
print(lib_cycle.a.result(), lib_cycle.b.result(), lib_cycle.b.partial)
err(lambda: __import__("lib_cycle.bad_a"))
err(lambda: exec("import lib_plain.nope"))
err(lambda: exec("from lib_plain import nope"))
err(lambda: exec("from lib_plain.simple import nope"))
err(lambda: exec("import lib_plain.simple.deeper"))
err(lambda: exec("import lib_plain.broken"))
print("lib_plain.broken" in sys.modules)
err(lambda: exec("import lib_plain.syntax"))
err(lambda: exec("from . import x", {"__name__": "__main__"}))
err(lambda: exec("from .. import x", {"__name__": "lib_plain.simple", "__package__": "lib_plain"}))
err(lambda: exec("from lib_plain.starbad import *"))
try: import no_such_thing
except ImportError as e: print(type(e).__name__, e.name, e.path, e.msg)
try: from lib_plain import absent
except ImportError as e: print(type(e).__name__, e.name, e.msg.split("(")[0])
m = sys.modules.pop("lib_plain.simple")
import lib_plain.simple
print(lib_plain.simple is m, lib_plain.simple.count, m.value is lib_plain.simple.value)
sys.modules["fake_mod"] = m
import fake_mod
print(fake_mod is m)
sys.modules["none_mod"] = None
err(lambda: exec("import none_mod"))
def local_import():
    import math as mm
    from math import pi
    return mm.floor(pi), "mm" in globals()
print(local_import(), __name__, __file__.rsplit("/", 1)[-1], __package__, type(sys).__name__, sys.__name__)
err(lambda: sys.no_such)
err(lambda: s.no_such)
s.added = 5
print(s.added, "added" in vars(s), hasattr(s, "zz"), s.lazy, __import__("lib_plain.simple").__name__, __import__("lib_plain.simple", fromlist=["value"]).__name__)
del s.added
err(lambda: s.added)
import lib_plain.main_check as mc
print(mc.is_main, dir(mc)[-1], type(mc)("new", "doc").__doc__, type(mc)("new"))
class K: import math; from math import e
print(K.math.pi > 3, K.e > 2)
import lib_plain as lp, sys as y
print(lp is lib_plain, y is sys)
