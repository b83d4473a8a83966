//! What `bytes` and `bytearray` have in common: the methods that do not change them, and the operators.
//!
//! A method reads its instance through `data` and makes its result through `like`, so that it serves both
//! types. It converts its arguments first and takes the slices last: converting may run Python code, which
//! could change a bytearray.

use std::cmp::Ordering;

use ryokan_bytecode::{BinaryOp, CompareOp};

use super::bytearray::ByteArray;
use super::bytes::{ByteBuilder, Bytes};
use super::memoryview::MemoryView;
use super::slice::Walk;
use super::str::args::repeat_count;
use crate::fuel::owe_bytes;
use crate::object::Ref;
use crate::raised::Res;
use crate::types::classes::trampoline::other_answers;
use crate::value::Value;
use crate::vm::Vm;

pub(super) mod case;
pub(super) mod hex;
pub(super) mod pad;
pub(super) mod repr;
pub(super) mod search;
pub(super) mod split;
mod table;
pub(super) mod translate;
pub(super) use table::with_shared_methods;

/// The bytes of a bytes object, a bytearray, or a view whose bytes lie side by side.
pub fn slice_of(value: &Value) -> Option<&[u8]> {
    match (value.get::<Bytes>(), value.get::<ByteArray>()) {
        (Some(bytes), _) => Some(bytes.as_slice()),
        (_, Some(array)) => Some(array.as_slice()),
        _ => value.get::<MemoryView>()?.contiguous(),
    }
}

/// The bytes that a method was called on.
fn data(this: &Value) -> &[u8] {
    slice_of(this).expect("a method of bytes is called with bytes or a bytearray")
}

/// The bytes of an argument: `a bytes-like object is required, not 'str'`.
pub fn buffer<'a>(vm: &Vm, value: &'a Value) -> Res<&'a [u8]> {
    match slice_of(value) {
        Some(slice) => Ok(slice),
        None => {
            let kind = vm.type_name(value);
            Err(vm.type_error(format_args!("a bytes-like object is required, not '{kind}'")))
        }
    }
}

/// The bytes of a bytes-like value as an object that nobody can change.
pub fn standing_bytes(vm: &Vm, value: &Value) -> Res<Option<Ref<Bytes>>> {
    standing_bytes_asked(vm, value, 0)
}

/// The same, with the flags that an exporter is asked with.
pub fn standing_bytes_asked(vm: &Vm, value: &Value, flags: i64) -> Res<Option<Ref<Bytes>>> {
    if let Some(bytes) = super::bytes::bytes_ref(value) {
        return Ok(Some(bytes));
    }
    if value.has::<MemoryView>() {
        return Ok(super::bytes::bytes_ref(&super::memoryview::tobytes(vm, std::slice::from_ref(value))?));
    }
    if let Some(array) = value.get::<ByteArray>() {
        return Ok(super::bytes::bytes_ref(&vm.bytes(array.as_slice())?));
    }
    match vm.exported_view(value, flags)? {
        Some(view) => Ok(super::bytes::bytes_ref(&super::memoryview::tobytes(vm, &[view])?)),
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

/// The numbers of an iterable as bytes.
pub fn gather<'v>(vm: &'v Vm, source: &Value, kind: &str, out_of_range: &str) -> Res<ByteBuilder<'v>> {
    let slots = vm.slots(source);
    if slots.iter().is_none() && slots.getitem().is_none() {
        let name = vm.type_name(source);
        return Err(vm.type_error(format_args!("cannot convert '{name}' object to {kind}")));
    }
    let mut out = ByteBuilder::new(vm);
    let iterator = vm.iter(source)?;
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
    if let Some(needle) = slice_of(item) {
        owe_bytes(data(this).len());
        return Ok(memchr::memmem::find(data(this), needle).is_some());
    }
    if vm.slots(item).index().is_none() {
        buffer(vm, item)?;
    }
    match u8::try_from(vm.index_clamped(item)?) {
        Ok(byte) => {
            owe_bytes(data(this).len());
            Ok(memchr::memchr(byte, data(this)).is_some())
        }
        Err(_) => Err(vm.value_error("byte must be in range(0, 256)")),
    }
}

pub(super) fn compare(_: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (Some(x), Some(y)) = (slice_of(a), slice_of(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
    owe_bytes(x.len().min(y.len()));
    let order = if op == CompareOp::Eq || op == CompareOp::Ne {
        if x == y { Ordering::Equal } else { Ordering::Less }
    } else {
        x.cmp(y)
    };
    Ok(Value::bool(match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }))
}

pub(super) fn add(vm: &Vm, left: &Value, right: &Value) -> Res {
    let Some(head) = slice_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(tail) = slice_of(right) else {
        if let Some(answer) = other_answers(vm, BinaryOp::Add, left, right)? {
            return Ok(answer);
        }
        // An exporter may do anything to the left operand: it is read again.
        if let Some(bytes) = standing_bytes(vm, right)? {
            return add(vm, left, bytes.value());
        }
        let (right, left) = (vm.type_name(right), vm.type_name(left));
        return Err(vm.type_error(format_args!("can't concat {right} to {left}")));
    };
    if left.has::<Bytes>() {
        if head.is_empty() && right.exact::<Bytes>().is_some() {
            return Ok(right.clone());
        }
        if tail.is_empty() && left.exact::<Bytes>().is_some() {
            return Ok(left.clone());
        }
        let Some(len) = head.len().checked_add(tail.len()) else { return Err(vm.no_memory()) };
        return vm.bytes_with(len, |to| {
            let (first, second) = to.split_at_mut(head.len());
            first.copy_from_slice(head);
            second.copy_from_slice(tail);
        });
    }
    let mut out = ByteBuilder::with_capacity(vm, head.len().saturating_add(tail.len()))?;
    out.extend(head)?;
    out.extend(tail)?;
    vm.bytearray_of(out)
}

pub(super) fn multiply(vm: &Vm, left: &Value, right: &Value) -> Res {
    let (this, count) = if slice_of(left).is_some() { (left, right) } else { (right, left) };
    if std::ptr::eq(this, left)
        && let Some(answer) = other_answers(vm, BinaryOp::Multiply, left, right)?
    {
        return Ok(answer);
    }
    let Some(count) = repeat_count(vm, count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let body = data(this);
    let count = count.max(0) as usize;
    if count == 1 {
        return unchanged(vm, this);
    }
    let Some(len) = body.len().checked_mul(count) else { return Err(vm.no_memory()) };
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

pub(super) fn percent(vm: &Vm, left: &Value, right: &Value) -> Res {
    let Some(format) = standing_bytes(vm, left)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let out = super::str::percent::bytes_percent(vm, format.as_slice(), right)?;
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
    match standing_bytes(vm, &args[0])? {
        Some(bytes) => super::str::decode::decode_method(vm, bytes.as_slice(), args),
        None => buffer(vm, &args[0]).map(|_| Value::NONE),
    }
}
