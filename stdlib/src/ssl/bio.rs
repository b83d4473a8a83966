//! Bytes on their way in memory, in place of a socket.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::errors;

native_type! {
    /// Bytes that one side writes and the other side reads.
    "_ssl.MemoryBIO" = pub struct MemoryBio { bytes: Slot, at: Cell<usize>, ended: Cell<bool> }
    new(*args, **names) = new;
    getters {
        /// Whether nothing more comes: everything was read, and the end was written.
        eof = |_, this: This<MemoryBio>| this.ended.get() && this.waiting() == 0;
        /// How many bytes wait to be read.
        pending = |_, this: This<MemoryBio>| this.waiting();
    }
    methods {
        /// At most so many bytes; all there are without a size.
        read(size: i32 = -1, /);
        /// Adds bytes; returns how many.
        write(b: Buffer, /);
        /// Says that nothing more will be written.
        write_eof();
    }
}

/// So many bytes that were read are kept before what waits is moved to the front.
const SLACK: usize = 1 << 16;

fn new(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    args.no_keywords_of::<MemoryBio>(cx, class, "MemoryBIO")?;
    if !args.positional().is_empty() && cx.class::<MemoryBio>()?.is(class) {
        let given = args.positional().len();
        return Err(cx.type_error(format_args!("MemoryBIO expected 0 arguments, got {given}")));
    }
    let bytes = ByteArray::new(cx, &[])?;
    let body = MemoryBio { bytes: Slot::new(bytes.into_value()), at: Cell::new(0), ended: Cell::new(false) };
    cx.new_of(class, body)
}

impl MemoryBio {
    fn store(&self) -> Option<ByteArray> {
        ByteArray::of(&self.bytes.get())
    }
    /// How many bytes wait.
    pub fn waiting(&self) -> usize {
        self.store().map_or(0, |bytes| bytes.len().saturating_sub(self.at.get()))
    }
    /// Whether the end was written.
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }
    /// Looks at the first bytes that wait, so many at most, which are gone then.
    pub fn take<R>(&self, cx: &Cx, most: usize, look: impl FnOnce(&[u8]) -> R) -> Res<R> {
        let Some(bytes) = self.store() else { return Ok(look(&[])) };
        let from = self.at.get().min(bytes.len());
        let to = from + most.min(bytes.len() - from);
        let seen = bytes.read(|bytes| look(&bytes[from..to]));
        if to == bytes.len() {
            bytes.resize(cx, 0)?;
            self.at.set(0);
        } else if to >= SLACK {
            bytes.splice(cx, 0, to, &[])?;
            self.at.set(0);
        } else {
            self.at.set(to);
        }
        Ok(seen)
    }
    /// Adds bytes.
    pub fn add(&self, cx: &Cx, more: &[u8]) -> Res<()> {
        cx.work_on_bytes(more.len())?;
        match self.store() {
            Some(bytes) => bytes.extend(cx, more),
            None => Ok(()),
        }
    }
}

fn read(cx: &Cx, this: This<MemoryBio>, size: i32) -> Res {
    let waiting = this.waiting();
    let size = usize::try_from(size).map_or(waiting, |size| size.min(waiting));
    cx.work_on_bytes(size)?;
    this.take(cx, size, |bytes| Bytes::new(cx, bytes))?.map(Bytes::into_value)
}

fn write(cx: &Cx, this: This<MemoryBio>, data: Buffer) -> Res<usize> {
    if this.ended.get() {
        return Err(errors::plain(cx, "cannot write() after write_eof()"));
    }
    let copy = crate::socket::transfer::copy(cx, &data)?;
    this.add(cx, copy.as_slice())?;
    Ok(copy.len())
}

fn write_eof(_: &Cx, this: This<MemoryBio>) {
    this.ended.set(true);
}
