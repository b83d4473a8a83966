#!/usr/bin/env python3
"""Does a memory limit hold, and does the script go on correctly after it?

    python3 benches/memory_limit.py target/release/ryokan [--limit 64M] [NAME...]

Each script grows one thing until it is refused, catches MemoryError (or RecursionError),
lets go, computes on, and prints "ok". Wanted: that output, exit status 0 (also of
`--verify-heap`: the heap is whole and every count exact), no signal, and peak resident
memory under the limit plus SLACK_MIB (the binary itself and its stack).
"""

import os
import sys
import tempfile

SLACK_MIB = 48
SECONDS = 60

# Appended to every script: what was refused must not have bent anything.
AFTER = """
squares = [i * i for i in range(1000)]
words = {str(i): i for i in range(1000)}
text = ",".join(words)
assert sum(squares) == 332833500 and len(words) == 1000 and words["999"] == 999
assert len(text) == 3889 and text.split(",")[500] == "500"
assert sorted(squares, reverse=True)[0] == 998001 and 3**100 % 1000 == 1
try:
    1 / 0
except ZeroDivisionError as e:
    assert str(e) == "division by zero"
print("ok")
"""


def grow(setup, step):
    """A script that repeats `step` until refused, in a function so that all of it is let go."""
    body = "\n".join("            " + line for line in step.splitlines())
    pre = "\n".join("    " + line for line in setup.splitlines())
    return f"def grow():\n{pre}\n    try:\n        while True:\n{body}\n    except (MemoryError, RecursionError):\n        return True\n\n\nassert grow()\n"


def refused(expression):
    """A script whose one expression must be refused at once."""
    return f"try:\n    {expression}\n    raise SystemExit('was not refused')\nexcept MemoryError:\n    pass\n"


SCRIPTS = {
    "list": grow("x = []", "x.append(x)"),
    "list_floats": grow("x = []\ni = 0.5", "i += 1.0\nx.append(i)"),
    "list_double": grow("x = [0]", "x += x"),
    "list_of_lists": grow("x = []", "x.append([1, 2, 3])"),
    "dict": grow("x = {}\ni = 0", "i += 1\nx[i] = i"),
    "dict_str": grow("x = {}\ni = 0", "i += 1\nx['key%d' % i] = None"),
    "set": grow("x = set()\ni = 0", "i += 1\nx.add(i)"),
    "str": grow("x = 'ab'", "x = x + x"),
    "str_append": grow("x = 'a' * 1000\ny = x", "y += x"),
    "str_join": grow("x = ['abc' * 100]", "x = x * 2\ny = ''.join(x)"),
    "str_format": grow("n = 1", "n *= 2\ny = '%*d' % (n, 5)"),
    "str_replace": grow("x = 'ab'", "x = x.replace('a', 'aab')"),
    "bytes": grow("x = b'ab'", "x = x + x"),
    "bytearray": grow("x = bytearray(b'abc')", "x.extend(x)"),
    "bytearray_append": grow("x = bytearray(1000)\ny = bytearray()", "y += x"),
    "int_square": grow("x = 12345678901234567890", "x *= x"),
    "int_shift": grow("x = 1\nn = 1", "n *= 2\nx = 1 << n"),
    "tuples_nested": grow("x = ()", "x = (x,)"),
    "tuple_double": grow("x = (1,)", "x = x + x"),
    "dicts_nested": grow("x = {}", "x = {'next': x}"),
    "instances": "class P:\n    def __init__(self, n):\n        self.next = n\n\n\n" + grow("x = None", "x = P(x)"),
    "cycles": "class P:\n    pass\n\n\n" + grow("keep = []", "a = P()\na.me = a\na.data = [0] * 100\nkeep.append(a)"),
    "classes": grow("x = []", "x.append(type('C', (), {}))"),
    "closures": grow("x = None", "x = (lambda v: lambda: v)(x)"),
    "functions": grow("x = []", "x.append(lambda: 0)"),
    "generators": grow("def g(p):\n    yield p\nx = None", "x = g(x)\nnext(x)"),
    "generator_chain": grow("x = iter(())", "x = (v for v in x)"),
    "attributes": "class P:\n    pass\n\n\n" + grow("x = P()\ni = 0", "i += 1\nsetattr(x, 'a%d' % i, i)"),
    "exceptions": grow("x = None", "e = ValueError(x)\ne.__context__ = None\nx = e"),
    "sources": grow("x = []\ni = 0", "i += 1\nx.append(compile('a%d = %d' % (i, i), 'f', 'exec'))"),
    "recursion": "def f(n):\n    return f(n + 1) + 1\n\n\ntry:\n    f(0)\nexcept (RecursionError, MemoryError):\n    pass\n",
    "recursion_unlimited": "import sys\n\nsys.setrecursionlimit(10**9)\n\n\ndef f(n):\n    return f(n + 1) + 1\n\n\ntry:\n    f(0)\nexcept (RecursionError, MemoryError):\n    pass\n",
    "comprehension": "try:\n    x = [i for i in range(10**9)]\nexcept MemoryError:\n    pass\n",
    "star_call": "def f(*a):\n    return a\n\n\nx = (0,) * 1000\ntry:\n    while True:\n        x = f(*x, *x)\nexcept MemoryError:\n    x = None\n",
    "sorted_big": "try:\n    x = sorted(range(10**9))\nexcept MemoryError:\n    pass\n",
    "huge_list": refused("[0] * 10**12"),
    "huge_tuple": refused("(0,) * 10**12"),
    "huge_str": refused("'x' * 10**12"),
    "huge_bytes": refused("bytes(10**12)"),
    "huge_bytearray": refused("bytearray(10**12)"),
    "huge_range_list": refused("list(range(10**10))"),
    "huge_center": refused("'x'.center(10**12)"),
    "huge_format": refused("format(1, '1000000000000')"),
    "huge_shift": refused("1 << 10**13"),
    "huge_pow": refused("3 ** 10**12"),
    "huge_to_bytes": refused("(1).to_bytes(10**12)"),
    "huge_zfill": refused("'x'.zfill(10**12)"),
    "huge_expandtabs": refused("('\\t' * 1000).expandtabs(10**9)"),
    "source_100_mb": "def run():\n    try:\n        compile('x = 1\\n' * (100 * 2**20 // 6), 'f', 'exec')\n        raise SystemExit('was not refused')\n    except MemoryError:\n        pass\n\n\nrun()\n",
    "source_from_disk": "def run():\n    s = 'x = [' + '1, ' * 3000000 + ']'\n    compile(s, 'f', 'exec')\n\n\ntry:\n    run()\nexcept MemoryError:\n    pass\n",
    "garbage_lists": "for i in range(300000):\n    a = []\n    a.append(a)\n    a.append('x' * 1000)\n",
    "garbage_big": "def make():\n    a = [bytes(10**6)]\n    a.append(a)\n\n\nfor i in range(500):\n    make()\nb = [make() for i in range(100)]\nb.extend(map(lambda i: make(), range(100)))\n",
    "garbage_finalizers": "class P:\n    dead = 0\n\n    def __del__(self):\n        P.dead += 1\n\n\nfor i in range(20000):\n    p = P()\n    p.me = p\n    p.data = bytearray(10000)\np = None\nassert P.dead > 10000\n",
    "garbage_generators": "def g():\n    try:\n        yield me\n    finally:\n        pass\n\n\nfor i in range(20000):\n    me = [g(), bytes(5000)]\n    next(me[0])\n    me.append(me)\n",
    "garbage_dropped": "for i in range(5):\n    x = []\n    x.append(x)\n    x.append(bytearray(30000000))\n    x = None\n    y = bytearray(40000000)\n    y = None\n",
    "garbage_while_disabled": "import gc\n\ngc.disable()\ntry:\n    while 1:\n        a = []\n        a.append(a)\nexcept MemoryError:\n    pass\nassert gc.collect() > 100000\ngc.enable()\n",
    "kept_exceptions": grow("x = []", "try:\n    [0] * 7000000 + [len(x)]\nexcept MemoryError as e:\n    x.append([e, [0] * 100])"),
    "long_name": "n = 'a' * 10000000\ntry:\n    getattr(1, n)\nexcept (AttributeError, MemoryError):\n    pass\nn = None\n",
    "twice": grow("x = []", "x.append([0] * 1000)") + grow("x = {}\ni = 0", "i += 1\nx[i] = [i]") + grow("x = []", "x.append([0] * 1000)"),
    "in_handler": "def f():\n    x = []\n    try:\n        try:\n            while True:\n                x.append([0] * 100)\n        except MemoryError:\n            while True:\n                x.append([0] * 100)\n    except MemoryError as e:\n        assert isinstance(e.__context__, MemoryError)\n\n\nf()\n",
}


