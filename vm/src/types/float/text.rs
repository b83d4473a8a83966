//! Floats as text: the shortest repr, parsing, and the hexadecimal form.

use super::{decode, number, round_scaled};
use crate::raised::Res;
use crate::types::int::strip;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// Decimal digits of a finite magnitude: `0.d1d2d3.. * 10^point`. Zero is one digit 0 with the point behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits {
    /// ASCII digits, no zero at either end but for zero itself.
    pub digits: Vec<u8>,
    /// Where the decimal point stands among them.
    pub point: i32,
}

/// The fewest digits that give the float back. The float must be finite; its sign is ignored.
pub fn shortest(x: f64) -> Digits {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole.as_bytes(), fraction.as_bytes()].concat();
    let first = all.iter().position(|d| *d != b'0');
    let last = all.iter().rposition(|d| *d != b'0');
    match (first, last) {
        (Some(first), Some(last)) => {
            Digits { digits: all[first..=last].to_vec(), point: whole.len() as i32 + exponent - first as i32 }
        }
        _ => Digits { digits: vec![b'0'], point: 1 },
    }
}

/// `repr(x)`
pub fn repr_text(x: f64) -> String {
    if !x.is_finite() {
        return if x.is_nan() {
            "nan"
        } else if x > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .to_string();
    }
    let size = x.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        return zmij::Buffer::new().format_finite(x).to_string();
    }
    // Scientific: at least two digits of exponent, no point behind a lone digit.
    let Digits { digits, point } = shortest(x);
    let mut text = String::from(if x < 0.0 { "-" } else { "" });
    text.push(digits[0] as char);
    if digits.len() > 1 {
        text.push('.');
        text.extend(digits[1..].iter().map(|d| *d as char));
    }
    let exponent = point - 1;
    text.push_str(&format!("e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()));
    text
}

/// Reads what `float()` reads of ASCII text: white space around it, underscores between digits, infinities and NaN.
pub fn float_from_ascii(text: &[u8]) -> Option<f64> {
    let text = strip(text);
    if memchr::memchr(b'_', text).is_none() {
        return parse_clean(text);
    }
    parse_clean(&without_underscores(text)?)
}

/// Takes out underscores, each of which must stand between two digits.
pub fn without_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let mut clean = Vec::with_capacity(text.len());
    let mut before = 0;
    for (at, &c) in text.iter().enumerate() {
        if c == b'_' {
            if !before_is_digit(before) || !text.get(at + 1).is_some_and(u8::is_ascii_digit) {
                return None;
            }
        } else {
            clean.push(c);
        }
        before = c;
    }
    Some(clean)
}

fn before_is_digit(c: u8) -> bool {
    c.is_ascii_digit()
}

/// Parses a number that must be the whole text.
pub fn parse_clean(text: &[u8]) -> Option<f64> {
    if float_prefix(text) != text.len() || text.is_empty() {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// How many bytes at the start of a text are a float as `float()` spells it; 0 if none.
pub fn float_prefix(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let worded = text.get(at).is_some_and(u8::is_ascii_alphabetic);
    for word in [&b"infinity"[..], b"inf", b"nan"].into_iter().filter(|_| worded) {
        if text[at..].len() >= word.len() && text[at..at + word.len()].eq_ignore_ascii_case(word) {
            return at + word.len();
        }
    }
    let whole = digits(at);
    at += whole;
    let mut fraction = 0;
    if text.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        if whole + fraction == 0 {
            return 0;
        }
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = text.get(at + 1 + sign..).map_or(0, |_| digits(at + 1 + sign));
        if exponent != 0 {
            at += 1 + sign + exponent;
        }
    }
    at
}

/// `x.hex()`
pub fn hex(vm: &Vm, this: &Value) -> Res {
    let x = number(this);
    if !x.is_finite() {
        return vm.str(&repr_text(x));
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x == 0.0 {
        return vm.display(format_args!("{sign}0x0.0p+0"));
    }
    let (mantissa, exponent) = decode(x);
    let (lead, fraction) = (mantissa >> 52, mantissa & ((1 << 52) - 1));
    let exponent = exponent + 52;
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    vm.display(format_args!("{sign}0x{lead}.{fraction:013x}p{exponent_sign}{}", exponent.abs()))
}

/// What is wrong with a hexadecimal float.
enum BadHex {
    Syntax,
    TooLarge,
}

/// `float.fromhex(text)`
pub fn fromhex(vm: &Vm, class: &Value, text: &Value) -> Res {
    let Some(text) = text.get::<Str>() else {
        return Err(vm.type_error("bad argument type for built-in operation"));
    };
    vm.work_on_bytes(text.byte_len() * 8)?;
    let value = match parse_hex(strip(to_ascii_or_bad(text))) {
        Ok(value) => vm.float(value)?,
        Err(BadHex::Syntax) => return Err(vm.value_error("invalid hexadecimal floating-point string")),
        Err(BadHex::TooLarge) => {
            return Err(vm.overflow_error("hexadecimal value too large to represent as a float"));
        }
    };
    if class.word() == vm.types.float.word() { Ok(value) } else { vm.call(class, &[value]) }
}

/// The text, if it is ASCII; else something that is no number.
fn to_ascii_or_bad(text: &Str) -> &[u8] {
    text.ascii().unwrap_or("?").as_bytes()
}

fn parse_hex(text: &[u8]) -> Result<f64, BadHex> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let lower = rest.to_ascii_lowercase();
    let value = match lower.as_slice() {
        b"inf" | b"infinity" => f64::INFINITY,
        b"nan" => f64::NAN,
        [b'0', b'x', digits @ ..] => hex_magnitude(digits)?,
        digits => hex_magnitude(digits)?,
    };
    Ok(if negative { -value } else { value })
}

/// `h.hhhp±d`, all lower case.
fn hex_magnitude(text: &[u8]) -> Result<f64, BadHex> {
    let (number, exponent) = match text.iter().position(|c| *c == b'p') {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let mut parts = number.splitn(2, |c| *c == b'.');
    let (whole, fraction) = (parts.next().unwrap_or(&[]), parts.next().unwrap_or(&[]));
    let digits = || whole.iter().chain(fraction);
    if digits().count() == 0 || !digits().all(u8::is_ascii_hexdigit) {
        return Err(BadHex::Syntax);
    }
    let exponent = exponent.map_or(Ok(0), parse_exponent)?;
    // The first 60 bits, with a last bit for whatever follows.
    let (mut mantissa, mut taken, mut dropped) = (0u64, 0i64, 0i64);
    for digit in digits() {
        let digit = (*digit as char).to_digit(16).unwrap_or(0);
        if mantissa == 0 || taken < 15 {
            mantissa = mantissa << 4 | u64::from(digit);
            taken += i64::from(mantissa != 0);
        } else {
            mantissa |= u64::from(digit != 0);
            dropped += 1;
        }
    }
    if mantissa == 0 {
        return Ok(0.0);
    }
    let exponent = exponent.saturating_add(4 * (dropped - fraction.len() as i64));
    round_scaled(mantissa, exponent.clamp(-1 << 40, 1 << 40)).ok_or(BadHex::TooLarge)
}

fn parse_exponent(text: &[u8]) -> Result<i64, BadHex> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(BadHex::Syntax);
    }
    let size = digits
        .iter()
        .fold(0i64, |n, d| n.saturating_mul(10).saturating_add(i64::from(d - b'0')))
        .min(1 << 50);
    Ok(if negative { -size } else { size })
}
