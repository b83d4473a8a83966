//! Buffers: the bytes of any object that has some, for reading and for writing.
//!
//! The bytes lie in a `bytes` or a `bytearray`, which counts who looks into it and keeps its size meanwhile. Another object exports
//! the bytes of one that it holds, by a method `__buffer__(flags)` that answers with a memoryview: a class of Python's like a native
//! type, which makes the answer by [`Cx::export`].

use super::convert::{FromArg, Place};
use super::cx::Cx;
use super::fields::Slot;
use super::module::This;
use crate::object::native::NativeFunction;
use crate::raised::Res;
use crate::types::bytes::Bytes;
use crate::types::memoryview::{self, MemoryView};
use crate::value::Value;
use crate::vm::Vm;

crate::native_type! {
    /// An object of Python's that exports its bytes, and the view that it has answered with.
    "_buffer_wrapper" = struct Answer { owner: Slot, view: Slot }
    slots { del = give_back; }
}

/// The last view is gone: the exporter hears of it, and the answer is let go.
fn give_back(cx: &Cx, this: This<Answer>) {
    let (vm, owner, view) = (cx.vm(), this.owner.get(), this.view.get());
    let pending = vm.thread.raised.take();
    if let Err(raised) = cx.call_special(&owner, "__release_buffer__", (&view,)) {
        cx.unraisable(raised, &owner);
    }
    vm.thread.raised.set(pending);
}

impl Vm {
    /// A view of the bytes that an object exports by `__buffer__`; nothing if it has no such method. Runs Python; `TypeError` if the
    /// answer is no memoryview.
    pub fn exported_view(&self, object: &Value, flags: i64) -> Res<Option<Value>> {
        let name = self.intern("__buffer__")?;
        let Some(found) = self.type_of(object).lookup(self, &name) else { return Ok(None) };
        let Some(answer) = self.call_special(object, &name, &[Value::small(flags)])? else { return Ok(None) };
        if !answer.has::<MemoryView>() {
            return Err(self.type_error("__buffer__ returned non-memoryview object"));
        }
        if found.has::<NativeFunction>() {
            return Ok(Some(answer));
        }
        let (owner, view) = (Slot::new(object.clone()), Slot::new(answer.clone()));
        let kept = self.new_native_object(Answer { owner, view })?;
        memoryview::exported(self, &answer, kept.value()).map(Some)
    }
}

/// The bytes of an object, in one piece. They keep their place and number as long as this is held.
pub struct Buffer {
    /// A bytes object, or a contiguous view.
    held: Value,
}

impl Buffer {
    /// The bytes of a value. Runs Python (`__buffer__`); `TypeError` if it has none, `BufferError` if they are not in one piece.
    pub fn of(cx: &Cx, value: &Value) -> Res<Buffer> {
        Buffer::asking(cx, value, 0)
    }
    fn asking(cx: &Cx, value: &Value, flags: i64) -> Res<Buffer> {
        if value.has::<Bytes>() && flags == 0 {
            return Ok(Buffer { held: value.clone() });
        }
        let view = memoryview::of_like(cx.vm(), value, flags)?;
        if view.get::<MemoryView>().and_then(MemoryView::contiguous).is_none() {
            return Err(cx.buffer_error("memoryview: underlying buffer is not C-contiguous"));
        }
        Ok(Buffer { held: view })
    }
    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.read(<[u8]>::len)
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Works on the bytes. No Python may run in there: it could write them.
    pub fn read<R>(&self, work: impl FnOnce(&[u8]) -> R) -> R {
        let bytes = match self.held.get::<Bytes>() {
            Some(bytes) => Some(bytes.as_slice()),
            None => self.held.get::<MemoryView>().and_then(MemoryView::contiguous),
        };
        work(bytes.unwrap_or_default())
    }
}

impl<'a> FromArg<'a> for Buffer {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<Buffer> {
        Buffer::of(cx, arg)
    }
}

/// The bytes of an object, to be written.
pub struct BufferMut(Buffer);

impl BufferMut {
    /// The bytes of a value. Runs Python (`__buffer__`); `TypeError` if it has none that can be written.
    pub fn of(cx: &Cx, value: &Value) -> Res<Option<BufferMut>> {
        if value.has::<Bytes>() {
            return Ok(None);
        }
        let buffer = Buffer::asking(cx, value, 1)?;
        let readonly = buffer.held.get::<MemoryView>().is_none_or(MemoryView::is_readonly);
        Ok((!readonly).then_some(BufferMut(buffer)))
    }
    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Works on the bytes as they are.
    pub fn read<R>(&self, work: impl FnOnce(&[u8]) -> R) -> R {
        self.0.read(work)
    }
    /// Overwrites bytes from a place on; what would lie behind the end is left out.
    pub fn write(&self, at: usize, bytes: &[u8]) {
        if let Some(view) = self.0.held.get::<MemoryView>() {
            let room = view.bytes().saturating_sub(at);
            view.write_at(at, &bytes[..bytes.len().min(room)]);
        }
    }
}

impl<'a> FromArg<'a> for BufferMut {
    fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<BufferMut> {
        let found = match BufferMut::of(cx, arg) {
            Err(raised) if !arg.has::<MemoryView>() => {
                drop(cx.catch(raised, "TypeError")?);
                None
            }
            found => found?,
        };
        found.ok_or(()).map_err(|()| place.must_be(cx, "read-write bytes-like object", arg))
    }
}

impl Cx {
    /// What a native `__buffer__` answers: a view of the bytes of a `bytes` or `bytearray` that the exporter holds, as items of a
    /// format (a letter of `struct`). As long as it is in use, the bytearray keeps its size. `BufferError` if the flags ask for
    /// bytes that can be written, and `readonly` says that they cannot.
    pub fn export(&self, exporter: &Value, bytes: &Value, format: u8, readonly: bool, flags: i64) -> Res {
        let vm = self.vm();
        if readonly && flags & 1 != 0 {
            return Err(self.buffer_error("Object is not writable."));
        }
        let whole = memoryview::of(vm, bytes)?;
        memoryview::exported_as(vm, &whole, exporter, format, readonly)
    }
}
