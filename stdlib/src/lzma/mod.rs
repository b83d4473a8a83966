//! `_lzma`: compression and decompression in the formats of xz, LZMA alone, lzip (read only) and without a container.
//!
//! The engines are lzma-rust2's, without its unsafe parts. The container of xz is read here (`xz.rs`): that crate's reader in steps takes
//! one filter beside LZMA2, and an integrity check that nobody knows ends it.
//!
//! | file | what |
//! |---|---|
//! | `filters.rs` | chains of filters: read from Python, judged, as properties |
//! | `chain.rs` | decoding through a chain |
//! | `xz.rs`, `header.rs`, `index.rs` | the container of xz |
//! | `alone.rs` | the containers of LZMA alone and lzip, and the choice between all |
//! | `compress.rs` | compressing |

use std::cell::Cell;

use ryokan_vm::native::*;

use crate::unpacking::{Progress, Step, no_pickle};

mod alone;
mod chain;
mod compress;
mod filters;
mod header;
mod index;
mod xz;

use alone::Decoder;
use compress::Compressor;

native_module! {
    "_lzma" {
        consts {
            "FORMAT_AUTO" = 0; "FORMAT_XZ" = 1; "FORMAT_ALONE" = 2; "FORMAT_RAW" = 3;
            "CHECK_NONE" = 0; "CHECK_CRC32" = 1; "CHECK_CRC64" = 4; "CHECK_SHA256" = 10; "CHECK_ID_MAX" = 15; "CHECK_UNKNOWN" = 16;
            "FILTER_LZMA1" = filters::LZMA1; "FILTER_LZMA2" = filters::LZMA2; "FILTER_DELTA" = filters::DELTA;
            "FILTER_X86" = 4; "FILTER_POWERPC" = 5; "FILTER_IA64" = 6; "FILTER_ARM" = 7; "FILTER_ARMTHUMB" = 8; "FILTER_SPARC" = 9;
            "MF_HC3" = 3; "MF_HC4" = 4; "MF_BT2" = 18; "MF_BT3" = 19; "MF_BT4" = 20;
            "MODE_FAST" = 1; "MODE_NORMAL" = 2; "PRESET_DEFAULT" = 6; "PRESET_EXTREME" = 0x8000_0000u32 as i64;
        }
        types { Compressor, Decompressor }
        classes { "LZMAError" = &ERROR; }
        functions {
            /// Whether an integrity check can be made and verified.
            is_check_supported(check_id: i32, /);
            /// The options of a filter as bytes, without its number.
            _encode_filter_properties(filter: Value, /) = filters::encode;
            /// What `_encode_filter_properties` has made, as a dict of the filter's options.
            _decode_filter_properties(filter_id: Value, encoded_props: Buffer, /) = filters::decode;
        }
    }
}

native_exception! {
    /// Data, or options, with which nothing can be done.
    static ERROR = "_lzma.LZMAError": "Exception";
}

native_type! {
    /// Decompresses piece by piece, and keeps what it has not read yet.
    ///
    /// 'format' is the container, 'memlimit' the most bytes of memory that it may take, 'filters' the chain where no container tells it.
    "_lzma.LZMADecompressor" = struct Decompressor {
        engine: Own<Result<Decoder, Fault>>,
        progress: Progress,
        check: Cell<i32>,
    }
    shows: "(format=FORMAT_AUTO, memlimit=None, filters=None)";
    new(format: i32 = 0 => "FORMAT_AUTO", memlimit: Value = Value::NONE => "None", filters: Value = Value::NONE => "None") = new_decompressor;
    members {
        /// The integrity check of the stream, once that is known.
        check = |_, this: This<Decompressor>| this.check.get();
        /// Whether the stream has ended.
        eof = |_, this: This<Decompressor>| this.progress.over();
        /// Whether more bytes are wanted before there is more to give.
        needs_input = |_, this: This<Decompressor>| this.progress.needs();
        /// What stands behind the end of the stream.
        unused_data = |_, this: This<Decompressor>| this.progress.unused();
    }
    methods {
        /// Takes bytes, and gives what they decompress to: at most max_length bytes, if that is not negative.
        decompress(data: Buffer, max_length: i64 = -1);
        /// Cannot be pickled.
        __reduce__() = no_pickle;
    }
}

/// What is wrong with data or options, as liblzma tells it apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    Check,
    MemoryLimit,
    Memory,
    Format,
    Options,
    Data,
    Internal,
}

