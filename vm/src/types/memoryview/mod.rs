//! `memoryview`: a look into the bytes of another object, without a copy.
//!
//! A view shows items of one format, in up to 64 dimensions, that lie in a `bytes` or `bytearray`: the first at byte `start`, those
//! of a dimension `stride` bytes apart. As long as a view of a bytearray is not released, the bytearray counts it and refuses to
//! change its size, so that the place of every item stays within its bytes.
//!
//! Any other object gives its bytes by a `__buffer__` of its own, which answers with a view (`native/buffer.rs`). What is made of that
//! shows another object than the one that has the bytes, and holds a *loan*, which ends with the last view that does: then the
//! exporter hears of it.
//!
//! | file | what |
//! |---|---|
//! | `dims.rs`, `items.rs` | where items are; what they are |
//! | `index.rs`, `cast.rs`, `methods.rs` | what scripts do with a view |
//! | `lend.rs` | how bytes are asked for by whoever needs those of an argument |

mod cast;
mod dims;
mod index;
mod items;
mod lend;
mod methods;

pub use lend::{BufferFlags, Lent, ask, lend_answer};
pub use methods::{BUFFER, RELEASE_BUFFER};

use std::cell::Cell;

use ryokan_alloc::Header;
use ryokan_bytecode::CompareOp;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::iterators;
use crate::value::Value;
use crate::vm::Vm;

use dims::{Dim, Dims};
use items::{Format, same};
use methods::{GETSET, METHODS};

/// The payload of `memoryview`.
#[repr(C)]
pub struct MemoryView {
    head: Header,
    /// The bytes or bytearray; empty once the view is released.
    object: Value,
    /// Whose bytes they are, if that is another object. A view that is one counts those of it.
    shown: Value,
    /// What ends with the last view.
    loan: Value,
    /// The dimensions from the second on: see `dims.rs`.
    more: Value,
    start: usize,
    first: Dim,
    /// How many views and borrowers look into the bytes through this one: as long as there are some, it cannot be released.
    exports: Cell<usize>,
    format: Format,
    ndim: u8,
    readonly: bool,
    /// Whether no other view may be made of it: it is shown to `__release_buffer__` alone.
    restricted: Cell<bool>,
    released: Cell<bool>,
    /// Its hash, once somebody has asked, which outlives its release; -1 before.
    hash: Cell<i64>,
}

object! {
    MemoryView {
        tracked: true,
        values: [object, shown, loan, more],
        plain: [start, first, exports, format, ndim, readonly, restricted, released, hash],
        clear: |this| this.let_go(),
        dying: |this| this.let_go(),
    }
}

/// Whose bytes a view shows.
#[derive(Clone)]
pub(super) struct Source {
    /// The bytes or bytearray.
    object: Value,
    shown: Value,
    loan: Value,
}

/// What a view shows of them.
#[derive(Clone)]
pub(super) struct Items {
    start: usize,
    dims: Dims,
    format: Format,
    readonly: bool,
}

impl MemoryView {
    fn item_bytes(&self) -> usize {
        self.format.bytes.into()
    }
    /// Gives the object up.
    pub(crate) fn let_go(&self) {
        if self.released.replace(true) {
            return;
        }
        let (object, shown) = (self.object.take(), self.shown.take());
        if let Some(view) = shown.get::<MemoryView>() {
            view.exports.set(view.exports.get().saturating_sub(1));
        }
        if let Some(array) = object.get::<ByteArray>() {
            array.exports.set(array.exports.get().saturating_sub(1));
        }
        // Who is told that the loan has ended may do anything.
        drop(self.loan.take());
    }
    /// `ValueError` if no other view may be made of it.
    fn check_restricted(&self, vm: &Vm) -> Res<()> {
        if self.restricted.get() {
            return Err(vm.value_error("cannot create new view on restricted memoryview"));
        }
        Ok(())
    }
    /// What another view of the same bytes is made of.
    fn source(&self, vm: &Vm) -> Res<Source> {
        self.check_restricted(vm)?;
        Ok(Source { object: self.object.clone(), shown: self.shown.clone(), loan: self.loan.clone() })
    }
    fn items(&self) -> Items {
        let dims = Dims { count: self.ndim, first: self.first, more: self.more.clone() };
        Items { start: self.start, dims, format: self.format, readonly: self.readonly }
    }
    /// Whose bytes they are.
    fn owner(&self) -> Value {
        self.shown.bound().unwrap_or(&self.object).clone()
    }
    /// Whether its bytes are an object's.
    pub(crate) fn is_view_of(&self, object: &Value) -> bool {
        self.shown.bound().unwrap_or(&self.object).is(object)
    }
    /// Whether nothing can be written through it.
    pub fn is_readonly(&self) -> bool {
        self.readonly
    }
    /// One more, or one less, looks into the bytes through this one.
    pub(crate) fn count_export(&self, more: bool) {
        let count = self.exports.get();
        self.exports.set(if more { count + 1 } else { count.saturating_sub(1) });
    }
    /// From now on no other view is made of it.
    pub(crate) fn restrict(&self) {
        self.restricted.set(true);
    }
    /// How many dimensions it has.
    pub fn dimensions(&self) -> usize {
        self.ndim.into()
    }
    /// How many bytes its items take.
    pub fn bytes(&self) -> usize {
        self.count() * self.item_bytes()
    }
    /// Overwrites bytes of a contiguous view from a place on, within bounds.
    pub fn write_at(&self, at: usize, bytes: &[u8]) {
        if self.is_contiguous(false) && at + bytes.len() <= self.bytes() {
            self.write(self.start + at, bytes);
        }
    }
    /// Overwrites bytes at a place.
    fn write(&self, place: usize, item: &[u8]) {
        if let Some(array) = self.object.get::<ByteArray>().filter(|array| place + item.len() <= array.len())
        {
            array.write(place, item);
        }
    }
    /// All bytes of the object.
    fn whole(&self) -> &[u8] {
        match self.object.get::<Bytes>() {
            Some(bytes) => bytes.as_slice(),
            None => self.object.get::<ByteArray>().map_or(&[], ByteArray::as_slice),
        }
    }
    /// The bytes, if they lie side by side.
    pub fn contiguous(&self) -> Option<&[u8]> {
        self.is_contiguous(false).then(|| self.whole().get(self.start..self.start + self.bytes())).flatten()
    }
}

