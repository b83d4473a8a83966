//! Numbers from texts, and texts of numbers.

use dashu_int::UBig;
use ryokan_vm::native::*;

use super::calc::{Calc, Limits, MAX_PREC, flag};
use super::coeff::{Coeff, SMALL_DIGITS, room};
use super::num::{Kind, Num};
use super::object::Small;

/// A text in ASCII, with other scripts' digits as digits and what can stand in no number as `?`. Where it is asked for, white space
/// around it and underscores in it are left out.
pub fn ascii(cx: &Cx, text: &Str, lenient: bool) -> Res<Vec<u8>> {
    cx.room_for_bytes(text.len())?;
    cx.work_on_bytes(text.len())?;
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars().iter() {
        match c {
            0x5F if lenient => {}
            0x21..=0x7E => out.push(c as u8),
            _ if unicode::is_space(c) => out.push(b' '),
            _ => out.push(unicode::decimal(c).map_or(b'?', |digit| b'0' + digit as u8)),
        }
    }
    if lenient { Ok(out.trim_ascii().to_vec()) } else { Ok(out) }
}

/// A coefficient of ASCII digits.
pub fn coeff_of(cx: &Cx, digits: &str) -> Res<Coeff> {
    let digits = digits.trim_start_matches('0');
    if digits.len() as i64 <= SMALL_DIGITS {
        return Ok(Coeff::Small(digits.bytes().fold(0, |n, digit| n * 10 + u128::from(digit - b'0'))));
    }
    room(cx, 2 * digits.len() as i64)?;
    Ok(Coeff::of(UBig::from_str_radix(digits, 10).unwrap_or_default()))
}

/// The number that a text is, exactly; nothing if it is none.
pub fn parse(cx: &Cx, text: &[u8]) -> Res<Option<Num>> {
    let (negative, body) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    match body.first() {
        Some(b'0'..=b'9' | b'.') => finite(cx, negative, body),
        _ => special(cx, negative, body),
    }
}

fn special(cx: &Cx, negative: bool, body: &[u8]) -> Res<Option<Num>> {
    if body.eq_ignore_ascii_case(b"inf") || body.eq_ignore_ascii_case(b"infinity") {
        return Ok(Some(Num::infinity(negative)));
    }
    let (kind, body) = match body {
        [b's' | b'S', rest @ ..] => (Kind::Signaling, rest),
        rest => (Kind::Quiet, rest),
    };
    let payload = match body.split_at_checked(3) {
        Some((name, payload)) if name.eq_ignore_ascii_case(b"nan") => payload,
        _ => return Ok(None),
    };
    match std::str::from_utf8(payload) {
        Ok(payload) if payload.bytes().all(|c| c.is_ascii_digit()) => {
            let coeff = coeff_of(cx, payload)?;
            let digits = if coeff.is_zero() { 0 } else { coeff.digits(cx)? };
            Ok(Some(Num { kind, negative, exp: 0, digits, coeff }))
        }
        _ => Ok(None),
    }
}

fn finite(cx: &Cx, negative: bool, body: &[u8]) -> Res<Option<Num>> {
    let end = body.iter().position(|c| matches!(c, b'e' | b'E'));
    let (number, exponent) = match end {
        Some(at) => (&body[..at], Some(&body[at + 1..])),
        None => (body, None),
    };
    let mut small = 0u128;
    let (mut digits, mut significant, mut point) = (0usize, 0i64, None);
    for &c in number {
        match c {
            b'0'..=b'9' => {
                digits += 1;
                if significant > 0 || c != b'0' {
                    significant += 1;
                    if significant <= SMALL_DIGITS {
                        small = small * 10 + u128::from(c - b'0');
                    }
                }
            }
            b'.' if point.is_none() => point = Some(digits),
            _ => return Ok(None),
        }
    }
    let exp = match exponent.map(exponent_of) {
        None => 0,
        Some(Some(exp)) => exp,
        Some(None) => return Ok(None),
    };
    if digits == 0 || significant > MAX_PREC {
        return Ok(None);
    }
    let coeff = if significant <= SMALL_DIGITS {
        Coeff::Small(small)
    } else {
        cx.room_for_bytes(digits)?;
        let only: String = number.iter().filter(|c| **c != b'.').map(|c| char::from(*c)).collect();
        coeff_of(cx, &only)?
    };
    let behind = point.map_or(0, |at| (digits - at) as i64);
    Ok(Some(Num { kind: Kind::Finite, negative, exp: exp - behind, digits: significant.max(1), coeff }))
}

/// An exponent. One that is too large for any number is cut.
fn exponent_of(text: &[u8]) -> Option<i64> {
    const MOST: i64 = 3_000_000_000_000_000_000;
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add = |n: i64, digit: &u8| (n.saturating_mul(10).saturating_add(i64::from(digit - b'0'))).min(MOST);
    let n = digits.iter().fold(0i64, add);
    Some(if negative { -n } else { n })
}

