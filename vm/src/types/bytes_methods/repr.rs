//! `repr` of bytes.

use crate::raised::Res;
use crate::types::str::build::StrBuilder;
use crate::types::str::repr::push_hex;
use crate::vm::Vm;

/// `b'..'`, with something before and behind it. Within a bytearray's a single quote is escaped in any case.
pub(in crate::types) fn of_slice(vm: &Vm, bytes: &[u8], before: &str, behind: &str) -> Res {
    let has = |quote: u8| memchr::memchr(quote, bytes).is_some();
    let quote = if has(b'\'') && !has(b'"') { b'"' } else { b'\'' };
    let mut out = StrBuilder::new(vm);
    out.push_str(before)?;
    out.push_str(if quote == b'"' { "b\"" } else { "b'" })?;
    for &byte in bytes {
        match byte {
            b'\t' => out.push_str("\\t")?,
            b'\n' => out.push_str("\\n")?,
            b'\r' => out.push_str("\\r")?,
            b'\\' => out.push_str("\\\\")?,
            _ if byte == quote || (byte == b'\'' && !before.is_empty()) => {
                out.push_char(0x5C)?;
                out.push_char(u32::from(byte))?;
            }
            b' '..=b'~' => out.push_char(u32::from(byte))?,
            _ => {
                out.push_str("\\x")?;
                push_hex(&mut out, u32::from(byte), 2)?;
            }
        }
    }
    out.push_char(u32::from(quote))?;
    out.push_str(behind)?;
    out.finish()
}