/// The view that a method was called on.
fn payload(this: &Value) -> &MemoryView {
    this.get().expect("a method of memoryview is called with one")
}

/// The same, if it is not released.
fn view<'a>(vm: &Vm, this: &'a Value) -> Res<&'a MemoryView> {
    let this = payload(this);
    if this.released.get() {
        return Err(vm.value_error("operation forbidden on released memoryview object"));
    }
    Ok(this)
}

/// A view with these items of an object.
fn make(vm: &Vm, source: Source, items: Items) -> Res {
    let Items { start, dims, format, readonly } = items;
    let made = vm.new_object(|head| MemoryView {
        head,
        object: source.object,
        shown: source.shown,
        loan: source.loan,
        more: dims.more,
        start,
        first: dims.first,
        exports: Cell::new(0),
        format,
        ndim: dims.count,
        readonly,
        restricted: Cell::new(false),
        released: Cell::new(false),
        hash: Cell::new(-1),
    })?;
    if let Some(array) = made.object.get::<ByteArray>() {
        array.exports.set(array.exports.get() + 1);
    }
    if let Some(view) = made.shown.get::<MemoryView>() {
        view.exports.set(view.exports.get() + 1);
    }
    Ok(made.into_value())
}

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    let [object] = crate::types::str::args::bind(vm, "memoryview", args, ["object"], 1)?;
    of(vm, &object, BufferFlags::FULL_READ_ONLY)
}

/// `memoryview(object)`, the object being asked for this. Runs Python.
pub fn of(vm: &Vm, object: &Value, asked: BufferFlags) -> Res {
    if object.has::<MemoryView>() {
        let of = view(vm, object)?;
        return make(vm, of.source(vm)?, of.items());
    }
    match ask(vm, object, asked)? {
        Some(made) => Ok(made),
        None => {
            let kind = vm.type_name(object);
            Err(vm.type_error(format_args!("memoryview: a bytes-like object is required, not '{kind}'")))
        }
    }
}

/// A view of the bytes of a bytes or a bytearray, as the builtin type exports them; `BufferError` if they are to be written and cannot.
pub fn of_bytes(vm: &Vm, object: &Value, asked: BufferFlags) -> Res {
    if !object.has::<ByteArray>() && asked.contains(BufferFlags::WRITABLE) {
        return Err(vm.buffer_error("Object is not writable."));
    }
    let plain = object.exact::<Bytes>().is_some() || object.exact::<ByteArray>().is_some();
    // A class that is told of the end is told of it by the loan.
    let loan = if plain { Value::UNBOUND } else { vm.loan_of_own(object)? };
    all_bytes(vm, object, loan)
}

/// A view of all bytes of a bytes or a bytearray.
fn all_bytes(vm: &Vm, object: &Value, loan: Value) -> Res {
    let (len, readonly) = match object.get::<ByteArray>() {
        Some(array) => (array.len(), false),
        None => (object.get::<Bytes>().map_or(0, Bytes::len), true),
    };
    let source = Source { object: object.clone(), shown: Value::UNBOUND, loan };
    make(vm, source, Items { start: 0, dims: Dims::line(len, 1), format: Format::BYTES, readonly })
}

