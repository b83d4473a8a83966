//! Tokens of what stands before the first element, and of declarations.

use super::chars::{self, Char, Stop};
use super::scan;

/// What kind of token it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Space,
    Name,
    /// A name with a prefix, where there are namespaces.
    Prefixed,
    /// A name with `?`, `*` or `+` behind it.
    NameQuantified(u8),
    Nmtoken,
    /// `#NAME`
    Pound,
    Literal,
    Open,
    /// `)`, with `?`, `*`, `+` or 0.
    Close(u8),
    Or,
    Comma,
    Percent,
    ParamRef,
    OpenBracket,
    CloseBracket,
    /// `<!NAME`
    DeclOpen,
    DeclClose,
    /// `<![`
    SectionOpen,
    /// `]]>`
    SectionClose,
    Pi,
    Comment,
    /// `<` before a name: the first element begins.
    Instance,
}

/// Why there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    None,
    Partial,
    PartialChar,
    Invalid(usize),
}

/// The token at the beginning of a text, and how long it is. `last`: nothing follows the text, so that what could go on ends.
pub fn token(text: &[u8], namespaces: bool, last: bool) -> Result<(Kind, usize), Fault> {
    let Some(&first) = text.first() else { return Err(Fault::None) };
    let more = |at: usize| match text.get(at) {
        Some(&byte) => Ok(byte),
        None if last => Ok(b' '),
        None => Err(Fault::Partial),
    };
    Ok(match first {
        b'"' | b'\'' => return literal(text, first, last),
        b'<' => return opening(text, namespaces),
        b' ' | b'\t' | b'\n' | b'\r' => {
            let end = chars::spaces(text, 0);
            // A line's end that is cut is left for later.
            match text[end - 1] {
                b'\r' if end == text.len() && !last && end > 1 => (Kind::Space, end - 1),
                b'\r' if end == text.len() && !last => return Err(Fault::Partial),
                _ => (Kind::Space, end),
            }
        }
        b'%' => match more(1)? {
            byte if chars::is_space(byte) || byte == b'%' => (Kind::Percent, 1),
            _ => match chars::name(text, 1, scan::without_prefix(namespaces)) {
                Stop::At(at) if text[at] == b';' => (Kind::ParamRef, at + 1),
                Stop::At(at) | Stop::Bad(at) => return Err(Fault::Invalid(at)),
                Stop::More => return Err(Fault::Partial),
                Stop::Cut => return Err(Fault::PartialChar),
            },
        },
        b',' => (Kind::Comma, 1),
        b'[' => (Kind::OpenBracket, 1),
        b']' => match (text.get(1), text.get(2)) {
            (Some(b']'), Some(b'>')) => (Kind::SectionClose, 3),
            (None, _) | (Some(b']'), None) if !last => return Err(Fault::Partial),
            _ => (Kind::CloseBracket, 1),
        },
        b'(' => (Kind::Open, 1),
        b')' => match more(1)? {
            quantifier @ (b'?' | b'*' | b'+') => (Kind::Close(quantifier), 2),
            b'>' | b',' | b'|' | b')' => (Kind::Close(0), 1),
            byte if chars::is_space(byte) => (Kind::Close(0), 1),
            _ => return Err(Fault::Invalid(1)),
        },
        b'|' => (Kind::Or, 1),
        b'>' => (Kind::DeclClose, 1),
        b'#' => match chars::name(text, 1, scan::without_prefix(namespaces)) {
            Stop::At(at) if ends_word(text[at]) => (Kind::Pound, at),
            Stop::More if last && text.len() > 1 => (Kind::Pound, text.len()),
            Stop::At(at) | Stop::Bad(at) => return Err(Fault::Invalid(at)),
            Stop::More => return Err(Fault::Partial),
            Stop::Cut => return Err(Fault::PartialChar),
        },
        _ => return word(text, namespaces, last),
    })
}

/// What can stand right behind a word.
fn ends_word(byte: u8) -> bool {
    matches!(byte, b'>' | b')' | b',' | b'|' | b'[' | b'%') || chars::is_space(byte)
}

