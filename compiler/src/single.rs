//! Interactive input is one statement: where it ends, and what may not follow it.
//!
//! CPython's grammar wants one more newline behind a compound statement, and only blanks and comments behind a simple one.

use crate::cx::{Cx, Fail};
use crate::error::{CompileError, SyntaxKind};
use crate::incomplete;
use crate::scan::{Scanner, Token, TokenKind};
use crate::tree::Span;

/// The first statement of the text.
pub struct First {
    /// The byte behind it.
    pub end: usize,
    /// What is wrong behind it, if the statement itself is right.
    pub fault: Option<(&'static str, Span)>,
}

impl First {
    /// Whether the text ends where more must follow.
    pub fn is_cut_off(&self) -> bool {
        self.fault.is_some_and(|(_, span)| span.col == Span::CARET)
    }
}

/// The error of a text whose first statement, which is all of `cx`, is refused: what stands behind it may go before.
pub fn refused(
    cx: &Cx<'_>,
    whole: &Cx<'_>,
    first: &First,
    fail: Fail,
    allow_incomplete: bool,
) -> CompileError {
    let (cx, fail, open) = match explain(whole, &fail) {
        Some(told) => (whole, *told, true),
        // (What stands behind a first statement does not complete it.)
        None => (cx, fail, first.end == whole.source.len()),
    };
    let cut_off = allow_incomplete && open && incomplete::is_cut_off(cx, &fail);
    cx.error(if cut_off { incomplete::error(cx, &fail) } else { fail })
}

/// The error of a text whose first statement is right, and what follows is not.
pub fn faulty(whole: &Cx<'_>, first: &First, fault: (&str, Span), allow_incomplete: bool) -> CompileError {
    let fail = Fail::Syntax(SyntaxKind::Syntax, fault.0.to_owned(), fault.1);
    if first.is_cut_off() {
        return whole.error(if allow_incomplete { incomplete::error(whole, &fail) } else { fail });
    }
    let told = explain(whole, &fail);
    whole.error(told.map_or(fail, |told| *told))
}

/// What CPython says of the whole text, if it refuses that while it reads it.
fn explain(whole: &Cx<'_>, fail: &Fail) -> Option<Box<Fail>> {
    if !matches!(fail, Fail::Syntax(..) | Fail::Late(..)) {
        return None;
    }
    match crate::scan::scan(whole) {
        Ok(scanned) => crate::grammar::explain(whole, &scanned),
        Err(fail) => Some(fail),
    }
}

/// Finds the first statement of the text.
///
/// `open_blocks`: a block that the text's end cuts off, without a newline, goes on.
pub fn first(cx: &Cx<'_>, open_blocks: bool) -> First {
    let line = Line { cx, tokens: Scanner::run(cx, true).tokens };
    match line.tokens.first() {
        None => line.whole(Some(line.at_end())),
        Some(token) if token.kind == TokenKind::End => line.whole(Some(line.at_end())),
        Some(_) if line.is_compound() => line.compound(open_blocks),
        Some(_) => line.simple(),
    }
}

struct Line<'d, 'a> {
    cx: &'d Cx<'a>,
    tokens: Vec<Token>,
}

impl Line<'_, '_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| &self.cx.source[t.start as usize..t.end as usize])
    }

    fn whole(&self, fault: Option<(&'static str, Span)>) -> First {
        First { end: self.cx.source.len(), fault }
    }

    /// "invalid syntax" where the text ends.
    fn at_end(&self) -> (&'static str, Span) {
        let line = self.cx.last_line();
        ("invalid syntax", Span { line, col: Span::CARET, end_line: line, end_col: Span::CARET })
    }

    fn is_compound(&self) -> bool {
        let newline = self.tokens.iter().position(|t| t.kind == TokenKind::Newline);
        match self.text(0) {
            "if" | "while" | "for" | "try" | "with" | "def" | "class" | "async" | "@" => true,
            "match" => newline.is_some_and(|at| at > 1 && self.text(at - 1) == ":"),
            _ => false,
        }
    }

    fn simple(&self) -> First {
        let Some(newline) = self.tokens.iter().find(|t| t.kind == TokenKind::Newline) else {
            return self.whole(None);
        };
        let end = newline.end as usize;
        let blank = self.cx.source[end..].split('\n').all(|line| {
            let line = line.trim_start_matches([' ', '\t', '\x0c']);
            line.is_empty() || line.starts_with('#')
        });
        let message = "multiple statements found while compiling a single statement";
        let (line, last) = self.cx.line_col(newline.start);
        // A comment in front of it belongs to the end of the line.
        let before = self.tokens.iter().take_while(|t| t.kind != TokenKind::Newline).last();
        let from = before.map_or(newline.start, |t| t.end);
        let between = self.cx.source.get(from as usize..newline.start as usize).unwrap_or_default();
        let comment = between.find('#').map_or(newline.start, |at| from + at as u32);
        let span = Span { line, col: self.cx.line_col(comment).1, end_line: line, end_col: last + 1 };
        First { end, fault: (!blank).then_some((message, span)) }
    }

    fn compound(&self, open_blocks: bool) -> First {
        let mut depth = 0;
        let mut decorator = self.text(0) == "@";
        // Whether the statement's last block is indented; then its end is a token of its own.
        let mut block = false;
        let mut fresh = false;
        for (at, token) in self.tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Indent => depth += 1,
                TokenKind::Dedent => {
                    depth -= 1;
                    block = true;
                }
                TokenKind::End => break,
                _ if fresh && depth == 0 => {
                    let goes_on = matches!(self.text(at), "elif" | "else" | "except" | "finally");
                    if !goes_on && !decorator {
                        let span = self.cx.span(token.start, token.end);
                        return First { end: token.start as usize, fault: Some(("invalid syntax", span)) };
                    }
                    decorator = self.text(at) == "@";
                    block = false;
                }
                _ => {}
            }
            fresh = match token.kind {
                TokenKind::Newline => true,
                TokenKind::Indent | TokenKind::Dedent => fresh,
                _ => false,
            };
        }
        let last = self.cx.line_text(self.cx.last_line()).unwrap_or_default();
        let comment = last.trim_start().starts_with('#');
        let unended = !last.ends_with('\n') && (comment == block || (block && open_blocks));
        self.whole(unended.then(|| self.at_end()))
    }
}
