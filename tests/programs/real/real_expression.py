# A tokenizer, a precedence-climbing parser and an evaluator with variables and functions.
class ParseError(Exception):
    def __init__(self, msg, pos):
        super().__init__(f"{msg} at {pos}")
        self.pos = pos


class Token:
    __slots__ = ("kind", "text", "pos")

    def __init__(self, kind, text, pos):
        self.kind, self.text, self.pos = kind, text, pos

    def __repr__(self):
        return f"{self.kind}:{self.text}"


def tokens(src):
    i = 0
    while i < len(src):
        c = src[i]
        if c.isspace():
            i += 1
        elif c.isdigit() or c == ".":
            j = i
            while j < len(src) and (src[j].isdigit() or src[j] == "."):
                j += 1
            yield Token("num", src[i:j], i)
            i = j
        elif c.isalpha() or c == "_":
            j = i
            while j < len(src) and (src[j].isalnum() or src[j] == "_"):
                j += 1
            yield Token("name", src[i:j], i)
            i = j
        elif src[i : i + 2] in ("**", "//", "==", "<=", ">=", "!="):
            yield Token("op", src[i : i + 2], i)
            i += 2
        elif c in "+-*/%()<>=,":
            yield Token("op", c, i)
            i += 1
        else:
            raise ParseError(f"unexpected {c!r}", i)
    yield Token("end", "", len(src))


BINARY = {"=": (1, "r"), "==": (2, "l"), "!=": (2, "l"), "<": (3, "l"), ">": (3, "l"), "<=": (3, "l"), ">=": (3, "l"), "+": (4, "l"), "-": (4, "l"), "*": (5, "l"), "/": (5, "l"), "//": (5, "l"), "%": (5, "l"), "**": (7, "r")}


class Parser:
    def __init__(self, src):
        self.toks = list(tokens(src))
        self.at = 0

    @property
    def tok(self):
        return self.toks[self.at]

    def take(self, text=None):
        t = self.tok
        if text is not None and t.text != text:
            raise ParseError(f"expected {text!r}, found {t.text!r}", t.pos)
        self.at += 1
        return t

    def parse(self):
        e = self.expr(0)
        if self.tok.kind != "end":
            raise ParseError(f"unexpected {self.tok.text!r}", self.tok.pos)
        return e

    def expr(self, least):
        left = self.unary()
        while (op := self.tok).kind == "op" and op.text in BINARY and BINARY[op.text][0] >= least:
            prec, side = BINARY[self.take().text]
            right = self.expr(prec + (side == "l"))
            left = ("bin", op.text, left, right)
        return left

    def unary(self):
        if self.tok.text in ("-", "+"):
            op = self.take().text
            return ("un", op, self.expr(6))
        return self.atom()

    def atom(self):
        t = self.take()
        match t.kind, t.text:
            case "num", text:
                return ("num", float(text) if "." in text else int(text))
            case "name", name:
                if self.tok.text != "(":
                    return ("var", name)
                self.take("(")
                args = []
                while self.tok.text != ")":
                    args.append(self.expr(0))
                    if self.tok.text != ")":
                        self.take(",")
                self.take(")")
                return ("call", name, args)
            case "op", "(":
                e = self.expr(0)
                self.take(")")
                return e
        raise ParseError(f"unexpected {t.text or 'end'!r}", t.pos)


OPS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b, "//": lambda a, b: a // b, "%": lambda a, b: a % b, "**": lambda a, b: a**b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b}


def evaluate(node, env):
    match node:
        case ("num", v):
            return v
        case ("var", n):
            if n not in env:
                raise NameError(f"unknown variable {n}")
            return env[n]
        case ("un", op, x):
            v = evaluate(x, env)
            return -v if op == "-" else +v
        case ("bin", "=", ("var", n), r):
            env[n] = evaluate(r, env)
            return env[n]
        case ("bin", op, l, r):
            return OPS[op](evaluate(l, env), evaluate(r, env))
        case ("call", f, args):
            return env[f](*[evaluate(a, env) for a in args])
    raise ValueError(node)


def show(node):
    match node:
        case ("num", v) | ("var", v):
            return str(v)
        case ("un", op, x):
            return f"({op}{show(x)})"
        case ("bin", op, l, r):
            return f"({show(l)} {op} {show(r)})"
        case ("call", f, args):
            return f"{f}({', '.join(map(show, args))})"


env = {"pi": 3.14159, "max": max, "abs": abs, "sq": lambda x: x * x}
for src in ("1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "-2 ** 2", "2 ** -1", "10 - 3 - 2", "7 // 2 % 2", "x = y = 4", "x * y + 1", "sq(x + 1) - max(1, 2, x)", "1 < 2 == 1", "-x + +y", "abs(-5 - -3)", "1.5 * pi", "100 ** 20 // 3", "max()", "1 +", "(1", "1 2", "$", "zz + 1", "1 / 0", "f(1)", "2 * (3, 4)", "1 = 2", "", "sq(1, 2)", "((((1))))", "1..2"):
    try:
        tree = Parser(src).parse()
        print(f"{src!r:28} {show(tree):34} {evaluate(tree, env)!r}")
    except Exception as e:
        print(f"{src!r:28} {type(e).__name__}: {e}")
print({k: v for k, v in env.items() if isinstance(v, (int, float))})
