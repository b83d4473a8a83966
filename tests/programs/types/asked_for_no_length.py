# What is asked for its iterator alone, for an int of whatever class, or for its items by index.
import types
import sys


class H:
    def __iter__(s): return iter([1,2])
    def __len__(s): print('len'); raise ValueError('x')
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
l=[1,2,3]
def a(): l[0:1]=H(); return l
def b(): l[::2]=H(); return l
t(a); t(b); t(lambda: list(H())); t(lambda: l.extend(H())); t(lambda: tuple(H())); t(lambda: sorted(H())); t(lambda: [*H()]); t(lambda: set(H())); t(lambda: bytearray(H())); t(lambda: bytes(H())); t(lambda: max(H())); t(lambda: ','.join(H())); t(lambda: dict(H())); t(lambda: frozenset(H())); t(lambda: l.__iadd__(H()))
def c(): x,*y=H(); return x,y
t(c)
t(lambda: list(zip(H()))); t(lambda: print(*H())); t(lambda: (*H(),)); t(lambda: {*H()}); t(lambda: [].__init__(H())); t(lambda: list(map(str,H()))); t(lambda: list(enumerate(H()))); t(lambda: sum(H())); t(lambda: any(H()))
import array, collections
t(lambda: array.array('i',H())); t(lambda: collections.deque(H())); t(lambda: collections.Counter(H()))


class Two(int):
    pass


for number in (True, Two(2), 2.0, 13, 2**70, "2", None):
    print(type(OSError(number, "text")).__name__, OSError(number, "text").errno)
for text in ("1_a", "1_0", "_1", "1_", "1__0", "a", "1_0+2_j", "1_0j", "j_"):
    t(lambda: complex(text))


class F(str):
    pass


f = F("abc")
print(type(f % ()), (f % ()) is f, type(f % {}), type(F("a%%") % ()), type(f % []), type(F("%s") % "a"))

for listed in ({"a"}, frozenset("a"), {"a": 1}, {"a": 1}.keys(), iter(["a"]), "ab", ["a"], ("a",), range(2), None, 5, [5], "abz"):
    module = types.ModuleType("starry")
    module.a, module.b, module.__all__ = 1, 2, listed
    sys.modules["starry"] = module
    names = {}

    def star():
        exec("from starry import *", names)
        return sorted(name for name in names if not name.startswith("_"))

    t(star)
