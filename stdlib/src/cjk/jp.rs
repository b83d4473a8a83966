//! `_codecs_jp`: JIS X 0208 and 0212 as Shift JIS and as EUC; the codecs of JIS X 0213 are in `jisx0213.rs`.

use super::codec::{Code, Codec, Next, Read, State, Wrote, read_two};
use super::jisx0213::{read_euc, read_shifted, write_euc, write_shifted};
use super::object::codec_module;
use super::tables::JAPAN;

codec_module! { "_codecs_jp", "The codecs of Japan." }

static CODECS: &[Codec] = &[
    Codec::stateless("shift_jis", true, read_shift_jis, write_shift_jis),
    Codec::stateless("cp932", true, read_cp932, write_cp932),
    Codec::stateless("euc_jp", true, read_euc_jp, write_euc_jp),
    Codec::stateless("shift_jis_2004", false, read_shifted::<false>, write_shifted::<false>),
    Codec::stateless("euc_jis_2004", true, read_euc::<false>, write_euc::<false>),
    Codec::stateless("euc_jisx0213", true, read_euc::<true>, write_euc::<true>),
    Codec::stateless("shift_jisx0213", false, read_shifted::<true>, write_shifted::<true>),
];

/// Half-width katakana: the first and the last character, and the byte of the first.
pub const HALF: std::ops::RangeInclusive<u32> = 0xFF61..=0xFF9F;
/// How far the characters are from their bytes.
pub const HALF_FROM: u32 = 0xFF61 - 0xA1;

/// The place that two bytes of Shift JIS mean, by rows of 188: two rows of JIS each.
fn shifted(lead: u8, trail: u8) -> Option<(u8, u8)> {
    let row = match lead {
        0x81..=0x9F => lead - 0x81,
        0xE0..=0xFC => lead - 0xC1,
        _ => return None,
    };
    match trail {
        0x40..=0x7E => Some((row, trail - 0x40)),
        0x80..=0xFC => Some((row, trail - 0x41)),
        _ => None,
    }
}
/// The row and the column of JIS that two bytes of Shift JIS mean. There are 120 rows.
pub fn unshift(lead: u8, trail: u8) -> Option<(u8, u8)> {
    shifted(lead, trail).map(|(row, column)| (row * 2 + column / 94, column % 94))
}
/// The two bytes of a row and column by 188.
fn shift_wide((row, column): (u8, u8)) -> [u8; 2] {
    let lead = if row < 31 { row + 0x81 } else { row + 0xC1 };
    [lead, if column < 63 { column + 0x40 } else { column + 0x41 }]
}
/// The two bytes of a row and column of JIS.
pub fn shift((row, column): (u8, u8)) -> [u8; 2] {
    shift_wide((row / 2, row % 2 * 94 + column))
}

fn read_shift_jis(_: &Codec, _: &mut State, bytes: &[u8]) -> Read {
    match bytes[0] {
        c @ 0xA1..=0xDF => Read::Char(u32::from(c) + HALF_FROM, 1),
        0x80 | 0xA0 | 0xEB.. => Read::Bad(1),
        _ => read_two(bytes, |lead, trail| {
            let (row, column) = unshift(lead, trail)?;
            JAPAN.jisx0208.char(row, column)
        }),
    }
}
fn write_shift_jis(_: &Codec, _: &mut State, c: u32, _: Next, code: &mut Code) -> Wrote {
    match c {
        0..0x80 => code.char(&[c as u8]),
        0xA5 => code.char(b"\\"),
        0x203E => code.char(b"~"),
        0xFF61..=0xFF9F => code.char(&[(c - HALF_FROM) as u8]),
        _ => JAPAN.jisx0208.place(c).map_or(Wrote::Bad, |place| code.char(&shift(place))),
    }
}

/// Single bytes that Shift JIS leaves free, and the private characters that Windows has for them.
const PRIVATE: [(u8, u32); 4] = [(0xA0, 0xF8F0), (0xFD, 0xF8F1), (0xFE, 0xF8F2), (0xFF, 0xF8F3)];

fn read_cp932(_: &Codec, _: &mut State, bytes: &[u8]) -> Read {
    match bytes[0] {
        0x80 => Read::Char(0x80, 1),
        c @ 0xA1..=0xDF => Read::Char(u32::from(c) + HALF_FROM, 1),
        first => match PRIVATE.iter().find(|(byte, _)| *byte == first) {
            Some((_, c)) => Read::Char(*c, 1),
            None => read_two(bytes, |lead, trail| {
                let (row, column) = shifted(lead, trail)?;
                JAPAN.cp932.char(row, column)
            }),
        },
    }
}
fn write_cp932(_: &Codec, _: &mut State, c: u32, _: Next, code: &mut Code) -> Wrote {
    match c {
        0..=0x80 => code.char(&[c as u8]),
        0xFF61..=0xFF9F => code.char(&[(c - HALF_FROM) as u8]),
        _ => match PRIVATE.iter().find(|(_, private)| *private == c) {
            Some((byte, _)) => code.char(&[*byte]),
            None => JAPAN.cp932.place(c).map_or(Wrote::Bad, |place| code.char(&shift_wide(place))),
        },
    }
}

/// Reads what all codecs of EUC have in common: ASCII, half-width katakana behind 0x8E, a second set of three bytes behind 0x8F.
pub fn read_extended(
    bytes: &[u8],
    first: impl FnOnce(u8, u8) -> Read,
    second: impl FnOnce(u8, u8) -> Option<u32>,
) -> Read {
    match *bytes {
        [c @ 0..0x80, ..] => Read::Char(c.into(), 1),
        [0x8E, c @ 0xA1..=0xDF, ..] => Read::Char(u32::from(c) + HALF_FROM, 2),
        [0x8F, row, column, ..] => {
            let found = second(row.wrapping_sub(0xA1), column.wrapping_sub(0xA1));
            found.map_or(Read::Bad(1), |c| Read::Char(c, 3))
        }
        [_] | [] | [0x8F, _] => Read::Short,
        [row, column, ..] => first(row.wrapping_sub(0xA1), column.wrapping_sub(0xA1)),
    }
}
/// Writes what is not in the first set: half-width katakana, and the second set.
pub fn write_extended(c: u32, second: Option<(u8, u8)>, code: &mut Code) -> Wrote {
    if HALF.contains(&c) {
        return code.char(&[0x8E, (c - HALF_FROM) as u8]);
    }
    if second.is_some() {
        code.push(&[0x8F]);
    }
    code.place(second, 0xA1, 0xA1)
}

fn read_euc_jp(_: &Codec, _: &mut State, bytes: &[u8]) -> Read {
    let first = |row, column| JAPAN.jisx0208.char(row, column).map_or(Read::Bad(1), |c| Read::Char(c, 2));
    read_extended(bytes, first, |row, column| JAPAN.jisx0212.char(row, column))
}
fn write_euc_jp(_: &Codec, _: &mut State, c: u32, _: Next, code: &mut Code) -> Wrote {
    match c {
        0..0x80 => return code.char(&[c as u8]),
        0xA5 => return code.char(b"\\"),
        0x203E => return code.char(b"~"),
        _ => {}
    }
    match JAPAN.jisx0208.place(c) {
        Some(place) => code.place(Some(place), 0xA1, 0xA1),
        None => write_extended(c, JAPAN.jisx0212.place(c), code),
    }
}
