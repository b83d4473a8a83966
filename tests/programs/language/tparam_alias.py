# `type` statements, and TypeAliasType called.
import sys, _typing
Alias = _typing.TypeAliasType

def show(text):
    try:
        print(text, '->', repr(eval(text)))
    except Exception as error:
        print(text, '->', type(error).__name__, error)


type X = int
type L[T] = list[T] | None
type Two[K, V] = dict[K, V]
type Spec[**P] = tuple[P]
class Typing:
    class Unpack:
        def __class_getitem__(cls, item): return ('unpacked', item)
    @staticmethod
    def _type_check(arg, message):
        print('  checks', arg, message)
        return arg
sys.modules['typing'] = Typing
type Many[*Ts] = tuple[*Ts]
for text in '''X, X.__name__, X.__value__, X.__type_params__, X.__parameters__, X.__module__
type(X), type(X).__module__, type(X).__name__, Alias is type(X)
L, L.__value__, L.__type_params__, L.__parameters__
Many.__type_params__, Many.__parameters__, Many.__value__
L[int], L[int].__origin__ is L, L[int].__args__, L[int].__value__, L[int].__name__, L[int].__parameters__
L[L[int]], Two[int, str], Two[int], Two[()], Spec[[int]], Spec[int, str], Many[int, str]
L[int] == L[int], hash(L[int]) == hash(L[int]), L[int] != L[str]
X[int]
X()
L(1)
X | None, None | X, X | int, int | X, X | X, L[int] | str, X | L, (X | int).__args__
X | 'text'
X | 5
isinstance(1, X)
issubclass(int, X)
setattr(X, '__value__', 5)
setattr(X, '__name__', 5)
setattr(X, '__module__', 5)
setattr(X, '__type_params__', 5)
setattr(X, 'other', 5)
delattr(X, '__value__')
X.__dict__
X.other
X.__reduce__()
X.evaluate_value(1), X.evaluate_value(2)
X.evaluate_value(3)
X.evaluate_value.__qualname__, X.evaluate_value.__defaults__
[*X]
[*L[int]]
X == X, X != L, X < L
hash(X) == hash(X)
type('Sub', (Alias,), {})
type('Sub', (X,), {})
Alias()
Alias('A')
Alias(5, int)
Alias('A', int), Alias('A', int).__value__, Alias('A', int).__module__
Alias(name='A', value=int).__name__
Alias('A', int, type_params=()), Alias('A', int, type_params=()).__type_params__
Alias('A', int, type_params=())[int]
Alias('A', int, type_params=(_typing.TypeVar('T'),)).__type_params__
Alias('A', list, type_params=(_typing.TypeVar('T'),))[int]
Alias('A', int, type_params=5)
Alias('A', int, type_params=[_typing.TypeVar('T')])
Alias('A', int, type_params=None)
Alias('A', int, type_params=(5,))
Alias('A', int, type_params=(_typing.TypeVar('T', default=int), _typing.TypeVar('U')))
Alias('A', int, type_params=(_typing.TypeVar('T'), _typing.ParamSpec('P'), _typing.TypeVarTuple('Ts'))).__parameters__
Alias('A', int, ())
Alias('A', int, other=1)
Alias('A', list[int]).evaluate_value, Alias('A', list[int]).evaluate_value(4), Alias('A', (int, 'x')).evaluate_value(4)'''.split('\n'):
    show(text)
type type = type
print(type.__value__ is type)
del type
class C:
    type Inner[T] = C
    type __Private = Inner
print(C.Inner, C.Inner.__value__, [name for name in C.__dict__ if 'Private' in name], C.Inner.__module__)
def f():
    type Local = local
    local = 5
    return Local.__value__, Local
print(f())
def g():
    global Made
    type Made = g
g()
print(Made, Made.__value__ is g)
exec('type Named = __name__', {'__name__': 'elsewhere'}, names := {})
print(names['Named'].__module__, names['Named'].__value__)
type A = int; type B = A | None; print(B.__value__, B.__value__.__args__[0] is A)
