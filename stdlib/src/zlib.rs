//! `zlib`: compression and decompression.
//!
//! Streams are zlib-rs's. Bytes are read in pieces: between two of them budget and signals are looked at. What a stream keeps is
//! charged as long as it lives. Streams cannot be copied: the crate has no safe way to.

#![allow(non_snake_case, reason = "a parameter has such a name in Python")]

use std::cell::Cell;

use ryokan_vm::native::*;
use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Inflate, InflateError, InflateFlush, Method, Status, Strategy};

mod streams;

use streams::{Decompress, Stepwise};

native_module! {
    /// Compression and decompression in the formats of zlib and gzip, and without headers.
    ///
    /// 'wbits' is the size of the window and the format: 9 to 15 for zlib, 16 more for gzip, negative without a header.
    "zlib" {
        consts {
            "DEFLATED" = 8; "DEF_BUF_SIZE" = BUFFER; "DEF_MEM_LEVEL" = 8; "MAX_WBITS" = 15;
            "ZLIB_VERSION" = "1.3.2"; "ZLIB_RUNTIME_VERSION" = "1.3.2"; "__version__" = "1.0";
            "Z_BEST_COMPRESSION" = 9; "Z_BEST_SPEED" = 1; "Z_BLOCK" = 5; "Z_DEFAULT_COMPRESSION" = -1; "Z_DEFAULT_STRATEGY" = 0;
            "Z_FILTERED" = 1; "Z_FINISH" = 4; "Z_FIXED" = 4; "Z_FULL_FLUSH" = 3; "Z_HUFFMAN_ONLY" = 2; "Z_NO_COMPRESSION" = 0;
            "Z_NO_FLUSH" = 0; "Z_PARTIAL_FLUSH" = 1; "Z_RLE" = 3; "Z_SYNC_FLUSH" = 2; "Z_TREES" = 6;
        }
        types { Stepwise }
        classes { "error" = &ERROR; }
        functions {
            /// The Adler-32 checksum, beginning with another one.
            adler32(data: Buffer, value: Value = Value::small(1) => "1", /);
            /// The CRC-32 checksum, beginning with another one.
            crc32(data: Buffer, value: Value = Value::small(0) => "0", /);
            /// Compressed bytes.
            compress(data: Buffer, /, level: i32 = -1 => "Z_DEFAULT_COMPRESSION", wbits: i32 = 15 => "MAX_WBITS");
            /// Bytes that were compressed.
            decompress(data: Buffer, /, wbits: i32 = 15 => "MAX_WBITS", bufsize: i64 = BUFFER => "DEF_BUF_SIZE");
            /// An object that compresses piece by piece.
            compressobj(
                level: i32 = -1 => "Z_DEFAULT_COMPRESSION", method: i32 = 8 => "DEFLATED", wbits: i32 = 15 => "MAX_WBITS",
                memLevel: i32 = 8 => "DEF_MEM_LEVEL", strategy: i32 = 0 => "Z_DEFAULT_STRATEGY",
                zdict: Given = Given(None) => "<unrepresentable>"
            );
            /// An object that decompresses piece by piece.
            decompressobj(wbits: i32 = 15 => "MAX_WBITS", zdict: Given = Given(None) => "b''");
        }
    }
}

native_exception! {
    static ERROR = "zlib.error": "Exception";
}

native_type! {
    /// Compresses piece by piece.
    "zlib.Compress" = struct Compress { stream: Own<Option<(Deflate, Charge)>> }
    methods {
        /// Takes bytes, and gives what of them is compressed by now.
        compress(data: Buffer, /) = compress_more;
        /// Gives what is left, and ends the stream or begins a new block.
        flush(mode: i32 = 4 => "zlib.Z_FINISH", /);
    }
}

/// The room for a result at first.
const BUFFER: i64 = 16_384;
/// So many bytes are read or written between two looks at budget and signals.
const PIECE: usize = 1 << 18;
/// Bytes that a stream takes, about.
const DEFLATE_BYTES: usize = 300 << 10;
const INFLATE_BYTES: usize = 48 << 10;

