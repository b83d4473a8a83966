# Frames in cycles, and the lines of a finally.
import sys, gc
def cyc2():
    me = sys._getframe()
    x = type('Y', (), {'__del__': lambda s: print('Y gone')})()
    return me
fr = cyc2(); print('called'); print(sorted(fr.f_locals)); del fr; print('deleted'); gc.collect(); print('end')
def cyc3():
    x = type('Y', (), {'__del__': lambda s: print('Z gone')})()
    return sys._getframe()
fr = cyc3(); print('called'); del fr; print('deleted'); gc.collect(); print('end')
ev=[]
def tr(f,e,a): ev.append((e,f.f_lineno)); return tr
def f():
    for x in (1,2):
        try:
            if x == 2: raise KeyError
        except KeyError: continue
        finally: y = x
    return y
sys.settrace(tr); f(); sys.settrace(None)
for e in ev: print(e)
