//! What is told, and of which place.

use super::reader::{Kind, Tok};
use super::{Grammar, Miss, Node, P, Told};
use crate::Mode;
use crate::error::SyntaxKind;
use crate::tree::Span;

/// Who may be assigned to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// Those of an assignment.
    Star,
    /// Those of `for`, where `a in b` has been read as a comparison.
    For,
    /// Those of `del`.
    Del,
}

impl Grammar<'_, '_> {
    /// Tells of a place; the first to tell is heard.
    pub(super) fn tell_span<T>(
        &mut self,
        kind: SyntaxKind,
        message: impl Into<String>,
        span: Span,
        read_to: u32,
    ) -> P<T> {
        if self.told.is_none() {
            self.told = Some(Told { kind, message: message.into(), span, read_to });
        }
        Err(Miss::Told)
    }

    /// Tells of the tokens from `first` to `last`.
    pub(super) fn tell<T>(&mut self, first: usize, last: usize, message: impl Into<String>) -> P<T> {
        let (line, col) = self.start_of(first);
        let (end_line, end_col) = self.end_of(last);
        let read_to = self.read_to();
        self.tell_span(SyntaxKind::Syntax, message, Span { line, col, end_line, end_col }, read_to)
    }

    /// Tells of a node.
    pub(super) fn tell_node<T>(&mut self, node: Node, message: impl Into<String>) -> P<T> {
        self.tell(node.first, node.last, message)
    }

    /// Tells of what begins with a token and ends where the tokenizer stands.
    pub(super) fn tell_from<T>(&mut self, first: usize, message: impl Into<String>) -> P<T> {
        let (line, col) = self.start_of(first);
        let end_line = self.read_to();
        let end_col = self.cursor().checked_sub(1).unwrap_or(Span::CARET);
        self.tell_span(SyntaxKind::Syntax, message, Span { line, col, end_line, end_col }, end_line)
    }

    /// Tells of a key without a value: at its last character.
    pub(super) fn tell_key<T>(&mut self, key: Node) -> P<T> {
        let (line, _) = self.start_of(key.first);
        let (end_line, end) = self.end_of(key.last);
        let span = Span { line, col: end.saturating_sub(1), end_line, end_col: Span::CARET };
        let read_to = self.read_to();
        self.tell_span(SyntaxKind::Syntax, "':' expected after dictionary key", span, read_to)
    }

    /// Tells of the last token that has been asked for.
    pub(super) fn tell_last<T>(&mut self, message: impl Into<String>) -> P<T> {
        self.tell_last_kind(SyntaxKind::Syntax, message)
    }

    /// An error of indentation, there.
    pub(super) fn tell_indent<T>(&mut self, message: impl Into<String>) -> P<T> {
        self.tell_last_kind(SyntaxKind::Indentation, message)
    }

    fn tell_last_kind<T>(&mut self, kind: SyntaxKind, message: impl Into<String>) -> P<T> {
        self.tell_token(kind, self.fill.saturating_sub(1), message)
    }

    /// Tells of the next token.
    pub(super) fn tell_next<T>(&mut self, message: impl Into<String>) -> P<T> {
        self.look()?;
        self.tell_token(SyntaxKind::Syntax, self.at, message)
    }

    fn tell_token<T>(&mut self, kind: SyntaxKind, at: usize, message: impl Into<String>) -> P<T> {
        let read_to = self.read_to();
        let span = if self.toks.get(at).is_some_and(|tok| self.is_placeless(tok)) {
            // Such a token is where the tokenizer stands.
            let line = self.line_of(at);
            let col = self.cursor().checked_sub(1).unwrap_or(Span::CARET);
            Span { line, col, end_line: line, end_col: Span::NO_TEXT }
        } else {
            let (line, col) = self.start_of(at);
            let (end_line, end_col) = self.end_of(at);
            Span { line, col, end_line, end_col }
        };
        self.tell_span(kind, message, span, read_to)
    }

    /// Whether a token has no columns of its own.
    fn is_placeless(&self, tok: &Tok<'_>) -> bool {
        match tok.kind {
            Kind::Indent | Kind::Dedent | Kind::End => true,
            Kind::Newline => self.cx.mode != Mode::Exec && tok.end as usize >= self.cx.source.len(),
            _ => false,
        }
    }

    fn start_of(&self, at: usize) -> (u32, u32) {
        match self.toks.get(at) {
            Some(tok) if self.is_placeless(tok) => (self.line_of(at), Span::CARET),
            Some(tok) => self.cx.line_col(tok.start),
            None => (0, 0),
        }
    }

    fn end_of(&self, at: usize) -> (u32, u32) {
        match self.toks.get(at) {
            Some(tok) if self.is_placeless(tok) => (self.line_of(at), Span::CARET),
            Some(tok) if tok.kind == Kind::Newline => {
                let (line, col) = self.cx.line_col(tok.end);
                (line, col + 1)
            }
            Some(tok) => self.cx.line_col(tok.end),
            None => (0, 0),
        }
    }

