import _heapq
print([k for k in dir(_heapq) if not k.startswith("__")])
for k in dir(_heapq):
    f=getattr(_heapq,k)
    if callable(f) and not k.startswith('__'): print(k, f.__text_signature__)
def t(f,*a):
    try: print(f.__name__, a, '->', f(*a), a)
    except Exception as e: print(f.__name__, '!!', type(e).__name__, e)
from _heapq import *
t(heappush, (1,), 2); t(heappush, [1]); t(heappop, []); t(heappop, 3); t(heapreplace, [], 1); t(heappushpop, [], 1); t(heapify, (1,)); t(heapify); t(heappop_max, []); t(heapreplace_max, [], 1); t(heappushpop_max,[],1)
class E:
    def __init__(s, v, l=None): s.v=v; s.l=l
    def __lt__(s,o):
        if s.l is not None: s.l.clear()
        return s.v<o.v
    def __repr__(s): return 'E%d'%s.v
for f in (heapify, heapify_max):
    l=[]; l[:]=[E(i,l) for i in range(10)]
    t(f,l)
for f in (heappush,heappushpop,heapreplace,heappush_max,heappushpop_max,heapreplace_max):
    l=[]; l[:]=[E(i,l) for i in range(10)]
    t(f,l,E(3))
for f in (heappop,heappop_max):
    l=[]; l[:]=[E(i,l) for i in range(10)]
    t(f,l)
class A(E):
    def __lt__(s,o):
        s.l.append(s); return s.v<o.v
for f in (heapify,heappop,heappop_max,heapify_max):
    l=[]; l[:]=[A(9-i,l) for i in range(6)]
    t(f,l)
for f in (heappush,heappushpop,heapreplace,heappush_max):
    l=[]; l[:]=[A(i,l) for i in range(6)]
    t(f,l,E(3,l))
class L(list): pass
l=L([3,1,2]); heapify(l); print(l, type(l)); heappush(l,0); print(l, heappop(l), l)
class X:
    def __lt__(s,o): raise ZeroDivisionError
l=[X(),X(),X()]
print(type(heappop([X(), X()])).__name__)
t(heapify,l)
l=[2]; t(heappush,l,X()); print(len(l))

# Heaps of a thousand items, in both orders, beside sorted().
state = 1
numbers = []
for i in range(1000):
    state = state * 6364136223846793005 % 2 ** 64 + 1442695040888963407
    numbers.append(state >> 40)
for push, pop, build, replace, pushpop, turn in (
    (heappush, heappop, heapify, heapreplace, heappushpop, False),
    (heappush_max, heappop_max, heapify_max, heapreplace_max, heappushpop_max, True),
):
    built, pushed = numbers[:], []
    build(built)
    for n in numbers: push(pushed, n)
    print(built[:5], pushed[:5], hash(tuple(built)), hash(tuple(pushed)))
    assert [pop(built) for n in numbers] == sorted(numbers, reverse=turn)
    print(replace(pushed, 5), pushpop(pushed, 7), pushpop(pushed, 2 ** 30), hash(tuple(pushed)))
