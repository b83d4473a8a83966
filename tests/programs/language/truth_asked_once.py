"""How often `and` and `or` ask for the truth of an operand, as values and as conditions, within each other."""
import itertools
class V:
    def __init__(s,n,t): s.n=n; s.t=t
    def __bool__(s): print(s.n,end=' '); return s.t
    def __repr__(s): return f'<{s.n}>'
exprs=["(a and b) or c","(a or b) and c","[a and b or c]","(a and 0) or b","(a and b and c) or 5","(a and b) and c","a and (b and c)","a or (b and c)","(a or (b and c)) and b","(a and (b or c)) or 7","not (a and b) or c","((a or b) and c) or (b and a)","(a and b or c) and (a or c and b)","x if (a and b) or c else 0","(a or 1) and b","(0 or a) and b","a and b or c and a or b","(a and (b and (c or a))) or 3","(lambda: (a or b) and c)()"]
for e in exprs:
    for t in itertools.product((False,True),repeat=3):
        a,b,c=(V(n,v) for n,v in zip('abc',t)); x=1
        print(e,t,end=': ')
        print(eval(e,dict(a=a,b=b,c=c,x=x)))
        ns=dict(a=a,b=b,c=c,x=x)
        exec(f"def f(a,b,c,x):\n if {e}: print('T')\n r = {e}\n return r\nprint(f(a,b,c,x))",ns)
