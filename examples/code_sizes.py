"""What functions are compiled to: constants, names, variables and their nesting.

Only what every Python shows is printed; the length of the bytecode is shown with `--bytes`.
"""

import sys

SOURCE = '''
LIMIT = 1000

def hail(n):
    "Collatz steps of n."
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

def keeper(start):
    held = start
    def take(k=1, *rest, quiet=False, **more):
        nonlocal held
        held += k
        return held, LIMIT
    return take, lambda: held

class Inn:
    rooms = 100
    def let(self, name):
        return [g for g in (name, self.rooms) if g]

async def wait():
    yield 1
'''


def codes(code, level=0):
    yield level, code
    for c in code.co_consts:
        if hasattr(c, "co_code"):
            yield from codes(c, level + 1)


def kinds(code):
    flags = code.co_flags
    return [name for bit, name in ((4, "*args"), (8, "**kwargs"), (0x20, "generator"), (0x80, "coroutine"), (0x200, "async generator")) if flags & bit]


if __name__ == "__main__":
    show_bytes = "--bytes" in sys.argv[1:]
    for level, c in codes(compile(SOURCE, "inn.py", "exec")):
        print(f"{'  ' * level}{c.co_qualname}, line {c.co_firstlineno}" + (f", {len(c.co_code)} bytes" if show_bytes else ""))
        for what in ("co_varnames", "co_cellvars", "co_freevars"):
            if getattr(c, what):
                print(f"{'  ' * level}    {what[3:]}: {', '.join(getattr(c, what))}")
        args = c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount
        print(f"{'  ' * level}    arguments {args}" + "".join(f", {k}" for k in kinds(c)))
