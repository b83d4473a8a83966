//! `_bz2`: compression and decompression in the format of bzip2.
//!
//! The engine is libbz2-rs. A compressor is charged with what its level needs, a decompressor when it has read the level.

use std::cell::Cell;

use bzip2::{Action, Compress, Compression, Decompress, Error, Status};
use ryokan_vm::native::*;

use crate::unpacking::{Progress, Step, no_pickle, pack};

native_module! {
    "_bz2" {
        types { Compressor, Decompressor }
    }
}

native_type! {
    /// Compresses piece by piece.
    ///
    /// 'compresslevel' is the size of a block in units of 100,000 bytes, from 1 to 9.
    "_bz2.BZ2Compressor" = struct Compressor { stream: Own<(Compress, Charge)>, flushed: Cell<bool> }
    shows: "(compresslevel=9, /)";
    new(compresslevel: i32 = 9, /) = new_compressor;
    methods {
        /// Takes bytes, and gives what of them is compressed by now.
        compress(data: Buffer, /);
        /// Gives what is left, and ends the stream.
        flush();
        /// Cannot be pickled.
        __reduce__() = no_pickle;
    }
}

native_type! {
    /// Decompresses piece by piece, and keeps what it has not read yet.
    "_bz2.BZ2Decompressor" = struct Decompressor { stream: Own<Engine>, progress: Progress, failed: Cell<bool> }
    shows: "()";
    new() = new_decompressor;
    members {
        /// Whether the stream has ended.
        eof = |_, this: This<Decompressor>| this.progress.over();
        /// What stands behind the end of the stream.
        unused_data = |_, this: This<Decompressor>| this.progress.unused();
        /// Whether more bytes are wanted before there is more to give.
        needs_input = |_, this: This<Decompressor>| this.progress.needs();
    }
    methods {
        /// Takes bytes, and gives what they decompress to: at most max_length bytes, if that is not negative.
        decompress(data: Buffer, max_length: i64 = -1);
        /// Cannot be pickled.
        __reduce__() = no_pickle;
    }
}

/// What a byte costs, by eight: sorting, and undoing that.
const COST: usize = 64;
/// Bytes of a unit of the level, and beside them: `bzip2`'s manual tells 400k + 8 times the size of a block, and 100k + 4 times.
const UNIT: usize = 100_000;


#[cold]
fn error(cx: &Cx, error: Error) -> Raised {
    match error {
        Error::Data | Error::DataMagic => cx.raise_os("Invalid data stream"),
        Error::Param => cx.value_error("Internal error - invalid parameters passed to libbzip2"),
        Error::Sequence => {
            cx.runtime_error("Internal error - Invalid sequence of commands sent to libbzip2")
        }
    }
}

// ---- compressing -----------------------------------------------------------------------------------------------------

fn new_compressor(cx: &Cx, class: &Value, level: i32) -> Res {
    let level = match level {
        1..=9 => level as u32,
        _ => return Err(cx.value_error("compresslevel must be between 1 and 9")),
    };
    let charge = cx.charge(400_000 + 8 * UNIT * level as usize)?;
    let stream = Own::new((Compress::new(Compression::new(level), 0), charge));
    cx.new_of(class, Compressor { stream, flushed: Cell::new(false) })
}

fn run(cx: &Cx, this: This<Compressor>, data: &Buffer, last: Action) -> Res {
    pack(cx, data, COST, |input, output, all| {
        let action = if all { last } else { Action::Run };
        let (status, read, written) = this.stream.with(cx, |(stream, _)| {
            let (read, written) = (stream.total_in(), stream.total_out());
            let status = stream.compress(input, output, action);
            (status, (stream.total_in() - read) as usize, (stream.total_out() - written) as usize)
        })?;
        let ended = match status.map_err(|wrong| error(cx, wrong))? {
            Status::StreamEnd => true,
            Status::MemNeeded => return Err(cx.no_memory()),
            _ => last == Action::Run && written < output.len(),
        };
        Ok(Step { read, written, ended })
    })
}

fn compress(cx: &Cx, this: This<Compressor>, data: Buffer) -> Res {
    if this.flushed.get() {
        return Err(cx.value_error("Compressor has been flushed"));
    }
    run(cx, this, &data, Action::Run)
}

fn flush(cx: &Cx, this: This<Compressor>) -> Res {
    if this.flushed.replace(true) {
        return Err(cx.value_error("Repeated call to flush()"));
    }
    let nothing = Buffer::of(cx, &crate::unpacking::no_bytes(cx)?)?;
    run(cx, this, &nothing, Action::Finish)
}

// ---- decompressing ---------------------------------------------------------------------------------------------------

/// A stream, and the charge for the level that its fourth byte tells.
struct Engine {
    stream: Decompress,
    charge: Option<Charge>,
}

impl Engine {
    fn step(&mut self, cx: &Cx, input: &[u8], output: &mut [u8]) -> Res<Result<Step, Error>> {
        let (read, written) = (self.stream.total_in(), self.stream.total_out());
        if self.charge.is_none()
            && let Some(level @ b'1'..=b'9') = 3u64.checked_sub(read).and_then(|at| input.get(at as usize))
        {
            self.charge = Some(cx.charge(100_000 + 4 * UNIT * usize::from(level - b'0'))?);
        }
        let ended = match self.stream.decompress(input, output) {
            Ok(Status::MemNeeded) => return Err(cx.no_memory()),
            Ok(status) => status == Status::StreamEnd,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let (read, written) = (self.stream.total_in() - read, self.stream.total_out() - written);
        Ok(Ok(Step { read: read as usize, written: written as usize, ended }))
    }
}

fn new_decompressor(cx: &Cx, class: &Value) -> Res {
    let charge = cx.charge(size_of::<Engine>())?;
    drop(charge);
    let stream = Own::new(Engine { stream: Decompress::new(false), charge: None });
    cx.new_of(class, Decompressor { stream, progress: Progress::new(cx, false)?, failed: Cell::new(false) })
}

fn decompress(cx: &Cx, this: This<Decompressor>, data: Buffer, max_length: i64) -> Res {
    if this.progress.over() {
        return Err(cx.raise_builtin("EOFError", "End of stream already reached"));
    }
    if this.failed.get() {
        return Err(cx.value_error("Decompressor is unusable after a previous error"));
    }
    this.progress.feed(cx, data, max_length, COST, |input, output| {
        let step = this.stream.with(cx, |engine| engine.step(cx, input, output))??;
        step.map_err(|wrong| {
            this.failed.set(true);
            this.progress.stop();
            error(cx, wrong)
        })
    })
}
