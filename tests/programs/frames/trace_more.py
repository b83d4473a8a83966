# Trace functions that change what is traced, of loops, generators, classes and threads.
import sys, _thread
# tracing hostile 2
ev=[]
def tr(f,e,a):
    ev.append((f.f_code.co_name,e)); return tr
def f():
    for x in (1,2):
        try:
            if x == 2: raise KeyError
        except KeyError: continue
        finally: y = x
    return y
sys.settrace(tr); f(); sys.settrace(None); print(len(ev), ev[-1])
# recursion in trace
def rec(n): return n if n == 0 else rec(n-1)
ev.clear(); sys.settrace(tr); rec(100); sys.settrace(None); print(len(ev))
def inf(): return inf()
n=0
def tr2(f,e,a):
    global n; n+=1; return tr2
sys.settrace(tr2)
try: inf()
except RecursionError as e: print('rec')
sys.settrace(None)
# trace removes itself inside
def tr3(f,e,a):
    sys.settrace(None); return tr3
sys.settrace(tr3); f(); print(sys.gettrace())
# trace changes f_trace of caller
def tr4(f,e,a):
    if e=='call': f.f_back.f_trace = tr4
    ev.append((f.f_code.co_name,e)); return None
def callee(): pass
def caller():
    callee()
    a = 1
    return a
ev.clear(); sys.settrace(tr4); caller(); sys.settrace(None); print([x for x in ev if x[0] != '<module>'])
# generators across on/off
def g():
    a = yield 1
    b = yield 2
    return 3
i = g(); next(i)
ev.clear(); sys.settrace(tr); next(i); sys.settrace(None); print(ev)
ev.clear()
try: next(i)
except StopIteration as e: print(e.value, ev)
i = None
sys.settrace(tr); i = g(); next(i); sys.settrace(None); print(next(i))
# yield from
def yf():
    r = yield from g()
    return r
ev.clear(); sys.settrace(tr); r = list(yf()); sys.settrace(None); print(ev, r)
# exceptions from c functions
def ex():
    try: int('x')
    except ValueError: pass
    try: [][1]
    except IndexError as e: z = 1
    try:
        try: 1/0
        finally: q = 1
    except ZeroDivisionError: pass
def tr5(f,e,a):
    ev.append((e, f.f_lineno - f.f_code.co_firstlineno, a[0].__name__ if e == 'exception' else a)); return tr5
ev.clear(); sys.settrace(tr5); ex(); sys.settrace(None)
for e in ev: print(e)
# sort keys, map, filter callbacks
def k(x): return -x
ev.clear(); sys.settrace(tr); sorted([1,2], key=k); list(map(k, [1])); max([1,2], key=k); sys.settrace(None); print(ev)
class D:
    def __init__(s): s.v = 1
    def __getattr__(s, n): return n
    def __len__(s): return 3
    def __iter__(s): return iter([1])
    def __enter__(s): return s
    def __exit__(s, *a): pass
    def __call__(s, *a): return a
    def __add__(s, o): return 1
    def __eq__(s, o): return True
    __hash__ = None
    @staticmethod
    def st(): pass
    @classmethod
    def cl(c): pass
def dd():
    d = D(); d.zz; len(d); list(d); d(1); d + 1; d == 2
    with d: pass
    d.st(); d.cl(); D.st(); d(*[1]); d(**{}) ; f2(x=1); f2(*(1,)); f2(**{'x': 1})
def f2(x): return x
ev.clear(); sys.settrace(tr); dd(); sys.settrace(None); print([e for e in ev if e[1] in ('call', 'return')])
pe=[]
def pr(f,e,a): pe.append((f.f_code.co_name,e,getattr(a,'__name__',None)))
sys.setprofile(pr); dd(); sys.setprofile(None)
for p in pe: print(p)
# threads
def th():
    ev.append(sys.gettrace()); lock.release()
lock=_thread.allocate_lock(); lock.acquire()
ev.clear(); sys.settrace(tr); _thread.start_new_thread(th, ()); lock.acquire(); sys.settrace(None); print([x for x in ev if not isinstance(x, tuple)])
# del trace attr
def x(): 
    a=1
    return a
def tr6(f,e,a):
    del f.f_trace
    return tr6
sys.settrace(tr6); x(); sys.settrace(None)
# big loop
def big():
    s = 0
    for i in range(2000): s += i
    while s > 0: s -= 100000
    return s
cnt = [0]
def tr7(f,e,a): cnt[0]+=1; return tr7
sys.settrace(tr7); big(); sys.settrace(None); print(cnt)
exec(compile("def q():\n  return 1\nq()\n", "e", "exec"))
ev.clear(); sys.settrace(tr); exec(compile("x = 1\ny = 2\nclass Z:\n  w = 1\n", "e", "exec")); eval('1+1'); sys.settrace(None); print(ev)
ev.clear(); sys.settrace(tr); (lambda: 1)(); [i for i in range(2)]; (lambda *a, **k: a)(1, b=2); sys.settrace(None); print(ev)
