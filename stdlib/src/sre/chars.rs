//! Characters: units of the widths that subjects have, case, and sets.


use ryokan_vm::native::unicode;

use super::codes::category;

/// A unit of a subject: a byte, or a character of a str of one, two or four bytes each.
pub trait Unit: Copy + Into<u32> + 'static {
    /// Whether it is always below 256.
    const BYTE: bool;
    /// The first place of a character.
    fn position(units: &[Self], c: u32) -> Option<usize>;
    /// The first place of a text of characters.
    fn find(units: &[Self], text: &Literal) -> Option<usize>;
    /// The units, if they are bytes.
    fn bytes(units: &[Self]) -> Option<&[u8]>;
}

/// Characters in a row, also as bytes if they can be.
pub struct Literal {
    /// The characters.
    pub chars: Vec<u32>,
    /// The same as bytes; nothing if there is one above 255.
    pub bytes: Option<memchr::memmem::Finder<'static>>,
}

impl Literal {
    /// Of characters.
    pub fn new(chars: Vec<u32>) -> Literal {
        let bytes: Option<Vec<u8>> = chars.iter().map(|c| u8::try_from(*c).ok()).collect();
        let bytes = bytes.map(|bytes| memchr::memmem::Finder::new(&bytes).into_owned());
        Literal { chars, bytes }
    }
    /// Bytes that it takes, what lies elsewhere included: the characters once more as bytes, and the blocks that hold both.
    pub fn size(&self) -> usize {
        size_of::<Literal>() + self.chars.capacity() * size_of::<u32>() + self.chars.len() + 32
    }
}

impl Unit for u8 {
    const BYTE: bool = true;
    #[inline]
    fn position(units: &[u8], c: u32) -> Option<usize> {
        memchr::memchr(u8::try_from(c).ok()?, units)
    }
    fn find(units: &[u8], text: &Literal) -> Option<usize> {
        text.bytes.as_ref()?.find(units)
    }
    #[inline(always)]
    fn bytes(units: &[u8]) -> Option<&[u8]> {
        Some(units)
    }
}

/// The first place of a text, found by its first character.
fn find_wide<U: Unit>(units: &[U], text: &Literal) -> Option<usize> {
    let first = *text.chars.first()?;
    let mut from = 0;
    loop {
        let at = from + U::position(units.get(from..)?, first)?;
        let there = units.get(at..at + text.chars.len())?;
        if there.iter().zip(&text.chars).all(|(a, b)| (*a).into() == *b) {
            return Some(at);
        }
        from = at + 1;
    }
}

impl Unit for u16 {
    const BYTE: bool = false;
    fn position(units: &[u16], c: u32) -> Option<usize> {
        let c = u16::try_from(c).ok()?;
        find_in_blocks(units, |unit| unit == c)
    }
    fn find(units: &[u16], text: &Literal) -> Option<usize> {
        find_wide(units, text)
    }
    #[inline(always)]
    fn bytes(_: &[u16]) -> Option<&[u8]> {
        None
    }
}

impl Unit for u32 {
    const BYTE: bool = false;
    fn position(units: &[u32], c: u32) -> Option<usize> {
        find_in_blocks(units, |unit| unit == c)
    }
    fn find(units: &[u32], text: &Literal) -> Option<usize> {
        find_wide(units, text)
    }
    #[inline(always)]
    fn bytes(_: &[u32]) -> Option<&[u8]> {
        None
    }
}

/// The first unit that passes. Whole blocks are tested without a branch, which the compiler makes vector instructions of.
fn find_in_blocks<U: Copy>(units: &[U], test: impl Fn(U) -> bool) -> Option<usize> {
    const BLOCK: usize = 32;
    let mut from = 0;
    for block in units.chunks_exact(BLOCK) {
        if block.iter().fold(false, |any, unit| any | test(*unit)) {
            break;
        }
        from += BLOCK;
    }
    units[from..].iter().position(|unit| test(*unit)).map(|at| from + at)
}

// ---- case ------------------------------------------------------------------------------------------------------------

/// How a pattern disregards case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fold {
    /// It does not.
    Exact,
    /// Of ASCII letters.
    Ascii,
    /// Of the letters of the locale, which are those of ASCII.
    Locale,
    /// Of all letters.
    Unicode,
}

/// Lower case of an ASCII letter; other characters stay.
pub fn lower_ascii(c: u32) -> u32 {
    if (0x41..=0x5A).contains(&c) { c + 0x20 } else { c }
}
fn upper_ascii(c: u32) -> u32 {
    if (0x61..=0x7A).contains(&c) { c - 0x20 } else { c }
}
/// Lower case of a character, one of one.
pub fn lower_unicode(c: u32) -> u32 {
    if c < 0x80 { lower_ascii(c) } else { unicode::lower(c).first().copied().unwrap_or(c) }
}
/// Upper case of a character, one of one.
pub fn upper_unicode(c: u32) -> u32 {
    if c < 0x80 { upper_ascii(c) } else { unicode::upper(c).first().copied().unwrap_or(c) }
}

impl Fold {
    /// A character, so that those that are the same but for case become one.
    #[inline]
    pub fn lower(self, c: u32) -> u32 {
        match self {
            Fold::Exact => c,
            Fold::Ascii | Fold::Locale => lower_ascii(c),
            Fold::Unicode => lower_unicode(c),
        }
    }
}

