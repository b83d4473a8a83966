//! Strings, and the text and fields of f-strings and t-strings.

use super::{FString, MAX_FSTRINGS, S, Scanner, TokenKind};

/// Most format specs inside each other, as in CPython.
const MAX_SPECS: usize = 2;

/// Whether the letters in front of a quote belong to the string: each of them at most once.
pub(super) fn is_prefix(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let once = |(at, c): (usize, char)| "burft".contains(c) && !name[..at].contains(c);
    name.char_indices().all(once)
}

/// Letters that do not go together, in the order in which they are looked for.
const AT_ODDS: [(char, char); 7] =
    [('u', 'b'), ('u', 'r'), ('u', 'f'), ('u', 't'), ('b', 'f'), ('b', 't'), ('f', 't')];

impl Scanner<'_> {
    /// A string whose quote is at `quote_at`.
    pub(super) fn string(&mut self, start: usize, quote_at: usize) -> S<()> {
        self.in_line = true;
        let quote = self.bytes[quote_at];
        let triple = self.bytes[quote_at..].starts_with(&[quote; 3]);
        let prefix = self.text[start..quote_at].to_ascii_lowercase();
        if let Some((a, b)) = AT_ODDS.iter().find(|(a, b)| prefix.contains(*a) && prefix.contains(*b)) {
            self.at = quote_at;
            return self.error_to(start, quote_at, format!("'{a}' and '{b}' prefixes are incompatible"));
        }
        let letter = prefix.chars().find(|c| *c == 'f' || *c == 't');
        self.at = quote_at + if triple { 3 } else { 1 };
        if let Some(letter) = letter {
            if self.fstrings.len() >= MAX_FSTRINGS {
                return self.error(start, "too many nested f-strings");
            }
            self.token(TokenKind::FString, start);
            self.link();
            self.fstrings.push(FString {
                start: start as u32,
                quote,
                triple,
                raw: prefix.contains('r'),
                letter,
                brackets: self.brackets.len(),
                specs: Vec::new(),
                nested: false,
            });
            return Ok(());
        }
        let is_bytes = prefix.contains('b');
        let mut escaped_quote = false;
        loop {
            match self.bytes.get(self.at) {
                None => return self.unterminated_string(start, quote, triple, escaped_quote),
                Some(b'\n') if !triple => {
                    return self.unterminated_string(start, quote, triple, escaped_quote);
                }
                Some(b'\\') => {
                    escaped_quote |= self.bytes.get(self.at + 1) == Some(&quote);
                    self.at += 2;
                }
                Some(byte) if *byte == quote => {
                    let end = !triple || self.bytes[self.at..].starts_with(&[quote; 3]);
                    self.at += if end && triple { 3 } else { 1 };
                    if end {
                        break;
                    }
                }
                Some(_) => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
        // (Where an error is to be explained, it is the parser that refuses it.)
        if is_bytes && self.tokens.is_none() && !self.text[start..self.at].is_ascii() {
            return self.error_to(start, self.at, "bytes can only contain ASCII literal characters");
        }
        self.link();
        self.keep_lines(start, triple);
        self.token(TokenKind::String, start);
        Ok(())
    }

    /// Text that has ended, from `start` on, is kept with its first line by a tokenizer that reads line by line, if it has several.
    fn keep_lines(&mut self, start: usize, triple: bool) {
        if triple && self.bytes[start..self.at].contains(&b'\n') {
            let (first, col) = self.cx.line_col(start as u32);
            if self.kept.1 != first {
                self.kept.0 = start as u32 - col;
            }
            self.kept.1 = self.cx.line_col(self.at as u32).0;
        }
    }

    fn unterminated_string(&mut self, start: usize, quote: u8, triple: bool, escaped_quote: bool) -> S<()> {
        // In a field, the f-string's own quote means that the field has not ended.
        if let Some(f) = self.fstrings.last()
            && f.quote == quote
            && f.triple == triple
        {
            let letter = f.letter;
            let field = f.specs.last().copied().unwrap_or(f.brackets) + 1;
            if self.brackets.len() >= field {
                return self.error(start, format!("{letter}-string: expecting '}}'"));
            }
        }
        self.at = self.at.min(self.bytes.len());
        let line = self.last_line(triple);
        if triple {
            return self.error(
                start,
                format!("unterminated triple-quoted string literal (detected at line {line})"),
            );
        }
        let hint = if escaped_quote { "; perhaps you escaped the end quote?" } else { "" };
        self.error(start, format!("unterminated string literal (detected at line {line}){hint}"))
    }

    /// The line where the end is noticed to be missing.
    fn last_line(&self, triple: bool) -> u32 {
        let last = self.cx.last_line();
        if triple { last } else { self.cx.line_col(self.at as u32).0.min(last) }
    }

    /// A format spec that its line ends.
    pub(super) fn newline_in_spec(&mut self, letter: char) -> S<()> {
        let message = format!(
            "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
        );
        self.error(self.at, message)
    }

    /// An f-string without end.
    pub(super) fn unterminated(&mut self, start: usize, triple: bool, letter: char) -> S<()> {
        let line = self.last_line(triple);
        let kind = if triple { "triple-quoted " } else { "" };
        self.error(start, format!("unterminated {kind}{letter}-string literal (detected at line {line})"))
    }

    /// Whether we stand in the text of an f-string, or of a format spec.
    pub(super) fn inside_fstring(&self) -> bool {
        self.fstrings.last().is_some_and(|f| {
            let open = self.brackets.len();
            open == f.brackets || f.specs.last() == Some(&open)
        })
    }

    /// A `:` that begins a format spec.
    pub(super) fn field_colon(&mut self) -> S<bool> {
        let open = self.brackets.len();
        let start = self.at;
        let Some(f) = self.fstrings.last_mut() else { return Ok(false) };
        let field = f.specs.last().copied().unwrap_or(f.brackets) + 1;
        if open != field {
            return Ok(false);
        }
        if f.specs.len() >= MAX_SPECS {
            let message = format!("{}-string: expressions nested too deeply", f.letter);
            return self.error(start, message);
        }
        f.specs.push(open);
        self.at += 1;
        self.token(TokenKind::Op, start);
        Ok(true)
    }

    /// Text of an f-string, up to a field or the end.
    pub(super) fn fstring_text(&mut self) -> S<()> {
        let begin = self.at;
        let Some(f) = self.fstrings.last() else { return Ok(()) };
        let (quote, triple, raw, letter, start) = (f.quote, f.triple, f.raw, f.letter, f.start as usize);
        let (in_spec, nested) = (f.specs.last().is_some(), f.nested);
        // Whether we are in the braces of a `\N{..}`.
        let mut named = false;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'\\' if !raw && self.bytes[self.at..].starts_with(b"\\N{") => {
                    named = true;
                    self.at += 3;
                }
                b'}' if named => {
                    named = false;
                    self.at += 1;
                }
                b'\\' => {
                    // A brace after a backslash still opens a field.
                    let brace = matches!(self.bytes.get(self.at + 1), Some(b'{' | b'}'));
                    self.at += if brace { 1 } else { 2 };
                }
                b'{' if !in_spec && self.peek(1) == b'{' => self.at += 2,
                b'{' => {
                    if let Some(f) = self.fstrings.last_mut() {
                        f.nested &= in_spec;
                    }
                    self.keep_lines(begin, triple);
                    return self.open(b'{', TokenKind::Field);
                }
                b'}' if in_spec => return self.close(b'}'),
                b'}' if self.peek(1) == b'}' => self.at += 2,
                b'}' => {
                    return self.error(self.at, format!("{letter}-string: single '}}' is not allowed"));
                }
                b'\n' if !triple => {
                    if in_spec && !nested {
                        return self.newline_in_spec(letter);
                    }
                    return self.unterminated(start, triple, letter);
                }
                _ if byte == quote && (!triple || self.bytes[self.at..].starts_with(&[quote; 3])) => {
                    // Where an error is to be explained, the parser finds that the field has no end.
                    if in_spec && self.tokens.is_none() {
                        let message = format!("{letter}-string: expecting '}}', or format specs");
                        let len = if triple { 3 } else { 1 };
                        return self.error_to(self.at, self.at + len, message);
                    }
                    let end = self.at;
                    self.at += if triple { 3 } else { 1 };
                    self.fstrings.pop();
                    self.keep_lines(begin, triple);
                    self.token(TokenKind::FString, end);
                    return Ok(());
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
        Ok(())
    }
}
