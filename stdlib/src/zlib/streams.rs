//! Objects that decompress piece by piece: one that leaves what it did not read to its caller, and one that keeps it.

use ryokan_vm::native::*;
use zlib_rs::{InflateError, Status};

use super::{Flag, Inflater, error, number_of, pump};

native_type! {
    /// Decompresses piece by piece.
    "zlib.Decompress" = pub struct Decompress { stream: Own<Option<Inflater>>, unused: Slot, tail: Slot, over: Flag }
    members {
        /// what stands behind the end of the stream
        unused_data = |_, this: This<Decompress>| this.unused.get();
        /// what was not read, for the result would have been too long
        unconsumed_tail = |_, this: This<Decompress>| this.tail.get();
        /// whether the stream has ended
        eof = |_, this: This<Decompress>| this.over.get();
    }
    methods {
        /// Takes bytes, and gives what they decompress to: at most max_length bytes, if that is not 0.
        decompress(data: Buffer, /, max_length: i64 = 0);
        /// Gives what is left.
        flush(length: i64 = 16384 => "zlib.DEF_BUF_SIZE", /);
    }
}

native_type! {
    /// Decompresses piece by piece, and keeps what it has not read yet.
    "zlib._ZlibDecompressor" = pub struct Stepwise {
        stream: Own<Inflater>,
        unused: Slot,
        held: Slot,
        over: Flag,
        needs: Flag,
    }
    shows: "(wbits=15, zdict=b'')";
    new(wbits: i32 = 15, zdict: Given = Given(None) => "b''") = new_stepwise;
    members {
        /// what stands behind the end of the stream
        unused_data = |_, this: This<Stepwise>| this.unused.get();
        /// whether the stream has ended
        eof = |_, this: This<Stepwise>| this.over.get();
        /// whether more bytes are wanted before there is more to give
        needs_input = |_, this: This<Stepwise>| this.needs.get();
    }
    methods {
        /// Takes bytes, and gives what they decompress to: at most max_length bytes, if that is not negative.
        decompress(data: Buffer, max_length: i64 = -1) = decompress_step;
    }
}

const WORK: &str = "while decompressing data";

fn no_bytes(cx: &Cx) -> Res {
    (&[][..]).into_value(cx)
}

/// The bytes from a place on.
fn rest_of(cx: &Cx, data: &Buffer, from: usize) -> Res {
    let mut out = ByteWriter::zeros(cx, data.len() - from)?;
    data.read(|bytes| out.as_mut_slice().copy_from_slice(&bytes[from..]));
    out.finish()
}

/// One bytes object behind the other.
fn joined(cx: &Cx, first: &Value, second: Value) -> Res {
    match Bytes::of(first) {
        Some(bytes) if !bytes.as_slice().is_empty() => cx.binary(BinaryOp::Add, first, &second),
        _ => Ok(second),
    }
}

/// `zlib.decompressobj`
pub fn decompressobj(cx: &Cx, wbits: i32, zdict: Given) -> Res<Obj<Decompress>> {
    let inflater = Inflater::new(cx, wbits, zdict)?;
    cx.new(Decompress {
        stream: Own::new(Some(inflater)),
        unused: Slot::new(no_bytes(cx)?),
        tail: Slot::new(no_bytes(cx)?),
        over: Flag::new(false),
    })
}

type Ended = Result<Status, InflateError>;

/// Feeds the stream of an object: the result, how it ended, and where reading stopped.
fn feed(cx: &Cx, this: This<Decompress>, data: &Buffer, limit: usize, work: &str) -> Res<(Vector<u8>, Ended, usize)> {
    let mut out = cx.vector(0)?;
    let (at, end) = pump(cx, data, 0, &mut out, limit, |input, output, _| {
        let step = this.stream.with(cx, |stream| stream.as_mut().map(|stream| stream.step(cx, input, output)))?;
        step.unwrap_or_else(|| Err(error(cx, -2, work, None)))
    })?;
    if let Err(wrong) = end {
        let message = this.stream.with(cx, |stream| stream.as_ref().and_then(|stream| stream.stream.error_message()))?;
        return Err(error(cx, number_of(wrong), work, message));
    }
    Ok((out, end, at))
}

fn decompress(cx: &Cx, this: This<Decompress>, data: Buffer, max_length: i64) -> Res {
    let limit = match max_length {
        0 => usize::MAX,
        most => usize::try_from(most).map_err(|_| cx.value_error("max_length must be non-negative"))?,
    };
    let (out, end, at) = feed(cx, this, &data, limit, WORK)?;
    keep_rest(cx, this, &data, at, end)?;
    (&out[..]).into_value(cx)
}

/// Keeps what was not read: behind the end it is unused, before it somebody's to feed again.
fn keep_rest(cx: &Cx, this: This<Decompress>, data: &Buffer, at: usize, end: Ended) -> Res<()> {
    if matches!(end, Ok(Status::StreamEnd)) {
        this.over.set(true);
        let unused = joined(cx, &this.unused.get(), rest_of(cx, data, at)?)?;
        this.unused.set(unused);
        this.tail.set(no_bytes(cx)?);
    } else {
        this.tail.set(rest_of(cx, data, at)?);
    }
    Ok(())
}

fn flush(cx: &Cx, this: This<Decompress>, length: i64) -> Res {
    if length <= 0 {
        return Err(cx.value_error("length must be greater than zero"));
    }
    let tail = Buffer::of(cx, &this.tail.get())?;
    let (out, end, at) = feed(cx, this, &tail, usize::MAX, "while flushing")?;
    keep_rest(cx, this, &tail, at, end)?;
    if this.over.get() {
        this.stream.with(cx, |stream| *stream = None)?;
    }
    (&out[..]).into_value(cx)
}

fn new_stepwise(cx: &Cx, class: &Value, wbits: i32, zdict: Given) -> Res {
    let inflater = Inflater::new(cx, wbits, zdict)?;
    cx.new_of(class, Stepwise {
        stream: Own::new(inflater),
        unused: Slot::new(no_bytes(cx)?),
        held: Slot::new(no_bytes(cx)?),
        over: Flag::new(false),
        needs: Flag::new(true),
    })
}

fn decompress_step(cx: &Cx, this: This<Stepwise>, data: Buffer, max_length: i64) -> Res {
    if this.over.get() {
        return Err(cx.raise_builtin("EOFError", "End of stream already reached"));
    }
    let held = this.held.replace(no_bytes(cx)?);
    let data = match Bytes::of(&held) {
        Some(bytes) if !bytes.as_slice().is_empty() => {
            Buffer::of(cx, &joined(cx, &held, rest_of(cx, &data, 0)?)?)?
        }
        _ => data,
    };
    let limit = usize::try_from(max_length).unwrap_or(usize::MAX);
    let mut out = cx.vector(0)?;
    let (at, end) = pump(cx, &data, 0, &mut out, limit, |input, output, _| {
        this.stream.with(cx, |stream| stream.step(cx, input, output))?
    })?;
    match end {
        Ok(Status::StreamEnd) => {
            this.over.set(true);
            this.needs.set(false);
            this.unused.set(rest_of(cx, &data, at)?);
        }
        Ok(_) => {
            let rest = rest_of(cx, &data, at)?;
            this.needs.set(at == data.len());
            this.held.set(rest);
        }
        Err(wrong) => {
            let message = this.stream.with(cx, |stream| stream.stream.error_message())?;
            return Err(error(cx, number_of(wrong), WORK, message));
        }
    }
    (&out[..]).into_value(cx)
}
