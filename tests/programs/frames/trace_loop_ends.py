# Who hears of the StopIteration that ends a loop, a delegation or a wait: trace functions and tools.
import sys
def tr(f,e,a):
    if e in('exception',): print(f.f_code.co_name,f.f_lineno-f.f_code.co_firstlineno,e,repr(a[1]))
    return tr
def run(g):
    sys.settrace(tr)
    try:
        for x in g: pass
    finally: sys.settrace(None)
def n():
    yield 1
def v():
    yield 1
    return 5
def yn(): yield from n()
def yv(): yield from v()
def fn():
    for x in n(): pass
    yield
def fv():
    for x in v(): pass
    yield
def cn():
    [x for x in n()]; list(n()); [*n()]; a,=n()
    yield
async def an(): return
async def av(): return 4
async def aan(): await an()
async def aav(): await av()
class I:
    def __await__(s): return iter(())
class J:
    def __await__(s): return n2()
def n2():
    return
    yield
async def ai(): await I()
async def aj(): await J()
async def a2():
    async with W(): pass
class W:
    async def __aenter__(s):pass
    async def __aexit__(s,*a): pass
async def ge():
    yield 1
async def ag():
    async for x in ge(): pass
for f in yn,yv,fn,fv,cn,aan,aav,ai,aj,a2,ag:
    print('-',f.__name__)
    g=f()
    if hasattr(g,'__await__'): g=g.__await__()
    run(g)
def y2():
    yield from n()
    yield from n()
    yield from (1,)
    yield from iter([])
run(y2())
def deco(f): return f
def t2(f,e,a):
    if e=="line" and f.f_code.co_filename==__file__: print(f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno)
    return t2
def dd():
    @deco
    class K: pass
    @deco
    async def g(): pass
    @deco
    def g[T](): pass
    @deco
    class K[T]: pass
sys.settrace(t2); dd(); sys.settrace(None)
for q in dd.__code__.co_consts:pass

class It:
    n=0
    def __iter__(s): return s
    def __next__(s):
        s.n+=1
        if s.n>1: raise StopIteration(7)
        return 1
class It2(It):
    __next__ = lambda s: next(iter([]))
def t3(f,e,a):
    if f.f_code.co_filename==__file__ and e!='opcode' and e!='line': print(f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, e, a if e=='exception' and 0 else '')
    return t3
def lo():
    for x in It(): pass
    for x in It2(): pass
    [x for x in It()]
    list(It())
    a,=It()
    (*It(),)
sys.settrace(t3); lo(); sys.settrace(None)
m=sys.monitoring; m.use_tool_id(1,'x'); ev=m.events
for nm in 'RAISE','STOP_ITERATION','EXCEPTION_HANDLED','PY_UNWIND','RERAISE': m.register_callback(1,getattr(ev,nm),lambda c,o,e,nm=nm:print(nm,c.co_name,repr(e)))
m.set_events(1, ev.RAISE|ev.STOP_ITERATION|ev.EXCEPTION_HANDLED|ev.PY_UNWIND|ev.RERAISE)
for f in lo,yn,yv,fn,fv,cn,aan,aav,ai,aj,a2,ag:
    print('-',f.__name__)
    g=f()
    if hasattr(g,'__await__'): g=g.__await__()
    if g is not None:
      for x in g: pass
m.set_events(1, 0)
