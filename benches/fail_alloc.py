#!/usr/bin/env python3
"""Refuse the Nth allocation, for every N (or every STEPth): a script ends well or with MemoryError.

    python3 benches/fail_alloc.py target/release/ryokan [--up-to 2000] [--step 1] [NAME...]

Programs, some of them with the library, run with `--fail-alloc N`. Allowed: the right output and exit status 0, or
exit status 1 (120 where the output could not be sent) with MemoryError on standard error and a
beginning of the right output. A signal, another exception, another status or wrong output fails, and so
does a heap that is not in order at the end (`--verify-heap`: every count exact), or that
holds more at the end than that of a run that just raises a MemoryError (but for a few names) or, where
a program uses the library, than its own when nothing is refused.
"""

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

# Names that the start or the end of a run left in `sys`, or could not take out again.
SLACK_OBJECTS = 12
# What a function of the library takes that was read on the way out of an error alone.
SLACK_BYTES = 1024

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
    "lib_collections": """
from collections import deque, OrderedDict, defaultdict, Counter, namedtuple, ChainMap
d = deque(range(50), 30)
d.pop()
d.rotate(3); d.extendleft("ab"); d.pop(); d.insert(1, [d[0]])
print(list(d)[:4], len(d))
o = OrderedDict((str(i), i) for i in range(30))
o.move_to_end("3"); o.popitem(last=False)
print(list(o)[-2:], o == OrderedDict(o), reversed(o).__next__())
g = defaultdict(list)
for i in range(40):
    g[i % 7].append(i)
print(g[3], Counter("abracadabra").most_common(2), namedtuple("P", "a b")(1, 2)._replace(a=5), ChainMap({1: 2}, {3: 4})[3])
""",
    "lib_itertools": """
import itertools, functools, operator, heapq, bisect
print(list(itertools.product("ab", range(3)))[4], list(itertools.permutations(range(4), 2))[5], list(itertools.combinations("abcd", 3)))
a, b = itertools.tee(itertools.accumulate(range(20)))
print(sum(a), list(itertools.islice(b, 3, 9, 2)), [(k, len(list(v))) for k, v in itertools.groupby("aabccc")])
print(list(itertools.chain.from_iterable([[1], (2,), "x"])), list(itertools.zip_longest("ab", "c", fillvalue=0)), list(itertools.batched(range(7), 3)))
@functools.lru_cache(maxsize=10)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(50), fib.cache_info().misses, functools.reduce(operator.mul, range(1, 20)), functools.partial(pow, 2)(70))
h = []
for i in range(60):
    heapq.heappush(h, (i * 37 % 61, str(i)))
print(heapq.heappop(h), heapq.nsmallest(2, h), bisect.bisect([1, 5, 9], 6), sorted("cab", key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b))))
""",
    "lib_struct": """
import struct, array, binascii, zlib
print(struct.pack("<hIq5sd?", -1, 7, 2**40, b"ab", 1.5, True), struct.unpack(">3H", bytes(range(6))), list(struct.iter_unpack("bB", b"abcdef")))
a = array.array("i", range(200))
a.extend(a); a.byteswap(); a.insert(3, 7)
print(a[5], len(a), a.tolist()[-1], a == array.array("i", a.tobytes()), array.array("d", [1.5, 2]) * 3)
z = zlib.compress(bytes(5000) + b"abc" * 300)
print(zlib.decompress(z)[-3:], zlib.crc32(z) == binascii.crc32(z), binascii.b2a_base64(b"abc" * 9), binascii.unhexlify("6162"))
o = zlib.decompressobj()
print(len(o.decompress(z, 100)), len(o.unconsumed_tail) > 0, o.eof)
""",
    "lib_io": """
import io
b = io.BytesIO(b"one\\ntwo\\nthree")
print(b.readline(), b.read(2), b.getvalue()[-2:], list(b))
s = io.StringIO()
for i in range(300):
    print(i, "\u20ac", sep=",", file=s)
s.seek(0)
print(len(s.readlines()), s.tell(), s.getvalue()[:8].encode())
t = io.TextIOWrapper(io.BufferedRandom(io.BytesIO()), "utf-16", newline="\\r\\n")
t.write("ab\\n" * 50); t.seek(0)
print(len(t.read()), t.buffer.raw.getvalue()[:4])
t.close()
""",
    "lib_pickle": """
import _pickle as pickle, marshal, copyreg
class P:
    def __init__(self, a): self.a, self.me = a, self
x = [P([1, 2.5, "text", b"bytes", None, True, 10**30]), {"k": (1, 2), "s": {3, 4}}, frozenset("ab"), 1j, [list(range(100))] * 3]
for protocol in range(6):
    y = pickle.loads(pickle.dumps(x, protocol))
    print(y[0].me is y[0], y[1]["s"] == {3, 4}, y[4][0] is y[4][2], y[0].a[-1])
m = marshal.loads(marshal.dumps([1, (2.5, "a"), {"k": [None, True]}, b"x", 10**40]))
print(m)
""",
    "lib_json": """
import json
x = {"a": [1, 2.5, None, True, "text \u20ac \\n", {"b": []}], "n": 10**20, "f": 1e100}
t = json.dumps(x)
print(t, json.loads(t) == x, json.dumps(x, indent=2, sort_keys=True, ensure_ascii=False)[:30].encode())
try:
    json.loads("[1, 2")
except json.JSONDecodeError as e:
    print(e)
""",
    "lib_re": """
import re
r = re.compile(r"(?P<word>[a-z]+)(?:-(\\d+))?")
print(r.findall("ab-12 cd efg-3"), r.sub(lambda m: m["word"].upper(), "ab-1 cd"), r.split("x-1, y"), r.search("..q-7").groupdict())
print([m.span() for m in re.finditer("a*?b|c{2,}", "aabccc")], re.sub(r"(\\w)(\\w)", r"\\2\\1", "abcd"), re.fullmatch("(a|b)*c", "abac").regs)
""",
    "lib_csv": """
import csv, io
rows = [["a", "b,c", 'd"e'], ["1", "", "x\\ny"]]
out = io.StringIO()
csv.writer(out).writerows(rows)
print(repr(out.getvalue()), list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == rows)
print([dict(row) for row in csv.DictReader(["p;q", "1;2", "3;4"], delimiter=";")])
""",
    "lib_datetime": """
from _datetime import date, datetime, timedelta, timezone
d = datetime(2024, 2, 29, 12, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
print(d.isoformat(), d + timedelta(days=366), d.astimezone(timezone.utc), datetime.fromisoformat("2024-W09-4T10:00:00Z"), d.__reduce__()[1][0])
print([str(date(2024, 1, 1) + timedelta(weeks=i)) for i in range(20)][-1], timedelta(days=1.5) / 7, d - datetime.fromtimestamp(0, timezone.utc))
""",
    "lib_classes": """
import enum, dataclasses, contextlib, weakref
class Color(enum.Flag):
    RED = 1
    BLUE = 2
@dataclasses.dataclass(order=True, frozen=True)
class P:
    a: int
    b: list = dataclasses.field(default_factory=list, compare=False)
@contextlib.contextmanager
def cm():
    yield [1]
with cm() as x:
    print(x, Color.RED | Color.BLUE, Color(3).name, P(1) < P(2), dataclasses.replace(P(3), a=4))
class K: pass
k = K()
w = weakref.WeakValueDictionary({1: k})
f = weakref.finalize(k, print, "gone")
del k
print(len(w), f.alive)
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
    # Behind the exception may stand notes of what was under way; 120 says that what was printed could not be sent.
    said = any(line.startswith(b"MemoryError") for line in err.splitlines())
    if code in (1, 120) and said:
        return (None if right.startswith(out) else f"MemoryError after wrong output {out[:80]!r}"), True
    return f"exit {code}: {last[0][:160]!r}", False


def main():
    args = sys.argv[1:]
    up_to = 2000
    if "--up-to" in args:
        at = args.index("--up-to")
        up_to = int(args[at + 1])
        del args[at : at + 2]
    step = 1
    if "--step" in args:
        at = args.index("--step")
        step = int(args[at + 1])
        del args[at : at + 2]
    if not args:
        sys.exit(__doc__)
    binary, failed, names = args[0], 0, args[1:] or list(PROGRAMS)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        path = os.path.join(folder, "raises.py")
        with open(path, "w") as f:
            # (With a note, as one has of where it was raised: the exception gets a shape by it.)
            f.write("e = MemoryError()\ne.add_note('here')\nraise e\n")
        *_, books = run(binary, path, None)
        for name in names:
            text = PROGRAMS[name]
            path = os.path.join(folder, name + ".py")
            with open(path, "w") as f:
                f.write(text)
            code, right, err, whole = run(binary, path, None)
            if code != 0:
                failed += 1
                print(f"{name}: fails with every allocation granted: {err.decode(errors='replace')[-300:]}")
                continue
            # What the library made for all lives until the end, and so do the literals of the program's text.
            most = books[0], max(books[1], whole[1])
            if name.startswith("lib_"):
                most = max(books[0], whole[0]), max(books[1], whole[1]) + SLACK_BYTES
            refused = wrong = 0
            numbers = range(1, up_to + 1, step)
            results = pool.map(lambda n: run(binary, path, n), numbers)
            for n, result in zip(numbers, results):
                complaint, memory_error = judge(result, right, most)
                refused += memory_error
                if complaint:
                    wrong += 1
                    if wrong <= 5:
                        print(f"{name} --fail-alloc {n}: {complaint}")
            failed += wrong
            normal = len(numbers) - refused - wrong
            print(f"{name:<16}{len(numbers)} runs: {refused} MemoryError, {normal} normal, {wrong} wrong", flush=True)
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