/// A name, or a token that is none because it begins otherwise.
fn word(text: &[u8], namespaces: bool, last: bool) -> Result<(Kind, usize), Fault> {
    let mut kind = match chars::at(text, 0) {
        Char::Is(':', _) if namespaces => Kind::Nmtoken,
        Char::Is(c, _) if chars::starts_name(c) => Kind::Name,
        Char::Is(c, _) if chars::is_name(c) => Kind::Nmtoken,
        Char::Partial => return Err(Fault::PartialChar),
        _ => return Err(Fault::Invalid(0)),
    };
    let mut at = 0;
    loop {
        match chars::at(text, at) {
            Char::Is(':', _) if namespaces && at > 0 => {
                let goes_on = matches!(chars::at(text, at + 1), Char::Is(c, _) if c != ':' && chars::is_name(c));
                kind = if kind == Kind::Name && goes_on { Kind::Prefixed } else { Kind::Nmtoken };
                at += 1;
            }
            Char::Is(c, len) if chars::is_name(c) => at += len,
            Char::Is(..) => break,
            Char::Invalid => return Err(Fault::Invalid(at)),
            Char::End if last => return Ok((kind, at)),
            Char::Partial | Char::End => return Err(Fault::Partial),
        }
    }
    match text[at] {
        byte if ends_word(byte) => Ok((kind, at)),
        quantifier @ (b'?' | b'*' | b'+') if kind != Kind::Nmtoken => {
            Ok((Kind::NameQuantified(quantifier), at + 1))
        }
        _ => Err(Fault::Invalid(at)),
    }
}

fn literal(text: &[u8], quote: u8, last: bool) -> Result<(Kind, usize), Fault> {
    let mut at = 1;
    loop {
        match chars::at(text, at) {
            Char::Is(c, _) if c == quote as char => break,
            Char::Is(_, len) => at += len,
            Char::Invalid => return Err(Fault::Invalid(at)),
            Char::Partial => return Err(Fault::PartialChar),
            Char::End => return Err(Fault::Partial),
        }
    }
    match text.get(at + 1) {
        None if last => Ok((Kind::Literal, at + 1)),
        None => Err(Fault::Partial),
        Some(b'>' | b'%' | b'[') => Ok((Kind::Literal, at + 1)),
        Some(&byte) if chars::is_space(byte) => Ok((Kind::Literal, at + 1)),
        Some(_) => Err(Fault::Invalid(at + 1)),
    }
}

/// What begins with `<`.
fn opening(text: &[u8], namespaces: bool) -> Result<(Kind, usize), Fault> {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || (byte == b':' && !namespaces);
    let scanned = match text.get(1) {
        None => return Err(Fault::Partial),
        Some(b'?') => scan::pi(text, namespaces),
        Some(b'!') => match text.get(2) {
            None => return Err(Fault::Partial),
            Some(b'-') => scan::comment(text),
            Some(b'[') => return Ok((Kind::SectionOpen, 3)),
            Some(&byte) if letter(byte) => {
                let end = text[2..].iter().position(|&byte| !letter(byte));
                return match end.map(|len| len + 2) {
                    None => Err(Fault::Partial),
                    Some(at) if chars::is_space(text[at]) => Ok((Kind::DeclOpen, at)),
                    Some(at) if text[at] == b'%' => match text.get(at + 1) {
                        None => Err(Fault::Partial),
                        Some(&byte) if chars::is_space(byte) || byte == b'%' => Err(Fault::Invalid(at)),
                        Some(_) => Ok((Kind::DeclOpen, at)),
                    },
                    Some(at) => Err(Fault::Invalid(at)),
                };
            }
            Some(_) => return Err(Fault::Invalid(2)),
        },
        Some(_) => {
            return match chars::at(text, 1) {
                Char::Is(':', _) if namespaces => Err(Fault::Invalid(1)),
                // What is no ASCII is looked at when the element is read.
                Char::Is(c, _) if !c.is_ascii() || chars::starts_name(c) => Ok((Kind::Instance, 1)),
                Char::Partial => Err(Fault::Partial),
                _ => Err(Fault::Invalid(1)),
            };
        }
    };
    match scanned {
        scan::Token::Pi(len) => Ok((Kind::Pi, len)),
        scan::Token::Comment(len) => Ok((Kind::Comment, len)),
        scan::Token::Invalid(at) => Err(Fault::Invalid(at)),
        scan::Token::PartialChar => Err(Fault::PartialChar),
        _ => Err(Fault::Partial),
    }
}

