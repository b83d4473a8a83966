# lzma: containers, filters, checks, streams in pieces, what CPython has made, what is wrong.
import _lzma
import copy
import io
import lzma
import pickle
import zlib
from lzma import (CHECK_CRC32, CHECK_CRC64, CHECK_NONE, CHECK_SHA256, FILTER_ARM, FILTER_DELTA, FILTER_IA64, FILTER_LZMA1, FILTER_LZMA2,
                  FILTER_POWERPC, FILTER_SPARC, FILTER_X86, FILTER_ARMTHUMB, FORMAT_ALONE, FORMAT_AUTO, FORMAT_RAW, FORMAT_XZ)


def told(work):
    try:
        print(repr(work())[:120])
    except Exception as error:
        print(type(error).__name__, error)


# made by CPython
MADE = {
    'xz': 'fd377a585a000004e6d6b4460200210116000000742fe5a3e001b000605d003b9a084869e977777282ccec6c862d53df10548bbbb9e407a128829e1e93545a4e2dc27c7467d26e907e5f96d8c30657ac7f85735dbab4cc61e7a8560d1dd4d7bc37eec03c4a1c733da66464b7c28c95e4ed7ae272f0e9e08a45957c1c9fd9ec00ece92da044779a6900017cb1030000002d97a780b1c467fb020000000004595a',
    'xz crc32 delta': 'fd377a585a0000016922de360201030103210114bbee7f12e001b000365d003b9a08486fad13a40a7f8cd6516d3636afe80862dd5b051c8f4d8648d9d33a018bfd930015255d681903e3a8215e0a54f6a9d50ea2c0000000c81e6c7400014eb1030000008b3115c93e300d8b020000000001595a',
    'xz sha x86 delta': 'fd377a585a00000ae1fb0ca104020301000404100000002101080000fdeb076ee001b0002d5d003bbc5b212bf42d54ecd5b6a911caebed84d023270c1f146ba54b76c9e4711d6092012e8f8c6ad307bb8bef400000000000c6a1b9da347515c46405e2a04db77c33f4275d49312ceb4d0dcfd256c39d1ac3000169b1030000000504bcd3b6e9df1c02000000000a595a',
    'xz none': 'fd377a585a000000ff12d941020021010c0000008f98419ce001b000615d003b9a084869e977777282ccec6c862d53de86271ae3685934a268dd1e14dac3254fe79ac11ce0e00da1de048f6cdad0cac94978c972a8183d7689b02a73f7ff0271cad75ffda387ae043e1d112a936a1ca77e9ad8e76a08c55fc68bd87378fdc44e00000000000175b103000000e5c6a8a7a8000afc020000000000595a',
    'alone': '5d00001000ffffffffffffffff003b9a084869e977777282ccec6c862d53de86271ae3685934a268dd1e14dac3254fe79ac11ce0e00da1de048f6cdad0cac94978c972a8183d7689b02a73f7ff0271cad75ffda387ae043e1d112a936a1ca77e9ad8e76a08c55fc68bd8738ceb2703fffbb29800',
    'empty': 'fd377a585a000004e6d6b446000000001cdf44211fb6f37d010000000004595a',
}
for name, packed in sorted(MADE.items()):
    packed = bytes.fromhex(packed)
    one = lzma.LZMADecompressor()
    out = one.decompress(packed)
    print(name, len(out), zlib.crc32(out), one.check, one.eof, one.unused_data)
    # the same, byte by byte, with something behind it
    one, out, at = lzma.LZMADecompressor(), b'', 0
    while not one.eof:
        out += one.decompress(packed[at:at + 1] + (b'rest' if at == len(packed) - 1 else b''))
        at += 1
    print(zlib.crc32(out), one.check, one.unused_data)

data = b'abc' * 50 + bytes(range(256)) + b'\xe8\x10\0\0\0' * 10
FAST = {'id': FILTER_LZMA2, 'preset': 0, 'dict_size': 4096}
ONE = {'id': FILTER_LZMA1, 'dict_size': 4096, 'lc': 0, 'lp': 2, 'pb': 0, 'mode': lzma.MODE_FAST, 'mf': lzma.MF_HC4, 'nice_len': 16}
for check in (CHECK_NONE, CHECK_CRC32, CHECK_CRC64, CHECK_SHA256):
    packed = lzma.compress(data, check=check, filters=[FAST])
    print(check, packed[:8], lzma.decompress(packed) == data, lzma.is_check_supported(check))
for chain in ([FAST], [ONE], [{'id': FILTER_DELTA, 'dist': 3}, FAST], [{'id': FILTER_DELTA}, {'id': FILTER_X86}, FAST],
              *([{'id': branch}, FAST] for branch in (FILTER_X86, FILTER_ARM, FILTER_ARMTHUMB, FILTER_IA64, FILTER_POWERPC, FILTER_SPARC)),
              [{'id': FILTER_X86, 'start_offset': 64}, ONE]):
    packed = lzma.compress(data, FORMAT_RAW, filters=chain)
    print(lzma.decompress(packed, FORMAT_RAW, filters=chain) == data, end=' ')
    if chain[-1] is FAST:
        print(lzma.decompress(lzma.compress(data, filters=chain)) == data, end=' ')
print()
alone = lzma.compress(data, FORMAT_ALONE, filters=[ONE])
print(alone[:13], lzma.decompress(alone) == data, lzma.decompress(alone, FORMAT_ALONE) == data)
print(lzma.compress(b''), lzma.decompress(lzma.compress(b'', filters=[FAST])))

