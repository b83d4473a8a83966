//! `memoryview`: a look into the bytes of another object, without a copy.
//!
//! A view is of one dimension: `len` items of `format`, `stride` bytes apart, from byte `start` on of a `bytes` or
//! `bytearray`. As long as a view of a bytearray is not released, the bytearray counts it and refuses to change its size, so that
//! the place of every item stays within its bytes.
//!
//! Any other object gives its bytes by a `__buffer__` of its own, which answers with a view: what is made of that names the exporter
//! as its object, and holds it as long as it is not released (`native/buffer.rs`).
//!
//! ```text
//! [header 8][object 8][exporter 8][start 8][len 8][stride 8][format 1][readonly 1][released 1]
//! ```
//!
//! Formats are those of `struct` that are of one native letter. Views of more dimensions are not made: `cast` takes no shape.

mod items;
mod methods;

pub use methods::{BUFFER, RELEASE_BUFFER, tobytes};

use std::cell::Cell;

use ryokan_alloc::Header;
use ryokan_bytecode::CompareOp;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, type_flag};
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::slice::Slice;
use crate::types::str::args::index_of;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

use items::{is_byte, item_bytes, pack, unpack};
use methods::{GETSET, METHODS, release};

/// The payload of `memoryview`.
#[repr(C)]
pub struct MemoryView {
    head: Header,
    /// The bytes or bytearray; empty once the view is released.
    object: Value,
    /// Whose bytes they are, if that is another object.
    exporter: Value,
    start: usize,
    len: usize,
    stride: isize,
    format: u8,
    readonly: bool,
    released: Cell<bool>,
}

object! {
    MemoryView {
        tracked: true,
        values: [object, exporter],
        plain: [start, len, stride, format, readonly, released],
        clear: |this| this.let_go(),
        dying: |this| this.let_go(),
    }
}

