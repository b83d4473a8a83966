//! Taking bytes apart and putting them together: split, partition, splitlines, join.

use super::{buffer, built_like, data, like, part, slice_of};
use crate::raised::Res;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::str::Chars;
use crate::types::str::args::{given, optional_size};
use crate::types::str::search::each_match;
use crate::types::str::split::{Parts, as_sequence, cut_lines, cut_spaces, rcut_spaces, sequence_items};
use crate::value::Value;
use crate::vm::Vm;

fn is_space(c: u32) -> bool {
    matches!(c, 9..=13 | 32)
}

fn push_parts(
    vm: &Vm,
    this: &Value,
    list: &Parts<'_>,
    mut pieces: impl Iterator<Item = (usize, usize)>,
) -> Res<()> {
    pieces.try_for_each(|(start, end)| list.push(part(vm, this, start, end)?))
}

fn separator<'a>(vm: &Vm, args: &'a [Value]) -> Res<Option<&'a [u8]>> {
    let Some(value) = given(args, 1).filter(|v| !v.is_none()) else { return Ok(None) };
    match buffer(vm, value)? {
        [] => Err(vm.value_error("empty separator")),
        separator => Ok(Some(separator)),
    }
}

fn limit_of(vm: &Vm, args: &[Value]) -> Res<usize> {
    let limit = optional_size(vm, args, 2, -1)?;
    Ok(if limit < 0 { usize::MAX } else { limit as usize })
}

pub(in crate::types) fn split(vm: &Vm, args: &[Value]) -> Res {
    let limit = limit_of(vm, args)?;
    let (this, list) = (&args[0], Parts::new(vm)?);
    let separator = separator(vm, args)?;
    let body = data(this);
    let Some(separator) = separator else {
        push_parts(vm, this, &list, cut_spaces(Chars::One(body), limit, is_space))?;
        return list.finish();
    };
    let mut from = 0;
    each_match(Chars::One(body), Chars::One(separator), limit, |at| {
        let piece = like(vm, this, &body[from..at])?;
        from = at + separator.len();
        list.push(piece)
    })?;
    list.push(part(vm, this, from, body.len())?)?;
    list.finish()
}

pub(in crate::types) fn rsplit(vm: &Vm, args: &[Value]) -> Res {
    let mut limit = limit_of(vm, args)?;
    let (this, list) = (&args[0], Parts::new(vm)?);
    let separator = separator(vm, args)?;
    let body = data(this);
    let Some(separator) = separator else {
        push_parts(vm, this, &list, rcut_spaces(Chars::One(body), limit, is_space))?;
        return list.finish_reversed();
    };
    let mut end = body.len();
    while limit > 0
        && let Some(at) = super::search::last(&body[..end], separator)
    {
        list.push(like(vm, this, &body[at + separator.len()..end])?)?;
        end = at;
        limit -= 1;
    }
    list.push(part(vm, this, 0, end)?)?;
    list.finish_reversed()
}

pub(in crate::types) fn splitlines(vm: &Vm, args: &[Value]) -> Res {
    let keep = given(args, 1).map_or(Ok(false), |v| vm.truth(v))?;
    let list = Parts::new(vm)?;
    let lines = cut_lines(Chars::One(data(&args[0])), keep, |c| matches!(c, 10 | 13));
    push_parts(vm, &args[0], &list, lines)?;
    list.finish()
}

fn cut_once(
    vm: &Vm,
    this: &Value,
    separator: &Value,
    search: fn(&[u8], &[u8]) -> Option<usize>,
) -> Res<Option<Value>> {
    let cut = buffer(vm, separator)?;
    if cut.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let body = data(this);
    vm.work_on_bytes(body.len())?;
    let Some(at) = search(body, cut) else { return Ok(None) };
    // A bytearray gives bytearrays; of bytes, the separator is the object that was given.
    let middle = if this.has::<Bytes>() { separator.clone() } else { like(vm, this, cut)? };
    vm.new_tuple(vec![like(vm, this, &body[..at])?, middle, like(vm, this, &body[at + cut.len()..])?])
        .map(Some)
}

pub(in crate::types) fn partition(vm: &Vm, this: &Value, separator: &Value) -> Res {
    match cut_once(vm, this, separator, super::search::first)? {
        Some(parts) => Ok(parts),
        None => vm.new_tuple(vec![super::unchanged(vm, this)?, like(vm, this, &[])?, like(vm, this, &[])?]),
    }
}

pub(in crate::types) fn rpartition(vm: &Vm, this: &Value, separator: &Value) -> Res {
    match cut_once(vm, this, separator, super::search::last)? {
        Some(parts) => Ok(parts),
        None => vm.new_tuple(vec![like(vm, this, &[])?, like(vm, this, &[])?, super::unchanged(vm, this)?]),
    }
}

pub(in crate::types) fn join(vm: &Vm, this: &Value, iterable: &Value) -> Res {
    let sequence = as_sequence(vm, iterable)?;
    let items = sequence_items(&sequence);
    let separator = data(this);
    if let [only] = items
        && only.exact::<Bytes>().is_some()
        && this.has::<Bytes>()
    {
        return Ok(only.clone());
    }
    let mut total = separator.len().saturating_mul(items.len().saturating_sub(1));
    for (at, item) in items.iter().enumerate() {
        match slice_of(item) {
            Some(slice) => total = total.saturating_add(slice.len()),
            None => {
                let kind = vm.type_name(item);
                return Err(vm.type_error(format_args!(
                    "sequence item {at}: expected a bytes-like object, {kind} found"
                )));
            }
        }
    }
    let mut out = ByteBuilder::with_capacity(vm, total)?;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.extend(separator)?;
        }
        out.extend(slice_of(item).unwrap_or(&[]))?;
    }
    built_like(vm, this, out)
}
