//! Literals as their reprs, for the text of annotations.

use std::fmt::Write as _;

use ryokan_bytecode::Const;

use crate::fold::as_int;

/// What an infinite float is written as: larger than any float.
const INFINITE: &str = "1e309";

/// A number.
pub(super) fn write_number(value: &Const, out: &mut String) {
    match value {
        Const::Float(bits) => float(f64::from_bits(*bits), ".0", out),
        Const::Complex(_, bits) => {
            float(f64::from_bits(*bits), "", out);
            out.push('j');
        }
        int => {
            if let Some(int) = as_int(int) {
                let _ = write!(out, "{int}");
            }
        }
    }
}

/// A float that is not negative, with the fewest digits that mean it; what a whole number ends in is given.
fn float(value: f64, whole: &str, out: &mut String) {
    if value.is_infinite() {
        return out.push_str(INFINITE);
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        out.push_str(&plain);
        return out.push_str(if plain.contains('.') { "" } else { whole });
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(out, "{digits}e{sign}{:02}", exponent.abs());
}

/// Text in an f-string: its braces are doubled.
pub(super) fn brace(text: &[u8], body: &mut Vec<u8>) {
    for byte in text {
        body.push(*byte);
        if matches!(byte, b'{' | b'}') {
            body.push(*byte);
        }
    }
}

/// The quote for a text: the double one only where that spares escapes.
fn quote_of(text: &[u8]) -> char {
    if text.contains(&b'\'') && !text.contains(&b'"') { '"' } else { '\'' }
}

/// Writes what every repr escapes; says whether it has.
fn escaped(byte: u8, quote: char, out: &mut String) -> bool {
    match byte {
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        b'\\' => out.push_str("\\\\"),
        byte if char::from(byte) == quote => {
            out.push('\\');
            out.push(quote);
        }
        0..0x20 | 0x7f => {
            let _ = write!(out, "\\x{byte:02x}");
        }
        _ => return false,
    }
    true
}

/// A bytes as its repr.
pub(super) fn quoted_bytes(bytes: &[u8], out: &mut String) {
    let quote = quote_of(bytes);
    out.push('b');
    out.push(quote);
    for byte in bytes {
        if escaped(*byte, quote, out) {
            continue;
        }
        match byte {
            0x80.. => {
                let _ = write!(out, "\\x{byte:02x}");
            }
            byte => out.push(char::from(*byte)),
        }
    }
    out.push(quote);
}

/// A str as its repr: UTF-8 in which surrogates may stand.
pub(super) fn quoted_text(text: &[u8], out: &mut String) {
    let quote = quote_of(text);
    out.push(quote);
    let mut surrogate = Vec::new();
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match u8::try_from(c) {
                Ok(byte) if byte < 0x80 => {
                    if !escaped(byte, quote, out) {
                        out.push(c);
                    }
                }
                _ if is_printable(c) => out.push(c),
                _ => match u32::from(c) {
                    code @ ..0x100 => drop(write!(out, "\\x{code:02x}")),
                    code @ ..0x1_0000 => drop(write!(out, "\\u{code:04x}")),
                    code => drop(write!(out, "\\U{code:08x}")),
                },
            }
        }
        // A surrogate is three bytes, which come one by one.
        surrogate.extend_from_slice(chunk.invalid());
        if let [_, high, low] = surrogate[..] {
            let code = 0xd000 | u32::from(high & 0x3f) << 6 | u32::from(low & 0x3f);
            let _ = write!(out, "\\u{code:04x}");
            surrogate.clear();
        }
    }
    out.push(quote);
}

/// Whether a repr shows a character as it is: whether Rust's does where it stands behind another.
fn is_printable(c: char) -> bool {
    let mut both = String::from("a");
    both.push(c);
    both.escape_debug().nth(1) == Some(c)
}