# in pieces
packed = lzma.compress(data, filters=[FAST]) + b'behind'
one = lzma.LZMADecompressor()
out = one.decompress(packed, 10)
print(out == data[:10], one.check, one.eof, one.needs_input, one.unused_data)
while not one.eof:
    out += one.decompress(b'', max_length=99)
print(out == data, one.eof, one.needs_input, one.unused_data)
told(lambda: one.decompress(b''))
one = lzma.LZMACompressor(filters=[FAST])
print(one.compress(b'') + one.compress(data[:5]) + one.flush() != b'')
told(lambda: one.compress(b''))
told(lambda: one.flush())

# what is wrong with data
good = packed[:-6]
def broken(at, by):
    one = lzma.LZMADecompressor()
    told(lambda: (one.decompress(good[:at] + by + good[at + len(by):]), one.eof)[1])
    told(lambda: one.decompress(b''))
for at, by in ((0, b'abcdefghijklmnop'), (6, b'\1'), (7, b'\2'), (13, b'\x80'), (20, b'\0'), (40, b'\xff\xff'), (len(good) - 2, b'XX'), (len(good) - 20, b'\xff')):
    broken(at, by)
told(lambda: lzma.decompress(good[:-3]))
told(lambda: lzma.LZMADecompressor(memlimit=1000).decompress(good))
told(lambda: lzma.LZMADecompressor(FORMAT_ALONE).decompress(good))
told(lambda: lzma.LZMADecompressor(FORMAT_XZ).decompress(alone))
for header in (b'\xe1\0\0\x80\0' + b'\xff' * 8, b']\0\0\x81\0' + b'\xff' * 8, b']\0\0\x80\0' + b'\xff' * 7 + b'\0', b'LZIPx\x0c', b'LZIX\1\x0c', b'LZIP\1\x0c'):
    told(lambda: lzma.LZMADecompressor().decompress(header + b'\1' * (10 if header[0] == 93 else 0)))

# what is wrong with options
for options in (dict(format=7), dict(format=3), dict(format=1, filters=[]), dict(memlimit=-1), dict(memlimit='a'), dict(format=3, memlimit=5, filters=[FAST]),
                *(dict(format=3, filters=filters) for filters in (
                    [], [{'id': 3}], [{}], [3], [{'id': 99}], 3, [{'id': 33, 'x': 3}], [FAST] * 5, [FAST, FAST], [{'id': 3, 'dist': 300}, FAST],
                    [{'id': 33, 'preset': 60}], [{'id': 33, 'dict_size': 1 << 40}], [{'id': 'a'}], [{'id': -3}], [{'id': 1 << 64}], [{'id': 3, 'dist': 'q'}, FAST],
                    [{'id': 4, 'dist': 1}, FAST], [{'id': FILTER_LZMA1, 'lc': 7}], [{'id': 6, 'start_offset': 8}, FAST]))):
    told(lambda: lzma.LZMADecompressor(**options))
for options in (dict(format=7), dict(format=0), dict(format=3), dict(format=3, check=1), dict(format=2, check=1), dict(preset=1, filters=[]), dict(filters=[]),
                dict(preset=10), dict(preset=-1), dict(preset='a'), dict(check=3), dict(check=16), dict(format=2, preset=10), dict(format=2, filters=[FAST]),
                dict(filters=[ONE]), dict(filters=[{'id': 3}]), dict(filters=[FAST | {'nice_len': 1000}]), dict(filters=[FAST | {'mf': 100}]),
                dict(filters=[FAST | {'mode': 100}]), dict(filters=[FAST | {'lc': 4, 'lp': 1}]), dict(filters=[FAST | {'pb': 5}]), dict(filters=[FAST | {'dict_size': 4095}]),
                dict(filters=[FAST | {'depth': -1}]), dict(filters=[{'id': 3, 'dist': 0}, FAST]), dict(check='a'), dict(preset=6 | 1 << 30)):
    told(lambda: lzma.LZMACompressor(**options))

# properties
encode, decode = _lzma._encode_filter_properties, _lzma._decode_filter_properties
for spec in ({'id': 33}, {'id': FILTER_LZMA1}, {'id': 3}, {'id': 3, 'dist': 256}, {'id': 4}, {'id': 4, 'start_offset': 16}, {'id': 10}, {}, 5,
             {'id': 33, 'dict_size': 4097}, {'id': FILTER_LZMA1, 'lc': 9}, {'id': 3, 'dist': 0}, {'id': 33, 'dict_size': 0xffffffff}):
    told(lambda: encode(spec))
for given in ((33, b'\x16'), (33, b''), (33, b'\x29'), (33, b'\x28'), (FILTER_LZMA1, b']\0\0\x80\0'), (FILTER_LZMA1, b'\xff\0\0\x80\0'), (3, b'\x05'), (4, b''),
              (4, b'\x10\0\0\0'), (4, b'\x10'), (99, b''), (10, b''), ('a', b''), (-1, b''), (33, 'a')):
    told(lambda: decode(*given))
for one in (lzma.LZMACompressor(filters=[FAST]), lzma.LZMADecompressor()):
    told(lambda: copy.copy(one))
    told(lambda: pickle.dumps(one))

# files
raw = io.BytesIO()
with lzma.open(raw, 'wt', encoding='utf-8', newline='\n', filters=[FAST]) as file:
    file.write('first\nsecond \xe9\n')
raw.seek(0)
with lzma.open(raw, 'rt', encoding='utf-8') as file:
    print(list(file))
