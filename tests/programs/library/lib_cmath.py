import cmath as c
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
inf=float('inf'); nan=float('nan')
vals=[0,1,-1,0.5,2j,1+1j,-1-1j,complex(-0.0,0.0),complex(0.0,-0.0),complex(inf,1),complex(1,inf),complex(nan,1),complex(inf,nan),complex(-inf,-0.0),1e308+1e308j,800,1e-320+1e-310j,0.5+1e-9j,complex(1,-0.0),-2,complex(-2,-0.0),3-4j]
for n in ('acos','acosh','asin','asinh','atan','atanh','cos','cosh','exp','log','log10','sin','sinh','sqrt','tan','tanh','phase','polar','isfinite','isinf','isnan'):
    for v in vals: print(n,v,end=' '); t(lambda:getattr(c,n)(v))
for a in ((1,2),(0,nan),(inf,0),(inf,1),(1,inf),(-1,0.0),(2,-0.0),(inf,nan),(0,inf)): t(lambda:c.rect(*a))
for a in ((8,2),(1j,2),(0,2),(2,0),(2,1),(8,2j)): t(lambda:c.log(*a))
t(lambda:c.isclose(1,1+1e-10j)); t(lambda:c.isclose(1,2,rel_tol=1)); t(lambda:c.isclose(1,1.1,abs_tol=.2)); t(lambda:c.isclose(1,2,rel_tol=-1)); t(lambda:c.isclose(inf,inf)); t(lambda:c.isclose(nan,nan)); t(lambda:c.isclose(1,2,3))
t(lambda:c.sqrt('a')); t(lambda:c.sqrt()); t(lambda:c.sqrt(1,2)); t(lambda:c.sqrt(None)); t(lambda:c.rect(1)); t(lambda:c.polar('x')); t(lambda:c.rect('a',1)); t(lambda:c.log(1,'x'))
class C:
    def __complex__(s): return 3+4j
class F:
    def __float__(s): return 2.0
class I:
    def __index__(s): return 4
class B:
    def __complex__(s): return 1
for x in (C(),F(),I(),B(),10**400): t(lambda:c.sqrt(x)); t(lambda:c.phase(x))
