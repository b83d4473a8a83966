# A special method of another type in a class: the operator calls it as what it is, and it looks at its receiver.
OPS = {
    '__repr__': repr, '__hash__': hash, '__len__': len, '__iter__': iter, '__next__': next,
    '__call__': lambda x: x(), '__getitem__': lambda x: x[0], '__contains__': lambda x: 0 in x,
    '__lt__': lambda x: x < 0, '__le__': lambda x: x <= 0, '__eq__': lambda x: x == 0, '__ne__': lambda x: x != 0,
    '__gt__': lambda x: x > 0, '__ge__': lambda x: x >= 0,
    '__neg__': lambda x: -x, '__pos__': lambda x: +x, '__abs__': abs,
    '__int__': int, '__float__': float, '__index__': lambda x: [0][x],
    '__add__': lambda x: x + 0, '__sub__': lambda x: x - 0, '__rsub__': lambda x: 0 - x,
    '__mul__': lambda x: x * 0, '__rmul__': lambda x: 0 * x, '__mod__': lambda x: x % 1, '__rmod__': lambda x: 1 % x,
    '__or__': lambda x: x | 0, '__ror__': lambda x: 0 | x, '__and__': lambda x: x & 0, '__xor__': lambda x: x ^ 0,
    '__lshift__': lambda x: x << 0, '__rshift__': lambda x: x >> 0, '__pow__': lambda x: x ** 1, '__rpow__': lambda x: 1 ** x,
    '__truediv__': lambda x: x / 1, '__floordiv__': lambda x: x // 1,
}

def set_item(x):
    x[0] = 0

def del_item(x):
    del x[0]

def in_place_or(x):
    x |= 1

OPS |= {'__setitem__': set_item, '__delitem__': del_item, '__ior__': in_place_or}

def kind_of_end(function, *args):
    try:
        return type(function(*args)).__name__
    except Exception as e:
        return type(e).__name__

def gen():
    yield

TYPES = [list, dict, int, float, str, tuple, set, frozenset, range, slice, complex, type, type(gen()), type(len), type(iter([])),
         type({}.keys()), enumerate, zip, property, BaseException, type(int.__dict__), type(list[int]), super, classmethod]
count = 0
for owner in TYPES:
    for name, op in OPS.items():
        if name in owner.__dict__:
            for base in object, list, int:
                if owner is not base:
                    count += 1
                    end = kind_of_end(op, type('X', (base,), {name: owner.__dict__[name]})())
                    if end != 'TypeError':
                        print(owner.__name__, name, base.__name__, end)
                    # The same where an instance is of a class that was given it later.
                    late = type('X', (base,), {})
                    x = late()
                    setattr(late, name, owner.__dict__[name])
                    if kind_of_end(op, x) != end:
                        print(owner.__name__, name, base.__name__, 'differs when set later')
print(count > 500)

# Methods, attributes and members of other types, reached through the class and directly.
class P:
    __slots__ = 'slot',

for owner, name in [(list, 'append'), (dict, 'update'), (str, 'upper'), (type, '__name__'), (property, 'fget'), (P, 'slot'),
                    (type, 'mro'), (BaseException, 'args'), (int, 'real'), (type(gen), '__code__'), (type(gen()), 'send')]:
    attribute = owner.__dict__[name]
    x = type('X', (), {'taken': attribute})()
    for end in (lambda: x.taken, lambda: attribute.__get__(x), lambda: attribute.__get__(x, type(x)), lambda: setattr(x, 'taken', 1)):
        try:
            print(name, type(end()).__name__)
        except (TypeError, AttributeError) as e:
            print(name, type(e).__name__, e if type(e) is TypeError else '')

# A role that is not the name's: `__add__` that subtracts.
class I(int):
    __add__ = int.__sub__
print(I(5) + 3, 5 + I(3))

class I(int):
    __len__ = int.__hash__
    __radd__ = int.__add__
    def __add__(self, other):
        return 'mine'
print(len(I(5)), I(5) + 1, 1 + I(5))

# Bound ones.
class B:
    __len__ = [1, 2].__len__
    __add__ = (5).__add__
    __radd__ = (6).__radd__
    __iter__ = [1, 2].__iter__
    __getitem__ = {3: 4}.__getitem__
    __contains__ = {3}.__contains__
    __call__ = len
    __eq__ = (1).__eq__
    __hash__ = (7).__hash__
b = B()
print(len(b), b + 3, 3 + b, list(b), b[3], 3 in b, b('abc'), b == 1, b == 2, hash(b))

# `__new__` is always that of the nearest builtin type.
for base, new in (object, list), (list, object), (list, list), (dict, list):
    class X(base):
        __new__ = new.__new__
    print(type(X()).__mro__[1].__name__)
    try:
        print(type(X.__new__(X)).__name__)
    except TypeError as e:
        print(e)
for new, kind in (object, list), (list, dict), (object, int), (object, type(None)), (int, bool), (tuple, list), (type, int), (object, type):
    try:
        print(type(new.__new__(kind)).__name__)
    except TypeError as e:
        print(e)

# `__getattribute__` of others.
for owner in list, object, type, int, super:
    class X:
        __getattribute__ = owner.__getattribute__
        def __getattr__(self, name):
            return 'none'
    try:
        print(X().a)
    except TypeError as e:
        print(e)
