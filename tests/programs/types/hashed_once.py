# Sets and dicts made of each other hash no key again.
class H(int):
    def __init__(s,*a): s.c=0
    def __hash__(s): s.c+=1; return int.__hash__(s)
def mk():
    d=dict.fromkeys(map(H,range(10))); return d
def cnt(d): return sum(k.c for k in d)
d=mk(); print('mk',cnt(d))
def t(n,f):
    d=mk(); s=set(d); b=cnt(d)
    f(s,d); print(n,cnt(d)-b)
t('set(d)',lambda s,d:set(d)); t('frozenset(d)',lambda s,d:frozenset(d)); t('diff d',lambda s,d:s.difference(d)); t('symupd d',lambda s,d:s.symmetric_difference_update(d)); t('fromkeys set',lambda s,d:dict.fromkeys(set(d))); t('fromkeys fs',lambda s,d:dict.fromkeys(frozenset(d),1)); t('inter d',lambda s,d:s.intersection(d)); t('union d',lambda s,d:s.union(d)); t('diffupd d',lambda s,d:s.difference_update(d)); t('issub',lambda s,d:s.issubset(d)); t('issup',lambda s,d:s.issuperset(d)); t('isdis',lambda s,d:s.isdisjoint(d)); t('update',lambda s,d:s.update(d)); t('interupd',lambda s,d:s.intersection_update(d)); t('symdiff',lambda s,d:s.symmetric_difference(d)); t('dict(d)',lambda s,d:dict(d)); t('d.copy',lambda s,d:d.copy()); t('|',lambda s,d:d|d); t('{**d}',lambda s,d:{**d}); t('upd',lambda s,d:d.update(d.copy())); t('keys|',lambda s,d:d.keys()|s); t('keys-',lambda s,d:d.keys()-s);t('keys^',lambda s,d:d.keys()^s); t('keys<=',lambda s,d:d.keys()<=s); t('==',lambda s,d:d==d.copy()); t('s==',lambda s,d:s==frozenset(d)); t('s&s',lambda s,d:s&set(d)); t('s-s',lambda s,d:s-set(d)); t('s^s',lambda s,d:s^set(d)); t('copy',lambda s,d:s.copy()); t('pop',lambda s,d:d.popitem()); t('spop',lambda s,d:s.pop()); t('set(keys)',lambda s,d:set(d.keys())); t('fromkeys d',lambda s,d:dict.fromkeys(d)); t('upd set', lambda s,d: s.update(set(d)));t('hashfs', lambda s,d: hash(frozenset(d)));
import collections
