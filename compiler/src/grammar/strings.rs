//! Strings next to each other, and the fields of f-strings and t-strings.

use ryokan_bytecode::names::character_named;

use super::reader::Kind;
use super::{Grammar, Miss, Node, P, Rule};

const MIXED: &str = "cannot mix t-string literals with string or bytes literals";

impl Grammar<'_, '_> {
    pub(super) fn string_start(&mut self) -> P<usize> {
        first!(self: self.kind(Kind::String), self.kind(Kind::Start))
    }

    pub(super) fn strings(&mut self) -> P<Node> {
        self.memo(Rule::Strings, |p| {
            let start = p.at;
            first!(p:
                p.wrong(Self::wrong_strings),
                {
                    p.some(Self::plain_or_fstring)?;
                    p.concatenated(start)
                },
                {
                    p.some(Self::tstring)?;
                    Ok(p.node("t-string expression", start))
                },
            )
        })
    }

    fn wrong_strings(&mut self) -> P<()> {
        first!(self:
            {
                let last = self.some(Self::plain_or_fstring)?;
                let other = self.tstring()?;
                self.tell(last.first, other.last, MIXED)
            },
            {
                let last = self.some(Self::tstring)?;
                let other = self.plain_or_fstring()?;
                self.tell(last.first, other.last, MIXED)
            },
        )
    }

    /// What strings next to each other make: all of them are text, or all bytes.
    fn concatenated(&mut self, start: usize) -> P<Node> {
        let (mut fields, mut depth, mut kinds) = (false, 0, [false; 2]);
        for tok in &self.toks[start..self.at] {
            match tok.kind {
                Kind::Start => (fields, depth) = (true, depth + 1),
                Kind::Stop => depth -= 1,
                Kind::String if depth == 0 => kinds[usize::from(is_bytes(tok.text))] = true,
                _ => {}
            }
        }
        if kinds[1] && (kinds[0] || fields) {
            return self.tell_last("cannot mix bytes and nonbytes literals");
        }
        Ok(self.node(if fields { "f-string expression" } else { "literal" }, start))
    }

    fn plain_or_fstring(&mut self) -> P<Node> {
        first!(self: self.fstring('f'), self.string())
    }

    fn string(&mut self) -> P<Node> {
        let at = self.kind(Kind::String)?;
        let text = self.text(at);
        if is_bytes(text) && !text.is_ascii() {
            return self.tell(at, at, "bytes can only contain ASCII literal characters");
        }
        match literal_error(text) {
            Some(message) => self.tell_last(message),
            None => Ok(self.node("literal", at)),
        }
    }

    fn tstring(&mut self) -> P<Node> {
        self.memo(Rule::TString, |p| p.fstring('t'))
    }

    /// A string with fields, of a letter.
    fn fstring(&mut self, letter: char) -> P<Node> {
        let start = self.kind(Kind::Start)?;
        let prefix = self.text(start).to_ascii_lowercase();
        if prefix.contains('t') != (letter == 't') {
            return Err(Miss::No);
        }
        let raw = prefix.contains('r');
        self.many(|p| first!(p: p.field(letter), p.middle(raw)))?;
        self.kind(Kind::Stop)?;
        Ok(self.node("f-string expression", start))
    }

    /// The text between fields.
    fn middle(&mut self, raw: bool) -> P<()> {
        let at = self.kind(Kind::Middle)?;
        let tok = self.toks[at];
        let text = self.cx.source.get(tok.start as usize..tok.end as usize).unwrap_or_default();
        let error = if raw { None } else { pieces(text).find_map(|piece| escape_error(piece, false)) };
        match error {
            Some((start, end, what)) => self.tell_last(codec(start, end, &what)),
            None => Ok(()),
        }
    }

