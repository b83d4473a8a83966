//! JIS X 0213, of 2004 and of 2000, as Shift JIS and as EUC. It has two planes, and characters that Unicode writes as two.

use super::codec::{Code, Codec, Next, Read, State, Wrote};
use super::jp::{HALF, HALF_FROM, read_extended, shift, unshift, write_extended};
use super::tables::JAPAN;

/// The characters that Unicode writes as two, by the two, and their codes of seven bits.
#[rustfmt::skip]
const PAIRS: [([u32; 2], [u8; 2]); 25] = [
    ([0x304B, 0x309A], [0x24, 0x77]), ([0x304D, 0x309A], [0x24, 0x78]), ([0x304F, 0x309A], [0x24, 0x79]),
    ([0x3051, 0x309A], [0x24, 0x7A]), ([0x3053, 0x309A], [0x24, 0x7B]), ([0x30AB, 0x309A], [0x25, 0x77]),
    ([0x30AD, 0x309A], [0x25, 0x78]), ([0x30AF, 0x309A], [0x25, 0x79]), ([0x30B1, 0x309A], [0x25, 0x7A]),
    ([0x30B3, 0x309A], [0x25, 0x7B]), ([0x30BB, 0x309A], [0x25, 0x7C]), ([0x30C4, 0x309A], [0x25, 0x7D]),
    ([0x30C8, 0x309A], [0x25, 0x7E]), ([0x31F7, 0x309A], [0x26, 0x78]), ([0x00E6, 0x0300], [0x2B, 0x44]),
    ([0x0254, 0x0300], [0x2B, 0x48]), ([0x0254, 0x0301], [0x2B, 0x49]), ([0x028C, 0x0300], [0x2B, 0x4A]),
    ([0x028C, 0x0301], [0x2B, 0x4B]), ([0x0259, 0x0300], [0x2B, 0x4C]), ([0x0259, 0x0301], [0x2B, 0x4D]),
    ([0x025A, 0x0300], [0x2B, 0x4E]), ([0x025A, 0x0301], [0x2B, 0x4F]), ([0x02E9, 0x02E5], [0x2B, 0x65]),
    ([0x02E5, 0x02E9], [0x2B, 0x66]),
];

/// What the edition of 2004 has added.
const ADDED: [u32; 10] =
    [0x4FF1, 0x525D, 0x541E, 0x5653, 0x59F8, 0x5C5B, 0x5E77, 0x7626, 0x7E6B, 0x2_0B9F];
/// A character of the second plane that the edition of 2000 had in another form.
const CHANGED: [u32; 2] = [0x9B1C, 0x9B1D];

/// The character of the first plane at a row and column; a pair, too.
pub fn first_char<const OLD: bool>(row: u8, column: u8) -> Read {
    match JAPAN.jisx0213.char(row, column) {
        Some(c) if OLD && ADDED.contains(&c) => Read::Bad(2),
        Some(c) => Read::Char(c, 2),
        None => {
            let code = [row.wrapping_add(0x21), column.wrapping_add(0x21)];
            let pair = PAIRS.iter().find(|(_, known)| *known == code);
            pair.map_or(Read::Bad(1), |(pair, _)| Read::Pair(*pair, 2))
        }
    }
}
/// The same of the second plane.
pub fn second_char<const OLD: bool>(row: u8, column: u8) -> Option<u32> {
    let [new, old] = CHANGED;
    JAPAN.jisx0213_second.char(row, column).map(|c| if OLD && c == new { old } else { c })
}

/// Where a character is written.
pub enum Place {
    /// In the first plane: row and column, and how many characters that is for.
    First((u8, u8), usize),
    Second((u8, u8)),
    /// It begins a pair, if the next character is the other half.
    Unknown,
    Nowhere,
}

/// Where a character is written.
pub fn place<const OLD: bool>(c: u32, next: Next) -> Place {
    let begins = PAIRS.iter().any(|(pair, _)| pair[0] == c);
    match next {
        Next::Later if begins => return Place::Unknown,
        Next::Char(other) if begins => {
            if let Some((_, code)) = PAIRS.iter().find(|(pair, _)| *pair == [c, other]) {
                return Place::First((code[0] - 0x21, code[1] - 0x21), 2);
            }
        }
        _ => {}
    }
    let [new, old] = CHANGED;
    let c = match c {
        _ if !OLD => c,
        _ if c == new || ADDED.contains(&c) => return Place::Nowhere,
        _ if c == old => new,
        _ => c,
    };
    match (JAPAN.jisx0213.place(c), JAPAN.jisx0213_second.place(c)) {
        (Some(place), _) => Place::First(place, 1),
        (None, Some(place)) => Place::Second(place),
        (None, None) => Place::Nowhere,
    }
}

