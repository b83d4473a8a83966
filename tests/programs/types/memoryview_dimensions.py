# Views of any number of dimensions: what can be asked of them, and how each misuse fails.

def shown(value):
    """The repr, but nothing of where in memory it is."""
    if isinstance(value, tuple):
        return '(' + ', '.join(map(shown, value)) + ')'
    if isinstance(value, memoryview):
        return f'<view {value.format} {value.shape} {value.strides}>'
    if type(value).__name__ == 'memory_iterator':
        return '<iterator>'
    return repr(value)

def try_each(lines):
    for line in lines.strip().splitlines():
        try:
            result = shown(eval(line, globals()))
        except Exception as error:
            result = f'{type(error).__name__}: {error}'
        print(line, '=>', result)

class One:
    def __index__(self):
        return 1

mv = memoryview
m = mv(bytes(range(12)))
m2 = m.cast('B', (3, 4))
m0 = mv(bytes(4)).cast('I', ())
w = mv(bytearray(12))
w2 = w.cast('B', (3, 4))
w0 = mv(bytearray(4)).cast('I', ())

try_each(r"""
len(m0)
bool(m0)
m0.tolist()
m0[...]
m0[()]
m0[0]
m0[0,]
m0[:]
w0.__setitem__((), 5), w0[()]
w0.__setitem__(..., 6), w0[()], w0[...].ndim
w0.__setitem__(0, 6)
list(m0)
list(m2)
iter(m)
m0.count(0)
m0.index(0)
m2.count(0)
m2.index(0)
m2[0:2].tolist(), m2[::2].tolist(), m2[::-1].tolist(), m2[::-1].strides, m2[::-1].shape
m2[::2].c_contiguous, m2[::2].f_contiguous, m2[::2].contiguous, m2[:1].f_contiguous,m2.f_contiguous,m2.c_contiguous
m2[0:2,0:2]
m2[0:2,0]
m2[...]
m2[0,]
m2[0,0,0]
m2['a']
m2[0,'a']
m2[()]
m2[0, 7]
m2[0, -5]
m2[One(), One()]
w2.__setitem__((1,2), 7), w2.tolist()
w2.__setitem__(0, 7)
w2.__setitem__((0,), 7)
w2.__setitem__(slice(0,1), w2[0:1])
w2.__setitem__((slice(0,1), slice(0,1)), 1)
w2.__setitem__('a', 1)
w2.__setitem__((0,0,0), 1)
w.__setitem__((0,0), 1)
w.__setitem__('a', 1)
w.__setitem__(..., 1)
w.__setitem__(20, 1)
w.__setitem__(slice(0,3), b'ab')
w.__setitem__(slice(0,3), 5)
w.__setitem__(slice(0,3), mv(b'abc').cast('b'))
w.__setitem__(slice(0,3), mv(bytes(12)).cast('I'))
w.__setitem__(slice(0,3), m2)
m[3:0:-1][0:0].strides, m[0:0].strides, m[5:5:2].strides, m[3:0:-1].contiguous, m[0:0:-1].contiguous, m[1:2:2].strides, m[1:2:2].contiguous
m[0:0:3].tobytes(), m[0:0:3].nbytes, m[0:0:3].shape
m.suboffsets, m0.suboffsets, m2.suboffsets
m.shape, m0.shape, m0.strides, m0.ndim, m0.nbytes, m0.itemsize, m0.contiguous
m2.hex(), m2[::2].hex(':',2), m0.hex(), m.hex(b'-'), m.hex('-', -3), m.hex(sep='x'), m.hex(bytes_per_sep=2), m.hex(sep='-', bytes_per_sep=2)
m.hex('ab')
m.hex(5)
m.hex('-', 'a')
m.hex(1,2,3)
m2.tobytes('F'), m2.tobytes('A'), m2.tobytes(), m2[::2].tobytes('F'), m2[::-1].tobytes(), m0.tobytes('F')
m2.tobytes(5)
m2.tobytes('Q')
m2.tobytes(order=None)
m2.tobytes(1,2)
hash(m2)==hash(bytes(range(12))), hash(m0)
hash(m.cast('I'))
hash(w)
hash(w.toreadonly())
hash(m.cast('c'))==hash(bytes(range(12)))
m.cast('B', (0,3))
m.cast('B', (-1,))
m.cast('B', ('a',))
m.cast('B', (1.5,))
m.cast('B', 5)
m.cast('B', 'abc')
m.cast('B', range(3))
m.cast('B', [])
m.cast('B', ())
m.cast('B', [12]).shape
m.cast('B', (2,2,3)).tolist()
m.cast('H', (2,3)).tolist()
m.cast('B', [1]*65)
m.cast('B', [1]*64 )
m.cast('B', [1]*63+[12]).ndim
m.cast('B', (2**62, 2**62))
m.cast('B', (2**64,))
m2.cast('B', (4,3))
m2.cast('I')
m2.cast('H').tolist()
m2.cast('I', (3,)).tolist()
m2[::2].cast('B')
mv(b'').cast('I')
mv(b'').cast('I').tolist(), mv(b'').cast('I').shape
mv(b'').cast('B', (0,))
mv(b'').cast('B', ())
mv(b'').cast('B', (0,1))
mv(b'')[0:0].cast('I')
mv(b'').cast('c', shape=[0])
m.cast('@I').format, m.cast('@I').cast('B').format, m.cast('I').cast('@B').format
m.cast('I').cast('@H')
m.cast('I').cast('@B').cast('@b').tolist()
m.cast('=I')
m.cast('II')
m.cast('@')
m.cast('\u20ac')
m.cast('@s')
m.cast(b'B')
m.cast()
m.cast('B', shape=None)
m.cast(format='b', shape=(3,4)).tolist()
m.cast('B', (3,4), 5)
m.cast('e').tolist()
mv(bytes(range(16))).cast('F').tolist()
mv(bytes(range(16))).cast('D').tolist()
mv(bytes(range(16))).cast('P').tolist()
m2 == m2, m2 == m, m0 == m0, m0 == mv(bytes(4)), m2 == m2[::-1], m.cast('I') == m.cast('i'), m.cast('I')==m
mv(b'ab') == bytearray(b'ab'), b'ab' == mv(b'ab'), bytearray(b'ab') == mv(b'ab'), mv(b'ab') != b'ab'
mv(b'ab').__eq__(5), mv(b'ab').__lt__(b'ab'), mv(b'ab') == 5
b'ab' < mv(b'ac')
bytearray(b'ab') < mv(b'ac'), mv(b'ab') < bytearray(b'ac')
mv(b'ab') < mv(b'ac')
bytearray(b'ab') == m2
mv(b'a')+mv(b'b')
b'a'+m2[::2]
b'a'+m2
m2.toreadonly().tolist()
mv._from_flags(b'ab', 0), mv._from_flags(b'ab', 284).tolist()
mv._from_flags(b'ab', 1)
mv._from_flags(bytearray(b'ab'), 1).readonly
mv._from_flags(5, 1)
mv._from_flags(b'ab')
mv._from_flags(b'ab', 'a')
mv._from_flags(m, 1)
mv._from_flags(object=b'a', flags=0).tolist()
m.__buffer__(0).tolist(), m.__buffer__(0).obj is m
m2.__buffer__(0)
m2.__buffer__(0).tolist(), m2.__buffer__(8).shape
m2[::2].__buffer__(0)
m2[::2].__buffer__(24).tolist()
m2[::2].__buffer__(0x18|0x20)
m2[::2].__buffer__(0x18|0x40)
m2[::2].__buffer__(0x18|0x80)
m2.__buffer__(0x18|0x40)
m.__buffer__(4)
m.cast('I').__buffer__(8).format, m.cast('I').__buffer__(8).tolist()
m.cast('I').__buffer__(0).format, m.cast('I').__buffer__(0).tolist()
m.cast('I').__buffer__(12).format
m.__buffer__(2**40)
m.__buffer__('a')
m.__buffer__(-1)
b'a'.__buffer__(-1)
m.__release_buffer__(m)
m.__release_buffer__(5)
mv()
mv(x=1)
mv[int, str]
type(iter(m)), type(iter(m)).__module__
iter(m).__length_hint__()
""")

