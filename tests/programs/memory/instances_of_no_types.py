# Classes that are none: isinstance() and issubclass() of what has __bases__ and __class__.
import sys


class AbstractClass:
    def __init__(self, bases):
        self.bases = bases

    @property
    def __bases__(self):
        return self.bases

    def __call__(self):
        return AbstractInstance(self)


class AbstractInstance:
    def __init__(self, klass):
        self.klass = klass

    @property
    def __class__(self):
        return self.klass


def attempt(text, function, *args):
    try:
        print(text, function(*args))
    except RecursionError:
        print(text, "RecursionError")
    except Exception as e:
        print(text, type(e).__name__, e)


a = AbstractClass(())
b = AbstractClass((a,))
c = AbstractClass((AbstractClass(()), b))
lists = AbstractClass([])
for name, class_ in [("a", a), ("b", b), ("c", c), ("int", int), ("lists", lists), ("(int, a)", (int, a)), ("5", 5)]:
    for other, value in [("a()", a()), ("b()", b()), ("c()", c()), ("7", 7), ("lists()", lists())]:
        attempt(f"isinstance({other}, {name})", isinstance, value, class_)
    for other, value in [("a", a), ("b", b), ("c", c), ("bool", bool), ("7", 7), ("lists", lists)]:
        attempt(f"issubclass({other}, {name})", issubclass, value, class_)
print(isinstance(a(), AbstractInstance), isinstance(a(), AbstractClass), isinstance(a, AbstractClass))


class Raises:
    @property
    def __bases__(self):
        raise RuntimeError("bases")


class NoBases:
    @property
    def __bases__(self):
        raise AttributeError("bases")


class Mixed:
    __bases__ = (int, a, str)


class Itself:
    @property
    def __bases__(self):
        return (self, self, self)


class Deep:
    @property
    def __bases__(self):
        return self.__bases__


class Anything:
    def __getattr__(self, name):
        return (self, None)


for class_ in Raises(), NoBases(), Mixed(), Itself(), Deep(), Anything():
    name = type(class_).__name__
    attempt(f"{name} of int", issubclass, class_, int)
    attempt(f"int of {name}", issubclass, int, class_)
    attempt(f"1 in {name}", isinstance, 1, class_)
attempt("Mixed of a", issubclass, Mixed(), a)


class Meta(type):
    def __instancecheck__(cls, value):
        return "yes"

    def __subclasscheck__(cls, value):
        return []


class Checked(metaclass=Meta):
    pass


print(isinstance(1, Checked), issubclass(a, Checked), isinstance(1, (str, Checked)))

for function, value in (isinstance, 1), (issubclass, int):
    nested = (str,)
    for _ in range(3000):
        nested = (nested,)
    attempt("nested", function, value, nested)
    for _ in range(1000000):
        nested = (nested,)
    attempt("deeper", function, value, nested)