// ---- as Shift JIS ---------------------------------------------------------------------------------------------------

/// The rows of the second plane that have characters, in the order in which they follow the first plane's 94.
const SECOND: [u8; 26] =
    [0, 7, 2, 3, 4, 11, 12, 13, 14, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93];

pub fn read_shifted<const OLD: bool>(_: &Codec, _: &mut State, bytes: &[u8]) -> Read {
    let (lead, trail) = match *bytes {
        [] => return Read::Short,
        [b'\\', ..] => return Read::Char(0xA5, 1),
        [b'~', ..] => return Read::Char(0x203E, 1),
        [c @ 0..0x80, ..] => return Read::Char(c.into(), 1),
        [c @ 0xA1..=0xDF, ..] => return Read::Char(u32::from(c) + HALF_FROM, 1),
        [0x80 | 0xA0 | 0xFD.., ..] => return Read::Bad(1),
        [_] => return Read::Short,
        [0x81, 0x5F, ..] => return Read::Char(u32::from(b'\\'), 2),
        [0x81, 0xB0, ..] => return Read::Char(u32::from(b'~'), 2),
        [lead, trail, ..] => (lead, trail),
    };
    match unshift(lead, trail) {
        Some((row @ 0..94, column)) => first_char::<OLD>(row, column),
        Some((row, column)) => {
            let row = SECOND.get(usize::from(row - 94));
            let found = row.and_then(|row| second_char::<OLD>(*row, column));
            found.map_or(Read::Bad(1), |c| Read::Char(c, 2))
        }
        None => Read::Bad(1),
    }
}
pub fn write_shifted<const OLD: bool>(_: &Codec, _: &mut State, c: u32, next: Next, code: &mut Code) -> Wrote {
    match c {
        0x5C => return code.char(&[0x81, 0x5F]),
        0x7E => return code.char(&[0x81, 0xB0]),
        0..0x80 => return code.char(&[c as u8]),
        0xA5 => return code.char(b"\\"),
        0x203E => return code.char(b"~"),
        // The places of the wide forms are ASCII's here.
        0xFF3C | 0xFF5E => return Wrote::Bad,
        _ if HALF.contains(&c) => return code.char(&[(c - HALF_FROM) as u8]),
        _ => {}
    }
    match place::<OLD>(c, next) {
        Place::First(place, count) => {
            code.push(&shift(place));
            Wrote::Chars(count)
        }
        Place::Second((row, column)) => match SECOND.iter().position(|known| *known == row) {
            Some(at) => code.char(&shift((at as u8 + 94, column))),
            None => Wrote::Bad,
        },
        Place::Unknown => Wrote::Short,
        Place::Nowhere => Wrote::Bad,
    }
}

// ---- as EUC ---------------------------------------------------------------------------------------------------------

pub fn read_euc<const OLD: bool>(_: &Codec, _: &mut State, bytes: &[u8]) -> Read {
    // What the second plane does not have, JIS X 0212 may have had there.
    let second = |row, column| second_char::<OLD>(row, column).or_else(|| JAPAN.jisx0212.char(row, column));
    read_extended(bytes, first_char::<OLD>, second)
}
pub fn write_euc<const OLD: bool>(_: &Codec, _: &mut State, c: u32, next: Next, code: &mut Code) -> Wrote {
    if c < 0x80 {
        return code.char(&[c as u8]);
    }
    match place::<OLD>(c, next) {
        Place::First((row, column), count) => {
            code.push(&[row + 0xA1, column + 0xA1]);
            Wrote::Chars(count)
        }
        Place::Second(place) => write_extended(c, Some(place), code),
        Place::Unknown => Wrote::Short,
        Place::Nowhere if OLD && (c == CHANGED[0] || ADDED.contains(&c)) => Wrote::Bad,
        Place::Nowhere => write_extended(c, JAPAN.jisx0212.place(c), code),
    }
}
