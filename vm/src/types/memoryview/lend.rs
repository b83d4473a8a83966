//! Asking an object for its bytes: what it is asked for, and the one guard that gives them back.
//!
//! Who needs the bytes of an argument holds a [`Lent`]: as long as that is there, they keep their place and number, whatever Python
//! code does meanwhile; when it goes, on whichever way out, the exporter hears of it.

use super::items::Format;
use super::{Items, MemoryView, Source, make, of_bytes, view};
use crate::object::payload::traced;
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::memoryview::dims::Dims;
use crate::value::Value;
use crate::vm::Vm;

bitflags::bitflags! {
    /// What is asked of a buffer, with CPython's values. Nothing: bytes in one piece, to be read.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct BufferFlags: i32 {
        /// They are to be written.
        const WRITABLE = 1;
        /// The format is told.
        const FORMAT = 4;
        /// There may be several dimensions.
        const ND = 8;
        /// Items may lie apart.
        const STRIDES = 0x10 | BufferFlags::ND.bits();
        /// Items lie side by side, the last index going up first.
        const C_CONTIGUOUS = 0x20 | BufferFlags::STRIDES.bits();
        /// Items lie side by side, the first index going up first.
        const F_CONTIGUOUS = 0x40 | BufferFlags::STRIDES.bits();
        /// Items lie side by side, either way.
        const ANY_CONTIGUOUS = 0x80 | BufferFlags::STRIDES.bits();
        /// All that can be known, to be read.
        const FULL_READ_ONLY = 0x100 | BufferFlags::STRIDES.bits() | BufferFlags::FORMAT.bits();
    }
}

impl BufferFlags {
    /// The bytes, in one piece.
    pub const SIMPLE: BufferFlags = BufferFlags::empty();

    /// The argument of a `__buffer__`. Runs Python (`__index__`); `TypeError`, `OverflowError`.
    pub fn of(vm: &Vm, value: &Value) -> Res<BufferFlags> {
        let Some(number) = vm.as_i64(&vm.index(value)?) else {
            let kind = vm.type_name(value);
            return Err(vm.overflow_error(format_args!("cannot fit '{kind}' into an index-sized integer")));
        };
        match i32::try_from(number) {
            Ok(bits) => Ok(BufferFlags::from_bits_retain(bits)),
            Err(_) => Err(vm.overflow_error("buffer flags out of range")),
        }
    }
}

/// Fails with `BufferError` if a view is not what was asked for.
fn check_request(vm: &Vm, of: &MemoryView, asked: BufferFlags) -> Res<()> {
    of.check_restricted(vm)?;
    let wants = |flags| asked.contains(flags);
    let (c, fortran) = (of.is_contiguous(false), of.is_contiguous(true));
    let refusal = if wants(BufferFlags::WRITABLE) && of.readonly {
        "underlying buffer is not writable"
    } else if wants(BufferFlags::C_CONTIGUOUS) && !c {
        "underlying buffer is not C-contiguous"
    } else if wants(BufferFlags::F_CONTIGUOUS) && !fortran {
        "underlying buffer is not Fortran contiguous"
    } else if wants(BufferFlags::ANY_CONTIGUOUS) && !c && !fortran {
        "underlying buffer is not contiguous"
    } else if !wants(BufferFlags::STRIDES) && !c {
        "underlying buffer is not C-contiguous"
    } else if !wants(BufferFlags::ND) && wants(BufferFlags::FORMAT) {
        "cannot cast to unsigned bytes if the format flag is present"
    } else {
        return Ok(());
    };
    Err(vm.buffer_error(format_args!("memoryview: {refusal}")))
}

/// The items of a view as somebody sees them who asked for no more than that.
fn items_asked(vm: &Vm, this: &Value, asked: BufferFlags) -> Res<Items> {
    let of = view(vm, this)?;
    check_request(vm, of, asked)?;
    let mut items = of.items();
    if !asked.contains(BufferFlags::FORMAT) {
        items.format = Format { bytes: of.format.bytes, ..Format::BYTES };
    }
    if !asked.contains(BufferFlags::ND) {
        items.dims = Dims::line(of.count(), of.item_bytes() as isize);
    }
    Ok(items)
}

/// A view of what a view shows, as it is exported: the view is its object, and cannot be released before it.
pub(super) fn lend(vm: &Vm, this: &Value, asked: BufferFlags) -> Res {
    let items = items_asked(vm, this, asked)?;
    let of = view(vm, this)?;
    make(vm, Source { shown: this.clone(), ..of.source(vm)? }, items)
}

