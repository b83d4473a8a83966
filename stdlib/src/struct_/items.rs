//! Items: a value becomes bytes, and bytes become a value.

use half::f16;
use ryokan_vm::native::*;

use super::ERROR;
use super::format::{Code, Kind};

/// Writes a number as so many bytes, the most significant first if `big`.
#[inline(always)]
fn put(to: &mut [u8], bits: u64, big: bool) {
    match to {
        [byte] => *byte = bits as u8,
        [_, _] => to.copy_from_slice(&if big { bits.swap_bytes() >> 48 } else { bits }.to_le_bytes()[..2]),
        [_, _, _, _] => to.copy_from_slice(&if big { bits.swap_bytes() >> 32 } else { bits }.to_le_bytes()[..4]),
        [_, _, _, _, _, _, _, _] => to.copy_from_slice(&if big { bits.swap_bytes() } else { bits }.to_le_bytes()),
        _ => {}
    }
}

/// The number in one, two, four or eight bytes.
#[inline(always)]
fn get(from: &[u8], big: bool) -> u64 {
    match *from {
        [a] => u64::from(a),
        [a, b] => u64::from(if big { u16::from_be_bytes([a, b]) } else { u16::from_le_bytes([a, b]) }),
        [a, b, c, d] => {
            u64::from(if big { u32::from_be_bytes([a, b, c, d]) } else { u32::from_le_bytes([a, b, c, d]) })
        }
        _ => {
            let bytes = from.first_chunk().copied().unwrap_or_default();
            if big { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) }
        }
    }
}

/// Whether a number is in the range of an int of so many bytes.
#[inline(always)]
fn fits(number: i64, kind: Kind, size: usize) -> bool {
    let spare = (64 - 8 * size as u32) & 63;
    match kind {
        Kind::Signed => number << spare >> spare == number,
        _ => number >= 0 && (number as u64) << spare >> spare == number as u64,
    }
}

/// The range of an int of so many bytes.
fn range(kind: Kind, size: usize) -> (i128, i128) {
    let bits = 8 * size as u32;
    if kind == Kind::Signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) }
}

/// The bits of an int; `struct.error` if it is none, or out of the code's range. Runs Python (`__index__`).
fn int_bits(cx: &Cx, value: &Value, code: &Code) -> Res<u64> {
    let (least, most) = range(code.kind, code.size);
    if !cx.has_index(value) {
        return Err(cx.raise_of(&ERROR, "required argument is not an integer"));
    }
    match cx.index_i128(value)? {
        Some(number) if (least..=most).contains(&number) => Ok(number as u64),
        _ => {
            let letter = code.letter;
            Err(cx.raise_of(&ERROR, format_args!("'{letter}' format requires {least} <= number <= {most}")))
        }
    }
}

/// The bits of an address, which may be given as a negative number.
fn pointer_bits(cx: &Cx, value: &Value) -> Res<u64> {
    if !cx.has_index(value) {
        return Err(cx.raise_of(&ERROR, "required argument is not an integer"));
    }
    match cx.index_i128(value)? {
        Some(number) if number >= i128::from(i64::MIN) && number <= i128::from(u64::MAX) => Ok(number as u64),
        _ => Err(cx.raise_of(&ERROR, "int too large to convert")),
    }
}

/// What says that a number is none of the wanted kind, whatever was raised on the way.
fn not_a(cx: &Cx, raised: Raised, what: &str) -> Raised {
    match cx.catch(raised, "Exception") {
        Ok(_) => cx.raise_of(&ERROR, format_args!("required argument is not a {what}")),
        Err(raised) => raised,
    }
}

/// A float in 2, 4 or 8 bytes; `OverflowError`. The payload of a NaN is kept as far as it goes.
fn put_float(cx: &Cx, to: &mut [u8], x: f64, big: bool) -> Res<()> {
    let too_large =
        |letter: char| Err(cx.overflow_error(format_args!("float too large to pack with {letter} format")));
    let bits = match to.len() {
        2 => {
            let small = f16::from_f64(x);
            if small.is_infinite() && x.is_finite() {
                return too_large('e');
            }
            let bits = if x.is_nan() { nan16(x) } else { small.to_bits() };
            u64::from(bits)
        }
        4 => {
            let small = x as f32;
            if small.is_infinite() && x.is_finite() {
                return too_large('f');
            }
            u64::from(if x.is_nan() { nan32(x) } else { small.to_bits() })
        }
        _ => x.to_bits(),
    };
    put(to, bits, big);
    Ok(())
}

/// A NaN in four bytes: its sign, and the upper bits of its payload.
fn nan32(x: f64) -> u32 {
    let payload = (x.to_bits() >> 29) as u32 & 0x7f_ffff;
    let payload = if payload == 0 { 0x40_0000 } else { payload };
    (x.to_bits() >> 32) as u32 & 0x8000_0000 | 0x7f80_0000 | payload
}

/// The same in two bytes.
fn nan16(x: f64) -> u16 {
    let payload = (x.to_bits() >> 42) as u16 & 0x3ff;
    let payload = if payload == 0 { 0x200 } else { payload };
    (x.to_bits() >> 48) as u16 & 0x8000 | 0x7c00 | payload
}

