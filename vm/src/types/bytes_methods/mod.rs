//! What `bytes` and `bytearray` have in common: the methods that do not change them, and the operators.
//!
//! A method reads its instance through `data` and makes its result through `like`, so that it serves both
//! types. It converts its arguments first and takes the slices last: converting may run Python code, which
//! could change a bytearray. Bytes of an argument are lent ([`Lent`]) until the method is done.

use std::cmp::Ordering;

use ryokan_bytecode::CompareOp;

use super::bytearray::ByteArray;
use super::bytes::{ByteBuilder, Bytes};
use super::memoryview::{BufferFlags, Lent};
use super::slice::Walk;
use super::str::args::repeat_count;
use crate::fuel::owe_bytes;
use crate::object::{Object, Ref};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

pub(super) mod case;
pub(super) mod hex;
pub(super) mod pad;
pub(super) mod repr;
pub(super) mod search;
pub(super) mod split;
mod table;
pub(super) mod taken;
pub(super) mod translate;
pub use hex::{hex_byte, hex_digits};
pub(super) use table::with_shared_methods;

/// The bytes of a bytes object or a bytearray.
pub fn slice_of(value: &Value) -> Option<&[u8]> {
    match value.get::<Bytes>() {
        Some(bytes) => Some(bytes.as_slice()),
        None => value.get::<ByteArray>().map(ByteArray::as_slice),
    }
}

/// The bytes that a method was called on.
fn data(this: &Value) -> &[u8] {
    slice_of(this).expect("a method of bytes is called with bytes or a bytearray")
}

/// The bytes of an argument: `a bytes-like object is required, not 'str'`. Runs Python.
pub fn buffer(vm: &Vm, value: &Value) -> Res<Lent> {
    Lent::of(vm, value, BufferFlags::SIMPLE)
}

/// The same where whoever is asked first is bytes, whatever its class says of that.
fn own_or_lent(vm: &Vm, value: &Value) -> Res<Lent> {
    if value.has::<Bytes>() { Ok(Lent::hold(value.clone())) } else { buffer(vm, value) }
}

/// The bytes that an object exports; nothing if it exports none, or fails to.
pub fn buffer_or_none(vm: &Vm, value: &Value) -> Option<Lent> {
    match Lent::maybe(vm, value, BufferFlags::SIMPLE) {
        Ok(lent) => lent,
        Err(raised) => {
            drop(vm.take_raised(raised));
            None
        }
    }
}

/// The bytes of a bytes-like value as an object that nobody can change. Runs Python.
pub fn standing_bytes(vm: &Vm, value: &Value, asked: BufferFlags) -> Res<Option<Ref<Bytes>>> {
    match Lent::maybe(vm, value, asked)? {
        Some(lent) => Ok(super::bytes::bytes_ref(&lent.to_bytes(vm)?)),
        None => Ok(None),
    }
}

/// Calls `__bytes__`, if the type has it.
pub fn call_bytes(vm: &Vm, value: &Value) -> Res<Option<Ref<Bytes>>> {
    let Some(made) = vm.call_special(value, &vm.names.__bytes__, &[])? else { return Ok(None) };
    match super::bytes::bytes_ref(&made) {
        Some(bytes) => Ok(Some(bytes)),
        None => {
            Err(vm.type_error(format_args!("__bytes__ returned non-bytes (type {})", vm.type_name(&made))))
        }
    }
}

