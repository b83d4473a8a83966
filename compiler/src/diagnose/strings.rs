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
        let bytes = inside.as_bytes();
        let mut at = 0;
        while let Some(found) = inside[at..].find('\\') {
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
                if is_bytes {
                    let message = format!("(value error) invalid \\x escape at position {start}");
                    return Some(Finding::at(message, *token));
                }
                let shown = ["\\xXX", "\\uXXXX", "\\UXXXXXXXX"][digits / 4];
                return Some(self.codec(
                    *token,
                    start,
                    start + 1 + have,
                    &format!("truncated {shown} escape"),
                ));
            }
            if digits == 8 && u32::from_str_radix(&inside[start + 2..at], 16).is_ok_and(|c| c > 0x10_FFFF) {
                return Some(self.codec(*token, start, at - 1, "illegal Unicode character"));
            }
            if letter == b'N' && !is_bytes {
                let end = inside[start..].find('}').map(|end| start + end);
                let (true, Some(end)) = (bytes.get(start + 2) == Some(&b'{'), end) else {
                    return Some(self.codec(*token, start, start + 1, "malformed \\N character escape"));
                };
                if unicode_names2::character(&inside[start + 3..end]).is_none() {
                    return Some(self.codec(*token, start, end, "unknown Unicode character name"));
                }
                at = end + 1;
            }
        }
        None
    }

    fn codec(&self, token: crate::scan::Token, start: usize, end: usize, what: &str) -> Finding {
        let message = format!(
            "(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{end}: {what}"
        );
        Finding::at(message, token)
    }

    /// Errors in the fields of f-strings.
    pub(super) fn field_error(&self, message: &str) -> Option<Finding> {
        let kind = if message.starts_with('t') { 't' } else { 'f' };
        let here = self.token(self.here);
        if message.contains("lambda") {
            let text = format!("{kind}-string: lambda expressions are not allowed without parentheses");
            let end =
                self.tokens[self.here..].iter().find(|t| self.text(**t) == ":").map_or(self.end, |t| t.end);
            return Some(Finding::new(text, here.start, end));
        }
        if message.contains("invalid conversion") {
            let name = self.text(here);
            if matches!(name, "}" | ":" | "") {
                return Some(Finding::at(format!("{kind}-string: missing conversion character"), here));
            }
            let text =
                format!("{kind}-string: invalid conversion character '{name}': expected 's', 'r', or 'a'");
            return Some(Finding::at(text, here));
        }
        None
    }

    /// A field without expression.
    pub(super) fn empty_field(&self) -> Option<Finding> {
        let at = self.here;
        let open = at.checked_sub(1).map(|n| self.token(n))?;
        let before = at.checked_sub(2).map(|n| self.token(n))?;
        if self.text(open) != "{" || before.kind != TokenKind::FString {
            return None;
        }
        let kind = if self.text(before).to_ascii_lowercase().contains('t') { 't' } else { 'f' };
        let here = self.token(at);
        let text = self.text(here);
        match text {
            "}" | "!" | ":" | "=" => {
                let message = format!("{kind}-string: valid expression required before '{text}'");
                Some(Finding::at(message, here))
            }
            _ => Some(Finding::at(format!("{kind}-string: expecting a valid expression after '{{'"), here)),
        }
    }
}