def run(binary, limit, path):
    """(exit code, or minus the signal; peak resident MiB; stdout; stderr)"""
    out, err = (os.path.join(os.path.dirname(path), n) for n in ("out", "err"))
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            import resource

            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            os.execvp(binary[0], [*binary, "--verify-heap", "--memory-limit", limit, path])
        finally:
            os._exit(127)
    _, status, usage = os.wait4(pid, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    texts = [open(n, errors="replace").read() for n in (out, err)]
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss * unit / 2**20, *texts


def main():
    args = sys.argv[1:]
    limit = "64M"
    if "--limit" in args:
        at = args.index("--limit")
        limit = args[at + 1]
        del args[at : at + 2]
    if not args:
        sys.exit(__doc__)
    binary, names = args[:1], args[1:] or list(SCRIPTS)
    most = int(limit.rstrip("MmKkGg")) * {"K": 1 / 1024, "G": 1024}.get(limit[-1].upper(), 1) + SLACK_MIB
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script.py")
        for name in names:
            with open(path, "w") as f:
                f.write(SCRIPTS[name] + AFTER)
            code, peak, out, err = run(binary, limit, path)
            wrong = []
            if code != 0:
                wrong.append(f"signal {-code}" if code < 0 else f"exit status {code}")
            if out != "ok\n":
                wrong.append(f"printed {out[-80:]!r}")
            if peak > most:
                wrong.append(f"peak over {most:.0f} MiB")
            if wrong and err:
                wrong.append(err.strip().splitlines()[-1][:120])
            failed += bool(wrong)
            print(f"{name:<22}{peak:>8.1f} MiB  {'; '.join(wrong) or 'ok'}", flush=True)
    print(f"{len(names) - failed} of {len(names)} hold the limit of {limit}")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
