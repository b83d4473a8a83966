//! `bytearray`: bytes that can be changed.
//!
//! ```text
//! buffer: [gap: start bytes][the bytes: len][room]      start + len <= room
//! ```
//!
//! The buffer is charged to the heap. Deleting at the front only moves `start`, so that a bytearray serves as a queue.
//! Nothing may hold the slice of a bytearray while Python code runs: the code could change it.

use std::cell::Cell;

use ryokan_alloc::Header;
use ryokan_bytecode::BinaryOp;

use super::bytes::{ByteBuilder, Bytes, Run};
use super::bytes_methods as shared;
use super::list::List;
use super::memoryview::{BufferFlags, Lent};
use super::range::Range;
use super::slice::{Slice, Walk};
use super::str::args::{bind, c_text, given, index_of, repeat_count, size};
use super::str::{Chars, Str, Text};
use super::tuple::Tuple;
use crate::fuel::owe_bytes;
use crate::object::call::Args;
use crate::object::native::Method;
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `bytearray`.
#[repr(C)]
pub struct ByteArray {
    head: Header,
    run: Run,
    /// How many views look into it: as long as there are some, its size stays.
    pub exports: Cell<usize>,
    /// Where its bytes are if they lie outside of the heap: then the run is empty, and one export is never given back.
    #[allow(clippy::redundant_allocation, reason = "a bytearray has a word for it")]
    outside: Option<Box<Box<dyn Outside>>>,
}

/// Bytes that lie outside of the heap: memory that other processes see, say.
pub trait Outside: Send {
    /// They. Their number changes only while no view looks into the bytearray.
    fn bytes(&self) -> &[u8];
    /// They, to be changed.
    #[allow(clippy::mut_from_ref, reason = "one thread, and no slice is held across a change")]
    fn bytes_mut(&self) -> &mut [u8];
}

object! {
    ByteArray {
        tracked: false,
        values: [],
        plain: [run, exports],
        owned: [outside],
        dying: |this| this.run.replace(this, None),
    }
}

