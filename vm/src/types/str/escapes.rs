//! The encodings `unicode_escape` and `raw_unicode_escape`: text as a literal would write it.

use ryokan_bytecode::names::character_named;

use super::build::StrBuilder;
use super::errors::Decoding;
use crate::raised::Res;
use crate::types::bytes::ByteBuilder;
use crate::value::Value;
use crate::vm::Vm;

fn push_hex(out: &mut ByteBuilder<'_>, letter: u8, c: u32, digits: u32) -> Res<()> {
    out.extend(&[b'\\', letter])?;
    (0..digits).rev().try_for_each(|at| out.push(b"0123456789abcdef"[(c >> (at * 4) & 15) as usize]))
}

/// Encodes: what is not printable ASCII is escaped; `raw`: what is not Latin-1 is.
pub fn encode(vm: &Vm, object: &Value, raw: bool) -> Res {
    let chars = super::args::text(object).chars();
    let mut out = ByteBuilder::with_capacity(vm, chars.len())?;
    for c in chars.iter() {
        match c {
            0x1_0000.. => push_hex(&mut out, b'U', c, 8)?,
            0x100.. => push_hex(&mut out, b'u', c, 4)?,
            _ if raw => out.push(c as u8)?,
            0x5C => out.extend(b"\\\\")?,
            0x09 => out.extend(b"\\t")?,
            0x0A => out.extend(b"\\n")?,
            0x0D => out.extend(b"\\r")?,
            0x20..0x7F => out.push(c as u8)?,
            _ => push_hex(&mut out, b'x', c, 2)?,
        }
    }
    out.finish()
}

/// What an escape came to.
enum Escape {
    /// A character, and the byte behind it.
    Is(u32, usize),
    /// No character: the line goes on.
    Nothing(usize),
    /// None: the backslash stands for itself.
    None,
    /// An error up to a byte; it may be that more bytes would help.
    Wrong(&'static str, usize, bool),
}

fn hex(bytes: &[u8], from: usize, digits: usize, what: &'static str) -> Escape {
    let have = bytes[from..].iter().take(digits).take_while(|b| b.is_ascii_hexdigit()).count();
    let text = std::str::from_utf8(&bytes[from..from + have]).unwrap_or_default();
    match u32::from_str_radix(text, 16) {
        Ok(c) if have == digits => Escape::Is(c, from + digits),
        _ => Escape::Wrong(what, from + have, from + have == bytes.len()),
    }
}

/// `\N{...}`, whose brace would be at `from`.
fn named(bytes: &[u8], from: usize) -> Escape {
    const MALFORMED: &str = "malformed \\N character escape";
    if bytes.get(from) != Some(&b'{') {
        return Escape::Wrong(MALFORMED, from, from == bytes.len());
    }
    let Some(len) = bytes[from..].iter().position(|b| *b == b'}') else {
        return Escape::Wrong(MALFORMED, bytes.len(), true);
    };
    let end = from + len;
    if len == 1 {
        return Escape::Wrong(MALFORMED, end, false);
    }
    let name = std::str::from_utf8(&bytes[from + 1..end]).unwrap_or_default();
    match character_named(name) {
        Some(c) => Escape::Is(u32::from(c), end + 1),
        None => Escape::Wrong("unknown Unicode character name", end + 1, false),
    }
}

fn escape(bytes: &[u8], at: usize, raw: bool) -> Escape {
    let Some(letter) = bytes.get(at + 1) else {
        return if raw { Escape::None } else { Escape::Wrong("\\ at end of string", at + 1, true) };
    };
    let next = at + 2;
    let checked = |escape: Escape, what: &'static str| match escape {
        Escape::Is(0x11_0000.., end) => Escape::Wrong(what, end, false),
        other => other,
    };
    match letter {
        b'u' => hex(bytes, next, 4, "truncated \\uXXXX escape"),
        b'U' => {
            let what = if raw { "\\Uxxxxxxxx out of range" } else { "illegal Unicode character" };
            checked(hex(bytes, next, 8, "truncated \\UXXXXXXXX escape"), what)
        }
        _ if raw => Escape::None,
        b'x' => hex(bytes, next, 2, "truncated \\xXX escape"),
        b'N' => named(bytes, next),
        b'0'..=b'7' => {
            let (value, end) = octal(bytes, at + 1);
            Escape::Is(value, end)
        }
        b'\n' => Escape::Nothing(next),
        _ => simple(*letter).map_or(Escape::None, |c| Escape::Is(u32::from(c), next)),
    }
}

/// Decodes from a place on; bytes beyond ASCII are Latin-1. Warns of the first escape that means nothing.
pub fn decode(job: &Decoding<'_>, mut at: usize, raw: bool) -> Res {
    let bytes = job.bytes;
    let mut out = StrBuilder::new(job.vm);
    out.reserve(bytes.len() - at)?;
    let mut odd = None;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'\\' {
            out.push_char(u32::from(*byte))?;
            at += 1;
            continue;
        }
        match escape(bytes, at, raw) {
            Escape::Is(c, end) => {
                if c > 0xFF && (b'0'..=b'7').contains(&bytes[at + 1]) {
                    odd = odd.or(Some((at + 1, end)));
                }
                out.push_char(c)?;
                at = end;
            }
            Escape::Nothing(end) => at = end,
            Escape::None if bytes.get(at + 1).is_none() && !job.last => return job.stop(out, at),
            Escape::None if raw => {
                // The character behind it is no beginning of an escape.
                let count = if bytes.get(at + 1).is_some() { 2 } else { 1 };
                for byte in &bytes[at..at + count] {
                    out.push_char(u32::from(*byte))?;
                }
                at += count;
            }
            Escape::None => {
                odd = odd.or(Some((at + 1, (at + 2).min(bytes.len()))));
                out.push_char(0x5C)?;
                at += 1;
            }
            Escape::Wrong(_, _, true) if !job.last => return job.stop(out, at),
            Escape::Wrong(what, end, _) => at = job.handle(&mut out, (at, end), what, |_| None)?,
        }
    }
    if let Some((from, to)) = odd.filter(|_| !raw) {
        warn(job.vm, "", &bytes[from..to])?;
    }
    out.finish()
}

/// Warns of an escape that means nothing, or of an octal one beyond a byte, in a literal of that prefix.
#[cold]
pub(crate) fn warn(vm: &Vm, prefix: &str, escape: &[u8]) -> Res<()> {
    let shown: String = escape.iter().map(|b| char::from(*b)).collect();
    let kind = if escape.len() == 3 { "octal escape" } else { "escape" };
    let message = format!(
        "{prefix}\"\\{shown}\" is an invalid {kind} sequence. Such sequences will not work in the future. "
    );
    vm.warn("DeprecationWarning", &message, 1)
}

/// The number of up to three octal digits at a place, and the place behind them.
pub(crate) fn octal(bytes: &[u8], from: usize) -> (u32, usize) {
    let digits = bytes[from..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
    let end = from + digits;
    (bytes[from..end].iter().fold(0, |n, b| n * 8 + u32::from(b - b'0')), end)
}

/// What a letter behind a backslash stands for, if it is one of those that stand for one character.
pub(crate) fn simple(letter: u8) -> Option<u8> {
    match letter {
        b'\\' | b'\'' | b'"' => Some(letter),
        _ => b"abfnrtv".iter().position(|known| *known == letter).map(|at| b"\x07\x08\x0c\n\r\t\x0b"[at]),
    }
}
