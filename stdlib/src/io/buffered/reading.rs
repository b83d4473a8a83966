//! Reading through a buffer.

use ryokan_vm::native::*;

use super::super::file::FileIO;
use super::super::{Size, check_bytes, writable};
use super::core::{Buffered, Core};
use super::writing::flush_pending;

/// What a reading stream that also writes does first: what is to be written goes out. Runs Python.
fn settle(cx: &Cx, core: &Core) -> Res<()> {
    if core.writes.get() { flush_pending(cx, core) } else { Ok(()) }
}

/// The next bytes as an object, if they were read ahead.
fn give(cx: &Cx, core: &Core, count: usize) -> Res {
    let bytes = core.look(|left| Bytes::new(cx, &left[..count]))?;
    core.give(count);
    Ok(bytes.into_value())
}

pub fn read<T: Buffered>(cx: &Cx, this: This<T>, size: Size) -> Res<Option<Value>> {
    let core = this.core();
    if size.0 < -1 {
        core.check(cx)?;
        return Err(cx.value_error("read length must be non-negative or -1"));
    }
    core.check_open(cx, "read of closed file")?;
    let _locked = core.lock(cx, this.value())?;
    match usize::try_from(size.0) {
        Ok(size) if size <= core.left() => give(cx, core, size).map(Some),
        Ok(size) => read_more(cx, core, size),
        Err(_) => read_all(cx, core),
    }
}

/// So many bytes, more than were read ahead; fewer at the end, or if there are none yet, and nothing if there are none at all yet.
fn read_more(cx: &Cx, core: &Core, size: usize) -> Res<Option<Value>> {
    settle(cx, core)?;
    let mut out = ByteWriter::new(cx);
    core.look(|left| out.push(left))?;
    core.forget_ahead();
    let step = core.size.get();
    while out.len() < size {
        let (have, want) = (out.len(), (size - out.len()) / step * step);
        let count = if want > 0 {
            // Whole buffers are read to where they belong.
            out.push_zeros(want)?;
            let count = core.read_raw(cx, &mut out.as_mut_slice()[have..]);
            out.truncate(have + *count.as_ref().ok().and_then(Option::as_ref).unwrap_or(&0));
            count?
        } else {
            let count = core.fill(cx)?;
            let take = core.left().min(size - have);
            core.look(|left| out.push(&left[..take]))?;
            core.give(take);
            count
        };
        match count {
            Some(0) => break,
            Some(count) => cx.work_on_bytes(count)?,
            None if out.is_empty() => return Ok(None),
            None => break,
        }
    }
    out.finish().map(Some)
}

fn read_all(cx: &Cx, core: &Core) -> Res<Option<Value>> {
    let mut out = ByteWriter::new(cx);
    core.look(|left| out.push(left))?;
    core.forget_ahead();
    settle(cx, core)?;
    let raw = core.raw.get();
    core.place.set(None);
    let rest = match raw.body::<FileIO>() {
        Some(file) if cx.is_exact::<FileIO>(&raw) => file.read_rest(cx)?.unwrap_or(Value::NONE),
        _ => match cx.attr_opt(&raw, "readall")? {
            Some(readall) => {
                let rest = cx.call(&readall, ())?;
                if !rest.is_none() {
                    check_bytes(cx, &rest, |cx, _| cx.type_error("readall() should return bytes"))?;
                }
                rest
            }
            None => return read_all_by_pieces(cx, &raw, out),
        },
    };
    match Bytes::of(&rest) {
        Some(_) if out.is_empty() => Ok(Some(rest)),
        Some(rest) => {
            out.push(rest.as_slice())?;
            out.finish().map(Some)
        }
        None if out.is_empty() => Ok(None),
        None => out.finish().map(Some),
    }
}
fn read_all_by_pieces(cx: &Cx, raw: &Value, mut out: ByteWriter) -> Res<Option<Value>> {
    loop {
        let piece = cx.call_method(raw, "read", ())?;
        if piece.is_none() {
            return if out.is_empty() { Ok(None) } else { out.finish().map(Some) };
        }
        let piece = check_bytes(cx, &piece, |cx, _| cx.type_error("read() should return bytes"))?;
        if piece.as_slice().is_empty() {
            return out.finish().map(Some);
        }
        out.push(piece.as_slice())?;
    }
}

pub fn read1<T: Buffered>(cx: &Cx, this: This<T>, size: Size) -> Res {
    let core = this.core();
    core.check(cx)?;
    core.check_open(cx, "read of closed file")?;
    let size = usize::try_from(size.0).unwrap_or(core.size.get());
    if size == 0 {
        return Ok(Bytes::new(cx, &[])?.into_value());
    }
    let _locked = core.lock(cx, this.value())?;
    if core.left() > 0 {
        return give(cx, core, core.left().min(size));
    }
    settle(cx, core)?;
    core.forget_ahead();
    let mut out = ByteWriter::zeros(cx, size)?;
    let count = core.read_raw(cx, out.as_mut_slice())?;
    out.truncate(count.unwrap_or(0));
    out.finish()
}

