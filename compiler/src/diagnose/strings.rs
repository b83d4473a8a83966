//! Escapes that mean nothing, and the fields of f-strings.

use super::{Diagnosis, Finding};
use crate::scan::TokenKind;

impl Diagnosis<'_, '_> {
    /// What the `unicodeescape` codec would say of the literal here.
    pub(super) fn bad_escape(&self) -> Option<Finding> {
        let token =
            self.tokens.iter().rev().find(|t| t.kind == TokenKind::String && t.start <= self.start)?;
        let text = self.text(*token);
        let quote_at = text.find(['\'', '"'])?;
        let is_bytes = text[..quote_at].to_ascii_lowercase().contains('b');
        let body = &text[quote_at..];
        let quotes = if body.starts_with("'''") || body.starts_with("\"\"\"") { 3 } else { 1 };
        let inside = body.get(quotes..body.len().saturating_sub(quotes))?;
        let (start, end, what) = escape_error(inside, is_bytes)?;
        if is_bytes {
            let message = format!("(value error) invalid \\x escape at position {start}");
            return Some(Finding::at(message, *token));
        }
        Some(Finding::at(codec(start, end, &what), *token))
    }

    /// The same of the text in an f-string or t-string: what stands between two of its tokens, outside of fields.
    pub(super) fn bad_text_escape(&self) -> Option<Finding> {
        let mut raw = Vec::new();
        for (at, pair) in self.tokens.windows(2).enumerate() {
            let [token, next] = pair else { continue };
            match token.kind {
                TokenKind::FString if self.opens_fstring(at) => {
                    raw.push(self.text(*token).to_ascii_lowercase().contains('r'));
                }
                TokenKind::FString => drop(raw.pop()),
                _ => {}
            }
            let text = self.cx.source.get(token.end as usize..next.start as usize).unwrap_or_default();
            if raw.last() == Some(&false)
                && let Some((start, end, what)) = escape_error(text, false)
            {
                return Some(Finding::new(codec(start, end, &what), token.end, next.start));
            }
        }
        None
    }

    /// Errors in the fields of f-strings.
    pub(super) fn field_error(&self, message: &str) -> Option<Finding> {
        let kind = if message.starts_with('t') { 't' } else { 'f' };
        let here = self.token(self.here);
        if message.contains("lambda") {
            if self.text_at(self.here + 1) == "}" {
                let text = format!("{kind}-string: expecting a valid expression after '{{'");
                return Some(Finding::at(text, here));
            }
            let text = format!("{kind}-string: lambda expressions are not allowed without parentheses");
            let end =
                self.tokens[self.here..].iter().find(|t| self.text(**t) == ":").map_or(self.end, |t| t.end);
            return Some(Finding::new(text, here.start, end));
        }
        None
    }

    /// The letter of the f-string or t-string whose field begins at `field`.
    fn field_letter(&self, field: usize) -> char {
        let mut depth = 0;
        for token in self.tokens[..field].iter().rev().filter(|t| t.kind == TokenKind::FString) {
            let text = self.text(*token);
            match text.starts_with(['"', '\'']) {
                true => depth += 1,
                false if depth == 0 => {
                    return if text.to_ascii_lowercase().contains('t') { 't' } else { 'f' };
                }
                false => depth -= 1,
            }
        }
        'f'
    }

    /// What is wrong in the field of an f-string that holds the error.
    pub(super) fn field_rules(&self) -> Option<Finding> {
        let field = self.opener(self.here).filter(|open| self.token(*open).kind == TokenKind::Field)?;
        let letter = self.field_letter(field);
        let say =
            |what: &str, at: usize| Some(Finding::at(format!("{letter}-string: {what}"), self.token(at)));
        let first = field + 1;
        let text = self.text_at(first);
        if matches!(text, "}" | "!" | ":" | "=") {
            return say(&format!("valid expression required before '{text}'"), first);
        }
        let stands_alone = matches!(self.text_at(first + 1), "}" | "!" | ":" | "=");
        if text == "*" && stands_alone || text == "lambda" && self.text_at(first + 1) == "}" {
            return say("expecting a valid expression after '{'", first);
        }
        if text == "lambda" || self.else_missing(self.here).is_some() || self.bare_star(self.here).is_some() {
            return None;
        }
        let end = match text {
            "yield" => self.star_expressions(first + 1).unwrap_or(first + 1),
            _ => match self.star_expressions(first) {
                Some(end) => end,
                None => return say("expecting a valid expression after '{'", first),
            },
        };
        let mut at = end;
        let equals = self.text_at(at) == "=";
        if equals {
            at += 1;
        }
        match self.text_at(at) {
            "!" => self.conversion(at, letter),
            "}" | ":" => None,
            _ if equals => say("expecting '!', or ':', or '}'", at),
            _ if self.comma_missing(at).is_some() => self.comma_missing(at),
            _ => say("expecting '=', or '!', or ':', or '}'", at),
        }
    }

    /// What follows a field's `!`.
    fn conversion(&self, bang: usize, letter: char) -> Option<Finding> {
        let name = self.tokens.get(bang + 1)?;
        let say = |what: &str, token: crate::scan::Token| {
            Some(Finding::at(format!("{letter}-string: {what}"), token))
        };
        let text = self.text(*name);
        if name.kind != TokenKind::Name {
            return match text {
                "}" | ":" => say("missing conversion character", *name),
                _ => say("invalid conversion character", *name),
            };
        }
        if name.start != self.token(bang).end {
            let message =
                format!("{letter}-string: conversion type must come right after the exclamation mark");
            return Some(Finding::new(message, self.token(bang).start, name.end));
        }
        if !matches!(text, "s" | "r" | "a") {
            let what = format!("invalid conversion character '{text}': expected 's', 'r', or 'a'");
            return say(&what, *name);
        }
        match self.text_at(bang + 2) {
            ":" | "}" => None,
            _ => say("expecting ':' or '}'", self.token(bang + 2)),
        }
    }
}

/// What the codec says of a text's escapes: from where to where, and what.
fn codec(start: usize, end: usize, what: &str) -> String {
    format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{end}: {what}")
}

/// The first escape that means nothing: from where to where, and what is wrong with it.
fn escape_error(inside: &str, is_bytes: bool) -> Option<(usize, usize, String)> {
    let bytes = inside.as_bytes();
    let mut at = 0;
    while let Some(found) = inside.get(at..)?.find('\\') {
        let start = at + found;
        let letter = *bytes.get(start + 1)?;
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
            return Some((start, start + 1 + have, format!("truncated {shown} escape")));
        }
        if digits == 8 && u32::from_str_radix(&inside[start + 2..at], 16).is_ok_and(|c| c > 0x10_FFFF) {
            return Some((start, at - 1, "illegal Unicode character".to_owned()));
        }
        if letter == b'N' && !is_bytes {
            let end = inside[start..].find('}').map(|end| start + end);
            let (true, Some(end)) = (bytes.get(start + 2) == Some(&b'{'), end) else {
                return Some((start, start + 1, "malformed \\N character escape".to_owned()));
            };
            if unicode_names2::character(&inside[start + 3..end]).is_none() {
                return Some((start, end, "unknown Unicode character name".to_owned()));
            }
            at = end + 1;
        }
    }
    None
}
