# What a native function has called begins to trace: whoever called that is traced at once.
import sys
log = []
def local(f, e, a):
    log.append((f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, e))
    return local
class A:
    def __len__(self):
        sys.settrace(lambda *a: None)
        sys._getframe(1).f_trace = local
        return 3
    def __getitem__(self, i):
        sys.settrace(lambda *a: None)
        sys._getframe(1).f_trace = local
        return i
    def __str__(self):
        sys.settrace(lambda *a: None)
        sys._getframe(1).f_trace = local
        return 'x'
    def __call__(self):
        sys.settrace(lambda *a: None)
        sys._getframe(1).f_trace = local
    __iter__ = lambda self: iter([self[0]])
    def __lt__(self, o):
        sys.settrace(lambda *a: None)
        sys._getframe(1).f_trace = local
        return True
def f1():
    x = len(A())
    y = 1
    return x
def f2():
    x = str(A())
    y = 1
    return x
def f3():
    x = sorted([A(), A()])
    y = 1
    return x
def f4():
    x = A()()
    y = 1
    return x
def f5():
    x = max(A(), A())
    for i in range(2):
        y = 1
    return x
def f6():
    x = [len(A()),
        1]
    return x
for f in f1, f2, f3, f4, f5, f6:
    try: f()
    finally: sys.settrace(None)
    print(f.__name__, log); log.clear()
