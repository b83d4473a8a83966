//! What is fed: its encoding, and where in it something stands.
//!
//! All is UTF-8 inside. What another encoding cannot mean becomes a byte that UTF-8 does not have, and is an invalid token when its
//! turn comes. Positions count bytes as they were fed.

use std::cell::Cell;

use ryokan_vm::native::*;

/// How a document is encoded.
#[derive(Clone)]
pub enum Encoding {
    Utf8,
    Ascii,
    Latin1,
    Utf16 {
        big: bool,
    },
    /// One byte each, by a table.
    Table(Box<[Option<char>; 256]>),
}

/// A place in what was fed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pos {
    pub byte: u64,
    pub line: u64,
    pub column: u64,
}

impl Default for Pos {
    fn default() -> Pos {
        Pos { byte: 0, line: 1, column: 0 }
    }
}

const INVALID: u8 = 0xFF;

impl Encoding {
    /// An encoding that is known by its name.
    pub fn named(name: &str) -> Option<Encoding> {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        Some(match name {
            _ if is("utf-8") => Encoding::Utf8,
            _ if is("us-ascii") => Encoding::Ascii,
            _ if is("iso-8859-1") => Encoding::Latin1,
            _ if is("utf-16") || is("utf-16be") => Encoding::Utf16 { big: true },
            _ if is("utf-16le") => Encoding::Utf16 { big: false },
            _ => return None,
        })
    }
    /// How many bytes of what was fed a byte of ours stands for, if it begins a character.
    fn bytes(&self, byte: u8, len: usize) -> u64 {
        match self {
            Encoding::Utf8 => len as u64,
            Encoding::Utf16 { .. } if byte >= 0xF0 && byte != INVALID => 4,
            Encoding::Utf16 { .. } => 2,
            _ => 1,
        }
    }
}

/// What was fed and not used yet.
pub struct Input {
    pub encoding: Encoding,
    /// Bytes that are no whole character yet.
    raw: Vec<u8>,
    text: Vector<u8>,
    at: usize,
    /// Where `at` stands.
    pub pos: Pos,
    /// Whether a `\r` stands right before.
    after_cr: bool,
    /// A place behind `at` that was asked for last: how far away it is, and where.
    mark: Cell<(usize, Pos, bool)>,
}

impl Input {
    pub fn new(cx: &Cx, encoding: Encoding) -> Res<Input> {
        let (raw, text) = (Vec::new(), cx.vector(0)?);
        let mark = Cell::new((0, Pos::default(), false));
        Ok(Input { encoding, raw, text, at: 0, pos: Pos::default(), after_cr: false, mark })
    }
    /// What is there.
    pub fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }
    /// Whether it is fed as it is kept.
    pub fn is_utf8(&self) -> bool {
        matches!(self.encoding, Encoding::Utf8)
    }
    /// Whether bytes are left that are no whole character.
    pub fn is_cut(&self) -> bool {
        !self.raw.is_empty()
    }
    /// Takes more. `MemoryError`.
    pub fn feed(&mut self, cx: &Cx, bytes: &[u8]) -> Res<()> {
        if self.at > 0 && self.at * 2 >= self.text.len() {
            let len = self.text.len();
            self.text.copy_within(self.at..len, 0);
            self.text.truncate(len - self.at);
            self.at = 0;
        }
        let most = if matches!(self.encoding, Encoding::Utf8) { 1 } else { 3 };
        cx.reserve(&mut self.text, (bytes.len() + self.raw.len()) * most)?;
        self.decode(bytes);
        Ok(())
    }
    fn decode(&mut self, bytes: &[u8]) {
        let text = &mut self.text;
        let mut push = |c: Option<char>| match c {
            Some(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => text.push(INVALID),
        };
        match &self.encoding {
            Encoding::Utf8 => self.text.extend_from_slice(bytes),
            Encoding::Ascii => bytes.iter().for_each(|&byte| push(byte.is_ascii().then_some(byte as char))),
            Encoding::Latin1 => bytes.iter().for_each(|&byte| push(Some(byte as char))),
            Encoding::Table(table) => bytes.iter().for_each(|&byte| push(table[byte as usize])),
            Encoding::Utf16 { big } => {
                let mut raw = std::mem::take(&mut self.raw);
                raw.extend_from_slice(bytes);
                let unit = |pair: &[u8]| match big {
                    true => u16::from_be_bytes([pair[0], pair[1]]),
                    false => u16::from_le_bytes([pair[0], pair[1]]),
                };
                let mut at = 0;
                while let Some(pair) = raw.get(at..at + 2) {
                    let first = unit(pair);
                    let both = match first {
                        0xD800..=0xDBFF => match raw.get(at + 2..at + 4) {
                            Some(second) => [first, unit(second)],
                            None => break,
                        },
                        _ => [first, 0],
                    };
                    let decoded = char::decode_utf16(both).next().and_then(Result::ok);
                    at += if decoded.is_some_and(|c| c as u32 > 0xFFFF) { 4 } else { 2 };
                    push(decoded);
                }
                self.raw = raw.split_off(at);
            }
        }
    }
    /// What is left was fed in another encoding than it was taken for: one in which what is used is the same. `MemoryError`.
    pub fn switch(&mut self, cx: &Cx, encoding: Encoding) -> Res<()> {
        let mut left = cx.vector(self.rest().len())?;
        left.extend_from_slice(self.rest());
        self.text.truncate(self.at);
        self.encoding = encoding;
        cx.reserve(&mut self.text, left.len() * 3)?;
        self.decode(&left);
        self.mark.set((0, self.pos, self.after_cr));
        Ok(())
    }
    /// Uses so many bytes of what is there.
    pub fn advance(&mut self, len: usize) {
        let used = &self.text[self.at..self.at + len];
        self.pos = moved(self.pos, used, &self.encoding, &mut self.after_cr);
        self.at += len;
        self.mark.set((0, self.pos, self.after_cr));
    }
    /// Where something stands that is so many bytes away.
    pub fn pos_of(&self, len: usize) -> Pos {
        let len = len.min(self.rest().len());
        let (mut from, mut pos, mut after_cr) = self.mark.get();
        if from > len {
            (from, pos, after_cr) = (0, self.pos, self.after_cr);
        }
        let pos = moved(pos, &self.rest()[from..len], &self.encoding, &mut after_cr);
        self.mark.set((len, pos, after_cr));
        pos
    }
    /// How many bytes of what is there were used.
    pub fn used(&self) -> usize {
        self.at
    }
    /// What is there, from some of what was used on.
    pub fn since(&self, used: usize) -> &[u8] {
        self.text.get(used..).unwrap_or_default()
    }
}

/// Where one is behind a text.
fn moved(mut pos: Pos, text: &[u8], encoding: &Encoding, after_cr: &mut bool) -> Pos {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let len = match byte {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => 1,
        };
        pos.byte += encoding.bytes(byte, len);
        at += len;
        match byte {
            b'\n' if *after_cr => {}
            b'\n' | b'\r' => {
                pos.line += 1;
                pos.column = 0;
            }
            _ => pos.column += 1,
        }
        *after_cr = byte == b'\r';
    }
    pos
}
