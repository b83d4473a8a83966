# The names of a source, as the compiler knows them: by the module symtable, and the raw tables.
import _symtable
import symtable

SOURCE = '''
import os.path as p, sys
class A[T: int = str](B, metaclass=M):
    x: int = 1
    def f(self, a, *args, k=1, **kw) -> int:
        global g
        g = a
        comp = [i for i in args if i]
        z = lambda q: q + a
        def inner():
            nonlocal z
            return z, super(), __class__
        return (j for j in kw)
    l = [i for i in range(3)]
type Al[U] = list[U]
def gen[V](v: V) -> V:
    yield v
async def co(): await x
{k: v for k, v in y}
try: pass
except E as e: pass
def deco(f: "hint", /, *, w: int = 2): return w
with a as b: pass
if (wal := 3): pass
[(wal2 := i) for i in y]
match q:
    case {'a': m, **rest}: pass
def outer():
    c = 1
    class K:
        c2 = c
        __priv = 1
        def m(self): return self.__priv, c
    return K
'''


def raw(table, depth=0):
    print("  " * depth, table.name, table.type, table.lineno, table.nested, table.varnames, sorted(table.symbols.items()))
    for child in table.children:
        raw(child, depth + 1)


raw(_symtable.symtable(SOURCE, "f", "exec"))
raw(_symtable.symtable("a + (lambda: b)()", "f", "eval"))
raw(_symtable.symtable("a = 1\n", "f", "single"))
raw(_symtable.symtable("from __future__ import annotations\ndef f(a: b): c: d\n", "f", "exec"))


def describe(table, depth=0):
    print("  " * depth, table.get_type(), table.get_name(), table.get_lineno(), table.is_optimized(), table.is_nested(), table.has_children())
    for symbol in sorted(table.get_symbols(), key=lambda symbol: symbol.get_name()):
        said = [name for name in dir(symbol) if name.startswith("is_") and getattr(symbol, name)()]
        print("  " * depth, "  ", symbol.get_name(), said)
    if isinstance(table, symtable.Function):
        print("  " * depth, "  ", table.get_parameters(), sorted(table.get_locals()), sorted(table.get_globals()), sorted(table.get_nonlocals()), sorted(table.get_frees()))
    for child in table.get_children():
        describe(child, depth + 1)


describe(symtable.symtable(SOURCE, "f", "exec"))


def refused(*args):
    try:
        print(type(_symtable.symtable(*args)))
    except BaseException as error:
        print(type(error).__name__, error)


refused("a", "f", "x")
refused(1, "f", "exec")
refused("a b", "f", "exec")
refused("def f(a, a): pass", "f", "exec")
refused(b"a", b"f", "exec")
refused("a\0", "f", "exec")
refused("return", "f", "exec")
refused("a", 1, "exec")
refused("a")
