//! Buffers: the bytes of any object that has some, for reading and for writing.
//!
//! The bytes lie in a `bytes` or a `bytearray`, which counts who looks into it and keeps its size meanwhile. Another object exports
//! the bytes of one that it holds, by a method `__buffer__(flags)` that answers with a memoryview: a class of Python's like a native
//! type, which makes the answer by [`Cx::export`].

use std::cell::RefCell;

use ryokan_alloc::Vector;

use super::convert::{FromArg, Place};
use super::cx::Cx;
use super::fields::Slot;
use super::module::This;
use crate::object::native::NativeFunction;
use crate::object::payload::traced;
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::descriptors::SlotWrapper;
use crate::types::memoryview::{self, BufferFlags, Lent, MemoryView};
use crate::value::Value;
use crate::vm::Vm;

crate::native_type! {
    /// What views of an object of Python's show as theirs.
    "_buffer_wrapper" = struct Wrapper { owner: Slot }
}

crate::native_type! {
    /// The bytes of an exporter, lent: it ends with the last view, and the exporter hears of it.
    "_buffer_loan" = struct Loan { owner: Slot, answer: Slot }
    slots { del = give_back; }
}

/// The last view is gone. An answer may be released from now on; `__release_buffer__` of a class is told, with the answer, or with a
/// view that is shown to it alone.
fn give_back(cx: &Cx, this: This<Loan>) {
    let (vm, owner, answer) = (cx.vm(), this.owner.get(), this.answer.get());
    let shown = match answer.get::<MemoryView>() {
        Some(view) => {
            view.count_export(false);
            // Of an answer that is the owner's own view, it hears when that ends.
            if view.is_view_of(&owner) || !matches!(vm.hears_of_release(&owner), Ok(true)) {
                return;
            }
            None
        }
        None => memoryview::shown_at_release(vm, &owner).ok(),
    };
    let pending = vm.thread.raised.take();
    if let Some(view) = shown.as_ref().and_then(Value::get::<MemoryView>) {
        view.restrict();
    }
    let given = shown.as_ref().unwrap_or(&answer);
    if let Err(raised) = cx.call_special(&owner, "__release_buffer__", (given,)) {
        let what = format!("in __release_buffer__ of {}", vm.type_name(&owner));
        crate::types::exceptions::unraisable_message(vm, &vm.take_raised(raised), &what, &Value::NONE);
    }
    if let Some(view) = shown.as_ref().and_then(Value::get::<MemoryView>) {
        view.let_go();
    }
    vm.thread.raised.set(pending);
}

impl Vm {
    /// Whether a method of a type is one of Python's.
    fn is_of_python(&self, object: &Value, name: &str) -> Res<bool> {
        let name = self.intern(name)?;
        Ok(self
            .type_of(object)
            .lookup(self, &name)
            .is_some_and(|found| !found.has::<NativeFunction>() && !found.has::<SlotWrapper>()))
    }
    /// Whether an object is told by `__release_buffer__` that its bytes are not looked at any more.
    fn hears_of_release(&self, object: &Value) -> Res<bool> {
        self.is_of_python(object, "__release_buffer__")
    }
    /// Whether an object exports its bytes as bytes and bytearrays do. Runs no Python; `MemoryError`.
    pub fn exports_plainly(&self, object: &Value) -> Res<bool> {
        Ok((object.has::<Bytes>() || object.has::<ByteArray>())
            && !self.is_of_python(object, "__buffer__")?)
    }
    /// What ends with the last view of an instance of a class of bytes that is told of it; nothing for others. Runs no Python;
    /// `MemoryError`.
    pub fn loan_of_own(&self, object: &Value) -> Res {
        if !self.hears_of_release(object)? {
            return Ok(Value::UNBOUND);
        }
        let (owner, answer) = (Slot::new(object.clone()), Slot::new(Value::UNBOUND));
        Ok(self.new_native_object(Loan { owner, answer })?.value().clone())
    }

    /// A view of the bytes that an object exports by `__buffer__`; nothing if it has no such method. Runs Python; `TypeError` if the
    /// answer is no memoryview, `BufferError` if that is not what the flags ask for.
    pub fn exported_view(&self, object: &Value, asked: BufferFlags) -> Res<Option<Value>> {
        let name = self.intern("__buffer__")?;
        let Some(found) = self.type_of(object).lookup(self, &name) else { return Ok(None) };
        let Some(answer) = self.call_special(object, &name, &[Value::small(asked.bits().into())])? else {
            return Ok(None);
        };
        if !answer.has::<MemoryView>() {
            return Err(self.type_error("__buffer__ returned non-memoryview object"));
        }
        if found.has::<NativeFunction>() || found.has::<SlotWrapper>() {
            return Ok(Some(answer));
        }
        let wrapper = self.new_native_object(Wrapper { owner: Slot::new(object.clone()) })?;
        let loan = || {
            let (owner, kept) = (Slot::new(object.clone()), Slot::new(answer.clone()));
            let loan = self.new_native_object(Loan { owner, answer: kept })?;
            if let Some(view) = answer.get::<MemoryView>() {
                view.count_export(true);
            }
            Ok(loan.value().clone())
        };
        memoryview::lend_answer(self, &answer, asked, wrapper.value().clone(), loan).map(Some)
    }
}

/// The bytes of an object, in one piece. They keep their place and number as long as this is held.
pub struct Buffer(Lent);

