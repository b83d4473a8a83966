//! The tokens as CPython's parser asks for them.

use ryokan_bytecode::ast::KEYWORDS;

use super::{Grammar, Miss, P};
use crate::Mode;
use crate::cx::Cx;
use crate::error::SyntaxKind;
use crate::scan::{Scanned, Scanner, Token, TokenKind};
use crate::tree::Span;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A name or keyword.
    Name,
    /// A number.
    Number,
    /// A string without fields.
    String,
    /// The start of an f-string or t-string.
    Start,
    /// The text between fields.
    Middle,
    /// Its end.
    Stop,
    /// An operator, bracket or brace.
    Op,
    /// The end of a logical line.
    Newline,
    /// A deeper line follows.
    Indent,
    /// A less deep line follows.
    Dedent,
    /// The end of the text.
    End,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub struct Tok<'s> {
    /// What it is.
    pub kind: Kind,
    /// Its text; nothing if it is the text of an f-string.
    pub text: &'s str,
    /// Its first byte.
    pub start: u32,
    /// The byte after it; where a line ends, the newline.
    pub end: u32,
    /// How many brackets are open behind it.
    pub level: u32,
}

/// Whether a place is in the text of an f-string, in a field, or in a field's format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Text,
    Field(u32),
    Format,
}

/// The tokens of a text, with those that the scanner leaves out: the texts of f-strings.
pub fn prepare<'s>(cx: &Cx<'s>, scanned: &Scanned) -> Vec<Tok<'s>> {
    let mut parts: Vec<Part> = Vec::new();
    let mut toks: Vec<Tok<'s>> = Vec::with_capacity(scanned.tokens.len());
    let barry = crate::parse::barry_from(cx, &scanned.tokens);
    let (mut level, mut end) = (0, 0);
    for token in &scanned.tokens {
        let text = cx.source.get(token.start as usize..token.end as usize).unwrap_or_default();
        // (The end of a format has a text in front of it, even if there is none.)
        let middle = match parts.last() {
            Some(Part::Text) => end < token.start,
            Some(Part::Format) => end < token.start || text == "}",
            _ => false,
        };
        if middle {
            toks.push(Tok { kind: Kind::Middle, text: "", start: end, end: token.start, level });
        }
        let empty = token.kind == TokenKind::Newline && token.start as usize >= cx.source.len();
        if cx.mode == Mode::Eval && empty {
            continue;
        }
        let kind = kind_of(token, text);
        if kind == Kind::Newline {
            // A comment in front of it belongs to it.
            let between = cx.source.get(end as usize..token.start as usize).unwrap_or_default();
            let start = between.find('#').map_or(token.start, |at| end + at as u32);
            toks.push(Tok { kind, text: "", start, end: token.start, level });
            end = token.end;
            continue;
        }
        end = token.end;
        match (kind, text) {
            (Kind::Start, _) => parts.push(Part::Text),
            (Kind::Stop, _) => drop(parts.pop()),
            (Kind::Op, "(" | "[" | "{") => {
                level += 1;
                if token.kind == TokenKind::Field {
                    parts.push(Part::Field(level));
                }
            }
            (Kind::Op, ")" | "]" | "}") => {
                if parts.last() == Some(&Part::Format) {
                    parts.pop();
                }
                if parts.last() == Some(&Part::Field(level)) {
                    parts.pop();
                }
                level = level.saturating_sub(1);
            }
            (Kind::Op, ":") if parts.last() == Some(&Part::Field(level)) => parts.push(Part::Format),
            _ => {}
        }
        if text == "<>" && token.start < barry {
            let middle = token.start + 1;
            toks.push(Tok { kind, text: "<", start: token.start, end: middle, level });
            toks.push(Tok { kind, text: ">", start: middle, end: token.end, level });
            continue;
        }
        toks.push(Tok { kind, text, start: token.start, end: token.end, level });
    }
    if cx.mode == Mode::Single {
        end_interactive(&mut toks);
    }
    toks
}

/// The end of interactive input is the end of a line as well, unless the one in front of it is that already.
fn end_interactive(toks: &mut Vec<Tok<'_>>) {
    let Some(end) = toks.pop_if(|tok| tok.kind == Kind::End) else { return };
    let added = toks.last().is_some_and(|tok| tok.kind == Kind::Newline && tok.end == end.start);
    if !added && !toks.is_empty() {
        toks.push(Tok { kind: Kind::Newline, ..end });
    }
    toks.push(end);
}

fn kind_of(token: &Token, text: &str) -> Kind {
    match token.kind {
        TokenKind::Name => Kind::Name,
        TokenKind::Number => Kind::Number,
        TokenKind::String => Kind::String,
        TokenKind::FString if text.starts_with(['"', '\'']) => Kind::Stop,
        TokenKind::FString => Kind::Start,
        TokenKind::Op | TokenKind::Field => Kind::Op,
        TokenKind::Newline => Kind::Newline,
        TokenKind::Indent => Kind::Indent,
        TokenKind::Dedent => Kind::Dedent,
        TokenKind::End => Kind::End,
    }
}

