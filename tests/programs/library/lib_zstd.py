# compression.zstd: round trips, frames in pieces, dictionaries, parameters, what CPython has made, what is wrong.
import io
import pickle
import _zstd
from compression import zstd
from compression.zstd import CompressionParameter as C, DecompressionParameter as D, ZstdCompressor, ZstdDecompressor, ZstdDict


def told(work):
    try:
        print(repr(work())[:200])
    except Exception as error:
        print(type(error).__name__, error)


# made by CPython
MADE = {
    'level 3': '28b52ffd60b1002d0300a405776861742043507974686f6e20686173207061636b65642c3b20000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f0200454ca99875650c',
    'level 19': '28b52ffd60b1002d0300a405776861742043507974686f6e20686173207061636b65642c3b20000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f0200454ca998dd1d03',
    'checksum': '28b52ffd64b1002d0300a405776861742043507974686f6e20686173207061636b65642c3b20000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f0200454ca99875650cf8693423',
    'empty': '28b52ffd2000010000',
}
for name, packed in sorted(MADE.items()):
    print(name, zstd.decompress(bytes.fromhex(packed))[:60])

data = bytes(range(256)) * 4 + b'some text, some text; ' * 40
for level in (-5, 1, 3, 19):
    packed = zstd.compress(data, level)
    print(level, len(packed), zstd.decompress(packed) == data, zstd.decompress(packed + packed) == data * 2)
print(zstd.compress(b''), zstd.compress(b'abc'), zstd.compress(b'abc', options={C.checksum_flag: 1}))
print(_zstd.zstd_version, ZstdCompressor.CONTINUE, ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME)

# in pieces
one = ZstdCompressor(options={C.checksum_flag: 1, C.content_size_flag: 0})
packed = b''.join(one.compress(data[at:at + 100]) for at in range(0, len(data), 100)) + one.compress(b'!', one.FLUSH_BLOCK)
print(one.last_mode, ZstdDecompressor().decompress(packed) == data + b'!')
packed += one.flush()
print(one.last_mode, zstd.get_frame_info(packed), zstd.get_frame_size(packed + b'xx') == len(packed))
one, out = ZstdDecompressor(), b''
for at in range(len(packed)):
    out += one.decompress(packed[at:at + 1])
print(out == data + b'!', one.eof, one.needs_input, one.unused_data)
one = ZstdDecompressor()
out = one.decompress(packed + b'behind', 10)
print(out == data[:10], one.eof, one.needs_input, one.unused_data)
while not one.eof:
    out += one.decompress(b'', max_length=99)
print(out == data + b'!', one.eof, one.needs_input, one.unused_data)
told(lambda: one.decompress(b''))
one = ZstdCompressor()
one.set_pledged_input_size(5)
told(lambda: one.compress(b'123456'))
told(lambda: one.flush())
told(lambda: one.compress(b'abc', one.FLUSH_FRAME))
one.compress(b'a')
told(lambda: one.set_pledged_input_size(3))
for size in (-1, 'a', 1 << 64):
    told(lambda: one.set_pledged_input_size(size))
told(lambda: one.compress(b'hi', mode=5))
told(lambda: one.flush(0))

# dictionaries
raw = ZstdDict(b'0123456789' * 3, is_raw=True)
print(raw, len(raw), raw.dict_id, raw.dict_content, raw.as_prefix[1], raw.as_digested_dict[1], raw.as_undigested_dict[1])
for way in (raw, raw.as_prefix, raw.as_digested_dict, raw.as_undigested_dict):
    packed = zstd.compress(b'01234567890123456789', zstd_dict=way)
    print(packed[:-3] if way is raw.as_prefix else len(packed), zstd.decompress(packed, zstd_dict=way))
told(lambda: zstd.decompress(packed))
samples = [b'hello world %d, ' % at * 3 for at in range(200)]
trained = zstd.train_dict(samples, 500)
again = zstd.finalize_dict(trained, samples=samples, dict_size=600, level=3)
for made in (trained, again):
    packed = zstd.compress(samples[7], zstd_dict=made)
    print(made, len(packed) < len(zstd.compress(samples[7])), zstd.decompress(packed, zstd_dict=made) == samples[7])
    print(zstd.get_frame_info(packed).dictionary_id == made.dict_id, zstd.decompress(zstd.compress(samples[7], zstd_dict=made.as_prefix), zstd_dict=made.as_prefix) == samples[7])
told(lambda: zstd.decompress(packed))
for given in ((b'',), (b'abcdefgh',), (3,)):
    told(lambda: ZstdDict(*given))
bad = ZstdDict(b'\x37\xa4\x30\xec12345678abcd')
told(lambda: ZstdCompressor(zstd_dict=bad.as_digested_dict))
told(lambda: zstd.compress(b'abc', zstd_dict=bad))
told(lambda: ZstdDecompressor(bad))
told(lambda: ZstdDecompressor(bad.as_undigested_dict))
for way in (3, (1, 2), (raw, 5), (raw, 'a'), (raw,)):
    told(lambda: ZstdCompressor(zstd_dict=way))
told(lambda: _zstd.train_dict(b'', (), 10))
told(lambda: _zstd.train_dict(b'aaa', (2,), 100))
told(lambda: _zstd.train_dict(b'aaa', [3], 100))
told(lambda: _zstd.train_dict(b'aaa', ('a',), 10))
told(lambda: _zstd.finalize_dict(b'12345678', b'aaa', (3,), 100, 3))

# parameters
for key in C:
    if key not in (C.nb_workers, C.job_size, C.overlap_log):
        print(key.name, key.bounds(), end='; ')
print(D.window_log_max.bounds())
for options in (dict(level=23), dict(level=-131073), dict(level='a'), dict(level=3, options={}), dict(options={C.window_log: 50}), dict(options={999: 3}),
                dict(options={D.window_log_max: 20}), dict(options=3), dict(options={'a': 3}), dict(options={100: 'b'}), dict(options={100: 1 << 40}), dict(options={107: 10}),
                dict(level=1 << 40)):
    told(lambda: ZstdCompressor(**options))
for options in ({100: 9}, {C.window_log: 20}, {999: 1}, 3):
    told(lambda: ZstdDecompressor(options=options))
one = ZstdCompressor(options={C.window_log: 21})
wide = one.compress(b'a' * 3000) + one.flush()
told(lambda: ZstdDecompressor(options={100: 10}).decompress(wide))
told(lambda: _zstd.get_param_bounds(999, True))

# what is wrong
one = ZstdDecompressor()
told(lambda: one.decompress(b'abcdefgh'))
told(lambda: one.decompress(b''))
told(lambda: one.decompress(zstd.compress(b'still of use')))
told(lambda: ZstdDecompressor().decompress(zstd.compress(b'abc')[:6] + b'\xff' * 10))
for bad in (b'', wide[:-1], wide + b'abc'):
    told(lambda: zstd.decompress(bad))
told(lambda: zstd.get_frame_info(b'abcdefgh'))
told(lambda: zstd.get_frame_size(b''))
for one in (ZstdCompressor(), ZstdDecompressor(), raw):
    told(lambda: pickle.dumps(one))
skip = b'\x50\x2a\x4d\x18\x03\0\0\0abc'
print(zstd.decompress(skip + wide)[:3], zstd.get_frame_info(skip), zstd.get_frame_size(skip))

# files
raw = io.BytesIO()
with zstd.open(raw, 'wt', encoding='utf-8', newline='\n') as file:
    file.write('first\nsecond \xe9\n')
raw.seek(0)
with zstd.open(raw, 'rt', encoding='utf-8') as file:
    print(list(file))
