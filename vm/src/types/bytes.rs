//! `bytes`: an immutable run of bytes.
//!
//! ```text
//! [header 8][hash 8][length 8][the bytes]
//! ```
//!
//! The bytes lie in the object itself; instances of subclasses have their ext word behind them. The hash is
//! the one of a str with these bytes, 0 while not known. The methods are shared with `bytearray`: see
//! `bytes_methods`.

use std::cell::Cell;
use std::ptr::NonNull;

use ryokan_alloc::{Header, Heap};
use ryokan_bytecode::BinaryOp;

use super::bytes_methods as shared;
use super::memoryview::{BufferFlags, Lent};
use super::slice::Slice;
use super::str::args::{bind, c_text, index_of};
use super::str::{LARGE_RUN, Str, Text, system_has};
use crate::fuel::owe_bytes;
use crate::object::call::Args;
use crate::object::native::Method;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Object, Ref, payload_ptr};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `bytes`.
#[repr(C)]
pub struct Bytes {
    head: Header,
    hash: Cell<i64>,
    len: usize,
    data: [u8; 0],
}

const BYTES_HEADER: usize = size_of::<Bytes>();
const _: () = assert!(BYTES_HEADER == 24);

// SAFETY: repr(C), header first; owns no values.
unsafe impl Object for Bytes {
    const LAYOUT: Layout = Layout::Bytes;
    const FIXED: bool = false;
    fn size(&self) -> usize {
        BYTES_HEADER + self.len
    }
}

impl Bytes {
    /// The bytes.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        // As for the characters of a str: the address of the block's own pointer, exposed when its word was
        // made.
        let data = std::ptr::with_exposed_provenance(std::ptr::from_ref(self).addr() + BYTES_HEADER);
        // SAFETY: `len` bytes lie behind the struct, written when the object was made.
        unsafe { std::slice::from_raw_parts(data, self.len) }
    }
    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// The hash.
    pub fn hash(&self, vm: &Vm) -> i64 {
        if self.hash.get() == 0 {
            self.hash.set(super::str::hash_bytes(vm, self.as_slice()));
        }
        self.hash.get()
    }
}

impl Vm {
    /// A bytes object. Runs no Python; `MemoryError`.
    #[inline]
    pub fn bytes(&self, bytes: &[u8]) -> Res {
        self.bytes_of_parts(bytes.len(), std::iter::once(bytes))
    }

    /// A bytes object of parts, which have so many bytes together. Runs no Python; `MemoryError`.
    pub(crate) fn bytes_of_parts<'a>(&self, len: usize, parts: impl Iterator<Item = &'a [u8]>) -> Res {
        if len <= 1 {
            let only = parts.flatten().next();
            return self.bytes_with(len, |to| to.fill(only.copied().unwrap_or(0)));
        }
        let class = &*self.types.bytes;
        let (block, data) = self.raw_bytes(class, len)?;
        let mut at = 0;
        for part in parts {
            assert!(part.len() <= len - at);
            // SAFETY: the block has `len` bytes, and the parts so far leave room for this one.
            unsafe { std::ptr::copy_nonoverlapping(part.as_ptr(), data.add(at), part.len()) };
            at += part.len();
        }
        assert!(at == len);
        // SAFETY: header and bytes are written, and nobody has seen the block.
        Ok(unsafe { self.adopt_inline(class, block) })
    }

    /// A bytes object of zeros, then filled. Runs no Python; `MemoryError`. The filling must not make objects.
    pub fn bytes_with(&self, len: usize, fill: impl FnOnce(&mut [u8])) -> Res {
        self.bytes_of_class(&self.types.bytes, len, fill)
    }

    /// An instance of bytes or of a subclass, of zeros, then filled. The filling must not make objects. There is one empty bytes
    /// object, and one of each byte.
    pub(crate) fn bytes_of_class(
        &self,
        class: &crate::object::ty::TypeObj,
        len: usize,
        fill: impl FnOnce(&mut [u8]),
    ) -> Res {
        if len > 1 || !std::ptr::eq(class, &*self.types.bytes) {
            return self.fresh_bytes(class, len, fill);
        }
        let mut byte = [0];
        fill(&mut byte[..len]);
        let known = &self.short_bytes[if len == 0 { 0 } else { 1 + usize::from(byte[0]) }];
        if known.is_unbound() {
            known.set(self.fresh_bytes(class, len, |to| to.copy_from_slice(&byte[..len]))?);
            self.make_immortal(known);
        }
        Ok(known.clone())
    }

    /// Fails where a bytes object cannot have so many.
    pub(crate) fn check_bytes_len(&self, len: usize) -> Res<()> {
        // CPython's object takes 33 bytes more.
        if len > isize::MAX as usize - 33 {
            return Err(self.overflow_error("byte string is too large"));
        }
        Ok(())
    }

    /// A block for a bytes object with its header, and where its bytes go, none of which is written yet.
    fn raw_bytes(&self, class: &crate::object::ty::TypeObj, len: usize) -> Res<(*mut u8, *mut u8)> {
        self.check_bytes_len(len)?;
        let Some(size) = len.checked_add(BYTES_HEADER).filter(|n| *n < 1 << 48) else {
            return Err(self.no_memory());
        };
        let (head, block) = self.alloc_inline(class, size)?;
        // SAFETY: the block has room for header and bytes, and nobody has seen it.
        unsafe {
            block.cast::<Bytes>().write(Bytes { head, hash: Cell::new(0), len, data: [] });
            Ok((block, block.add(BYTES_HEADER)))
        }
    }

    fn fresh_bytes(
        &self,
        class: &crate::object::ty::TypeObj,
        len: usize,
        fill: impl FnOnce(&mut [u8]),
    ) -> Res {
        let (block, data) = self.raw_bytes(class, len)?;
        // SAFETY: the block has room for the bytes, and nobody has seen it.
        unsafe {
            data.write_bytes(0, len);
            fill(std::slice::from_raw_parts_mut(data, len));
            Ok(self.adopt_inline(class, block))
        }
    }
}

