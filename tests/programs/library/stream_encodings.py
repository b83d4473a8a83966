# PYTHONIOENCODING, the development mode and the end of a program by sys.exit, each in a program of its own.
import os
import subprocess
import sys


def run(code, *options, **env):
    env = dict(os.environ, **env)
    env.pop("PYTHONUTF8", None)
    done = subprocess.run([sys.executable, *options, "-c", code], env=env, capture_output=True)
    return done.returncode, done.stdout, done.stderr.splitlines()[-1:]


SHOW = "import sys; print([(s.encoding, s.errors) for s in (sys.stdin, sys.stdout, sys.stderr)])"
for given in ("latin-1", "ascii:replace", ":surrogateescape", "ascii:", "cp1252:backslashreplace", "utf-16:strict", ":ignore"):
    print(given, run(SHOW, PYTHONIOENCODING=given))
for given in ("cp424", "ascii:replace", "ascii", "latin-1", "utf-16-le", ":surrogateescape"):
    print(given, run("print(chr(0xa2))", PYTHONIOENCODING=given))
print(run("print(chr(0xdcbd))", PYTHONIOENCODING=":surrogateescape"))
print(run("import sys; print(ascii(sys.stdin.read()), sys.stdin.encoding)", "-E", PYTHONIOENCODING="latin-1"))

for code in (r"'surrogates:\uDCFF'", r"'h\xe9'", "(1, 2)", "''", "2**128", "-1", "None", "3.5", "True"):
    print(code, run(f"import sys; sys.exit({code})"), run(f"import sys; sys.exit({code})", PYTHONIOENCODING="latin-1"))
print(run("import sys; sys.stderr.write('unflushed,'); sys.exit('message')"))

TRIES = """
for f in (lambda: b''.decode('no such'), lambda: ''.encode('no such'), lambda: b''.decode(errors='no such'),
          lambda: ''.encode(errors='no such'), lambda: b'a'.decode('ascii', 'no such'), lambda: str(b'', 'latin1', 'no such'),
          lambda: bytes('', 'utf8', 'no such'), lambda: bytearray('a', 'no such'), lambda: str(b'a', errors='ignore')):
    try:
        print(ascii(f()), end=' ')
    except LookupError as e:
        print(e, end='; ')
"""
print(run(TRIES)[:2])
print(run(TRIES, "-X", "dev")[:2])

LIMIT = """
import sys
def f(n):
    return 1 / 0 if n == 0 else f(n - 1)
sys.tracebacklimit = %s
f(3)
"""
for limit in ("2", "0", "-1", "1 << 1000", "-1 << 1000", "None", "'x'"):
    env = dict(os.environ)
    done = subprocess.run([sys.executable, "-c", LIMIT % limit], capture_output=True, text=True)
    print(limit, [line for line in done.stderr.splitlines() if "line" in line or "Error" in line])
