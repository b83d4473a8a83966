import sys

import _sre

# Patterns, with the code that re._compiler makes of them.
PATTERNS = [
    (
        '\\w+', 32, [14, 4, 0, 1, 4294967295, 24, 9, 1, 4294967295, 13, 4, 8, 14, 0, 1, 1], 0, {}, (None,)
    ),
    (
        '(?P<year>\\d{4})-(\\d\\d)-(\\d\\d)', 32, [14, 4, 0, 10, 10, 17, 0, 24, 9, 4, 4, 13, 4, 8, 10, 0, 1, 17, 1,
        16, 45, 17, 2, 13, 4, 8, 10, 0, 13, 4, 8, 10, 0, 17, 3, 16, 45, 17, 4, 13, 4, 8, 10, 0, 13, 4, 8, 10, 0, 17,
        5, 1], 3, {'year': 1}, (None, 'year', None, None)
    ),
    (
        '[\\w.]+@[\\w.]+\\.\\w+', 32, [14, 4, 0, 5, 4294967295, 24, 11, 1, 4294967295, 13, 6, 8, 14, 16, 46, 0, 1, 16,
        64, 24, 11, 1, 4294967295, 13, 6, 8, 14, 16, 46, 0, 1, 16, 46, 24, 9, 1, 4294967295, 13, 4, 8, 14, 0, 1, 1],
        0, {}, (None,)
    ),
    (
        '<(\\w+)>.*?</\\1>', 32, [14, 8, 1, 7, 4294967295, 1, 1, 60, 0, 16, 60, 17, 0, 24, 9, 1, 4294967295, 13, 4, 8,
        14, 0, 1, 17, 1, 16, 62, 26, 5, 0, 4294967295, 2, 1, 16, 60, 16, 47, 11, 0, 16, 62, 1], 1, {}, (None, None)
    ),
    (
        '\\bfoo|bar|bax\\b', 32, [14, 4, 0, 3, 3, 7, 11, 6, 10, 16, 102, 16, 111, 16, 111, 15, 22, 9, 16, 98, 16, 97,
        16, 114, 15, 13, 11, 16, 98, 16, 97, 16, 120, 6, 10, 15, 2, 0, 1], 0, {}, (None,)
    ),
    (
        '(?i)stra[ßx]e|K', 34, [14, 4, 0, 1, 6, 7, 25, 39, 6, 16, 115, 16, 383, 0, 40, 116, 40, 114, 40, 97, 39, 6,
        16, 120, 16, 223, 0, 40, 101, 15, 7, 5, 40, 107, 15, 2, 0, 1], 0, {}, (None,)
    ),
    (
        '(a+)+b', 32, [14, 4, 0, 2, 4294967295, 23, 14, 1, 4294967295, 17, 0, 24, 6, 1, 4294967295, 16, 97, 1, 17, 1,
        18, 16, 98, 1], 1, {}, (None, None)
    ),
    (
        '(?:(a)|b)*?c', 32, [14, 4, 0, 1, 4294967295, 23, 19, 0, 4294967295, 7, 9, 17, 0, 16, 97, 17, 1, 15, 7, 5, 16,
        98, 15, 2, 0, 19, 16, 99, 1], 1, {}, (None, None)
    ),
    (
        '(a)?(?(1)b|c)', 32, [14, 4, 0, 1, 2, 23, 9, 0, 1, 17, 0, 16, 97, 17, 1, 18, 12, 0, 6, 16, 98, 15, 3, 16, 99,
        1], 1, {}, (None, None)
    ),
    (
        '(?<=a)b(?!c)', 32, [14, 4, 0, 1, 1, 4, 5, 1, 16, 97, 1, 16, 98, 5, 5, 0, 16, 99, 1, 1], 0, {}, (None,)
    ),
    (
        '(?>a+)b|a*+c|(?:ab)++d', 32, [14, 4, 0, 1, 4294967295, 7, 15, 27, 9, 24, 6, 1, 4294967295, 16, 97, 1, 1, 16,
        98, 15, 28, 12, 29, 6, 0, 4294967295, 16, 97, 1, 16, 99, 15, 16, 14, 28, 7, 1, 4294967295, 16, 97, 16, 98, 1,
        16, 100, 15, 2, 0, 1], 0, {}, (None,)
    ),
    (
        '^\\s*$', 40, [14, 4, 0, 0, 4294967295, 6, 1, 24, 9, 0, 4294967295, 13, 4, 8, 12, 0, 1, 6, 6, 1], 0, {},
        (None,)
    ),
    (
        '', 32, [14, 4, 0, 0, 0, 1], 0, {}, (None,)
    ),
    (
        b'[\\x80-\xff]+', 0, [14, 4, 0, 1, 4294967295, 24, 10, 1, 4294967295, 13, 5, 22, 128, 255, 0, 1, 1], 0, {},
        (None,)
    ),
    (
        b'(?L:w\xc3)', 6, [14, 4, 0, 2, 2, 36, 119, 36, 195, 1], 0, {}, (None,)
    ),
    (
        '[^\\W\\d_]+|[αβγа-я😀-😎]', 34, [14, 4, 0, 1, 4294967295, 7, 18, 24, 14, 1, 4294967295, 13, 9, 21, 8, 15, 8,
        10, 16, 95, 0, 1, 15, 109, 107, 39, 103, 10, 4, 16777216, 2, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 917504, 65536, 0, 0, 4294901760, 65535, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 127, 0, 0, 0, 42, 128512, 128526, 0, 15, 2, 0, 1], 0, {}, (None,)
    ),
    (
        '(x)(y)(z)(\\d)?(w)?', 32, [14, 12, 1, 3, 5, 3, 0, 120, 121, 122, 0, 0, 0, 17, 0, 16, 120, 17, 1, 17, 2, 16,
        121, 17, 3, 17, 4, 16, 122, 17, 5, 23, 12, 0, 1, 17, 6, 13, 4, 8, 10, 0, 17, 7, 18, 23, 9, 0, 1, 17, 8, 16,
        119, 17, 9, 18, 1], 5, {}, (None, None, None, None, None, None)
    ),
]