    /// The line of a token's end.
    fn line_of(&self, at: usize) -> u32 {
        let Some(tok) = self.toks.get(at) else { return self.cx.last_line() };
        self.cx.line_col(tok.end).0.min(self.cx.last_line())
    }

    /// The line that the tokenizer has come to.
    pub(super) fn read_to(&self) -> u32 {
        self.line_of(self.fill.saturating_sub(1))
    }

    /// The column where the tokenizer stands.
    fn cursor(&self) -> u32 {
        let Some(tok) = self.toks.get(self.fill.saturating_sub(1)) else { return 0 };
        let line = self.read_to();
        let text = self.cx.line_text(line).unwrap_or_default();
        let added = self.cx.mode == Mode::Exec && !text.ends_with('\n');
        match tok.kind {
            _ if tok.start as usize >= self.cx.source.len() => text.len() as u32 + u32::from(added),
            Kind::Newline => self.cx.line_col(tok.end).1 + 1,
            _ => self.cx.line_col(tok.end).1,
        }
    }

    /// Whether the end of the text has been read.
    pub(super) fn reached_end(&self) -> bool {
        self.toks[..self.fill.min(self.toks.len())].last().is_some_and(|tok| {
            let ends = match tok.kind {
                Kind::Dedent | Kind::End => true,
                // (The last line of interactive input is ended by the end of the text.)
                Kind::Newline => self.cx.mode == Mode::Single,
                _ => false,
            };
            ends && tok.start as usize >= self.cx.source.len()
        })
    }

    /// What the tokenizer says of the rest of the text, which goes before the parser's words.
    pub(super) fn rest(&mut self) -> Option<Told> {
        if let Some(error) = &self.scanned.error {
            let lexical = error.kind == SyntaxKind::Syntax
                && !error.message.ends_with("was never closed")
                && !error.message.contains("line continuation")
                && !error.message.starts_with("unexpected EOF")
                && !self.ends_in_fstring();
            return lexical.then(|| Told {
                kind: error.kind,
                message: error.message.clone(),
                span: error.span,
                read_to: self.scanned.read_to(self.cx, error),
            });
        }
        let (_, open) = *self.scanned.open.last()?;
        let last = self.toks.get(self.fill.saturating_sub(1))?;
        if self.cx.line_col(last.start).0 <= self.cx.line_col(open).0 {
            return None;
        }
        let _ = self.never_closed::<()>();
        self.told.take()
    }

    /// Whether the tokens end inside of an f-string: what is wrong there waits for the parser.
    fn ends_in_fstring(&self) -> bool {
        let count = |kind| self.toks.iter().filter(|tok| tok.kind == kind).count();
        count(Kind::Start) > count(Kind::Stop)
    }

    /// Tells of the part of an expression that cannot be a target, if there is one.
    pub(super) fn tell_target(&mut self, node: Node, targets: Targets) -> P<()> {
        let verb = if targets == Targets::Del { "delete" } else { "assign to" };
        match self.no_target(node, targets) {
            Some(bad) => self.tell_node(bad, format!("cannot {verb} {}", bad.what)),
            None => Err(Miss::Over),
        }
    }

    fn no_target(&self, node: Node, targets: Targets) -> Option<Node> {
        let kids = &self.kids[node.kids.0..node.kids.1];
        match node.what {
            "list" | "tuple" => kids.iter().find_map(|kid| self.no_target(*kid, targets)),
            "starred" if targets == Targets::Del => Some(node),
            "starred" => self.no_target(*kids.first()?, targets),
            "comparison" if targets == Targets::For => self.no_target(*kids.first()?, targets),
            "name" | "subscript" | "attribute" => None,
            _ => Some(node),
        }
    }

    /// Notes where the last whole statement in front of the error begins: the sibling in front of it, or of a block
    /// that it is the first of.
    pub(super) fn note(&self, here: usize) {
        if self.reached_end() {
            self.cx.at_end.set(true);
        }
        let mut depth = 0;
        let mut at = self.line_first(here);
        while at > 0 {
            match self.toks[at - 1].kind {
                Kind::Dedent => {
                    depth += 1;
                    at -= 1;
                }
                Kind::Indent => {
                    // The header of the block: its siblings come next.
                    depth = (depth - 1).max(-1);
                    at -= 1;
                }
                _ => {
                    at = self.line_first(at - 1);
                    match depth {
                        0 => return self.cx.statement.set(self.cx.line_col(self.toks[at].start)),
                        -1 => depth = 0,
                        _ => {}
                    }
                }
            }
        }
    }

    /// The first token of the line of token `at`.
    fn line_first(&self, at: usize) -> usize {
        let mut at = at.min(self.toks.len().saturating_sub(1));
        while at > 0 && !matches!(self.toks[at - 1].kind, Kind::Newline | Kind::Indent | Kind::Dedent) {
            at -= 1;
        }
        at
    }
}
