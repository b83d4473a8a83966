# Frames of modules, classes, generators and cells, kept and written to.
import sys, gc
# frame objects, threads, exceptions in generators
def t(f,*a):
    try: print(repr(f(*a)))
    except BaseException as e: print(type(e).__name__, e)
# generator handles exceptions; frame kept
def g():
    x = [1]
    try:
        yield 1
        1/0
    except ZeroDivisionError as e:
        k = e
        yield k
i = g(); next(i); e = next(i)
fr = e.__traceback__.tb_frame
print(fr is i.gi_frame, sorted(fr.f_locals))
i.close(); print(sorted(fr.f_locals))
# module frames
src = compile('import sys\nfr = sys._getframe()\nx = 1\n', 'm', 'exec')
ns = {}; exec(src, ns); print(ns['fr'].f_lineno, ns['fr'].f_locals is ns, ns['fr'].f_back is sys._getframe())
def boom():
    exec(compile('a = 1\nraise ValueError', 'mm', 'exec'), {})
try: boom()
except ValueError as e: tb = e.__traceback__
while tb.tb_next: tb = tb.tb_next
print(tb.tb_frame.f_code.co_filename, tb.tb_frame.f_lineno, 'a' in tb.tb_frame.f_locals, tb.tb_frame.f_back.f_code.co_name, tb.tb_frame.f_back.f_back.f_code.co_name)
class K:
    fr = sys._getframe()
    y = 2
print(K.fr.f_code.co_name, sorted(k for k in K.fr.f_locals if k[0] != '_'), K.fr.f_lineno)
# locals in nested funcs with cells before binding
def c():
    fr = sys._getframe()
    def inner(): return late
    fr.f_locals['late'] = 5
    r = inner()
    late = 6
    return r, inner()
print(c())
# write to arg that's a cell
def d(a):
    def inner(): return a
    sys._getframe().f_locals['a'] = [9]
    return inner(), a
print(d(1))
# frame proxies after death writing
def e():
    v = 1
    return sys._getframe()
f = e(); f.f_locals['v'] = 3; f.f_locals['w'] = 4; print(dict(f.f_locals), f.f_locals == f.f_locals)
f.clear(); print(dict(f.f_locals)); f.f_locals['v'] = 8; print(dict(f.f_locals))
# cyc
def cyc():
    me = sys._getframe()
    class X:
        def __del__(s): print('X gone')
    x = X()
    return None
cyc(); gc.collect()
def cyc2():
    me = sys._getframe()
    x = type('Y', (), {'__del__': lambda s: print('Y gone')})()
    return me
fr = cyc2(); del fr; print('deleted'); gc.collect()
# sys._getframe in comprehension / lambda / genexpr
print([sys._getframe().f_code.co_name for _ in 'a'], (lambda: sys._getframe().f_lineno)(), list(sys._getframe().f_code.co_name for _ in 'a'))
# del frame's local and f_locals
def dl():
    x = 1; p = sys._getframe().f_locals; del x
    print('x' in p, len(p)); p['x'] = 2; return x
print(dl())
# kwonly, varargs
def va(a, *b, c=1, **d): return list(sys._getframe().f_locals.items())
print(va(1, 2, 3, c=4, e=5))
# generator: f_locals change arg seen
def ga(n):
    while n: yield n; n -= 1
q = ga(5); next(q); q.gi_frame.f_locals['n'] = 2; print(list(q))
# frames of running generator
def gr(): yield sys._getframe().f_back.f_code.co_name
print(next(gr()), list(gr()), [x for x in gr()])
def outer(): return next(gr())
print(outer())
# trace refs
print(sys.gettrace(), sys.getprofile())
t(sys.settrace); t(sys.setprofile); t(sys._getframe, 10**20); t(sys._getframe, 1.5); t(lambda: sys._current_frames()[list(sys._current_frames())[0]] is sys._getframe()) 
t(sys.call_tracing, len, 5); t(sys.call_tracing, len, ([],))
