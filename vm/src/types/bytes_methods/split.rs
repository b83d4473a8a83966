//! Taking bytes apart and putting them together: split, partition, splitlines, join.

use super::{buffer, built_like, data, like, part};
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::memoryview::{BufferFlags, Lent};
use crate::types::str::Chars;
use crate::types::str::args::{given, given_value, optional_size};
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

/// The separator, unless it is white space. Runs Python, while the bytes of `this` keep their place.
fn separator(vm: &Vm, args: &[Value]) -> Res<Option<Lent>> {
    let Some(value) = given_value(args, 1) else { return Ok(None) };
    let _kept = Lent::hold(args[0].clone());
    let separator = buffer(vm, value)?;
    if separator.as_slice().is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    Ok(Some(separator))
}

fn limit_of(vm: &Vm, args: &[Value]) -> Res<usize> {
    let limit = optional_size(vm, args, 2, -1)?;
    Ok(if limit < 0 { usize::MAX } else { limit as usize })
}

pub(in crate::types) fn split(vm: &Vm, args: &[Value]) -> Res {
    let limit = limit_of(vm, args)?;
    let (this, list) = (&args[0], Parts::new(vm)?);
    let lent = separator(vm, args)?;
    let body = data(this);
    let Some(separator) = lent.as_ref().map(Lent::as_slice) else {
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
    let lent = separator(vm, args)?;
    let body = data(this);
    let Some(separator) = lent.as_ref().map(Lent::as_slice) else {
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
    // A bytearray gives bytearrays, and has made one of the separator before it looks; of bytes, the separator is the object that has
    // the bytes.
    let mut lent = Lent::of(
        vm,
        separator,
        if this.has::<ByteArray>() { BufferFlags::FULL_READ_ONLY } else { BufferFlags::SIMPLE },
    )?;
    if this.has::<ByteArray>() {
        lent = Lent::hold(lent.to_bytes(vm)?);
    }
    let cut = lent.as_slice();
    if cut.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let body = data(this);
    vm.work_on_bytes(body.len())?;
    let Some(at) = search(body, cut) else { return Ok(None) };
    let middle = if this.has::<Bytes>() { lent.owner() } else { like(vm, this, cut)? };
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
    let kept = Lent::hold(this.clone());
    let sequence = as_sequence(vm, iterable)?;
    if let [only] = sequence_items(&sequence)
        && only.exact::<Bytes>().is_some()
        && this.has::<Bytes>()
    {
        return Ok(only.clone());
    }
    let lent = lent_items(vm, &sequence)?;
    let separator = kept.as_slice();
    let mut total = separator.len().saturating_mul(lent.len().saturating_sub(1));
    for item in &*lent {
        total = total.saturating_add(item.as_slice().len());
    }
    if total > i64::MAX as usize {
        return Err(vm.overflow_error("join() result is too long"));
    }
    if this.has::<Bytes>() {
        let parts = lent
            .iter()
            .enumerate()
            .flat_map(|(at, item)| [if at > 0 { separator } else { &[] }, item.as_slice()]);
        return vm.bytes_of_parts(total, parts);
    }
    let mut out = ByteBuilder::with_capacity(vm, total)?;
    for (at, item) in lent.iter().enumerate() {
        if at > 0 {
            out.extend(separator)?;
        }
        out.extend(item.as_slice())?;
    }
    built_like(vm, this, out)
}

/// The bytes of all items. Asking for those of one may change the list of them: its size must stay.
fn lent_items(vm: &Vm, sequence: &Value) -> Res<ryokan_alloc::Vector<Lent>> {
    let count = sequence_items(sequence).len();
    let mut lent = vm.vector(count)?;
    for at in 0..count {
        let Some(item) = sequence_items(sequence).get(at).cloned() else { break };
        let exact = item.exact::<Bytes>().is_some();
        if exact {
            lent.push(Lent::hold(item));
            continue;
        }
        match Lent::maybe(vm, &item, BufferFlags::SIMPLE) {
            Ok(Some(bytes)) => lent.push(bytes),
            failed => {
                if let Err(raised) = failed {
                    drop(vm.take_raised(raised));
                }
                let kind = vm.type_name(&item);
                return Err(vm.type_error(format_args!(
                    "sequence item {at}: expected a bytes-like object, {kind} found"
                )));
            }
        }
        if sequence_items(sequence).len() != count {
            return Err(vm.raise(&vm.exc.RuntimeError, "sequence changed size during iteration"));
        }
    }
    Ok(lent)
}
