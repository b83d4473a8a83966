# Special methods that instructions ask: every answer, every operand, and what the methods do meanwhile.
class V:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"V({self.n})"

    def __add__(self, other):
        if isinstance(other, str):
            return NotImplemented
        return V(self.n + (other.n if isinstance(other, V) else other))

    def __radd__(self, other):
        return ("radd", other, self.n)

    def __sub__(self, other):
        return NotImplemented

    def __mul__(self, other):
        raise ArithmeticError(other)

    def __eq__(self, other):
        return NotImplemented if isinstance(other, str) else self.n == getattr(other, "n", other)

    def __lt__(self, other):
        return [] if isinstance(other, str) else self.n < getattr(other, "n", other)

    def __hash__(self):
        return hash(self.n)

    def __bool__(self):
        return self.n if isinstance(self.n, str) else self.n != 0

    def __contains__(self, item):
        return [item] if item else ""

    def __getitem__(self, key):
        if key == "raise":
            raise KeyError(key)
        return (self.n, key)


class Right:
    def __rsub__(self, other):
        return "rsub"

    def __radd__(self, other):
        return "right radd"

    def __gt__(self, other):
        return "right gt"

    def __eq__(self, other):
        return "right eq"


class Sub(V):
    def __radd__(self, other):
        return "sub first"

    def __gt__(self, other):
        return "sub gt first"


def attempt(label, f, *args):
    for _ in range(3):
        try:
            result = f(*args)
        except Exception as e:
            result = type(e).__name__, str(e)
    print(label, result)


big = 10**6
attempt("add", lambda a, b: a + b, V(1), 2)
attempt("add big", lambda a: a + 1000000, V(big))
attempt("add temporaries", lambda: V(1) + V(big))
attempt("radd", lambda a, b: a + b, 5, V(1))
attempt("declined", lambda a, b: a + b, V(1), "s")
attempt("declined, right", lambda a, b: a - b, V(1), Right())
attempt("declined by both", lambda a, b: a - b, V(1), V(2))
attempt("declined, number", lambda a: a - 1, V(1))
attempt("right's own", lambda a, b: a + b, V(1), Right())
attempt("subclass first", lambda a, b: a + b, V(1), Sub(1))
attempt("raises", lambda a, b: a * b, V(1), 7)
attempt("no operator", lambda a, b: a / b, V(1), 7)


def in_place(a, b):
    a += b
    return a


attempt("in place", in_place, V(1), V(2))
attempt("eq", lambda a, b: a == b, V(1), 1)
attempt("eq declined", lambda a, b: a == b, V(1), "s")
attempt("eq declined, right", lambda a, b: a == b, V("x"), Right())
attempt("ne", lambda a, b: a != b, V(1), 1)
attempt("lt", lambda a, b: a < b, V(1), V(2))
attempt("lt of temporaries", lambda: V(3) < V(2))
attempt("lt, subclass first", lambda a, b: a < b, V(1), Sub(2))
attempt("lt jumps", lambda a, b: "yes" if a < b else "no", V(1), 2)
attempt("lt jumps on a list", lambda a, b: "yes" if a < b else "no", V(1), "s")
attempt("gt by lt", lambda a, b: a > b, 2, V(1))
attempt("le", lambda a, b: a <= b, V(1), V(2))
attempt("bool", lambda a: [1 if a else 2, not a, a and 3, a or 4], V(0))
attempt("bool is no bool", lambda a: 1 if a else 2, V("text"))
attempt("not of no bool", lambda a: not a, V("text"))
attempt("while", lambda: [n for n in range(5) if V(n % 2)])
attempt("in", lambda a, x: [x in a, x not in a], V(1), 5)
attempt("in, false", lambda a, x: [x in a, x not in a], V(1), 0)
attempt("getitem", lambda a, k: a[k], V(1), "k")
attempt("getitem constants", lambda a: [a[0], a["c"], a[big], a[-1], a[1.5], a[1, 2]], V(1))
attempt("getitem of a temporary", lambda: V(big)[big + 1])
attempt("getitem raises", lambda a: a["raise"], V(1))
attempt("getitem slice", lambda a: a[1:2], V(1))


class Loop:
    def __init__(self, n):
        self.n = n

    @property
    def next(self):
        return Loop(self.n - 1).next if self.n else "bottom"

    def __getitem__(self, key):
        return self.n and Loop(self.n - 1)[key]

    def __call__(self, *args, **named):
        return args, named


print(Loop(200).next, Loop(200)["x"], Loop(1)(1, *[2], x=3))
deep = Loop(5000)
for f in (lambda: deep.next, lambda: deep[0]):
    try:
        f()
    except RecursionError as e:
        print(e)


# The method of a class that is gone when it answers, and operands that only the method holds.
def once():
    class Gone:
        def __del__(self):
            print("gone", end=" ")

        @property
        def p(self):
            del Gone.p
            return "p"

        def __getitem__(self, key):
            del Gone.__getitem__
            return "item"

        def __add__(self, other):
            del Gone.__add__
            return "sum"

        def __bool__(self):
            del Gone.__bool__
            return False

        def __contains__(self, item):
            del Gone.__contains__
            return True

        def __eq__(self, other):
            del Gone.__eq__
            return "equal"

    return [Gone().p, Gone()[1], Gone() + 1, not Gone(), 5 in Gone(), Gone() == 2]


print(once())


def generator():
    v = V(1)
    yield v + 1
    yield v[0]
    yield v == 1
    yield 1 if v else 2
    yield (yield v + V(2))


print(list(generator()))


class Manager:
    def __enter__(self):
        return V(1)

    def __exit__(self, *args):
        return V(1)


with Manager() as m:
    print(m + 1)
    raise ValueError("swallowed")


def trace():
    import sys

    class T:
        @property
        def p(self):
            return sys._getframe(1).f_code.co_name

        def __getitem__(self, key):
            return [sys._getframe(n).f_code.co_name for n in range(key)]

    t = T()
    return t.p, t[2], t[3]


print(trace(), trace())