pub fn peek<T: Buffered>(cx: &Cx, this: This<T>, _: i64) -> Res {
    let core = this.core();
    core.check_open(cx, "peek of closed file")?;
    let _locked = core.lock(cx, this.value())?;
    if core.writes.get() {
        flush_pending(cx, core)?;
    }
    if core.left() == 0 {
        core.forget_ahead();
        core.fill(cx)?;
    }
    core.look(|left| Bytes::new(cx, left)).map(Bytes::into_value)
}

pub fn readinto<T: Buffered>(cx: &Cx, this: This<T>, buffer: &Value) -> Res<Option<usize>> {
    read_into(cx, this, buffer, false)
}
pub fn readinto1<T: Buffered>(cx: &Cx, this: This<T>, buffer: &Value) -> Res<Option<usize>> {
    read_into(cx, this, buffer, true)
}

/// Reads into a buffer of somebody else's; with `once` the raw stream is read at most once.
fn read_into<T: Buffered>(cx: &Cx, this: This<T>, buffer: &Value, once: bool) -> Res<Option<usize>> {
    let core = this.core();
    core.check_open(cx, if once { "readinto1 of closed file" } else { "readinto of closed file" })?;
    let buffer = writable(cx, buffer, if once { "readinto1" } else { "readinto" })?;
    let _locked = core.lock(cx, this.value())?;
    let (mut done, total) = (0, buffer.len());
    let take = |core: &Core, done: &mut usize| {
        let count = core.left().min(total - *done);
        core.look(|left| buffer.write(*done, &left[..count]));
        core.give(count);
        *done += count;
    };
    take(core, &mut done);
    if done > 0 && once || done == total {
        return Ok(Some(done));
    }
    settle(cx, core)?;
    core.forget_ahead();
    while done < total {
        let count = if total - done > core.size.get() || once && total > 0 && core.size.get() < total {
            let mut piece = ByteWriter::zeros(cx, total - done)?;
            let count = core.read_raw(cx, piece.as_mut_slice())?;
            buffer.write(done, &piece.as_slice()[..count.unwrap_or(0)]);
            done += count.unwrap_or(0);
            count
        } else {
            let count = core.fill(cx)?;
            take(core, &mut done);
            count
        };
        match count {
            None if done == 0 => return Ok(None),
            None | Some(0) => break,
            Some(_) if once => break,
            Some(count) => cx.work_on_bytes(count)?,
        }
    }
    Ok(Some(done))
}

/// The next line, cut off after so many bytes.
pub fn line(cx: &Cx, core: &Core, stream: &Value, limit: Option<usize>) -> Res {
    let _locked = core.lock(cx, stream)?;
    let most = |have: usize, left: usize| limit.map_or(left, |limit| left.min(limit - have));
    let end = core.look(|left| {
        let left = &left[..most(0, left.len())];
        memchr::memchr(b'\n', left).map(|at| at + 1).or((limit == Some(left.len())).then_some(left.len()))
    });
    if let Some(end) = end {
        return give(cx, core, end);
    }
    let mut out = ByteWriter::new(cx);
    core.look(|left| out.push(left))?;
    core.forget_ahead();
    settle(cx, core)?;
    loop {
        if core.fill(cx)?.is_none_or(|count| count == 0) {
            break;
        }
        let (take, ended) = core.look(|left| {
            let left = &left[..most(out.len(), left.len())];
            match memchr::memchr(b'\n', left) {
                Some(at) => (at + 1, true),
                None => (left.len(), limit == Some(out.len() + left.len())),
            }
        });
        core.look(|left| out.push(&left[..take]))?;
        core.give(take);
        if ended {
            break;
        }
        cx.work_on_bytes(take)?;
    }
    out.finish()
}

pub fn readline<T: Buffered>(cx: &Cx, this: This<T>, size: Size) -> Res {
    let core = this.core();
    core.check_open(cx, "readline of closed file")?;
    line(cx, core, this.value(), usize::try_from(size.0).ok())
}

pub fn next<T: Buffered>(cx: &Cx, this: This<T>) -> Res<Option<Value>> {
    let core = this.core();
    let line = if cx.is_exact::<T>(this.value()) {
        core.check_open(cx, "I/O operation on closed file.")?;
        line(cx, core, this.value(), None)?
    } else {
        let line = cx.call_method(this.value(), "readline", ())?;
        check_bytes(cx, &line, |cx, kind| {
            cx.raise_os(format_args!("readline() should have returned a bytes object, not '{kind}'"))
        })?;
        line
    };
    let empty = Bytes::of(&line).is_none_or(|line| line.as_slice().is_empty());
    Ok(if empty { None } else { Some(line) })
}