fn adler32(cx: &Cx, data: Buffer, value: Value) -> Res<u32> {
    let start = crate::binascii::low_word(cx, &value)?;
    cx.work_on_bytes(data.len())?;
    // Of no bytes the crate gives the start as it is, with sums that may be as large as the modulus.
    let sum = |sum: u32| sum % 65_521;
    Ok(data.read(|bytes| match bytes {
        [] => sum(start >> 16) << 16 | sum(start & 0xFFFF),
        bytes => zlib_rs::adler32::adler32(start, bytes),
    }))
}
fn crc32(cx: &Cx, data: Buffer, value: Value) -> Res<u32> {
    let start = crate::binascii::low_word(cx, &value)?;
    cx.work_on_bytes(data.len())?;
    Ok(data.read(|bytes| zlib_rs::crc32::crc32(start, bytes)))
}

// ---- errors ----------------------------------------------------------------------------------------------------------

/// `zlib.error` of a number of zlib's, at some work, with what the stream says of it.
#[cold]
fn error(cx: &Cx, number: i32, work: &str, message: Option<&str>) -> Raised {
    let known = match number {
        -5 => Some("incomplete or truncated stream"),
        -2 => Some("inconsistent stream state"),
        -3 => Some("invalid input data"),
        _ => None,
    };
    match message.or(known) {
        Some(message) => cx.raise_of(&ERROR, format_args!("Error {number} {work}: {message}")),
        None => cx.raise_of(&ERROR, format_args!("Error {number} {work}")),
    }
}

fn number_of(error: InflateError) -> i32 {
    match error {
        InflateError::NeedDict { .. } => 2,
        InflateError::StreamError => -2,
        InflateError::DataError => -3,
        InflateError::MemError => -4,
    }
}

// ---- running streams -------------------------------------------------------------------------------------------------

/// What a step of a stream did: bytes that it read and wrote, and how it ended.
struct Step<E> {
    read: usize,
    written: usize,
    end: Result<Status, E>,
}

/// Makes room for more in a result, but for no more than a limit, which is not reached yet: where the new part begins.
fn more_room(cx: &Cx, out: &mut Vector<u8>, limit: usize) -> Res<usize> {
    let start = out.len();
    let room = start.clamp(BUFFER as usize, PIECE).min(limit - start);
    cx.reserve(out, room)?;
    out.resize(start + room, 0);
    cx.work_on_bytes(room * 4)?;
    Ok(start)
}

/// Feeds a stream with bytes from a place on, until all are read and what they gave is written, or the stream has ended, or a limit is
/// reached. Gives the place where it stopped, and the last step's end. Runs Python (a handler of a signal).
fn pump<E: Copy>(
    cx: &Cx,
    data: &Buffer,
    from: usize,
    out: &mut Vector<u8>,
    limit: usize,
    mut step: impl FnMut(&[u8], &mut [u8], bool) -> Res<Step<E>>,
) -> Res<(usize, Result<Status, E>)> {
    let (mut at, len, mut end) = (from, data.len(), Ok(Status::Ok));
    while out.len() < limit {
        let start = more_room(cx, out, limit)?;
        let room = out.len() - start;
        let to = len.min(at + PIECE);
        let done = data.read(|bytes| step(&bytes[at..to], &mut out[start..], to == len))?;
        at += done.read;
        out.truncate(start + done.written);
        end = done.end;
        let full = done.written == room;
        if !matches!(end, Ok(Status::Ok | Status::BufError)) || (at == len && !full) {
            break;
        }
        if done.read == 0 && done.written == 0 && at < len {
            // Nothing moves any more.
            break;
        }
    }
    Ok((at, end))
}

fn deflate_step(
    stream: &mut Deflate,
    input: &[u8],
    output: &mut [u8],
    flush: DeflateFlush,
) -> Step<zlib_rs::DeflateError> {
    let (read, written) = (stream.total_in(), stream.total_out());
    let end = stream.compress(input, output, flush);
    Step { read: (stream.total_in() - read) as usize, written: (stream.total_out() - written) as usize, end }
}

// ---- compressing -----------------------------------------------------------------------------------------------------

