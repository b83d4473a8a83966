# marshal: what it writes and reads back, references, and bytes that are nobody's.
import marshal


def kind(work):
    try:
        return repr(work())[:70]
    except Exception as error:
        return f'{type(error).__name__}: {error}'


VALUES = [
    None, True, False, ..., 0, 1, -1, 255, 2**31 - 1, -2**31, 2**31, 2**40, -2**70, 3**200, -(3**201), 1.5, -0.0, 0.1, 1e300,
    float('inf'), 1j, 1.5 - 2j, '', 'a', 'name', 'two words', 'é', '\u20ac', '\U0001f600', '\ud800', 'x' * 300, b'', b'bytes', (),
    (1,), (1, (2, ('three',))), tuple(range(300)), [], [1, [2, []]], {}, {1: 2, 'k': [3]}, {1}, frozenset(), frozenset(['a', 'b']),
]
for version in range(6):
    for value in VALUES:
        back = marshal.loads(marshal.dumps(value, version))
        if not (back == value and type(back) is type(value)) and value == value:
            print(version, repr(value)[:60], repr(back)[:60])
print(marshal.loads(marshal.dumps(slice(1, 'b', None))), kind(lambda: marshal.dumps(slice(1), 4)))
print(repr(marshal.loads(marshal.dumps(-0.0))), repr(marshal.loads(marshal.dumps(float('nan'), 1))))
print(marshal.loads(marshal.dumps(StopIteration)), marshal.version)

# What is the same object stays so, but for what older versions know nothing of.
inner = ['x']
pair = marshal.loads(marshal.dumps([inner, inner]))
print(pair[0] is pair[1])
pair = marshal.loads(marshal.dumps([inner, inner], 2))
print(pair[0] is pair[1], pair[0] == pair[1])
ring = []
ring.append(ring)
again = marshal.loads(marshal.dumps(ring))
print(again[0] is again, kind(lambda: marshal.dumps(ring, 2)))
table = {}
table['self'] = table
again = marshal.loads(marshal.dumps(table))
print(again['self'] is again)

# Names are interned.
name = ''.join(['some', 'name'])
import sys
name = sys.intern(name)
print(marshal.loads(marshal.dumps(name)) is name)

# Buffers are bytes; subclasses are nobody's.
print(marshal.loads(marshal.dumps(bytearray(b'abc'))), marshal.loads(marshal.dumps(memoryview(b'xyz'))))
class Number(int): pass
class Text(str): pass
class Items(list): pass
for odd in (Number(3), Text('x'), Items(), object(), print, type, [object()], {object(): 1}):
    print(kind(lambda: marshal.dumps(odd)))

# Codes.
def function(a, b=2, *c, d, **e):
    "doc"
    return [a + n for n in (1, 2.5, 'x')] + [lambda: d]
code = marshal.loads(marshal.dumps(function.__code__))
print(code == function.__code__, code.co_name, code.co_varnames, code.co_consts[0], code.co_filename == function.__code__.co_filename)
print(type(function)(code, {})(1.5, d=4) if False else code.co_argcount, list(code.co_lines()) == list(function.__code__.co_lines()))
made = type(function)(compile('x = [i * i for i in range(5)]\ny = {"k": (1, 2)}', 'f', 'exec'), {})
space = {}
exec(marshal.loads(marshal.dumps(made.__code__)), space)
print(space['x'], space['y'])
print(kind(lambda: marshal.dumps(function.__code__, allow_code=False)))
print(kind(lambda: marshal.loads(marshal.dumps(function.__code__), allow_code=False)))
print(kind(lambda: marshal.dumps([function.__code__], 5, allow_code=False)))

# Bytes that stand for nothing.
for bad in [b'', b'\xff', b'i\0', b'r\1\0\0\0', b'0', b'l\xff\xff\xff\x7f', b'l\1\0\0\0\0\xff', b's\xff\xff\xff\xff', b'{NN', b'g\0',
            b'<\1\0\0\0[\0\0\0\0', b'l\1\0\0\0\0\0', b')\1', b'[\1\0\0\0', b'{N', b'[\xff\xff\xff\xff', b'<\xff\xff\xff\xff', b')\2N',
            b')\2N0', b'u\xff\xff\xff\xff', b'f\3abc', b'(\xff\xff\xff\xff', b')\1' * 2100 + b'N', b'r\xff\xff\xff\xff', b'z\5abc',
            b'i\1\0\0\0' * 2, b'(\2\0\0\0NN', b'\xdb\1\0\0\0r\0\0\0\0', b'\xbe\1\0\0\0r\0\0\0\0', b'>\1\0\0\0{0']:
    print(bad[:14], kind(lambda: marshal.loads(bad)))
for given in ('text', 3, None):
    print(kind(lambda: marshal.loads(given)))
print(kind(lambda: marshal.loads(b'N', 3)), kind(lambda: marshal.dumps()))

deep = []
for _ in range(3000):
    deep = [deep]
print(kind(lambda: marshal.dumps(deep)))

# Files.
class File:
    def __init__(self, data=b''):
        self.data, self.at = data, 0
    def write(self, data):
        self.data += data
        return len(data)
    def read(self, count=-1):
        part = self.data[self.at:] if count < 0 else self.data[self.at:self.at + count]
        self.at += len(part)
        return part
    def readinto(self, room):
        part = self.read(len(room))
        room[:len(part)] = part
        return len(part)
file = File()
for value in ([1, 2], 'text', None, {'k': b'v'}):
    marshal.dump(value, file)
print([marshal.load(file) for _ in range(4)], kind(lambda: marshal.load(file)))
class Liar(File):
    def readinto(self, room):
        return super().readinto(room) + 10**6
class Short(File):
    def readinto(self, room):
        return 0
class Wrong(File):
    def read(self, count=-1):
        return 'text'
for cls in (Liar, Short, Wrong):
    print(kind(lambda: marshal.load(cls(b'i\1\0\0\0'))))
print(kind(lambda: marshal.load(3)), kind(lambda: marshal.dump(1, 3)))
print(kind(lambda: marshal.dumps({}, 'x')))
