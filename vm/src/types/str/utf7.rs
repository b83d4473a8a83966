//! UTF-7 (RFC 2152): text in ASCII. What does not stand for itself is UTF-16 in base64, from a `+` to a `-` or whatever else ends it.

use super::Chars;
use super::args::text;
use super::build::StrBuilder;
use super::errors::Decoding;
use crate::raised::Res;
use crate::types::bytes::ByteBuilder;
use crate::value::Value;
use crate::vm::Vm;

/// Whether a character stands for itself where text is encoded.
fn is_direct(c: u32) -> bool {
    matches!(c, 0x09 | 0x0A | 0x0D | 0x20..=0x7D) && c != u32::from(b'+') && c != u32::from(b'\\')
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a digit of base64 means.
fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Bits between units of 16 and digits of 6: the last `count` ones are still to come.
#[derive(Default)]
struct Bits {
    held: u32,
    count: u32,
}

impl Bits {
    fn add(&mut self, value: u32, count: u32) {
        self.held = self.held << count | value;
        self.count += count;
    }
    /// The next `count` bits, if there are so many.
    fn take(&mut self, count: u32) -> Option<u32> {
        let left = self.count.checked_sub(count)?;
        let taken = self.held >> left;
        self.held &= (1 << left) - 1;
        self.count = left;
        Some(taken)
    }
}

/// Encodes a str: gives a bytes object.
pub fn encode(vm: &Vm, object: &Value) -> Res {
    let chars: Chars<'_> = text(object).chars();
    let mut out = ByteBuilder::with_capacity(vm, chars.len())?;
    let mut shifted: Option<Bits> = None;
    for c in (0..chars.len()).map(|at| chars.at(at)) {
        if is_direct(c) {
            // A direct character is ASCII.
            let byte = c as u8;
            if let Some(bits) = shifted.take() {
                finish(&mut out, bits)?;
                if byte == b'-' || digit(byte).is_some() {
                    out.push(b'-')?;
                }
            }
            out.push(byte)?;
        } else if shifted.is_none() && c == u32::from(b'+') {
            out.extend(b"+-")?;
        } else {
            if shifted.is_none() {
                out.push(b'+')?;
            }
            let bits = shifted.get_or_insert_default();
            if c > 0xFFFF {
                put(&mut out, bits, 0xD7C0 + (c >> 10))?;
            }
            put(&mut out, bits, if c > 0xFFFF { 0xDC00 | c & 0x3FF } else { c })?;
        }
    }
    if let Some(bits) = shifted {
        finish(&mut out, bits)?;
        out.push(b'-')?;
    }
    out.finish()
}

fn put(out: &mut ByteBuilder<'_>, bits: &mut Bits, unit: u32) -> Res<()> {
    bits.add(unit, 16);
    while let Some(value) = bits.take(6) {
        out.push(DIGITS[value as usize])?;
    }
    Ok(())
}

/// The last digit, whose other bits are 0.
fn finish(out: &mut ByteBuilder<'_>, bits: Bits) -> Res<()> {
    match bits.count {
        0 => Ok(()),
        count => out.push(DIGITS[(bits.held << (6 - count)) as usize]),
    }
}

/// The units of a run of base64, as characters.
#[derive(Default)]
struct Units {
    bits: Bits,
    /// The first half of a pair, whose second may follow.
    half: Option<u32>,
}

impl Units {
    fn push(&mut self, out: &mut StrBuilder<'_>, value: u32) -> Res<()> {
        self.bits.add(value, 6);
        let Some(unit) = self.bits.take(16) else { return Ok(()) };
        match (self.half.take(), unit) {
            (Some(half), 0xDC00..0xE000) => {
                return out.push_char(0x1_0000 + ((half & 0x3FF) << 10) + (unit & 0x3FF));
            }
            (Some(half), _) => out.push_char(half)?,
            (None, _) => {}
        }
        if (0xD800..0xDC00).contains(&unit) {
            self.half = Some(unit);
            return Ok(());
        }
        out.push_char(unit)
    }
    /// What is wrong with the bits that are left behind the last unit.
    fn fault(&self) -> Option<&'static str> {
        match (self.bits.count, self.bits.held) {
            (6.., _) => Some("partial character in shift sequence"),
            (1.., 1..) => Some("non-zero padding bits in shift sequence"),
            _ => None,
        }
    }
}

/// Decodes bytes from a place on; where more may follow, a run of base64 that has not ended is left.
pub fn decode(job: &Decoding<'_>, mut at: usize) -> Res {
    let bytes = job.bytes;
    let mut out = StrBuilder::new(job.vm);
    while let Some(&byte) = bytes.get(at) {
        if byte == b'+' {
            let end = (at + 1..bytes.len()).find(|i| digit(bytes[*i]).is_none()).unwrap_or(bytes.len());
            if end == bytes.len() && !job.last {
                return job.stop(out, at);
            }
            at = run(job, &mut out, at, end)?;
        } else if byte < 0x80 {
            out.push_char(u32::from(byte))?;
            at += 1;
        } else {
            at = job.handle(&mut out, (at, at + 1), "unexpected special character", |_| None)?;
        }
    }
    out.finish()
}

/// Decodes the run of base64 behind the `+` at `start`, up to `end`; gives where to go on.
fn run(job: &Decoding<'_>, out: &mut StrBuilder<'_>, start: usize, end: usize) -> Res<usize> {
    let (bytes, mut units) = (job.bytes, Units::default());
    let after = bytes.get(end).copied();
    if end == start + 1 {
        match after {
            Some(b'-') => {
                out.push_char(u32::from(b'+'))?;
                return Ok(end + 1);
            }
            Some(_) => return job.handle(out, (start, end + 1), "ill-formed sequence", |_| None),
            None => {}
        }
    }
    for value in bytes[start + 1..end].iter().filter_map(|byte| digit(*byte)) {
        units.push(out, value)?;
    }
    let Some(after) = after else {
        if units.half.is_some() || units.fault().is_some() {
            return job.handle(out, (start, end), "unterminated shift sequence", |_| None);
        }
        return Ok(end);
    };
    if let Some(fault) = units.fault() {
        return job.handle(out, (start, end + 1), fault, |_| None);
    }
    if let Some(half) = units.half.filter(|_| after < 0x80) {
        out.push_char(half)?;
    }
    Ok(if after == b'-' { end + 1 } else { end })
}
