//! Strings, and the parts of f-strings and t-strings.

use ryokan_vm::native::*;

use super::kinds::*;
use super::lines::{END, Lines};
use super::scan::{Found, Scanner, is, one_of};

/// How deep f-strings may lie within each other.
const MOST_NESTED: usize = 149;
/// How deep expressions may lie within format specifiers of expressions.
const MOST_SPECIFIERS: usize = 3;

/// An f-string or t-string that is not over.
pub struct Template {
    /// Whether an expression of it is being read.
    pub in_expression: bool,
    quote: u32,
    quotes: usize,
    /// Where it begins, and its line, and that line's row.
    start: (usize, usize, usize),
    raw: bool,
    /// `f` or `t`.
    pub letter: char,
    /// How many brackets are open, in its expressions.
    pub brackets: i32,
    /// How many expressions are open; at how many brackets each one began is one less.
    pub expressions: usize,
    pub in_specifier: bool,
}

/// The letters before a quote.
#[derive(Default)]
pub struct Prefix(Vec<u8>);

impl Prefix {
    /// Adds a letter, if it may stand there.
    pub fn add(&mut self, c: u32) -> bool {
        let letter = u8::try_from(c).unwrap_or(0).to_ascii_lowercase();
        let fits = b"bufrt".contains(&letter) && !self.0.contains(&letter);
        if fits {
            self.0.push(letter);
        }
        fits
    }
    fn has(&self, letter: u8) -> bool {
        self.0.contains(&letter)
    }
    fn is_template(&self) -> bool {
        self.has(b'f') || self.has(b't')
    }
    /// Two letters that do not go together.
    fn conflict(&self) -> Option<(char, char)> {
        let pairs = [(b'u', b'b'), (b'u', b'r'), (b'u', b'f'), (b'u', b't'), (b'b', b'f'), (b'b', b't'), (b'f', b't')];
        let (a, b) = pairs.into_iter().find(|(a, b)| self.has(*a) && self.has(*b))?;
        Some((a.into(), b.into()))
    }
}

