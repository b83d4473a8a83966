# Named arguments in every order, beside defaults, positional-only and keyword-only parameters; and what is refused.
import itertools


def two(a, b=2):
    return a, b


def four(a, b=2, c=3, d=4):
    x = y = None
    return a, b, c, d, x, y


def mixed(a, /, b, *, c, d=40):
    return a, b, c, d


def starred(a, *rest, b=1, **named):
    return a, rest, b, named


def many(a, b, c, d, e, f, g, h, i=9, j=10):
    return [a, b, c, d, e, f, g, h, i, j]


class Holder:
    def __init__(self, left, right=None, *, name="?"):
        self.all = left, right, name

    def method(self, a, b=5):
        return a, b


for order in itertools.permutations("abcd"):
    given = {name: ord(name) for name in order}
    print(four(**given) == (97, 98, 99, 100, None, None), end=" ")
print()
print(four(b=1, a=0), four(0, d=1), four(0, d=1, c=2), four(0, c=2, d=1, b=3), four(d=[], a={}))
print(two(b=1, a=2), two(1, b=3), two(a=1))
for i in range(3):
    print(four(i, d=i), four(d=i, c=-i, b=i * 10, a=2 ** 62 + i), mixed(1, c=i, b=2), mixed(i, 2, d=1, c=0.5 + i))
print(starred(1, 2, 3, b=4, c=5, d=6), starred(1), starred(a=1, z=2), starred(1, 2))
print(many(h=8, g=7, f=6, e=5, d=4, c=3, b=2, a=1), many(1, 2, h=8, g=7, f=6, e=5, d=4, c=3, j=-1))
print(many(*range(4), j=1, i=2, h=3, g=4, f=5, e=6))
print(Holder(right=1, left=2).all, Holder(1, name="n").all, Holder(name="m", right=3, left=4).all)
held = Holder(0)
print(held.method(b=1, a=2), held.method(1, b=9), Holder.method(held, b=3, a=4), Holder.method(self=held, a=7))
name = "".join(["a"])
print(two(**{name: 1}), two(**{name: 1, "".join("b"): 7}))


def tell(call):
    try:
        print(call())
    except TypeError as error:
        print("TypeError:", error)


tell(lambda: two())
tell(lambda: two(b=1))
tell(lambda: two(1, a=2))
tell(lambda: two(1, c=2))
tell(lambda: two(1, 2, b=3))
tell(lambda: two(1, 2, 3, b=4))
tell(lambda: mixed(a=1, b=2, c=3))
tell(lambda: mixed(1, 2))
tell(lambda: mixed(1, 2, 3, c=4))
tell(lambda: mixed(1, c=2))
tell(lambda: four(**{"a": 1, 2: 3}))
tell(lambda: four(1, aa=2))
tell(lambda: many(1, 2, 3, j=3))
tell(lambda: Holder(left=1, left_=2))
two.__defaults__ = (1, 2)
print(two(), two(b=5), two(a=5))
two.__defaults__ = (0, 1, 2)
print(two(), two(b=5))
two.__defaults__ = None
tell(lambda: two(a=5))
mixed.__kwdefaults__ = {"c": "c", "d": "d"}
print(mixed(1, b=2), mixed(1, 2, d=3))
mixed.__kwdefaults__ = None
tell(lambda: mixed(1, b=2))
