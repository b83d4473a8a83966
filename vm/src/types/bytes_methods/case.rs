//! Case, and questions about the kinds of bytes: all of it is ASCII's.

use super::data;
use crate::fuel::owe_bytes;
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::ByteBuilder;
use crate::value::Value;
use crate::vm::Vm;

fn map(vm: &Vm, this: &Value, mut change: impl FnMut(u8) -> u8) -> Res {
    let body = data(this);
    if !this.has::<ByteArray>() {
        return vm.bytes_with(body.len(), |to| {
            to.iter_mut().zip(body).for_each(|(to, from)| *to = change(*from));
        });
    }
    let mut out = ByteBuilder::with_capacity(vm, body.len())?;
    body.iter().try_for_each(|b| out.push(change(*b)))?;
    vm.bytearray_of(out)
}

pub(in crate::types) fn lower(vm: &Vm, this: &Value) -> Res {
    map(vm, this, |b| b.to_ascii_lowercase())
}
pub(in crate::types) fn upper(vm: &Vm, this: &Value) -> Res {
    map(vm, this, |b| b.to_ascii_uppercase())
}
pub(in crate::types) fn swapcase(vm: &Vm, this: &Value) -> Res {
    map(vm, this, |b| if b.is_ascii_alphabetic() { b ^ 0x20 } else { b })
}
pub(in crate::types) fn capitalize(vm: &Vm, this: &Value) -> Res {
    let mut first = true;
    map(vm, this, |b| {
        if std::mem::replace(&mut first, false) { b.to_ascii_uppercase() } else { b.to_ascii_lowercase() }
    })
}
pub(in crate::types) fn title(vm: &Vm, this: &Value) -> Res {
    let mut in_word = false;
    map(vm, this, |b| {
        let mapped = if in_word { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() };
        in_word = b.is_ascii_alphabetic();
        mapped
    })
}

/// White space in the sense of the bytes types.
pub(in crate::types) fn is_space(byte: u8) -> bool {
    matches!(byte, 9..=13 | 32)
}

/// The bytes that every one of is asked about.
fn asked(this: &Value) -> &[u8] {
    let body = data(this);
    owe_bytes(body.len() * 8);
    body
}

fn all(this: &Value, test: fn(&u8) -> bool) -> Res {
    let body = asked(this);
    Ok(Value::bool(!body.is_empty() && body.iter().all(test)))
}

pub(in crate::types) fn isalnum(_: &Vm, this: &Value) -> Res {
    all(this, u8::is_ascii_alphanumeric)
}
pub(in crate::types) fn isalpha(_: &Vm, this: &Value) -> Res {
    all(this, u8::is_ascii_alphabetic)
}
pub(in crate::types) fn isdigit(_: &Vm, this: &Value) -> Res {
    all(this, u8::is_ascii_digit)
}
pub(in crate::types) fn isspace(_: &Vm, this: &Value) -> Res {
    all(this, |b| is_space(*b))
}
pub(in crate::types) fn isascii(_: &Vm, this: &Value) -> Res {
    Ok(Value::bool(asked(this).is_ascii()))
}
pub(in crate::types) fn islower(_: &Vm, this: &Value) -> Res {
    let body = asked(this);
    Ok(Value::bool(body.iter().any(u8::is_ascii_lowercase) && !body.iter().any(u8::is_ascii_uppercase)))
}
pub(in crate::types) fn isupper(_: &Vm, this: &Value) -> Res {
    let body = asked(this);
    Ok(Value::bool(body.iter().any(u8::is_ascii_uppercase) && !body.iter().any(u8::is_ascii_lowercase)))
}
pub(in crate::types) fn istitle(_: &Vm, this: &Value) -> Res {
    let (mut found, mut in_word) = (false, false);
    for byte in asked(this) {
        if byte.is_ascii_alphabetic() {
            if byte.is_ascii_uppercase() == in_word {
                return Ok(Value::FALSE);
            }
            (found, in_word) = (true, true);
        } else {
            in_word = false;
        }
    }
    Ok(Value::bool(found))
}
