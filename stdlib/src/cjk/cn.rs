//! `_codecs_cn`: GB 2312 and what extends it.

use std::sync::LazyLock;

use super::codec::{Code, Codec, Next, Read, State, Wrote, read_double, write_double};
use super::object::codec_module;
use super::tables::CHINA;

codec_module! { "_codecs_cn", "The codecs of mainland China." }

static CODECS: &[Codec] = &[
    Codec::double("gb2312", || &CHINA.gb2312, 0xA1, 0xA1),
    Codec::double("gbk", || &CHINA.gbk, 0x81, 0x40),
    Codec { read: read_gb18030, write: write_gb18030, ..Codec::double("gb18030", || &CHINA.gb18030, 0x81, 0x40) },
    Codec {
        end: end_hz,
        restart: |state| state[0] = 0,
        ..Codec::stateless("hz", false, read_hz, write_hz)
    },
];

/// The character of GB 2312 at a row and column that count from 0x21.
pub fn gb2312_char(lead: u8, trail: u8) -> Option<u32> {
    CHINA.gb2312.char(lead.wrapping_sub(0x21), trail.wrapping_sub(0x21))
}

// ---- GB 18030: whatever two bytes do not have is counted through in four ------------------------------------------------

/// The characters below U+10000 that two bytes do not have: where each run of them begins, and how many come before it.
static FOUR: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
    let (mut runs, mut count, mut inside) = (Vec::new(), 0, false);
    for c in 0x80..0x1_0000 {
        let counted = !(0xD800..0xE000).contains(&c) && CHINA.gb18030.place(c).is_none();
        if counted && !inside {
            runs.push((c, count));
        }
        count += u32::from(counted);
        inside = counted;
    }
    // The end: no character is behind it.
    runs.push((0x1_0000, count));
    runs
});

/// How many codes of four bytes stand before those of the characters from U+10000 on.
const ASTRAL: u32 = 15 * 12600;

fn read_gb18030(codec: &Codec, state: &mut State, bytes: &[u8]) -> Read {
    match *bytes {
        [..=0x7F, ..] | [_] | [_, ..=0x2F | 0x3A.., ..] => read_double(codec, state, bytes),
        [a @ 0x81..=0xFE, b, c @ 0x81..=0xFE, d @ 0x30..=0x39, ..] => {
            let tens = (u32::from(a) - 0x81) * 10 + u32::from(b) - 0x30;
            let number = (tens * 126 + u32::from(c) - 0x81) * 10 + u32::from(d) - 0x30;
            counted(number).map_or(Read::Bad(1), |c| Read::Char(c, 4))
        }
        [_, _, _, _, ..] => Read::Bad(1),
        _ => Read::Short,
    }
}

/// The character of a number that four bytes make.
fn counted(number: u32) -> Option<u32> {
    if number >= ASTRAL {
        return Some(number - ASTRAL + 0x1_0000).filter(|c| *c < 0x11_0000);
    }
    let at = FOUR.partition_point(|(_, count)| *count <= number);
    let (begins, before) = *FOUR.get(at.checked_sub(1)?)?;
    Some(begins + (number - before)).filter(|c| *c < 0x1_0000)
}

fn write_gb18030(codec: &Codec, state: &mut State, c: u32, next: Next, code: &mut Code) -> Wrote {
    let wrote = write_double(codec, state, c, next, code);
    if wrote != Wrote::Bad || (0xD800..0xE000).contains(&c) {
        return wrote;
    }
    let number = if c >= 0x1_0000 {
        c - 0x1_0000 + ASTRAL
    } else {
        let at = FOUR.partition_point(|(begins, _)| *begins <= c);
        at.checked_sub(1).map_or(0, |at| FOUR[at].1 + c - FOUR[at].0)
    };
    let digit = |unit: u32, count: u32, first: u32| (number / unit % count + first) as u8;
    code.char(&[digit(12600, 126, 0x81), digit(1260, 10, 0x30), digit(10, 126, 0x81), digit(1, 10, 0x30)])
}

// ---- HZ: GB 2312 between `~{` and `~}` ------------------------------------------------------------------------------------

fn read_hz(_: &Codec, state: &mut State, bytes: &[u8]) -> Read {
    let chinese = state[0] != 0;
    match *bytes {
        [b'~'] => Read::Short,
        [b'~', b'~', ..] if !chinese => Read::Char(u32::from(b'~'), 2),
        [b'~', b'{', ..] if !chinese => {
            state[0] = 1;
            Read::Nothing(2)
        }
        [b'~', b'}', ..] if chinese => {
            state[0] = 0;
            Read::Nothing(2)
        }
        // A line that goes on.
        [b'~', b'\n', ..] if !chinese => Read::Nothing(2),
        [b'~' | 0x80.., ..] => Read::Bad(1),
        [c, ..] if !chinese => Read::Char(c.into(), 1),
        [_] | [] => Read::Short,
        [lead, trail, ..] => gb2312_char(lead, trail).map_or(Read::Bad(1), |c| Read::Char(c, 2)),
    }
}
fn write_hz(_: &Codec, state: &mut State, c: u32, _: Next, code: &mut Code) -> Wrote {
    if c < 0x80 {
        end_hz(state, code);
        return if c == u32::from(b'~') { code.char(b"~~") } else { code.char(&[c as u8]) };
    }
    let Some(place) = CHINA.gb2312.place(c) else { return Wrote::Bad };
    if std::mem::replace(&mut state[0], 1) == 0 {
        code.push(b"~{");
    }
    code.place(Some(place), 0x21, 0x21)
}
fn end_hz(state: &mut State, code: &mut Code) {
    if std::mem::take(&mut state[0]) != 0 {
        code.push(b"~}");
    }
}
