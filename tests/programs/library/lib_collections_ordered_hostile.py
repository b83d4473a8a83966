# OrderedDict: keys and values that change the dict while it is compared, copied, updated or emptied.
from _collections import OrderedDict
class G(OrderedDict):
    act=None
    def __getitem__(self,k):
        if G.act: a,G.act=G.act,None; a(self)
        return super().__getitem__(k)
def plain(value):
    shown = repr(value)
    while ' at 0x' in shown:
        start = shown.index(' at 0x')
        end = start + 6
        while end < len(shown) and shown[end] in '0123456789abcdef':
            end += 1
        shown = shown[:start] + shown[end:]
    return shown
def show(f):
    try: r=f(); print(plain(r))
    except BaseException as e: print(type(e).__name__, e)
for a in (lambda s:s.clear(), lambda s:s.pop('b'), lambda s:s.__setitem__('z',1), lambda s:s.move_to_end('a'),lambda s:s.pop('a')):
    g=G(a=1,b=2,c=3); G.act=a
    show(lambda: g.copy()); G.act=None
class K:
    def __init__(s,n): s.n=n
    act=None
    def __hash__(s): return 1
    def __eq__(s,o):
        if K.act: a,K.act=K.act,None; a()
        return s.n==o.n
    def __repr__(s): return 'K%d'%s.n
for a in (lambda:x.clear(), lambda:x.__setitem__(5,5), lambda: y.clear()):
  for n in range(1,4):
    x=OrderedDict([(K(1),1),(K(2),2)]); y=OrderedDict([(K(1),1),(K(2),2)])
    cnt=[0]
    def act():
        cnt[0]+=1
        if cnt[0]==n: a()
        else: K.act=act
    K.act=act
    show(lambda: x==y); K.act=None
def gen():
    yield ('a',1); o.clear(); yield ('b',2)
o=OrderedDict()
o.update(gen())
show(lambda:o)
class DD:
    def __del__(self): o.clear(); print('del')
o=OrderedDict(a=DD(),b=2)
o['a']=5
show(lambda:o)
o=OrderedDict(a=DD(),b=2)
o.pop('a')
show(lambda:o)
o=OrderedDict(a=DD(),b=DD())
o.clear()
show(lambda:o)
o=OrderedDict(a=DD(),b=2)
del o['a']
show(lambda:o)
o=OrderedDict(a=DD(),b=2)
o.popitem(last=False)
show(lambda:o)
class V:
    def __repr__(self): o.clear(); return 'V'
o=OrderedDict(a=V(),b=2)
show(lambda:o)
