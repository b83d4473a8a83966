# Annotations of classes and modules.

def show(make):
    try:
        print(make())
    except Exception as error:
        print(type(error).__name__, error)


def keys(cls):
    return [name for name in cls.__dict__ if 'annot' in name]


class A:
    a: int
    b: 'text' = 1
    __c: list[int]
    (d): bytes
    if True:
        e: set
    for i in 'xy':
        if i == 'y':
            f: i
    while False:
        g: never
print(keys(A), A.__annotations__, keys(A))
print(A.__annotate__.__qualname__, A.__annotate__.__name__, A.__annotate__(2) == A.__annotations__)
show(lambda: A.__annotate__(3))
show(lambda: A.__annotate__())
show(lambda: A().__annotations__)


class B(A): pass
print(B.__annotations__, B.__annotate__, keys(B))
class Undefined: x: nothing_of_that_name
show(lambda: Undefined.__annotations__)
print(keys(Undefined))

# Names of the class itself, and of functions around it.
def make(T):
    class Made:
        T2 = list
        x: T
        y: T2[T]
        z: (lambda: T2)
        w: [T for _ in range(2)]
        def method(self, a: T2) -> Made: pass
        nested: nested
        nested = dict
    return Made
M = make(str)
print(M.__annotations__['x'], M.__annotations__['y'], M.__annotations__['w'], M.__annotations__['nested'])
show(lambda: M.__annotations__['z']())
print(M.method.__annotations__)
M.T2 = set
del M.__annotations__
print(M.__annotations__)

# What is set and deleted.
class C: x: int
C.__annotations__ = {'y': str}
print(C.__annotations__, C.__annotate__, keys(C))
C.__annotate__ = lambda format: {'format': format}
print(C.__annotations__, keys(C))
C.__annotate__ = None
print(C.__annotations__, C.__annotate__)
del C.__annotations__
show(lambda: delattr(C, '__annotations__'))
print(keys(C), C.__annotations__)
show(lambda: setattr(C, '__annotate__', 5))
show(lambda: delattr(C, '__annotate__'))
C.__annotate__ = lambda format: 5
show(lambda: C.__annotations__)
C.__annotations__ = 5
print(C.__annotations__)
class D:
    __annotations__ = {'own': 1}
print(D.__annotations__, D.__annotate__, keys(D))
D.__annotations__ = {}
print(keys(D))
class E:
    def __annotate__(format): return {'of the body': format}
print(E.__annotations__, E.__annotate__(2), keys(E))
E.__annotations__ = {}
print(keys(E))
class F:
    @property
    def __annotations__(self): return 5
print(type(F.__annotations__).__name__, F().__annotations__)
class G:
    @classmethod
    def __annotate__(cls, format): return {cls.__name__: format}
print(G.__annotations__)

# Metaclasses and builtin types.
class Meta(type): m: int
class H(metaclass=Meta): pass
class I(metaclass=Meta): i: str
print(H.__annotations__, H.__annotate__, I.__annotations__, Meta.__annotations__)
for builtin in (int, type, object):
    show(lambda: builtin.__annotations__)
    show(lambda: builtin.__annotate__)
    show(lambda: setattr(builtin, '__annotations__', {}))
    show(lambda: setattr(builtin, '__annotate__', None))
    show(lambda: delattr(builtin, '__annotations__'))

# What a class body sees while it runs.
class J:
    x: int
    if True: y: int
    print([name for name in locals() if 'annot' in name])
class K:
    for kind in (int, str):
        z: kind
    del kind
show(lambda: K.__annotations__)

# Modules.
first: int
if first_is_there := False:
    second: str
else:
    third: str = 'x'
print(__annotate__.__qualname__, __annotate__(1), __conditional_annotations__)
show(lambda: __annotations__)
Module = type(__import__('sys'))
m = Module('m')
print(m.__annotations__, m.__annotate__, [name for name in m.__dict__ if 'annot' in name])
m.__annotate__ = lambda format: {'format': format}
print(m.__annotations__, m.__annotations__ is m.__annotations__)
m.__annotations__ = {'a': 1}
print(m.__annotations__, m.__annotate__)
del m.__annotations__
show(lambda: delattr(m, '__annotations__'))
show(lambda: delattr(m, '__annotate__'))
show(lambda: setattr(m, '__annotate__', 5))
m.__annotate__ = lambda format: 5
show(lambda: m.__annotations__)
class Spec: _initializing = True
m.__spec__ = Spec
m.__annotate__ = lambda format: {'still': len(m.__dict__)}
print(m.__annotations__, '__annotations__' in m.__dict__)
Spec._initializing = False
print(m.__annotations__, '__annotations__' in m.__dict__)

# An annotate function that changes its class.
class L: pass
def hostile(format):
    L.__annotations__ = {'set': 1}
    L.__annotate__ = None
    return {'computed': 1}
L.__annotate__ = hostile
print(L.__annotations__, L.__annotate__)
L.__annotations__ = {'after': 1}
print(L.__annotations__)
def endless(format): return L.__annotations__
L.__annotate__ = endless
try:
    L.__annotations__
except RecursionError:
    print('RecursionError')

# A module that is asked before its end.
for text in ('x: int\nprint(__annotate__(1))\ny: str\nprint(__annotate__(1))',
             'x: int\nif 1: y: str\nelse: z: str\nfor i in (): w: int\nprint(__annotate__(1), __conditional_annotations__)',
             'x: int\n1 / 0\ny: str', 'x.y: int = 1', '(x): int = 1',
             'x: int\n__conditional_annotations__.clear()\nprint(__annotate__(1))',
             'x: int\n__conditional_annotations__ = (0,)\nprint(__annotate__(1))\n__conditional_annotations__ = 5\n__annotate__(1)', 'x: int\ndel __conditional_annotations__\n__annotate__(1)'):
    namespace = {'x': type('Plain', (), {})}
    try:
        exec(text, namespace)
    except Exception as error:
        print(type(error).__name__, error)
    print([name for name in namespace if 'annot' in name])

# Whose attributes they are: the metaclass's, the class's own, and what was never annotated.
class Shadows(type):
    @property
    def __annotations__(cls): return 'of the metaclass'
class M1(metaclass=Shadows): a: int
print(M1.__annotations__, M1.__annotate__(1), type.__dict__['__annotations__'].__get__(M1))
class Answers(type):
    def __annotate__(cls, format): return {'metaclass': format}
class M2(metaclass=Answers): a: int
class M3(metaclass=Answers): pass
show(lambda: (M2.__annotations__, M3.__annotations__, M3.__annotate__))
class Static:
    @staticmethod
    def __annotate__(format): return {'static': format}
print(Static.__annotations__, Static.__annotate__(2))
class Named:
    def __annotate_func__(format): return {'func': format}
class Cached:
    a: int
    __annotations_cache__ = {'cached': 1}
print(Named.__annotations__, Cached.__annotations__)
for namespace in ({'__annotate__': lambda f: {f: f}}, {'__annotations__': None}, {'__annotate_func__': 5}, {'__type_params__': 5}):
    made = type('Made', (), namespace)
    show(lambda: (made.__annotations__, made.__type_params__, callable(made.__annotate__)))
empty = Module.__new__(Module)
show(lambda: empty.__annotations__)
show(lambda: empty.__annotate__)