// ---- sets ------------------------------------------------------------------------------------------------------------

/// A part of a set.
pub enum Item {
    /// A character.
    Char(u32),
    /// Characters from one to another.
    Range(u32, u32),
    /// The same, of characters or of their upper case.
    RangeIgnore(u32, u32),
    /// A category, by its number.
    Category(u32),
    /// Bits of the characters below 256.
    Bits([u32; 8]),
    /// Bits of the characters below 65,536, in blocks of 256: which block, and the blocks.
    Blocks(Box<[u8; 256]>, Vec<[u32; 8]>),
    /// What follows is what is not in the set; what stands before still is.
    Negate,
}

/// Whether a character is of a category of `\w` as Unicode has it.
fn is_word(c: u32) -> bool {
    c == u32::from(b'_') || unicode::is_alnum(c)
}

/// Whether a character is of a category.
fn in_category(number: u32, c: u32) -> bool {
    use category::*;
    let byte = u8::try_from(c).unwrap_or(0xFF);
    let found = match number & !1 {
        DIGIT => byte.is_ascii_digit(),
        SPACE => matches!(byte, b'\t'..=b'\r' | b' '),
        WORD | LOC_WORD => byte.is_ascii_alphanumeric() || byte == b'_',
        LINEBREAK => byte == b'\n',
        UNI_DIGIT => unicode::decimal(c).is_some(),
        UNI_SPACE => unicode::is_space(c),
        UNI_WORD => is_word(c),
        _ => unicode::is_line_break(c),
    };
    found == (number & 1 == 0)
}

fn bit(bits: &[u32; 8], c: u32) -> bool {
    bits[(c >> 5 & 7) as usize] >> (c & 31) & 1 != 0
}

fn item_has(item: &Item, c: u32) -> bool {
    match item {
        Item::Char(one) => c == *one,
        Item::Range(from, to) => (*from..=*to).contains(&c),
        Item::RangeIgnore(from, to) => {
            (*from..=*to).contains(&c) || (*from..=*to).contains(&upper_unicode(c))
        }
        Item::Category(number) => in_category(*number, c),
        Item::Bits(bits) => c < 256 && bit(bits, c),
        Item::Blocks(index, blocks) => {
            c < 65_536
                && blocks.get(usize::from(index[(c >> 8) as usize])).is_some_and(|bits| bit(bits, c))
        }
        Item::Negate => false,
    }
}

/// Whether items have a character.
fn has(items: &[Item], c: u32) -> bool {
    let mut answer = true;
    for item in items {
        if matches!(item, Item::Negate) {
            answer = !answer;
        } else if item_has(item, c) {
            return answer;
        }
    }
    !answer
}

/// A set of characters: a table of those below 256, and what the others are asked.
pub struct Set {
    /// Which of the characters below 256 are in it.
    pub low: [bool; 256],
    items: Vec<Item>,
    fold: Fold,
    inverted: bool,
}

impl Set {
    /// Of items, case being disregarded so; or all that are not in there.
    pub fn new(items: Vec<Item>, fold: Fold, inverted: bool) -> Set {
        let mut set = Set { low: [false; 256], items, fold, inverted };
        for c in 0..256 {
            set.low[c as usize] = set.ask(c);
        }
        set
    }
    fn ask(&self, c: u32) -> bool {
        let found = match self.fold {
            Fold::Exact => has(&self.items, c),
            Fold::Locale => {
                let (lower, upper) = (lower_ascii(c), upper_ascii(c));
                // A character is not in what is negated if either case is in the rest.
                let negated = matches!(self.items.first(), Some(Item::Negate));
                [lower, upper].iter().any(|c| has(&self.items, *c) != negated) != negated
            }
            fold => has(&self.items, fold.lower(c)),
        };
        found != self.inverted
    }
    /// Whether a unit is in it.
    #[inline(always)]
    pub fn has<U: Unit>(&self, unit: U) -> bool {
        let c = unit.into();
        if U::BYTE || c < 256 { self.low[(c & 0xFF) as usize] } else { self.ask(c) }
    }
    /// Bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        let blocks = self.items.iter().map(|item| match item {
            Item::Blocks(_, blocks) => 256 + blocks.len() * 32,
            _ => 0,
        });
        size_of::<Set>() + self.items.capacity() * size_of::<Item>() + blocks.sum::<usize>()
    }
    /// Whether it is `\w` as Unicode has it.
    pub fn is_unicode_word(&self) -> bool {
        !self.inverted
            && self.fold == Fold::Exact
            && matches!(self.items[..], [Item::Category(category::UNI_WORD)])
    }
    /// Whether it cannot have a character above 255.
    pub fn is_low(&self) -> bool {
        let within = |item: &Item| match item {
            Item::Char(c) => *c < 256,
            Item::Range(_, to) => *to < 256,
            Item::Bits(_) => true,
            Item::Category(number) => {
                *number & 1 == 0 && *number < category::UNI_DIGIT
            }
            _ => false,
        };
        // Letters above 255 have lower cases below: the Kelvin sign, say.
        !self.inverted && matches!(self.fold, Fold::Exact | Fold::Ascii) && self.items.iter().all(within)
    }
}
