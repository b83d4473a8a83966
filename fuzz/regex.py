#!/usr/bin/env python3
"""Print what regular expressions do: random patterns over random texts, by seed.

    python3.14 fuzz/regex.py 1 2000 > a; target/release/ryokan fuzz/regex.py 1 2000 > b; diff a b

prints seeds 1 to 2000. Everything is drawn from a generator of its own, so that any Python prints the same.
"""

import re
import sys


class Choices:
    def __init__(self, seed):
        self.state = (seed * 2862933555777941757 + 3037000493) & 0xFFFFFFFFFFFFFFFF
        for _ in range(4):
            self.below(2)

    def below(self, count):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) % count

    def one(self, items):
        return items[self.below(len(items))]


LETTERS = ["a", "b", "c", "A", "B", "_", "1", "2", " ", "\n", "-", "é", "É", "ß", "ſ", "K", "k", "İ", "ı", "α", "Ω", "𝔸", "😀"]
CLASSES = ["\\w", "\\W", "\\d", "\\D", "\\s", "\\S", ".", "[ab]", "[^ab]", "[a-c]", "[^a-c\\d]", "[\\w-]", "[\\W_]", "[A-Cé-ü]", "[^\\s]", "[α-ω]", "[😀-😎a]", "[^\\W\\d]"]
PLACES = ["^", "$", "\\b", "\\B", "\\A", "\\Z", "(?!a)", "(?=[ab])", "(?<=a)", "(?<!b)", "(?<=ab)", "(?=\\w+)"]
REPEATS = ["*", "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{2}", "{1,2}", "{0,3}?", "{2,}", "{1,3}+", "{0}"]


class Pattern:
    def __init__(self, choices, letters):
        self.choices, self.letters, self.groups, self.open = choices, letters, 0, 0

    def atom(self, depth):
        kind = self.choices.below(20)
        if kind < 8 or depth <= 0:
            return re.escape(self.choices.one(self.letters))
        if kind < 12:
            return self.choices.one(CLASSES)
        if kind < 13:
            return self.choices.one(PLACES)
        if kind < 15:
            self.groups += 1
            number = self.groups
            inside = self.branch(depth - 1)
            return f"({inside})" if self.choices.below(3) else f"(?P<g{number}>{inside})"
        if kind < 16 and self.groups > 0:
            return f"\\{1 + self.choices.below(self.groups)}"
        if kind < 17 and self.groups > 0:
            group = 1 + self.choices.below(self.groups)
            return f"(?({group}){self.sequence(depth - 1)}|{self.sequence(depth - 1)})"
        head = self.choices.one(["?:", "?:", "?:", "?>", "?=", "?!", "?i:", "?-i:", "?s:"])
        return f"({head}{self.branch(depth - 1)})"

    def sequence(self, depth):
        parts = []
        for _ in range(self.choices.below(4)):
            part = self.atom(depth)
            if self.choices.below(3) == 0 and part not in PLACES:
                part += self.choices.one(REPEATS)
            parts.append(part)
        return "".join(parts)

    def branch(self, depth):
        arms = 1 if self.choices.below(3) else 1 + self.choices.below(4)
        return "|".join(self.sequence(depth) for _ in range(arms))


def shown(value):
    return repr(value).encode("ascii", "backslashreplace").decode()


def attempt(name, work):
    try:
        print(" ", name, shown(work()))
    except Exception as error:
        print(" ", name, type(error).__name__, shown(str(error)))


def facts(match):
    return match and (match.span(), match.regs, match.lastindex, match.lastgroup)


def run(seed):
    choices = Choices(seed)
    letters = LETTERS[: 11 if choices.below(2) else len(LETTERS)]
    text = "".join(choices.one(letters) for _ in range(choices.below(24)))
    pattern = Pattern(choices, letters).branch(4)
    flags = choices.one([0, 0, 0, re.I, re.M, re.S, re.A, re.I | re.A, re.I | re.M | re.S])
    in_bytes = choices.below(4) == 0 and pattern.isascii()
    if in_bytes:
        pattern, text = pattern.encode(), text.encode("latin1", "replace")
        flags = flags | (re.L if choices.below(4) == 0 and not flags & re.A else 0)
    print(seed, shown(pattern), flags, shown(text))
    try:
        compiled = re.compile(pattern, flags)
    except (re.error, OverflowError, ValueError) as error:
        return print(" ", "refused", shown(str(error)))
    empty, low, high = text[:0], choices.below(5), choices.below(25)
    attempt("match", lambda: facts(compiled.match(text)))
    attempt("fullmatch", lambda: facts(compiled.fullmatch(text)))
    attempt("search", lambda: facts(compiled.search(text, low, low + high)))
    attempt("findall", lambda: compiled.findall(text))
    attempt("finditer", lambda: [facts(match) for match in compiled.finditer(text)])
    attempt("split", lambda: compiled.split(text, choices.below(3)))
    attempt("sub", lambda: compiled.subn(lambda match: b"<>" if in_bytes else "<>", text))
    attempt("template", lambda: compiled.sub(rb"[\g<0>]" if in_bytes else r"[\g<0>]", text))
    scanner = compiled.scanner(text)
    attempt("scanner", lambda: [facts(match) for match in iter(scanner.match, None)])
    attempt("joined", lambda: empty.join(compiled.split(text)[:1]))


if __name__ == "__main__":
    first, count = (int(word) for word in sys.argv[1:3])
    for seed in range(first, first + count):
        run(seed)