impl Calc<'_> {
    /// The number of a text exactly, or not at all.
    pub fn exact_of(&mut self, text: &[u8]) -> Res<Num> {
        match parse(self.cx, text)? {
            Some(n) => self.exact(n),
            None => Ok(self.invalid(flag::CONVERSION_SYNTAX)),
        }
    }
    /// A number as it is, if it can exist.
    pub fn exact(&mut self, n: Num) -> Res<Num> {
        let fits = n.exp <= 600_000_000_000_000_000 && n.exp >= -900_000_000_000_000_000 && n.is_finite();
        if fits && n.digits < 100_000 {
            return Ok(n);
        }
        let mut inner = self.within(Limits::MAX);
        let n = inner.finish(n)?;
        if inner.status & (flag::INEXACT | flag::ROUNDED | flag::CLAMPED) != 0 {
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        self.signal(inner.status & flag::ERRORS);
        Ok(n)
    }
    /// The number of a text within the context.
    pub fn of_text(&mut self, text: &[u8]) -> Res<Num> {
        match parse(self.cx, text)? {
            Some(n) => self.of_number(n),
            None => Ok(self.invalid(flag::CONVERSION_SYNTAX)),
        }
    }
    /// A number within the context. What a NaN says is not cut: it is no number then.
    pub fn of_number(&mut self, n: Num) -> Res<Num> {
        if n.is_nan() && n.digits > self.limits.prec - i64::from(self.limits.clamp) {
            return Ok(self.invalid(flag::CONVERSION_SYNTAX));
        }
        self.finish(n)
    }
}

/// The text of a number: with an exponent where it needs one; in engineering's way a multiple of three.
pub fn text_of(cx: &Cx, n: &Num, capitals: bool, engineering: bool) -> Res<String> {
    let mut out = String::new();
    if n.negative {
        out.push('-');
    }
    match n.kind {
        Kind::Infinite => out.push_str("Infinity"),
        Kind::Quiet | Kind::Signaling => {
            out.push_str(if n.kind == Kind::Quiet { "NaN" } else { "sNaN" });
            if n.digits > 0 {
                cx.room_for_bytes(n.digits as usize)?;
                out.push_str(&n.coeff.text(cx)?);
            }
        }
        Kind::Finite => finite_text(cx, n, capitals, engineering, &mut out)?,
    }
    Ok(out)
}

/// The text of a short number.
pub struct Line {
    bytes: [u8; 96],
    len: usize,
}

impl Line {
    fn push(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }
    /// A number, with zeros before it to fill a width.
    fn push_number(&mut self, mut n: u128, width: usize) {
        let end = self.len + width;
        let mut at = end;
        while at > self.len {
            // As long as possible by words.
            let mut word = (n % 10_000_000_000_000_000) as u64;
            n /= 10_000_000_000_000_000;
            for _ in 0..16.min(at - self.len) {
                at -= 1;
                self.bytes[at] = b'0' + (word % 10) as u8;
                word /= 10;
            }
        }
        self.len = end;
    }
    pub fn of(small: Small, digits: i64, capitals: bool) -> Line {
        let mut line = Line { bytes: [0; 96], len: 0 };
        if small.negative {
            line.push(b'-');
        }
        let left = small.exp + digits;
        let point = if small.exp <= 0 && left > -6 { left } else { 1 };
        if point <= 0 {
            line.push(b'0');
            line.push(b'.');
            (0..-point).for_each(|_| line.push(b'0'));
            line.push_number(small.n, digits as usize);
        } else {
            let start = line.len;
            line.push_number(small.n, digits as usize);
            if point < digits {
                let at = start + point as usize;
                line.bytes.copy_within(at..line.len, at + 1);
                line.bytes[at] = b'.';
                line.len += 1;
            }
        }
        if left != point {
            let exp = left - point;
            line.push(if capitals { b'E' } else { b'e' });
            line.push(if exp < 0 { b'-' } else { b'+' });
            let exp = u128::from(exp.unsigned_abs());
            line.push_number(exp, super::coeff::digits_of(exp) as usize);
        }
        line
    }
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or("")
    }
}

fn finite_text(cx: &Cx, n: &Num, capitals: bool, engineering: bool, out: &mut String) -> Res<()> {
    cx.room_for_bytes(2 * n.digits as usize)?;
    let digits = n.coeff.text(cx)?;
    let left = n.exp + n.digits;
    let point = if n.exp <= 0 && left > -6 {
        left
    } else if !engineering {
        1
    } else if n.is_zero() {
        (left + 1).rem_euclid(3) - 1
    } else {
        (left - 1).rem_euclid(3) + 1
    };
    push_digits(out, &digits, point);
    if left != point {
        let sign = if left > point { "+" } else { "" };
        out.push_str(if capitals { "E" } else { "e" });
        out.push_str(sign);
        out.push_str(&(left - point).to_string());
    }
    Ok(())
}

/// Digits with a point behind so many of them; zeros fill what is missing.
fn push_digits(out: &mut String, digits: &str, point: i64) {
    let zeros = |out: &mut String, count: i64| out.extend(std::iter::repeat_n('0', count.max(0) as usize));
    if point <= 0 {
        out.push_str("0.");
        zeros(out, -point);
        out.push_str(digits);
    } else if point as usize >= digits.len() {
        out.push_str(digits);
        zeros(out, point - digits.len() as i64);
    } else {
        let (whole, part) = digits.split_at(point as usize);
        out.push_str(whole);
        out.push('.');
        out.push_str(part);
    }
}