/// The argument of `bytes(count)`; `None` if it is no int.
pub fn count_arg(vm: &Vm, value: &Value) -> Res<Option<usize>> {
    if vm.slots(value).index().is_none() {
        return Ok(None);
    }
    match repeat_count(vm, value) {
        Ok(Some(count)) if count < 0 => Err(vm.value_error("negative count")),
        Ok(count) => Ok(count.map(|count| count as usize)),
        Err(raised) if vm.raised_is(&raised, &vm.exc.TypeError) => {
            drop(vm.take_raised(raised));
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

/// The numbers of an iterable as bytes. It may be asked beforehand how many they are.
pub fn gather<'v>(
    vm: &'v Vm,
    source: &Value,
    kind: &str,
    out_of_range: &str,
    hinted: bool,
) -> Res<ByteBuilder<'v>> {
    let slots = vm.slots(source);
    if slots.iter().is_none() && slots.getitem().is_none() {
        let name = vm.type_name(source);
        return Err(vm.type_error(format_args!("cannot convert '{name}' object to {kind}")));
    }
    let mut out = ByteBuilder::new(vm);
    let iterator = vm.iter(source)?;
    if hinted {
        let hint = vm.length_hint(source)?;
        if kind == "bytes" {
            vm.check_bytes_len(hint)?;
        }
        out.reserve(hint)?;
    }
    while let Some(item) = vm.next(&iterator)? {
        match u8::try_from(vm.index_clamped(&item)?) {
            Ok(byte) => out.push(byte)?,
            Err(_) => return Err(vm.value_error(out_of_range)),
        }
    }
    Ok(out)
}

/// A value of the builtin type that `this` is of.
fn like(vm: &Vm, this: &Value, bytes: &[u8]) -> Res {
    if this.has::<ByteArray>() { vm.bytearray(bytes) } else { vm.bytes(bytes) }
}

/// The same, of what was built.
fn built_like(vm: &Vm, this: &Value, builder: ByteBuilder<'_>) -> Res {
    if this.has::<ByteArray>() { vm.bytearray_of(builder) } else { builder.finish() }
}

/// `this` itself if it is exactly a bytes object, else a copy.
fn unchanged(vm: &Vm, this: &Value) -> Res {
    if this.exact::<Bytes>().is_some() { Ok(this.clone()) } else { like(vm, this, data(this)) }
}

/// A part: `this` itself if that is all of a bytes object.
fn part(vm: &Vm, this: &Value, start: usize, end: usize) -> Res {
    let body = data(this);
    if end - start == body.len() { unchanged(vm, this) } else { like(vm, this, &body[start..end]) }
}

/// Copies the bytes of a walk, as many as the target has.
pub(super) fn copy_steps(from: &[u8], to: &mut [u8], walk: Walk) {
    if walk.step == 1 {
        return to.copy_from_slice(&from[walk.range()]);
    }
    for (i, byte) in to.iter_mut().enumerate() {
        *byte = from[walk.at(i)];
    }
}

/// Fills a slice with copies of its first `unit > 0` bytes.
pub(super) fn fill_doubling(data: &mut [u8], unit: usize) {
    let mut done = unit;
    while done < data.len() {
        let (from, to) = data.split_at_mut(done);
        let count = from.len().min(to.len());
        to[..count].copy_from_slice(&from[..count]);
        done += count;
    }
}

// ---- operators --------------------------------------------------------------------------------------------

pub(super) fn contains(vm: &Vm, this: &Value, item: &Value) -> Res<bool> {
    if item.exact::<Bytes>().is_none() && vm.slots(item).index().is_some() {
        let kept = Lent::hold(this.clone());
        let index = vm.index_clamped(item);
        drop(kept);
        match index.map(u8::try_from) {
            Ok(Ok(byte)) => {
                owe_bytes(data(this).len());
                return Ok(memchr::memchr(byte, data(this)).is_some());
            }
            Ok(Err(_)) => return Err(vm.value_error("byte must be in range(0, 256)")),
            // Who has no number may have bytes.
            Err(raised) => drop(vm.take_raised(raised)),
        }
    }
    let kept = Lent::hold(this.clone());
    let needle = buffer(vm, item)?;
    owe_bytes(kept.as_slice().len());
    Ok(search::first(kept.as_slice(), needle.as_slice()).is_some())
}

pub(super) fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    if a.has::<Bytes>() && b.has::<Bytes>()
        || a.exact::<ByteArray>().is_some() && b.exact::<Bytes>().is_some()
    {
        return Ok(compared(data(a), data(b), op));
    }
    if !a.has::<ByteArray>() {
        return taken::unlike(vm, a, b, op);
    }
    // Who does not give its bytes is not compared.
    let Some(x) = buffer_or_none(vm, a) else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(y) = buffer_or_none(vm, b) else { return taken::unlike(vm, a, b, op) };
    Ok(compared(x.as_slice(), y.as_slice(), op))
}

