//! What one compilation shares: the source with its lines, interned names, the table of constants, the budget.
//!
//! Invariant: every byte charged to the budget is refunded when the [`Cx`] is dropped.

use std::cell::{Cell, RefCell};

use bumpalo::Bump;
use rustc_hash::{FxHashMap, FxHashSet};
use ryokan_bytecode::{CodeFlags, Const, Text};

use crate::Mode;
use crate::error::{CompileError, Origin, Refusal, SyntaxError, SyntaxKind};
use crate::tree::{ConstId, Span, Sym};

/// Who pays for memory.
pub trait Budget {
    /// Whether so many more bytes may be used.
    fn charge(&self, bytes: usize) -> bool;
    /// Gives bytes back.
    fn refund(&self, bytes: usize);
}

/// A budget without end.
pub struct Unlimited;

impl Budget for Unlimited {
    fn charge(&self, _: usize) -> bool {
        true
    }
    fn refund(&self, _: usize) {}
}

/// A failure on the way; positions are still spans.
#[derive(Debug)]
pub enum Fail {
    /// A syntax error at a place.
    Syntax(SyntaxKind, String, Span),
    /// The same, of class `SyntaxError`, where another step than the present one is said to have found it.
    Late(Origin, String, Span),
    /// A tree is none that a source could have.
    Refused(Refusal, String),
    /// Nested too deeply.
    Recursion(&'static str),
    /// The budget refused.
    Memory,
    /// Too large for the format.
    Overflow,
}

/// The result of a step.
pub type R<T> = Result<T, Box<Fail>>;

/// A `SyntaxError` at `span`.
pub fn syntax<T>(span: Span, message: impl Into<String>) -> R<T> {
    Err(Box::new(Fail::Syntax(SyntaxKind::Syntax, message.into(), span)))
}

/// A `SyntaxError` at `span` that is told as if a later step had found it.
pub fn late<T>(origin: Origin, span: Span, message: impl Into<String>) -> R<T> {
    Err(Box::new(Fail::Late(origin, message.into(), span)))
}

/// A `SyntaxWarning`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// Its text.
    pub message: String,
    /// The line.
    pub line: u32,
    /// The column, in characters from 1.
    pub col: u32,
    /// Line and column of the end.
    pub end: (u32, u32),
    /// Whether the tokenizer gives it.
    pub of_text: bool,
}

/// Most decimal digits of an int literal, unless another number is given.
pub const MAX_DIGITS: usize = 4300;

/// What one compilation shares.
pub struct Cx<'a> {
    /// Where the tree lives.
    pub bump: &'a Bump,
    /// The source, newlines normalised.
    pub source: &'a str,
    /// The file's name.
    pub filename: &'a str,
    /// 0, 1 (`-O`) or 2 (`-OO`).
    pub optimize: u8,
    /// What is compiled.
    pub mode: Mode,
    /// What `from __future__` has asked for, here or where the code that compiles this comes from.
    pub futures: Cell<CodeFlags>,
    /// The minor version of Python whose syntax is wanted, if it is not this one's.
    pub feature: Cell<Option<u8>>,
    /// Whether a tree tells of the comments that ignore types.
    pub type_comments: Cell<bool>,
    /// Whether a module may await.
    pub top_level_await: Cell<bool>,
    /// How many decimal digits a literal may have; 0: any number.
    pub max_digits: Cell<usize>,
    /// Where the last whole statement in front of an error begins.
    pub statement: Cell<(u32, u32)>,
    /// The parser failed because the text ends.
    pub at_end: Cell<bool>,
    /// Warnings of the tokenizer's kind are not wanted now: the text is looked at once more.
    pub again: Cell<bool>,
    /// The present step.
    pub step: Cell<Origin>,
    /// The line that the tokenizer had come to when the error was found; `u32::MAX` if it is the tokenizer's own.
    pub read_to: Cell<u32>,
    /// Constants that are folded: the source has an expression in their place.
    pub folded: RefCell<FxHashSet<ConstId>>,
    /// The warnings so far.
    pub warnings: RefCell<Vec<Warning>>,
    /// Those of the tokenizer's kind.
    text_warnings: RefCell<Vec<Warning>>,
    lines: Vec<u32>,
    names: RefCell<Symbols>,
    consts: RefCell<Vec<Const>>,
    budget: &'a dyn Budget,
    charged: Cell<usize>,
    arena_charged: Cell<usize>,
}

#[derive(Default)]
struct Symbols {
    texts: Vec<Text>,
    index: FxHashMap<Text, Sym>,
}