/// A view of the bytes of an instance of a class that is shown to its `__release_buffer__`: no loan ends with it.
pub fn shown_at_release(vm: &Vm, object: &Value) -> Res {
    all_bytes(vm, object, Value::UNBOUND)
}

/// A view of all bytes of another, as items of a format, whose object is the one that exports them.
pub fn exported_as(vm: &Vm, whole: &Value, exporter: &Value, format: u8, readonly: bool) -> Res {
    let of = view(vm, whole)?;
    let Some(format) = Format::exported(format) else {
        return Err(vm.system_error("a format without a size"));
    };
    let bytes = usize::from(format.bytes);
    let dims = Dims::line(of.bytes() / bytes, bytes as isize);
    let items = Items { start: of.start, dims, format, readonly: readonly || of.readonly };
    make(vm, Source { shown: exporter.clone(), ..of.source(vm)? }, items)
}

// ---- slots -----------------------------------------------------------------------------------------------------------

fn len(vm: &Vm, this: &Value) -> Res<usize> {
    let this = view(vm, this)?;
    if this.ndim == 0 {
        return Err(vm.type_error("0-dim memory has no length"));
    }
    Ok(this.first.len)
}

fn iter(vm: &Vm, this: &Value) -> Res {
    match view(vm, this)?.ndim {
        0 => Err(vm.type_error("invalid indexing of 0-dim memory")),
        1 => iterators::walk::<{ iterators::MEMORY }>(vm, this.clone()),
        _ => Err(vm.raise(&vm.exc.NotImplementedError, "multi-dimensional sub-views are not implemented")),
    }
}

fn repr(vm: &Vm, this: &Value) -> Res {
    let state = if payload(this).released.get() { "released memory" } else { "memory" };
    vm.display(format_args!("<{state} at {:#x}>", vm.id(this)))
}

fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    let known = payload(value).hash.get();
    if known != -1 {
        return Ok(known);
    }
    let this = view(vm, value)?;
    if !this.readonly {
        return Err(vm.value_error("cannot hash writable memoryview object"));
    }
    if !this.format.is_byte() {
        return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    // Whose bytes cannot be hashed, their view cannot either. Asking may run Python.
    let kept = Lent::hold(value.clone());
    vm.hash(&this.owner())?;
    let bytes = this.to_bytes(vm, false)?;
    drop(kept);
    let hash = vm.hash(&bytes)?;
    this.hash.set(hash);
    Ok(hash)
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let equal = same_items(vm, a, b)?;
    Ok(match equal {
        Some(equal) => Value::bool(equal == (op == CompareOp::Eq)),
        None => Value::NOT_IMPLEMENTED,
    })
}

/// Whether both have the same items, in the same dimensions; `None` if the other gives no bytes. A released view equals itself alone.
fn same_items(vm: &Vm, a: &Value, b: &Value) -> Res<Option<bool>> {
    let released = |value: &Value| value.get::<MemoryView>().is_some_and(|v| v.released.get());
    if released(a) || released(b) {
        return Ok(Some(a.is(b)));
    }
    let kept = Lent::hold(a.clone());
    let other = match if b.has::<MemoryView>() {
        Ok(Some(b.clone()))
    } else {
        ask(vm, b, BufferFlags::FULL_READ_ONLY)
    } {
        Ok(Some(other)) => Lent::hold(other),
        Ok(None) => return Ok(None),
        Err(raised) => {
            drop(vm.take_raised(raised));
            return Ok(None);
        }
    };
    let (Some(x), Some(y)) = (kept.view(), other.view()) else { return Ok(None) };
    if x.ndim != y.ndim || x.dims().zip(y.dims()).any(|(x, y)| x.len != y.len) {
        return Ok(Some(false));
    }
    vm.work_on_bytes(x.count().saturating_mul(64))?;
    for (one, two) in x.walk(false).zip(y.walk(false)) {
        if !same(vm, (x.format, x.item(one)), (y.format, y.item(two)))? {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

/// `memoryview`
pub static TYPE: TypeDef = TypeDef {
    name: "memoryview",
    layout: Layout::MemoryView,
    flags: TypeFlags::SEQUENCE.union(TypeFlags::HAS_WEAKREF),
    doc: "A view of the memory of a bytes-like object: reads and writes its items in place,\nand slices \
          without a copy.\n\nTypeError if the object has no such memory. While a view exists, a bytearray \
          does\nnot change its size.",
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        len: Some(len),
        iter: Some(iter),
        getitem: Some(index::getitem),
        setitem: Some(index::setitem),
        compare: Some(compare),
        hash: Some(hash),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};
