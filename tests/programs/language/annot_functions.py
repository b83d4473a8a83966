# Annotations of functions: when they are computed, by whom, and what may be set.

def show(make):
    try:
        print(make())
    except Exception as error:
        print(type(error).__name__, error)


def full(a: int, b: 'text' = 1, /, c: float = 2, *args: bytes, d: list, e: dict = {}, **rest: set) -> None:
    pass


print(full.__annotations__)
annotate = full.__annotate__
print(annotate.__name__, annotate.__qualname__, annotate.__code__.co_varnames, annotate.__code__.co_argcount)
print(annotate.__code__.co_posonlyargcount, annotate.__code__.co_flags, annotate.__defaults__, annotate.__annotations__)
for format in (-1, 0, 1, 2, True, 1.5):
    print(format, annotate(format) == full.__annotations__)
for format in (3, 4, 100, None, 'x', []):
    show(lambda: annotate(format))
show(lambda: annotate())
show(lambda: annotate(1, 2))
show(lambda: annotate(format=1))


# Late names, and names of enclosing functions.
def late(a: Later) -> 'quoted': pass
show(lambda: late.__annotations__)
Later = int
show(lambda: late.__annotations__)
del Later
show(lambda: late.__annotations__)
show(lambda: late.__annotate__(1))


def outer(kind):
    def inner(a: kind, b: list[kind]): pass
    return inner
made = outer(str)
print(made.__annotations__, made.__annotate__.__qualname__, made.__annotate__.__code__.co_freevars)

# What is set and deleted.
def f(a: int): pass
computed = f.__annotations__
print(computed is f.__annotations__)
computed['more'] = 1
print(f.__annotations__, f.__annotate__(1))
f.__annotations__ = {'other': 2}
print(f.__annotations__, f.__annotate__)
f.__annotate__ = lambda format: {'format': format}
print(f.__annotations__)
f.__annotate__ = None
print(f.__annotations__, f.__annotate__)
del f.__annotations__
print(f.__annotations__, f.__annotate__)
f.__annotations__ = None
print(f.__annotations__)
for name, value in [('__annotations__', 5), ('__annotations__', []), ('__annotate__', 5), ('__annotate__', {})]:
    show(lambda: setattr(f, name, value))
show(lambda: delattr(f, '__annotate__'))
for wrong in (lambda format: [], lambda format: None, lambda: {}, int, lambda format: 1 / 0):
    f.__annotate__ = wrong
    show(lambda: f.__annotations__)
class Kind(dict): pass
f.__annotate__ = lambda format: Kind(a=1)
print(type(f.__annotations__).__name__, f.__annotations__)

# A function that is asked while it answers, and one that sets while it answers.
def again(format):
    if len(seen) < 3:
        seen.append(format)
        again_target.__annotations__
    return {'depth': len(seen)}
def again_target(): pass
seen = []
again_target.__annotate__ = again
print(again_target.__annotations__, seen)
def setting(format):
    setting_target.__annotations__ = {'set': 1}
    return {'computed': 1}
def setting_target(): pass
setting_target.__annotate__ = setting
print(setting_target.__annotations__, setting_target.__annotate__)

# Methods, lambdas, mangled names, unevaluated annotations of locals.
class C:
    def method(self, __private: int, other: 'C') -> list[int]: pass
    async def waits(self) -> int: pass
print(C.method.__annotations__, C().method.__annotations__, C().method.__annotate__.__qualname__)
print(C.waits.__annotations__)
show(lambda: setattr(C().method, '__annotations__', {}))
print((lambda a: a).__annotations__, (lambda: 0).__annotate__)
def local():
    x: undefined_name
    y: undefined_name = 1
    (z): undefined_name = 2
    return y + z
print(local(), local.__annotations__)
def target():
    missing.attribute: 'never'
show(target)
def target():
    [][print('index')]: print('not evaluated')
target()
def unbound():
    x: int
    return x
show(unbound)
print(full.__annotate__.__code__.co_name, full.__annotate__.__code__.co_qualname)
