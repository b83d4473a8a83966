import _struct
from _struct import *

def t(s, f):
    try: print(s, '->', f())
    except BaseException as e: print(s, '!!', type(e).__name__, e)

for f,b in [('i',b'abc'),('i',b'abcde'),('<2h',b'abcd'),('4s',b'abcd'),('c2x c',b'abcd'),('3p',b'\x02abc'),('3p',b'\xffab'),('5p',b'\x02abcd'),('?',b'\x02'),('i','abcd'),('i',5),('e',b'\x00\x3c'),('<e',b'\x01\x00'),('f',b'\0\0\x80\x7f'),('P',b'\0'*8),('n',b'\xff'*8),('',b''),('0s',b''),('b',bytearray(b'\xff')),('F',bytes(8)),('D',bytes(16)),('q',b'\xff'*8),('Q',b'\xff'*8),('p',b'a'),('2p',b'')]:
    t(f'unpack({f!r},{b!r})', lambda: unpack(f,b))
for a in [('i',b'abcdefgh'),('i',b'abcdefgh',2),('i',b'abcdefgh',5),('i',b'abcdefgh',-4),('i',b'abcdefgh',-3),('i',b'abcdefgh',-9),('i',b'abc'),('i',b'abcdefgh',2**70),('i',b'abc',-2**70),('i',b'abcd','x'),('i',)]:
    t(f'unpack_from{a}', lambda: unpack_from(*a))
t('kw', lambda: unpack_from('i', buffer=b'abcdefgh', offset=4)); t('kw2', lambda: Struct('i').unpack_from(offset=4,buffer=b'abcdefgh')); t('kw3', lambda: unpack_from(format='i', buffer=b''))
for a in [('i',b'abcdefgh'),('i',b'abcde'),('i',b''),('',b''),('i','x'),('x',b'ab'),('0i',b'')]:
    t(f'iter_unpack{a}', lambda: list(iter_unpack(*a)))
it=iter_unpack('<h',b'abcdef'); print(type(it), it.__length_hint__(), next(it), it.__length_hint__(), iter(it) is it); 
t('new', lambda: type(it)())
t('nan', lambda: pack('<d', float('nan'))); t('nan', lambda: unpack('<d', b'\1\0\0\0\0\0\xf8\x7f')); t('snan', lambda: pack('<f', unpack('<f', b'\1\0\x80\x7f')[0]))
t('view', lambda: unpack('h', memoryview(b'abcd')[::2]))
t('view', lambda: unpack('B', memoryview(b'\xff')))