// ---- building ---------------------------------------------------------------------------------------------

/// Bytes in the making, in memory that is charged to the heap. It may be held while Python code runs.
pub struct ByteBuilder<'v> {
    vm: &'v Vm,
    buffer: Option<NonNull<u8>>,
    room: usize,
    len: usize,
}

impl<'v> ByteBuilder<'v> {
    /// Empty.
    pub fn new(vm: &'v Vm) -> ByteBuilder<'v> {
        ByteBuilder { vm, buffer: None, room: 0, len: 0 }
    }
    /// Empty, with room for so many bytes.
    pub fn with_capacity(vm: &'v Vm, room: usize) -> Res<ByteBuilder<'v>> {
        let mut builder = ByteBuilder::new(vm);
        builder.reserve(room)?;
        Ok(builder)
    }
    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.len
    }
    /// Whether there are none yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// Makes room for more.
    pub fn reserve(&mut self, more: usize) -> Res<()> {
        match self.len.checked_add(more) {
            Some(need) if need <= self.room => Ok(()),
            Some(need) => self.grow(need),
            None => Err(self.vm.no_memory()),
        }
    }
    #[cold]
    fn grow(&mut self, need: usize) -> Res<()> {
        let room = if self.room == 0 { need.max(16) } else { need.max(need + need / 4).max(64) };
        if room >= 1 << 48 || (room >= LARGE_RUN && !system_has(room)) {
            return Err(self.vm.no_memory());
        }
        let heap = self.vm.heap();
        let grown = match self.buffer {
            // SAFETY: the buffer is of this heap and of `room` bytes.
            Some(old) => unsafe { heap.resize_buffer(old, self.room, room) },
            None => heap.alloc_buffer(room),
        };
        let Some(grown) = grown else { return Err(self.vm.no_memory()) };
        self.buffer = Some(grown);
        self.room = room;
        Ok(())
    }
    /// Appends a byte.
    #[inline]
    pub fn push(&mut self, byte: u8) -> Res<()> {
        self.extend(&[byte])
    }
    /// Appends bytes.
    #[inline]
    pub fn extend(&mut self, bytes: &[u8]) -> Res<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.reserve(bytes.len())?;
        if let Some(buffer) = self.buffer {
            // SAFETY: there is room behind the bytes so far; the source is another buffer.
            unsafe {
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.as_ptr().add(self.len), bytes.len());
            }
            self.len += bytes.len();
        }
        Ok(())
    }
    /// Appends a byte several times.
    pub fn push_repeated(&mut self, byte: u8, count: usize) -> Res<()> {
        self.reserve(count)?;
        if let Some(buffer) = self.buffer {
            // SAFETY: there is room behind the bytes so far.
            unsafe { buffer.as_ptr().add(self.len).write_bytes(byte, count) };
            self.len += count;
        }
        Ok(())
    }
    /// The bytes so far.
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: `len` bytes are written.
        self.buffer.map_or(&[], |p| unsafe { std::slice::from_raw_parts(p.as_ptr(), self.len) })
    }
    /// The same, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: `len` bytes are written, and the builder is borrowed alone.
        self.buffer.map_or(&mut [], |p| unsafe { std::slice::from_raw_parts_mut(p.as_ptr(), self.len) })
    }
    /// Leaves only the first so many.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }
    /// A bytes object of them.
    pub fn finish(self) -> Res {
        self.vm.bytes(self.as_slice())
    }
}

