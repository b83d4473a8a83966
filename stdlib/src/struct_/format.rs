//! Formats: what a string like `<2hq` says of the bytes of a record.

use ryokan_vm::native::*;

use super::ERROR;

/// What kind of thing a code packs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `x`: bytes that nobody reads.
    Pad,
    /// `c`: one byte.
    Char,
    /// `?`
    Bool,
    /// `b h i l q n`
    Signed,
    /// `B H I L Q N`
    Unsigned,
    /// `P`: an address.
    Pointer,
    /// `e f d`
    Float,
    /// `F D`: two floats.
    Complex,
    /// `s`: so many bytes.
    Bytes,
    /// `p`: a length and so many bytes less one.
    Pascal,
}

/// One code of a format, with its count.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// What it packs.
    pub kind: Kind,
    /// The letter, for messages.
    pub letter: char,
    /// Bytes of one item.
    pub size: usize,
    /// How many items there are. (`s` and `p` are one; `x` is none.)
    pub items: usize,
    /// Where the first begins.
    pub offset: usize,
}

/// A whole format.
pub struct Format {
    /// The codes that have items, in order, in the heap's budget: if there are few items, a code for each of them.
    pub codes: Vector<Code>,
    /// How many codes the text has that have items.
    pub groups: usize,
    /// Bytes of a record.
    pub size: usize,
    /// Items of a record.
    pub items: usize,
    /// Whether the most significant byte comes first.
    pub big: bool,
    /// Of the format itself, which lies outside of the heap.
    _charge: Charge,
}

/// Goes through the items of a record: the code of each, and where it begins.
pub struct Places<'a> {
    codes: std::slice::Iter<'a, Code>,
    code: Option<&'a Code>,
    /// How many items of the code are still to come, and where the next one begins.
    left: usize,
    at: usize,
}

impl Format {
    /// The places of all items.
    pub fn places(&self) -> Places<'_> {
        Places { codes: self.codes.iter(), code: None, left: 0, at: 0 }
    }
}

impl<'a> Iterator for Places<'a> {
    type Item = (&'a Code, usize);
    #[inline]
    fn next(&mut self) -> Option<(&'a Code, usize)> {
        while self.left == 0 {
            let code = self.codes.next()?;
            (self.code, self.left, self.at) = (Some(code), code.items, code.offset);
        }
        let (code, at) = (self.code?, self.at);
        self.left -= 1;
        self.at += code.size;
        Some((code, at))
    }
}

/// So many items have codes of their own.
const FEW: usize = 16;

/// How numbers lie in memory.
#[derive(Clone, Copy)]
struct Order {
    big: bool,
    /// With C's sizes and gaps.
    native: bool,
}

/// Kind and bytes of a letter.
fn letter(code: u8, order: Order) -> Option<(Kind, usize)> {
    let word = if order.native { 8 } else { 4 };
    Some(match code {
        b'x' => (Kind::Pad, 1),
        b'c' => (Kind::Char, 1),
        b'?' => (Kind::Bool, 1),
        b'b' => (Kind::Signed, 1),
        b'B' => (Kind::Unsigned, 1),
        b'h' => (Kind::Signed, 2),
        b'H' => (Kind::Unsigned, 2),
        b'i' => (Kind::Signed, 4),
        b'I' => (Kind::Unsigned, 4),
        b'l' => (Kind::Signed, word),
        b'L' => (Kind::Unsigned, word),
        b'q' => (Kind::Signed, 8),
        b'Q' => (Kind::Unsigned, 8),
        b'n' if order.native => (Kind::Signed, 8),
        b'N' if order.native => (Kind::Unsigned, 8),
        b'P' if order.native => (Kind::Pointer, 8),
        b'e' => (Kind::Float, 2),
        b'f' => (Kind::Float, 4),
        b'd' => (Kind::Float, 8),
        b'F' => (Kind::Complex, 8),
        b'D' => (Kind::Complex, 16),
        b's' => (Kind::Bytes, 1),
        b'p' => (Kind::Pascal, 1),
        _ => return None,
    })
}

/// The order that a format begins with, and what is behind it.
fn order(text: &[u8]) -> (Order, &[u8]) {
    let native_big = cfg!(target_endian = "big");
    match text {
        [b'@', rest @ ..] => (Order { big: native_big, native: true }, rest),
        [b'=', rest @ ..] => (Order { big: native_big, native: false }, rest),
        [b'<', rest @ ..] => (Order { big: false, native: false }, rest),
        [b'>' | b'!', rest @ ..] => (Order { big: true, native: false }, rest),
        _ => (Order { big: native_big, native: true }, text),
    }
}

impl Format {
    /// Reads a format; `struct.error`.
    pub fn parse(cx: &Cx, text: &[u8]) -> Res<Format> {
        cx.work_on_bytes(text.len().saturating_mul(16))?;
        if text.contains(&0) {
            return Err(cx.raise_of(&ERROR, "embedded null character"));
        }
        let (order, rest) = order(text);
        // With the counts in front of it, and what the system's allocator adds.
        let charge = cx.charge(size_of::<Format>() + 32)?;
        let mut format = Format { _charge: charge, codes: cx.vector(rest.len().min(8))?, groups: 0, size: 0, items: 0, big: order.big };
        let mut at = 0;
        while at < rest.len() {
            if rest[at].is_ascii_whitespace() || rest[at] == 0x0b {
                at += 1;
                continue;
            }
            let count = count(cx, rest, &mut at)?;
            let Some(&code) = rest.get(at) else {
                return Err(cx.raise_of(&ERROR, "repeat count given without format specifier"));
            };
            at += 1;
            let Some((kind, size)) = letter(code, order) else {
                return Err(cx.raise_of(&ERROR, "bad char in struct format"));
            };
            format.add(cx, kind, code as char, size, count.unwrap_or(1), order.native)?;
        }
        Ok(format)
    }

    fn add(
        &mut self,
        cx: &Cx,
        kind: Kind,
        letter: char,
        size: usize,
        count: usize,
        aligned: bool,
    ) -> Res<()> {
        let align = match kind {
            Kind::Complex if aligned => size / 2,
            _ if aligned => size,
            _ => 1,
        };
        let end = self
            .size
            .checked_next_multiple_of(align)
            .and_then(|offset| Some((offset, offset.checked_add(size.checked_mul(count)?)?)))
            .filter(|(_, end)| *end <= isize::MAX as usize);
        let Some((offset, end)) = end else { return Err(cx.raise_of(&ERROR, "total struct size too long")) };
        let (size, items) = match kind {
            Kind::Pad => (count, 0),
            Kind::Bytes | Kind::Pascal => (count, 1),
            _ => (size, count),
        };
        self.size = end;
        if items == 0 {
            return Ok(());
        }
        self.items += items;
        self.groups += 1;
        let (codes, items) = if self.items <= FEW { (items, 1) } else { (1, items) };
        cx.reserve(&mut self.codes, codes)?;
        self.codes.extend((0..codes).map(|at| Code { kind, letter, size, items, offset: offset + at * size }));
        Ok(())
    }
}

/// The number in front of a code, if there is one.
fn count(cx: &Cx, text: &[u8], at: &mut usize) -> Res<Option<usize>> {
    let mut count: Option<usize> = None;
    while let Some(digit @ b'0'..=b'9') = text.get(*at) {
        let more = count.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(usize::from(digit - b'0')));
        match more.filter(|n| *n <= isize::MAX as usize) {
            Some(number) => count = Some(number),
            None => return Err(cx.raise_of(&ERROR, "total struct size too long")),
        }
        *at += 1;
    }
    Ok(count)
}
