# TypeVar, ParamSpec, TypeVarTuple: as the compiler makes them, and as they are called. What is asked of typing is listed.
import sys, _typing

class Typing:
    def __getattr__(self, name):
        if name == '__spec__': raise AttributeError(name)
        def called(*args, **names):
            print('  typing', name, args, names)
            return args[0] if args else None
        return called
sys.modules['typing'] = Typing()
TypeVar, ParamSpec, TypeVarTuple = _typing.TypeVar, _typing.ParamSpec, _typing.TypeVarTuple

def show(text):
    try:
        print(text, '->', repr(eval(text)))
    except Exception as error:
        print(text, '->', type(error).__name__, error)


def f[T, U: int, V: (int, str), *Ts, **P, D = bool, *Es = list[int], **Q = [int]](): pass
T, U, V, Ts, P, D, Es, Q = f.__type_params__
print(f.__type_params__)
for name in ('__name__', '__bound__', '__constraints__', '__default__', '__covariant__', '__contravariant__', '__infer_variance__', '__module__',
             'evaluate_bound', 'evaluate_constraints', 'evaluate_default', 'has_default', 'args', 'kwargs', '__dict__', '__type_params__'):
    for variable in 'TUVDPQ' + 'XY':
        variable = {'X': 'Ts', 'Y': 'Es'}.get(variable, variable)
        value = getattr(eval(variable), name, 'missing')
        if callable(value): value = getattr(value, '__qualname__', value)
        print(name, variable, value)
for variable in ('T', 'U', 'V', 'Ts', 'P', 'D', 'P.args', 'P.kwargs'):
    show(f'type({variable})')
    show(f'{variable}()')
    show(f'{variable}[int]')
    show(f'{variable}.__mro_entries__(())')
    show(f'type("X", (type({variable}),), {{}})')
    show(f'type("X", ({variable},), {{}})')
    show(f'{variable} | int')
    show(f'int | {variable}')
    show(f'{variable} < {variable}')
    show(f'{variable} == {variable}')
    show(f'setattr({variable}, "__name__", 1)')
    show(f'setattr({variable}, "__bound__", 1)')
    show(f'setattr({variable}, "__default__", 1)')
    show(f'setattr({variable}, "evaluate_default", 1)')
    show(f'setattr({variable}, "other", 1)')
    show(f'{variable}.other')
for text in '''T.has_default(), U.has_default(), D.has_default(), Ts.has_default(), Es.has_default(), P.has_default(), Q.has_default()
U.evaluate_bound(1)
U.evaluate_bound(2)
U.evaluate_bound(3)
U.evaluate_bound()
V.evaluate_constraints(1)
D.evaluate_default(1)
U.evaluate_bound.__code__.co_varnames, U.evaluate_bound.__defaults__, U.evaluate_bound.__code__.co_flags
T.__reduce__(), P.__reduce__(), Ts.__reduce__()
T | None, None | T, T | T
T | 'text'
T | 5
list[T], list[T].__parameters__, dict[T, list[U]].__parameters__, tuple[*Ts] if 0 else 0
list[T][int]
dict[T, U][int, str]
dict[T, D][int]
dict[T, D][int, str]
dict[T, U][int]
dict[T, D][()]
dict[T, U][1, 2, 3]
list[P][int]
list[T | int][str]
T.__typing_subst__(1)
T.__typing_subst__()
T.__typing_prepare_subst__(list[T], ())
T.__typing_prepare_subst__(list[T], (1, 2))
T.__typing_prepare_subst__(list[D], (1, 2))
D.__typing_prepare_subst__(list[D], ())
D.__typing_prepare_subst__(list[D], [])
D.__typing_prepare_subst__(list[D], 5)
D.__typing_prepare_subst__(5, ())
Ts.__typing_subst__(1)
Ts.__typing_prepare_subst__(1, 2)
P.__typing_subst__(1)
P.__typing_prepare_subst__(1, 2)
P.args == P.args, P.args is P.args, P.args == P.kwargs, P.args != P.args, P.args == Q.args
P.args.__origin__ is P
hash(P.args)
type(P.args)(5), type(P.kwargs)(P), type(P.args)('x')
type(P.args)()
type(P.args)(other=1)
type(P.args)(origin=1).__origin__
TypeVar()
TypeVar(5)
TypeVar('T')
TypeVar(name='T')
TypeVar('T', int)
TypeVar('T', int, str), TypeVar('T', int, str).__constraints__
TypeVar('T', int, str, bound=int)
TypeVar('T', bound=int).__bound__
TypeVar('T', bound=None).__bound__
TypeVar('T', covariant=True)
TypeVar('T', contravariant=1)
TypeVar('T', infer_variance=[0])
TypeVar('T', covariant=True, contravariant=True)
TypeVar('T', covariant=True, infer_variance=True)
TypeVar('T', default=int).__default__, TypeVar('T', default=None).__default__, TypeVar('T').__default__
TypeVar('T', default=int).has_default(), TypeVar('T', default=_typing.NoDefault).has_default()
TypeVar('T').evaluate_bound, TypeVar('T').evaluate_constraints, TypeVar('T').evaluate_default
TypeVar('T', int, str).evaluate_constraints, TypeVar('T', default=list[int]).evaluate_default
TypeVar('T', int, None).evaluate_constraints(4), TypeVar('T', default=()).evaluate_default(4), TypeVar('T', default=list[int]).evaluate_default(4)
TypeVar('T', default=int).evaluate_default(1), TypeVar('T', default=int).evaluate_default(4)
TypeVar('T', default=int).evaluate_default()
TypeVar('T', default=int).evaluate_default('x')
TypeVar('T', default=int).evaluate_default(format=1)
type(TypeVar('T').evaluate_default)()
TypeVar('T', other=1)
TypeVar('T').__module__
TypeVar('T') == TypeVar('T')
ParamSpec()
ParamSpec(5)
ParamSpec('P'), ParamSpec('P', covariant=True), ParamSpec('P', contravariant=True), ParamSpec('P', infer_variance=True)
ParamSpec('P', bound=5).__bound__
ParamSpec('P', int)
ParamSpec('P', covariant=True, contravariant=True)
ParamSpec('P', default=[int]).__default__
ParamSpec('P').args, ParamSpec('P').__module__
TypeVarTuple()
TypeVarTuple('Ts'), TypeVarTuple('Ts', default=int).__default__
TypeVarTuple('Ts', int)
TypeVarTuple(5)
_typing.NoDefault, type(_typing.NoDefault)(), type(_typing.NoDefault)() is _typing.NoDefault, _typing.NoDefault.__reduce__()
type(_typing.NoDefault)(1)
type(_typing.NoDefault).__name__, type(_typing.NoDefault).__module__
_typing.Generic, _typing.Generic(), _typing.Generic.__module__, _typing.Generic.__mro__'''.split('\n'):
    if ' at 0x' not in text:
        show(text) if 'Generic()' not in text else None

class Unpack:
    def __getitem__(self, item): return 'unpacked', item
Typing.Unpack = Unpack()
print([*Ts], tuple[*Ts].__args__)

# Who may not be a type parameter any more.
f.__type_params__ = (1,)
print(f.__type_params__)
show('setattr(f, "__type_params__", [T])')
show('delattr(f, "__type_params__")')
show('(lambda: 0).__type_params__, show.__type_params__, int.__type_params__')
del sys.modules['typing']