/// A stream, if the numbers are good.
fn deflate(cx: &Cx, config: DeflateConfig) -> Res<Option<(Deflate, Charge)>> {
    let bits = match config.window_bits {
        bits @ (9..=15 | 25..=31 | -15..=-9) => bits,
        // The smallest window is taken for the next one, but without a header or in gzip's.
        8 => 9,
        _ => return Ok(None),
    };
    if !(-1..=9).contains(&config.level) || !(1..=9).contains(&config.mem_level) {
        return Ok(None);
    }
    cx.room_for_bytes(DEFLATE_BYTES)?;
    let charge = cx.charge(DEFLATE_BYTES)?;
    Ok(Some((Deflate::new_with_config(DeflateConfig { window_bits: bits, ..config }), charge)))
}

fn compress(cx: &Cx, data: Buffer, level: i32, wbits: i32) -> Res {
    let config = DeflateConfig { level, window_bits: wbits, ..DeflateConfig::default() };
    let Some((mut stream, _charge)) = deflate(cx, config)? else {
        return Err(cx.raise_of(&ERROR, "Bad compression level"));
    };
    let mut out = cx.vector(0)?;
    let (_, end) = pump(cx, &data, 0, &mut out, usize::MAX, |input, output, last| {
        let flush = if last { DeflateFlush::Finish } else { DeflateFlush::NoFlush };
        Ok(deflate_step(&mut stream, input, output, flush))
    })?;
    match end {
        Ok(Status::StreamEnd) => (&out[..]).into_value(cx),
        Ok(_) => Err(error(cx, -5, "while compressing data", None)),
        Err(wrong) => Err(error(cx, wrong as i32, "while compressing data", stream.error_message())),
    }
}

fn compressobj(
    cx: &Cx,
    level: i32,
    method: i32,
    wbits: i32,
    memLevel: i32,
    strategy: i32,
    zdict: Given,
) -> Res<Obj<Compress>> {
    let dictionary = match &zdict.0 {
        Some(zdict) if !zdict.is_none() => Some(Buffer::of(cx, zdict)?),
        _ => None,
    };
    let invalid = || cx.value_error("Invalid initialization option");
    let (Ok(method), Ok(strategy)) = (Method::try_from(method), Strategy::try_from(strategy)) else {
        return Err(invalid());
    };
    let config = DeflateConfig { level, method, window_bits: wbits, mem_level: memLevel, strategy };
    let Some((mut stream, charge)) = deflate(cx, config)? else { return Err(invalid()) };
    if let Some(dictionary) = dictionary
        && dictionary.read(|bytes| stream.set_dictionary(bytes)).is_err()
    {
        return Err(cx.value_error("Invalid dictionary"));
    }
    cx.new(Compress { stream: Own::new(Some((stream, charge))) })
}

/// Feeds the stream of an object; what is wrong is said to have been so at some work.
fn feed(cx: &Cx, this: This<Compress>, data: &Buffer, flush: DeflateFlush, work: &str) -> Res<Vector<u8>> {
    let mut out = cx.vector(0)?;
    let ended = || error(cx, -2, work, None);
    let (_, end) = pump(cx, data, 0, &mut out, usize::MAX, |input, output, last| {
        let flush = if last { flush } else { DeflateFlush::NoFlush };
        let step = this.stream.with(cx, |stream| {
            stream.as_mut().map(|(stream, _)| deflate_step(stream, input, output, flush))
        })?;
        step.ok_or(()).map_err(|()| ended())
    })?;
    match end {
        Ok(Status::StreamEnd) => this.stream.with(cx, |stream| *stream = None)?,
        Ok(_) => {}
        Err(wrong) => return Err(error(cx, wrong as i32, work, None)),
    }
    Ok(out)
}

fn compress_more(cx: &Cx, this: This<Compress>, data: Buffer) -> Res {
    (&feed(cx, this, &data, DeflateFlush::NoFlush, "while compressing data")?[..]).into_value(cx)
}

fn flush(cx: &Cx, this: This<Compress>, mode: i32) -> Res {
    let work = "while flushing";
    let flush = match mode {
        0 => return (&[][..]).into_value(cx),
        1 => DeflateFlush::PartialFlush,
        2 => DeflateFlush::SyncFlush,
        3 => DeflateFlush::FullFlush,
        4 => DeflateFlush::Finish,
        5 => DeflateFlush::Block,
        _ => return Err(error(cx, -2, work, None)),
    };
    let nothing = Buffer::of(cx, &(&[][..]).into_value(cx)?)?;
    (&feed(cx, this, &nothing, flush, work)?[..]).into_value(cx)
}