/// A view of what the answer of an exporter's `__buffer__` shows: the exporter is heard of by what is shown and by the loan, which
/// ends with the last view.
pub fn lend_answer(
    vm: &Vm,
    answer: &Value,
    asked: BufferFlags,
    shown: Value,
    loan: impl FnOnce() -> Res,
) -> Res {
    let items = items_asked(vm, answer, asked)?;
    let loan = loan()?;
    make(vm, Source { shown, loan, ..view(vm, answer)?.source(vm)? }, items)
}

/// A view of the bytes that any object exports, if it exports some. Runs Python.
pub fn ask(vm: &Vm, object: &Value, asked: BufferFlags) -> Res<Option<Value>> {
    if object.has::<MemoryView>() {
        return lend(vm, object, asked).map(Some);
    }
    let plain = object.exact::<Bytes>().is_some() || object.exact::<ByteArray>().is_some();
    if plain || vm.exports_plainly(object)? {
        return of_bytes(vm, object, asked).map(Some);
    }
    let Some(made) = vm.exported_view(object, asked)? else { return Ok(None) };
    check_request(vm, view(vm, &made)?, asked - BufferFlags::FORMAT)?;
    Ok(Some(made))
}

/// The bytes of an object, lent: a bytes object, or what is exported until this goes.
pub struct Lent {
    held: Value,
    /// Whether it is a view that was made for this.
    made: bool,
}

impl Lent {
    /// The bytes of any object that exports some, in one piece unless more is asked for. Runs Python. `BufferError` if they are not
    /// what is asked for.
    pub fn maybe(vm: &Vm, value: &Value, asked: BufferFlags) -> Res<Option<Lent>> {
        if value.exact::<Bytes>().is_some() && !asked.contains(BufferFlags::WRITABLE)
            || value.exact::<ByteArray>().is_some()
        {
            return Ok(Some(Lent::hold(value.clone())));
        }
        if value.has::<MemoryView>() {
            check_request(vm, view(vm, value)?, asked)?;
            return Ok(Some(Lent::hold(value.clone())));
        }
        Ok(ask(vm, value, asked)?.map(|made| {
            let mut lent = Lent::hold(made);
            lent.made = true;
            lent
        }))
    }
    /// The same; `TypeError` if the object exports none.
    pub fn of(vm: &Vm, value: &Value, asked: BufferFlags) -> Res<Lent> {
        match Lent::maybe(vm, value, asked)? {
            Some(lent) => Ok(lent),
            None => {
                let kind = vm.type_name(value);
                Err(vm.type_error(format_args!("a bytes-like object is required, not '{kind}'")))
            }
        }
    }
    /// The bytes of what is bytes, a bytearray, or a view that is not released.
    pub(in crate::types) fn hold(held: Value) -> Lent {
        if let Some(exports) = Lent::exports(&held) {
            exports.set(exports.get() + 1);
        }
        Lent { held, made: false }
    }
    /// Whose bytes they are.
    pub fn owner(&self) -> Value {
        match self.view() {
            Some(view) if self.made => view.owner(),
            _ => self.held.clone(),
        }
    }
    fn exports(held: &Value) -> Option<&std::cell::Cell<usize>> {
        match held.get::<ByteArray>() {
            Some(array) => Some(&array.exports),
            None => held.get::<MemoryView>().map(|view| &view.exports),
        }
    }
    /// The bytes, if they are in one piece: not to be kept while Python code runs, which may write them.
    pub fn as_slice(&self) -> &[u8] {
        match (self.held.get::<Bytes>(), self.held.get::<ByteArray>()) {
            (Some(bytes), _) => bytes.as_slice(),
            (_, Some(array)) => array.as_slice(),
            _ => self.held.get::<MemoryView>().and_then(MemoryView::contiguous).unwrap_or_default(),
        }
    }
    /// A copy that nobody can change: the bytes object itself, if it is one.
    pub fn to_bytes(&self, vm: &Vm) -> Res {
        match self.held.get::<MemoryView>() {
            Some(view) => view.to_bytes(vm, false),
            None if self.held.has::<Bytes>() => Ok(self.held.clone()),
            None => vm.bytes(self.as_slice()),
        }
    }
    /// The view of them, if they are looked at through one.
    pub(crate) fn view(&self) -> Option<&MemoryView> {
        self.held.get()
    }
    /// The bytearray, if it is one.
    pub(crate) fn array(&self) -> Option<&ByteArray> {
        self.held.get()
    }
}

// It lends as long as it is there: a collection breaks cycles elsewhere.
traced! { Lent: [held], |_this| () }

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(exports) = Lent::exports(&self.held) {
            exports.set(exports.get().saturating_sub(1));
        }
    }
}
