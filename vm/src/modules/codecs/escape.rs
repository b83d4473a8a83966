//! The escapes of bytes literals.

use super::{data, errors_of, pair};
use crate::raised::Res;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::str::escapes;
use crate::value::Value;
use crate::vm::Vm;

pub fn encode(vm: &Vm, args: &[Value]) -> Res {
    let Some(bytes) = args[0].get::<Bytes>() else {
        let kind = vm.arg_name(&args[0]);
        return Err(vm.type_error(format_args!("escape_encode() argument 1 must be bytes, not {kind}")));
    };
    errors_of(vm, "escape_encode", args)?;
    let mut out = ByteBuilder::with_capacity(vm, bytes.len())?;
    for byte in bytes.as_slice() {
        match byte {
            b'\\' | b'\'' => out.extend(&[b'\\', *byte])?,
            b'\t' => out.extend(b"\\t")?,
            b'\n' => out.extend(b"\\n")?,
            b'\r' => out.extend(b"\\r")?,
            b' '..=b'~' => out.push(*byte)?,
            other => out.extend(format!("\\x{other:02x}").as_bytes())?,
        }
    }
    pair(vm, out.finish()?, bytes.len())
}

pub fn decode(vm: &Vm, args: &[Value]) -> Res {
    let lent = data(vm, &args[0], true)?;
    let errors = errors_of(vm, "escape_decode", args)?;
    let bytes = lent.as_slice();
    let mut out = ByteBuilder::with_capacity(vm, bytes.len())?;
    let mut at = 0;
    let mut odd: Option<&[u8]> = None;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'\\' {
            out.push(*byte)?;
            at += 1;
            continue;
        }
        let Some(letter) = bytes.get(at + 1) else {
            return Err(vm.value_error("Trailing \\ in string"));
        };
        let next = at + 2;
        match letter {
            b'\n' => at = next,
            b'0'..=b'7' => {
                let (value, end) = escapes::octal(bytes, at + 1);
                if value > 0xFF {
                    odd = odd.or(Some(&bytes[at + 1..end]));
                }
                out.push(value as u8)?;
                at = end;
            }
            b'x' => at = hexadecimal(vm, bytes, at, &errors, &mut out)?,
            _ => match escapes::simple(*letter) {
                Some(byte) => {
                    out.push(byte)?;
                    at = next;
                }
                None => {
                    odd = odd.or(Some(&bytes[at + 1..next]));
                    out.push(b'\\')?;
                    at += 1;
                }
            },
        }
    }
    if let Some(odd) = odd {
        escapes::warn(vm, "b", odd)?;
    }
    pair(vm, out.finish()?, bytes.len())
}

/// `\xHH` at a place; gives the place behind it.
fn hexadecimal(vm: &Vm, bytes: &[u8], at: usize, errors: &str, out: &mut ByteBuilder<'_>) -> Res<usize> {
    let next = at + 2;
    let have = bytes[next..].iter().take(2).take_while(|b| b.is_ascii_hexdigit()).count();
    let text = std::str::from_utf8(&bytes[next..next + have]).unwrap_or_default();
    match (u8::from_str_radix(text, 16), errors) {
        (Ok(value), _) if have == 2 => out.push(value)?,
        (_, "strict") => return Err(vm.value_error(format_args!("invalid \\x escape at position {at}"))),
        (_, "replace") => out.push(b'?')?,
        (_, "ignore") => {}
        (_, other) => {
            let message = format_args!("decoding error; unknown error handling code: {other}");
            return Err(vm.value_error(message));
        }
    }
    Ok(next + have)
}