impl ByteArray {
    fn new(head: Header) -> ByteArray {
        ByteArray { head, run: Run::empty(), exports: Cell::new(0), outside: None }
    }
    /// The bytes. Not to be held while anything could change them.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        match self.run.as_slice() {
            [] => self.outside.as_ref().map_or(&[], |outside| outside.bytes()),
            bytes => bytes,
        }
    }
    /// The bytes, to be changed.
    #[allow(clippy::mut_from_ref, reason = "one thread, and no slice is held across a change")]
    fn as_mut(&self) -> &mut [u8] {
        match &self.outside {
            Some(outside) => outside.bytes_mut(),
            None => self.run.as_mut(),
        }
    }
    /// How many.
    #[inline]
    pub fn len(&self) -> usize {
        match self.run.len() {
            0 => self.outside.as_ref().map_or(0, |outside| outside.bytes().len()),
            len => len,
        }
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Bytes of the buffer.
    pub fn room(&self) -> usize {
        self.run.room()
    }
    /// Fails if a view looks into it.
    pub(crate) fn check_exports(&self, vm: &Vm) -> Res<()> {
        if self.exports.get() > 0 {
            return Err(vm.buffer_error("Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }
    /// Overwrites bytes from a place on, within bounds.
    pub fn write(&self, place: usize, bytes: &[u8]) {
        self.as_mut()[place..place + bytes.len()].copy_from_slice(bytes);
    }
    /// Puts a byte in the place at an index that may count from the end; whether there is one, and the value is a byte.
    pub fn put(&self, index: i64, value: &Value) -> bool {
        let at = if index < 0 { index + self.len() as i64 } else { index };
        let word = value.word();
        if !word.is_int() || self.outside.is_some() {
            return false;
        }
        match (usize::try_from(at).ok().and_then(|at| self.as_mut().get_mut(at)), u8::try_from(word.int())) {
            (Some(place), Ok(byte)) => {
                *place = byte;
                true
            }
            _ => false,
        }
    }
    /// Removes bytes and puts `count` others in their place, whose content is undefined yet.
    fn open(&self, vm: &Vm, at: usize, removed: usize, count: usize) -> Res<()> {
        if count != removed {
            self.check_exports(vm)?;
        }
        if self.outside.is_some() {
            return Ok(());
        }
        let Some(new_len) = (self.len() - removed).checked_add(count) else { return Err(vm.no_memory()) };
        if self.run.open(at, removed, count) {
            return Ok(());
        }
        let room = if self.room() == 0 { new_len.max(16) } else { new_len + new_len / 8 + 16 };
        let mut fresh = ByteBuilder::with_capacity(vm, room)?;
        let body = self.as_slice();
        fresh.extend(&body[..at])?;
        fresh.push_repeated(0, count)?;
        fresh.extend(&body[at + removed..])?;
        self.run.replace(self, Some(fresh));
        Ok(())
    }
    /// Replaces a range by bytes that lie elsewhere.
    pub fn splice(&self, vm: &Vm, at: usize, removed: usize, bytes: &[u8]) -> Res<()> {
        self.open(vm, at, removed, bytes.len())?;
        self.as_mut()[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }
    /// Appends bytes that lie elsewhere.
    pub fn extend(&self, vm: &Vm, bytes: &[u8]) -> Res<()> {
        self.splice(vm, self.len(), 0, bytes)
    }
    /// Makes it longer, with zeros, or shorter.
    pub fn resize(&self, vm: &Vm, len: usize) -> Res<()> {
        let old = self.len();
        if len <= old {
            return self.open(vm, len, old - len, 0);
        }
        self.open(vm, old, 0, len - old)?;
        self.as_mut()[old..].fill(0);
        Ok(())
    }
}

impl Vm {
    /// A new bytearray. Runs no Python; `MemoryError`.
    pub fn bytearray(&self, bytes: &[u8]) -> Res {
        let mut builder = ByteBuilder::new(self);
        builder.extend(bytes)?;
        self.bytearray_of(builder)
    }
    /// A bytearray of bytes that lie outside of the heap. Runs no Python; `MemoryError`.
    pub fn bytearray_outside(&self, outside: Box<dyn Outside>) -> Res {
        let outside = Some(Box::new(outside));
        let made =
            self.new_object(|head| ByteArray { exports: Cell::new(1), outside, ..ByteArray::new(head) })?;
        Ok(made.into_value())
    }
    /// A new bytearray that takes over what was built. Runs no Python; `MemoryError`.
    pub fn bytearray_of(&self, builder: ByteBuilder<'_>) -> Res {
        let made = self.new_object(ByteArray::new)?;
        made.run.replace(&*made, Some(builder));
        Ok(made.into_value())
    }
}

/// `bytearray`
pub static TYPE: TypeDef = TypeDef {
    name: "bytearray",
    layout: Layout::ByteArray,
    flags: TypeFlags::BASETYPE.union(TypeFlags::MATCH_SELF),
    doc: "bytearray(numbers)\nbytearray(text, encoding, errors='strict')\nbytearray(other_bytes)\n\
          bytearray(length)\nbytearray()\n\nBytes that can be changed: of a sequence of numbers below 256, \
          of a text in an\nencoding, of other bytes, or so many zeros.",
    slots: Slots {
        repr: Some(repr),
        str: Some(|vm, this| shared::taken::shown(vm, this, repr)),
        len: Some(|_, this| Ok(payload(this).len())),
        iter: Some(|vm, this| vm.seq_iter(this.clone())),
        new: Some(|vm, class, _| vm.new_of_class(class, ByteArray::new)),
        init: Some(init),
        getitem: Some(getitem),
        setitem: Some(setitem),
        contains: Some(shared::contains),
        compare: Some(shared::compare),
        number: numbers(&[
            (BinaryOp::Add, shared::add),
            (BinaryOp::Multiply, shared::multiply),
            (BinaryOp::Remainder, shared::percent::<ByteArray>),
        ]),
        in_place: numbers(&[(BinaryOp::Add, add_in_place), (BinaryOp::Multiply, multiply_in_place)]),
        ..Slots::NONE
    },
    methods: METHODS,
    ..TypeDef::EMPTY
};

fn payload(this: &Value) -> &ByteArray {
    this.get().expect("a method of bytearray is called with a bytearray")
}

fn repr(vm: &Vm, this: &Value) -> Res {
    let name = vm.type_name(this);
    shared::repr::of_slice(vm, payload(this).as_slice(), &format!("{name}("), ")")
}

fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    let [source, encoding, errors] = bind(vm, "bytearray", args, ["source", "encoding", "errors"], 0)?;
    let text_of = |value: &Value, what: &str| -> Res<Option<Text>> {
        value.bound().map(|v| c_text(vm, v, what)).transpose()
    };
    let encoding = text_of(&encoding, "bytearray() argument 'encoding'")?;
    let errors = text_of(&errors, "bytearray() argument 'errors'")?;
    let body = payload(this);
    body.resize(vm, 0)?;
    if source.has::<Str>() {
        let Some(encoding) = encoding else {
            return Err(vm.type_error("string argument without an encoding"));
        };
        let bytes = super::str::codec::encode(vm, &source, &encoding, errors.as_deref())?;
        return body.extend(vm, shared::slice_of(&bytes).unwrap_or(&[]));
    }
    if encoding.is_some() {
        return Err(vm.type_error("encoding without a string argument"));
    }
    if errors.is_some() {
        return Err(vm.type_error("errors without a string argument"));
    }
    if source.is_unbound() {
        return Ok(());
    }
    if let Some(count) = shared::count_arg(vm, &source)? {
        // Counting may have filled it again.
        body.resize(vm, count)?;
        body.as_mut().fill(0);
        return Ok(());
    }
    match Lent::maybe(vm, &source, BufferFlags::FULL_READ_ONLY)? {
        Some(lent) => take_over(vm, body, &lent),
        None => {
            let refusal = "cannot convert '{}' object to bytearray";
            let plain = source.exact::<List>().is_some()
                || source.exact::<Tuple>().is_some()
                || source.has::<Range>();
            if plain {
                return body.extend(vm, gather_any(vm, &source, refusal, false)?.as_slice());
            }
            check_iterable(vm, &source, refusal)?;
            // Who makes the numbers may look at what is here already.
            let iterator = vm.iter(&source)?;
            while let Some(item) = vm.next(&iterator)? {
                let byte = byte_arg(vm, &item)?;
                body.extend(vm, &[byte])?;
            }
            Ok(())
        }
    }
}

/// Takes the bytes of another in the place of its own; with a view that may be the bytearray's.
fn take_over(vm: &Vm, body: &ByteArray, lent: &Lent) -> Res<()> {
    let bytes = lent.to_bytes(vm)?;
    let bytes = shared::slice_of(&bytes).unwrap_or_default();
    body.splice(vm, 0, body.len(), bytes)
}

/// What is neither bytes nor an iterable of numbers is refused; the others' numbers are gathered.
fn gather_any<'v>(vm: &'v Vm, source: &Value, refusal: &str, hinted: bool) -> Res<ByteBuilder<'v>> {
    check_iterable(vm, source, refusal)?;
    shared::gather(vm, source, "bytearray", "byte must be in range(0, 256)", hinted)
}

fn check_iterable(vm: &Vm, source: &Value, refusal: &str) -> Res<()> {
    if vm.slots(source).iter().is_none() && vm.slots(source).getitem().is_none() {
        return Err(vm.type_error(refusal.replace("{}", &vm.type_name(source))));
    }
    Ok(())
}

/// A number below 256.
fn byte_arg(vm: &Vm, value: &Value) -> Res<u8> {
    u8::try_from(vm.index_clamped(value)?).map_err(|_| vm.value_error("byte must be in range(0, 256)"))
}

fn not_an_index(vm: &Vm, key: &Value) -> crate::raised::Raised {
    vm.type_error(format_args!("bytearray indices must be integers or slices, not {}", vm.type_name(key)))
}

fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    let body = payload(this);
    if let Some(slice) = key.get::<Slice>() {
        let bounds = slice.unpack(vm)?;
        let walk = bounds.within(body.len());
        if walk.step == 1 {
            return vm.bytearray(&body.as_slice()[walk.range()]);
        }
        let mut out = ByteBuilder::new(vm);
        out.push_repeated(0, walk.count)?;
        shared::copy_steps(body.as_slice(), out.as_mut_slice(), walk);
        return vm.bytearray_of(out);
    }
    let Some(at) = index_of(vm, key)? else { return Err(not_an_index(vm, key)) };
    match place(at, body.len()) {
        Some(at) => Ok(Value::small(i64::from(body.as_slice()[at]))),
        None => Err(vm.index_error("bytearray index out of range")),
    }
}

/// The place that an index names, if there is one.
fn place(at: i64, len: usize) -> Option<usize> {
    let at = if at < 0 { at + len as i64 } else { at };
    usize::try_from(at).ok().filter(|at| *at < len)
}

fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> Res<()> {
    let body = payload(this);
    if let Some(slice) = key.get::<Slice>() {
        return set_slice(vm, body, slice, value);
    }
    let Some(at) = index_of(vm, key)? else { return Err(not_an_index(vm, key)) };
    let byte = value.map(|value| byte_arg(vm, value)).transpose()?;
    let Some(at) = place(at, body.len()) else {
        return Err(vm.index_error("bytearray index out of range"));
    };
    match byte {
        Some(byte) => body.as_mut()[at] = byte,
        None => body.open(vm, at, 1, 0)?,
    }
    Ok(())
}

/// `body[slice] = value`, or `del` of it. As in CPython the bounds are converted once more after what is no bytearray has
/// been copied.
fn set_slice(vm: &Vm, body: &ByteArray, slice: &Slice, value: Option<&Value>) -> Res<()> {
    let mut bounds = slice.unpack(vm)?;
    let Some(value) = value else { return delete_walk(vm, body, bounds.within(body.len()).upwards()) };
    let fresh = assignable(vm, value)?;
    if value.get::<ByteArray>().is_none_or(|array| std::ptr::eq(array, body)) {
        bounds = slice.unpack(vm)?;
    }
    let (walk, bytes) = (bounds.within(body.len()), fresh.as_slice());
    if walk.step == 1 {
        return body.splice(vm, walk.start as usize, walk.count, bytes);
    }
    if bytes.is_empty() {
        return delete_walk(vm, body, walk.upwards());
    }
    if bytes.len() != walk.count {
        return Err(vm.value_error(format_args!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            bytes.len(),
            walk.count
        )));
    }
    vm.work_on_bytes(bytes.len() * 16)?;
    for (i, byte) in bytes.iter().enumerate() {
        body.as_mut()[walk.at(i)] = *byte;
    }
    Ok(())
}