/// The float in 2, 4 or 8 bytes.
fn get_float(from: &[u8], big: bool) -> f64 {
    let bits = get(from, big);
    match from.len() {
        2 if f16::from_bits(bits as u16).is_nan() => {
            f64::from_bits((bits & 0x8000) << 48 | 0x7ff0_0000_0000_0000 | (bits & 0x3ff) << 42)
        }
        2 => f16::from_bits(bits as u16).to_f64(),
        4 if f32::from_bits(bits as u32).is_nan() => {
            f64::from_bits((bits & 0x8000_0000) << 32 | 0x7ff0_0000_0000_0000 | (bits & 0x7f_ffff) << 29)
        }
        4 => f64::from(f32::from_bits(bits as u32)),
        _ => f64::from_bits(bits),
    }
}

/// The bytes of an argument of `s` or `p`, which must be a bytes or bytearray.
fn text(cx: &Cx, value: &Value, code: &Code) -> Res<Buffer> {
    if Bytes::of(value).is_none() && !cx.is_bytearray(value) {
        let letter = code.letter;
        return Err(cx.raise_of(&ERROR, format_args!("argument for '{letter}' must be a bytes object")));
    }
    Buffer::of(cx, value)
}

/// Writes a value as an item; its bytes are zeros before. Runs Python (`__index__`, `__float__`, `__bool__`).
#[inline]
pub fn pack(cx: &Cx, to: &mut [u8], value: &Value, code: &Code, big: bool) -> Res<()> {
    if matches!(code.kind, Kind::Signed | Kind::Unsigned)
        && let Some(number) = cx.small_int(value)
        && fits(number, code.kind, code.size)
    {
        put(to, number as u64, big);
        return Ok(());
    }
    pack_other(cx, to, value, code, big)
}

/// The same of what is no int that fits.
#[inline(never)]
fn pack_other(cx: &Cx, to: &mut [u8], value: &Value, code: &Code, big: bool) -> Res<()> {
    match code.kind {
        Kind::Signed | Kind::Unsigned => put(to, int_bits(cx, value, code)?, big),
        Kind::Float => {
            let x = cx.float(value).map_err(|raised| not_a(cx, raised, "float"))?;
            put_float(cx, to, x, big)?;
        }
        Kind::Bool => to[0] = u8::from(cx.truth(value)?),
        Kind::Pointer => put(to, pointer_bits(cx, value)?, big),
        Kind::Complex => {
            let (re, im) = cx.complex(value).map_err(|raised| not_a(cx, raised, "complex"))?;
            let (first, second) = to.split_at_mut(code.size / 2);
            // A part that is too large becomes an infinity here.
            for (half, x) in [(first, re), (second, im)] {
                let x = if half.len() == 4 && !x.is_nan() { f64::from(x as f32) } else { x };
                put_float(cx, half, x, big)?;
            }
        }
        Kind::Char => match Bytes::of(value) {
            Some(bytes) if bytes.as_slice().len() == 1 => to.copy_from_slice(bytes.as_slice()),
            _ => return Err(cx.raise_of(&ERROR, "char format requires a bytes object of length 1")),
        },
        Kind::Bytes => text(cx, value, code)?.read(|bytes| {
            let len = bytes.len().min(to.len());
            to[..len].copy_from_slice(&bytes[..len]);
        }),
        Kind::Pascal => text(cx, value, code)?.read(|bytes| {
            if let Some((length, rest)) = to.split_first_mut() {
                let len = bytes.len().min(rest.len());
                rest[..len].copy_from_slice(&bytes[..len]);
                *length = len.min(255) as u8;
            }
        }),
        Kind::Pad => {}
    }
    Ok(())
}

/// The value of an item.
#[inline]
pub fn unpack(cx: &Cx, from: &[u8], code: &Code, big: bool) -> Res {
    match (code.kind, code.size) {
        (Kind::Signed, size) => {
            let spare = (64 - 8 * size as u32) & 63;
            ((get(from, big) << spare) as i64 >> spare).into_value(cx)
        }
        (Kind::Unsigned, _) => get(from, big).into_value(cx),
        (Kind::Float, 8) => f64::from_bits(get(from, big)).into_value(cx),
        _ => unpack_other(cx, from, code, big),
    }
}

/// The same of what is neither an int nor a double.
#[inline(never)]
fn unpack_other(cx: &Cx, from: &[u8], code: &Code, big: bool) -> Res {
    match code.kind {
        Kind::Signed | Kind::Unsigned | Kind::Pointer => get(from, big).into_value(cx),
        Kind::Float => get_float(from, big).into_value(cx),
        Kind::Bool => Ok(Value::bool(from[0] != 0)),
        Kind::Complex => {
            let (re, im) = from.split_at(code.size / 2);
            cx.new_complex(get_float(re, big), get_float(im, big))
        }
        Kind::Pascal => {
            let (length, rest) = from.split_first().map_or((0, from), |(n, rest)| (usize::from(*n), rest));
            rest[..length.min(rest.len())].into_value(cx)
        }
        Kind::Char | Kind::Bytes | Kind::Pad => from.into_value(cx),
    }
}