impl Buffer {
    /// The bytes of a value. Runs Python (`__buffer__`); `TypeError` if it has none, `BufferError` if they are not in one piece.
    pub fn of(cx: &Cx, value: &Value) -> Res<Buffer> {
        Lent::of(cx.vm(), value, BufferFlags::SIMPLE).map(Buffer)
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
        work(self.0.as_slice())
    }
    /// A copy of the bytes, which nobody can change. Runs no Python; `MemoryError`, and raises as [`Cx::work`].
    pub fn copied(&self, cx: &Cx) -> Res<Vector<u8>> {
        cx.work_on_bytes(self.len())?;
        let mut copy = cx.vector(self.len())?;
        self.read(|bytes| copy.extend_from_slice(bytes));
        Ok(copy)
    }
}

traced! { Buffer: [0] }

/// A field for a buffer, until it is let go; without one at first. The collector sees whose bytes they are.
#[derive(Default)]
pub struct BufferSlot(RefCell<Option<Buffer>>);

impl BufferSlot {
    /// Takes a buffer.
    pub fn new(buffer: Buffer) -> BufferSlot {
        BufferSlot(RefCell::new(Some(buffer)))
    }
    /// How many bytes there are; 0 once they are let go.
    pub fn len(&self) -> usize {
        self.0.borrow().as_ref().map_or(0, Buffer::len)
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Works on the bytes, unless they are let go. No Python may run in there: it could write them.
    pub fn read<R>(&self, work: impl FnOnce(&[u8]) -> R) -> Option<R> {
        self.0.borrow().as_ref().map(|buffer| buffer.read(work))
    }
    /// Lets the buffer go. That may run Python (`__release_buffer__`).
    pub fn end(&self) {
        let last = self.0.try_borrow_mut().ok().and_then(|mut buffer| buffer.take());
        drop(last);
    }
}

traced! { BufferSlot: [0] }

impl<'a> FromArg<'a> for Buffer {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<Buffer> {
        Buffer::of(cx, arg)
    }
}

/// The bytes of an argument, for a function that does not keep them: they are lent as those of a [`Buffer`], but for those of a bytes object,
/// which nobody can change and the call holds.
pub enum Viewed<'a> {
    /// Of a bytes object.
    Bytes(&'a [u8]),
    /// Of anything else.
    Lent(Buffer),
}

impl<'a> Viewed<'a> {
    /// The bytes of a value. Runs Python and raises as [`Buffer::of`].
    #[inline(always)]
    pub fn of(cx: &Cx, value: &'a Value) -> Res<Viewed<'a>> {
        match value.exact::<Bytes>() {
            Some(bytes) => Ok(Viewed::Bytes(bytes.as_slice())),
            None => Buffer::of(cx, value).map(Viewed::Lent),
        }
    }
    /// Works on the bytes. No Python may run in there: it could write them.
    #[inline(always)]
    pub fn read<R>(&self, work: impl FnOnce(&[u8]) -> R) -> R {
        work(match self {
            Viewed::Bytes(bytes) => bytes,
            Viewed::Lent(buffer) => buffer.0.as_slice(),
        })
    }
}

impl<'a> FromArg<'a> for Viewed<'a> {
    #[inline(always)]
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<Viewed<'a>> {
        Viewed::of(cx, arg)
    }
}

/// The bytes of an object, to be written.
pub struct BufferMut(Buffer);

impl BufferMut {
    /// The bytes of a value. Runs Python (`__buffer__`); nothing if it has none that can be written.
    pub fn of(cx: &Cx, value: &Value) -> Res<Option<BufferMut>> {
        match Lent::of(cx.vm(), value, BufferFlags::WRITABLE) {
            Ok(lent) => Ok(Some(BufferMut(Buffer(lent)))),
            Err(raised)
                if value.has::<MemoryView>() && cx.vm().raised_is(&raised, &cx.vm().exc.ValueError) =>
            {
                Err(raised)
            }
            Err(raised) => {
                drop(cx.catch(raised, "Exception")?);
                Ok(None)
            }
        }
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
        let room = self.len().saturating_sub(at);
        let bytes = &bytes[..bytes.len().min(room)];
        match (self.0.0.array(), self.0.0.view()) {
            (Some(array), _) if at <= array.len() => array.write(at, bytes),
            (_, Some(view)) => view.write_at(at, bytes),
            _ => {}
        }
    }
}

impl<'a> FromArg<'a> for BufferMut {
    fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<BufferMut> {
        let found = BufferMut::of(cx, arg)?;
        found.ok_or(()).map_err(|()| place.must_be(cx, "read-write bytes-like object", arg))
    }
}

impl<'a> FromArg<'a> for BufferFlags {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<BufferFlags> {
        BufferFlags::of(cx.vm(), arg)
    }
}

impl Cx {
    /// What a native `__buffer__` answers: a view of the bytes of a `bytes` or `bytearray` that the exporter holds, as items of a
    /// format (a letter of `struct`). As long as it is in use, the bytearray keeps its size. `BufferError` if the flags ask for
    /// bytes that can be written, and `readonly` says that they cannot. Runs Python where `bytes` is of a subclass with a `__buffer__`
    /// of Python's; raises what that raises, and `MemoryError`.
    pub fn export(
        &self,
        exporter: &Value,
        bytes: &Value,
        format: u8,
        readonly: bool,
        flags: BufferFlags,
    ) -> Res {
        let vm = self.vm();
        if readonly && flags.contains(BufferFlags::WRITABLE) {
            return Err(self.buffer_error("Object is not writable."));
        }
        let whole = memoryview::of(vm, bytes, BufferFlags::SIMPLE)?;
        memoryview::exported_as(vm, &whole, exporter, format, readonly)
    }
}