/// The bytes that may be assigned to a slice: of a bytes-like object, or of an iterable of numbers.
fn assignable(vm: &Vm, value: &Value) -> Res<Ref<Bytes>> {
    if let Some(array) = value.get::<ByteArray>() {
        return Ref::from_value(vm.bytes(array.as_slice())?).map_err(|_| vm.no_memory());
    }
    let slots = vm.slots(value);
    if value.has::<Str>() || slots.index().is_some() || slots.int().is_some() || slots.float().is_some() {
        return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    }
    if let Some(bytes) = shared::standing_bytes(vm, value, BufferFlags::FULL_READ_ONLY)? {
        return Ok(bytes);
    }
    let refusal = "cannot convert '{}' object to bytearray";
    Ref::from_value(gather_any(vm, value, refusal, false)?.finish()?).map_err(|_| vm.no_memory())
}

/// Removes the bytes of a walk upwards, and closes the gaps in one pass.
fn delete_walk(vm: &Vm, body: &ByteArray, walk: Walk) -> Res<()> {
    if walk.count == 0 {
        return Ok(());
    }
    if walk.step == 1 {
        return body.splice(vm, walk.start as usize, walk.count, &[]);
    }
    body.check_exports(vm)?;
    vm.work_on_bytes((body.len() - walk.start as usize) * 16)?;
    let (first, step) = (walk.start as usize, walk.step as usize);
    let (all, mut to) = (body.as_mut(), first);
    for at in first..all.len() {
        if (at - first) % step != 0 || (at - first) / step >= walk.count {
            all[to] = all[at];
            to += 1;
        }
    }
    body.resize(vm, to)
}

