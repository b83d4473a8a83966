# bz2: round trips, streams in pieces, what CPython has made, what is wrong.
import bz2
import copy
import io
import pickle
from _bz2 import BZ2Compressor, BZ2Decompressor


def told(work):
    try:
        print(repr(work())[:120])
    except Exception as error:
        print(type(error).__name__, error)


# made by CPython
MADE = '425a683931415926535913b7fe8e00001297804004080040002e49cca020002194193434c42869a60023b191b08b05c70b9f1597832c85853d7c5dc914e142404edffa38'
told(lambda: bz2.decompress(bytes.fromhex(MADE)))
told(lambda: bz2.decompress(bz2.compress(b'some text, some text')))
data = bytes(range(256)) * 5 + b'abc' * 300
for level in (1, 9):
    packed = bz2.compress(data, level)
    print(level, packed[:4], bz2.decompress(packed) == data, bz2.decompress(packed + packed) == data * 2)
print(bz2.compress(b''), bz2.decompress(b''), bz2.decompress(bz2.compress(b'')))

# in pieces
packed = bz2.compress(data) + b'behind'
one, out = BZ2Decompressor(), b''
for at in range(len(packed) - 6):
    out += one.decompress(packed[at:at + 1])
print(out == data, one.eof, one.needs_input, one.unused_data)
one = BZ2Decompressor()
out = one.decompress(packed, 10)
print(out == data[:10], one.eof, one.needs_input, one.unused_data)
while not one.eof:
    out += one.decompress(b'', max_length=700)
print(out == data, one.eof, one.needs_input, one.unused_data)
told(lambda: one.decompress(b''))
one = BZ2Decompressor()
print(one.decompress(packed[:50], 0), one.needs_input, one.decompress(b'', 0), one.decompress(packed[50:], -1) == data)

# what is wrong
for given in ((0,), (10,), ('a',), (1, 2)):
    told(lambda: BZ2Compressor(*given))
told(lambda: BZ2Compressor(compresslevel=3))
one = BZ2Compressor()
one.flush()
told(lambda: one.compress(b''))
told(lambda: one.flush())
told(lambda: BZ2Compressor().compress('text'))
for bad in (b'no stream', packed[:40] + b'\xff' + packed[41:-6], packed[:-8] + b'ab'):
    one = BZ2Decompressor()
    told(lambda: one.decompress(bad) and None)
    told(lambda: one.decompress(b'more'))
    print(one.eof, one.needs_input, one.unused_data)
told(lambda: bz2.decompress(packed[:30]))
for one in (BZ2Compressor(), BZ2Decompressor()):
    told(lambda: copy.copy(one))
    told(lambda: pickle.dumps(one))
told(lambda: setattr(one, 'eof', 1))
told(lambda: type('Own', (BZ2Compressor,), {}))

# files
raw = io.BytesIO()
with bz2.open(raw, 'wt', encoding='utf-8', newline='\n') as file:
    file.write('first\nsecond \xe9\n')
raw.seek(0)
with bz2.open(raw, 'rt', encoding='utf-8') as file:
    print(list(file))
with bz2.BZ2File(io.BytesIO(packed[:-6])) as file:
    print(file.read(5), file.seek(300), file.read(4), file.peek(1)[:1], file.tell())
