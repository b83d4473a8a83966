//! Decompressing a frame.

use ryokan_vm::native::*;
use zstd_safe::{DCtx, DDict, DParameter, InBuffer, OutBuffer, ResetDirective};

use super::dict::{DIGESTED, Used};
use super::{ERROR, error, params};
use crate::unpacking::{Progress, Step, no_pickle};

native_type! {
    /// Decompresses piece by piece, and keeps what it has not read yet.
    ///
    /// 'zstd_dict' is a dictionary, 'options' a dict of parameters.
    "compression.zstd.ZstdDecompressor" = pub struct Decompressor { engine: Own<Engine>, progress: Progress }
    shows: "(zstd_dict=None, options=None)";
    new(zstd_dict: Value = Value::NONE => "None", options: Option<Dict> = None) = new_decompressor;
    getters {
        /// What stands behind the end of the frame.
        unused_data = |_, this: This<Decompressor>| this.progress.unused();
    }
    members {
        /// Whether the frame has ended.
        eof = |_, this: This<Decompressor>| this.progress.over();
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

/// What a byte costs, by eight.
const COST: usize = 8;
/// What a stream takes beside its window: tables, and a block on either side.
const BESIDE: usize = 640 << 10;
/// The most bytes that a frame's header has.
const HEADER: usize = 18;

/// What decompresses, and the charge for what the frame's header asks for.
struct Engine {
    stream: DCtx<'static>,
    head: Vec<u8>,
    charge: Option<Charge>,
    _dict: Charge,
}

fn new_decompressor(cx: &Cx, class: &Value, zstd_dict: Value, options: Option<Dict>) -> Res {
    let mut stream = DCtx::try_create().ok_or(()).map_err(|()| cx.no_memory())?;
    let used = Used::of(cx, &zstd_dict, DIGESTED)?;
    let content = used.as_ref().map(|used| used.to_load(cx)).transpose()?;
    let bytes = content.as_ref().map_or(0, |content| content.as_slice().len() + (64 << 10));
    let charge = cx.charge(bytes)?;
    if let (Some(used), Some(content)) = (&used, &content) {
        if used.kind == DIGESTED && DDict::try_create(content.as_slice()).is_none() {
            let message = "Failed to create a ZSTD_DDict instance from Zstandard dictionary content.";
            return Err(cx.raise_of(&ERROR, message));
        }
        let work = "Unable to load Zstandard dictionary or prefix for decompression";
        stream.load_dictionary(content.as_slice()).map_err(|code| error(cx, work, code))?;
    }
    if let Some(options) = &options {
        params::each(cx, options, false, |_, value| {
            let done = stream.set_parameter(DParameter::WindowLogMax(value as u32));
            done.map(drop).map_err(|code| error(cx, "Unable to set decompression parameter", code))
        })?;
    }
    let engine = Engine { stream, head: Vec::new(), charge: None, _dict: charge };
    cx.new_of(class, Decompressor { engine: Own::new(engine), progress: Progress::new(cx, true)? })
}

/// The size of the window that a frame's header asks for: nothing if the header is not whole yet, 0 of what is no frame.
fn window_of(head: &[u8]) -> Option<u64> {
    const FRAME: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();
    if head.len() < 5 {
        return None;
    }
    if head[..4] != FRAME {
        return Some(0);
    }
    let flags = head[4];
    let single = flags & 0x20 != 0;
    if !single {
        let byte = u64::from(*head.get(5)?);
        let base = 1 << (10 + (byte >> 3));
        return Some(base + base / 8 * (byte & 7));
    }
    let at = 5 + [0, 1, 2, 4][usize::from(flags & 3)];
    let len = [1, 2, 4, 8][usize::from(flags >> 6)];
    let field = head.get(at..at + len)?;
    let size = field.iter().rev().fold(0, |size, &byte| size << 8 | u64::from(byte));
    Some(if len == 2 { size + 256 } else { size })
}

impl Engine {
    /// Looks for the header in what comes; once it is there, what it asks for is charged. What is too much for the engine it refuses.
    fn look(&mut self, cx: &Cx, input: &[u8]) -> Res<()> {
        if self.charge.is_some() {
            return Ok(());
        }
        let more = (HEADER - self.head.len()).min(input.len());
        self.head.extend_from_slice(&input[..more]);
        let Some(window) = window_of(&self.head) else { return Ok(()) };
        let needed = BESIDE.saturating_add(usize::try_from(window).unwrap_or(usize::MAX).min(1 << 31));
        cx.room_for_bytes(needed)?;
        self.charge = Some(cx.charge(needed)?);
        Ok(())
    }
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, usize> {
        let (mut from, mut to) = (InBuffer::around(input), OutBuffer::around(output));
        match self.stream.decompress_stream(&mut to, &mut from) {
            Ok(left) => Ok(Step { read: from.pos(), written: to.pos(), ended: left == 0 }),
            Err(code) => {
                // It is as it was before the frame.
                self.head.clear();
                self.charge = None;
                self.stream.reset(ResetDirective::SessionOnly)?;
                Err(code)
            }
        }
    }
}

fn decompress(cx: &Cx, this: This<Decompressor>, data: Buffer, max_length: i64) -> Res {
    if this.progress.over() {
        return Err(cx.raise_builtin("EOFError", "Already at the end of a Zstandard frame."));
    }
    this.progress.feed(cx, data, max_length, COST, |input, output| {
        let done = this.engine.with(cx, |engine| {
            engine.look(cx, input)?;
            Ok(engine.step(input, output))
        })??;
        done.map_err(|code| error(cx, "Unable to decompress Zstandard data", code))
    })
}