/// Whether the text ends with blanks that are a line.
pub fn ends_in_blanks(cx: &Cx<'_>) -> bool {
    let last = cx.source.rsplit('\n').next().unwrap_or_default();
    !last.is_empty() && last.trim_start_matches([' ', '\t', '\x0c']).is_empty()
}

/// Whether an element at the top of an expression has a star: `eval` takes none, though a statement would.
pub fn has_bare_star(cx: &Cx<'_>) -> bool {
    if !cx.source.contains('*') {
        return false;
    }
    let mut depth = 0;
    // Lambdas whose parameters are being read, outside of brackets: a star among these is theirs.
    let mut lambdas = 0;
    let mut fresh = true;
    for token in Scanner::run(cx, true).tokens {
        let text = &cx.source[token.start as usize..token.end as usize];
        match (token.kind, text) {
            (TokenKind::Indent, _) => return false,
            (_, "lambda") if depth == 0 => lambdas += 1,
            (TokenKind::Op, ":") if depth == 0 && lambdas > 0 => lambdas -= 1,
            (TokenKind::Op, "*") if fresh && depth == 0 && lambdas == 0 => return true,
            (TokenKind::Op, "(" | "[" | "{") => depth += 1,
            (TokenKind::Op, ")" | "]" | "}") => depth -= 1,
            _ => {}
        }
        fresh = text == ",";
    }
    false
}

impl<'g> Grammar<'g, '_> {
    /// The next token; the tokenizer may refuse it.
    pub(super) fn look(&mut self) -> P<Tok<'g>> {
        if self.told.is_some() || self.lost {
            return Err(Miss::Told);
        }
        let Some(tok) = self.toks.get(self.at).copied() else { return self.refused() };
        if self.at >= self.fill {
            let ends = matches!(tok.kind, Kind::Newline | Kind::Dedent | Kind::End);
            if ends && tok.end as usize >= self.cx.source.len() && !self.scanned.open.is_empty() {
                self.cx.at_end.set(true);
                return self.never_closed();
            }
            self.fill = self.at + 1;
        }
        Ok(tok)
    }

    /// The tokenizer's own error.
    fn refused<T>(&mut self) -> P<T> {
        self.by_tokenizer = true;
        match self.scanned.error.as_deref() {
            Some(error) => {
                let read_to = self.scanned.read_to(self.cx, error);
                self.tell_span(error.kind, error.message.clone(), error.span, read_to)
            }
            None => {
                self.lost = true;
                Err(Miss::Told)
            }
        }
    }

    /// The innermost bracket that is open at the end of the text.
    pub(super) fn never_closed<T>(&mut self) -> P<T> {
        self.by_tokenizer = true;
        let Some((byte, at)) = self.scanned.open.last().copied() else { return Err(Miss::No) };
        let span = Span { end_col: Span::CARET, ..self.cx.span(at, at) };
        let message = format!("'{}' was never closed", char::from(byte));
        self.tell_span(SyntaxKind::Syntax, message, span, self.cx.last_line())
    }

    /// A token with this text, an operator or a keyword.
    pub(super) fn eat(&mut self, text: &str) -> P<usize> {
        let tok = self.look()?;
        if tok.text != text || matches!(tok.kind, Kind::Middle | Kind::Newline) {
            return Err(Miss::No);
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    /// A token with one of these texts.
    pub(super) fn eat_any(&mut self, texts: &[&str]) -> P<usize> {
        let tok = self.look()?;
        if !texts.contains(&tok.text) || matches!(tok.kind, Kind::Middle | Kind::Newline) {
            return Err(Miss::No);
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    /// A token of this kind.
    pub(super) fn kind(&mut self, kind: Kind) -> P<usize> {
        if self.look()?.kind != kind {
            return Err(Miss::No);
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    /// A name.
    pub(super) fn name(&mut self) -> P<usize> {
        let tok = self.look()?;
        if tok.kind != Kind::Name || KEYWORDS.contains(&tok.text) {
            return Err(Miss::No);
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    /// A word that is a keyword in some places only.
    pub(super) fn soft(&mut self) -> P<usize> {
        self.eat_any(&["_", "case", "match", "type"])
    }

    /// A token that must be here.
    pub(super) fn must(&mut self, text: &str) -> P<usize> {
        let tok = self.look()?;
        if tok.text == text && tok.kind != Kind::Middle {
            self.at += 1;
            return Ok(self.at - 1);
        }
        self.tell(self.at, self.at, format!("expected '{text}'"))
    }

    pub(super) fn text(&self, at: usize) -> &'g str {
        self.toks.get(at).map_or("", |tok| tok.text)
    }

    pub(super) fn newline(&mut self) -> P<usize> {
        self.kind(Kind::Newline)
    }
}
