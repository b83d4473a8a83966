# Attributes that nobody may write: plain members refuse in other words than what is computed.
def f(): pass
class C:
    def m(self): pass
objects = {
    'alias': (list[int], ['__origin__', '__args__', '__unpacked__', '__parameters__', '__mro_entries__']),
    'union': (int | str, ['__args__', '__parameters__', '__origin__', '__name__', '__qualname__']),
    'method': (C().m, ['__func__', '__self__', '__name__', '__dict__']),
    'type': (C, ['__base__', '__flags__', '__basicsize__', '__itemsize__', '__dictoffset__', '__weakrefoffset__', '__mro__', '__dict__']),
    'classmethod': (classmethod(f), ['__func__', '__wrapped__', '__isabstractmethod__']),
    'function': (f, ['__closure__', '__globals__', '__builtins__']),
    'module': (__import__('sys'), ['__dict__']),
    'property': (property(f), ['fget', 'fset', 'fdel']),
    'slice': (slice(1), ['start', 'stop', 'step']),
    'range': (range(3), ['start']),
    'super': (super(C, C()), ['__thisclass__', '__self__', '__self_class__']),
    'complex': (1j, ['real', 'imag']),
}
for kind, (thing, names) in objects.items():
    for name in names:
        for change in (lambda: setattr(thing, name, 1), lambda: delattr(thing, name)):
            try:
                change()
                print(kind, name, 'changed')
            except Exception as error:
                print(kind, name, type(error).__name__, error)

# What every class has, and cannot lose.
class D: "doc"
for name in ('__name__', '__qualname__', '__bases__', '__module__', '__doc__', '__type_params__', '__abstractmethods__'):
    for cls in (D, int):
        try:
            delattr(cls, name)
            print(name, 'deleted')
        except Exception as error:
            print(name, type(error).__name__, error)
    for value in (5, None):
        try:
            setattr(D, name, value)
            print(name, getattr(D, name))
        except Exception as error:
            print(name, type(error).__name__, error)
class Slotted:
    __slots__ = ('__doc__', 'x')
s = Slotted()
s.__doc__, s.x = 1, 2
print(s.__doc__, s.x, type(Slotted.__doc__).__name__)
try:
    class Conflict:
        "doc"
        __slots__ = ('__doc__',)
except ValueError as error:
    print(error)
