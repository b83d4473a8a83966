//! Compressing, frame by frame.

use std::cell::Cell;

use ryokan_vm::native::*;
use zstd_safe::zstd_sys::ZSTD_EndDirective;
use zstd_safe::{CCtx, CDict, CParameter, InBuffer, OutBuffer, ResetDirective};

use super::dict::{DIGESTED, PREFIX, UNDIGESTED, Used};
use super::params::{self, LEVEL, Sizes};
use super::{ERROR, error};
use crate::unpacking::{Step, no_bytes, no_pickle, pack};

native_type! {
    /// Compresses piece by piece.
    ///
    /// 'level' is how hard it tries, or 'options' a dict of parameters in its place; 'zstd_dict' is a dictionary.
    "compression.zstd.ZstdCompressor" = pub struct Compressor { engine: Own<Engine>, mode: Cell<i32> }
    shows: "(level=None, options=None, zstd_dict=None)";
    new(level: Value = Value::NONE => "None", options: Option<Dict> = None, zstd_dict: Value = Value::NONE => "None") = new_compressor;
    members {
        /// How it was told to go on the last time.
        last_mode = |_, this: This<Compressor>| this.mode.get();
    }
    methods {
        /// Takes bytes, and gives what of them is compressed by now: a block, or a frame, is ended if 'mode' says so.
        compress(data: Buffer, mode: i32 = 0 => "ZstdCompressor.CONTINUE");
        /// Gives what is left, and ends a frame or a block.
        flush(mode: i32 = 2 => "ZstdCompressor.FLUSH_FRAME");
        /// Tells how many bytes the next frame will be made of; None says that this is not known.
        set_pledged_input_size(size: Value, /);
        /// Cannot be pickled.
        __reduce__() = no_pickle;
    }
}

const CONTINUE: i32 = 0;
const FLUSH_FRAME: i32 = 2;
/// So many bytes are compressed in one step at most: a larger input has its size told first.
const PIECE: usize = 256 << 10;

/// What compresses, and its charge.
struct Engine {
    stream: CCtx<'static>,
    sizes: Sizes,
    charge: Option<Charge>,
    charged: usize,
    strategy: usize,
    /// Bytes of a dictionary.
    dict: usize,
    /// Whether that is for one frame alone.
    prefix: bool,
    /// The size of the frame was told.
    pledged: bool,
}

fn new_compressor(
    cx: &Cx,
    class: &Value,
    level: Value,
    options: Option<Dict>,
    zstd_dict: Value,
) -> Res {
    if !level.is_none() && options.is_some() {
        return Err(cx.type_error("Only one of level or options should be used."));
    }
    let mut stream = CCtx::try_create().ok_or(()).map_err(|()| cx.no_memory())?;
    let mut sizes = Sizes::of_level(zstd_safe::CLEVEL_DEFAULT);
    if !level.is_none() {
        let level = level_of(cx, &level)?;
        set(cx, &mut stream, CParameter::CompressionLevel(level))?;
        sizes.set(LEVEL, level);
    }
    if let Some(options) = &options {
        params::each(cx, options, true, |key, value| {
            sizes.set(key, value);
            match params::parameter(key, value) {
                Some(parameter) => set(cx, &mut stream, parameter),
                None => Ok(()),
            }
        })?;
    }
    let used = Used::of(cx, &zstd_dict, UNDIGESTED)?;
    if let Some(used) = &used {
        load(cx, &mut stream, used, sizes.level)?;
    }
    let engine = Engine {
        stream,
        sizes,
        charge: None,
        charged: 0,
        strategy: 0,
        dict: used.as_ref().map_or(0, |used| used.content.as_slice().len()),
        prefix: used.is_some_and(|used| used.kind == PREFIX),
        pledged: false,
    };
    cx.new_of(class, Compressor { engine: Own::new(engine), mode: Cell::new(FLUSH_FRAME) })
}

fn set(cx: &Cx, stream: &mut CCtx<'static>, parameter: CParameter) -> Res<()> {
    let done = stream.set_parameter(parameter);
    done.map(drop).map_err(|code| error(cx, "Unable to set compression parameter", code))
}

fn level_of(cx: &Cx, level: &Value) -> Res<i32> {
    if !cx.is_instance(level, &cx.builtin("int")?)? {
        return Err(cx.type_error("invalid type for level, expected int"));
    }
    let range = -131_072..=22;
    match cx.small_int(level).map(i32::try_from) {
        Some(Ok(level)) if range.contains(&level) => Ok(level),
        Some(Ok(level)) => Err(cx.value_error(format_args!(
            "illegal compression level {level}; the valid range is [-131072, 22]"
        ))),
        _ => Err(cx.value_error("illegal compression level; the valid range is [-131072, 22]")),
    }
}

/// Loads a dictionary.
fn load(cx: &Cx, stream: &mut CCtx<'static>, used: &Used, level: i32) -> Res<()> {
    let content = used.to_load(cx)?;
    cx.room_for_bytes(content.as_slice().len() * 2)?;
    if used.kind == DIGESTED {
        let (memory, _) = Sizes::of_level(level).memory(Some(content.as_slice().len()));
        cx.room_for_bytes(memory)?;
        if CDict::try_create(content.as_slice(), level).is_none() {
            let message = "Failed to create a ZSTD_CDict instance from Zstandard dictionary content.";
            return Err(cx.raise_of(&ERROR, message));
        }
    }
    let work = "Unable to load Zstandard dictionary or prefix for compression";
    stream.load_dictionary(content.as_slice()).map(drop).map_err(|code| error(cx, work, code))
}