def attempt(work):
    try:
        print(" ", repr(work()))
    except Exception as error:
        print(" ", type(error).__name__, error)


def facts(match):
    return match and (match.span(), match.regs, match.lastindex, match.lastgroup, match.groups("-"), match.groupdict())


TEXTS = [
    "", "foo bax 2024-05-06 1999-12-31 ab.c@de.fg <b>bold</b> <i>no</b></i>", "aaab aab c bc ac abc aaac abababd",
    "straße STRASSE ſtraxe kK\u212a", "\n\n  \n x", "xyz xyz1w xyzw", "πάντα ῥεῖ αβγ жизнь 😀😎", "é_1\ud800\udfff",
]
BYTES = [b"", b"a\x80\x81b\xff", b"W\xc3w\xe3", bytearray(b"\x80\x90"), memoryview(b"xW\xc3x")]

for row in PATTERNS:
    pattern = _sre.compile(*row)
    print(pattern, pattern.flags, pattern.groups, pattern.groupindex)
    for text in BYTES if isinstance(row[0], bytes) else TEXTS:
        empty = text[:0] if isinstance(text, str) else b""
        attempt(lambda: [facts(match) for match in pattern.finditer(text)])
        attempt(lambda: (pattern.findall(text), pattern.split(text), pattern.split(text, 1)))
        attempt(lambda: (facts(pattern.match(text)), facts(pattern.fullmatch(text)), facts(pattern.search(text, 1, 9))))
        attempt(lambda: pattern.subn(lambda match: empty, text))
        attempt(lambda: pattern.sub("<>" if isinstance(text, str) else b"<>", text, 2))
        scanner = pattern.scanner(text)
        attempt(lambda: [match.span() for match in iter(scanner.match, None)])

