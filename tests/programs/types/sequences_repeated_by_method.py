# The methods that repeat a sequence refuse a count that is none; the operator asks the other operand first.
import array
import collections

for x in ('abc', b'abc', [1], (1,), bytearray(b'a'), collections.deque([1]), array.array('b',[1])):
  for m in ('__mul__','__rmul__','__imul__','__add__','__iadd__'):
    f=getattr(x,m,None)
    if f is None: continue
    for a in ('', None, 1.5):
        try: print(type(x).__name__, m, f(a))
        except Exception as e: print(type(x).__name__, m, repr(e))
class L(list): pass
try: print(L.__mul__(L(), 'x'))
except Exception as e: print(repr(e))
try: [1]*'x'
except Exception as e: print(repr(e))
try: 'x'*[1]
except Exception as e: print(repr(e))
class R:
    def __rmul__(self,o): return 'r'
print([1]*R(), 'a'*R(), L()*R())
