//! Short and plain format specifications of builtin numbers, laid out where they are written.

use std::io::Write;

use crate::raised::Res;
use crate::types::int::unbox_word;
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
            write!(left, "{:.*}", digits, word.float()).ok()?;
        }
        (b"d" | b"", None) if word.is_int() && width > 0 => write!(left, "{}", word.int()).ok()?,
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
