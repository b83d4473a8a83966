# Trace functions that raise, change locals, clear frames and replace themselves; profile functions.
import sys
def f(n):
    x = n
    y = x + 1
    return y
# trace function raising
for when in ('call', 'line', 'return'):
    def tr(fr, e, a):
        if e == when and fr.f_code is f.__code__: raise RuntimeError(when)
        return tr
    sys.settrace(tr)
    try: print(f(1))
    except RuntimeError as e: print('raised', e, sys.gettrace())
    sys.settrace(None)
# returns None -> no line events
ev = []
def tr(fr, e, a): ev.append(e); return None
sys.settrace(tr); f(1); sys.settrace(None); print(ev)
# changes locals
def tr(fr, e, a):
    if fr.f_code is f.__code__ and e == 'line' and fr.f_lineno == 4: fr.f_locals['x'] = 100
    return tr
sys.settrace(tr); r = f(1); sys.settrace(None); print(r)
# local function replaces itself
def second(fr, e, a): ev.append(('second', e)); return second
def first(fr, e, a): ev.append(('first', e)); return second
ev.clear(); sys.settrace(lambda fr, e, a: first if fr.f_code is f.__code__ else None); f(1); sys.settrace(None); print(ev)
# f_trace deletion
def tr(fr, e, a):
    ev.append(e)
    if e == 'line': del fr.f_trace
    return tr
ev.clear(); sys.settrace(tr); f(1); sys.settrace(None); print(ev)
def tr(fr, e, a):
    ev.append(e)
    if e == 'line': fr.f_trace = None
    return None
ev.clear(); sys.settrace(lambda fr, e, a: tr); f(1); sys.settrace(None); print(ev)
# f_trace_lines, opcodes
def tr(fr, e, a):
    ev.append(e); fr.f_trace_lines = False; return tr
ev.clear(); sys.settrace(tr); f(1); sys.settrace(None); print(ev)
def tr(fr, e, a):
    ev.append(e); fr.f_trace_opcodes = True; return tr
ev.clear(); sys.settrace(tr); f(1); sys.settrace(None); print(ev.count('opcode') > 3, [e for e in ev if e != 'opcode'])
# clear frame in trace
def tr(fr, e, a):
    try: fr.clear()
    except RuntimeError as x: ev.append(str(x))
    return tr
ev.clear(); sys.settrace(tr); f(1); sys.settrace(None); print(set(ev))
# not called while in the trace function
def tr(fr, e, a): ev.append((fr.f_code.co_name, e)); f(0); return tr
ev.clear(); sys.settrace(tr); f(1); sys.settrace(None); print(ev)
# call_tracing
def tr(fr, e, a):
    if e == 'call' and fr.f_code is f.__code__ and not ev: ev.append('x'); sys.call_tracing(f, (5,))
    ev.append((fr.f_code.co_name, e)); return tr
ev.clear(); sys.settrace(tr); f(1); sys.settrace(None); print(ev)
# set from inside
def inner():
    sys.settrace(tr2)
    a = 1
    return g2()
def g2(): return 7
def tr2(fr, e, a): ev.append((fr.f_code.co_name, e)); return tr2
ev.clear(); inner(); sys.settrace(None); print(ev)
def setback():
    sys._getframe(1).f_trace = tr2
    sys.settrace(tr2)
def outer2():
    setback()
    a = 1
    for i in range(2):
        a += i
    return a
ev.clear(); outer2(); sys.settrace(None); print(ev)
# profile
def pr(fr, e, a): ev.append((fr.f_code.co_name, e, getattr(a, '__name__', a)))
def p():
    x = 'a'.upper()
    [].append(1)
    try: int('z')
    except ValueError: pass
    list((1, 2))
    max(1, 2, key=lambda v: v)
    print('', end='')
    dict.fromkeys('a')
    str.join('', ['a'])
    'b'.join(*[['c']])
    return x
ev.clear(); sys.setprofile(pr); p(); sys.setprofile(None)
for e in ev: print(e)
def badpr(fr, e, a): raise ValueError('prof')
sys.setprofile(badpr)
try: f(1)
except ValueError as e: print(e, sys.getprofile())
sys.setprofile(None)
# both
ev.clear(); sys.settrace(lambda fr, e, a: ev.append(('t', e))); sys.setprofile(lambda fr, e, a: ev.append(('p', e))); f(1); sys.setprofile(None); sys.settrace(None); print(ev)
