//! One token after the other: lines and their indentation, names, operators, brackets.

use ryokan_vm::native::*;

use super::kinds::*;
use super::lines::{DEEP, END, Lines, TABS, Text, UNINDENT};
use super::strings::{Prefix, Template};

/// How deep brackets may lie within each other.
const MOST_BRACKETS: usize = 200;
/// How many levels of indentation there may be, with the outermost.
const MOST_INDENTS: usize = 100;

/// A token: its kind, and where it lies, if anywhere.
pub struct Found {
    pub kind: u8,
    pub place: Option<(usize, usize)>,
}

/// What is known between two tokens.
pub struct Scanner {
    pub text: Text,
    /// Whether comments and empty lines are tokens, and errors rarer.
    pub extra: bool,
    /// Where the token begins, if one is being read.
    pub start: usize,
    pub in_token: bool,
    /// The row and the start of the line where a string began.
    pub first_row: usize,
    pub first_line_start: usize,
    /// The row whose line was shown last.
    pub shown_row: Option<usize>,
    pub templates: Vec<Template>,
    at_line_start: bool,
    /// The columns of each level of indentation, with tabs to multiples of eight, and with tabs as one.
    indents: Vec<(usize, usize)>,
    /// Levels to be announced: indented, or dedented if below 0.
    pending: i32,
    /// Open brackets, and the rows where they were opened.
    brackets: Vec<(u8, usize)>,
    /// Whether the line's end follows a comment that is all there is in it.
    behind_comment: bool,
    done: bool,
}

/// Whether a character is that one.
pub fn is(c: u32, ascii: u8) -> bool {
    c == u32::from(ascii)
}

/// Whether a character is one of those.
pub fn one_of(c: u32, ascii: &[u8]) -> bool {
    u8::try_from(c).is_ok_and(|c| ascii.contains(&c))
}

