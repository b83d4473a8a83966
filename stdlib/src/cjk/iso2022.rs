//! `_codecs_iso2022`: codecs of seven bits that switch between character sets by escape sequences.
//!
//! Four places (G0 to G3) each have a set designated to them; G0 is in use, after `SO` and up to `SI` or the end of the line G1, and for
//! one character after `ESC N` G2. The state is CPython's: the marks of the four sets, and flags.

use super::cn::gb2312_char;
use super::codec::{Code, Codec, Next, Read, State, Wrote};
use super::jisx0213::{self, Place};
use super::jp::{HALF, HALF_FROM};
use super::object::codec_module;
use super::tables::{CHINA, JAPAN, KOREA, Table};

codec_module! { "_codecs_iso2022", "The codecs of ISO 2022." }

const ESC: u8 = 0x1B;
const SO: u8 = 0x0E;
const SI: u8 = 0x0F;

/// Where in the state the flags are.
const FLAGS: usize = 4;
/// G1 is in use.
const SHIFTED: u8 = 1;
/// An escape sequence that is none of ISO 2022 is passed on, up to its end.
const PASSING: u8 = 2;

/// What a set has for a character.
enum Found {
    /// One or two bytes, for so many characters.
    Code([u8; 2], usize),
    /// The next character decides.
    Short,
    Nothing,
}

/// A set that a codec switches to.
pub struct Set {
    /// The final byte of its escape sequence, with the high bit if its characters have two bytes.
    mark: u8,
    /// To which place it is designated.
    place: u8,
    /// Its table, if it lies in one.
    table: Option<fn() -> &'static Table>,
    read: fn(&Set, &[u8]) -> Read,
    write: fn(&Set, u32, Next) -> Found,
}

/// How many bytes the characters of a set have.
fn width(mark: u8) -> usize {
    if mark < 0x80 { 1 } else { 2 }
}

const ASCII: u8 = b'B';
const LATIN: u8 = b'A';
const GREEK: u8 = b'F';
/// The high bit of a mark.
const DOUBLE: u8 = 0x80;
const JISX0208_MARK: u8 = b'B' | DOUBLE;

/// A set of two bytes of a table.
const fn double(mark: u8, place: u8, table: fn() -> &'static Table) -> Set {
    Set { mark: mark | DOUBLE, place, table: Some(table), read: read_in_table, write: write_in_table }
}

fn read_in_table(set: &Set, bytes: &[u8]) -> Read {
    let [lead, trail, ..] = *bytes else { return Read::Short };
    let found = set.table.and_then(|table| table().char(lead.wrapping_sub(0x21), trail.wrapping_sub(0x21)));
    found.map_or(Read::Bad(2), |c| Read::Char(c, 2))
}
fn write_in_table(set: &Set, c: u32, _: Next) -> Found {
    match set.table.and_then(|table| table().place(c)) {
        Some((row, column)) => Found::Code([row + 0x21, column + 0x21], 1),
        None => Found::Nothing,
    }
}

const JISX0208: Set = double(b'B', 0, || &JAPAN.jisx0208);
/// Its edition of 1978: it is read, and never written, since the other one comes first.
const JISX0208_OLD: Set = double(b'@', 0, || &JAPAN.jisx0208);
const JISX0212: Set = double(b'D', 0, || &JAPAN.jisx0212);
const KSX1001_FIRST: Set = double(b'C', 0, || &KOREA.ksx1001);
const KSX1001: Set = double(b'C', 1, || &KOREA.ksx1001);
const GB2312: Set = Set {
    read: |_, bytes| match *bytes {
        [lead, trail, ..] => gb2312_char(lead, trail).map_or(Read::Bad(2), |c| Read::Char(c, 2)),
        _ => Read::Short,
    },
    ..double(b'A', 0, || &CHINA.gb2312)
};

/// ASCII but for two characters.
const ROMAN: Set = Set {
    mark: b'J',
    place: 0,
    table: None,
    read: |_, bytes| match bytes[0] {
        b'\\' => Read::Char(0xA5, 1),
        b'~' => Read::Char(0x203E, 1),
        c => Read::Char(c.into(), 1),
    },
    write: |_, c, _| match c {
        0xA5 => Found::Code([b'\\', 0], 1),
        0x203E => Found::Code([b'~', 0], 1),
        _ => Found::Nothing,
    },
};
const KATAKANA: Set = Set {
    mark: b'I',
    place: 0,
    table: None,
    read: |_, bytes| match bytes[0] {
        c @ 0x21..=0x5F => Read::Char(u32::from(c) + 0x80 + HALF_FROM, 1),
        _ => Read::Bad(1),
    },
    write: |_, c, _| match HALF.contains(&c) {
        true => Found::Code([(c - HALF_FROM - 0x80) as u8, 0], 1),
        false => Found::Nothing,
    },
};

/// A set that is used from G2 alone, and never written.
const fn upper(mark: u8) -> Set {
    Set { mark, place: 2, table: None, read: |_, _| Read::Bad(1), write: |_, _, _| Found::Nothing }
}

