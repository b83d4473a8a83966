//! The escapes of bytes literals.

use super::{data, errors_of, pair};
use crate::raised::Res;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::value::Value;
use crate::vm::Vm;

pub fn encode(vm: &Vm, args: &[Value]) -> Res {
    let Some(bytes) = args[0].get::<Bytes>() else {
        let kind = vm.type_name(&args[0]);
        return Err(vm.type_error(format_args!("escape_encode() argument 1 must be bytes, not {kind}")));
    };
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
    let errors = errors_of(vm, args)?;
    let lent = data(vm, &args[0], true)?;
    let bytes = lent.as_slice();
    let mut out = ByteBuilder::with_capacity(vm, bytes.len())?;
    let mut at = 0;
    let mut odd: Option<String> = None;
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
            b'\\' | b'\'' | b'"' => {
                out.push(*letter)?;
                at = next;
            }
            b'0'..=b'7' => {
                let digits = bytes[at + 1..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
                let octal = &bytes[at + 1..at + 1 + digits];
                let value = octal.iter().fold(0, |n, b| n * 8 + u32::from(b - b'0'));
                if value > 0xFF {
                    odd = odd.or_else(|| Some(octal.iter().map(|b| char::from(*b)).collect()));
                }
                out.push(value as u8)?;
                at += 1 + digits;
            }
            b'x' => at = hexadecimal(vm, bytes, at, &errors, &mut out)?,
            _ => match b"abfnrtv".iter().position(|known| known == letter) {
                Some(which) => {
                    out.push(b"\x07\x08\x0c\n\r\t\x0b"[which])?;
                    at = next;
                }
                None => {
                    odd = odd.or_else(|| Some(char::from(*letter).to_string()));
                    out.push(b'\\')?;
                    at += 1;
                }
            },
        }
    }
    if let Some(odd) = odd {
        let kind = if odd.len() == 3 { "octal escape" } else { "escape" };
        let message = format!(
            "b\"\\{odd}\" is an invalid {kind} sequence. Such sequences will not work in the future. "
        );
        vm.warn("DeprecationWarning", &message, 1)?;
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