impl Drop for ByteBuilder<'_> {
    fn drop(&mut self) {
        if let Some(buffer) = self.buffer {
            // SAFETY: the buffer is of this heap and of `room` bytes.
            unsafe { self.vm.heap().free_buffer(buffer, self.room) };
        }
    }
}

// ---- bytes that can be changed --------------------------------------------------------------------------------

/// The bytes of a bytearray, in a buffer that is charged to the heap: `start + len <= room`.
pub(super) struct Run {
    buffer: Cell<*mut u8>,
    room: Cell<usize>,
    start: Cell<usize>,
    len: Cell<usize>,
}

impl Run {
    /// None.
    pub(super) const fn empty() -> Run {
        Run {
            buffer: Cell::new(std::ptr::null_mut()),
            room: Cell::new(0),
            start: Cell::new(0),
            len: Cell::new(0),
        }
    }
    /// They. Not to be held while anything could change them.
    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        if self.len.get() == 0 {
            return &[];
        }
        // SAFETY: `len` bytes from `start` on are within the buffer, and written.
        unsafe { std::slice::from_raw_parts(self.buffer.get().add(self.start.get()), self.len.get()) }
    }
    /// They, to be changed.
    #[allow(clippy::mut_from_ref, reason = "one thread, and no slice is held across a change")]
    pub(super) fn as_mut(&self) -> &mut [u8] {
        if self.len.get() == 0 {
            return &mut [];
        }
        // SAFETY: `len` bytes from `start` on are within the buffer, and written; the caller holds no other slice of them.
        unsafe { std::slice::from_raw_parts_mut(self.buffer.get().add(self.start.get()), self.len.get()) }
    }
    /// How many.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len.get()
    }
    /// Bytes of the buffer.
    pub(super) fn room(&self) -> usize {
        self.room.get()
    }
    /// Frees the buffer of the owner, and takes over what was built, if anything was.
    pub(super) fn replace<T: Object>(&self, owner: &T, made: Option<ByteBuilder<'_>>) {
        let made = made.map(std::mem::ManuallyDrop::new);
        let buffer = made.as_ref().and_then(|made| made.buffer);
        let old = self.buffer.replace(buffer.map_or(std::ptr::null_mut(), NonNull::as_ptr));
        let room = self.room.replace(made.as_ref().map_or(0, |made| made.room));
        self.start.set(0);
        self.len.set(made.map_or(0, |made| made.len));
        if let Some(old) = NonNull::new(old) {
            // SAFETY: the old buffer was this object's alone, of `room` bytes, and of the heap that the object lies in.
            unsafe { Heap::heap_of(payload_ptr(owner)).as_mut().free_buffer(old, room) };
        }
    }
    /// Removes bytes and puts `count` others in their place, whose content is undefined yet; `false` if there is no room.
    pub(super) fn open(&self, at: usize, removed: usize, count: usize) -> bool {
        let tail = self.len() - at - removed;
        let len = at + count + tail;
        if at == 0 && count <= removed {
            self.start.set(self.start.get() + removed - count);
            self.len.set(len);
            return true;
        }
        if self.start.get() + len > self.room() {
            return false;
        }
        if count != removed {
            owe_bytes(tail);
            // SAFETY: both ranges lie within the buffer.
            unsafe {
                let base = self.buffer.get().add(self.start.get() + at);
                std::ptr::copy(base.add(removed), base.add(count), tail);
            }
        }
        self.len.set(len);
        true
    }
}

// ---- the type ---------------------------------------------------------------------------------------------

/// `bytes`
pub static TYPE: TypeDef = TypeDef {
    name: "bytes",
    layout: Layout::Bytes,
    flags: TypeFlags::BASETYPE.union(TypeFlags::MATCH_SELF),
    doc: "bytes(numbers)\nbytes(text, encoding, errors='strict')\nbytes(other_bytes)\nbytes(length)\n\
          bytes()\n\nBytes of a sequence of numbers below 256, of a text in an encoding, of other bytes,\n\
          or so many zeros.",
    slots: Slots {
        repr: Some(repr),
        str: Some(|vm, this| shared::taken::shown(vm, this, repr)),
        hash: Some(|vm, this| Ok(payload(this).hash(vm))),
        len: Some(|_, this| Ok(payload(this).len)),
        iter: Some(|vm, this| vm.seq_iter(this.clone())),
        new: Some(new),
        getitem: Some(getitem),
        contains: Some(shared::contains),
        compare: Some(shared::compare),
        number: numbers(&[
            (BinaryOp::Add, shared::add),
            (BinaryOp::Multiply, shared::multiply),
            (BinaryOp::Remainder, shared::percent::<Bytes>),
        ]),
        ..Slots::NONE
    },
    methods: METHODS,
    ..TypeDef::EMPTY
};

