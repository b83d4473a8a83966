# A session at the prompt: each statement is a file of its own, whose lines tracebacks and inspect know.
import os
import subprocess
import sys


def session(text, *options):
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run = subprocess.run([sys.executable, *options, "-i"], input=text, capture_output=True, text=True, env=env)
    print(run.stdout, end="")
    banner, said = run.stderr.split("\n", 1) if run.stderr.startswith("Python") else ("", run.stderr)
    print(banner.startswith("Python 3."), run.returncode)
    print(said)


session("""\
def f(n):
    return 1 / n

f(0)
import inspect
print(inspect.getsource(f), f.__code__.co_filename)
1 +
return 5
import sys
sys.last_exc.filename
x = [f(1),
  f(0)]
class A:
    def m(self): raise KeyError("k")

A().m()
import linecache
len(linecache._interactive_cache) > 5
_ is True
f"unclosed
1 is 1
import warnings; warnings.warn("w")
raise SystemExit(3)
""")
session("""\
try: 1/0
except ZeroDivisionError as e: raise ValueError("inner") from e

del f
for i in range(3): i

if True:
    print("yes")
else:
    print("no")

""", "-q", "-S")
session("""\
if 1:
    print("at the end")""", "-q")
session("x = (1,\n", "-q")
