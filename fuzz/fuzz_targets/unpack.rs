//! Streams that are packed: `_bz2`, `_lzma`, `_zstd` and `zlib` read them as CPython 3.14 does, in pieces and under a cap on memory.
//!
//! The first byte says how: whose stream, and in which pieces it is read and given.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to. A stream that does not end is told by how it failed alone: when the last bytes of one are given is the
/// engine's affair.
const PROGRAM: &str = r#"
import _bz2, _lzma, _zstd, zlib
data, how = DATA, HOW
chain = [[{'id': 33, 'dict_size': 4096}], [{'id': _lzma.FILTER_LZMA1, 'dict_size': 4096}], [{'id': 3, 'dist': 2}, {'id': 4}, {'id': 33, 'dict_size': 4096}]]
made = [_bz2.BZ2Decompressor, _lzma.LZMADecompressor, lambda: _lzma.LZMADecompressor(memlimit=1 << 22), _zstd.ZstdDecompressor, zlib._ZlibDecompressor,
    lambda: _lzma.LZMADecompressor(3, filters=chain[0]), lambda: _lzma.LZMADecompressor(3, filters=chain[1]), lambda: _lzma.LZMADecompressor(3, filters=chain[2])][how % 8]
step = (1 << 20, 1, 7, 100)[how // 8 % 4]
most = (-1, 1, 50, 1 << 16)[how // 32 % 4]
one, out = made(), b''
try:
    at = 0
    while not one.eof and len(out) < 1 << 18:
        if one.needs_input:
            if at >= len(data): break
            piece, at = data[at:at + step], at + step
        else: piece = b''
        got = one.decompress(piece, most)
        if not got and not piece: break
        out += got
    if one.eof: print(len(out), out[:50], out[-50:], one.unused_data[:50])
except MemoryError: print('MemoryError')
except Exception as error: print('wrong')
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |_| true));