/// Whether a name may have a character. What is not ASCII is looked at when the name is whole.
pub fn in_name(c: u32) -> bool {
    c != END && (c >= 128 || char::from_u32(c).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'))
}

fn begins_name(c: u32) -> bool {
    in_name(c) && !char::from_u32(c).is_some_and(|c| c.is_ascii_digit())
}

impl Scanner {
    pub fn new(text: Text, extra: bool) -> Scanner {
        Scanner {
            text,
            extra,
            start: 0,
            in_token: false,
            first_row: 0,
            first_line_start: 0,
            shown_row: None,
            templates: Vec::new(),
            at_line_start: true,
            indents: vec![(0, 0)],
            pending: 0,
            brackets: Vec::new(),
            behind_comment: false,
            done: false,
        }
    }
    /// The next token; nothing at the end.
    pub fn run(&mut self, cx: &Cx, readline: &Value, encoding: &Value) -> Res<Option<Found>> {
        if self.done {
            return Ok(None);
        }
        let lines = Lines { cx, readline, encoding };
        cx.work(1)?;
        if self.templates.last().is_some_and(|inner| !inner.in_expression)
            && let Some(found) = self.template_part(lines)?
        {
            return Ok(Some(found));
        }
        let found = self.token(lines)?;
        self.done = found.kind == ENDMARKER;
        // No text at all has an end only for those who want everything.
        let nothing = self.done && self.text.row == 0 && !self.extra;
        Ok(Some(found).filter(|_| !nothing))
    }
    /// The next character, which is passed.
    pub fn take(&mut self, lines: Lines) -> Res<u32> {
        let keep = self.in_token || !self.templates.is_empty();
        self.text.next(lines, keep)
    }
    /// A token from its start to where reading stands.
    pub fn found(&self, kind: u8) -> Res<Found> {
        Ok(Found { kind, place: Some((self.start, self.text.at)) })
    }

    fn token(&mut self, lines: Lines) -> Res<Found> {
        loop {
            self.in_token = false;
            let mut blank = false;
            if std::mem::take(&mut self.at_line_start) {
                blank = self.indentation(lines)?;
            }
            if self.pending != 0 {
                return Ok(self.announce());
            }
            if let Some(found) = self.in_line(lines, blank)? {
                return Ok(found);
            }
        }
    }
    /// The next level of indentation that was entered or left.
    fn announce(&mut self) -> Found {
        let (at, line) = (self.text.at, self.text.line_start);
        let (kind, from) = if self.pending < 0 { (DEDENT, at) } else { (INDENT, line) };
        self.pending -= self.pending.signum();
        Found { kind, place: self.extra.then_some((from, at)) }
    }
    /// The beginning of a line; whether nothing but a comment is in it.
    fn indentation(&mut self, lines: Lines) -> Res<bool> {
        let (mut column, mut narrow, mut continued) = (0, 0, 0);
        let c = loop {
            let c = self.take(lines)?;
            match u8::try_from(c) {
                Ok(b' ') => (column, narrow) = (column + 1, narrow + 1),
                Ok(b'\t') => (column, narrow) = ((column / 8 + 1) * 8, narrow + 1),
                Ok(b'\x0c') => (column, narrow) = (0, 0),
                Ok(b'\\') => {
                    // The indentation of the first of continued lines counts.
                    if continued == 0 {
                        continued = column;
                    }
                    self.continuation(lines)?;
                }
                _ => break c,
            }
        };
        self.text.back(c);
        if one_of(c, b"#\n\r") {
            return Ok(true);
        }
        if self.brackets.is_empty() {
            if continued != 0 {
                (column, narrow) = (continued, continued);
            }
            self.indent_to(lines, column, narrow)?;
        }
        Ok(false)
    }
    fn indent_to(&mut self, lines: Lines, column: usize, narrow: usize) -> Res<()> {
        let top = |indents: &[(usize, usize)]| indents.last().copied().unwrap_or_default();
        let (now, now_narrow) = top(&self.indents);
        if column > now {
            if self.indents.len() >= MOST_INDENTS {
                return Err(self.text.line_error(lines, DEEP));
            }
            if narrow <= now_narrow {
                return Err(self.text.line_error(lines, TABS));
            }
            self.pending += 1;
            self.indents.push((column, narrow));
            return Ok(());
        }
        while self.indents.len() > 1 && column < top(&self.indents).0 {
            self.pending -= 1;
            self.indents.pop();
        }
        if column != top(&self.indents).0 {
            return Err(self.text.line_error(lines, UNINDENT));
        }
        if narrow != top(&self.indents).1 {
            return Err(self.text.line_error(lines, TABS));
        }
        Ok(())
    }
    /// What follows a backslash outside of strings: the end of the line, and another line.
    fn continuation(&mut self, lines: Lines) -> Res<()> {
        let mut c = self.take(lines)?;
        if is(c, b'\r') {
            c = self.take(lines)?;
        }
        if !is(c, b'\n') {
            return Err(self.text.line_error(lines, "unexpected character after line continuation character"));
        }
        let c = self.take(lines)?;
        if c == END {
            return Err(self.text.unexpected_end(lines));
        }
        self.text.back(c);
        Ok(())
    }
    /// A token within a line; nothing at an end of a line that is no token.
    fn in_line(&mut self, lines: Lines, blank: bool) -> Res<Option<Found>> {
        loop {
            self.in_token = false;
            let mut c = self.take(lines)?;
            while one_of(c, b" \t\x0c") {
                c = self.take(lines)?;
            }
            self.start = if c == END { self.text.at } else { self.text.at - 1 };
            self.in_token = true;
            if is(c, b'#') {
                while !one_of(c, b"\n\r") && c != END {
                    c = self.take(lines)?;
                }
                if self.extra {
                    self.text.back(c);
                    self.behind_comment = blank;
                    return self.found(COMMENT).map(Some);
                }
            }
            if c == END {
                if !self.brackets.is_empty() {
                    return Err(self.text.unexpected_end(lines));
                }
                let place = self.extra.then_some((self.start, self.text.at));
                return Ok(Some(Found { kind: ENDMARKER, place }));
            }
            if begins_name(c) {
                return self.name(lines, c).map(Some);
            }
            if is(c, b'\r') {
                c = self.take(lines)?;
            }
            if is(c, b'\n') {
                return Ok(self.line_end(blank));
            }
            if is(c, b'\\') {
                self.continuation(lines)?;
                continue;
            }
            return self.sign(lines, c).map(Some);
        }
    }
    fn line_end(&mut self, blank: bool) -> Option<Found> {
        self.at_line_start = true;
        let behind_comment = std::mem::take(&mut self.behind_comment);
        if blank || behind_comment || !self.brackets.is_empty() {
            let place = Some((self.start, self.text.at));
            return self.extra.then_some(Found { kind: NL, place });
        }
        Some(Found { kind: NEWLINE, place: Some((self.start, self.text.at - 1)) })
    }
    /// A name, or a string with a prefix.
    fn name(&mut self, lines: Lines, first: u32) -> Res<Found> {
        let mut prefix = Prefix::default();
        let mut c = first;
        while prefix.add(c) {
            c = self.take(lines)?;
            if one_of(c, b"'\"") {
                return self.string(lines, c, &prefix);
            }
        }
        while in_name(c) {
            c = self.take(lines)?;
        }
        self.text.back(c);
        if !self.extra {
            self.check_name(lines)?;
        }
        self.found(NAME)
    }
    /// Whether the name is one by the rules of Unicode.
    fn check_name(&mut self, lines: Lines) -> Res<()> {
        let name = self.text.slice(self.start, self.text.at);
        let fits = |(at, c): (usize, &u32)| {
            if at == 0 { is(*c, b'_') || unicode::is_id_start(*c) } else { unicode::is_id_continue(*c) }
        };
        let wrong = name.iter().enumerate().find(|each| *each.1 >= 128 && !fits(*each));
        let Some((at, &c)) = wrong else { return Ok(()) };
        self.text.at = self.start + at + 1;
        let message = match char::from_u32(c).filter(|_| unicode::is_printable(c)) {
            Some(shown) => format!("invalid character '{shown}' (U+{c:04X})"),
            None => format!("invalid non-printable character U+{c:04X}"),
        };
        Err(self.text.error(lines, &message))
    }
    /// What begins with neither a letter nor space.
    fn sign(&mut self, lines: Lines, c: u32) -> Res<Found> {
        let digit = |c: u32| char::from_u32(c).is_some_and(|c| c.is_ascii_digit());
        if is(c, b'.') && digit(self.text.peek()) {
            self.text.at += 1;
            let kind = self.fraction(lines)?;
            return self.found(kind);
        }
        if digit(c) {
            let kind = self.number(lines, c)?;
            return self.found(kind);
        }
        if one_of(c, b"'\"") {
            return self.string(lines, c, &Prefix::default());
        }
        if let Some(inner) = self.templates.last_mut()
            && is(c, b':')
            && inner.brackets == inner.expressions as i32
            && inner.expressions > 0
        {
            // The expression is over, and its format specifier begins.
            inner.in_expression = false;
            inner.in_specifier = true;
            return self.found(operator(&[c]).1);
        }
        let at = self.text.at - 1;
        let (len, kind) = operator(self.text.slice(at, at + 3));
        if one_of(c, b"([{") {
            self.open(lines, c as u8)?;
        } else if one_of(c, b")]}") {
            self.close(lines, c as u8)?;
        } else if len == 1 && c < 128 && !unicode::is_printable(c) {
            let message = format!("invalid non-printable character U+{c:04X}");
            return Err(self.text.error(lines, &message));
        }
        self.text.at = at + len;
        self.found(kind)
    }
    fn open(&mut self, lines: Lines, bracket: u8) -> Res<()> {
        if self.brackets.len() >= MOST_BRACKETS {
            return Err(self.text.error(lines, "too many nested parentheses"));
        }
        self.brackets.push((bracket, self.text.row));
        if let Some(inner) = self.templates.last_mut() {
            inner.brackets += 1;
        }
        Ok(())
    }
    fn close(&mut self, lines: Lines, bracket: u8) -> Res<()> {
        let shown = char::from(bracket);
        let mut wrong = None;
        if let Some(inner) = self.templates.last()
            && inner.brackets == 0
            && bracket == b'}'
        {
            wrong = Some(format!("{}-string: single '}}' is not allowed", inner.letter));
        } else if let Some((opening, row)) = self.brackets.pop() {
            let fits = matches!((opening, bracket), (b'(', b')') | (b'[', b']') | (b'{', b'}'));
            let inner = self.templates.last();
            let ends_expression = inner.filter(|inner| inner.brackets == inner.expressions as i32);
            if let Some(inner) = ends_expression.filter(|_| !fits && opening == b'{') {
                wrong = Some(format!("{}-string: unmatched '{shown}'", inner.letter));
            } else if !fits && !self.extra {
                let opening = char::from(opening);
                let mut message = format!(
                    "closing parenthesis '{shown}' does not match opening parenthesis '{opening}'"
                );
                if row != self.text.row {
                    message += &format!(" on line {row}");
                }
                wrong = Some(message);
            }
        } else if !self.extra {
            wrong = Some(format!("unmatched '{shown}'"));
        }
        if let Some(message) = wrong {
            return Err(self.text.error(lines, &message));
        }
        let Some(inner) = self.templates.last_mut() else { return Ok(()) };
        inner.brackets -= 1;
        if inner.brackets < 0 {
            let message = format!("{}-string: unmatched '{shown}'", inner.letter);
            return Err(self.text.error(lines, &message));
        }
        if bracket == b'}' && inner.brackets + 1 == inner.expressions as i32 {
            inner.expressions -= 1;
            inner.in_expression = false;
            inner.in_specifier = false;
        }
        Ok(())
    }
}
