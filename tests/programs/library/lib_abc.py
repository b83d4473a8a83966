# abc and _abc: registration, caches, hooks, errors, patterns.
import abc
import _abc
import collections.abc


def kind(work):
    try:
        return work()
    except Exception as error:
        return f'{type(error).__name__}: {error}'


class Shape(metaclass=abc.ABCMeta):
    @abc.abstractmethod
    def area(self):
        "The area."

    @property
    @abc.abstractmethod
    def name(self):
        "A name."

    @classmethod
    @abc.abstractmethod
    def make(cls):
        "Makes one."


class Half(Shape):
    def area(self):
        return 1


class Whole(Half):
    name = 'whole'

    @classmethod
    def make(cls):
        return cls()


print(sorted(Shape.__abstractmethods__), sorted(Half.__abstractmethods__), sorted(Whole.__abstractmethods__))
print(kind(Shape), kind(Half), type(kind(Whole)).__name__)


class Base(abc.ABC):
    pass


class Plain:
    pass


class Sub(Plain):
    pass


token = abc.get_cache_token()
print(isinstance(Plain(), Base), issubclass(Sub, Base), Base.register(Plain) is Plain, abc.get_cache_token() > token)
print(isinstance(Plain(), Base), issubclass(Sub, Base), isinstance(Sub(), Base), issubclass(int, Base), issubclass(Base, Base))
print(kind(lambda: Base.register(3)), kind(lambda: issubclass(3, Base)))


class Below(Base):
    pass


print(kind(lambda: Below.register(Base)))
registry, cache, negative, version = _abc._get_dump(Base)
print([r() for r in registry], sorted(r().__name__ for r in cache), [r() for r in negative])
_abc._reset_caches(Base)
print(_abc._get_dump(Base)[1:3])
_abc._reset_registry(Base)
print(_abc._get_dump(Base)[0], isinstance(Plain(), Base))


class Hooked(abc.ABC):
    asked = []

    @classmethod
    def __subclasshook__(cls, other):
        cls.asked.append(other.__name__)
        return {'int': True, 'str': False, 'float': 1}.get(other.__name__, NotImplemented)


print([kind(lambda: issubclass(t, Hooked)) for t in (int, str, float, bytes, int, str)], Hooked.asked)


class Odd(abc.ABC):
    def __subclasses__():
        return 3


print(kind(lambda: issubclass(int, Odd)))


class Liar:
    @property
    def __class__(self):
        return Plain


Base.register(Plain)
print(isinstance(Liar(), Base), isinstance(Liar(), Plain))


@Base.register
class Decorated:
    pass


print(isinstance(Decorated(), Base), Decorated.__name__)


# What is registered with Sequence and Mapping matches patterns.
class Row:
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return [10, 20][index]


class RowBelow(Row):
    pass


def match(value):
    match value:
        case [a, b]:
            return 'sequence', a, b
        case {'k': v}:
            return 'mapping', v
        case _:
            return 'other'


print(match(Row()), match(RowBelow()))
collections.abc.Sequence.register(Row)
print(match(Row()), match(RowBelow()))


class Table(collections.abc.Mapping):
    def __getitem__(self, key):
        return {'k': 1}[key]

    def __len__(self):
        return 1

    def __iter__(self):
        return iter('k')


print(match(Table()), match({'k': 3}), match('ab'), kind(lambda: type('Both', (Table,), {'__abc_tpflags__': 96})))
print('__abc_tpflags__' in vars(collections.abc.Sequence), issubclass(list, collections.abc.Sequence), issubclass(dict, collections.abc.Sized))

# Many classes that come and go leave nothing wrong behind.
for number in range(500):
    made = type(f'T{number}', (Plain,), {})
    assert issubclass(made, Base) and not issubclass(made, Shape)
print(isinstance(made(), Base), isinstance(made(), Shape))
abc.update_abstractmethods(Half)
print(sorted(Half.__abstractmethods__), repr(type(Base._abc_impl)))
print(kind(lambda: _abc._get_dump(int)), kind(lambda: _abc._abc_instancecheck(3, 3)))


class Broken(abc.ABC):
    pass


Broken._abc_impl = 3
print(kind(lambda: isinstance(1, Broken)))
