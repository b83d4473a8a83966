//! Strs in JSON.

use ryokan_vm::native::*;

use super::decode_error;

/// What an argument must be.
fn text_of(cx: &Cx, value: &Value) -> Res<Str> {
    let wrong = || cx.type_error(format_args!("first argument must be a string, not {}", cx.type_name(value)));
    Str::of(value).ok_or(()).map_err(|()| wrong())
}

pub fn encode_basestring(cx: &Cx, object: &Value) -> Res {
    let mut out = StrWriter::new(cx);
    write_str(cx, &mut out, &text_of(cx, object)?, false)?;
    out.finish()
}
pub fn encode_basestring_ascii(cx: &Cx, object: &Value) -> Res {
    let mut out = StrWriter::new(cx);
    write_str(cx, &mut out, &text_of(cx, object)?, true)?;
    out.finish()
}

/// The letter behind a backslash that stands for a character, if there is one.
fn short_escape(c: u32) -> Option<u8> {
    match u8::try_from(c).ok()? {
        c @ (b'"' | b'\\') => Some(c),
        b'\n' => Some(b'n'),
        b'\r' => Some(b'r'),
        b'\t' => Some(b't'),
        8 => Some(b'b'),
        12 => Some(b'f'),
        _ => None,
    }
}

/// Writes a str with its quotes.
pub fn write_str(cx: &Cx, out: &mut StrWriter, text: &Str, ascii: bool) -> Res<()> {
    let chars = text.chars();
    let len = chars.len();
    cx.work((len / 32) as u64)?;
    out.push_str("\"")?;
    let plain = |c: u32| c >= 0x20 && c != 0x22 && c != 0x5C && (!ascii || c < 0x7F);
    let stop = |from: usize| match chars {
        Chars::One(units) => units[from..].iter().position(|c| !plain(u32::from(*c))),
        Chars::Two(units) => units[from..].iter().position(|c| !plain(u32::from(*c))),
        Chars::Four(units) => units[from..].iter().position(|c| !plain(*c)),
    };
    let mut from = 0;
    while let Some(run) = stop(from) {
        let at = from + run;
        out.push_chars(chars.slice(from, at))?;
        let c = chars.at(at);
        match (short_escape(c), c) {
            (Some(letter), _) => {
                out.push_char(u32::from(b'\\'))?;
                out.push_char(u32::from(letter))?;
            }
            (None, 0x1_0000..) => {
                let above = c - 0x1_0000;
                write_unit(out, 0xD800 + (above >> 10))?;
                write_unit(out, 0xDC00 + (above & 0x3FF))?;
            }
            _ => write_unit(out, c)?,
        }
        from = at + 1;
    }
    out.push_chars(chars.slice(from, len))?;
    out.push_str("\"")
}

/// Writes `\u` and four digits.
fn write_unit(out: &mut StrWriter, unit: u32) -> Res<()> {
    let digit = |shift: u32| b"0123456789abcdef"[(unit >> shift & 15) as usize];
    let digits = [b'\\', b'u', digit(12), digit(8), digit(4), digit(0)];
    out.push_chars(Chars::One(&digits))
}

// ---- reading ---------------------------------------------------------------------------------------------------------

pub fn scanstring(cx: &Cx, string: &Value, end: i64, strict: bool) -> Res<(Value, usize)> {
    let text = text_of(cx, string)?;
    match usize::try_from(end) {
        Ok(at) if at <= text.len() => read_str(cx, &text, at, strict),
        _ => Err(cx.value_error("end is out of bounds")),
    }
}

/// The place of the next quote, backslash or control character.
#[inline]
fn next_stop(chars: Chars, from: usize) -> Option<usize> {
    let stops = |c: u32| c == 0x22 || c == 0x5C || c < 0x20;
    let found = match chars {
        Chars::One(units) => units[from..].iter().position(|c| stops(u32::from(*c))),
        Chars::Two(units) => units[from..].iter().position(|c| stops(u32::from(*c))),
        Chars::Four(units) => units[from..].iter().position(|c| stops(*c)),
    };
    found.map(|at| from + at)
}

/// Four hexadecimal digits at a place.
fn unit_at(chars: Chars, at: usize) -> Option<u32> {
    if at + 4 > chars.len() {
        return None;
    }
    (at..at + 4).try_fold(0, |unit, at| Some(unit << 4 | char::from_u32(chars.at(at))?.to_digit(16)?))
}

/// Reads a str from behind its quote: the str, and the place behind it.
pub fn read_str(cx: &Cx, text: &Str, begin: usize, strict: bool) -> Res<(Value, usize)> {
    let (chars, mut from) = (text.chars(), begin);
    let unterminated = || decode_error(cx, "Unterminated string starting at", text.value(), begin as i64 - 1);
    let mut out: Option<StrWriter> = None;
    let mut at = begin;
    loop {
        let Some(stop) = next_stop(chars, at) else { return Err(unterminated()) };
        let c = chars.at(stop);
        if c == 0x22 {
            cx.work(((stop - begin) / 64) as u64)?;
            let made = match out {
                None => text.slice(cx, begin, stop)?,
                Some(mut out) => {
                    out.push_chars(chars.slice(from, stop))?;
                    out.finish()?
                }
            };
            return Ok((made, stop + 1));
        }
        if c != 0x5C {
            if strict {
                return Err(decode_error(cx, "Invalid control character at", text.value(), stop as i64));
            }
            at = stop + 1;
            continue;
        }
        let out = out.get_or_insert_with(|| StrWriter::new(cx));
        out.push_chars(chars.slice(from, stop))?;
        if stop + 1 >= chars.len() {
            return Err(unterminated());
        }
        let (c, next) = read_escape(cx, text, stop)?;
        out.push_char(c)?;
        (from, at) = (next, next);
    }
}

/// The character of the escape at a place, and the place behind it.
fn read_escape(cx: &Cx, text: &Str, at: usize) -> Res<(u32, usize)> {
    let chars = text.chars();
    let c = match u8::try_from(chars.at(at + 1)) {
        Ok(c @ (b'"' | b'\\' | b'/')) => c,
        Ok(b'n') => b'\n',
        Ok(b'r') => b'\r',
        Ok(b't') => b'\t',
        Ok(b'b') => 8,
        Ok(b'f') => 12,
        Ok(b'u') => return read_unit(cx, text, at),
        _ => return Err(decode_error(cx, "Invalid \\escape", text.value(), at as i64)),
    };
    Ok((u32::from(c), at + 2))
}

/// The same of `\u`: two surrogates that belong together are one character.
fn read_unit(cx: &Cx, text: &Str, at: usize) -> Res<(u32, usize)> {
    let chars = text.chars();
    let Some(unit) = unit_at(chars, at + 2) else {
        return Err(decode_error(cx, "Invalid \\uXXXX escape", text.value(), at as i64 + 1));
    };
    let next = at + 6;
    let follows = next + 6 <= chars.len() && chars.at(next) == 0x5C && chars.at(next + 1) == u32::from(b'u');
    if (0xD800..0xDC00).contains(&unit)
        && follows
        && let Some(low @ 0xDC00..0xE000) = unit_at(chars, next + 2)
    {
        return Ok((0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00), next + 6));
    }
    Ok((unit, next))
}