fn add_in_place(vm: &Vm, this: &Value, other: &Value) -> Res {
    match shared::buffer_or_none(vm, other) {
        Some(bytes) => payload(this).extend(vm, bytes.as_slice())?,
        None => {
            let (other, this) = (vm.type_name(other), vm.type_name(this));
            return Err(vm.type_error(format_args!("can't concat {other} to {this}")));
        }
    }
    Ok(this.clone())
}

fn multiply_in_place(vm: &Vm, this: &Value, count: &Value) -> Res {
    let Some(count) = repeat_count(vm, count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let body = payload(this);
    let unit = body.len();
    let Some(len) = unit.checked_mul(count.max(0) as usize) else { return Err(vm.no_memory()) };
    body.resize(vm, len)?;
    if len > unit {
        shared::fill_doubling(body.as_mut(), unit);
    }
    Ok(this.clone())
}

// ---- methods -------------------------------------------------------------------------------------------------------

fn append(vm: &Vm, this: &Value, item: &Value) -> Res {
    let byte = byte_arg(vm, item)?;
    payload(this).extend(vm, &[byte])?;
    Ok(Value::NONE)
}

fn extend(vm: &Vm, this: &Value, items: &Value) -> Res {
    if items.get::<Str>().is_some_and(|text| !text.is_empty()) {
        return Err(
            vm.type_error(format_args!("expected iterable of integers; got: '{}'", vm.type_name(items)))
        );
    }
    let body = payload(this);
    let end = body.len();
    match Lent::maybe(vm, items, BufferFlags::SIMPLE) {
        Ok(Some(lent)) if lent.array().is_some_and(|other| std::ptr::eq(other, body)) => {
            drop(lent);
            let bytes = vm.bytes(body.as_slice())?;
            body.extend(vm, shared::slice_of(&bytes).unwrap_or_default())?;
        }
        // Who is asked for its bytes may have made this one longer or shorter.
        Ok(Some(lent)) => body.splice(vm, end.min(body.len()), 0, lent.as_slice())?,
        Ok(None) => {
            body.extend(vm, gather_any(vm, items, "can't extend bytearray with {}", true)?.as_slice())?
        }
        Err(raised) => {
            drop(vm.take_raised(raised));
            let kind = vm.type_name(items);
            return Err(vm.type_error(format_args!("can't set bytearray slice from {kind}")));
        }
    }
    Ok(Value::NONE)
}

fn insert(vm: &Vm, this: &Value, index: &Value, item: &Value) -> Res {
    let index = size(vm, index)?;
    let byte = byte_arg(vm, item)?;
    let len = payload(this).len() as i64;
    let at = if index < 0 { (index + len).max(0) } else { index.min(len) };
    payload(this).splice(vm, at as usize, 0, &[byte])?;
    Ok(Value::NONE)
}

fn pop(vm: &Vm, args: &[Value]) -> Res {
    let index = given(args, 1).map_or(Ok(-1), |v| size(vm, v))?;
    let body = payload(&args[0]);
    if body.is_empty() {
        return Err(vm.index_error("pop from empty bytearray"));
    }
    let Some(at) = place(index, body.len()) else { return Err(vm.index_error("pop index out of range")) };
    let byte = body.as_slice()[at];
    body.open(vm, at, 1, 0)?;
    Ok(Value::small(i64::from(byte)))
}

fn remove(vm: &Vm, this: &Value, value: &Value) -> Res {
    let byte = byte_arg(vm, value)?;
    let body = payload(this);
    owe_bytes(body.len());
    match memchr::memchr(byte, body.as_slice()) {
        Some(at) => body.open(vm, at, 1, 0).map(|()| Value::NONE),
        None => Err(vm.value_error("value not found in bytearray")),
    }
}

fn reverse(_: &Vm, this: &Value) -> Res {
    owe_bytes(payload(this).len());
    payload(this).as_mut().reverse();
    Ok(Value::NONE)
}

fn clear(vm: &Vm, this: &Value) -> Res {
    let this = payload(this);
    if !this.is_empty() {
        this.check_exports(vm)?;
        this.run.replace(this, None);
    }
    Ok(Value::NONE)
}

fn copy(vm: &Vm, this: &Value) -> Res {
    vm.bytearray(payload(this).as_slice())
}

fn resize(vm: &Vm, this: &Value, len: &Value) -> Res {
    let len = size(vm, len)?;
    if len < 0 {
        return Err(vm.value_error(format_args!("Can only resize to positive sizes, got {len}")));
    }
    payload(this).resize(vm, len as usize)?;
    Ok(Value::NONE)
}

fn alloc(_: &Vm, this: &Value) -> Res {
    // As CPython counts right after making one: no buffer if it is empty, else a zero behind the bytes.
    let len = payload(this).len();
    Ok(Value::small(if len == 0 { 0 } else { len as i64 + 1 }))
}

/// What makes it again, in a protocol of pickles: of text in those that have no bytes.
fn reduce_ex(vm: &Vm, args: &[Value]) -> Res {
    let protocol = args.get(1).map_or(Ok(0), |protocol| vm.index_c_int(protocol))?;
    let (this, bytes) = (&args[0], payload(&args[0]).as_slice());
    let arguments = match protocol {
        _ if bytes.is_empty() => Vec::new(),
        ..3 => vec![vm.str_from(Chars::One(bytes))?, vm.str("latin-1")?],
        _ => vec![vm.bytes(bytes)?],
    };
    let arguments = vm.new_tuple(arguments)?;
    let state = vm.call_method(this, &vm.names.__getstate__, &[])?;
    vm.new_tuple(vec![vm.type_of(this).to_value(), arguments, state])
}

static METHODS: &[Method] = shared::with_shared_methods!(
    super::memoryview::BUFFER,
    super::memoryview::RELEASE_BUFFER,
    method("__alloc__", "($self, /)", Call::One(alloc), "How many bytes the buffer has."),
    method("__reduce__", "($self, /)", Call::Slice(reduce_ex), "What pickle needs to make it again."),
    method(
        "__reduce_ex__",
        "($self, proto=0, /)",
        Call::Slice(reduce_ex),
        "What pickle needs to make it again, by a protocol."
    ),
    method("append", "($self, item, /)", Call::Two(append), "Puts a byte at the end."),
    method("clear", "($self, /)", Call::One(clear), "Removes all bytes."),
    method("copy", "($self, /)", Call::One(copy), "Another bytearray with the same bytes."),
    method(
        "extend",
        "($self, iterable_of_ints, /)",
        Call::Two(extend),
        "Puts the bytes of an iterable at the end."
    ),
    method("insert", "($self, index, item, /)", Call::Three(insert), "Puts a byte before an index."),
    method("pop", "($self, index=-1, /)", Call::Slice(pop), "Removes the byte at an index and returns it."),
    method("remove", "($self, value, /)", Call::Two(remove), "Removes the first byte of this value."),
    method("resize", "($self, size, /)", Call::Two(resize), "Makes it shorter, or longer with zeros."),
    method("reverse", "($self, /)", Call::One(reverse), "Turns the order of the bytes round."),
);

const _: () = assert!(size_of::<Bytes>() == 24 && size_of::<ByteArray>() == 56);
