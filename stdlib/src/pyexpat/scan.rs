//! Tokens of content: tags, references, text.

use super::chars::{self, Char, Colon, Stop};

/// A token, and how many bytes it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    Text(usize),
    Newline(usize),
    /// A tag that begins an element, or is one.
    Start {
        len: usize,
        empty: bool,
    },
    End(usize),
    Reference(usize),
    Numbered(usize),
    Pi(usize),
    Comment(usize),
    /// `<![CDATA[`
    Cdata(usize),
    /// `]]>` behind it.
    CdataEnd(usize),
    /// It goes on behind what is there.
    Partial,
    PartialChar,
    /// `\r` stands last, and `\n` may follow.
    TrailingCr,
    /// One or two brackets stand last, and `>` may follow.
    TrailingBrackets(usize),
    /// Nothing is left.
    None,
    /// Something at this place cannot be.
    Invalid(usize),
}

/// The token at the beginning of a text. (A place in it counts from its beginning.)
pub fn content(text: &[u8], namespaces: bool) -> Token {
    let Some(&first) = text.first() else { return Token::None };
    match first {
        b'<' => tag(text, namespaces),
        b'&' => reference(text, namespaces),
        b'\n' => Token::Newline(1),
        b'\r' => match text.get(1) {
            Some(b'\n') => Token::Newline(2),
            Some(_) => Token::Newline(1),
            None => Token::TrailingCr,
        },
        b']' => match (text.get(1), text.get(2)) {
            (None, _) => Token::TrailingBrackets(1),
            (Some(b']'), None) => Token::TrailingBrackets(2),
            (Some(b']'), Some(b'>')) => Token::Invalid(2),
            _ => run(text, 1, false),
        },
        _ => run(text, 0, false),
    }
}

/// The token at the beginning of what is left of a CDATA section.
pub fn cdata(text: &[u8]) -> Token {
    match text {
        [] => Token::None,
        [b']', b']', b'>', ..] => Token::CdataEnd(3),
        [b']'] | [b']', b']'] => Token::Partial,
        [b'\n', ..] => Token::Newline(1),
        [b'\r', b'\n', ..] => Token::Newline(2),
        [b'\r'] => Token::TrailingCr,
        [b'\r', ..] => Token::Newline(1),
        [b']', ..] => run(text, 1, true),
        _ => run(text, 0, true),
    }
}

/// Text up to what is none.
fn run(text: &[u8], from: usize, cdata: bool) -> Token {
    let mut at = from;
    loop {
        match chars::at(text, at) {
            Char::Is('<' | '&', _) if !cdata => break,
            Char::Is('\n' | '\r', _) => break,
            Char::Is(']', _) if cdata => break,
            Char::Is(']', _) => match &text[at + 1..] {
                [b']', b'>', ..] => return Token::Invalid(at + 2),
                [] | [b']'] => break,
                _ => at += 1,
            },
            Char::Is(_, len) => at += len,
            Char::Invalid if at == 0 => return Token::Invalid(0),
            Char::Partial if at == 0 => return Token::PartialChar,
            _ => break,
        }
    }
    match at {
        0 => Token::Invalid(0),
        len => Token::Text(len),
    }
}

/// What a colon is in the name of what has no prefix.
pub fn without_prefix(namespaces: bool) -> Colon {
    if namespaces { Colon::Never } else { Colon::Letter }
}

/// What begins with `&`.
pub fn reference(text: &[u8], namespaces: bool) -> Token {
    match text.get(1) {
        None => Token::Partial,
        Some(b'#') => {
            let (digits, from): (fn(&u8) -> bool, _) = match text.get(2) {
                Some(b'x') => (u8::is_ascii_hexdigit, 3),
                _ => (u8::is_ascii_digit, 2),
            };
            match text[from.min(text.len())..].iter().position(|byte| !digits(byte)) {
                None => Token::Partial,
                Some(count) if count > 0 && text[from + count] == b';' => Token::Numbered(from + count + 1),
                Some(count) => Token::Invalid(from + count),
            }
        }
        Some(_) => match chars::name(text, 1, without_prefix(namespaces)) {
            Stop::At(at) if text[at] == b';' => Token::Reference(at + 1),
            Stop::At(at) | Stop::Bad(at) => Token::Invalid(at),
            Stop::More => Token::Partial,
            Stop::Cut => Token::PartialChar,
        },
    }
}

/// What begins with `<`.
fn tag(text: &[u8], namespaces: bool) -> Token {
    match text.get(1) {
        None => Token::Partial,
        Some(b'!') => match text.get(2) {
            None => Token::Partial,
            Some(b'-') => comment(text),
            Some(b'[') => {
                const OPEN: &[u8] = b"<![CDATA[";
                match OPEN.iter().zip(text).position(|(a, b)| a != b) {
                    Some(at) => Token::Invalid(at),
                    None if text.len() < OPEN.len() => Token::Partial,
                    None => Token::Cdata(OPEN.len()),
                }
            }
            Some(_) => Token::Invalid(2),
        },
        Some(b'?') => pi(text, namespaces),
        Some(b'/') if namespaces && text.get(2) == Some(&b':') => Token::Invalid(2),
        // It must be the name that the element began with: a colon is looked at there.
        Some(b'/') => match chars::name(text, 2, Colon::Letter) {
            Stop::At(at) => {
                let at = chars::spaces(text, at);
                match text.get(at) {
                    Some(b'>') => Token::End(at + 1),
                    Some(_) => Token::Invalid(at),
                    None => Token::Partial,
                }
            }
            Stop::Bad(at) => Token::Invalid(at),
            Stop::More => Token::Partial,
            Stop::Cut => Token::PartialChar,
        },
        Some(_) => match attributes(text, namespaces, |_, _| {}) {
            Ok((len, empty)) => Token::Start { len, empty },
            Err(token) => token,
        },
    }
}

