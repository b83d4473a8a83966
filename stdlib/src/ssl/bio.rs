//! Bytes on their way in memory, in place of a socket.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::errors;

native_type! {
    /// Bytes that one side writes and the other side reads.
    "_ssl.MemoryBIO" = pub struct MemoryBio { bytes: ByteArray, ended: Cell<bool> }
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

fn new(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    args.no_keywords_of::<MemoryBio>(cx, class, "MemoryBIO")?;
    if !args.positional().is_empty() && cx.class::<MemoryBio>()?.is(class) {
        let given = args.positional().len();
        return Err(cx.type_error(format_args!("MemoryBIO expected 0 arguments, got {given}")));
    }
    cx.new_of(class, MemoryBio { bytes: ByteArray::new(cx, &[])?, ended: Cell::new(false) })
}

impl MemoryBio {
    /// How many bytes wait.
    pub fn waiting(&self) -> usize {
        self.bytes.len()
    }
    /// Whether the end was written.
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }
    /// Copies the first bytes that wait, so many at most, which are gone then, unless the copy fails.
    pub fn take<R>(&self, cx: &Cx, most: usize, copy: impl FnOnce(&[u8]) -> Res<R>) -> Res<R> {
        let count = most.min(self.bytes.len());
        let copied = self.bytes.read(|bytes| copy(&bytes[..count]))?;
        self.bytes.splice(cx, 0, count, &[])?;
        Ok(copied)
    }
    /// Adds bytes.
    pub fn add(&self, cx: &Cx, more: &[u8]) -> Res<()> {
        cx.work_on_bytes(more.len())?;
        self.bytes.extend(cx, more)
    }
}

fn read(cx: &Cx, this: This<MemoryBio>, size: i32) -> Res {
    let waiting = this.waiting();
    let size = usize::try_from(size).map_or(waiting, |size| size.min(waiting));
    cx.work_on_bytes(size)?;
    this.take(cx, size, |bytes| Bytes::new(cx, bytes).map(Bytes::into_value))
}

fn write(cx: &Cx, this: This<MemoryBio>, data: Buffer) -> Res<usize> {
    if this.ended.get() {
        return Err(errors::plain(cx, "cannot write() after write_eof()"));
    }
    let copy = data.copied(cx)?;
    this.add(cx, &copy)?;
    Ok(copy.len())
}

fn write_eof(_: &Cx, this: This<MemoryBio>) {
    this.ended.set(true);
}
