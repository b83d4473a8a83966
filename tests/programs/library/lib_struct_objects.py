import _struct
from _struct import *

def t(s, f):
    try: print(s, '->', f())
    except BaseException as e: print(s, '!!', type(e).__name__, e)

s=Struct('<hi'); print(s.size, s.format, s.pack(1,2), s.unpack(b'abcdef'), list(s.iter_unpack(b'abcdefghijkl')))
t('s.pack', lambda: s.pack(1)); t('s.pack3', lambda: s.pack(1,2,3)); t('Struct()', lambda: Struct()); t('Struct(3)', lambda: Struct(3)); t('Struct(a,b)', lambda: Struct('i','i')); t('kw', lambda: Struct(format='i').size)
t('set', lambda: setattr(s,'format','x'))
t('del', lambda: delattr(s,'size'))
s.__init__('q'); print(s.size)
class S(Struct):
    def __init__(self, f): super().__init__('<'+f); self.x=1
print(S('i').size, S('i').pack(1), S('i').x)
t('uninit', lambda: Struct.__new__(Struct).size); t('uninit2', lambda: Struct.__new__(Struct).pack(1)); t('uninit3', lambda: Struct.__new__(Struct).format); t('uninit4', lambda: Struct.__new__(Struct).unpack(b'')); t('uninit5', lambda: Struct.__new__(Struct).iter_unpack(b'')); t('u6', lambda: Struct.__new__(Struct))
t('sizeof', lambda: (Struct('i').__sizeof__(), Struct('3s2ix').__sizeof__(), Struct('').__sizeof__(), Struct('xxx').__sizeof__()))
t('clear', lambda: _struct._clearcache())


# What runs in the middle of it changes everything: the format, the buffer, the iterator.
s = Struct('<2i')
class Evil:
    def __init__(self, do): self.do = do
    def __index__(self):
        self.do()
        return 7
t('format changes', lambda: (s.pack(Evil(lambda: s.__init__('q')), 1), s.size))
b = bytearray(8)
def shrink():
    try: del b[:]
    except BufferError as e: print(e)
t('buffer shrinks', lambda: (pack_into('<2i', b, 0, Evil(shrink), 1), bytes(b)))
def twice():
    print(s.pack(5))
t('packs inside', lambda: s.pack(Evil(twice)))
b = bytearray(b'abcdefgh')
it = iter_unpack('<h', b)
print(next(it))
try: b.append(1)
except BufferError as e: print(e)
print(list(it), it.__length_hint__())
b.append(1)
print(len(b), next(it, None))
class Both(Struct):
    def __new__(cls, *a, **k): return super().__new__(cls, 'i')
    def __init__(self, f, k=1): super().__init__(f); self.k = k
print(Both('<i', k=5).k, Both('<i').pack(3))
import gc
s = Both('i'); s.me = s; gc.collect(); del s
print(gc.collect() > 0)
t('unhashable', lambda: unpack(bytearray(b'i'), b'abcd'))

