//! `hex` and `fromhex`.

use super::data;
use crate::object::ty::TypeObj;
use crate::raised::{Raised, Res};
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::memoryview::{BufferFlags, Lent};
use crate::types::str::args::given;
use crate::types::str::{Chars, Str};
use crate::value::Value;
use crate::vm::Vm;

/// The separator, if there is one. Runs Python.
pub(in crate::types) fn separator(vm: &Vm, value: Option<&Value>) -> Res<Option<u8>> {
    let Some(value) = value else { return Ok(None) };
    if vm.length(value)? != 1 {
        return Err(vm.value_error("sep must be length 1."));
    }
    let chars = match (value.get::<Str>(), value.get::<Bytes>()) {
        (Some(text), _) => text.chars(),
        (_, Some(bytes)) => Chars::One(bytes.as_slice()),
        _ => return Err(vm.type_error("sep must be str or bytes.")),
    };
    // (A subclass may say of itself that it has one, though it has none.)
    let first = if chars.is_empty() { 0 } else { chars.at(0) };
    match u8::try_from(first).ok().filter(u8::is_ascii) {
        Some(byte) => Ok(Some(byte)),
        None => Err(vm.value_error("sep must be ASCII.")),
    }
}

/// How many bytes stand between two separators.
pub(in crate::types) fn group(vm: &Vm, args: &[Value]) -> Res<i64> {
    given(args, 2).map_or(Ok(1), |group| vm.index_c_int(group).map(i64::from))
}

pub(in crate::types) fn hex(vm: &Vm, args: &[Value]) -> Res {
    let group = group(vm, args)?;
    // What the separator does cannot change a bytearray meanwhile.
    let lent = given(args, 1).map(|_| Lent::hold(args[0].clone()));
    let separator = separator(vm, given(args, 1))?;
    drop(lent);
    hex_of(vm, data(&args[0]), separator, group)
}

/// So many bytes become digits at a time.
const PART: usize = 64;

/// The two digits of each byte.
static DIGITS: [[u8; 2]; 256] = {
    const ONE: &[u8; 16] = b"0123456789abcdef";
    let (mut all, mut byte) = ([[0; 2]; 256], 0);
    while byte < 256 {
        all[byte] = [ONE[byte >> 4], ONE[byte & 15]];
        byte += 1;
    }
    all
};

/// What each character stands for as a digit: 0 to 15; [`NO_DIGIT`] if it is none.
static VALUES: [u8; 256] = {
    let (mut all, mut digit) = ([NO_DIGIT; 256], 0);
    while digit < 16 {
        let [_, character] = DIGITS[digit as usize];
        all[character as usize] = digit;
        all[character.to_ascii_uppercase() as usize] = digit;
        digit += 1;
    }
    all
};
const NO_DIGIT: u8 = 0xff;

/// The two lower-case hexadecimal digits of a byte.
#[inline(always)]
pub fn hex_digits(byte: u8) -> [u8; 2] {
    DIGITS[usize::from(byte)]
}

/// The byte that two hexadecimal digits stand for; nothing if they are none.
#[inline(always)]
pub fn hex_byte([high, low]: [u8; 2]) -> Option<u8> {
    let (high, low) = (VALUES[usize::from(high)], VALUES[usize::from(low)]);
    if (high | low) == NO_DIGIT { None } else { Some(high << 4 | low) }
}

/// Bytes as digits, with a separator after every so many.
pub(in crate::types) fn hex_of(vm: &Vm, body: &[u8], separator: Option<u8>, group: i64) -> Res {
    let group_size = group.unsigned_abs() as usize;
    // The place of the first separator; groups count from the right, or from the left if the size is
    // negative.
    let first = match (group_size, group < 0) {
        (0, _) => 0,
        (size, true) => size,
        (size, false) => body.len() % size,
    };
    let mut out = ByteBuilder::with_capacity(vm, body.len().saturating_mul(2))?;
    let Some(separator) = separator.filter(|_| group_size > 0) else {
        for part in body.chunks(PART) {
            let mut written = [0; PART * 2];
            for (pair, byte) in written.chunks_exact_mut(2).zip(part) {
                pair.copy_from_slice(&hex_digits(*byte));
            }
            out.extend(&written[..part.len() * 2])?;
        }
        return vm.str_from_ascii(out.as_slice());
    };
    for (at, byte) in body.iter().enumerate() {
        if at > 0 && (at + group_size - first).is_multiple_of(group_size) {
            out.push(separator)?;
        }
        out.extend(&hex_digits(*byte))?;
    }
    vm.str_from_ascii(out.as_slice())
}

#[cold]
fn not_hex(vm: &Vm, at: usize) -> Raised {
    vm.value_error(format_args!("non-hexadecimal number found in fromhex() arg at position {at}"))
}

fn parse<'v>(vm: &'v Vm, chars: Chars<'_>) -> Res<ByteBuilder<'v>> {
    let mut out = ByteBuilder::new(vm);
    let digit = |at: usize| char::from_u32(chars.at(at)).and_then(|c| c.to_digit(16)).map(|d| d as u8);
    // A character beyond ASCII is found first, wherever it is.
    if let Some(at) = (0..chars.len()).find(|at| chars.at(*at) >= 0x80) {
        return Err(not_hex(vm, at));
    }
    let mut at = 0;
    if let Chars::One(bytes) = chars {
        // Digits alone, up to a blank or what is none; parts, so that who is refused memory is so early.
        for pairs in bytes.chunks(2 * PART) {
            let (mut made, mut count) = ([0; PART], 0);
            for (byte, pair) in made.iter_mut().zip(pairs.as_chunks().0) {
                let Some(read) = hex_byte(*pair) else { break };
                *byte = read;
                count += 1;
            }
            out.extend(&made[..count])?;
            at += 2 * count;
            if count < PART {
                break;
            }
        }
    }
    while at < chars.len() {
        if matches!(chars.at(at), 9..=13 | 32) {
            at += 1;
            continue;
        }
        let Some(high) = digit(at) else { return Err(not_hex(vm, at)) };
        at += 1;
        if at == chars.len() {
            return Err(vm.value_error("fromhex() arg must contain an even number of hexadecimal digits"));
        }
        let Some(low) = digit(at) else { return Err(not_hex(vm, at)) };
        at += 1;
        out.push(high << 4 | low)?;
    }
    Ok(out)
}

pub(in crate::types) fn fromhex(vm: &Vm, class: &Value, text: &Value) -> Res {
    let lent = if text.has::<Str>() { None } else { Lent::maybe(vm, text, BufferFlags::SIMPLE)? };
    let out = match (text.get::<Str>(), &lent) {
        (Some(text), _) => parse(vm, text.chars())?,
        (_, Some(lent)) => parse(vm, Chars::One(lent.as_slice()))?,
        _ => {
            return Err(vm.type_error(format_args!(
                "fromhex() argument must be str or bytes-like, not {}",
                vm.type_name(text)
            )));
        }
    };
    let is = |ty: &TypeObj| class.word() == ty.word();
    if is(&vm.types.bytearray) {
        return vm.bytearray_of(out);
    }
    let made = out.finish()?;
    if is(&vm.types.bytes) { Ok(made) } else { vm.call(class, &[made]) }
}