/// Goes over what an ignored section holds, up to the `]]>` that ends it; sections can be inside.
pub fn ignored(text: &[u8]) -> Result<usize, Fault> {
    let (mut at, mut depth) = (0, 0);
    loop {
        match chars::at(text, at) {
            Char::Is('<', _) if text[at..].starts_with(b"<![") => {
                depth += 1;
                at += 3;
            }
            Char::Is(']', _) if text[at..].starts_with(b"]]>") => {
                at += 3;
                if depth == 0 {
                    return Ok(at);
                }
                depth -= 1;
            }
            Char::Is(_, len) => at += len,
            Char::Invalid => return Err(Fault::Invalid(at)),
            Char::Partial => return Err(Fault::PartialChar),
            Char::End => return Err(Fault::Partial),
        }
    }
}

// ---- the first line --------------------------------------------------------------------------------------------------

/// What `<?xml ..?>` tells: where its parts stand.
#[derive(Default, Debug)]
pub struct Declaration {
    pub version: Option<String>,
    pub encoding: Option<(String, usize)>,
    pub standalone: Option<bool>,
}

/// Reads `<?xml ..?>`, of a document or of an external entity (`text_decl`). Otherwise the place of what is wrong.
pub fn declaration(text: &[u8], text_decl: bool) -> Result<Declaration, usize> {
    let end = text.len() - 2;
    let mut at = 5;
    let mut told = Declaration::default();
    let mut part = pseudo_attribute(text, &mut at, end)?;
    match part {
        None => return Err(at),
        Some((name, value)) if &text[name.0..name.1] == b"version" => {
            let digits = text[value.0..value.1].strip_prefix(b"1.");
            if !digits.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)) {
                return Err(value.0);
            }
            told.version = Some(chars::string(&text[value.0..value.1]));
            part = pseudo_attribute(text, &mut at, end)?;
            if part.is_none() {
                return if text_decl { Err(at) } else { Ok(told) };
            }
        }
        Some((name, _)) if !text_decl => return Err(name.0),
        _ => {}
    }
    if let Some((name, value)) = part
        && &text[name.0..name.1] == b"encoding"
    {
        if !text[value.0].is_ascii_alphabetic() {
            return Err(value.0);
        }
        told.encoding = Some((chars::string(&text[value.0..value.1]), value.0));
        part = pseudo_attribute(text, &mut at, end)?;
    }
    if let Some((name, value)) = part {
        if &text[name.0..name.1] != b"standalone" || text_decl {
            return Err(name.0);
        }
        told.standalone = match &text[value.0..value.1] {
            b"yes" => Some(true),
            b"no" => Some(false),
            _ => return Err(value.0),
        };
    }
    match chars::spaces(&text[..end], at) {
        at if at == end => Ok(told),
        at => Err(at),
    }
}

type Span = (usize, usize);

/// The next `name="value"` before the end.
fn pseudo_attribute(text: &[u8], at: &mut usize, end: usize) -> Result<Option<(Span, Span)>, usize> {
    let text = &text[..end];
    if *at == end {
        return Ok(None);
    }
    if !chars::is_space(text[*at]) {
        return Err(*at);
    }
    let from = chars::spaces(text, *at);
    if from == end {
        *at = from;
        return Ok(None);
    }
    let stop = text[from..].iter().position(|&byte| byte == b'=' || chars::is_space(byte) || !byte.is_ascii());
    let name = (from, stop.map_or(end, |len| from + len));
    let equals = chars::spaces(text, name.1);
    if text.get(equals) != Some(&b'=') || name.0 == name.1 {
        return Err(equals);
    }
    let open = chars::spaces(text, equals + 1);
    let Some(&quote @ (b'"' | b'\'')) = text.get(open) else { return Err(open) };
    let mut close = open + 1;
    loop {
        match text.get(close) {
            Some(&byte) if byte == quote => break,
            Some(byte) if byte.is_ascii_alphanumeric() || b".-_".contains(byte) => close += 1,
            _ => return Err(close),
        }
    }
    *at = close + 1;
    Ok(Some((name, (open + 1, close))))
}
