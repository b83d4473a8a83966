# What __new__ gives is initialised by its own class's __init__, if it is an instance of the called class.


class Base:
    def __new__(cls, what, *rest, **named):
        made = object.__new__(kinds.get(what, cls))
        made.what = what
        return made


class Loud(Base):
    def __init__(self, *args, **named):
        print('Loud', args, named)


class Counted(Base):
    count = 0

    def __init__(self, what):
        Counted.count += 1


class Stranger:
    def __init__(self, *args):
        print('never')


kinds = {'loud': Loud, 'counted': Counted, 'stranger': Stranger}

print(type(Base('plain')).__name__)
print(type(Base('loud', 1, key=2)).__name__)
for _ in range(3):
    Base('counted')
print(Counted.count)
print(type(Base('stranger')).__name__)
try:
    Base('counted', 1)
except TypeError as error:
    print(error)


class Bare:
    def __new__(cls):
        return object.__new__(Eager)


class Eager(Bare):
    def __init__(self):
        print('Eager without arguments')


Bare()
Eager()


class Silent:
    def __new__(cls, *args):
        return object.__new__(cls)


class Plain(Silent):
    pass


print(type(Silent(1, 2)).__name__, type(Plain(3)).__name__)


class Number(int):
    def __new__(cls, value):
        return int.__new__(Odd if value % 2 else cls, value)


class Odd(Number):
    def __init__(self, value):
        print('odd', value)


print(Number(4), Number(5))


class Refuses(Base):
    def __init__(self, what):
        return what


kinds['refuses'] = Refuses
try:
    Base('refuses')
except TypeError as error:
    print(error)
try:
    Base()
except TypeError as error:
    print(error)
print([len(x) for x in [tuple.__new__(tuple, (1, 2))]])
print(len({type(Base(*['loud'] + [n])) for n in range(2)}))


class Many:
    def __new__(cls, *args, **named):
        return object.__new__(Taker)


class Taker(Many):
    def __init__(self, *args, **named):
        print(len(args), sum(args), sorted(named))


Many(*range(1000), **{'k%d' % n: n for n in range(3)})
