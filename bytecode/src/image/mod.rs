//! Codes as bytes: what cache files, `marshal` and the embedded library hold.
//!
//! A *unit* is the code of one module with all that is in it. It begins with two tables, texts and constants, which every code of the
//! unit shares, and which can be read at any place; a code is a *head* (what a function object wants to know) and a body, whose length
//! stands before it, so that a reader may leave the bodies of inner codes alone until they are called.
//!
//! ```text
//! "RYKU" version, counts and places of the tables, place of the outermost code     seven words of 32 bits
//! texts:     the ends of all, then their bytes (generalised UTF-8)
//! constants: the ends of all, then each as a tag and what the tag says
//! codes:     head, length of the body, body; numbers in groups of seven bits, the lowest first
//! ```
//!
//! Nothing that is read is believed: every place is checked against the bytes that there are, and [`read`] gives a `Code` which is for
//! [`crate::verify()`] to judge. What it makes is at most a fixed multiple of the bytes that it reads ([`MOST_BYTES_PER_BYTE`]).

mod read;
mod write;

pub use read::{Body, Datum, Head, Item, Unit, packed_count, read, unpack};
pub use write::write;

/// What a unit begins with.
pub(crate) const MAGIC: [u8; 4] = *b"RYKU";
/// Changes with the format, and with the meaning of any instruction.
pub const VERSION: u32 = 2;
/// Words in front of the tables.
pub(crate) const HEADER_WORDS: usize = 7;
/// How many bytes of memory reading takes for each byte of a unit, at most.
pub const MOST_BYTES_PER_BYTE: usize = 64;

/// Why bytes are no unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Malformed;

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("bad code data")
    }
}

impl std::error::Error for Malformed {}

/// The tags of constants.
pub(crate) mod tag {
    pub const NONE: u8 = 0;
    pub const TRUE: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const ELLIPSIS: u8 = 3;
    pub const INT: u8 = 4;
    pub const POSITIVE: u8 = 5;
    pub const NEGATIVE: u8 = 6;
    pub const FLOAT: u8 = 7;
    pub const COMPLEX: u8 = 8;
    pub const STR: u8 = 9;
    pub const BYTES: u8 = 10;
    pub const TUPLE: u8 = 11;
    pub const FROZENSET: u8 = 12;
    pub const SLICE: u8 = 13;
}
