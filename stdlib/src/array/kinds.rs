//! What the items of an array are, by its type code.

use ryokan_vm::native::*;

/// All type codes.
pub const CODES: &str = "bBuwhHiIlLqQfd";

/// How many bytes an item has; nothing of what is no type code.
pub fn size(code: u8) -> Option<usize> {
    Some(match code {
        b'b' | b'B' => 1,
        b'h' | b'H' => 2,
        b'u' | b'w' | b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'd' => 8,
        _ => return None,
    })
}

/// Whether items are ints, and have signs.
pub fn int(code: u8) -> Option<bool> {
    match code {
        b'b' | b'h' | b'i' | b'l' | b'q' => Some(true),
        b'B' | b'H' | b'I' | b'L' | b'Q' => Some(false),
        _ => None,
    }
}

/// Whether items are characters.
pub fn is_text(code: u8) -> bool {
    matches!(code, b'u' | b'w')
}

/// The number of the bytes of an int, as two's complement of 64 bits.
fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The number of an item of few bytes.
#[inline]
pub fn short_int(code: u8, bytes: &[u8]) -> Option<i64> {
    let word = word(bytes);
    Some(match code {
        b'b' => i64::from(word as i8),
        b'h' => i64::from(word as i16),
        b'i' => i64::from(word as i32),
        b'B' | b'H' | b'I' => word as i64,
        _ => return None,
    })
}

/// The number that an item is, if it is immediate.
#[inline]
pub fn number(code: u8, bytes: &[u8]) -> Option<Value> {
    match (code, bytes.first_chunk(), bytes.first_chunk()) {
        (b'd', Some(eight), _) => Value::try_float(f64::from_le_bytes(*eight)),
        (b'f', _, Some(four)) => Value::try_float(f64::from(f32::from_le_bytes(*four))),
        (b'l' | b'q', Some(eight), _) => Value::try_int(i64::from_le_bytes(*eight)),
        (b'L' | b'Q', Some(eight), _) => Value::try_int(i64::try_from(u64::from_le_bytes(*eight)).ok()?),
        _ => short_int(code, bytes).map(Value::small),
    }
}

/// The bytes of a number as an item, the first of a little-endian word, if it is one that fits and nothing must be run.
#[inline]
pub fn bits_at_once(cx: &Cx, code: u8, value: &Value) -> Option<u64> {
    match code {
        b'd' => cx.exact_float(value).map(f64::to_bits),
        b'f' => cx.exact_float(value).map(|x| u64::from((x as f32).to_bits())),
        b'u' | b'w' => None,
        _ => {
            let (number, unused) = (cx.small_int(value)?, 64 - size(code)? as u32 * 8);
            // (No int of 64 bits and a sign is too large for one of 64 without.)
            let fits = match int(code)? {
                true => (i64::MIN >> unused..=i64::MAX >> unused).contains(&number),
                false => number >= 0 && number as u64 <= u64::MAX >> unused,
            };
            fits.then_some(number as u64)
        }
    }
}

/// An item of bytes.
pub fn decode(cx: &Cx, code: u8, bytes: &[u8]) -> Res {
    match code {
        b'f' => f64::from(f32::from_bits(word(bytes) as u32)).into_value(cx),
        b'd' => f64::from_bits(word(bytes)).into_value(cx),
        b'l' | b'q' => (word(bytes) as i64).into_value(cx),
        b'L' | b'Q' => word(bytes).into_value(cx),
        b'u' | b'w' => {
            let c = word(bytes) as u32;
            if c > 0x10_FFFF {
                let message = format_args!("character U+{c:x} is not in range [U+0000; U+10ffff]");
                return Err(cx.value_error(message));
            }
            Chars::Four(&[c]).into_value(cx)
        }
        _ => short_int(code, bytes).unwrap_or(0).into_value(cx),
    }
}

/// The bytes of an item, the first `size` of them. Runs Python; `TypeError`, `OverflowError`.
pub fn encode(cx: &Cx, code: u8, value: &Value) -> Res<[u8; 8]> {
    let bits = match code {
        b'f' => u64::from((cx.float(value)? as f32).to_bits()),
        b'd' => cx.float(value)?.to_bits(),
        b'u' | b'w' => u64::from(character(cx, value)?),
        b'b' => within(cx, value, -128, 127, "signed char")? as u64,
        b'B' => within(cx, value, 0, 255, "unsigned byte integer")? as u64,
        b'h' => within(cx, value, -32_768, 32_767, "signed short integer")? as u64,
        b'H' => within(cx, value, 0, 65_535, "unsigned short")? as u64,
        b'i' => within(cx, value, i64::from(i32::MIN), i64::from(i32::MAX), "signed integer")? as u64,
        b'l' => cx.long(value)? as u64,
        b'q' => i64::try_from(&*cx.to_index(value)?.big())
            .map_err(|_| cx.overflow_error("int too big to convert"))? as u64,
        _ => unsigned(cx, code, value)?,
    };
    Ok(bits.to_le_bytes())
}

fn character(cx: &Cx, value: &Value) -> Res<u32> {
    let what = "array item must be a unicode character, not";
    match Str::of(value) {
        Some(text) if text.len() == 1 => Ok(text.chars().at(0)),
        Some(text) => Err(cx.type_error(format_args!("{what} a string of length {}", text.len()))),
        None => Err(cx.type_error(format_args!("{what} {}", cx.type_name(value)))),
    }
}

fn within(cx: &Cx, value: &Value, least: i64, most: i64, what: &str) -> Res<i64> {
    let number = cx.long(value)?;
    if number < least {
        return Err(cx.overflow_error(format_args!("{what} is less than minimum")));
    }
    if number > most {
        return Err(cx.overflow_error(format_args!("{what} is greater than maximum")));
    }
    Ok(number)
}

fn unsigned(cx: &Cx, code: u8, value: &Value) -> Res<u64> {
    let number = cx.to_index(value)?;
    if number.is_negative() {
        return Err(cx.overflow_error(match code {
            b'Q' => "can't convert negative int to unsigned",
            _ => "can't convert negative value to unsigned int",
        }));
    }
    let Ok(number) = u64::try_from(&*number.magnitude()) else {
        return Err(cx.overflow_error(match code {
            b'Q' => "int too big to convert",
            _ => "Python int too large to convert to C unsigned long",
        }));
    };
    if code == b'I' && number > u64::from(u32::MAX) {
        return Err(cx.overflow_error("unsigned int is greater than maximum"));
    }
    Ok(number)
}
