# Whose values cannot be hashed, their subclasses' cannot either, unless they say how.

class Plain(list):
    pass

class Deeper(Plain):
    pass

class Again(dict):
    __hash__ = object.__hash__

class Counted(bytearray):
    def __hash__(self):
        return 7

class Other:
    pass

class Mixed(Other, set):
    pass

class Hashed(Other):
    def __hash__(self):
        return 5

class MixedIn(Hashed, set):
    pass

class Number(int):
    pass

class Equal(int):
    def __eq__(self, other):
        return True

class Kept(tuple):
    pass

for make in Plain, Deeper, Again, Counted, Mixed, MixedIn, Number, Equal, Kept, list, bytearray, Other:
    value = make()
    try:
        hash(value)
        {value: 1}
        print(make.__name__, 'hashable', hash(value) in (0, 5, 7, hash(())) or 'by address')
    except TypeError as error:
        print(make.__name__, error, make.__hash__)

class Bytes(bytearray):
    pass

for kind in bytearray, Bytes, Counted:
    try:
        print(hash(memoryview(kind(b'abc')).toreadonly()) == hash(b'abc'))
    except TypeError as error:
        print(error)
