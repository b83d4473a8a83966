//! What a compilation can end with instead of code.

use std::fmt;

/// Which of Python's three classes a syntax error has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `_IncompleteInputError`
    Incomplete,
}

impl SyntaxKind {
    /// The name of its class.
    pub fn name(self) -> &'static str {
        match self {
            SyntaxKind::Syntax => "SyntaxError",
            SyntaxKind::Indentation => "IndentationError",
            SyntaxKind::Tab => "TabError",
            SyntaxKind::Incomplete => "_IncompleteInputError",
        }
    }
}

/// Which step finds a syntax error. What the exception says about the place depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The tokenizer or the parser: they have the text, and show its line.
    Text,
    /// The scopes, and the `__future__` statements: only the message is an argument of the exception.
    Scopes,
    /// The emitter. Like the scopes it has no text: the line is shown if the file can be read.
    Code,
}

/// A `SyntaxError`, with what its attributes say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Its class.
    pub kind: SyntaxKind,
    /// `msg`
    pub message: String,
    /// `filename`
    pub filename: String,
    /// `lineno`, from 1; 0 if unknown.
    pub line: u32,
    /// `offset`: characters, from 1; 0 if unknown.
    pub col: u32,
    /// `end_lineno`; 0 if unknown.
    pub end_line: u32,
    /// `end_offset`; 0 if unknown, -1 if the token has no text.
    pub end_col: i32,
    /// Who found it.
    pub origin: Origin,
    /// `text`: the line; with its newline unless the tokenizer refused it, or had read beyond it. None if `origin` is not the text.
    pub text: Option<String>,
    /// Line (from 1) and column of the last whole statement in front of the error; 0 if there is none.
    pub statement: (u32, u32),
}

/// Of which class an error is that a tree is refused with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// `ValueError`
    Value,
    /// `TypeError`
    Type,
    /// `SystemError`
    System,
}

/// Why there is no code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CompileError {
    /// `SyntaxError` and its subclasses.
    Syntax(Box<SyntaxError>),
    /// `RecursionError` with this message.
    Recursion(String),
    /// A tree is none that a source could have.
    Refused(Refusal, String),
    /// The source says that it is in this encoding, which only the library knows, if anybody.
    Encoding(String),
    /// The budget refused: `MemoryError`.
    Memory,
    /// More than the instruction format can say: `OverflowError`.
    Overflow,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Syntax(e) => {
                write!(f, "{}:{}:{}: {}: {}", e.filename, e.line, e.col, e.kind.name(), e.message)
            }
            CompileError::Recursion(message) => write!(f, "RecursionError: {message}"),
            CompileError::Refused(kind, message) => write!(f, "{kind:?}Error: {message}"),
            CompileError::Memory => f.write_str("MemoryError"),
            CompileError::Encoding(name) => write!(f, "SyntaxError: unknown encoding: {name}"),
            CompileError::Overflow => f.write_str("OverflowError: the code is too large"),
        }
    }
}

impl std::error::Error for CompileError {}