    fn field(&mut self, letter: char) -> P<()> {
        first!(self:
            {
                self.eat("{")?;
                self.right_side()?;
                self.opt(|p| p.eat("="))?;
                self.opt(|p| p.conversion(letter))?;
                self.opt(|p| p.format(letter))?;
                self.eat("}").map(drop)
            },
            {
                if !self.second {
                    return Err(Miss::No);
                }
                self.wrong_field(letter)
            },
        )
    }

    fn conversion(&mut self, letter: char) -> P<()> {
        let bang = self.eat("!")?;
        let name = self.name()?;
        if self.toks[name].start != self.toks[bang].end {
            let message =
                format!("{letter}-string: conversion type must come right after the exclamation mark");
            return self.tell(bang, name, message);
        }
        let text = self.text(name);
        if !matches!(text, "s" | "r" | "a") {
            let message =
                format!("{letter}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
            return self.tell(name, name, message);
        }
        Ok(())
    }

    fn format(&mut self, letter: char) -> P<()> {
        self.eat(":")?;
        self.formats(letter)
    }

    fn formats(&mut self, letter: char) -> P<()> {
        self.many(|p| first!(p: p.kind(Kind::Middle).map(drop), p.field(letter))).map(drop)
    }

    fn wrong_field(&mut self, letter: char) -> P<()> {
        let say = |what: &str| format!("{letter}-string: {what}");
        first!(self:
            {
                self.eat("{")?;
                let at = self.eat_any(&["=", "!", ":", "}"])?;
                let text = self.text(at);
                self.tell(at, at, say(&format!("valid expression required before '{text}'")))
            },
            {
                self.eat("{")?;
                self.not(Self::right_side)?;
                self.tell_next(say("expecting a valid expression after '{'"))
            },
            {
                self.eat("{")?;
                self.right_side()?;
                self.not(|p| p.eat_any(&["=", "!", ":", "}"]))?;
                self.tell_next(say("expecting '=', or '!', or ':', or '}'"))
            },
            {
                self.eat("{")?;
                self.right_side()?;
                self.eat("=")?;
                self.not(|p| p.eat_any(&["!", ":", "}"]))?;
                self.tell_next(say("expecting '!', or ':', or '}'"))
            },
            {
                self.field_value()?;
                self.eat("!")?;
                if self.follows(|p| p.eat_any(&[":", "}"]))? {
                    return self.tell_next(say("missing conversion character"));
                }
                self.not(Self::name)?;
                self.tell_next(say("invalid conversion character"))
            },
            {
                self.field_converted()?;
                self.not(|p| p.eat_any(&[":", "}"]))?;
                self.tell_next(say("expecting ':' or '}'"))
            },
            {
                self.field_converted()?;
                self.eat(":")?;
                self.formats(letter)?;
                self.not(|p| p.eat("}"))?;
                self.tell_next(say("expecting '}', or format specs"))
            },
            {
                self.field_converted()?;
                self.not(|p| p.eat("}"))?;
                self.tell_next(say("expecting '}'"))
            },
        )
    }

    /// A field's beginning, its value, and what may stand behind that.
    fn field_value(&mut self) -> P<()> {
        self.eat("{")?;
        self.right_side()?;
        self.opt(|p| p.eat("=")).map(drop)
    }

    fn field_converted(&mut self) -> P<()> {
        self.field_value()?;
        self.opt(|p| {
            p.eat("!")?;
            p.name()
        })
        .map(drop)
    }

    /// The letter of the f-string or t-string around a token.
    pub(super) fn letter(&self, at: usize) -> char {
        let mut depth = 0;
        for tok in self.toks[..at].iter().rev() {
            match tok.kind {
                Kind::Stop => depth += 1,
                Kind::Start if depth == 0 => {
                    return if tok.text.contains(['t', 'T']) { 't' } else { 'f' };
                }
                Kind::Start => depth -= 1,
                _ => {}
            }
        }
        'f'
    }
}

fn is_bytes(literal: &str) -> bool {
    literal.split(['\'', '"']).next().is_some_and(|prefix| prefix.contains(['b', 'B']))
}

/// What the codec says of a literal's escapes, if it refuses one.
fn literal_error(literal: &str) -> Option<String> {
    let quote = literal.find(['\'', '"'])?;
    let (prefix, body) = literal.split_at(quote);
    if prefix.contains(['r', 'R']) {
        return None;
    }
    let quotes = if body.starts_with("'''") || body.starts_with("\"\"\"") { 3 } else { 1 };
    let inside = body.get(quotes..body.len().saturating_sub(quotes))?;
    let bytes = is_bytes(literal);
    let (start, end, what) = escape_error(inside, bytes)?;
    Some(match bytes {
        true => format!("(value error) invalid \\x escape at position {start}"),
        false => codec(start, end, &what),
    })
}

/// What the codec says of a text's escapes: from where to where, and what.
fn codec(start: usize, end: usize, what: &str) -> String {
    format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{end}: {what}")
}

/// The pieces of a text between fields: behind two braces that stand for one, another begins.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (bytes, mut at) = (rest.as_bytes(), 0);
        while let Some(byte) = bytes.get(at) {
            at += match byte {
                b'\\' if rest[at..].starts_with("\\N{") => {
                    rest[at..].find('}').map_or(rest.len() - at, |end| end + 1)
                }
                b'\\' => 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8),
                b'{' | b'}' if bytes.get(at + 1) == Some(byte) => {
                    let piece = &rest[..at + 1];
                    rest = &rest[at + 2..];
                    return Some(piece);
                }
                _ => 1,
            };
        }
        let last = std::mem::take(&mut rest);
        (!last.is_empty()).then_some(last)
    })
}

