# The arguments of a native call die when profile functions have been told of its end.
import sys
log = []
class D:
    def __init__(self, n): self.n = n
    def __del__(self): log.append('del ' + self.n)
def prof(f, e, a):
    if e.startswith('c_') and f.f_code.co_name[0] == 'g': log.append((e, a.__name__))
def g1(): len([D('a')])
def g2(): isinstance(D('b'), int)
def g3(): print(D('c'), end='', file=Null)
def g4(): max(1, 2, key=lambda x, d=D('d'): x)
def g5():
    try: len(D('e'))
    except TypeError: pass
def g6(): {}.get(D('f'))
def g7(): [].append(D('g'))
def g8(): isinstance(*[D('h'), int])
class Null:
    @staticmethod
    def write(s): pass
for g in g1, g2, g3, g4, g5, g6, g7, g8:
    sys.setprofile(prof)
    g()
    sys.setprofile(None)
    print(g.__name__, log); log.clear()