# Every format there and back, at the ends of its range and beyond.
for letter, values in {
    'b': (-128, 127, 128), 'B': (0, 255, 256, -1), 'h': (-2 ** 15, 2 ** 15), 'H': (2 ** 16 - 1, -1), 'i': (-2 ** 31, 2 ** 31),
    'I': (2 ** 32 - 1, 2 ** 32), 'l': (-2 ** 63, 2 ** 63), 'L': (2 ** 64 - 1, 2 ** 64), 'q': (-1, 2 ** 63), 'Q': (2 ** 63, -1),
    'n': (-5, 2 ** 63), 'N': (5, -1), 'P': (2 ** 64 - 1, 2 ** 64), '?': (True, [], 'x', 7), 'c': (b'x', b'', b'xy', 1, bytearray(b'x')),
    'e': (1.5, 65504, 65519.9, 65520, 1e9, 'x'), 'f': (0.1, 1e300, -1e-60, 10 ** 400), 'd': (0.1, True, 10 ** 400, None, 1j),
}.items():
    room = memoryview(bytearray(8)).cast(letter)
    for value in values:
        try:
            room[0] = value
            print(letter, value, room[0], room[:1].tobytes())
        except Exception as error:
            print(letter, str(value)[:10], type(error).__name__, error)

class Fails:
    def __init__(self, error):
        self.error = error
    def __index__(self):
        raise self.error
    __float__ = __bool__ = __index__

for letter in 'Bd?c':
    for error in TypeError('t'), ValueError('v'), OverflowError('o'), KeyError('k'):
        try:
            memoryview(bytearray(8)).cast(letter)[0] = Fails(error)
        except Exception as found:
            print(letter, type(found).__name__, found)

# As a sequence.
match memoryview(b'abc'):
    case [first, *rest]:
        print(first, rest)
with memoryview(b'xyz') as view:
    print(list(reversed(view)), 121 in view, b'y' in view.cast('c'), list(view))
for attribute in 'obj nbytes itemsize format ndim shape strides suboffsets readonly c_contiguous f_contiguous contiguous'.split():
    try:
        getattr(view, attribute)
    except ValueError as error:
        print(attribute, error)
