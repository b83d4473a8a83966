//! The container of xz, one stream of it: a header, blocks, an index, a footer.

use ryokan_vm::native::*;

use super::chain::{Chain, memory_of};
use super::header::{self, BlockHeader, Check, STREAM_HEADER};
use super::index::{Index, Sizes};
use super::{Fault, Wrong};
use crate::unpacking::Step;

/// A block that is being read.
struct Block {
    header_size: u64,
    told: (Option<u64>, Option<u64>),
    chain: Chain,
    sum: Check,
    read: u64,
    written: u64,
}

enum State {
    Header,
    /// The first byte of a block's header, or of the index.
    Start,
    BlockHeader(usize),
    Data(Box<Block>),
    /// So many zeros are left behind a block's data.
    Padding(Box<Block>, u64),
    Sum(Box<Block>),
    Index(Box<Index>),
    Footer(u64),
    Over,
}

/// A stream.
pub struct Xz {
    state: State,
    /// What is there of a part that is read as a whole.
    bytes: Vec<u8>,
    check: Option<u8>,
    sizes: Sizes,
    limit: u64,
}

impl Xz {
    pub fn new(limit: u64) -> Xz {
        Xz { state: State::Header, bytes: Vec::new(), check: None, sizes: Sizes::default(), limit }
    }
    pub fn check(&self) -> Option<i32> {
        self.check.map(i32::from)
    }
    /// Collects bytes of a part of so many; whether they are all there.
    fn gather(&mut self, len: usize, input: &[u8], at: &mut usize) -> bool {
        let count = (len - self.bytes.len()).min(input.len() - *at);
        self.bytes.extend_from_slice(&input[*at..*at + count]);
        *at += count;
        self.bytes.len() == len
    }

    pub fn step(&mut self, cx: &Cx, input: &[u8], output: &mut [u8]) -> Result<Step, Wrong> {
        let (mut at, mut written) = (0, 0);
        loop {
            let goes_on = match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(Step { read: at, written, ended: true }),
                State::Data(block) => {
                    let room = &mut output[written..];
                    let (goes_on, read, more) = self.data(block, &input[at..], room)?;
                    at += read;
                    written += more;
                    goes_on
                }
                State::Index(index) => self.index(index, input, &mut at)?,
                State::Padding(block, left) => self.padding(block, left, input, &mut at)?,
                state => self.part(cx, state, input, &mut at)?,
            };
            if !goes_on {
                return Ok(Step { read: at, written, ended: false });
            }
        }
    }

    /// A part that is read as a whole. Whether it is there.
    fn part(&mut self, cx: &Cx, state: State, input: &[u8], at: &mut usize) -> Result<bool, Wrong> {
        let len = match &state {
            State::Header | State::Footer(_) => STREAM_HEADER,
            State::BlockHeader(len) => *len,
            State::Sum(_) => header::check_size(self.check.unwrap_or(0)),
            _ => 1,
        };
        if !self.gather(len, input, at) {
            self.state = state;
            return Ok(false);
        }
        let bytes = std::mem::take(&mut self.bytes);
        self.state = match state {
            State::Header => {
                self.check = Some(header::stream_header(&bytes)?);
                State::Start
            }
            State::Start if bytes[0] == 0 => State::Index(Box::new(Index::new(self.sizes.clone()))),
            State::Start => {
                let len = (usize::from(bytes[0]) + 1) * 4;
                self.bytes = bytes;
                State::BlockHeader(len)
            }
            State::BlockHeader(len) => State::Data(Box::new(self.block(cx, &bytes, len)?)),
            State::Sum(block) => {
                if !block.sum.agrees(&bytes) {
                    return Err(Fault::Data.into());
                }
                self.sizes.add(block.header_size + block.read + len as u64, block.written);
                State::Start
            }
            State::Footer(index_size) => {
                header::stream_footer(&bytes, self.check.unwrap_or(0), index_size)?;
                State::Over
            }
            other => other,
        };
        Ok(true)
    }

    fn block(&self, cx: &Cx, bytes: &[u8], len: usize) -> Result<Block, Wrong> {
        let BlockHeader { compressed, uncompressed, filters } = header::block_header(bytes)?;
        if memory_of(&filters) > self.limit {
            return Err(Fault::MemoryLimit.into());
        }
        Ok(Block {
            header_size: len as u64,
            told: (compressed, uncompressed),
            chain: Chain::new(cx, &filters, u64::MAX)?,
            sum: Check::new(self.check.unwrap_or(0)),
            read: 0,
            written: 0,
        })
    }

    /// Data of a block: whether it is at its end, and how much was read and written.
    fn data(
        &mut self,
        mut block: Box<Block>,
        input: &[u8],
        output: &mut [u8],
    ) -> Result<(bool, usize, usize), Fault> {
        let left = block.told.0.map_or(u64::MAX, |told| told - block.read);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
        let done = block.chain.step(&input[..most], output)?;
        block.read += done.read as u64;
        block.written += done.written as u64;
        block.sum.update(&output[..done.written]);
        let (read, written) = block.told;
        if written.is_some_and(|told| block.written > told) {
            return Err(Fault::Data);
        }
        if done.ended {
            let wrong = read.is_some_and(|told| told != block.read)
                || written.is_some_and(|told| told != block.written);
            if wrong {
                return Err(Fault::Data);
            }
            let padding = (4 - block.read % 4) % 4;
            self.state = State::Padding(block, padding);
        } else {
            // Nothing is left to read, and there was room for more.
            if read == Some(block.read) && done.written < output.len() {
                return Err(Fault::Data);
            }
            self.state = State::Data(block);
        }
        Ok((done.ended, done.read, done.written))
    }

    /// Zeros behind a block's data. Whether they are all there.
    fn padding(
        &mut self,
        block: Box<Block>,
        mut left: u64,
        input: &[u8],
        at: &mut usize,
    ) -> Result<bool, Fault> {
        while left > 0 {
            let Some(&byte) = input.get(*at) else {
                self.state = State::Padding(block, left);
                return Ok(false);
            };
            if byte != 0 {
                return Err(Fault::Data);
            }
            *at += 1;
            left -= 1;
        }
        self.state = State::Sum(block);
        Ok(true)
    }

    /// The index. Whether it is at its end.
    fn index(&mut self, mut index: Box<Index>, input: &[u8], at: &mut usize) -> Result<bool, Fault> {
        while let Some(&byte) = input.get(*at) {
            *at += 1;
            if index.feed(byte)? {
                self.state = State::Footer(index.size());
                return Ok(true);
            }
        }
        self.state = State::Index(index);
        Ok(false)
    }
}
