# Variables of comprehensions that have the names of cells around them, as locals() and f_locals show them.
import sys
def f():
    lambda: k
    k = 1
    lst = [locals() for k in [0]]
    lst2 = [dict(sys._getframe().f_locals) for k in [0]]
    lst3 = [(sys._getframe().f_locals.__setitem__('k', 7), k) for k in [0]]
    lst4 = [eval('k') for k in [3]]
    lst5 = [exec('print(k)') for k in [4]]
    return lst[0]['k'], lst2[0]['k'], lst3, lst4, k, sys._getframe().f_locals['k'], list(sys._getframe().f_locals), sys._getframe().f_code.co_varnames, sys._getframe().f_code.co_cellvars
print(f())
def g():
    k = 1
    lst = [locals() for k in [0]]
    lst2 = [list(sys._getframe().f_locals) for k in [0]]
    return lst, lst2, locals()
print(g())
def h():
    lst = [[locals() for q in [0]] for z in [1]]
    return lst, [(lambda: w, locals())[1]['w'] for w in [5]], [list(locals()) for w in [1]]
print(h())
class C:
    k = 1
    l = [locals() for k in [0]]
    m = [list(sys._getframe().f_locals) for k in [0]]
print(C.l[0].get('k'), C.k, C.m)
k = 1
print([locals() is globals() for k in [0]], k, [eval('k') for k in [9]], [sys._getframe().f_locals['k'] for k in [9]])
