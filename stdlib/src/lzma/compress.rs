//! Compressing: containers of xz and LZMA alone, and chains without one.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::rc::Rc;

use lzma_rust2::filter::bcj::BcjWriter;
use lzma_rust2::filter::delta::DeltaWriter;
use lzma_rust2::{CheckType, Lzma2Options, Lzma2Writer, LzmaWriter, XzOptions, XzWriter};
use ryokan_vm::native::*;

use super::filters::{self, Filter, Lzma, judge_to_compress};
use super::{ERROR, Fault, error, unsigned};
use crate::unpacking::no_pickle;

native_type! {
    /// LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)
    ///
    /// Compresses piece by piece.
    ///
    /// 'format' is the container, 'check' the integrity check of xz's, 'preset' how hard it tries, or 'filters' the chain in its place.
    "_lzma.LZMACompressor" = pub struct Compressor { packer: Own<Option<Packer>>, cost: Cell<usize> }
    new(
        format: i32 = 1, check: i32 = -1, preset: Value = Value::NONE => "None", filters: Value = Value::NONE => "None"
    ) = new_compressor;
    methods {
        /// Takes bytes, and gives what of them is compressed by now.
        compress(data: Buffer, /);
        /// Gives what is left, and ends the stream.
        flush();
        /// Cannot be pickled.
        __reduce__() = no_pickle;
    }
}

/// What a byte costs, by eight: a search for matches.
const COST: usize = 400;
/// So many bytes are read between two looks at budget and signals.
const PIECE: usize = 64 << 10;

/// Where an engine writes; what stands there is taken away after each piece.
#[derive(Clone, Default)]
struct Sink(Rc<RefCell<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A chain without a container: filters that write into each other.
enum Chain {
    One(Box<LzmaWriter<Sink>>),
    Two(Box<Lzma2Writer<Sink>>),
    Delta(Box<DeltaWriter<Chain>>),
    Branches(Box<BcjWriter<Chain>>),
}

impl Chain {
    /// Of filters, the last of which is LZMA.
    fn new(filters: &[Filter], sink: Sink) -> Result<Chain, Fault> {
        let Some((first, rest)) = filters.split_first() else { return Err(Fault::Internal) };
        Ok(match *first {
            Filter::Lzma1(lzma) => {
                Chain::One(Box::new(LzmaWriter::new_no_header(sink, &lzma.options(), true)?))
            }
            Filter::Lzma2(lzma) => Chain::Two(Box::new(Lzma2Writer::new(sink, lzma2(lzma)))),
            Filter::Delta(distance) => {
                Chain::Delta(Box::new(DeltaWriter::new(Chain::new(rest, sink)?, distance as usize)))
            }
            Filter::Branches(id, offset) => {
                let make = match id {
                    0x04 => BcjWriter::new_x86,
                    0x05 => BcjWriter::new_ppc,
                    0x06 => BcjWriter::new_ia64,
                    0x07 => BcjWriter::new_arm,
                    0x08 => BcjWriter::new_arm_thumb,
                    0x09 => BcjWriter::new_sparc,
                    _ => return Err(Fault::Options),
                };
                Chain::Branches(Box::new(make(Chain::new(rest, sink)?, offset as usize)))
            }
        })
    }
    fn finish(self) -> io::Result<()> {
        match self {
            Chain::One(writer) => writer.finish().map(drop),
            Chain::Two(writer) => writer.finish().map(drop),
            Chain::Delta(writer) => writer.into_inner().finish(),
            Chain::Branches(writer) => writer.finish()?.finish(),
        }
    }
}

fn lzma2(lzma: Lzma) -> Lzma2Options {
    Lzma2Options { lzma_options: lzma.options(), chunk_size: None }
}

impl Write for Chain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Chain::One(writer) => writer.write(bytes),
            Chain::Two(writer) => writer.write(bytes),
            Chain::Delta(writer) => writer.write(bytes),
            Chain::Branches(writer) => writer.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Engine {
    Xz(Box<XzWriter<Sink>>),
    Alone(Box<LzmaWriter<Sink>>),
    Raw(Chain),
}

/// What a compressor has until it is flushed.
pub struct Packer {
    engine: Engine,
    sink: Sink,
    _charge: Charge,
}

impl Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.engine {
            Engine::Xz(writer) => writer.write_all(bytes),
            Engine::Alone(writer) => writer.write_all(bytes),
            Engine::Raw(chain) => chain.write_all(bytes),
        }
    }
    fn finish(self) -> io::Result<Vec<u8>> {
        match self.engine {
            Engine::Xz(writer) => drop(writer.finish()?),
            Engine::Alone(writer) => drop(writer.finish()?),
            Engine::Raw(chain) => chain.finish()?,
        }
        Ok(self.sink.0.take())
    }
}

// ---- making ----------------------------------------------------------------------------------------------------------

/// What is to be made: a container, a check, a chain.
struct Plan {
    format: i32,
    check: CheckType,
    chain: Vec<Filter>,
}

