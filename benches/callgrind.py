"""Counting the instructions of parts of a program, by callgrind.

How the parts are told apart: between them the program asks for the resolution of a clock, and callgrind writes down what it has
counted when the system's library is asked for that.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def parts(command, text, environment):
    """Instructions between two questions for the clock's resolution, one after the other; `command` runs the program `text`."""
    with tempfile.TemporaryDirectory() as folder:
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        valgrind += ["--dump-before=clock_getres*"]
        with open(f"{folder}/program.py", "w") as file:
            file.write(text)
        with open(f"{folder}/program.py") as file:
            done = subprocess.run([*valgrind, *command, "-"], stdin=file, env=environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{command[-1]} failed:\n{done.stdout}{done.stderr}")
        counts, number = [], 1
        while os.path.exists(part := f"{folder}/out.{number}"):
            summary = re.search(r"^summary: (\d+)", Path(part).read_text(), re.M)
            counts.append(int(summary[1]))
            number += 1
    return counts


def further_turns(command, text, environment):
    """What the further turns of each operation cost, where the program asks before a short run, before a long one and after it."""
    counts = parts(command, text, environment)
    # Three parts for each operation: what was before its runs, the short run, the long one. The interpreter may have asked, too, before.
    counts = counts[len(counts) % 3 :]
    return [counts[at + 2] - counts[at + 1] for at in range(0, len(counts) - 2, 3)]


def cpython():
    """How CPython is called where valgrind can follow: a root of its own (PYTHON314_ROOT) is used from outside."""
    root = os.environ.get("PYTHON314_ROOT")
    if not root:
        return [os.environ.get("PYTHON314", "python3.14")], dict(os.environ)
    loader = [f"{root}/usr/lib64/ld-linux-x86-64.so.2", "--library-path", f"{root}/usr/lib/x86_64-linux-gnu"]
    return [*loader, f"{root}/usr/bin/python3.14"], os.environ | {"PYTHONHOME": f"{root}/usr"}
