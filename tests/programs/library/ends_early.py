# A reader of csv that its own source advances; what ends too early in JSON.
import csv,json
class R:
    def __init__(self,k): self.n=0;self.k=k
    def __iter__(self): return self
    def __next__(self):
        self.n+=1
        if self.n==2:
            try: print('inner',next(self.reader))
            except StopIteration: print('stop')
            except csv.Error as e: print('inner',e)
        if self.n>self.k: raise StopIteration
        return 'a,"b%d'%self.n if self.n<3 else 'c"'
for k in range(6):
    it=R(k); r=csv.reader(it); it.reader=r
    for _ in range(3):
        try: print(k,next(r))
        except StopIteration: print(k,'stop')
        except Exception as e: print(k,type(e),e)
for s in (r'"\u0041', r'"\ud834', r'"\ud834\udd1e', r'{"a": "\u0041', r'"\u004', r'"\u', r'"\ud834\u', r'"\ud834\udd1', r'"\ud834\udd1e"', '"\\', r'"\x"',r'"\u00zz"',r'"\ud834\uzzzz"',r'"\ud834\u0041"'):
    for d in (json.loads, lambda s: json.decoder.py_scanstring(s, s.index('"',3 if s[0]=='{' else 0)+1)):
        try: print(ascii(d(s)))
        except Exception as e: print(s,type(e).__name__,e)
