//! Writing through a buffer, and going to other places.

use ryokan_vm::native::*;

use super::super::base;
use super::super::{offset, unsupported, whence};
use super::core::{Buffered, Core};

/// Writes what is pending to the raw stream. Runs Python; `BlockingIOError` if that takes none yet: the rest stays pending.
pub fn flush_pending(cx: &Cx, core: &Core) -> Res<()> {
    loop {
        let Some(mut bytes) = core.pending.take() else { return Ok(()) };
        if bytes.is_empty() {
            *core.pending.borrow_mut() = Some(bytes);
            return Ok(());
        }
        let written = core.write_raw(cx, &bytes);
        if let Ok(Some(count)) = written {
            let len = bytes.len();
            bytes.copy_within(count.., 0);
            bytes.truncate(len - count);
        }
        *core.pending.borrow_mut() = Some(bytes);
        if written?.is_none() {
            return Err(would_block(cx, 0));
        }
        cx.check_signals()?;
    }
}

/// `BlockingIOError`, and how much was taken before.
fn would_block(cx: &Cx, written: usize) -> Raised {
    let made = || {
        let class = cx.builtin("BlockingIOError")?;
        cx.call(&class, (libc::EAGAIN, "write could not complete without blocking", written))
    };
    match made() {
        Ok(error) => cx.raise_value(error),
        Err(raised) => raised,
    }
}

/// How much is pending.
pub fn pending(core: &Core) -> usize {
    core.pending.borrow().as_ref().map_or(0, |bytes| bytes.len())
}

/// Adds bytes to what is pending; there must be room for them in the buffer's size.
fn keep(cx: &Cx, core: &Core, bytes: &[u8]) -> Res<()> {
    let mut pending = match core.pending.take() {
        Some(pending) => pending,
        None => cx.vector(core.size.get().min(8192).max(bytes.len()))?,
    };
    let room = cx.reserve(&mut pending, bytes.len());
    if room.is_ok() {
        pending.extend_from_slice(bytes);
    }
    *core.pending.borrow_mut() = Some(pending);
    room
}

/// Writes bytes that nobody can change meanwhile. Runs Python.
pub fn write_bytes(cx: &Cx, core: &Core, stream: &Value, bytes: &[u8]) -> Res<usize> {
    let _locked = core.lock(cx, stream)?;
    // Whoever held the lock may have closed it.
    if core.is_closed(cx)? {
        return Err(cx.value_error("write to closed file"));
    }
    if core.reads.get() {
        core.undo_ahead(cx)?;
    }
    let size = core.size.get();
    if bytes.len() <= size - pending(core).min(size) {
        keep(cx, core, bytes)?;
        return Ok(bytes.len());
    }
    if let Err(raised) = flush_pending(cx, core) {
        let blocked = cx.catch(raised, "BlockingIOError")?;
        let room = size - pending(core).min(size);
        if bytes.len() <= room {
            keep(cx, core, bytes)?;
            return Ok(bytes.len());
        }
        drop(blocked);
        keep(cx, core, &bytes[..room])?;
        return Err(would_block(cx, room));
    }
    let mut done = 0;
    while bytes.len() - done > size {
        match core.write_raw(cx, &bytes[done..])? {
            Some(count) => done += count,
            None => {
                keep(cx, core, &bytes[done..done + size])?;
                return Err(would_block(cx, done + size));
            }
        }
        cx.check_signals()?;
    }
    keep(cx, core, &bytes[done..])?;
    Ok(bytes.len())
}

pub fn write<T: Buffered>(cx: &Cx, this: This<T>, buffer: Buffer) -> Res<usize> {
    let core = this.core();
    core.check(cx)?;
    if core.is_closed(cx)? {
        return Err(cx.value_error("write to closed file"));
    }
    // The bytes are somebody else's, who could change them while this waits.
    let short = buffer.len() <= 256;
    let mut small = [0; 256];
    if short {
        let len = buffer.len();
        buffer.read(|bytes| small[..len].copy_from_slice(bytes));
        return write_bytes(cx, core, this.value(), &small[..len]);
    }
    let mut copy = ByteWriter::new(cx);
    buffer.read(|bytes| copy.push(bytes))?;
    write_bytes(cx, core, this.value(), copy.as_slice())
}

/// Writes what is pending, and goes back to before what was read ahead. Runs Python.
pub fn flush_core(cx: &Cx, core: &Core, stream: &Value) -> Res<()> {
    let _locked = core.lock(cx, stream)?;
    flush_pending(cx, core)?;
    if core.reads.get() { core.undo_ahead(cx) } else { Ok(()) }
}

pub fn flush<T: Buffered>(cx: &Cx, this: This<T>) -> Res<()> {
    let core = this.core();
    core.check(cx)?;
    if core.is_closed(cx)? {
        return Err(cx.value_error("flush of closed file"));
    }
    flush_core(cx, core, this.value())
}

/// Where the stream is, of where the raw one is.
fn logical(core: &Core, raw: i64) -> i64 {
    raw - core.left() as i64 + pending(core) as i64
}

pub fn tell<T: Buffered>(cx: &Cx, this: This<T>) -> Res<i64> {
    let core = this.core();
    core.check(cx)?;
    let raw = core.tell_raw(cx)?;
    Ok(logical(core, raw).max(0))
}

pub fn seek<T: Buffered>(cx: &Cx, this: This<T>, target: &Value, from: Value) -> Res<i64> {
    let core = this.core();
    core.check(cx)?;
    let from = whence(cx, &from)?;
    if !(0..=4).contains(&from) {
        return Err(cx.value_error(format_args!("whence value {from} unsupported")));
    }
    if core.is_closed(cx)? {
        return Err(cx.value_error("seek of closed file"));
    }
    base::check_seekable(cx, &core.raw.get())?;
    let mut target = offset(cx, target)?;
    if core.reads.get() && from <= 1 && core.to.get() > 0 {
        let raw = core.raw_place(cx)?;
        let here = raw - core.left() as i64;
        let step = if from == 0 { target - here } else { target };
        if step >= -(core.from.get() as i64) && step <= core.left() as i64 && pending(core) == 0 {
            core.from.set((core.from.get() as i64 + step) as usize);
            return Ok(here + step);
        }
    }
    let _locked = core.lock(cx, this.value())?;
    if core.writes.get() {
        flush_pending(cx, core)?;
    }
    if from == 1 {
        target -= core.left() as i64;
    }
    let at = core.seek_raw(cx, target, from)?;
    core.forget_ahead();
    Ok(at)
}

pub fn truncate<T: Buffered>(cx: &Cx, this: This<T>, size: Value) -> Res {
    let core = this.core();
    core.check(cx)?;
    if core.is_closed(cx)? {
        return Err(cx.value_error("truncate of closed file"));
    }
    if !core.writes.get() {
        return Err(unsupported(cx, "truncate"));
    }
    flush_core(cx, core, this.value())?;
    let size = if size.is_none() { tell(cx, this)?.into_value(cx)? } else { size };
    core.place.set(None);
    cx.call_method(&core.raw.get(), "truncate", (size,))
}
