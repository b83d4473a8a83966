//! What a codec is: how a character is read from bytes, and written as bytes.

use super::tables::Table;

/// What a codec remembers from one character to the next: eight bytes, as CPython's, and with their meaning, since `getstate` shows them.
pub type State = [u8; 8];

/// What the bytes at a place are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// A character of so many bytes.
    Char(u32, usize),
    /// Two characters that have one code of so many bytes.
    Pair([u32; 2], usize),
    /// So many bytes that change the state alone.
    Nothing(usize),
    /// The beginning of a character, which ends too early.
    Short,
    /// No character; so many bytes are to be blamed.
    Bad(usize),
    /// Something that this state cannot lead to.
    Broken,
}

/// What stands behind a character that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another one.
    Char(u32),
    /// Nothing, ever.
    End,
    /// Nothing yet.
    Later,
}

/// What has become of a character that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrote {
    /// It, and those behind it that its code is for, are written: so many.
    Chars(usize),
    /// What comes next decides how it is written.
    Short,
    /// It has no code.
    Bad,
}

/// The bytes that are written for a character, with what changes the state before it.
#[derive(Default)]
pub struct Code {
    bytes: [u8; 16],
    len: usize,
}

impl Code {
    pub fn push(&mut self, bytes: &[u8]) {
        if let Some(room) = self.bytes.get_mut(self.len..self.len + bytes.len()) {
            room.copy_from_slice(bytes);
            self.len += bytes.len();
        }
    }
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
    /// Writes one character's bytes.
    pub fn char(&mut self, bytes: &[u8]) -> Wrote {
        self.push(bytes);
        Wrote::Chars(1)
    }
    /// Writes two bytes that are so far from the first lead and trail byte, if there are any.
    pub fn place(&mut self, place: Option<(u8, u8)>, lead: u8, trail: u8) -> Wrote {
        match place {
            Some((row, column)) => self.char(&[row + lead, column + trail]),
            None => Wrote::Bad,
        }
    }
}

pub type ReadFn = fn(&Codec, &mut State, &[u8]) -> Read;
pub type WriteFn = fn(&Codec, &mut State, u32, Next, &mut Code) -> Wrote;

/// A codec.
pub struct Codec {
    pub name: &'static str,
    /// Whether ASCII is written as it is, in every state, and read so where a character begins.
    pub ascii: bool,
    /// Reads the character at the beginning of bytes, of which there is one at least.
    pub read: ReadFn,
    /// Writes a character.
    pub write: WriteFn,
    /// What an encoder and a decoder begin with.
    pub begin: (State, State),
    /// Writes what ends a text.
    pub end: fn(&mut State, &mut Code),
    /// What a decoder that is reset begins with.
    pub restart: fn(&mut State),
    /// The table of a codec whose characters have two bytes, and the first lead and trail byte.
    pub table: Option<(fn() -> &'static Table, u8, u8)>,
    /// The sets that ISO 2022 switches between, for its codecs alone.
    pub sets: &'static [super::iso2022::Set],
}

impl Codec {
    /// One without a state.
    pub const fn stateless(name: &'static str, ascii: bool, read: ReadFn, write: WriteFn) -> Codec {
        Codec {
            name,
            ascii,
            read,
            write,
            begin: ([0; 8], [0; 8]),
            end: |_, _| {},
            restart: |_| {},
            table: None,
            sets: &[],
        }
    }
    /// One of ASCII, and characters of two bytes that lie in a table.
    pub const fn double(name: &'static str, table: fn() -> &'static Table, lead: u8, trail: u8) -> Codec {
        Codec { table: Some((table, lead, trail)), ..Codec::stateless(name, true, read_double, write_double) }
    }
}

/// Reads ASCII; or two bytes, whose character is looked for. If there is none, the first byte is bad.
#[inline]
pub fn read_two(bytes: &[u8], find: impl FnOnce(u8, u8) -> Option<u32>) -> Read {
    match *bytes {
        [] => Read::Short,
        [c, ..] if c < 0x80 => Read::Char(c.into(), 1),
        [_] => Read::Short,
        [lead, trail, ..] => find(lead, trail).map_or(Read::Bad(1), |c| Read::Char(c, 2)),
    }
}

/// Reads ASCII, or what the codec's table has.
pub fn read_double(codec: &Codec, _: &mut State, bytes: &[u8]) -> Read {
    read_two(bytes, |lead, trail| {
        let (table, first, second) = codec.table?;
        table().char(lead.wrapping_sub(first), trail.wrapping_sub(second))
    })
}
/// Writes ASCII, or what the codec's table has.
pub fn write_double(codec: &Codec, _: &mut State, c: u32, _: Next, code: &mut Code) -> Wrote {
    match codec.table {
        _ if c < 0x80 => code.char(&[c as u8]),
        Some((table, lead, trail)) => code.place(table().place(c), lead, trail),
        None => Wrote::Bad,
    }
}
