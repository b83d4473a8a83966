//! Characters of XML, as they stand in UTF-8.

use super::letters;

/// What stands at a place of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Char {
    /// A character, and how many bytes it has.
    Is(char, usize),
    /// Bytes that are none, or one that XML does not allow.
    Invalid,
    /// The beginning of one.
    Partial,
    /// Nothing any more.
    End,
}

/// Looks at a place.
pub fn at(text: &[u8], at: usize) -> Char {
    let Some(&first) = text.get(at) else { return Char::End };
    if first < 0x80 {
        return match first {
            b'\t' | b'\n' | b'\r' | 0x20.. => Char::Is(first as char, 1),
            _ => Char::Invalid,
        };
    }
    let len = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return Char::Invalid,
    };
    let Some(bytes) = text.get(at..at + len) else { return Char::Partial };
    match std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next()) {
        Some('\u{FFFE}' | '\u{FFFF}') | None => Char::Invalid,
        Some(c) => Char::Is(c, len),
    }
}

pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether one of these ranges has a character.
fn among(ranges: &[(u16, u16)], c: char) -> bool {
    let Ok(c) = u16::try_from(u32::from(c)) else { return false };
    let at = ranges.partition_point(|&(_, to)| to < c);
    ranges.get(at).is_some_and(|&(from, _)| from <= c)
}
/// Whether a name can begin with a character.
pub fn starts_name(c: char) -> bool {
    match c {
        ':' | '_' | 'A'..='Z' | 'a'..='z' => true,
        '\0'..='\u{7F}' => false,
        _ => among(&letters::STARTS, c),
    }
}
/// Whether a name can go on with a character.
pub fn is_name(c: char) -> bool {
    match c {
        '-' | '.' | '0'..='9' => true,
        _ => starts_name(c) || (!c.is_ascii() && among(&letters::CONTINUES, c)),
    }
}

/// What ended a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// A character that is none of a name, at this place.
    At(usize),
    /// Something that cannot stand there, at this place.
    Bad(usize),
    /// The end of the text.
    More,
    /// The end of the text, in a character.
    Cut,
}

/// What a colon is in a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Colon {
    Letter,
    /// It stands between a prefix and a name, and once.
    Prefix,
    /// It cannot be there.
    Never,
}

/// Goes over a name from a place on.
pub fn name(text: &[u8], from: usize, colon: Colon) -> Stop {
    let (mut place, mut begins, mut seen) = (from, true, false);
    loop {
        match at(text, place) {
            Char::Is(':', 1) if colon != Colon::Letter => {
                if begins || seen || colon == Colon::Never {
                    return Stop::Bad(place);
                }
                (seen, begins) = (true, true);
                place += 1;
            }
            Char::Is(c, len) if (if begins { starts_name(c) } else { is_name(c) }) => {
                begins = false;
                place += len;
            }
            Char::Is(..) if begins => return Stop::Bad(place),
            Char::Is(..) => return Stop::At(place),
            Char::Invalid => return Stop::Bad(place),
            Char::Partial => return Stop::Cut,
            Char::End => return Stop::More,
        }
    }
}

/// Goes over spaces.
pub fn spaces(text: &[u8], from: usize) -> usize {
    text[from..].iter().position(|&byte| !is_space(byte)).map_or(text.len(), |count| from + count)
}

/// A piece of text that was gone over.
pub fn string(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// The five entities that need no declaration.
pub fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// A reference by number, `&#..;`: the character that it stands for, if XML allows that.
pub fn numbered(reference: &str) -> Option<char> {
    let digits = reference.strip_prefix("&#")?.strip_suffix(';')?;
    let number = match digits.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    let c = char::from_u32(number.ok()?)?;
    match c {
        '\t' | '\n' | '\r' => Some(c),
        '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => None,
        _ => Some(c),
    }
}
