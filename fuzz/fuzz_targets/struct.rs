//! Formats and bytes: `_struct` reads, writes and measures as CPython 3.14 does.
//!
//! The first byte says how long the format is; the format and the bytes that it reads follow.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to.
const PROGRAM: &str = r#"
import _struct, binascii
def told(error):
    print(type(error).__name__, str(error)[:300])

data = DATA
how = HOW
format, rest = data[:how % 24], data[how % 24:]
try: kind = _struct.Struct(format)
except Exception as error: told(error)
else:
    print(kind.size, kind.format)
    made = []
    for read in (lambda: kind.unpack(rest), lambda: kind.unpack_from(rest, how // 24 - 2), lambda: list(kind.iter_unpack(rest))[:20]):
        try:
            found = read()
            print(repr(found)[:2000])
            made.append(found)
        except Exception as error: told(error)
    values = [0, -1, 1.5, b'ab', True, 'x', 2**31, -2**63, 10**30, None]
    for items in [made[0] if made else (), values[:how % 5], [values[how % 10]] * (how % 4), [rest[:3], how, -how]]:
        if items and type(items[0]) is tuple: items = items[0]
        try:
            packed = kind.pack(*items)
            print(len(packed), binascii.hexlify(packed)[:2000])
            room = bytearray(b'.' * (how + 4))
            kind.pack_into(room, how // 16 - 4, *items)
            print(binascii.crc32(room))
        except Exception as error: told(error)
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |_| true));
