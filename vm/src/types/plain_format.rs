//! Short and plain format specifications of builtin numbers, laid out where they are written.

use std::io::Write;

use crate::raised::Res;
use crate::types::int::{DECIMAL_ROOM, RADIX_ROOM, small_radix_text, small_text, unbox_word};
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// `format(value, spec)` of a builtin float or int itself, where the specification is short and plain: `.2f`, `5d`, `08.3f`.
/// Anything else says nothing.
pub fn quick_format(vm: &Vm, value: &Value, spec: &Value) -> Option<Res> {
    /// What a number takes at most, and how wide a field may be.
    const ROOM: usize = 64;
    let mut spec = spec.exact::<Str>()?.ascii()?.as_bytes();
    let zeros = matches!(spec, [b'0', b'0'..=b'9', ..]);
    let width = take_digits(&mut spec)?;
    let mut precision = None;
    if let [b'.', rest @ ..] = spec {
        spec = rest;
        precision = Some(take_digits(&mut spec).filter(|_| rest.first().is_some_and(u8::is_ascii_digit))?);
    }
    let mut room = [0u8; ROOM];
    let mut left = &mut room[..];
    let word = unbox_word(value.word());
    match (spec, precision) {
        // Longer ones, infinities and NaN are for the general way.
        (b"f", Some(digits @ 0..=20)) if word.is_float() && word.float().abs() < 1e18 => {
            match scaled(word.float(), digits) {
                Some(number) => write_scaled(&mut left, word.float().is_sign_negative(), number, digits)?,
                None => write!(left, "{:.*}", digits, word.float()).ok()?,
            }
        }
        (b"d", None) if word.is_int() => put(&mut left, small_text(word.int(), &mut [0; DECIMAL_ROOM]))?,
        (b"", None) if word.is_int() && width > 0 => {
            put(&mut left, small_text(word.int(), &mut [0; DECIMAL_ROOM]))?;
        }
        ([letter @ (b'x' | b'X' | b'o' | b'b')], None) if word.is_int() => {
            let base = match letter {
                b'b' => 2,
                b'o' => 8,
                _ => 16,
            };
            let mut digits = [0; RADIX_ROOM];
            put(&mut left, small_radix_text(word.int(), base, *letter == b'X', "", &mut digits))?;
        }
        _ => return None,
    }
    let used = ROOM - left.len();
    if width <= used {
        return Some(vm.str_from_ascii(&room[..used]));
    }
    if width > ROOM {
        return None;
    }
    // Zeros stand behind the sign.
    let sign = usize::from(zeros && room[0] == b'-');
    let fill = width - used;
    room.copy_within(sign..used, sign + fill);
    room[sign..sign + fill].fill(if zeros { b'0' } else { b' ' });
    Some(vm.str_from_ascii(&room[..width]))
}

/// Writes bytes where there is room for all.
fn put(left: &mut &mut [u8], bytes: &[u8]) -> Option<()> {
    left.write_all(bytes).ok()
}

/// A finite float with so many digits behind its point, without its sign, if both are short.
pub fn fixed_text(value: f64, digits: usize, room: &mut [u8; FIXED_ROOM]) -> Option<&[u8]> {
    let number = scaled(value, digits)?;
    let mut left = &mut room[..];
    write_scaled(&mut left, false, number, digits)?;
    let used = FIXED_ROOM - left.len();
    Some(&room[..used])
}

/// What [`fixed_text`] takes at most.
pub const FIXED_ROOM: usize = 24;

/// Takes the digits at the beginning: their number, 0 if there are none; nothing if they are many.
fn take_digits(text: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    let mut count = 0;
    while let [digit @ b'0'..=b'9', rest @ ..] = *text {
        (number, count, *text) = (number * 10 + usize::from(digit - b'0'), count + 1, rest);
        if count > 3 {
            return None;
        }
    }
    Some(number)
}

/// How many digits behind the point a number of 64 bits has room for.
const FEW: usize = 9;

/// A float times a power of ten, without its sign, to the nearest int, ties to even: exact, for a float is an int of 53 bits times a power
/// of two. Nothing if that is no short number.
fn scaled(value: f64, digits: usize) -> Option<u64> {
    const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
    if digits > FEW {
        return None;
    }
    let bits = value.abs().to_bits();
    let exponent = i32::try_from(bits >> FRACTION).ok()?;
    // Subnormal numbers and those below 2 ** -64 take the long way, and so do large ones.
    let down = 1023 + FRACTION as i32 - exponent;
    if !(1..=116).contains(&down) {
        return None;
    }
    let mantissa = bits & ((1 << FRACTION) - 1) | 1 << FRACTION;
    let product = u128::from(mantissa) * u128::from(10u64.pow(digits as u32));
    let (whole, rest) = (product >> down, product & ((1 << down) - 1));
    let half = 1u128 << (down - 1);
    let up = rest > half || (rest == half && whole & 1 == 1);
    u64::try_from(whole + u128::from(up)).ok()
}

/// Writes what [`scaled`] gives with its point.
fn write_scaled(left: &mut &mut [u8], negative: bool, number: u64, digits: usize) -> Option<()> {
    let mut text = [b'0'; 24];
    let (mut at, mut rest) = (text.len(), number);
    let mut written = 0;
    while rest > 0 || written <= digits {
        if written == digits && digits > 0 {
            at -= 1;
            text[at] = b'.';
        }
        at -= 1;
        text[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        written += 1;
    }
    if negative {
        at -= 1;
        text[at] = b'-';
    }
    left.write_all(&text[at..]).ok()
}
