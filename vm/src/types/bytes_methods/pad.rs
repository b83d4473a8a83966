//! Making bytes longer: center, ljust, rjust, zfill, expandtabs.

use super::{built_like, data, slice_of, unchanged};
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::ByteBuilder;
use crate::types::str::args::{given, size};
use crate::value::Value;
use crate::vm::Vm;

fn fill(vm: &Vm, args: &[Value], name: &str) -> Res<u8> {
    let Some(value) = given(args, 2) else { return Ok(b' ') };
    match slice_of(value) {
        Some([byte]) => Ok(*byte),
        Some(other) => {
            let kind = if value.has::<ByteArray>() { "bytearray" } else { "bytes" };
            Err(vm.type_error(format_args!(
                "{name}(): argument 2 must be a byte string of length 1, not a {kind} object of length {}",
                other.len()
            )))
        }
        None => {
            let kind = vm.arg_name(value);
            Err(vm.type_error(format_args!(
                "{name}() argument 2 must be a byte string of length 1, not {kind}"
            )))
        }
    }
}

fn pad(vm: &Vm, this: &Value, left: usize, right: usize, fill: u8) -> Res {
    if left == 0 && right == 0 {
        return unchanged(vm, this);
    }
    let body = data(this);
    if !this.has::<ByteArray>() {
        vm.check_bytes_len(body.len().saturating_add(left).saturating_add(right))?;
    }
    let mut out = ByteBuilder::with_capacity(vm, body.len().saturating_add(left).saturating_add(right))?;
    out.push_repeated(fill, left)?;
    out.extend(body)?;
    out.push_repeated(fill, right)?;
    built_like(vm, this, out)
}

fn missing(vm: &Vm, args: &[Value], name: &str) -> Res<(usize, usize, u8)> {
    let width = size(vm, &args[1])?.max(0) as usize;
    let fill = fill(vm, args, name)?;
    Ok((width, width.saturating_sub(data(&args[0]).len()), fill))
}

pub(in crate::types) fn center(vm: &Vm, args: &[Value]) -> Res {
    let (width, missing, fill) = missing(vm, args, "center")?;
    let left = missing / 2 + (missing & width & 1);
    pad(vm, &args[0], left, missing - left, fill)
}
pub(in crate::types) fn ljust(vm: &Vm, args: &[Value]) -> Res {
    let (_, missing, fill) = missing(vm, args, "ljust")?;
    pad(vm, &args[0], 0, missing, fill)
}
pub(in crate::types) fn rjust(vm: &Vm, args: &[Value]) -> Res {
    let (_, missing, fill) = missing(vm, args, "rjust")?;
    pad(vm, &args[0], missing, 0, fill)
}

pub(in crate::types) fn zfill(vm: &Vm, this: &Value, width: &Value) -> Res {
    let width = size(vm, width)?.max(0) as usize;
    let body = data(this);
    let Some(zeros) = width.checked_sub(body.len()).filter(|n| *n > 0) else { return unchanged(vm, this) };
    let sign = usize::from(matches!(body.first(), Some(b'+' | b'-')));
    let mut out = ByteBuilder::with_capacity(vm, width)?;
    out.extend(&body[..sign])?;
    out.push_repeated(b'0', zeros)?;
    out.extend(&body[sign..])?;
    built_like(vm, this, out)
}

pub(in crate::types) fn expandtabs(vm: &Vm, args: &[Value]) -> Res {
    let width = given(args, 1).map_or(Ok(8), |width| vm.index_c_int(width))?.max(0) as usize;
    let body = data(&args[0]);
    let mut out = ByteBuilder::with_capacity(vm, body.len())?;
    let mut column = 0;
    for &byte in body {
        match byte {
            b'\t' if width > 0 => {
                let spaces = width - column % width;
                out.push_repeated(b' ', spaces)?;
                column += spaces;
            }
            b'\t' => {}
            _ => {
                column = if matches!(byte, b'\n' | b'\r') { 0 } else { column + 1 };
                out.push(byte)?;
            }
        }
    }
    built_like(vm, &args[0], out)
}
