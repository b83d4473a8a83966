import _struct
from _struct import *

def t(s, f):
    try: print(s, '->', f())
    except BaseException as e: print(s, '!!', type(e).__name__, e)

for f, *a in [('b',200),('b',-129),('B',-1),('B',256),('h',40000),('H',-1),('i',2**31),('I',-1),('I',2**32),('l',2**63),('L',-1),('L',2**64),('q',2**63),('Q',-1),('Q',2**64),('n',2**63),('N',-1),('P',-1),('P',2**64),('P',2**70),('<b',200),('<B',-1),('<h',40000),('<H',-1),('<i',2**31),('<I',-1),('<l',2**31),('<L',2**32),('<q',2**63),('<q',2**80),('<Q',-1),('<Q',2**64),('i','x'),('i',1.5),('<i','x'),('<i',None),('f','x'),('<f','x'),('<d',None),('f',1e40),('e',1e6),('<f',1e40),('d',10**400),('e',65519.9),('e',65520.0),('c','a'),('c',b''),('c',b'ab'),('c',bytearray(b'a')),('s','a'),('3s',b'abcdef'),('3s',bytearray(b'ab')),('p',b'abc'),('3p',b'abcdef'),('0p',b'abc'),('300p',b'a'*299),('p','x'),('?',[]),('?','x'),('i',),('i',1,2),('2i',1),('',1),('x',1),('F',1),('F','a'),('F',1+2j),('<D',1.5-2j),('<F',1e300j),('D',10**400),('q',True),('P',3),('n',-5),('<e',float('nan')),('<e',-0.0),('>f',1.1),('e',1e-8),('e',5.9e-8),('e',float('inf'))]:
    t(f'pack({f!r},{a})', lambda: pack(f,*a))
class I:
    def __index__(self): return 7
class F:
    def __float__(self): return 7.5
class X:
    def __index__(self): 1/0
class Y:
    def __float__(self): 1/0
class Z:
    def __bool__(self): 1/0
class W:
    def __index__(self): return 'x'
for f,a in [('i',I()),('<i',I()),('i',X()),('d',F()),('d',Y()),('?',Z()),('i',W()),('d',I()),('f',X()),('<?',Z()),('F',F()),('d','1')]:
    t(f'{f} {type(a).__name__}', lambda: pack(f,a))
t('view', lambda: pack('3s', memoryview(b'ab')))
t('object', lambda: pack('?', object()))
