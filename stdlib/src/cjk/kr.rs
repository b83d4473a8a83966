//! `_codecs_kr`: KS X 1001, alone and with the syllables that it lacks.

use super::codec::{Code, Codec, Next, Read, State, Wrote, read_double, write_double};
use super::object::codec_module;
use super::tables::KOREA;

codec_module! { "_codecs_kr", "The codecs of Korea." }

static CODECS: &[Codec] = &[
    Codec { read: read_euc_kr, write: write_euc_kr, ..Codec::double("euc_kr", || &KOREA.ksx1001, 0xA1, 0xA1) },
    Codec::double("cp949", || &KOREA.cp949, 0x81, 0x40),
    Codec::double("johab", || &KOREA.johab, 0x81, 0x31),
];

// ---- EUC-KR: a syllable that KS X 1001 does not have is spelled by its letters -----------------------------------------

/// What stands before spelled letters, and for a last one that is not there.
const FILLER: u8 = 0xD4;
/// The row of the letters.
const LETTERS: u8 = 0xA4;
/// The first vowel in that row; the others follow in the order of syllables.
const VOWEL: u8 = 0xBF;
/// Which letters of the row can begin a syllable.
const FIRST: [u8; 19] = [0, 1, 3, 6, 7, 8, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
/// Which ones can end it; before them in the order of syllables comes none.
const LAST: [u8; 27] =
    [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29];
const VOWELS: u32 = 21;
/// How many ends a syllable can have.
const ENDS: u32 = 28;
const SYLLABLES: std::ops::Range<u32> = 0xAC00..0xD7A4;

/// The syllable of four letters, the first of which is the filler.
fn spelled(bytes: &[u8; 8]) -> Option<u32> {
    let [_, _, LETTERS, first, LETTERS, vowel, LETTERS, last] = *bytes else { return None };
    let index = |among: &[u8], letter: u8| among.iter().position(|known| known + 0xA1 == letter);
    let first = index(&FIRST, first)? as u32;
    let vowel = u32::from(vowel.checked_sub(VOWEL)?);
    let last = if last == FILLER { 0 } else { index(&LAST, last)? as u32 + 1 };
    (vowel < VOWELS).then_some(SYLLABLES.start + (first * VOWELS + vowel) * ENDS + last)
}

/// The letters of a syllable.
fn spelling(syllable: u32) -> [u8; 8] {
    let number = syllable - SYLLABLES.start;
    let first = FIRST[(number / ENDS / VOWELS) as usize] + 0xA1;
    let vowel = (number / ENDS % VOWELS) as u8 + VOWEL;
    let last = (number % ENDS).checked_sub(1).map_or(FILLER, |at| LAST[at as usize] + 0xA1);
    [LETTERS, FILLER, LETTERS, first, LETTERS, vowel, LETTERS, last]
}

fn read_euc_kr(codec: &Codec, state: &mut State, bytes: &[u8]) -> Read {
    if !bytes.starts_with(&[LETTERS, FILLER]) {
        return read_double(codec, state, bytes);
    }
    match bytes.first_chunk() {
        Some(letters) => spelled(letters).map_or(Read::Bad(1), |c| Read::Char(c, 8)),
        None => Read::Short,
    }
}
fn write_euc_kr(codec: &Codec, state: &mut State, c: u32, next: Next, code: &mut Code) -> Wrote {
    match write_double(codec, state, c, next, code) {
        Wrote::Bad if SYLLABLES.contains(&c) => code.char(&spelling(c)),
        wrote => wrote,
    }
}
