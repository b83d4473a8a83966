# With which status processes end: children made by fork, and those that a signal ends.
import subprocess
import sys


def ends(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    print(done.returncode, done.stdout.split())


FORK = "import os, sys, atexit\nif os.fork() == 0:\n    {}\nprint(os.waitstatus_to_exitcode(os.wait()[1]))"
for line in ("sys.exit(3)", "1 / 0", "sys.exit()", "sys.exit('no')", "raise KeyboardInterrupt", "os._exit(7)", "raise SystemExit(258)"):
    ends(FORK.format(line))
ends(FORK.format("print('child'); sys.exit(5)"))
ends("import os\npid = os.fork()\nif pid == 0:\n    if os.fork() == 0:\n        raise SystemExit(9)\n"
     "    raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]) + 1)\nprint(os.waitstatus_to_exitcode(os.wait()[1]))")
ends("raise KeyboardInterrupt")
ends("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(5)")
ends("import os, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nraise KeyboardInterrupt")
ends("import atexit\natexit.register(print, 'atexit')\nraise KeyboardInterrupt")
for name in ("SIGABRT", "SIGSEGV", "SIGBUS", "SIGTERM", "SIGFPE", "SIGILL"):
    ends(f"import os, signal\nprint(signal.getsignal(signal.{name}).name, flush=True)\n"
         f"os.kill(os.getpid(), signal.{name})\nimport time\ntime.sleep(5)\nprint('alive')")
ends("import os\nos.abort()")
ends("import signal\nprint(signal.raise_signal(signal.SIGABRT))")
