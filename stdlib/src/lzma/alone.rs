//! The container of LZMA alone, lzip's, and which one it is.

use lzma_rust2::{Action, LzipStream, Status};
use ryokan_vm::native::*;

use super::chain::{Chain, memory_of};
use super::filters::{self, Filter, Lzma};
use super::xz::Xz;
use super::{Fault, Wrong, error};
use crate::unpacking::Step;

/// What decodes: by container, and with the most memory that it may take.
pub enum Decoder {
    /// To be chosen by the first byte.
    Any(u64),
    Xz(Box<Xz>),
    Alone(Alone),
    Lzip(Box<Lzip>),
    Raw(Box<Chain>),
}

impl Decoder {
    pub fn any(limit: u64) -> Decoder {
        Decoder::Any(limit)
    }
    pub fn xz(limit: u64) -> Decoder {
        Decoder::Xz(Box::new(Xz::new(limit)))
    }
    pub fn alone(limit: u64) -> Decoder {
        Decoder::Alone(Alone::Header { bytes: Vec::new(), picky: false, limit })
    }
    /// Of a chain that Python gives. Runs Python.
    pub fn raw(cx: &Cx, specs: &Value) -> Res<Decoder> {
        let chain = filters::read_chain(cx, specs)?;
        let made = filters::judge(&chain).map_err(Wrong::from).and_then(|()| Chain::new(cx, &chain, u64::MAX));
        match made {
            Ok(chain) => Ok(Decoder::Raw(Box::new(chain))),
            Err(Wrong::Fault(fault)) => Err(error(cx, fault)),
            Err(Wrong::Raised(raised)) => Err(raised),
        }
    }
    /// The integrity check, once it is known.
    pub fn check(&self) -> Option<i32> {
        match self {
            Decoder::Any(_) => None,
            Decoder::Xz(xz) => xz.check(),
            Decoder::Alone(_) | Decoder::Raw(_) => Some(0),
            Decoder::Lzip(_) => Some(1),
        }
    }
    pub fn step(&mut self, cx: &Cx, input: &[u8], output: &mut [u8]) -> Result<Step, Wrong> {
        if let (&mut Decoder::Any(limit), Some(&first)) = (&mut *self, input.first()) {
            *self = match first {
                0xFD => Decoder::xz(limit),
                b'L' => Decoder::Lzip(Box::new(Lzip::new(limit))),
                _ => Decoder::Alone(Alone::Header { bytes: Vec::new(), picky: true, limit }),
            };
        }
        match self {
            Decoder::Any(_) => Ok(Step { read: 0, written: 0, ended: false }),
            Decoder::Xz(xz) => xz.step(cx, input, output),
            Decoder::Alone(alone) => alone.step(cx, input, output),
            Decoder::Lzip(lzip) => lzip.step(cx, input, output),
            Decoder::Raw(chain) => Ok(chain.step(input, output)?),
        }
    }
}

/// LZMA alone: properties, the dictionary's size, the size of what was compressed; then the data.
pub enum Alone {
    /// `picky`: it may be something else altogether, and what no tool would write is refused.
    Header {
        bytes: Vec<u8>,
        picky: bool,
        limit: u64,
    },
    Data(Box<Chain>),
}

const HEADER: usize = 13;

impl Alone {
    fn step(&mut self, cx: &Cx, input: &[u8], output: &mut [u8]) -> Result<Step, Wrong> {
        let mut at = 0;
        if let Alone::Header { bytes, picky, limit } = self {
            while bytes.len() < HEADER {
                let Some(&byte) = input.get(at) else {
                    return Ok(Step { read: at, written: 0, ended: false });
                };
                bytes.push(byte);
                at += 1;
                look(bytes, *picky)?;
            }
            let (lzma, size) = parse(bytes)?;
            let chain = [Filter::Lzma1(lzma)];
            if memory_of(&chain) > *limit {
                return Err(Fault::MemoryLimit.into());
            }
            *self = Alone::Data(Box::new(Chain::new(cx, &chain, size)?));
        }
        let Alone::Data(chain) = self else { return Err(Fault::Internal.into()) };
        let done = chain.step(&input[at..], output)?;
        Ok(Step { read: done.read + at, ..done })
    }
}

/// The options and the size of a header.
fn parse(bytes: &[u8]) -> Result<(Lzma, u64), Fault> {
    let dict = bytes.get(1..5).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    let size = bytes.get(5..HEADER).and_then(|eight| eight.try_into().ok()).map(u64::from_le_bytes);
    let (Some(dict), Some(size)) = (dict, size) else { return Err(Fault::Internal) };
    let lzma = Lzma::of_byte(bytes[0], dict.clamp(4096, u32::MAX - 15)).ok_or(Fault::Format)?;
    Ok((lzma, size))
}

/// Judges what is there of a header.
fn look(bytes: &[u8], picky: bool) -> Result<(), Fault> {
    let good = match bytes.len() {
        1 => Lzma::of_byte(bytes[0], 0).is_some(),
        5 if picky => {
            let dict = u32::from_le_bytes([bytes[1], bytes[2], bytes[3], bytes[4]]);
            // A power of two, one and a half of one, or nothing that is said.
            dict == u32::MAX
                || (dict != 0 && (dict.is_power_of_two() || (dict.is_multiple_of(3) && (dict / 3).is_power_of_two())))
        }
        HEADER if picky => {
            let (_, size) = parse(bytes)?;
            size == u64::MAX || size < 1 << 38
        }
        _ => true,
    };
    if good { Ok(()) } else { Err(Fault::Format) }
}

/// lzip: one member.
pub struct Lzip {
    stream: LzipStream,
    limit: u64,
    charge: Option<Charge>,
}

impl Lzip {
    fn new(limit: u64) -> Lzip {
        Lzip { stream: LzipStream::new_mem_limit(false, 0), limit, charge: None }
    }
    fn step(&mut self, cx: &Cx, input: &[u8], output: &mut [u8]) -> Result<Step, Wrong> {
        let before = self.stream.total_in();
        let done = match self.stream.process(input, output, Action::Run) {
            Ok(done) => done,
            Err(wrong) if wrong.kind() == std::io::ErrorKind::OutOfMemory && self.charge.is_none() => {
                // The header tells what is needed: it is charged before it is taken.
                let needed = u64::from(self.stream.memory_usage().ok_or(Fault::Memory)?) << 10;
                if needed > self.limit {
                    return Err(Fault::MemoryLimit.into());
                }
                self.charge = Some(cx.charge(usize::try_from(needed).map_err(|_| Fault::Memory)?)?);
                self.stream.set_mem_limit(u32::MAX);
                let read = (self.stream.total_in() - before) as usize;
                return Ok(Step { read, written: 0, ended: false });
            }
            Err(wrong) => return Err(self.fault(wrong).into()),
        };
        let ended = done.status == Status::StreamEnd;
        let unused = if ended { self.stream.unused_input().len() } else { 0 };
        Ok(Step { read: done.bytes_consumed.saturating_sub(unused), written: done.bytes_produced, ended })
    }
    /// Before the data begins it is the header that is wrong.
    fn fault(&self, wrong: std::io::Error) -> Fault {
        let text = wrong.to_string();
        match Fault::from(wrong) {
            Fault::Data if self.charge.is_none() && text.contains("magic") => Fault::Format,
            Fault::Data if self.charge.is_none() && text.contains("version") => Fault::Options,
            fault => fault,
        }
    }
}
