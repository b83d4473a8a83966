"""A small language: tokens by named groups and by re.Scanner, a Pratt parser, an evaluator."""
import math
import operator
import re
from typing import Iterator, NamedTuple


class Token(NamedTuple):
    kind: str
    text: str
    line: int
    column: int


TOKENS = {
    "NUMBER": r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?",
    "STRING": r'"(?:[^"\\]|\\.)*"',
    "NAME": r"[^\W\d]\w*",
    "OP": r"\*\*|<=|>=|==|!=|[-+*/%<>=(),;?:]",
    "NEWLINE": r"\n",
    "SKIP": r"[ \t]+|\#[^\n]*",
    "BAD": r".",
}
MASTER = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in TOKENS.items()))


class Oops(SyntaxError):
    pass


def tokenize(text) -> Iterator[Token]:
    line, start = 1, 0
    for match in MASTER.finditer(text):
        kind, value = match.lastgroup, match.group()
        column = match.start() - start + 1
        match kind:
            case "NEWLINE":
                line, start = line + 1, match.end()
            case "SKIP":
                pass
            case "BAD":
                raise Oops(f"unexpected {value!r} at {line}:{column}")
            case _:
                yield Token(kind, value, line, column)
    yield Token("END", "", line, len(text) - start + 1)


BINARY = {
    "?": (1, None), "==": (3, operator.eq), "!=": (3, operator.ne), "<": (4, operator.lt), "<=": (4, operator.le),
    ">": (4, operator.gt), ">=": (4, operator.ge), "+": (5, operator.add), "-": (5, operator.sub),
    "*": (6, operator.mul), "/": (6, operator.truediv), "%": (6, operator.mod), "**": (8, operator.pow),
}


class Parser:
    def __init__(self, text):
        self.tokens = list(tokenize(text))
        self.at = 0

    @property
    def peek(self):
        return self.tokens[self.at]

    def next(self, expected=None):
        token = self.peek
        if expected is not None and token.text != expected:
            raise Oops(f"expected {expected!r}, got {token.text or 'the end'!r} at {token.line}:{token.column}")
        self.at += 1
        return token

    def program(self):
        while self.peek.kind != "END":
            if self.peek.text == ";":
                self.next()
                continue
            yield self.expression()

    def expression(self, power=0):
        token = self.next()
        match token:
            case Token("NUMBER", text):
                left = float(text) if re.search("[.eE]", text) else int(text)
            case Token("STRING", text):
                left = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text[1:-1])
            case Token("NAME", name) if self.peek.text == "(":
                left = ("call", name, self.arguments())
            case Token("NAME", name) if self.peek.text == "=":
                self.next()
                left = ("let", name, self.expression())
            case Token("NAME", name):
                left = ("name", name)
            case Token("OP", "-"):
                left = ("neg", self.expression(7))
            case Token("OP", "("):
                left = self.expression()
                self.next(")")
            case _:
                raise Oops(f"did not expect {token.text or token.kind!r} at {token.line}:{token.column}")
        while (op := self.peek.text) in BINARY and self.peek.kind == "OP" and BINARY[op][0] > power:
            self.next()
            if op == "?":
                then = self.expression()
                self.next(":")
                left = ("if", left, then, self.expression())
            else:
                left = (op, left, self.expression(BINARY[op][0] - (op == "**")))
        return left

    def arguments(self):
        self.next("(")
        found = []
        while self.peek.text != ")":
            found.append(self.expression())
            if self.peek.text != ")":
                self.next(",")
        self.next(")")
        return found


FUNCTIONS = {"max": max, "min": min, "sqrt": math.sqrt, "len": len, "upper": str.upper}


def evaluate(tree, names):
    match tree:
        case int() | float() | str():
            return tree
        case ("name", name):
            return names[name]
        case ("let", name, value):
            names[name] = evaluate(value, names)
            return names[name]
        case ("neg", value):
            return -evaluate(value, names)
        case ("if", test, then, other):
            return evaluate(then if evaluate(test, names) else other, names)
        case ("call", name, arguments):
            return FUNCTIONS[name](*(evaluate(a, names) for a in arguments))
        case (op, left, right):
            return BINARY[op][1](evaluate(left, names), evaluate(right, names))


PROGRAM = """
# a comment
a = 3; b = 2.5e1
a + b * 2 ** 3 ** 0 - -1
s = "say \\"hi\\"\\n"; len(s)
a > 2 ? "big" : "small"
max(1, a, (7 - 2) % 3), 1
"""
for token in list(tokenize(PROGRAM))[:7]:
    print(token)
for source in (PROGRAM[:-3], "größe = 4; größe * größe", "1 +", "f(", "2 $ 3", "(1", "x", "1/0", "upper(3)", '"a" * 3'):
    names = {}
    try:
        for tree in Parser(source).program():
            print(tree, "=>", repr(evaluate(tree, names)))
    except (Oops, KeyError, ArithmeticError, TypeError) as error:
        print(type(error).__name__, error)

scanner = re.Scanner([
    (r"[0-9]+", lambda s, text: ("int", int(text))),
    (r"[a-z]+", lambda s, text: ("word", text, s.match.span())),
    (r"[+*]", "operator"),
    (r"\s+", None),
])
print(scanner.scan("12 + abc*7 ! rest"))
