//! Making text longer: center, ljust, rjust, zfill, expandtabs, and repetition.

use super::Str;
use super::args::{given, size, text};
use super::build::{StrBuilder, filled, repeated};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

fn fill(vm: &Vm, args: &[Value]) -> Res<u32> {
    let Some(value) = given(args, 2) else { return Ok(32) };
    match value.get::<Str>() {
        None => Err(vm.type_error(format_args!(
            "The fill character must be a unicode character, not {}",
            vm.type_name(value)
        ))),
        Some(text) if text.len() == 1 => Ok(text.chars().at(0)),
        Some(_) => Err(vm.type_error("The fill character must be exactly one character long")),
    }
}

fn pad(vm: &Vm, this: &Value, left: usize, right: usize, fill: u32) -> Res {
    if left == 0 && right == 0 {
        return vm.exact_str(this);
    }
    let body = text(this);
    let Some(len) = left.checked_add(right).and_then(|n| n.checked_add(body.len())) else {
        return Err(vm.no_memory());
    };
    if let (true, Ok(fill @ 0..0x80)) = (body.is_ascii(), u8::try_from(fill)) {
        return filled(vm, (b"", left), fill, (body.bytes(), right));
    }
    let mut out = StrBuilder::with_capacity(vm, len, body.max_bound().max(fill))?;
    out.push_repeated(fill, left)?;
    out.push_text(body)?;
    out.push_repeated(fill, right)?;
    out.finish()
}

/// How many characters are missing for a width, and the fill character.
fn missing(vm: &Vm, args: &[Value]) -> Res<(usize, usize, u32)> {
    let width = size(vm, &args[1])?.max(0) as usize;
    let fill = fill(vm, args)?;
    Ok((width, width.saturating_sub(text(&args[0]).len()), fill))
}

pub(super) fn center(vm: &Vm, args: &[Value]) -> Res {
    let (width, missing, fill) = missing(vm, args)?;
    // An odd space more goes to the left if the width is odd.
    let left = missing / 2 + (missing & width & 1);
    pad(vm, &args[0], left, missing - left, fill)
}

pub(super) fn ljust(vm: &Vm, args: &[Value]) -> Res {
    let (_, missing, fill) = missing(vm, args)?;
    pad(vm, &args[0], 0, missing, fill)
}

pub(super) fn rjust(vm: &Vm, args: &[Value]) -> Res {
    let (_, missing, fill) = missing(vm, args)?;
    pad(vm, &args[0], missing, 0, fill)
}

pub(super) fn zfill(vm: &Vm, this: &Value, width: &Value) -> Res {
    let width = size(vm, width)?.max(0) as usize;
    let body = text(this);
    let Some(zeros) = width.checked_sub(body.len()).filter(|n| *n > 0) else { return vm.exact_str(this) };
    let sign = usize::from(!body.is_empty() && matches!(body.chars().at(0), 0x2B | 0x2D));
    if body.is_ascii() {
        let (sign, digits) = body.bytes().split_at(sign);
        return filled(vm, (sign, zeros), b'0', (digits, 0));
    }
    let mut out = StrBuilder::with_capacity(vm, width, body.max_bound())?;
    out.push_chars(body.chars().slice(0, sign))?;
    out.push_repeated(0x30, zeros)?;
    out.push_chars(body.chars().slice(sign, body.len()))?;
    out.finish()
}

pub(super) fn expandtabs(vm: &Vm, args: &[Value]) -> Res {
    let width = given(args, 1).map_or(Ok(8), |width| vm.index_c_int(width))?.max(0) as usize;
    let this = text(&args[0]);
    if super::search::find(this.chars(), super::Chars::One(b"\t")).is_none() {
        return vm.exact_str(&args[0]);
    }
    let mut out = StrBuilder::with_capacity(vm, this.len(), this.max_bound())?;
    let mut column = 0;
    for c in this.chars().iter() {
        match c {
            9 if width > 0 => {
                let spaces = width - column % width;
                out.push_repeated(32, spaces)?;
                column += spaces;
            }
            9 => {}
            _ => {
                column = if matches!(c, 10 | 13) { 0 } else { column + 1 };
                out.push_char(c)?;
            }
        }
    }
    out.finish()
}

/// `text * count`
pub(super) fn repeat(vm: &Vm, this: &Value, count: i64) -> Res {
    let body = text(this);
    if count <= 0 || body.is_empty() {
        return vm.str("");
    }
    if count == 1 {
        return vm.exact_str(this);
    }
    let len = match body.len().checked_mul(count as usize) {
        Some(len) if len <= i64::MAX as usize => len,
        _ => return Err(vm.overflow_error("repeated string is too long")),
    };
    repeated(vm, body, len)
}
