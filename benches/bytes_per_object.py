#!/usr/bin/env python3
"""Bytes per object, and the cost of doing nothing, of any Python.

    python3 benches/bytes_per_object.py [COMMAND [ARG...]]

COMMAND runs a script given as its last argument; without one, the running Python is
measured. Each row is a child process of its own; a row's figure is
(peak resident memory - peak resident memory of `pass`) / number of objects.
The container's share (8 bytes a list item and whatever it over-allocates) is included.
The driver needs Python 3.11 or later on Linux or macOS.
"""

import os
import sys
import tempfile
import time

ROWS = [
    ("int, list(range)", 1_000_000, "x = list(range(10**6, 2 * 10**6))"),
    ("int, comprehension", 1_000_000, "x = [i + 10**6 for i in range(10**6)]"),
    ("int, append in a loop", 1_000_000, "x = []\nfor i in range(10**6, 2 * 10**6):\n    x.append(i)"),
    ("float, comprehension", 1_000_000, "x = [i + 0.5 for i in range(10**6)]"),
    ("str 'key123'", 1_000_000, "x = ['key%d' % (100 + i % 900) for i in range(10**6)]"),
    ("tuple (i, i)", 1_000_000, "x = [(i, i) for i in range(10**6)]"),
    ("list [i]", 1_000_000, "x = [[i] for i in range(10**6)]"),
    ("dict {'a': i}", 300_000, "x = [{'a': i} for i in range(300000)]"),
    (
        "instance, two attributes",
        300_000,
        "class P:\n    def __init__(self, a, b):\n        self.a = a\n        self.b = b\n\n\nx = [P(i, i) for i in range(300000)]",
    ),
    (
        "instance, two small ints",
        300_000,
        "class P:\n    def __init__(self, a, b):\n        self.a = a\n        self.b = b\n\n\nx = [P(1, 2) for i in range(300000)]",
    ),
    (
        "instance, two __slots__",
        300_000,
        "class P:\n    __slots__ = ('a', 'b')\n\n    def __init__(self, a, b):\n        self.a = a\n        self.b = b\n\n\nx = [P(i, i) for i in range(300000)]",
    ),
    ("set item (int)", 1_000_000, "x = set(range(10**6, 2 * 10**6))"),
    ("dict item (int: None)", 1_000_000, "x = dict.fromkeys(range(10**6, 2 * 10**6))"),
]


def measure(command, script):
    """(seconds, peak resident bytes) of one run; ends the program when the run fails.

    The peak is read from the process itself while it waits for its input at the end: what `wait4` tells begins with
    the driver's own pages, which the child shares until it starts the command.
    """
    with open(script, "a") as f:
        f.write("print('ready', flush=True)\ninput()\n")
    start = time.perf_counter()
    to_child, from_driver = os.pipe()
    from_child, to_driver = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(to_child, 0)
        os.dup2(to_driver, 1)
        for fd in (to_child, from_driver, from_child, to_driver):
            os.close(fd)
        try:
            os.execvp(command[0], [*command, script])
        except OSError as e:
            os.write(2, f"{command[0]}: {e}\n".encode())
        os._exit(127)
    os.close(to_child)
    os.close(to_driver)
    ready = os.read(from_child, 100)
    seconds = time.perf_counter() - start
    peak = 0
    if ready.startswith(b"ready"):
        with open(f"/proc/{pid}/status") as f:
            peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) * 1024
    os.write(from_driver, b"\n")
    os.close(from_driver)
    os.close(from_child)
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0 or not peak:
        sys.exit(f"{' '.join(command)} {script} failed: exit {os.waitstatus_to_exitcode(status)}")
    return seconds, peak


def main():
    command = sys.argv[1:] or [sys.executable, "-S"]
    with tempfile.TemporaryDirectory() as folder:

        def script(text):
            path = os.path.join(folder, "row.py")
            with open(path, "w") as f:
                f.write(text + "\n")
            return path

        runs = [measure(command, script("pass")) for _ in range(30)]
        base = min(r[1] for r in runs)
        print(" ".join(command))
        print(f"{'pass, time':<28}{min(r[0] for r in runs) * 1000:>10.2f} ms")
        print(f"{'pass, resident':<28}{base / 2**20:>10.2f} MiB")
        for name, count, text in ROWS:
            peak = min(measure(command, script(text))[1] for _ in range(3))
            print(f"{name:<28}{(peak - base) / count:>10.1f} bytes")


if __name__ == "__main__":
    main()