impl Scanner {
    /// A string whose quote was read, behind a prefix.
    pub fn string(&mut self, lines: Lines, quote: u32, prefix: &Prefix) -> Res<Found> {
        if let Some((a, b)) = prefix.conflict() {
            let message = format!("'{a}' and '{b}' prefixes are incompatible");
            let (from, to) = (self.start - self.text.line_start + 1, self.text.at - self.text.line_start);
            return Err(self.text.error_at(lines, &message, from, Some(to)));
        }
        self.begin_text();
        if prefix.is_template() {
            return self.template(lines, quote, prefix);
        }
        let mut quotes = 1;
        if self.text.peek() == quote {
            self.text.at += 1;
            if self.text.peek() != quote {
                return self.found(STRING);
            }
            self.text.at += 1;
            quotes = 3;
        }
        let (mut run, mut escaped) = (0, false);
        while run < quotes {
            let c = self.take(lines)?;
            if c == END || quotes == 1 && is(c, b'\n') {
                return Err(self.unterminated(lines, quote, quotes, escaped));
            }
            if c == quote {
                run += 1;
                continue;
            }
            run = 0;
            if is(c, b'\\') {
                let next = self.take(lines)?;
                escaped |= next == quote;
                if is(next, b'\r') {
                    self.take(lines)?;
                }
            }
        }
        self.found(STRING)
    }
    /// A text may go over lines: remembers the first.
    fn begin_text(&mut self) {
        self.first_row = self.text.row;
        self.first_line_start = self.text.line_start;
    }
    fn unterminated(&mut self, lines: Lines, quote: u32, quotes: usize, escaped: bool) -> Raised {
        let row = self.text.row;
        self.text.at = self.start + 1;
        self.text.line_start = self.first_line_start;
        self.text.row = self.first_row;
        if let Some(outer) = self.templates.last()
            && (outer.quote, outer.quotes) == (quote, quotes)
        {
            let message = format!("{}-string: expecting '}}'", outer.letter);
            return self.text.error(lines, &message);
        }
        let message = match (quotes, escaped) {
            (3, _) => format!("unterminated triple-quoted string literal (detected at line {row})"),
            (_, true) => format!(
                "unterminated string literal (detected at line {row}); perhaps you escaped the end quote?"
            ),
            _ => format!("unterminated string literal (detected at line {row})"),
        };
        self.text.error(lines, &message)
    }
    /// Begins an f-string or t-string.
    fn template(&mut self, lines: Lines, quote: u32, prefix: &Prefix) -> Res<Found> {
        let mut quotes = 1;
        if self.text.peek() == quote && self.text.chars.get(self.text.at + 1) == Some(&quote) {
            self.text.at += 2;
            quotes = 3;
        }
        if self.templates.len() >= MOST_NESTED {
            return Err(self.text.error(lines, "too many nested f-strings or t-strings"));
        }
        let letter = if prefix.has(b't') { 't' } else { 'f' };
        self.templates.push(Template {
            in_expression: false,
            quote,
            quotes,
            start: (self.start, self.text.line_start, self.text.row),
            raw: prefix.has(b'r'),
            letter,
            brackets: 0,
            expressions: 0,
            in_specifier: false,
        });
        self.found(if letter == 't' { TSTRING_START } else { FSTRING_START })
    }
    /// The innermost template goes on with an expression.
    fn enter_expression(&mut self, lines: Lines) -> Res<()> {
        let Some(inner) = self.templates.last_mut() else { return Ok(()) };
        inner.expressions += 1;
        if inner.expressions > MOST_SPECIFIERS {
            let message = format!("{}-string: expressions nested too deeply", inner.letter);
            return Err(self.text.error(lines, &message));
        }
        inner.in_expression = true;
        Ok(())
    }
    /// The next part of the innermost template, outside of its expressions; nothing where an expression begins.
    pub fn template_part(&mut self, lines: Lines) -> Res<Option<Found>> {
        let Some(inner) = self.templates.last() else { return Ok(None) };
        let (quote, quotes) = (inner.quote, inner.quotes);
        let kinds = if inner.letter == 't' {
            (TSTRING_MIDDLE, TSTRING_END)
        } else {
            (FSTRING_MIDDLE, FSTRING_END)
        };
        self.start = self.text.at;
        self.in_token = true;
        self.begin_text();
        let c = self.take(lines)?;
        // The line may have been read just now.
        self.begin_text();
        self.text.back(c);
        if is(c, b'{') && self.text.chars.get(self.text.at + 1) != Some(&u32::from(b'{')) {
            self.enter_expression(lines)?;
            return Ok(None);
        }
        let closing = self.text.slice(self.text.at, self.text.at + quotes);
        if closing.len() == quotes && closing.iter().all(|c| *c == quote) {
            self.text.at += quotes;
            self.templates.pop();
            return self.found(kinds.1).map(Some);
        }
        self.middle(lines, quote, quotes, kinds.0).map(Some)
    }
    fn middle(&mut self, lines: Lines, quote: u32, quotes: usize, kind: u8) -> Res<Found> {
        let (raw, in_specifier, brackets) = match self.templates.last() {
            Some(inner) => (inner.raw, inner.in_specifier, inner.brackets),
            None => return self.found(kind),
        };
        let (mut run, mut named) = (0, false);
        while run < quotes {
            let c = self.take(lines)?;
            if c == END || quotes == 1 && is(c, b'\n') {
                return Err(self.unterminated_template(lines, c));
            }
            if c == quote {
                run += 1;
                continue;
            }
            run = 0;
            if is(c, b'{') {
                if !in_specifier && is(self.text.peek(), b'{') {
                    return self.middle_of_two(kind);
                }
                self.text.at -= 1;
                self.enter_expression(lines)?;
                return self.found(kind);
            }
            if is(c, b'}') {
                if named {
                    return self.found(kind);
                }
                if !in_specifier && brackets == 0 && is(self.text.peek(), b'}') {
                    return self.middle_of_two(kind);
                }
                self.text.at -= 1;
                if let Some(inner) = self.templates.last_mut() {
                    inner.in_expression = true;
                }
                return self.found(kind);
            }
            if is(c, b'\\') {
                named |= self.escape(lines, raw)?;
            }
        }
        self.text.at -= quotes;
        self.found(kind)
    }
    /// A brace that stands for itself: the second one belongs to no token.
    fn middle_of_two(&mut self, kind: u8) -> Res<Found> {
        let found = self.found(kind);
        self.text.at += 1;
        found
    }
    /// What follows a backslash; whether it is the beginning of a character's name.
    fn escape(&mut self, lines: Lines, raw: bool) -> Res<bool> {
        let mut c = self.take(lines)?;
        if is(c, b'\r') {
            c = self.take(lines)?;
        }
        if one_of(c, b"{}") {
            if !raw {
                let c = char::from_u32(c).unwrap_or_default();
                let begin = format!("\"\\{c}\" is an invalid escape sequence. ");
                let end = format!("Did you mean \"\\\\{c}\"? A raw string is also an option.");
                let message = format!("{begin}Such sequences will not work in the future. {end}");
                self.text.warn(lines, &message, &format!("{begin}{end}"))?;
            }
            self.text.at -= 1;
        } else if !raw && is(c, b'N') && is(self.text.peek(), b'{') {
            self.text.at += 1;
            return Ok(true);
        }
        Ok(false)
    }
    fn unterminated_template(&mut self, lines: Lines, c: u32) -> Raised {
        let Some(inner) = self.templates.last() else { return self.text.unexpected_end(lines) };
        let (letter, row) = (inner.letter, self.text.row);
        if inner.in_specifier && inner.quotes == 1 && is(c, b'\n') {
            let message = format!(
                "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
            );
            return self.text.error(lines, &message);
        }
        let triple = if inner.quotes == 3 { "triple-quoted " } else { "" };
        let message = format!("unterminated {triple}{letter}-string literal (detected at line {row})");
        let start = inner.start.0;
        (self.text.line_start, self.text.row) = (inner.start.1, inner.start.2);
        self.text.at = start + 1;
        self.text.error(lines, &message)
    }
}