/// The first plane of JIS X 0213. Its wide tilde is ASCII's.
const fn first_plane<const OLD: bool>(mark: u8) -> Set {
    Set {
        mark: mark | DOUBLE,
        place: 0,
        table: None,
        read: |_, bytes| match *bytes {
            [0x22, 0x32, ..] => Read::Char(b'~'.into(), 2),
            [row, column, ..] => {
                match jisx0213::first_char::<OLD>(row.wrapping_sub(0x21), column.wrapping_sub(0x21)) {
                    Read::Bad(_) => Read::Bad(2),
                    read => read,
                }
            }
            _ => Read::Short,
        },
        write: |_, c, next| match jisx0213::place::<OLD>(c, next) {
            _ if c == 0xFF5E => Found::Nothing,
            Place::First((row, column), count) => Found::Code([row + 0x21, column + 0x21], count),
            Place::Unknown => Found::Short,
            _ => Found::Nothing,
        },
    }
}
/// The same, written for nothing but pairs: what is in JIS X 0208, too, is written in that.
const fn pairs<const OLD: bool>(mark: u8) -> Set {
    Set {
        write: |_, c, next| match jisx0213::place::<OLD>(c, next) {
            Place::First((row, column), 2) => Found::Code([row + 0x21, column + 0x21], 2),
            Place::Unknown => Found::Short,
            _ => Found::Nothing,
        },
        ..first_plane::<OLD>(mark)
    }
}
/// The second plane. It is read as that of 2004, whichever is written.
const fn second_plane<const OLD: bool>() -> Set {
    Set {
        mark: b'P' | DOUBLE,
        place: 0,
        table: None,
        read: |_, bytes| match *bytes {
            [row, column, ..] => {
                let found = jisx0213::second_char::<false>(row.wrapping_sub(0x21), column.wrapping_sub(0x21));
                found.map_or(Read::Bad(2), |c| Read::Char(c, 2))
            }
            _ => Read::Short,
        },
        write: |_, c, next| match jisx0213::place::<OLD>(c, next) {
            Place::Second((row, column)) => Found::Code([row + 0x21, column + 0x21], 1),
            _ => Found::Nothing,
        },
    }
}

const fn codec(name: &'static str, sets: &'static [Set]) -> Codec {
    Codec {
        begin: ([ASCII, ASCII, 0, 0, 0, 0, 0, 0], [ASCII, ASCII, ASCII, 0, 0, 0, 0, 0]),
        end,
        restart: |state| {
            state[0] = ASCII;
            state[FLAGS] &= !SHIFTED;
        },
        sets,
        ..Codec::stateless(name, false, read, write)
    }
}

static CODECS: &[Codec] = &[
    codec("iso2022_kr", &[KSX1001]),
    codec("iso2022_jp", &[JISX0208, ROMAN, JISX0208_OLD]),
    codec("iso2022_jp_1", &[JISX0208, JISX0212, ROMAN, JISX0208_OLD]),
    codec(
        "iso2022_jp_2",
        &[JISX0208, JISX0212, KSX1001_FIRST, GB2312, ROMAN, JISX0208_OLD, upper(LATIN), upper(GREEK)],
    ),
    codec(
        "iso2022_jp_2004",
        &[pairs::<false>(b'Q'), JISX0208, first_plane::<false>(b'Q'), second_plane::<false>()],
    ),
    codec(
        "iso2022_jp_3",
        &[pairs::<true>(b'O'), JISX0208, first_plane::<true>(b'O'), second_plane::<true>()],
    ),
    codec("iso2022_jp_ext", &[JISX0208, JISX0212, ROMAN, KATAKANA, JISX0208_OLD]),
];

/// Whether a codec has a set in a place.
fn uses(codec: &Codec, place: u8) -> bool {
    codec.sets.iter().any(|set| set.place == place)
}

// ---- reading --------------------------------------------------------------------------------------------------------

fn read(codec: &Codec, state: &mut State, bytes: &[u8]) -> Read {
    let c = bytes[0];
    let plain = Read::Char(c.into(), 1);
    if state[FLAGS] & PASSING != 0 {
        if ends(c) {
            state[FLAGS] &= !PASSING;
        }
        return plain;
    }
    match c {
        ESC => escape(codec, state, bytes),
        SI | SO if uses(codec, 1) => {
            state[FLAGS] = state[FLAGS] & !SHIFTED | if c == SO { SHIFTED } else { 0 };
            Read::Nothing(1)
        }
        b'\n' => {
            state[FLAGS] &= !SHIFTED;
            plain
        }
        0..0x20 => plain,
        0x80.. => Read::Bad(1),
        _ => {
            let mark = state[usize::from(state[FLAGS] & SHIFTED)];
            match codec.sets.iter().find(|set| set.mark == mark) {
                _ if mark == ASCII => plain,
                Some(_) if bytes.len() < width(mark) => Read::Short,
                Some(set) => (set.read)(set, bytes),
                None => Read::Bad(1),
            }
        }
    }
}

/// Whether a byte ends an escape sequence.
fn ends(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'@')
}