/// What ends a step: a fault, or something of Python's.
pub enum Wrong {
    Fault(Fault),
    Raised(Raised),
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Wrong {
        Wrong::Fault(fault)
    }
}
impl From<Raised> for Wrong {
    fn from(raised: Raised) -> Wrong {
        Wrong::Raised(raised)
    }
}
/// What the crate says of data that it decodes, or of options.
impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        match error.kind() {
            std::io::ErrorKind::OutOfMemory => Fault::Memory,
            std::io::ErrorKind::Unsupported => Fault::Options,
            _ => Fault::Data,
        }
    }
}

/// Raises what a fault means.
#[cold]
pub fn error(cx: &Cx, fault: Fault) -> Raised {
    let message = match fault {
        Fault::Check => "Unsupported integrity check",
        Fault::MemoryLimit => "Memory usage limit exceeded",
        Fault::Memory => return cx.no_memory(),
        Fault::Format => "Input format not supported by decoder",
        Fault::Options => "Invalid or unsupported options",
        Fault::Data => "Corrupt input data",
        Fault::Internal => "Internal error",
    };
    cx.raise_of(&ERROR, message)
}

/// What a byte costs to decode, by eight.
const COST: usize = 64;
const UNKNOWN_CHECK: i32 = 16;

fn is_check_supported(_: &Cx, check: i32) -> bool {
    matches!(check, 0 | 1 | 4 | 10)
}

/// An int of so many bits, without a sign. Runs Python; `TypeError`, `ValueError`, `OverflowError`.
pub fn unsigned(cx: &Cx, value: &Value, most: u64, kind: &str) -> Res<u64> {
    match cx.index_i128(value)? {
        Some(number) if number < 0 => Err(cx.value_error("Cannot convert negative int")),
        Some(number) if number <= i128::from(most) => Ok(number as u64),
        _ => Err(cx.overflow_error(format_args!("Python int too large for C {kind}"))),
    }
}

fn new_decompressor(cx: &Cx, class: &Value, format: i32, memlimit: Value, filters: Value) -> Res {
    let mut limit = u64::MAX;
    if !memlimit.is_none() {
        if format == 3 {
            return Err(cx.value_error("Cannot specify memory limit with FORMAT_RAW"));
        }
        limit = unsigned(cx, &memlimit, u64::MAX, "uint64_t")?;
    }
    if format == 3 && filters.is_none() {
        return Err(cx.value_error("Must specify filters for FORMAT_RAW"));
    }
    if format != 3 && !filters.is_none() {
        return Err(cx.value_error("Cannot specify filters except with FORMAT_RAW"));
    }
    let (engine, check) = match format {
        0 => (Decoder::any(limit), UNKNOWN_CHECK),
        1 => (Decoder::xz(limit), UNKNOWN_CHECK),
        2 => (Decoder::alone(limit), 0),
        3 => (Decoder::raw(cx, &filters)?, 0),
        _ => return Err(cx.value_error(format_args!("Invalid container format: {format}"))),
    };
    cx.new_of(class, Decompressor {
        engine: Own::new(Ok(engine)),
        progress: Progress::new(cx, true)?,
        check: Cell::new(check),
    })
}

fn decompress(cx: &Cx, this: This<Decompressor>, data: Buffer, max_length: i64) -> Res {
    if this.progress.over() {
        return Err(cx.raise_builtin("EOFError", "Already at end of stream"));
    }
    this.progress.feed(cx, data, max_length, COST, |input, output| this.step(cx, input, output))
}

impl Decompressor {
    fn step(&self, cx: &Cx, input: &[u8], output: &mut [u8]) -> Res<Step> {
        let done = self.engine.with(cx, |engine| match engine {
            Ok(decoder) => decoder.step(cx, input, output).map(|step| (step, decoder.check())),
            // Who goes on after a fault has made a mistake; a limit stays one.
            Err(Fault::MemoryLimit) => Err(Fault::MemoryLimit.into()),
            Err(_) => Err(Fault::Internal.into()),
        })?;
        match done {
            Ok((step, check)) => {
                if let Some(check) = check {
                    self.check.set(check);
                }
                Ok(step)
            }
            Err(Wrong::Raised(raised)) => Err(raised),
            Err(Wrong::Fault(fault)) => {
                self.engine.with(cx, |engine| *engine = Err(fault))?;
                Err(error(cx, fault))
            }
        }
    }
}