impl<'a> Cx<'a> {
    /// A compilation of `source`.
    pub fn new(
        bump: &'a Bump,
        source: &'a str,
        filename: &'a str,
        optimize: u8,
        mode: Mode,
        budget: &'a dyn Budget,
    ) -> Cx<'a> {
        let mut lines = vec![0];
        lines.extend(source.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at as u32 + 1));
        Cx {
            bump,
            source,
            filename,
            optimize,
            mode,
            futures: Cell::default(),
            feature: Cell::default(),
            type_comments: Cell::default(),
            top_level_await: Cell::default(),
            max_digits: Cell::new(MAX_DIGITS),
            statement: Cell::new((0, 0)),
            at_end: Cell::new(false),
            again: Cell::new(false),
            step: Cell::new(Origin::Text),
            read_to: Cell::new(0),
            folded: RefCell::default(),
            warnings: RefCell::default(),
            text_warnings: RefCell::default(),
            lines,
            names: RefCell::default(),
            consts: RefCell::default(),
            budget,
            charged: Cell::new(0),
            arena_charged: Cell::new(0),
        }
    }

    /// Charges bytes until the end of the compilation.
    pub fn charge(&self, bytes: usize) -> R<()> {
        if !self.budget.charge(bytes) {
            return Err(Box::new(Fail::Memory));
        }
        self.charged.set(self.charged.get() + bytes);
        Ok(())
    }

    /// Whether one of these futures holds.
    pub fn has_future(&self, flag: CodeFlags) -> bool {
        self.futures.get().intersects(flag)
    }

    /// Gives back what an earlier charge took.
    pub fn refund(&self, bytes: usize) {
        self.budget.refund(bytes);
        self.charged.set(self.charged.get() - bytes);
    }

    /// Charges what the arena has grown by.
    pub fn charge_arena(&self) -> R<()> {
        let now = self.bump.allocated_bytes();
        let before = self.arena_charged.get();
        if now > before {
            self.charge(now - before)?;
            self.arena_charged.set(now);
        }
        Ok(())
    }

    /// The symbol of a name.
    pub fn intern(&self, name: &str) -> Sym {
        self.intern_text(Text::from(name))
    }

    /// The symbol of a text.
    pub fn intern_text(&self, text: Text) -> Sym {
        let mut names = self.names.borrow_mut();
        if let Some(sym) = names.index.get(&text) {
            return *sym;
        }
        let sym = Sym(names.texts.len() as u32);
        names.texts.push(text.clone());
        names.index.insert(text, sym);
        sym
    }

    /// The text of a symbol.
    pub fn text(&self, sym: Sym) -> Text {
        self.names.borrow().texts[sym.0 as usize].clone()
    }

    /// The text of a symbol, for messages.
    pub fn name(&self, sym: Sym) -> String {
        String::from_utf8_lossy(self.text(sym).as_wtf8()).into_owned()
    }

    /// Whether a symbol is this name.
    pub fn is(&self, sym: Sym, name: &str) -> bool {
        self.names.borrow().texts[sym.0 as usize].as_wtf8() == name.as_bytes()
    }

    /// Adds a constant to the table.
    pub fn constant(&self, value: Const) -> R<ConstId> {
        let extra = match &value {
            Const::Str(text) => text.as_wtf8().len(),
            Const::Bytes(bytes) | Const::BigInt(_, bytes) => bytes.len(),
            Const::Tuple(items) => items.len() * size_of::<Const>(),
            _ => 0,
        };
        self.charge(size_of::<Const>() * 2 + extra)?;
        let mut consts = self.consts.borrow_mut();
        consts.push(value);
        Ok(ConstId(consts.len() as u32 - 1))
    }

    /// A constant of the table.
    pub fn value(&self, id: ConstId) -> Const {
        self.consts.borrow()[id.0 as usize].clone()
    }

    /// The constants that are folded, and that the source has nowhere as such.
    pub fn folded_only(&self) -> Vec<Const> {
        let (consts, folded) = (self.consts.borrow(), self.folded.borrow());
        if folded.is_empty() {
            return Vec::new();
        }
        let all = consts.iter().enumerate();
        let literals = all.filter(|(at, _)| !folded.contains(&ConstId(*at as u32)));
        #[expect(clippy::mutable_key_type, reason = "a code is not compared here")]
        let literals: FxHashSet<&Const> = literals.map(|(_, value)| value).collect();
        let values = folded.iter().map(|id| &consts[id.0 as usize]);
        values.filter(|value| !literals.contains(value)).cloned().collect()
    }

    /// Line (from 1) and column of a byte of the source.
    pub fn line_col(&self, offset: u32) -> (u32, u32) {
        let line = self.lines.partition_point(|start| *start <= offset);
        (line as u32, offset - self.lines[line - 1])
    }

    /// The last line, that with the end of the text; 0 if there is no text.
    pub fn last_line(&self) -> u32 {
        (self.lines.len() - usize::from(self.source.is_empty() || self.source.ends_with('\n'))) as u32
    }

    /// The span of a range of bytes of the source.
    pub fn span(&self, start: u32, end: u32) -> Span {
        let (line, col) = self.line_col(start);
        let (end_line, end_col) = self.line_col(end);
        Span { line, col, end_line, end_col }
    }

    /// A line of the source, with its newline.
    pub fn line_text(&self, line: u32) -> Option<&'a str> {
        let start = *self.lines.get((line as usize).checked_sub(1)?)? as usize;
        let end = self.lines.get(line as usize).map_or(self.source.len(), |end| *end as usize);
        self.source.get(start..end)
    }

    /// Adds a `SyntaxWarning`.
    pub fn warn(&self, span: Span, message: impl Into<String>) {
        let col = self.chars(span.line, span.col);
        let end = (span.end_line, self.chars(span.end_line, span.end_col));
        self.warnings.borrow_mut().push(Warning {
            message: message.into(),
            line: span.line,
            col,
            end,
            of_text: false,
        });
    }

    /// Adds a `SyntaxWarning` of the tokenizer's kind: of a number, of an escape.
    pub fn warn_text(&self, span: Span, message: String) {
        if !self.again.get() {
            self.warn(span, message);
            let warning = self.warnings.borrow_mut().pop();
            self.text_warnings.borrow_mut().extend(warning.map(|one| Warning { of_text: true, ..one }));
        }
    }

    /// The warnings: first those of the text, as they stand in it.
    pub fn take_warnings(&self) -> Vec<Warning> {
        let mut all = self.text_warnings.take();
        all.sort_by_key(|w| (w.line, w.col));
        all.append(&mut self.warnings.borrow_mut());
        all
    }

    /// What the caller is told.
    pub fn error(&self, fail: Fail) -> CompileError {
        match fail {
            Fail::Recursion(message) => CompileError::Recursion(message.to_owned()),
            Fail::Refused(kind, message) => CompileError::Refused(kind, message),
            Fail::Memory => CompileError::Memory,
            Fail::Overflow => CompileError::Overflow,
            Fail::Syntax(kind, message, span) => self.syntax_error(self.step.get(), kind, message, span),
            Fail::Late(origin, message, span) => self.syntax_error(origin, SyntaxKind::Syntax, message, span),
        }
    }

    fn syntax_error(&self, origin: Origin, kind: SyntaxKind, message: String, span: Span) -> CompileError {
        let known = span.line != 0;
        let shown = (known || span.col == Span::CARET) && origin == Origin::Text;
        CompileError::Syntax(Box::new(SyntaxError {
            kind,
            message,
            statement: self.statement.get(),
            filename: self.filename.to_owned(),
            line: span.line,
            col: if known && span.col != Span::CARET { self.chars(span.line, span.col) } else { 0 },
            end_line: span.end_line,
            end_col: match span.end_col {
                _ if !known => 0,
                Span::CARET => 0,
                Span::NO_TEXT => -1,
                // The column is looked for in the line that is shown, whichever it belongs to.
                col if shown && span.end_line > span.line => {
                    let text = self.shown_line(span.line);
                    let bytes = &text.as_bytes()[..text.len().min(col as usize)];
                    String::from_utf8_lossy(bytes).chars().count() as i32 + 1
                }
                col => self.chars(span.end_line, col) as i32,
            },
            origin,
            text: shown.then(|| self.shown_line(span.line)),
        }))
    }

    /// The characters in front of a column, from 1.
    fn chars(&self, line: u32, col: u32) -> u32 {
        match self.line_text(line) {
            Some(text) => {
                let bytes = &text.as_bytes()[..text.len().min(col as usize)];
                let beyond = (col as usize).saturating_sub(text.len());
                (String::from_utf8_lossy(bytes).chars().count() + beyond) as u32 + 1
            }
            None => col + 1,
        }
    }

    /// A line as the tokenizer's buffer holds it.
    pub fn shown_line(&self, line: u32) -> String {
        let text = self.line_text(line).unwrap_or_default();
        let bare = text.strip_suffix('\n').unwrap_or(text);
        let ended = bare.len() < text.len() || self.mode == Mode::Exec && !text.is_empty();
        let end = if ended && self.read_to.get() <= line { "\n" } else { "" };
        format!("{bare}{end}")
    }
}

impl Drop for Cx<'_> {
    fn drop(&mut self) {
        self.budget.refund(self.charged.get());
    }
}
