"""What is changed in one interpreter is not changed in another."""
import builtins
import functools
import sys
from concurrent import interpreters

print = functools.partial(print, flush=True)
one, two = interpreters.create(), interpreters.create()
SHOW = 'import builtins, functools, sys; show = functools.partial(print, flush=True)\n'
one.exec(SHOW)
two.exec(SHOW)

one.exec('import json; json.marker = 1; builtins.marker = 2; sys.modules["marker"] = sys; sys.path.append("/marker")')
two.exec('show("json" in sys.modules, hasattr(builtins, "marker"), "marker" in sys.modules, "/marker" in sys.path)')
print(hasattr(builtins, 'marker'), 'marker' in sys.modules, '/marker' in sys.path)
one.exec('import json; show(json.marker, marker)')

one.exec('len = str.upper; show(len("x")); del len; builtins.len = lambda it: 99; show(len([]))')
two.exec('show(len([]))')
print(len([]))

one.exec('sys.setrecursionlimit(50); sys.stdout.write("shown\\n"); sys.stdout.flush(); sys.stdout = None')
two.exec('show(sys.getrecursionlimit(), sys.stdout is None)')
print(sys.getrecursionlimit())

one.exec('def f(n): return n and f(n - 1)\ntry: f(100)\nexcept RecursionError as e: import os; os.write(1, str(e).encode() + b"\\n")')

# Objects are made anew where they arrive.
data = ('a text of its own', b'some bytes', (1, 2))
two.prepare_main(data=data, ids=tuple(map(id, data)))
two.exec('show(data, any(id(part) == there for part, there in zip(data, ids)))')
view = bytearray(b'spam')
two.prepare_main(view=memoryview(view))
two.exec('show(bytes(view), view.readonly)')

# An atexit handler runs when its interpreter ends, and what lives there dies then.
two.exec('import atexit; atexit.register(show, "at exit"); class_ = type("C", (), {"__del__": lambda self: show("dies")}); kept = class_()')
print('closing')
two.close()
print('closed')
try:
    one.exec('raise SystemExit("no end of the program")')
except interpreters.ExecutionFailed as failed:
    print(failed.excinfo.formatted)
one.close()

# Interpreters within interpreters.
three = interpreters.create()
three.exec(SHOW + '''
from concurrent import interpreters
four = interpreters.create()
four.exec("import sys; x = 1")
show(four.call(lambda: 6 * 7), interpreters.list_all().index(four))
try:
    four.exec("import _nowhere")
except interpreters.ExecutionFailed as failed:
    show(failed.excinfo.formatted)
''')
print(len(interpreters.list_all()))
three.close()
print(len(interpreters.list_all()))