words = _sre.compile(*PATTERNS[0])
date = _sre.compile(*PATTERNS[1])
match = date.search("on 2024-05-06.")
print(match, match.group(1, "year", 3), match["year"], match[0], match.pos, match.endpos, match.re is date, match.string)
for group in (4, -1, "day", 1.5, 10**30, None):
    attempt(lambda: match.group(group))
    attempt(lambda: match.start(group))
attempt(lambda: words.search(1))
attempt(lambda: words.search(b"x"))
attempt(lambda: words.search())
attempt(lambda: words.sub("x"))
attempt(lambda: words.sub(lambda match: 1, "a b"))
attempt(lambda: words.sub(lambda match: None, "a b"))
attempt(lambda: words.sub(b"x", "a b"))
attempt(lambda: words == _sre.compile(*PATTERNS[0]))
attempt(lambda: hash(words) == hash(_sre.compile(*PATTERNS[0])))
attempt(lambda: words == date)
attempt(lambda: words < date)
attempt(lambda: words.__copy__() is words and match.__deepcopy__({}) is match)
attempt(lambda: type(words)())
attempt(lambda: type(match)[str])
attempt(lambda: setattr(words, "flags", 1))
template = _sre.template(date, ["<", 1, "", 3, ">"])
print(type(template))
for parts in ([], ["a", 1], ["a", -1, "b"], ["a", "x", "b"], "a"):
    attempt(lambda: _sre.template(date, parts))
for character in (-1, 65, 0x130, 0xDF, 0x1E9E, 0x10FFFF, 0x110000):
    print(_sre.ascii_iscased(character), _sre.unicode_iscased(character), _sre.ascii_tolower(character), _sre.unicode_tolower(character))
attempt(lambda: _sre.unicode_tolower(2**32))

# A function that is called changes what is searched: the search goes on in what it is then.
data = bytearray(b"\x80a\x81a\x82")
high = _sre.compile(*PATTERNS[13])


def replace(match):
    data[2] = 97
    return b"<" + match.group() + b">"


print(high.sub(replace, data), data)


def grow(match):
    data.append(1)
    return b""


attempt(lambda: high.sub(grow, data))
scanner = high.finditer(data)
attempt(lambda: data.append(1))
del scanner
attempt(lambda: data.append(1))

# Much backtracking needs no native stack.
plus = _sre.compile(*PATTERNS[6])
print(plus.match("a" * 18 + "c"), plus.match("a" * 30000 + "b").end())
star = _sre.compile(*PATTERNS[7])
print(star.match("ab" * 30000 + "c").span(1))

# Code that no compiler makes is refused, or does no harm.
state = 12345


def below(count):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % count


# (CPython is not asked: some of it ends in a crash.)
for turn in range(1500 if sys.implementation.name != "cpython" else 0):
    pattern, flags, code, *rest = PATTERNS[below(13)]
    code = code[:]
    for _ in range(1 + below(3)):
        code[below(len(code))] = below(45) if below(4) else below(2**32)
    if below(4) == 0:
        del code[below(len(code)) :]
    try:
        broken = _sre.compile(pattern, flags, code, *rest)
    except (RuntimeError, OverflowError, MemoryError):
        continue
    for text in TEXTS:
        broken.search(text)
        broken.sub("-", text[:20])
for row in (["x", 0, [], 0, {}, ()], ["x", 0, [0], 0, {}, ()], ["x", 0, [17, 0, 1], 0, {}, ()], ["x", 0, [2**32], 0, {}, ()],
            ["x", 0, [-1], 0, {}, ()], ["x", 0, ["a"], 0, {}, ()], ["x", 0, (1,), 0, {}, ()], ["x", 0, [1], -1, {}, ()],
            [1, 0, [1], 0, {}, ()], ["x", "y", [1], 0, {}, ()], ["x", 0, [1], 0, [], ()]):
    attempt(lambda: _sre.compile(*row))
