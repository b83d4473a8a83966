import _random
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
r=_random.Random(42); t(lambda:[r.random() for _ in range(3)]); t(lambda:r.getrandbits(10)); t(lambda:r.getrandbits(0)); t(lambda:r.getrandbits(100)); t(lambda:r.getrandbits(32)); t(lambda:r.getrandbits(33)); t(lambda:r.getrandbits(-1)); t(lambda:r.getrandbits(1.5)); t(lambda: r.getrandbits(2**70)); t(lambda:r.getrandbits())
s=r.getstate(); t(lambda:(len(s),type(s),s[:3],s[-1])); a=r.random(); r.setstate(s); t(lambda:r.random()==a)
t(lambda:r.setstate(1)); t(lambda:r.setstate((1,2))); t(lambda:r.setstate(s[:-1]+(700,))); t(lambda:r.setstate(('a',)+s[1:])); t(lambda:r.setstate((-1,)+s[1:])); t(lambda:r.setstate(s[:-1]+(-1,))); t(lambda:r.setstate((2**40,)+s[1:])); t(lambda: r.setstate(list(s)))
for x in (0,1,-1,2**32,2**64+1,-(2**100),True,1.5,-2.5,10**50):
    r.seed(x); t(lambda:r.random())
t(lambda:r.seed([])); t(lambda:r.seed(1,2)); t(lambda:_random.Random(1,2)); t(lambda:_random.Random(a=1)); t(lambda:_random.Random(x=1)); t(lambda:type(_random.Random(None).random())); t(lambda:_random.Random([]))
class R(_random.Random):
    def __init__(self,*a,**k): pass
class H:
    def __hash__(s): return -5
r.seed(H()); t(lambda:r.random()); r=_random.Random(42); t(lambda: sum(r.random() for _ in range(2000))); t(lambda:r.getrandbits(5000)%1000007)
