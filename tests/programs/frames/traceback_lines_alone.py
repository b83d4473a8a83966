# -X no_debug_ranges, and the lines of a program given by -c, each in a program of its own.
import os
import subprocess
import sys

CODE = """
import traceback
def f():
    return (1 +
            2 / 0)
def shown(code):
    return [(p[0] and p[0] - code.co_firstlineno, p[2]) for p in code.co_positions()]
print({p[1] for p in shown(f.__code__)} == {None}, len({p[0] for p in shown(f.__code__)}))
try:
    f()
except Exception:
    traceback.print_exc()
f()
"""


def run(*options, **env):
    done = subprocess.run([sys.executable, *options, "-c", CODE], env=dict(os.environ, **env), capture_output=True, text=True)
    print(options, env, done.returncode)
    print(done.stdout + done.stderr)


run()
run("-X", "no_debug_ranges")
run(PYTHONNODEBUGRANGES="1")
run("-E", PYTHONNODEBUGRANGES="1")

AT_END = """
import traceback
class Last:
    def __init__(self):
        try:
            x = 1 / 0
        except Exception as e:
            self.exc = e
            self = None
    def __del__(self):
        traceback.print_exception(self.exc)
last = Last()
"""
done = subprocess.run([sys.executable, "-c", AT_END], capture_output=True, text=True)
print(done.stdout + done.stderr)
