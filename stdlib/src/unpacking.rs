//! Decompressing piece by piece, as objects that keep what they have not read: what `_bz2`, `_lzma` and `_zstd` have in common.
//!
//! An engine reads and writes in pieces. Between two of them the work is charged, and the result has room made for more in the
//! heap's budget: a small input that becomes much is a `MemoryError`, or ends at a limit of instructions.

use std::cell::Cell;

use ryokan_vm::native::*;

/// The room for a result at first, and the most by which it grows at once.
const BUFFER: usize = 16 << 10;
const PIECE: usize = 256 << 10;

/// What a step of an engine did: bytes that it read and wrote, and whether its stream is at its end.
pub struct Step {
    pub read: usize,
    pub written: usize,
    pub ended: bool,
}

/// How far an object has come.
pub struct Progress {
    unused: Slot,
    held: Slot,
    over: Cell<bool>,
    needs: Cell<bool>,
    /// Whether the engine may have more to give without reading anything.
    asks_when_full: bool,
}

ryokan_vm::traced! { Progress: [unused, held] }

/// An empty `bytes`.
pub fn no_bytes(cx: &Cx) -> Res {
    (&[][..]).into_value(cx)
}

/// The bytes from a place on.
fn rest_of(cx: &Cx, data: &Buffer, from: usize) -> Res {
    let mut out = ByteWriter::zeros(cx, data.len() - from)?;
    data.read(|bytes| out.as_mut_slice().copy_from_slice(&bytes[from..]));
    out.finish()
}

impl Progress {
    /// At the beginning. `asks_when_full` says that what fills a result to its limit leaves an object that needs no input.
    pub fn new(cx: &Cx, asks_when_full: bool) -> Res<Progress> {
        Ok(Progress {
            unused: Slot::new(no_bytes(cx)?),
            held: Slot::new(no_bytes(cx)?),
            over: Cell::new(false),
            needs: Cell::new(true),
            asks_when_full,
        })
    }
    /// What stands behind the end of the stream.
    pub fn unused(&self) -> Value {
        self.unused.get()
    }
    /// Whether the stream has ended.
    pub fn over(&self) -> bool {
        self.over.get()
    }
    /// Whether there is nothing more to give before more is fed.
    pub fn needs(&self) -> bool {
        self.needs.get()
    }

    /// After an error behind which nothing can be fed any more.
    pub fn stop(&self) {
        self.needs.set(false);
    }

    /// What bytes decompress to, behind those that were kept: at most `limit` bytes, if that is not negative. Keeps what is not read.
    /// `cost` is about how many instructions of ours a byte costs, by eight. Runs Python (a handler of a signal).
    pub fn feed(
        &self,
        cx: &Cx,
        data: Buffer,
        limit: i64,
        cost: usize,
        step: impl FnMut(&[u8], &mut [u8]) -> Res<Step>,
    ) -> Res {
        let held = self.held.replace(no_bytes(cx)?);
        let data = match Bytes::of(&held) {
            Some(bytes) if !bytes.as_slice().is_empty() => {
                let more = rest_of(cx, &data, 0)?;
                Buffer::of(cx, &cx.binary(BinaryOp::Add, &held, &more)?)?
            }
            _ => data,
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let (out, at, ended) = pump(cx, &data, limit, cost, step)?;
        let all_read = at == data.len();
        if ended {
            self.over.set(true);
            self.needs.set(false);
            self.unused.set(rest_of(cx, &data, at)?);
        } else if all_read {
            self.needs.set(!(self.asks_when_full && out.len() >= limit));
        } else {
            self.needs.set(false);
            self.held.set(rest_of(cx, &data, at)?);
        }
        out.finish()
    }
}

/// `__reduce__` of what cannot be written down: an engine at work.
pub fn no_pickle<T: NativeType>(cx: &Cx, this: This<T>) -> Res {
    let kind = cx.full_type_name(&this.to_value());
    Err(cx.type_error(format_args!("cannot pickle '{kind}' object")))
}

/// Feeds an engine until all is read and what it gave is written, its stream has ended, or a limit is reached: the result, the place
/// where reading stopped, and whether the stream has ended.
fn pump<'a>(
    cx: &'a Cx,
    data: &Buffer,
    limit: usize,
    cost: usize,
    mut step: impl FnMut(&[u8], &mut [u8]) -> Res<Step>,
) -> Res<(ByteWriter<'a>, usize, bool)> {
    let (mut out, mut at, len) = (ByteWriter::new(cx), 0, data.len());
    loop {
        let start = out.len();
        let room = start.clamp(BUFFER, PIECE).min(limit - start);
        out.push_zeros(room)?;
        let to = len.min(at + PIECE);
        let done = data.read(|bytes| step(&bytes[at..to], &mut out.as_mut_slice()[start..]))?;
        at += done.read;
        out.truncate(start + done.written);
        cx.work_on_bytes((done.read + done.written).saturating_mul(cost))?;
        let full = done.written == room;
        let stuck = done.read == 0 && done.written == 0;
        if done.ended || (full && out.len() >= limit) || (at == len && !full) || stuck {
            return Ok((out, at, done.ended));
        }
    }
}

/// Feeds an engine that compresses, until all is read and written, or, at the `last` step, until it says that it has ended. What it
/// gives behind a piece is taken in as many steps as that needs: a step that fills its room is followed by another one.
pub fn pack(
    cx: &Cx,
    data: &Buffer,
    cost: usize,
    mut step: impl FnMut(&[u8], &mut [u8], bool) -> Res<Step>,
) -> Res {
    let (mut out, mut at, len) = (ByteWriter::new(cx), 0, data.len());
    loop {
        let start = out.len();
        let room = start.clamp(BUFFER, PIECE);
        out.push_zeros(room)?;
        let to = len.min(at + PIECE);
        let done = data.read(|bytes| step(&bytes[at..to], &mut out.as_mut_slice()[start..], to == len))?;
        at += done.read;
        out.truncate(start + done.written);
        cx.work_on_bytes((done.read + done.written).saturating_mul(cost))?;
        if at == len && done.ended {
            return out.finish();
        }
    }
}
