//! Numbers.

use super::{S, Scanner, TokenKind};

impl Scanner<'_> {
    /// A number, and what may not follow it.
    pub(super) fn number(&mut self) -> S<()> {
        let start = self.at;
        self.in_line = true;
        let radix = match (self.bytes[start], self.peek(1) | 0x20) {
            (b'0', b'x') => Some(("hexadecimal", 16)),
            (b'0', b'o') => Some(("octal", 8)),
            (b'0', b'b') => Some(("binary", 2)),
            _ => None,
        };
        match radix {
            Some((name, radix)) => self.radix(name, radix)?,
            None => self.decimal(start)?,
        }
        self.link();
        self.token(TokenKind::Number, start);
        Ok(())
    }

    fn radix(&mut self, name: &str, radix: u32) -> S<()> {
        self.at += 2;
        loop {
            if self.peek(0) == b'_' {
                self.at += 1;
            }
            let digits = self.at;
            while char::from(self.peek(0)).is_digit(radix) {
                self.at += 1;
            }
            if self.at == digits {
                let byte = self.peek(0);
                if byte.is_ascii_digit() {
                    let shown = char::from(byte);
                    return self.error(self.at, format!("invalid digit '{shown}' in {name} literal"));
                }
                return self.error(self.at.saturating_sub(1), format!("invalid {name} literal"));
            }
            if self.peek(0) != b'_' {
                break;
            }
        }
        let byte = self.peek(0);
        if byte.is_ascii_digit() {
            return self.error(self.at, format!("invalid digit '{}' in {name} literal", char::from(byte)));
        }
        self.after_number(name)
    }

    /// Digits with single underscores between them.
    fn digits(&mut self) -> S<()> {
        loop {
            while self.peek(0).is_ascii_digit() {
                self.at += 1;
            }
            if self.peek(0) != b'_' {
                return Ok(());
            }
            self.at += 1;
            if !self.peek(0).is_ascii_digit() {
                return self.error(self.at - 1, "invalid decimal literal");
            }
        }
    }

    fn decimal(&mut self, start: usize) -> S<()> {
        if self.peek(0) != b'.' {
            self.digits()?;
        }
        let whole = self.at;
        let mut integer = true;
        if self.peek(0) == b'.' {
            integer = false;
            self.at += 1;
            if self.peek(0).is_ascii_digit() {
                self.digits()?;
            }
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                integer = false;
                self.at += 1 + sign;
                self.digits()?;
            } else if sign == 1 {
                self.at += 1;
                return self.error(self.at, "invalid decimal literal");
            } else {
                // A keyword, or nothing; zeros in front are not looked at.
                return self.after_number("decimal");
            }
        }
        if matches!(self.peek(0), b'j' | b'J') {
            self.at += 1;
            return self.after_number("imaginary");
        }
        let text = &self.bytes[start..whole];
        if integer && text[0] == b'0' && text.iter().any(|b| (b'1'..=b'9').contains(b)) {
            let zeros = text.iter().take_while(|b| matches!(b, b'0' | b'_')).count();
            return self.error_to(
                start,
                start + zeros,
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
            );
        }
        self.after_number("decimal")
    }

    /// A name may not follow a number, but for keywords.
    fn after_number(&mut self, name: &str) -> S<()> {
        let rest = &self.text[self.at..];
        let goes_on = |c: char| c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii();
        let word = &rest[..rest.find(|c| !goes_on(c)).unwrap_or(rest.len())];
        // (Of the short ones only the letters are looked at.)
        let keyword = ["and", "else", "for", "or", "not"].contains(&word)
            || ["if", "in", "is"].iter().any(|short| word.starts_with(short));
        let letter = rest.chars().next().is_some_and(|c| c == '_' || c.is_ascii_alphanumeric());
        let message = format!("invalid {name} literal");
        if letter && !keyword {
            return self.error(self.at.saturating_sub(1), message);
        }
        // The text is scanned once more where an error is to be explained.
        if keyword && self.tokens.is_none() {
            self.cx.warn_text(self.cx.span(self.at as u32 - 1, self.at as u32), message);
        }
        Ok(())
    }
}
