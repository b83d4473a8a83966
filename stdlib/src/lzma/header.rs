//! The headers of xz's container, and the integrity checks of its blocks.

use sha2::{Digest, Sha256};

use super::Fault;
use super::filters::{self, Filter};

pub const MAGIC: [u8; 6] = [0xFD, b'7', b'z', b'X', b'Z', 0];
/// A header of a stream, and a footer, are as long.
pub const STREAM_HEADER: usize = 12;

/// The four bytes at a place as a number; 0 where there are none.
pub fn word_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}

pub fn crc32(bytes: &[u8]) -> u32 {
    zlib_rs::crc32::crc32(0, bytes)
}

/// A number of seven bits a byte, at most nine bytes, without idle ones: the number, and how many bytes it has. Nothing if it goes on.
pub fn number(bytes: &[u8]) -> Result<Option<(u64, usize)>, Fault> {
    let mut value = 0;
    for (at, &byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return if byte == 0 && at > 0 { Err(Fault::Data) } else { Ok(Some((value, at + 1))) };
        }
    }
    if bytes.len() >= 9 { Err(Fault::Data) } else { Ok(None) }
}

/// The kind of check that a stream's header tells.
pub fn stream_header(bytes: &[u8]) -> Result<u8, Fault> {
    if bytes[..6] != MAGIC {
        return Err(Fault::Format);
    }
    if crc32(&bytes[6..8]) != word_at(bytes, 8) {
        return Err(Fault::Data);
    }
    flags(&bytes[6..8])
}

fn flags(flags: &[u8]) -> Result<u8, Fault> {
    if flags[0] != 0 || flags[1] & 0xF0 != 0 { Err(Fault::Options) } else { Ok(flags[1]) }
}

/// Judges a stream's footer: the kind of check, and the size of the index that stands before it.
pub fn stream_footer(bytes: &[u8], check: u8, index_size: u64) -> Result<(), Fault> {
    if bytes[10..] != *b"YZ" || crc32(&bytes[4..10]) != word_at(bytes, 0) {
        return Err(Fault::Data);
    }
    let told = (u64::from(word_at(bytes, 4)) + 1) * 4;
    if flags(&bytes[8..10])? != check || told != index_size { Err(Fault::Data) } else { Ok(()) }
}

/// What a block's header tells.
pub struct BlockHeader {
    pub compressed: Option<u64>,
    pub uncompressed: Option<u64>,
    pub filters: Vec<Filter>,
}

/// Reads a whole block header, its size included.
pub fn block_header(bytes: &[u8]) -> Result<BlockHeader, Fault> {
    let (body, sum) = bytes.split_at(bytes.len() - 4);
    if crc32(body) != word_at(sum, 0) {
        return Err(Fault::Data);
    }
    let flags = body[1];
    if flags & 0x3C != 0 {
        return Err(Fault::Options);
    }
    let mut rest = &body[2..];
    let mut next = || -> Result<u64, Fault> {
        let (value, len) = number(rest)?.ok_or(Fault::Data)?;
        rest = &rest[len..];
        Ok(value)
    };
    let compressed = if flags & 0x40 != 0 { Some(next()?) } else { None };
    let uncompressed = if flags & 0x80 != 0 { Some(next()?) } else { None };
    if compressed == Some(0) {
        return Err(Fault::Data);
    }
    let mut chain = Vec::new();
    for _ in 0..=flags & 3 {
        let (id, len) = number(rest)?.ok_or(Fault::Data)?;
        rest = &rest[len..];
        if id >= 1 << 62 {
            return Err(Fault::Data);
        }
        let (size, len) = number(rest)?.ok_or(Fault::Data)?;
        rest = &rest[len..];
        let properties = usize::try_from(size).ok().and_then(|size| rest.get(..size)).ok_or(Fault::Data)?;
        rest = &rest[properties.len()..];
        chain.push(filters::of_properties(id, properties)?);
    }
    if rest.iter().any(|&byte| byte != 0) {
        return Err(Fault::Options);
    }
    filters::judge(&chain)?;
    Ok(BlockHeader { compressed, uncompressed, filters: chain })
}

// ---- integrity checks ------------------------------------------------------------------------------------------------

/// A check that runs along; of kinds that nobody knows only the size is known.
pub enum Check {
    Crc32(u32),
    Crc64(u64),
    Sha256(Box<Sha256>),
    Other,
}

/// How many bytes the check of a kind has.
pub fn check_size(kind: u8) -> usize {
    match kind {
        0 => 0,
        1..=3 => 4,
        4..=6 => 8,
        7..=9 => 16,
        10..=12 => 32,
        _ => 64,
    }
}

const CRC64: [u64; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let (mut value, mut bit) = (at as u64, 0);
        while bit < 8 {
            value = (value >> 1) ^ if value & 1 != 0 { 0xC96C_5795_D787_0F42 } else { 0 };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
};

impl Check {
    pub fn new(kind: u8) -> Check {
        match kind {
            1 => Check::Crc32(0),
            4 => Check::Crc64(!0),
            10 => Check::Sha256(Box::default()),
            _ => Check::Other,
        }
    }
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Check::Crc32(sum) => *sum = zlib_rs::crc32::crc32(*sum, bytes),
            Check::Crc64(sum) => {
                *sum = bytes.iter().fold(*sum, |sum, &byte| CRC64[(sum as u8 ^ byte) as usize] ^ (sum >> 8));
            }
            Check::Sha256(sum) => sum.update(bytes),
            Check::Other => {}
        }
    }
    /// Whether these bytes are the check.
    pub fn agrees(&self, bytes: &[u8]) -> bool {
        match self {
            Check::Crc32(sum) => *bytes == sum.to_le_bytes(),
            Check::Crc64(sum) => *bytes == (!sum).to_le_bytes(),
            Check::Sha256(sum) => *bytes == sum.as_ref().clone().finalize()[..],
            Check::Other => true,
        }
    }
}
