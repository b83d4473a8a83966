# Where records are read and written, and what happens to the buffer meanwhile.
import struct
from struct import Struct, error, pack, pack_into, unpack, unpack_from


def t(f, *args, **names):
    try:
        print(f(*args, **names))
    except BaseException as e:
        print(type(e).__name__, e)


s = Struct('<hi')
data = bytes(range(12))
for offset in (0, 1, 6, 7, 12, 13, -6, -5, -7, -12, -13, 2**62, -2**62, 2**70, '1', 1.0, None, True):
    t(s.unpack_from, data, offset)
    t(unpack_from, '<hi', data, offset)
    t(s.pack_into, bytearray(12), offset, 1, 2)
    t(pack_into, '<hi', bytearray(12), offset, 1, 2)
for buffer in (data[:6], bytearray(data[:6]), memoryview(data)[:6], memoryview(data)[::2], 'text', 5, None, [1]):
    t(s.unpack, buffer)
    t(unpack, '<hi', buffer)
    t(s.unpack_from, buffer)
    t(unpack_from, '<hi', buffer, offset=0)
    t(s.pack_into, buffer, 0, 1, 2)


class Bytes(bytes):
    def __buffer__(self, flags):
        print('asked for')
        return memoryview(b'abcdef')


t(s.unpack, Bytes(6))
t(s.unpack_from, Bytes(6))


class Index:
    def __init__(self, then):
        self.then = then

    def __index__(self):
        self.then()
        return 0


array = bytearray(data)
t(s.unpack_from, array, Index(array.clear))
t(s.pack_into, array, Index(array.clear), 1, 2)
t(s.pack_into, array, 0, Index(array.clear), 2)
print(len(array))
view = memoryview(array)
t(s.unpack_from, view, Index(view.release))
t(s.unpack_from, 5, Index(lambda: print('not asked')))
array = bytearray(data)
t(s.unpack_from, array, Index(lambda: array.__setitem__(slice(0, 6), b'zzzzzz')))
# A Struct that is made anew while its arguments are looked at.
t(s.unpack_from, data, Index(lambda: s.__init__('<q')))
t(Struct.__new__(Struct).unpack, b'')
t(Struct.__new__(Struct).unpack_from, b'', 0)
t(unpack, '<0s', b'')
t(unpack, '', b'')
t(unpack_from, '<0i', b'abc', 3)
