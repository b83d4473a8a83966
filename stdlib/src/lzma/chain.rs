//! Decoding through a chain of filters.
//!
//! Without filters the engine writes where the result is wanted. Otherwise it writes pieces, and each filter settles what it can of them
//! and holds the rest, until it knows what follows.

use lzma_rust2::filter::StreamFilter;
use lzma_rust2::{Action, Lzma2Stream, LzmaStream, Status};
use ryokan_vm::native::*;

use super::filters::{Filter, Lzma};
use super::{Fault, Wrong};
use crate::unpacking::Step;

/// So many bytes go through the filters at once.
const PIECE: usize = 32 << 10;
/// What an engine takes beside its dictionary.
const BESIDE: u64 = 64 << 10;

enum Engine {
    One(Box<LzmaStream>),
    Two(Box<Lzma2Stream>),
}

/// A filter, and what it holds.
struct Stage {
    filter: StreamFilter,
    held: Vec<u8>,
}

impl Stage {
    /// What it settles of what it holds and more, or of all at the end.
    fn pass(&mut self, more: &[u8], ends: bool) -> Vec<u8> {
        self.held.extend_from_slice(more);
        let settled = self.filter.decode(&mut self.held);
        if ends {
            self.filter.finish();
            return std::mem::take(&mut self.held);
        }
        let rest = self.held.split_off(settled);
        std::mem::replace(&mut self.held, rest)
    }
}

/// A chain that decodes.
pub struct Chain {
    engine: Engine,
    /// In the order in which data goes through them: the last of the chain first.
    stages: Vec<Stage>,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
    _charge: Charge,
}

/// The bytes that a chain takes.
pub fn memory_of(filters: &[Filter]) -> u64 {
    let dict = match filters.last() {
        Some(Filter::Lzma1(lzma)) => u64::from(lzma.dict_size) + (0x600 << (lzma.lc + lzma.lp).min(12)),
        Some(Filter::Lzma2(lzma)) => u64::from(lzma.dict_size) + (0x600 << 4),
        _ => 0,
    };
    let pieces = if filters.len() > 1 { 4 * PIECE as u64 } else { 0 };
    dict + BESIDE + pieces
}

impl Chain {
    /// Of filters that were judged. `size` is how many bytes LZMA without a container will give, if that is known.
    pub fn new(cx: &Cx, filters: &[Filter], size: u64) -> Result<Chain, Wrong> {
        let needed = usize::try_from(memory_of(filters)).map_err(|_| Fault::Memory)?;
        cx.room_for_bytes(needed)?;
        let charge = cx.charge(needed)?;
        let engine = match filters.last() {
            Some(Filter::Lzma1(Lzma { lc, lp, pb, dict_size, .. })) => {
                let made = LzmaStream::new(size, *lc, *lp, *pb, *dict_size, None).map_err(Fault::from)?;
                Engine::One(Box::new(made))
            }
            Some(Filter::Lzma2(lzma)) => Engine::Two(Box::new(Lzma2Stream::new(lzma.dict_size))),
            _ => return Err(Fault::Internal.into()),
        };
        let mut stages = Vec::new();
        for config in filters.iter().rev().filter_map(Filter::config) {
            let filter = StreamFilter::new(&config).map_err(Fault::from)?;
            stages.push(Stage { filter, held: Vec::new() });
        }
        Ok(Chain { engine, stages, ready: Vec::new(), given: 0, ended: false, _charge: charge })
    }

    pub fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if self.stages.is_empty() {
            return self.engine.step(input, output);
        }
        let (mut read, mut written) = (0, 0);
        loop {
            let count = (self.ready.len() - self.given).min(output.len() - written);
            output[written..written + count].copy_from_slice(&self.ready[self.given..self.given + count]);
            written += count;
            self.given += count;
            let left = self.given < self.ready.len();
            if left || self.ended || written == output.len() {
                return Ok(Step { read, written, ended: self.ended && !left });
            }
            let mut piece = vec![0; PIECE];
            let done = self.engine.step(&input[read..], &mut piece)?;
            read += done.read;
            piece.truncate(done.written);
            self.ended = done.ended;
            for stage in &mut self.stages {
                piece = stage.pass(&piece, done.ended);
            }
            (self.ready, self.given) = (piece, 0);
            if done.read == 0 && done.written == 0 && !done.ended {
                return Ok(Step { read, written, ended: false });
            }
        }
    }
}

impl Engine {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let (done, unused) = match self {
            Engine::One(stream) => {
                let done = stream.process(input, output, Action::Run)?;
                (done, stream.unused_input().len())
            }
            Engine::Two(stream) => (stream.process(input, output, Action::Run)?, 0),
        };
        let ended = done.status == Status::StreamEnd;
        let read = done.bytes_consumed.saturating_sub(if ended { unused } else { 0 });
        Ok(Step { read, written: done.bytes_produced, ended })
    }
}