const FAILED: &str = "Unable to compress Zstandard data";

impl Engine {
    /// Charges what a frame takes; of so many bytes, if that is known.
    fn begin(&mut self, cx: &Cx, size: Option<usize>) -> Res<()> {
        let (memory, strategy) = self.sizes.memory(size.map(|size| size.saturating_add(self.dict)));
        let memory = memory + 2 * self.dict;
        self.strategy = strategy;
        if memory > self.charged {
            self.charge = None;
            self.charged = 0;
            cx.room_for_bytes(memory)?;
            self.charge = Some(cx.charge(memory)?);
            self.charged = memory;
            cx.work_on_bytes(memory)?;
        }
        Ok(())
    }
    fn step(&mut self, input: &[u8], output: &mut [u8], end: ZSTD_EndDirective) -> Result<Step, usize> {
        let (mut from, mut to) = (InBuffer::around(input), OutBuffer::around(output));
        let left = self.stream.compress_stream2(&mut to, &mut from, end)?;
        Ok(Step { read: from.pos(), written: to.pos(), ended: left == 0 })
    }
    /// A frame has ended, well or not: what was for it alone goes.
    fn over(&mut self, well: bool) -> Result<(), usize> {
        self.pledged = false;
        if !well {
            self.stream.reset(ResetDirective::SessionOnly)?;
        }
        if std::mem::take(&mut self.prefix) {
            self.stream.disable_dictionary()?;
        }
        Ok(())
    }
}

fn run(cx: &Cx, this: This<Compressor>, data: &Buffer, mode: i32) -> Res {
    let last = match mode {
        CONTINUE => ZSTD_EndDirective::ZSTD_e_continue,
        1 => ZSTD_EndDirective::ZSTD_e_flush,
        _ => ZSTD_EndDirective::ZSTD_e_end,
    };
    let len = data.len();
    let cost = this.engine.with(cx, |engine| -> Res<usize> {
        if this.mode.get() == FLUSH_FRAME {
            let whole = (mode == FLUSH_FRAME).then_some(len);
            engine.begin(cx, whole)?;
            if len > PIECE && whole.is_some() && !engine.pledged {
                let told = engine.stream.set_pledged_src_size(Some(len as u64));
                told.map_err(|code| error(cx, FAILED, code))?;
            }
        }
        Ok(8 << engine.strategy.min(9))
    })??;
    let packed = pack(cx, data, cost, |input, output, all| {
        let end = if all { last } else { ZSTD_EndDirective::ZSTD_e_continue };
        let done = this.engine.with(cx, |engine| engine.step(input, output, end))?;
        done.map_err(|code| error(cx, FAILED, code))
    });
    if mode == FLUSH_FRAME || packed.is_err() {
        this.mode.set(FLUSH_FRAME);
        let over = this.engine.with(cx, |engine| engine.over(packed.is_ok()));
        if packed.is_ok() {
            over?.map_err(|code| error(cx, FAILED, code))?;
        }
    } else {
        this.mode.set(mode);
    }
    packed
}

fn compress(cx: &Cx, this: This<Compressor>, data: Buffer, mode: i32) -> Res {
    if !(CONTINUE..=FLUSH_FRAME).contains(&mode) {
        return Err(cx.value_error(
            "mode argument wrong value, it should be one of ZstdCompressor.CONTINUE, ZstdCompressor.FLUSH_BLOCK, \
             ZstdCompressor.FLUSH_FRAME.",
        ));
    }
    run(cx, this, &data, mode)
}

fn flush(cx: &Cx, this: This<Compressor>, mode: i32) -> Res {
    if mode != 1 && mode != FLUSH_FRAME {
        return Err(cx.value_error(
            "mode argument wrong value, it should be ZstdCompressor.FLUSH_FRAME or ZstdCompressor.FLUSH_BLOCK.",
        ));
    }
    let nothing = Buffer::of(cx, &no_bytes(cx)?)?;
    run(cx, this, &nothing, mode)
}

fn set_pledged_input_size(cx: &Cx, this: This<Compressor>, size: Value) -> Res<()> {
    let size = match size.is_none() {
        true => None,
        false => {
            if !cx.has_index(&size) {
                return Err(cx.type_error("an integer is required"));
            }
            let number = cx.index_i128(&size)?.and_then(|size| u64::try_from(size).ok());
            let Some(number) = number.filter(|&size| size < u64::MAX - 1) else {
                let message = "size argument should be a positive int less than 18446744073709551614";
                return Err(cx.value_error(message));
            };
            Some(number)
        }
    };
    if this.mode.get() != FLUSH_FRAME {
        let message = "set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME";
        return Err(cx.value_error(message));
    }
    let done = this.engine.with(cx, |engine| {
        engine.pledged = size.is_some();
        engine.stream.set_pledged_src_size(size)
    })?;
    done.map(drop).map_err(|code| error(cx, "Unable to set pledged uncompressed content size", code))
}
