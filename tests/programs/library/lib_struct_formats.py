import _struct
from _struct import *

def t(s, f):
    try: print(s, '->', f())
    except BaseException as e: print(s, '!!', type(e).__name__, e)

print([k for k in dir(_struct) if not k.startswith('__')])
for f in ['', 'z', '3', '3 i', ' <i', '<', '<@', 'i\0', b'i', 'é', b'\xff', 3, None, '99999999999999999999i', '9223372036854775807i', '0i', 'i3', '2147483648s', '0s','@bq','@qb','=bq','bqb', 'bi0q', '>n', 'n', 'P', '<P', '3x', '5p', '0p','2?', 'e','d','f','F','D','<F','>D', '10  i', '  i', 'i   ', '1 0i', 'i\ni\t', '!i', '=l','@l','^i']:
    t(f'calcsize({f!r})', lambda: calcsize(f))
t('pack()', lambda: pack()); t('pack kw', lambda: pack(format='i')); t('unpack()', lambda: unpack('i')); t('calcsize()', lambda: calcsize())
t('big', lambda: pack('100000000000s', b'')[:1]); t('n', lambda: pack('bxxxi',1,2)); t('al', lambda: pack('bhilq',1,2,3,4,5)); t('al=', lambda: pack('=bhilq',1,2,3,4,5)); t('>',lambda: pack('>bhilqQ',1,2,3,4,5,6))
for k in ('calcsize', 'unpack', 'unpack_from', 'iter_unpack'):
    print(k, getattr(_struct, k).__text_signature__)
for k in ('unpack', 'unpack_from', 'iter_unpack'):
    print(k, getattr(Struct, k).__text_signature__)
for i in range(300):
    assert calcsize('%dx' % i) == i
_struct._clearcache()
