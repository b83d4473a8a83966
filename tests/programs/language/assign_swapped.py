# Assignments that exchange values on the stack while loads of the locals they bind are pending.
import itertools


def gcd(a, b):
    while a:
        a, b = b % a, a
    return b


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = a + b, a
    return a, b


class Box:
    pass


print(gcd(10, 12), gcd(12, 10), gcd(2**70, 6**30), fibonacci(10), fibonacci(100))

# Every assignment of two or three values, of some kinds, to two or three names or places.
values = ["a", "b", "a + b", "c", "7", "f(a)", "[a]", "G"]
targets = ["a", "b", "c", "o.x", "l[0]"]
G = "global"


def f(x):
    return x * 2


def run(names, given):
    lines = [
        "def test(a, b, c, o, l):",
        f"    {', '.join(names)} = {', '.join(given)}",
        "    return a, b, c, o.x, l[0]",
    ]
    namespace = {"f": f, "G": G}
    exec("\n".join(lines), namespace)
    box = Box()
    box.x = "x"
    return namespace["test"](1000, 2000, 3000, box, ["l"])


def expected(names, given):
    state = {"a": 1000, "b": 2000, "c": 3000, "o.x": "x", "l[0]": "l"}
    namespace = {"f": f, "G": G, "a": 1000, "b": 2000, "c": 3000}
    results = [eval(text, namespace) for text in given]
    for name, result in zip(names, results):
        state[name] = result
    return tuple(state.values())


for count in 2, 3:
    tried = wrong = 0
    for names in itertools.product(targets, repeat=count):
        for given in itertools.product(values, repeat=count):
            if count == 3 and sum(map(len, names + given)) % 3:
                continue
            tried += 1
            if run(names, given) != expected(names, given):
                wrong += 1
                if wrong < 4:
                    print(names, given, run(names, given), expected(names, given))
    print(count, tried, wrong)


# The same in loops, conditional expressions, and with the walrus.
def loops(n):
    a, b, c = 1, 2, 3
    out = []
    for i in range(n):
        a, b, c = b + c, a, b
        a, b = (b, a + 1) if i % 2 else (a - 1, b)
        b, a = a + (c := c + 1), c
        (a, b), c = (b * 2, a), a
        out.append((a, b, c))
    return out


print(loops(5))


def chained(a, b):
    a, b = b, a = a + b, a
    return a, b


def nested(a, b, c):
    (a, (b, c)), b = (b + c, (a, b)), a
    return a, b, c


def starred(a, b):
    a, *b = a + b, a, b
    return a, b


def deleted(a, b):
    a, b = a + b, a
    del a
    try:
        return a
    except UnboundLocalError as e:
        return str(e), b


def augmented(a, b):
    a, b = a + b, a
    a += b
    b, a = a - b, b
    return a, b


print(chained(1000, 7), nested(1000, 2000, 3000), starred(500, 600), deleted(500, 600), augmented(500, 600))