// ---- decompressing ---------------------------------------------------------------------------------------------------

/// A stream, if the number is good.
fn inflate(cx: &Cx, wbits: i32) -> Res<Option<(Inflate, Charge)>> {
    let good = matches!(wbits, 0 | 8..=15 | 16 | 24..=31 | 32 | 40..=47 | -15..=-8);
    if !good {
        return Ok(None);
    }
    cx.room_for_bytes(INFLATE_BYTES)?;
    let charge = cx.charge(INFLATE_BYTES)?;
    Ok(Some((Inflate::new(wbits >= 0, wbits.unsigned_abs() as u8), charge)))
}

fn inflate_step(stream: &mut Inflate, input: &[u8], output: &mut [u8]) -> Step<InflateError> {
    let (read, written) = (stream.total_in(), stream.total_out());
    let end = stream.decompress(input, output, InflateFlush::SyncFlush);
    Step { read: (stream.total_in() - read) as usize, written: (stream.total_out() - written) as usize, end }
}

fn decompress(cx: &Cx, data: Buffer, wbits: i32, bufsize: i64) -> Res {
    if bufsize < 0 {
        return Err(cx.value_error("bufsize must be non-negative"));
    }
    let Some((mut stream, _charge)) = inflate(cx, wbits)? else {
        return Err(error(cx, -2, "while preparing to decompress data", None));
    };
    let mut out = cx.vector(0)?;
    let work = "while decompressing data";
    let (_, end) = pump(cx, &data, 0, &mut out, usize::MAX, |input, output, _| {
        Ok(inflate_step(&mut stream, input, output))
    })?;
    match end {
        Ok(Status::StreamEnd) => (&out[..]).into_value(cx),
        Ok(_) => Err(error(cx, -5, work, None)),
        Err(InflateError::NeedDict { .. }) => Err(error(cx, 2, work, None)),
        Err(wrong) => Err(error(cx, number_of(wrong), work, stream.error_message())),
    }
}

fn decompressobj(cx: &Cx, wbits: i32, zdict: Given) -> Res<Obj<Decompress>> {
    streams::decompressobj(cx, wbits, zdict)
}

/// A stream of an object that decompresses, and its dictionary.
struct Inflater {
    stream: Inflate,
    dictionary: Vector<u8>,
    _charge: Charge,
}

impl Inflater {
    /// With a dictionary that may be given. Runs Python; `TypeError`, `ValueError`.
    fn new(cx: &Cx, wbits: i32, zdict: Given) -> Res<Inflater> {
        let mut dictionary = cx.vector(0)?;
        if let Some(zdict) = zdict.0 {
            let bytes = Buffer::of(cx, &zdict).or_else(|raised| {
                drop(cx.catch(raised, "TypeError")?);
                Err(cx.type_error("zdict argument must support the buffer protocol"))
            })?;
            cx.reserve(&mut dictionary, bytes.len())?;
            bytes.read(|bytes| dictionary.extend_from_slice(bytes));
        }
        let Some((mut stream, charge)) = inflate(cx, wbits)? else {
            return Err(cx.value_error("Invalid initialization option"));
        };
        // Without a header, nothing says when it is wanted.
        if wbits < 0 && !dictionary.is_empty() && stream.set_dictionary(&dictionary).is_err() {
            return Err(cx.value_error("Invalid dictionary"));
        }
        Ok(Inflater { stream, dictionary, _charge: charge })
    }
    /// A step; where a dictionary is wanted, it is given.
    fn step(&mut self, cx: &Cx, input: &[u8], output: &mut [u8]) -> Res<Step<InflateError>> {
        let mut step = inflate_step(&mut self.stream, input, output);
        if let Err(InflateError::NeedDict { .. }) = step.end
            && !self.dictionary.is_empty()
        {
            if let Err(wrong) = self.stream.set_dictionary(&self.dictionary) {
                return Err(error(cx, number_of(wrong), "while setting zdict", None));
            }
            let rest = inflate_step(&mut self.stream, &input[step.read..], &mut output[step.written..]);
            step = Step { read: step.read + rest.read, written: step.written + rest.written, end: rest.end };
        }
        Ok(step)
    }
}

/// A flag of an object.
type Flag = Cell<bool>;
