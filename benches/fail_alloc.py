#!/usr/bin/env python3
"""Refuse the Nth allocation, for every N: a script ends well or with MemoryError.

    python3 benches/fail_alloc.py target/release/ryokan [--up-to 2000]

Five programs run with `--fail-alloc N`. Allowed: the right output and exit status 0, or
exit status 1 with MemoryError as the last line of standard error and a beginning of the
right output. A signal, another exception, another status or wrong output fails, and so
does a heap that is not in order at the end (`--verify-heap`: every count exact), or that
holds more at the end than that of a run that just raises a MemoryError (but for a few names).
"""

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

# Names that the start or the end of a run left in `sys`, or could not take out again.
SLACK_OBJECTS = 8

PROGRAMS = {
    "containers": """
d = {}
for i in range(200):
    d["k%d" % i] = [i, (i, str(i)), {i}]
print(len(d), d["k77"][1], sum(v[0] for v in d.values()))
for i in range(0, 200, 3):
    del d["k%d" % i]
print(len(d), sorted(d, reverse=True)[:3], {**d, "x": 1}["x"], list(d.items())[-1])
""",
    "classes": """
class Node:
    def __init__(self, v, next=None):
        self.v, self.next = v, next

    def __iter__(self):
        while self:
            yield self.v
            self = self.next

    @property
    def double(self):
        return self.v * 2


class Sub(Node):
    def __init__(self, *a):
        super().__init__(*a)
        self.extra = [a]


n = None
for i in range(60):
    n = Sub(i * 1000, n)
print(sum(n), n.double, n.extra[0][0], isinstance(n.next, Node))
n.next.next = n
del n
import gc
print(gc.collect() > 0)
""",
    "text": """
words = ("the quick brown fox jumps over the lazy dog " * 5).split()
count = {}
for w in words:
    count[w] = count.get(w, 0) + 1
print(sorted(count.items()))
print(", ".join(f"{w:>6}={n:03d}" for w, n in count.items()), "%s|%5.2f" % ("x", 2.5))
print("-".join(words).upper().replace("THE", "\u20ac").encode()[:30], len(repr(words)))
""",
    "numbers": """
x = 1
for i in range(1, 120):
    x *= i
print(x % (10**9 + 7), len(str(x)), x >> 500, pow(7, 10**5, x) % 1000)
print(sum(i * 0.5 for i in range(100)), [round(2 / i, 3) for i in range(1, 5)], (1 + 2j) ** 3)
""",
    "control": """
def gen(n):
    try:
        for i in range(n):
            yield lambda: i * 1000
    finally:
        print("closed")


def run():
    total = 0
    for f in gen(20):
        try:
            if f() > 15000:
                raise ValueError([f()])
            total += f()
        except ValueError as e:
            total += e.args[0][0]
        finally:
            total += 1
    return total


print(run(), eval("[i for i in range(5)]"))
ns = {}
exec("class K:\\n    def m(self, *a, k=3, **kw): return a, k, kw\\nr = K().m(1, k=2, z=4)", ns)
print(ns["r"])
match {"a": [1, 2, 3]}:
    case {"a": [x, *rest]}:
        print(x, rest)
with_log = []
class CM:
    def __enter__(self): with_log.append("in"); return self
    def __exit__(self, *a): with_log.append("out"); return True
with CM():
    raise KeyError("gone")
print(with_log)
""",
}


def run(binary, path, n):
    more = [] if n is None else ["--fail-alloc", str(n)]
    done = subprocess.run([binary, "--verify-heap", *more, path], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    lines = done.stderr.splitlines(keepends=True)
    said = lines.pop() if lines and lines[-1].startswith(b"heap: ") else b"heap: not verified"
    heap = re.fullmatch(rb"heap: in order, (\d+) objects, (\d+) bytes outside\n", said)
    return done.returncode, done.stdout, b"".join(lines), tuple(map(int, heap.groups())) if heap else said


def judge(result, right, books):
    """What is wrong with a run, or None; and whether it ended by MemoryError."""
    code, out, err, heap = result
    last = err.strip().splitlines()[-1:] or [b""]
    if not isinstance(heap, tuple):
        return heap.decode().strip()[:200], False
    if heap[0] > books[0] + SLACK_OBJECTS or heap[1] > books[1]:
        return f"(objects, bytes outside) {heap} at the end, more than {books}", False
    if code == 0:
        return (None if out == right else f"exit 0, wrong output {out[:80]!r}"), False
    if code == 1 and last[0].startswith(b"MemoryError"):
        return (None if right.startswith(out) else f"MemoryError after wrong output {out[:80]!r}"), True
    return f"exit {code}: {last[0][:160]!r}", False


def main():
    args = sys.argv[1:]
    up_to = 2000
    if "--up-to" in args:
        at = args.index("--up-to")
        up_to = int(args[at + 1])
        del args[at : at + 2]
    if len(args) != 1:
        sys.exit(__doc__)
    binary, failed = args[0], 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        path = os.path.join(folder, "raises.py")
        with open(path, "w") as f:
            f.write("raise MemoryError\n")
        *_, books = run(binary, path, None)
        for name, text in PROGRAMS.items():
            path = os.path.join(folder, name + ".py")
            with open(path, "w") as f:
                f.write(text)
            code, right, err, _ = run(binary, path, None)
            if code != 0:
                failed += 1
                print(f"{name}: fails with every allocation granted: {err.decode(errors='replace')[-300:]}")
                continue
            refused = wrong = 0
            results = pool.map(lambda n: run(binary, path, n), range(1, up_to + 1))
            for n, result in enumerate(results, 1):
                complaint, memory_error = judge(result, right, books)
                refused += memory_error
                if complaint:
                    wrong += 1
                    if wrong <= 5:
                        print(f"{name} --fail-alloc {n}: {complaint}")
            failed += wrong
            print(f"{name:<12} {up_to} runs: {refused} MemoryError, {up_to - refused - wrong} normal, {wrong} wrong", flush=True)
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