/// The first escape that means nothing: from where to where the codec finds it, and what is wrong with it.
fn escape_error(inside: &str, is_bytes: bool) -> Option<(usize, usize, String)> {
    let bytes = inside.as_bytes();
    let wrong =
        |start, end, what: &str| Some((place(inside, start), place(inside, end) - 1, what.to_owned()));
    let mut at = 0;
    while let Some(found) = inside[at..].find('\\') {
        let start = at + found;
        let letter = *bytes.get(start + 1)?;
        if !letter.is_ascii() {
            at = start + 1;
            continue;
        }
        let digits = match letter {
            b'x' => 2,
            b'u' if !is_bytes => 4,
            b'U' if !is_bytes => 8,
            _ => 0,
        };
        let have = bytes[start + 2..].iter().take(digits).take_while(|b| b.is_ascii_hexdigit()).count();
        at = start + 2 + have;
        if digits > 0 && have < digits {
            let shown = ["\\xXX", "\\uXXXX", "\\UXXXXXXXX"][digits / 4];
            return wrong(start, at, &format!("truncated {shown} escape"));
        }
        if digits == 8 && u32::from_str_radix(&inside[start + 2..at], 16).is_ok_and(|c| c > 0x10_FFFF) {
            return wrong(start, at, "illegal Unicode character");
        }
        if letter == b'N' && !is_bytes {
            let malformed = |end| wrong(start, end, "malformed \\N character escape");
            if bytes.get(start + 2) != Some(&b'{') {
                return malformed(start + 2);
            }
            let Some(len) = inside[start + 3..].find('}') else { return malformed(inside.len()) };
            if len == 0 {
                return malformed(start + 3);
            }
            let end = start + 3 + len;
            if character_named(&inside[start + 3..end]).is_none() {
                return wrong(start, end + 1, "unknown Unicode character name");
            }
            at = end + 1;
        }
    }
    None
}

/// Where the codec finds what stands at a byte of a text. It is given an escape of ten letters for each character that is not ASCII,
/// and one of six for a backslash in front of such.
fn place(text: &str, at: usize) -> usize {
    let (mut place, mut escapes) = (0, false);
    for c in text[..at].chars() {
        place += if c.is_ascii() { 1 } else { 10 + 5 * usize::from(escapes) };
        escapes = c == '\\' && !escapes;
    }
    place
}
