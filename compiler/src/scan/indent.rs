//! Indentation, with tabs of eight columns and of one: where the two disagree, the text is inconsistent.

use super::{S, ScanError, Scanner, TokenKind};
use crate::Mode;
use crate::error::SyntaxKind;
use crate::tree::Span;

/// Most levels, as in CPython.
const MAX_LEVELS: usize = 100;

/// The open levels: width with tabs to eight columns, and with tabs of one.
#[derive(Debug)]
pub struct Indents(Vec<(u32, u32)>);

impl Default for Indents {
    fn default() -> Indents {
        Indents(vec![(0, 0)])
    }
}

impl Indents {
    /// How many levels, the outermost included.
    pub fn depth(&self) -> usize {
        self.0.len()
    }
}

impl Scanner<'_> {
    /// The start of a logical line; blank lines and comments do not count.
    pub(super) fn line_start(&mut self) -> S<()> {
        let (mut wide, mut narrow) = (0, 0);
        // A line that goes on behind a backslash is as deep as its first part.
        let mut first = 0;
        let start = self.at;
        loop {
            match self.bytes.get(self.at) {
                Some(b' ') => (wide, narrow) = (wide + 1, narrow + 1),
                Some(b'\t') => (wide, narrow) = ((wide / 8 + 1) * 8, narrow + 1),
                Some(b'\x0c') => (wide, narrow) = (0, 0),
                Some(b'\\')
                    if self.bytes[self.at + 1..].starts_with(b"\n") && self.at + 2 < self.bytes.len() =>
                {
                    first = if first > 0 { first } else { wide };
                    self.at += 1;
                }
                // What is wrong with it goes before how deep the line is.
                Some(b'\\') => return Ok(()),
                _ => break,
            }
            self.at += 1;
        }
        if first > 0 {
            (wide, narrow) = (first, first);
        }
        match self.bytes.get(self.at) {
            Some(b'\n' | b'#') => return Ok(()),
            // Where no newline is added to the text, blanks at its end are the beginning of a line.
            None if self.cx.mode == Mode::Exec || self.at == start => return Ok(()),
            None => self.blank_end = true,
            Some(_) => self.in_line = true,
        }
        let (top_wide, top_narrow) = self.indents.0[self.indents.0.len() - 1];
        if wide == top_wide {
            return if narrow == top_narrow { Ok(()) } else { self.bad_tabs() };
        }
        if wide > top_wide {
            if self.indents.0.len() >= MAX_LEVELS {
                return self.indentation("too many levels of indentation");
            }
            if narrow <= top_narrow {
                return self.bad_tabs();
            }
            self.indents.0.push((wide, narrow));
            self.token(TokenKind::Indent, start);
            return Ok(());
        }
        if self.indents.0.iter().all(|level| level.0 != wide) {
            return self.indentation("unindent does not match any outer indentation level");
        }
        while self.indents.0.last().is_some_and(|top| wide < top.0) {
            self.indents.0.pop();
            self.token(TokenKind::Dedent, self.at);
        }
        let level = self.indents.0.last().copied();
        if level == Some((wide, narrow)) { Ok(()) } else { self.bad_tabs() }
    }

    fn line_end(&self) -> (u32, u32) {
        let (line, _) = self.cx.line_col(self.at as u32);
        let text = self.cx.line_text(line).unwrap_or_default();
        let bare = text.trim_end_matches('\n').len();
        // (The newline counts, unless there is none.)
        let ended = self.cx.mode == Mode::Exec || bare < text.len();
        (line, bare.saturating_sub(usize::from(!ended)) as u32)
    }

    fn bad_tabs(&self) -> S<()> {
        let (line, _) = self.line_end();
        let mut failed =
            self.failed(SyntaxKind::Tab, "inconsistent use of tabs and spaces in indentation", line, 0);
        if let Err(error) = &mut failed {
            error.span.end_col = Span::CARET;
        }
        failed
    }

    fn indentation(&self, message: &str) -> S<()> {
        let (line, col) = self.line_end();
        let mut failed = self.failed(SyntaxKind::Indentation, message, line, col);
        if let Err(error) = &mut failed
            && message.starts_with("unindent")
        {
            error.span.end_col = Span::NO_TEXT;
        }
        failed
    }

    fn failed(&self, kind: SyntaxKind, message: &str, line: u32, col: u32) -> S<()> {
        let span = Span { line, col, end_line: line, end_col: col };
        Err(Box::new(ScanError { at: self.at as u32, kind, message: message.to_owned(), span }))
    }
}