/// No escape sequence is longer.
const LONGEST: usize = 16;

fn escape(codec: &Codec, state: &mut State, bytes: &[u8]) -> Read {
    match *bytes {
        [_] | [] => Read::Short,
        [_, b'(' | b')' | b'$' | b'.' | b'&', ..] => designate(codec, state, bytes),
        [_, b'N', ..] if uses(codec, 2) => match *bytes {
            [_, _, c, ..] => single_shift(state[2], c),
            _ => Read::Short,
        },
        _ => {
            state[FLAGS] |= PASSING;
            Read::Char(ESC.into(), 1)
        }
    }
}

/// Does what an escape sequence says, if the codec has the set.
fn designate(codec: &Codec, state: &mut State, bytes: &[u8]) -> Read {
    // JIS X 0208 of 1990 is announced by a prefix, `ESC & @`.
    let announced = !uses(codec, 1);
    let mut at = 1;
    let length = loop {
        match bytes.get(at) {
            _ if at >= LONGEST => return Read::Bad(1),
            None => return Read::Short,
            Some(byte) if ends(*byte) => break at + 1,
            Some(b'&') if announced && bytes.get(at + 1) == Some(&b'@') => at += 3,
            Some(_) => at += 1,
        }
    };
    let (place, mark) = match bytes[1..length] {
        [b'$', mark] => (0, mark | DOUBLE),
        [b'(', mark] => (0, mark),
        [b')', mark] => (1, mark),
        [b'.', mark] if uses(codec, 2) => (2, mark),
        [b'$', b'(', mark] => (0, mark | DOUBLE),
        [b'$', b')', mark] => (1, mark | DOUBLE),
        [_, _, ESC, b'$', b'B'] if announced => (0, JISX0208_MARK),
        _ => return Read::Bad(length),
    };
    if mark != ASCII && !codec.sets.iter().any(|set| set.mark == mark) {
        return Read::Bad(length);
    }
    state[place] = mark;
    Read::Nothing(length)
}

/// A character of the set in G2.
fn single_shift(mark: u8, c: u8) -> Read {
    let found = match mark {
        ASCII => Some(u32::from(c)).filter(|c| *c < 0x80),
        LATIN => Some(u32::from(c) + 0x80).filter(|c| *c < 0x100),
        GREEK => greek(c ^ 0x80),
        _ => return Read::Broken,
    };
    found.map_or(Read::Bad(3), |c| Read::Char(c, 3))
}

/// The character of ISO 8859-7, as it was in 1987.
fn greek(c: u8) -> Option<u32> {
    match c {
        0xA1 => Some(0x2018),
        0xA2 => Some(0x2019),
        0xAF => Some(0x2015),
        ..=0xA0 | 0xA3 | 0xA6..=0xA9 | 0xAB..=0xAD | 0xB0..=0xB3 | 0xB7 | 0xBB | 0xBD => Some(c.into()),
        0xB4..=0xD1 | 0xD3..=0xFE => Some(u32::from(c) + 0x2D0),
        _ => None,
    }
}

// ---- writing --------------------------------------------------------------------------------------------------------

fn write(codec: &Codec, state: &mut State, c: u32, next: Next, code: &mut Code) -> Wrote {
    if c < 0x80 {
        if state[0] != ASCII {
            code.push(&[ESC, b'(', b'B']);
            state[0] = ASCII;
        }
        shift(state, 0, code);
        if c == u32::from(b'\n') {
            state[FLAGS] &= !SHIFTED;
        }
        return code.char(&[c as u8]);
    }
    for set in codec.sets {
        let (bytes, count) = match (set.write)(set, c, next) {
            Found::Code(bytes, count) => (bytes, count),
            Found::Short => return Wrote::Short,
            Found::Nothing => continue,
        };
        if set.place == 0 {
            shift(state, 0, code);
        }
        let place = usize::from(set.place);
        if state[place] != set.mark {
            state[place] = set.mark;
            call(set, code);
        }
        shift(state, set.place, code);
        code.push(&bytes[..width(set.mark)]);
        return Wrote::Chars(count);
    }
    Wrote::Bad
}

/// Writes what designates a set to its place.
fn call(set: &Set, code: &mut Code) {
    let final_byte = set.mark & !DOUBLE;
    let place = if set.place == 0 { b'(' } else { b')' };
    match width(set.mark) {
        1 => code.push(&[ESC, place, final_byte]),
        _ if set.mark == JISX0208_MARK => code.push(&[ESC, b'$', final_byte]),
        _ => code.push(&[ESC, b'$', place, final_byte]),
    }
}

/// Brings G0 or G1 into use.
fn shift(state: &mut State, place: u8, code: &mut Code) {
    if state[FLAGS] & SHIFTED != place {
        code.push(&[if place == 0 { SI } else { SO }]);
        state[FLAGS] = state[FLAGS] & !SHIFTED | place;
    }
}

fn end(state: &mut State, code: &mut Code) {
    shift(state, 0, code);
    if state[0] != ASCII {
        code.push(&[ESC, b'(', b'B']);
        state[0] = ASCII;
    }
}
