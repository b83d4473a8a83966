//! `_codecs_hk`: Big5 with Hong Kong's supplementary characters.

use super::codec::{Code, Codec, Next, Read, State, Wrote, read_double, write_double};
use super::object::codec_module;
use super::tables::TAIWAN;

codec_module! { "_codecs_hk", "The codec of Hong Kong." }

static CODECS: &[Codec] = 
    &[Codec { read, write, ..Codec::double("big5hkscs", || &TAIWAN.big5hkscs, 0x81, 0x40) }];

/// Letters with an accent that Unicode writes as two characters. (The letters alone are in the table.)
const PAIRS: [([u32; 2], [u8; 2]); 4] = [
    ([0xCA, 0x304], [0x88, 0x62]),
    ([0xCA, 0x30C], [0x88, 0x64]),
    ([0xEA, 0x304], [0x88, 0xA3]),
    ([0xEA, 0x30C], [0x88, 0xA5]),
];

fn read(codec: &Codec, state: &mut State, bytes: &[u8]) -> Read {
    if let Some((pair, _)) = PAIRS.iter().find(|(_, code)| bytes.starts_with(code)) {
        return Read::Pair(*pair, 2);
    }
    read_double(codec, state, bytes)
}
fn write(codec: &Codec, state: &mut State, c: u32, next: Next, code: &mut Code) -> Wrote {
    match (c, next) {
        (0xCA | 0xEA, Next::Later) => Wrote::Short,
        (0xCA | 0xEA, Next::Char(accent))
            if let Some((_, bytes)) = PAIRS.iter().find(|(pair, _)| *pair == [c, accent]) =>
        {
            code.push(bytes);
            Wrote::Chars(2)
        }
        _ => write_double(codec, state, c, next, code),
    }
}
