"""A tokenizer and a parser by precedence for a small language, and an evaluator of its trees."""
import sys

PRECEDENCE = {"or": 1, "and": 2, "==": 3, "<": 3, ">": 3, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5, "^": 7}


class ParseError(Exception):
    def __init__(self, message, at):
        super().__init__(f"{message} at {at}")
        self.at = at


def tokens(text):
    at = 0
    while at < len(text):
        c = text[at]
        if c.isspace():
            at += 1
        elif c.isdigit():
            end = at
            while end < len(text) and (text[end].isdigit() or text[end] == "."):
                end += 1
            yield "number", float(text[at:end]) if "." in text[at:end] else int(text[at:end]), at
            at = end
        elif c.isalpha() or c == "_":
            end = at
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
            word = text[at:end]
            yield ("op" if word in ("and", "or", "not") else "name"), word, at
            at = end
        elif c == '"':
            end = text.find('"', at + 1)
            if end < 0:
                raise ParseError("open text", at)
            yield "text", text[at + 1 : end], at
            at = end + 1
        elif text[at : at + 2] in ("==", "->"):
            yield "op", text[at : at + 2], at
            at += 2
        elif c in "+-*/%^()<>=,;{}?:":
            yield "op", c, at
            at += 1
        else:
            raise ParseError(f"strange {c!r}", at)
    yield "end", None, at


class Parser:
    def __init__(self, text):
        self.tokens = list(tokens(text))
        self.at = 0

    @property
    def token(self):
        return self.tokens[self.at]

    def take(self, value=None):
        kind, found, at = self.token
        if value is not None and (kind, found) != ("op", value):
            raise ParseError(f"expected {value!r}, not {found!r}", at)
        self.at += 1
        return found

    def sees(self, value):
        return self.token[:2] == ("op", value)

    def program(self):
        body = []
        while self.token[0] != "end":
            body.append(self.statement())
            if self.token[0] != "end":
                self.take(";")
        return "block", body

    def statement(self):
        if self.token[0] == "name" and self.tokens[self.at + 1][:2] == ("op", "="):
            name = self.take()
            self.take("=")
            return "let", name, self.expression()
        return self.expression()

    def expression(self, least=0):
        left = self.prefix()
        while True:
            kind, op, at = self.token
            if kind == "op" and op == "?" and least == 0:
                self.take()
                then = self.expression()
                self.take(":")
                left = "if", left, then, self.expression()
                continue
            power = PRECEDENCE.get(op, 0) if kind == "op" else 0
            if power <= least:
                return left
            self.take()
            left = "binary", op, left, self.expression(power - (op == "^"))

    def prefix(self):
        kind, value, at = self.token
        self.at += 1
        if kind in ("number", "text"):
            return "constant", value
        if kind == "name":
            if self.sees("("):
                return "call", value, self.arguments()
            return "name", value
        if value in ("-", "not"):
            return "unary", value, self.expression(6)
        if value == "(":
            inner = self.expression()
            self.take(")")
            return inner
        if value == "{":
            names = []
            while not self.sees("->"):
                names.append(self.take())
                if self.sees(","):
                    self.take()
            self.take("->")
            body = self.expression()
            self.take("}")
            return "function", names, body
        raise ParseError(f"unexpected {value!r}", at)

    def arguments(self):
        self.take("(")
        found = []
        while not self.sees(")"):
            found.append(self.expression())
            if not self.sees(")"):
                self.take(",")
        self.take(")")
        return found


BINARY = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b, "%": lambda a, b: a % b, "^": lambda a, b: a**b,
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "==": lambda a, b: a == b,
}


def evaluate(tree, names):
    match tree:
        case "constant", value:
            return value
        case "name", name:
            return names[name]
        case "binary", "and", a, b:
            return evaluate(a, names) and evaluate(b, names)
        case "binary", "or", a, b:
            return evaluate(a, names) or evaluate(b, names)
        case "binary", op, a, b:
            return BINARY[op](evaluate(a, names), evaluate(b, names))
        case "unary", "-", a:
            return -evaluate(a, names)
        case "unary", "not", a:
            return not evaluate(a, names)
        case "if", test, then, other:
            return evaluate(then if evaluate(test, names) else other, names)
        case "let", name, value:
            names[name] = evaluate(value, names)
            return names[name]
        case "function", params, body:
            return lambda *args: evaluate(body, {**names, **dict(zip(params, args))})
        case "call", name, args:
            return names[name](*[evaluate(a, names) for a in args])
        case "block", body:
            result = None
            for statement in body:
                result = evaluate(statement, names)
            return result
    raise ValueError(tree)


PROGRAMS = [
    "1 + 2 * 3 - 4 / 2", "2 ^ 3 ^ 2 - -1", "(1 + 2) * (3 - 4)", 'a = 3; b = a * a; b > 8 and "big" or "small"', "f = {x, y -> x * y + 1}; f(f(2, 3), 4)",
    "g = {n -> n < 2 ? n : n * 3}; g(1) + g(5)", "not 1 == 2", "max(3, min(9, 5)) % 4", '"ab" * 3 + "c"', "x = 1.5; y = x * 2; x = y; x",
]
BROKEN = ["1 +", "(1", "f(1", "1 $ 2", '"open', ") 1", "{x -> }", "a = = 1"]
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    results = [evaluate(Parser(text).program(), {"max": max, "min": min}) for text in PROGRAMS]
for text, result in zip(PROGRAMS, results):
    print(f"{text:45} {result!r}")
for text in BROKEN:
    try:
        print(Parser(text).program())
    except ParseError as error:
        print(f"{text:10} {error}")
print(Parser("a = {x -> x ^ 2}; a(3) ? 1 : 2").program())