/// A comment, from `<!--` on.
pub fn comment(text: &[u8]) -> Token {
    match text.get(3) {
        None => return Token::Partial,
        Some(b'-') => {}
        Some(_) => return Token::Invalid(3),
    }
    let mut at = 4;
    loop {
        match chars::at(text, at) {
            Char::Is('-', _) => match (text.get(at + 1), text.get(at + 2)) {
                (Some(b'-'), Some(b'>')) => return Token::Comment(at + 3),
                (Some(b'-'), Some(_)) => return Token::Invalid(at + 2),
                (None, _) | (Some(b'-'), None) => return Token::Partial,
                _ => at += 1,
            },
            Char::Is(_, len) => at += len,
            Char::Invalid => return Token::Invalid(at),
            Char::Partial => return Token::PartialChar,
            Char::End => return Token::Partial,
        }
    }
}

/// An instruction, from `<?` on. A target that is `xml` is one here, and for the caller to judge; written otherwise it cannot be.
pub fn pi(text: &[u8], namespaces: bool) -> Token {
    let end = match chars::name(text, 2, without_prefix(namespaces)) {
        Stop::At(end) => end,
        Stop::Bad(at) => return Token::Invalid(at),
        Stop::More => return Token::Partial,
        Stop::Cut => return Token::PartialChar,
    };
    let target = &text[2..end];
    if target.eq_ignore_ascii_case(b"xml") && target != b"xml" {
        return Token::Invalid(end);
    }
    let mut at = match text[end] {
        b'?' => match text.get(end + 1) {
            None => return Token::Partial,
            Some(b'>') => return Token::Pi(end + 2),
            Some(_) => return Token::Invalid(end + 1),
        },
        byte if chars::is_space(byte) => end + 1,
        _ => return Token::Invalid(end),
    };
    loop {
        match chars::at(text, at) {
            Char::Is('?', _) => match text.get(at + 1) {
                Some(b'>') => return Token::Pi(at + 2),
                None => return Token::Partial,
                Some(_) => at += 1,
            },
            Char::Is(_, len) => at += len,
            Char::Invalid => return Token::Invalid(at),
            Char::Partial => return Token::PartialChar,
            Char::End => return Token::Partial,
        }
    }
}

/// Target and data of an instruction that was scanned.
pub fn pi_parts(text: &[u8]) -> (&[u8], &[u8]) {
    let body = &text[2..text.len() - 2];
    let end = body.iter().position(|&byte| chars::is_space(byte)).unwrap_or(body.len());
    (&body[..end], &body[chars::spaces(body, end)..])
}

/// Goes over a tag that begins an element, and shows where names and values of attributes stand: how long it is, and whether it is empty.
pub fn attributes(
    text: &[u8],
    namespaces: bool,
    mut show: impl FnMut((usize, usize), (usize, usize)),
) -> Result<(usize, bool), Token> {
    let colon = if namespaces { Colon::Prefix } else { Colon::Letter };
    let name = |from| match chars::name(text, from, colon) {
        Stop::At(at) => Ok(at),
        Stop::Bad(at) => Err(Token::Invalid(at)),
        Stop::More => Err(Token::Partial),
        Stop::Cut => Err(Token::PartialChar),
    };
    let byte = |at: usize| text.get(at).copied().ok_or(Token::Partial);
    let mut at = name(1)?;
    loop {
        let next = chars::spaces(text, at);
        match byte(next)? {
            b'>' => return Ok((next + 1, false)),
            b'/' => {
                return match byte(next + 1)? {
                    b'>' => Ok((next + 2, true)),
                    _ => Err(Token::Invalid(next + 1)),
                };
            }
            _ if next == at => return Err(Token::Invalid(at)),
            _ => {}
        }
        let from = next;
        let to = name(from)?;
        at = chars::spaces(text, to);
        if byte(at)? != b'=' {
            return Err(Token::Invalid(at));
        }
        at = chars::spaces(text, at + 1);
        let quote = byte(at)?;
        if quote != b'"' && quote != b'\'' {
            return Err(Token::Invalid(at));
        }
        let end = value(text, at + 1, quote, namespaces)?;
        show((from, to), (at + 1, end));
        at = end + 1;
    }
}

/// Goes over the value of an attribute, up to its quote.
fn value(text: &[u8], from: usize, quote: u8, namespaces: bool) -> Result<usize, Token> {
    let mut at = from;
    loop {
        match chars::at(text, at) {
            Char::Is(c, _) if c == quote as char => return Ok(at),
            Char::Is('<', _) | Char::Invalid => return Err(Token::Invalid(at)),
            Char::Is('&', _) => match reference(&text[at..], namespaces) {
                Token::Reference(len) | Token::Numbered(len) => at += len,
                Token::Invalid(place) => return Err(Token::Invalid(at + place)),
                token => return Err(token),
            },
            Char::Is(_, len) => at += len,
            Char::Partial => return Err(Token::PartialChar),
            Char::End => return Err(Token::Partial),
        }
    }
}