fn new_compressor(cx: &Cx, class: &Value, format: i32, check: i32, preset: Value, filters: Value) -> Res {
    if format != 1 && check != -1 && check != 0 {
        return Err(cx.value_error("Integrity checks are only supported by FORMAT_XZ"));
    }
    if !preset.is_none() && !filters.is_none() {
        return Err(cx.value_error("Cannot specify both preset and filter chain"));
    }
    let preset = match preset.is_none() {
        true => 6,
        false => unsigned(cx, &preset, u32::MAX.into(), "uint32_t")? as u32,
    };
    let plan = match format {
        1 => plan_xz(cx, check, preset, &filters)?,
        2 => plan_alone(cx, preset, &filters)?,
        3 if filters.is_none() => return Err(cx.value_error("Must specify filters for FORMAT_RAW")),
        3 => Plan { format, check: CheckType::None, chain: filters::read_chain(cx, &filters)? },
        _ => return Err(cx.value_error(format_args!("Invalid container format: {format}"))),
    };
    judge_to_compress(&plan.chain).map_err(|fault| error(cx, fault))?;
    let options = match plan.chain.last() {
        Some(Filter::Lzma1(_)) if format == 1 => return Err(error(cx, Fault::Internal)),
        Some(Filter::Lzma1(lzma) | Filter::Lzma2(lzma)) => lzma.options(),
        _ => return Err(error(cx, Fault::Internal)),
    };
    let memory = (options.get_memory_usage() as usize).saturating_mul(1024).saturating_add(4 * PIECE);
    cx.room_for_bytes(memory)?;
    let charge = cx.charge(memory)?;
    cx.work_on_bytes(memory)?;
    let sink = Sink::default();
    let engine = build(&plan, sink.clone()).map_err(|fault| error(cx, fault))?;
    let packer = Packer { engine, sink, _charge: charge };
    let cost = if options.depth_limit > 48 { 4 * COST } else { COST };
    cx.new_of(class, Compressor { packer: Own::new(Some(packer)), cost: Cell::new(cost) })
}

fn plan_xz(cx: &Cx, check: i32, preset: u32, filters: &Value) -> Res<Plan> {
    let chain = match filters.is_none() {
        true => {
            let lzma = Lzma::preset(preset).ok_or(()).map_err(|()| error(cx, Fault::Options))?;
            vec![Filter::Lzma2(lzma)]
        }
        false => filters::read_chain(cx, filters)?,
    };
    let check = match check {
        0 => CheckType::None,
        1 => CheckType::Crc32,
        -1 | 4 => CheckType::Crc64,
        10 => CheckType::Sha256,
        2..=15 => return Err(error(cx, Fault::Check)),
        _ => return Err(error(cx, Fault::Internal)),
    };
    Ok(Plan { format: 1, check, chain })
}

fn plan_alone(cx: &Cx, preset: u32, filters: &Value) -> Res<Plan> {
    let chain = match filters.is_none() {
        true => {
            let Some(lzma) = Lzma::preset(preset) else {
                return Err(cx.raise_of(&ERROR, format_args!("Invalid compression preset: {preset}")));
            };
            vec![Filter::Lzma1(lzma)]
        }
        false => filters::read_chain(cx, filters)?,
    };
    match chain[..] {
        [Filter::Lzma1(_)] => Ok(Plan { format: 2, check: CheckType::None, chain }),
        _ => {
            let message = "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter";
            Err(cx.value_error(message))
        }
    }
}

fn build(plan: &Plan, sink: Sink) -> Result<Engine, Fault> {
    match (plan.format, plan.chain.last()) {
        (1, Some(Filter::Lzma2(lzma))) => {
            let options = XzOptions {
                lzma_options: lzma.options(),
                check_type: plan.check,
                block_size: None,
                filters: plan.chain.iter().filter_map(Filter::config).collect(),
            };
            Ok(Engine::Xz(Box::new(XzWriter::new(sink, options)?)))
        }
        (2, Some(Filter::Lzma1(lzma))) => {
            Ok(Engine::Alone(Box::new(LzmaWriter::new_use_header(sink, &lzma.options(), None)?)))
        }
        _ => Ok(Engine::Raw(Chain::new(&plan.chain, sink)?)),
    }
}

// ---- at work ---------------------------------------------------------------------------------------------------------

fn compress(cx: &Cx, this: This<Compressor>, data: Buffer) -> Res {
    let (mut out, len) = (ByteWriter::new(cx), data.len());
    let mut at = 0;
    loop {
        let to = len.min(at + PIECE);
        let written = this.packer.with(cx, |packer| {
            let packer = packer.as_mut()?;
            let done = data.read(|bytes| packer.write(&bytes[at..to]));
            Some(done.map(|()| packer.sink.0.take()))
        })?;
        let Some(written) = written else { return Err(cx.value_error("Compressor has been flushed")) };
        out.push(&written.map_err(|wrong| error(cx, wrong.into()))?)?;
        cx.work_on_bytes((to - at) * this.cost.get())?;
        at = to;
        if at == len {
            return out.finish();
        }
    }
}

fn flush(cx: &Cx, this: This<Compressor>) -> Res {
    let Some(packer) = this.packer.with(cx, Option::take)? else {
        return Err(cx.value_error("Repeated call to flush()"));
    };
    let rest = packer.finish().map_err(|wrong| error(cx, wrong.into()))?;
    (&rest[..]).into_value(cx)
}
