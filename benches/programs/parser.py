# Recursion and tuples: expressions are read, simplified, printed and computed.
def tokens(text):
    number = ""
    for c in text + " ":
        if c.isdigit():
            number += c
            continue
        if number:
            yield ("number", int(number))
            number = ""
        if c != " ":
            yield ("sign", c)
    yield ("end", None)


class Parser:
    def __init__(self, text):
        self.stream = tokens(text)
        self.now = next(self.stream)

    def take(self):
        token, self.now = self.now, next(self.stream, ("end", None))
        return token

    def sum(self):
        left = self.product()
        while self.now in (("sign", "+"), ("sign", "-")):
            left = (self.take()[1], left, self.product())
        return left

    def product(self):
        left = self.atom()
        while self.now[1] in ("*", "/"):
            left = (self.take()[1], left, self.atom())
        return left

    def atom(self):
        kind, value = self.take()
        if kind == "number":
            return value
        inner = self.sum()
        self.take()
        return inner


def value(tree):
    match tree:
        case int():
            return tree
        case ("+", a, b):
            return value(a) + value(b)
        case ("-", a, b):
            return value(a) - value(b)
        case ("*", a, b):
            return value(a) * value(b)
        case ("/", a, b):
            return value(a) // (value(b) or 1)


def depth(tree):
    return 1 if isinstance(tree, int) else 1 + max(depth(part) for part in tree[1:])


total = 0
for n in range(120):
    text = f"({n} + 3 * ({n} - 2)) * (7 - {n} / 3) + 12 * (4 + (5 - (6 + {n})))"
    tree = Parser(text).sum()
    total += value(tree) + depth(tree)
print(total)
