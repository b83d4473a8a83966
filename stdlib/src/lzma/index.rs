//! The index of xz's container: the sizes of all blocks, which must be those that were met.

use sha2::{Digest, Sha256};

use super::Fault;
use super::header::{number, word_at};

/// The sizes of blocks, in order; so much of them is kept that others would be noticed.
#[derive(Clone, Default)]
pub struct Sizes {
    count: u64,
    digest: Sha256,
}

impl Sizes {
    pub fn add(&mut self, unpadded: u64, uncompressed: u64) {
        self.count += 1;
        self.digest.update(unpadded.to_le_bytes());
        self.digest.update(uncompressed.to_le_bytes());
    }
}

/// What comes next in an index.
enum Part {
    Count,
    Unpadded(u64),
    Uncompressed(u64, u64),
    Padding,
    Sum,
}

/// An index that is being read.
pub struct Index {
    met: Sizes,
    told: Sizes,
    part: Part,
    /// The bytes of what comes next that were read.
    bytes: Vec<u8>,
    sum: u32,
    size: u64,
}

impl Index {
    /// Behind its first byte, of a stream with such blocks.
    pub fn new(met: Sizes) -> Index {
        let sum = zlib_rs::crc32::crc32(0, &[0]);
        Index { met, told: Sizes::default(), part: Part::Count, bytes: Vec::new(), sum, size: 1 }
    }
    /// Its size, once it is read.
    pub fn size(&self) -> u64 {
        self.size
    }
    /// Reads a byte; whether it was the last one.
    pub fn feed(&mut self, byte: u8) -> Result<bool, Fault> {
        self.size += 1;
        if let Part::Sum = self.part {
            self.bytes.push(byte);
            return match self.bytes.len() {
                4 if word_at(&self.bytes, 0) != self.sum => Err(Fault::Data),
                len => Ok(len == 4),
            };
        }
        self.sum = zlib_rs::crc32::crc32(self.sum, &[byte]);
        if let Part::Padding = self.part {
            if byte != 0 {
                return Err(Fault::Data);
            }
            self.pad();
            return Ok(false);
        }
        self.bytes.push(byte);
        let Some((value, _)) = number(&self.bytes)? else { return Ok(false) };
        self.bytes.clear();
        let left = match self.part {
            Part::Count if value != self.met.count => return Err(Fault::Data),
            Part::Count => value,
            Part::Unpadded(left) => {
                self.part = Part::Uncompressed(left, value);
                return Ok(false);
            }
            Part::Uncompressed(left, unpadded) => {
                self.told.add(unpadded, value);
                left - 1
            }
            Part::Padding | Part::Sum => return Err(Fault::Internal),
        };
        self.part = Part::Unpadded(left);
        if left == 0 {
            if self.told.digest.clone().finalize() != self.met.digest.clone().finalize() {
                return Err(Fault::Data);
            }
            self.pad();
        }
        Ok(false)
    }
    fn pad(&mut self) {
        self.part = if self.size.is_multiple_of(4) { Part::Sum } else { Part::Padding };
    }
}