impl MemoryView {
    fn item_bytes(&self) -> usize {
        item_bytes(self.format).expect("a view has a known format")
    }
    /// Gives the object up.
    fn let_go(&self) {
        if !self.released.replace(true) {
            if let Some(array) = self.object.get::<ByteArray>() {
                array.exports.set(array.exports.get() - 1);
            }
            self.object.set(Value::UNBOUND);
            self.exporter.set(Value::UNBOUND);
        }
    }
    /// What a view of the same bytes is made of.
    fn source(&self) -> (&Value, &Value) {
        (&self.object, &self.exporter)
    }
    /// Whose bytes they are.
    fn owner(&self) -> Value {
        self.exporter.bound().unwrap_or(&self.object).clone()
    }
    /// Whether it is in use.
    pub fn is_released(&self) -> bool {
        self.released.get()
    }
    /// Whether nothing can be written through it.
    pub fn is_readonly(&self) -> bool {
        self.readonly
    }
    /// How many bytes its items take.
    pub fn bytes(&self) -> usize {
        self.len * self.item_bytes()
    }
    /// Overwrites bytes of a contiguous view from a place on, within bounds.
    pub fn write_at(&self, at: usize, bytes: &[u8]) {
        if self.is_contiguous() && at + bytes.len() <= self.bytes() {
            write(self, self.start + at, bytes);
        }
    }
    /// All bytes of the object.
    fn whole(&self) -> &[u8] {
        match self.object.get::<Bytes>() {
            Some(bytes) => bytes.as_slice(),
            None => self.object.get::<ByteArray>().map_or(&[], ByteArray::as_slice),
        }
    }
    fn is_contiguous(&self) -> bool {
        self.len <= 1 || self.stride == self.item_bytes() as isize
    }
    /// The bytes, if they lie side by side.
    pub fn contiguous(&self) -> Option<&[u8]> {
        let bytes = self.len * self.item_bytes();
        self.is_contiguous().then(|| self.whole().get(self.start..self.start + bytes)).flatten()
    }
    /// Where an item begins.
    fn place(&self, at: usize) -> usize {
        self.start.wrapping_add_signed(self.stride * at as isize)
    }
    /// The bytes of an item.
    fn item(&self, at: usize) -> &[u8] {
        let from = self.place(at);
        &self.whole()[from..from + self.item_bytes()]
    }
    /// All items' bytes, in order.
    fn to_vec(&self, vm: &Vm) -> Res {
        match self.contiguous() {
            Some(bytes) => vm.bytes(bytes),
            None => vm.bytes_with(self.len * self.item_bytes(), |to| {
                to.chunks_mut(self.item_bytes())
                    .enumerate()
                    .for_each(|(i, to)| to.copy_from_slice(self.item(i)));
            }),
        }
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
pub fn make(
    vm: &Vm,
    (object, exporter): (&Value, &Value),
    (start, len, stride): (usize, usize, isize),
    format: u8,
    readonly: bool,
) -> Res {
    let made = vm.new_object(|head| MemoryView {
        head,
        object: object.clone(),
        exporter: exporter.clone(),
        start,
        len,
        stride,
        format,
        readonly,
        released: Cell::new(false),
    })?;
    if let Some(array) = object.get::<ByteArray>() {
        array.exports.set(array.exports.get() + 1);
    }
    Ok(made.into_value())
}

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    let [object] = crate::types::str::args::bind(vm, "memoryview", args, ["object"], 1)?;
    of(vm, &object)
}

/// `memoryview(object)`
pub fn of(vm: &Vm, object: &Value) -> Res {
    if object.has::<MemoryView>() {
        let of = view(vm, object)?;
        return make(vm, of.source(), (of.start, of.len, of.stride), of.format, of.readonly);
    }
    let (len, readonly) = match (object.get::<Bytes>(), object.get::<ByteArray>()) {
        (Some(bytes), _) => (bytes.as_slice().len(), true),
        (_, Some(array)) => (array.len(), false),
        _ => {
            if let Some(made) = vm.exported_view(object, FULL_READ_ONLY)? {
                return Ok(made);
            }
            let kind = vm.type_name(object);
            return Err(
                vm.type_error(format_args!("memoryview: a bytes-like object is required, not '{kind}'"))
            );
        }
    };
    make(vm, (object, &Value::UNBOUND), (0, len, 1), b'B', readonly)
}

/// What `memoryview(object)` asks of `__buffer__`: all that can be known of the bytes, which need not be writable.
pub const FULL_READ_ONLY: i64 = 284;
/// Of the flags of `__buffer__`: the bytes are to be written.
const WRITABLE: i64 = 1;

/// `object.__buffer__(flags)` of a builtin.
pub fn buffer_method(vm: &Vm, object: &Value, flags: &Value) -> Res {
    let flags = vm.index_i64(flags)?;
    if i32::try_from(flags).is_err() {
        return Err(vm.overflow_error("buffer flags out of range"));
    }
    let made = of(vm, object)?;
    if flags & WRITABLE != 0 && payload(&made).readonly {
        return Err(vm.buffer_error("Object is not writable."));
    }
    Ok(made)
}

/// `object.__release_buffer__(view)` of a builtin.
pub fn release_method(vm: &Vm, object: &Value, given: &Value) -> Res {
    let Some(of) = given.get::<MemoryView>() else {
        return Err(vm.type_error("expected a memoryview object"));
    };
    if !of.released.get() && !of.object.is(object) {
        return Err(vm.value_error("memoryview's buffer is not this object"));
    }
    release(vm, given)
}

/// A view of all bytes of another, as items of a format, whose object is the one that exports them.
pub fn exported_as(vm: &Vm, whole: &Value, exporter: &Value, format: u8, readonly: bool) -> Res {
    let of = view(vm, whole)?;
    let Some(size) = item_bytes(format) else { return Err(vm.system_error("a format without a size")) };
    let items = (of.start, of.bytes() / size, size as isize);
    make(vm, (&of.object, exporter), items, format, readonly || of.readonly)
}

/// A view of the same items whose object is another: the one that exports them.
pub fn exported(vm: &Vm, answer: &Value, exporter: &Value) -> Res {
    let of = view(vm, answer)?;
    make(vm, (&of.object, exporter), (of.start, of.len, of.stride), of.format, of.readonly)
}

// ---- items -----------------------------------------------------------------------------------------------------------

/// Where the items of a slice begin, how many there are, and how far apart.
fn items_of(vm: &Vm, this: &MemoryView, slice: &Slice) -> Res<(usize, usize, isize)> {
    let walk = slice.unpack(vm)?.within(this.len);
    let start = if walk.count == 0 { this.start } else { this.place(walk.at(0)) };
    let stride = match walk.count {
        0 | 1 => this.item_bytes() as isize,
        _ => this.stride * walk.step as isize,
    };
    Ok((start, walk.count, stride))
}

/// The number of the item that a key names.
fn item_of(vm: &Vm, this: &MemoryView, key: &Value) -> Res<usize> {
    let single = match key.get::<Tuple>().map(Tuple::items) {
        None => key,
        Some([single]) => single,
        Some(more) => {
            let count = more.len();
            let message = format_args!("cannot index 1-dimension view with {count}-element tuple");
            return Err(vm.type_error(message));
        }
    };
    let Some(at) = index_of(vm, single)? else {
        return Err(vm.type_error("memoryview: invalid slice key"));
    };
    let at = if at < 0 { at + this.len as i64 } else { at };
    match usize::try_from(at).ok().filter(|at| *at < this.len) {
        Some(at) => Ok(at),
        None => Err(vm.index_error("index out of bounds on dimension 1")),
    }
}

fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    let of = view(vm, this)?;
    // Converting the key may run code that releases the view.
    if let Some(slice) = key.get::<Slice>() {
        let items = items_of(vm, of, slice)?;
        return make(vm, view(vm, this)?.source(), items, of.format, of.readonly);
    }
    let at = item_of(vm, of, key)?;
    unpack(vm, of.format, view(vm, this)?.item(at))
}

fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> Res<()> {
    let of = view(vm, this)?;
    if of.readonly {
        return Err(vm.type_error("cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(vm.type_error("cannot delete memory")) };
    if let Some(slice) = key.get::<Slice>() {
        return set_items(vm, this, slice, value);
    }
    // Converting the key, or the value, may run code that releases the view.
    let at = item_of(vm, of, key)?;
    view(vm, this)?;
    let item = pack(vm, of.format, value)?;
    write(view(vm, this)?, of.place(at), &item[..of.item_bytes()]);
    Ok(())
}

/// `this[slice] = value`
fn set_items(vm: &Vm, this: &Value, slice: &Slice, value: &Value) -> Res<()> {
    let source = of_like(vm, value, FULL_READ_ONLY)?;
    let source = payload(&source);
    let (start, len, stride) = items_of(vm, view(vm, this)?, slice)?;
    let of = view(vm, this)?;
    if source.format != of.format || source.len != len {
        return Err(vm.value_error("memoryview assignment: lvalue and rvalue have different structures"));
    }
    // Both may look into the same bytes.
    let items = source.to_vec(vm)?;
    let items = items.get::<Bytes>().map_or(&[][..], Bytes::as_slice);
    for (i, item) in items.chunks(of.item_bytes()).enumerate() {
        write(of, start.wrapping_add_signed(stride * i as isize), item);
    }
    Ok(())
}

/// A view of a bytes-like value; the flags say what is asked of one that exports its bytes.
pub fn of_like(vm: &Vm, value: &Value, flags: i64) -> Res {
    if value.has::<MemoryView>() || value.has::<Bytes>() || value.has::<ByteArray>() {
        return of(vm, value);
    }
    match vm.exported_view(value, flags)? {
        Some(made) => Ok(made),
        None => {
            Err(vm.type_error(format_args!("a bytes-like object is required, not '{}'", vm.type_name(value))))
        }
    }
}

fn write(this: &MemoryView, place: usize, item: &[u8]) {
    if let Some(array) = this.object.get::<ByteArray>() {
        array.write(place, item);
    }
}

// ---- slots -----------------------------------------------------------------------------------------------------------

fn len(vm: &Vm, this: &Value) -> Res<usize> {
    Ok(view(vm, this)?.len)
}

fn repr(vm: &Vm, this: &Value) -> Res {
    let state = if payload(this).released.get() { "released memory" } else { "memory" };
    vm.display(format_args!("<{state} at {:#x}>", vm.id(this)))
}

fn hash(vm: &Vm, this: &Value) -> Res<i64> {
    let this = view(vm, this)?;
    if !this.readonly {
        return Err(vm.value_error("cannot hash writable memoryview object"));
    }
    if !is_byte(this.format) {
        return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    let bytes = this.to_vec(vm)?;
    vm.hash(&bytes)
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

/// Whether both have the same items; `None` if the other is not bytes-like. A released view equals itself alone.
fn same_items(vm: &Vm, a: &Value, b: &Value) -> Res<Option<bool>> {
    let released = |value: &Value| value.get::<MemoryView>().is_some_and(|v| v.released.get());
    if released(a) || released(b) {
        return Ok(Some(a.is(b)));
    }
    if !(b.has::<MemoryView>() || b.has::<Bytes>() || b.has::<ByteArray>()) {
        return Ok(None);
    }
    let (x, y) = (of(vm, a)?, of(vm, b)?);
    let (x, y) = (payload(&x), payload(&y));
    if x.len != y.len {
        return Ok(Some(false));
    }
    vm.work_on_bytes(x.len.saturating_mul(64))?;
    for at in 0..x.len {
        let same = if x.format == y.format && !matches!(x.format, b'f' | b'd') {
            x.item(at) == y.item(at)
        } else {
            vm.equal(&unpack(vm, x.format, x.item(at))?, &unpack(vm, y.format, y.item(at))?)?
        };
        if !same {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

/// `memoryview`
pub static TYPE: TypeDef = TypeDef {
    name: "memoryview",
    layout: Layout::MemoryView,
    flags: type_flag::SEQUENCE | type_flag::HAS_WEAKREF,
    doc: "A view of the memory of a bytes-like object: reads and writes its items in place,\nand slices \
          without a copy.\n\nTypeError if the object has no such memory. While a view exists, a bytearray \
          does\nnot change its size.",
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        len: Some(len),
        getitem: Some(getitem),
        setitem: Some(setitem),
        compare: Some(compare),
        hash: Some(hash),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};
