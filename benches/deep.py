#!/usr/bin/env python3
"""Things 100,000 deep must never crash: they work, or raise what a script can catch.

    python3 benches/deep.py COMMAND [ARG...]      each case in a process of COMMAND
    COMMAND benches/deep.py --case NAME           one case

A case prints what happened ("worked", or the exception's type). Wanted: exit status 0.
"""

import sys

N = 100_000


def nest(n=N):
    x = []
    for _ in range(n):
        x = [x]
    return x


class Chain:
    def __init__(self, next):
        self.next = next


def freed(make, n=N):
    x = None
    for _ in range(n):
        x = make(x)
    del x


def closures():
    f = None
    for _ in range(N):
        f = (lambda g: lambda: g)(f)
    del f


def generators():
    g = iter(())
    for _ in range(N):
        g = (v for v in g)
    try:
        list(g)
    finally:
        del g


def contexts():
    e = None
    for i in range(N):
        n = ValueError(i)
        n.__context__ = e
        e = n
    del e


def mapped():
    it = iter([1])
    for _ in range(N):
        it = map(abs, it)
    list(it)


def suite(line):
    return "".join(" " * i + line + "\n" for i in range(N // 100)) + " " * (N // 100) + "pass\n"


CASES = {
    "lists_freed": lambda: freed(lambda x: [x]),
    "tuples_freed": lambda: freed(lambda x: (x,)),
    "dicts_freed": lambda: freed(lambda x: {"k": x}),
    "instances_freed": lambda: freed(Chain),
    "closures_freed": closures,
    "contexts_freed": contexts,
    "lists_compared": lambda: nest() == nest(),
    "lists_ordered": lambda: nest() < nest(),
    "lists_printed": lambda: repr(nest()),
    "tuple_hashed": lambda: hash(eval_tuple()),
    "list_in_itself": lambda: nest() in nest(),
    "generators": generators,
    "maps": mapped,
    "recursion": lambda: down(0),
    "parentheses": lambda: eval("(" * N + "1" + ")" * N),
    "brackets": lambda: eval("[" * N + "]" * N),
    "braces": lambda: eval("{1:" * N + "2" + "}" * N),
    "minuses": lambda: eval("-" * N + "1"),
    "nots": lambda: eval("not " * N + "1"),
    "powers": lambda: eval("1" + "**1" * N),
    "terms": lambda: eval("1" + "+1" * N),
    "terms_names": lambda: eval("x" + "+x" * N, {"x": 1}),
    "ands": lambda: eval("1" + " and 1" * N),
    "comparisons": lambda: eval("1" + "<1" * N),
    "subscripts": lambda: eval("x" + "[0]" * N, {"x": [1]}),
    "attributes": lambda: eval("x" + ".real" * N, {"x": 1}),
    "calls": lambda: eval("f" + "()" * N, {"f": 1}),
    "lambdas": lambda: eval("lambda: " * N + "1"),
    "conditionals": lambda: eval("1 if 0 else " * N + "2"),
    "fstrings": lambda: eval("f'{" * 100 + "1" + "}'" * 100),
    "comprehensions": lambda: eval("[" * N + "1" + " for x in y]" * N, {"y": ()}),
    "functions": lambda: exec(suite("def f():")),
    "classes": lambda: exec(suite("class C:")),
    "ifs": lambda: exec(suite("if 1:")),
    "withs": lambda: exec(suite("with x:"), {"x": None}),
    "tries": lambda: exec("".join(" " * i + "try:\n" for i in range(1000)) + " " * 1000 + "pass\n"),
    "elifs": lambda: exec("if 0: pass\n" + "elif 0: pass\n" * N),
    "patterns": lambda: exec("match 1:\n case " + "[" * N + "x" + "]" * N + ": pass\n"),
    "targets": lambda: exec("(" * N + "x" + ",)" * N + " = 1"),
    "assignments": lambda: exec("x = " * N + "1"),
    "statements": lambda: exec("x = 1\n" * N),
    "open_parentheses": lambda: eval("(" * N),
    "decorators": lambda: exec("@f\n" * N + "def g(): pass\n", {"f": lambda g: g}),
    "string_parts": lambda: eval("'a' " * N),
    "type_unions": lambda: eval("int" + " | int" * N),
}


def eval_tuple():
    t = ()
    for _ in range(N):
        t = (t,)
    return t


def down(n):
    return down(n + 1)


def one(name):
    try:
        CASES[name]()
        print("worked")
    except (RecursionError, MemoryError, SyntaxError, TypeError) as e:
        print(type(e).__name__)


def main():
    import subprocess

    command = sys.argv[1:] or [sys.executable]
    failed = 0
    for name in CASES:
        try:
            done = subprocess.run([*command, __file__, "--case", name], capture_output=True, text=True, timeout=120)
            said = done.stdout.strip() if done.returncode == 0 else f"FAILED, exit {done.returncode}: {done.stderr.strip()[-160:]}"
            failed += done.returncode != 0
        except subprocess.TimeoutExpired:
            said = "FAILED, 120 s were not enough"
            failed += 1
        print(f"{name:<18} {said}", flush=True)
    print(f"{len(CASES) - failed} of {len(CASES)} end in order")
    sys.exit(failed != 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--case"]:
        one(sys.argv[2])
    else:
        main()