fn payload(this: &Value) -> &Bytes {
    this.get().expect("a method of bytes is called with bytes")
}

/// A reference to the bytes object that a value is.
pub(crate) fn bytes_ref(value: &Value) -> Option<Ref<Bytes>> {
    Ref::from_value(value.clone()).ok()
}

fn repr(vm: &Vm, this: &Value) -> Res {
    shared::repr::of_slice(vm, payload(this).as_slice(), "", "")
}

fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    let body = payload(this);
    if let Some(slice) = key.get::<Slice>() {
        let walk = slice.unpack(vm)?.within(body.len);
        if walk.step == 1 && walk.count == body.len && this.exact::<Bytes>().is_some() {
            return Ok(this.clone());
        }
        return vm.bytes_with(walk.count, |to| shared::copy_steps(body.as_slice(), to, walk));
    }
    let Some(at) = index_of(vm, key)? else {
        return Err(
            vm.type_error(format_args!("byte indices must be integers or slices, not {}", vm.type_name(key)))
        );
    };
    let at = if at < 0 { at + body.len as i64 } else { at };
    match body.as_slice().get(at as usize) {
        Some(byte) if at >= 0 => Ok(Value::small(i64::from(*byte))),
        _ => Err(vm.index_error("index out of range")),
    }
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let [source, encoding, errors] = bind(vm, "bytes", args, ["source", "encoding", "errors"], 0)?;
    let class = vm.expect_type(class)?;
    let made = make(vm, &source, &encoding, &errors)?;
    // (What a `__bytes__` has given may be of a subclass.)
    if std::ptr::eq(class, &*vm.types.bytes) && made.has::<Bytes>() {
        return Ok(made);
    }
    let body = payload(&made).as_slice();
    vm.bytes_of_class(class, body.len(), |to| to.copy_from_slice(body))
}

fn make(vm: &Vm, source: &Value, encoding: &Value, errors: &Value) -> Res {
    let text_of = |value: &Value, what: &str| -> Res<Option<Text>> {
        value.bound().map(|v| c_text(vm, v, what)).transpose()
    };
    let encoding = text_of(encoding, "bytes() argument 'encoding'")?;
    let errors = text_of(errors, "bytes() argument 'errors'")?;
    let is_text = source.has::<Str>();
    if let Some(encoding) = encoding {
        if !is_text {
            return Err(vm.type_error("encoding without a string argument"));
        }
        return super::str::codec::encode(vm, source, &encoding, errors.as_deref());
    }
    if errors.is_some() {
        return Err(vm.type_error(if is_text {
            "string argument without an encoding"
        } else {
            "errors without a string argument"
        }));
    }
    if source.is_unbound() {
        return vm.bytes(&[]);
    }
    if source.exact::<Bytes>().is_some() {
        return Ok(source.clone());
    }
    if let Some(made) = shared::call_bytes(vm, source)? {
        return Ok(made.into_value());
    }
    if is_text {
        return Err(vm.type_error("string argument without an encoding"));
    }
    if let Some(count) = shared::count_arg(vm, source)? {
        return vm.bytes_with(count, |_| ());
    }
    if let Some(lent) = Lent::maybe(vm, source, BufferFlags::FULL_READ_ONLY)? {
        let bytes = lent.to_bytes(vm)?;
        return if bytes.exact::<Bytes>().is_some() {
            Ok(bytes)
        } else {
            vm.bytes(payload(&bytes).as_slice())
        };
    }
    shared::gather(vm, source, "bytes", "bytes must be in range(0, 256)", true)?.finish()
}

fn getnewargs(vm: &Vm, this: &Value) -> Res {
    vm.new_tuple(vec![vm.bytes(payload(this).as_slice())?])
}

fn to_bytes(vm: &Vm, this: &Value) -> Res {
    if this.exact::<Bytes>().is_some() { Ok(this.clone()) } else { vm.bytes(payload(this).as_slice()) }
}

static METHODS: &[Method] = shared::with_shared_methods!(
    method("__bytes__", "($self, /)", Call::One(to_bytes), "The same as exactly a bytes object."),
    method("__getnewargs__", "($self, /)", Call::One(getnewargs), ""),
    super::memoryview::BUFFER,
);