fn compared(x: &[u8], y: &[u8], op: CompareOp) -> Value {
    owe_bytes(x.len().min(y.len()));
    let order = if op == CompareOp::Eq || op == CompareOp::Ne {
        if x == y { Ordering::Equal } else { Ordering::Less }
    } else {
        x.cmp(y)
    };
    Value::bool(op.holds(order))
}

pub(super) fn add(vm: &Vm, left: &Value, right: &Value) -> Res {
    if slice_of(left).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (Some(head), Some(tail)) = lent_both(vm, left, right) else {
        let (right, left) = (vm.type_name(right), vm.type_name(left));
        return Err(vm.type_error(format_args!("can't concat {right} to {left}")));
    };
    let (head, tail) = (head.as_slice(), tail.as_slice());
    if left.has::<Bytes>() {
        if head.is_empty() && right.exact::<Bytes>().is_some() {
            return Ok(right.clone());
        }
        if tail.is_empty() && left.exact::<Bytes>().is_some() {
            return Ok(left.clone());
        }
        let Some(len) = head.len().checked_add(tail.len()) else { return Err(vm.no_memory()) };
        return vm.bytes_of_parts(len, [head, tail].into_iter());
    }
    let mut out = ByteBuilder::with_capacity(vm, head.len().saturating_add(tail.len()))?;
    out.extend(head)?;
    out.extend(tail)?;
    vm.bytearray_of(out)
}

/// The bytes of both operands; the second is not asked if the first gives none.
fn lent_both(vm: &Vm, left: &Value, right: &Value) -> (Option<Lent>, Option<Lent>) {
    if left.exact::<Bytes>().is_some() && right.exact::<Bytes>().is_some() {
        return (Some(Lent::hold(left.clone())), Some(Lent::hold(right.clone())));
    }
    let head = buffer_or_none(vm, left);
    let tail = if head.is_some() { buffer_or_none(vm, right) } else { None };
    (head, tail)
}

pub(super) fn multiply(vm: &Vm, left: &Value, right: &Value) -> Res {
    let (this, count) = if slice_of(left).is_some() { (left, right) } else { (right, left) };
    let Some(count) = repeat_count(vm, count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let body = data(this);
    let count = count.max(0) as usize;
    if count == 1 {
        return unchanged(vm, this);
    }
    let len = body.len().checked_mul(count).filter(|len| *len <= isize::MAX as usize);
    let Some(len) = len else {
        return Err(match this.has::<Bytes>() {
            true => vm.overflow_error("repeated bytes are too long"),
            false => vm.no_memory(),
        });
    };
    let fill = |to: &mut [u8]| {
        if !to.is_empty() {
            to[..body.len()].copy_from_slice(body);
            fill_doubling(to, body.len());
        }
    };
    if this.has::<Bytes>() {
        return vm.bytes_with(len, fill);
    }
    let mut out = ByteBuilder::new(vm);
    out.push_repeated(0, len)?;
    fill(out.as_mut_slice());
    vm.bytearray_of(out)
}

/// `left % right`, for a left operand of the type whose slot it is.
pub(super) fn percent<T: Object>(vm: &Vm, left: &Value, right: &Value) -> Res {
    if !left.has::<T>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    // What is converted may do anything to a bytearray but change its size.
    let format = match (super::bytes::bytes_ref(left), left.get::<ByteArray>()) {
        (Some(format), _) => format,
        (_, Some(array)) => match super::bytes::bytes_ref(&vm.bytes(array.as_slice())?) {
            Some(format) => format,
            None => return Err(vm.no_memory()),
        },
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    let lent = Lent::hold(left.clone());
    let out = super::str::percent::bytes_percent(vm, format.as_slice(), right);
    drop(lent);
    let out = out?;
    match out.chars() {
        super::str::Chars::One(bytes) => like(vm, left, bytes),
        wide => {
            let mut bytes = ByteBuilder::with_capacity(vm, wide.len())?;
            wide.iter().try_for_each(|c| bytes.push(c as u8))?;
            built_like(vm, left, bytes)
        }
    }
}

/// `decode(encoding='utf-8', errors='strict')`
pub(super) fn decode(vm: &Vm, args: &[Value]) -> Res {
    let bytes = own_or_lent(vm, &args[0])?.to_bytes(vm)?;
    super::str::decode::decode_method(vm, slice_of(&bytes).unwrap_or_default(), args)
}
