import _struct
from _struct import *

def t(s, f):
    try: print(s, '->', f())
    except BaseException as e: print(s, '!!', type(e).__name__, e)

for a in [('i',bytearray(8),0,1),('i',bytearray(8),4,1),('i',bytearray(8),5,1),('i',bytearray(8),-4,1),('i',bytearray(8),-3,1),('i',bytearray(8),-9,1),('i',bytearray(3),0,1),('i',b'abcd',0,1),('i',bytearray(8)),('i',),('i',bytearray(8),0),('i',bytearray(8),0,1,2),('i',bytearray(8),'x',1),('i',bytearray(8),2**70,1),('3s',bytearray(8),1,b'ab'),('i',5,0,1),('i',bytearray(8),0,'x')]:
    t(f'pack_into{a}', lambda: (pack_into(*a), a[1]))
t('view', lambda: pack_into('i', memoryview(bytearray(8))[::2], 0, 1))
b = bytearray(12)
pack_into('<i', memoryview(b)[4:], 2, -2)
print(b)
