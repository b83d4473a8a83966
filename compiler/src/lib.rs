//! Python 3.14 source text to [`Code`].
//!
//! ```text
//! bytes --decode--> text --scan--> (early errors) --parse--> parser's tree --lower--> our tree
//!       --scope--> symbol tables --emit--> labelled instructions --assemble--> Code
//! ```
//!
//! A text that is refused is gone through once more as CPython's parser would (`grammar/`), which says what is told of it.
//! Beside this way, `describe` makes of the parser's tree the plain data that `ast` shows, and `compile_tree` rebuilds our tree of such data.
//!
//! Invariants: no input makes it panic or run out of native stack; every byte that the input causes to exist is charged
//! to the [`Budget`] and refunded at the end; a [`Code`] that it gives passes the verifier.
//!
//! Read next: `tree.rs`, `lower/mod.rs`, `scope/mod.rs`, `emit/mod.rs`, `assemble.rs`.
#![forbid(unsafe_code)]

mod assemble;
mod cx;
mod decode;
mod emit;
mod error;
mod fold;
mod grammar;
mod incomplete;
mod literal;
mod lower;
mod parse;
mod scan;
mod scope;
mod single;
mod tree;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use ryokan_bytecode::ast::{Class, Tree};
use ryokan_bytecode::symbols::Block;
use ryokan_bytecode::{Code, CodeFlags, Const};

pub use cx::{Budget, Unlimited, Warning};
pub use error::{CompileError, Origin, Refusal, SyntaxError, SyntaxKind};

/// What is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// A module: statements.
    Exec,
    /// One expression, whose value the code returns.
    Eval,
    /// Interactive input: expressions are printed.
    Single,
    /// The type of a function, as comments of type checkers write it. There is no code of it, only a tree.
    FunctionType,
}

/// How it is compiled.
#[derive(Debug, Default)]
pub struct Options {
    /// 0, 1 (`-O`: no asserts) or 2 (`-OO`: no docstrings either).
    pub optimize: u8,
    /// Future features that hold from the start.
    pub inherited: CodeFlags,
    /// The inherited ones do not hold.
    pub dont_inherit: bool,
    /// The minor version of Python whose syntax a tree may have, if it is not this one's.
    pub feature: Option<u8>,
    /// Whether a tree tells of the comments that ignore types.
    pub type_comments: bool,
    /// Whether a module may await; then its code makes a coroutine.
    pub top_level_await: bool,
    /// Whether a block of interactive input goes on where the text ends without a newline.
    pub open_blocks: bool,
    /// Whether a text that more lines could complete is told from one that is wrong.
    pub allow_incomplete: bool,
    /// How many decimal digits a literal may have, 0 for any number; 4,300 if nothing is said.
    pub max_digits: Option<usize>,
    /// Whether the text is a program's: `folded` is wanted, and what is wrong with the bytes is told as of a file that is read by lines.
    pub is_program: bool,
    /// Where the constants go that the text has expressions for, and nowhere writes as such.
    pub folded: RefCell<Vec<Const>>,
    /// Where the `SyntaxWarning`s go.
    pub warnings: RefCell<Vec<Warning>>,
}

/// Source text: decoded, or a file's bytes, whose byte order mark and PEP 263 coding cookie are heeded.
#[derive(Clone, Copy, Debug)]
pub enum Source<'s> {
    /// Decoded text.
    Text(&'s str),
    /// A file's bytes.
    Bytes(&'s [u8]),
}

/// The text of a file's bytes, by its byte order mark and PEP 263 coding cookie; nothing if it is not in the encoding that it says, or
/// only the library knows that.
pub fn text_of_file(bytes: &[u8]) -> Option<Cow<'_, str>> {
    decode::decode(bytes, "", false).ok()
}

/// Compiles text.
pub fn compile(
    source: &str,
    filename: &str,
    mode: Mode,
    options: &Options,
    budget: &dyn Budget,
) -> Result<Rc<Code>, CompileError> {
    compile_source(Source::Text(source), filename, mode, options, budget)
}

/// Compiles a file's bytes.
pub fn compile_bytes(
    source: &[u8],
    filename: &str,
    mode: Mode,
    options: &Options,
    budget: &dyn Budget,
) -> Result<Rc<Code>, CompileError> {
    compile_source(Source::Bytes(source), filename, mode, options, budget)
}

/// Compiles a source.
pub fn compile_source(
    source: Source<'_>,
    filename: &str,
    mode: Mode,
    options: &Options,
    budget: &dyn Budget,
) -> Result<Rc<Code>, CompileError> {
    with_text(source, filename, options.is_program, budget, |text| {
        match make(text, filename, mode, options, budget, Wanted::Code)? {
            Made::Code(code) => Ok(code),
            _ => Err(CompileError::Overflow),
        }
    })
}

/// The tree of a source.
pub fn describe(
    source: Source<'_>,
    filename: &str,
    mode: Mode,
    options: &Options,
    budget: &dyn Budget,
) -> Result<Tree, CompileError> {
    with_text(source, filename, options.is_program, budget, |text| {
        match make(text, filename, mode, options, budget, Wanted::Tree)? {
            Made::Tree(tree) => Ok(tree),
            _ => Err(CompileError::Overflow),
        }
    })
}

/// The symbol tables of a source: the block of its module, or of its expression.
pub fn symbols(
    source: Source<'_>,
    filename: &str,
    mode: Mode,
    options: &Options,
    budget: &dyn Budget,
) -> Result<Block, CompileError> {
    with_text(source, filename, options.is_program, budget, |text| {
        match make(text, filename, mode, options, budget, Wanted::Symbols)? {
            Made::Symbols(block) => Ok(block),
            _ => Err(CompileError::Overflow),
        }
    })
}

pub use lower::optimize::optimize;

/// Compiles a tree.
pub fn compile_tree(
    tree: &Tree,
    filename: &str,
    options: &Options,
    budget: &dyn Budget,
) -> Result<Rc<Code>, CompileError> {
    let bump = bumpalo::Bump::new();
    let single = tree.root().is_some_and(|root| tree.node(root).class == Class::Interactive);
    let mode = if single { Mode::Single } else { Mode::Exec };
    let cx = cx::Cx::new(&bump, "", filename, options.optimize, mode, budget);
    cx.top_level_await.set(options.top_level_await);
    let inherited = if options.dont_inherit { CodeFlags::empty() } else { options.inherited };
    cx.futures.set(inherited & CodeFlags::FUTURES);
    let result = lower::rebuild::rebuild(&cx, tree).and_then(|root| generate(&cx, &root, mode));
    options.warnings.borrow_mut().append(&mut cx.take_warnings());
    result.map_err(|fail| cx.error(*fail))
}

/// Decodes a source.
fn with_text<T>(
    source: Source<'_>,
    filename: &str,
    is_program: bool,
    budget: &dyn Budget,
    then: impl FnOnce(&str) -> Result<T, CompileError>,
) -> Result<T, CompileError> {
    let bytes = match source {
        Source::Text(text) => return then(text),
        Source::Bytes(bytes) => bytes,
    };
    if !budget.charge(bytes.len()) {
        return Err(CompileError::Memory);
    }
    let result = decode::decode(bytes, filename, is_program).and_then(|text| then(&text));
    budget.refund(bytes.len());
    result
}

/// What a source is to become.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Code,
    Tree,
    Symbols,
}

/// What it has become.
enum Made {
    Code(Rc<Code>),
    Tree(Tree),
    Symbols(Block),
}

fn make(
    source: &str,
    filename: &str,
    mode: Mode,
    options: &Options,
    budget: &dyn Budget,
    wanted: Wanted,
) -> Result<Made, CompileError> {
    let bump = bumpalo::Bump::new();
    let charged = source.len() + 64;
    if !budget.charge(charged) {
        return Err(CompileError::Memory);
    }
    let source = decode::normalise(source);
    let result = {
        let first = match mode {
            Mode::Single => {
                let whole = cx::Cx::new(&bump, &source, filename, options.optimize, mode, budget);
                single::first(&whole, options.open_blocks)
            }
            _ => single::First { end: source.len(), fault: None },
        };
        let cx = cx::Cx::new(&bump, &source[..first.end], filename, options.optimize, mode, budget);
        let inherited = if options.dont_inherit { CodeFlags::empty() } else { options.inherited };
        cx.futures.set(inherited & CodeFlags::FUTURES);
        cx.feature.set(options.feature);
        cx.type_comments.set(options.type_comments);
        cx.top_level_await.set(options.top_level_await);
        cx.max_digits.set(options.max_digits.unwrap_or(cx::MAX_DIGITS));
        let whole = || {
            let whole = cx::Cx::new(&bump, &source, filename, options.optimize, mode, budget);
            whole.again.set(true);
            whole.futures.set(cx.futures.get());
            whole
        };
        let result = match (parse(&cx, mode, wanted), first.fault) {
            (Err(fail), _) if mode == Mode::Single => {
                Err(single::refused(&cx, &whole(), &first, *fail, options.allow_incomplete))
            }
            (Err(fail), _) if options.allow_incomplete && incomplete::is_cut_off(&cx, &fail) => {
                Err(cx.error(incomplete::error(&cx, &fail)))
            }
            (Err(fail), _) => Err(cx.error(*fail)),
            (Ok(_), Some(fault)) => Err(single::faulty(&whole(), &first, fault, options.allow_incomplete)),
            (Ok(parsed), None) => finish(&cx, parsed, mode, wanted).map_err(|fail| cx.error(*fail)),
        };
        if options.is_program {
            options.folded.replace(cx.folded_only());
        }
        options.warnings.borrow_mut().append(&mut cx.take_warnings());
        result
    };
    budget.refund(charged);
    result
}

/// From what has been parsed to what is wanted.
fn finish<'a>(cx: &cx::Cx<'a>, parsed: parse::Parsed<'a>, mode: Mode, wanted: Wanted) -> cx::R<Made> {
    match parsed {
        parse::Parsed::Tree(tree) => Ok(Made::Tree(tree)),
        parse::Parsed::Root(root) if wanted == Wanted::Symbols => named(cx, &root).map(Made::Symbols),
        parse::Parsed::Root(root) => generate(cx, &root, mode).map(Made::Code),
    }
}

/// What is open where the lines of a text end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Nothing, as far as single lines go.
    Line,
    /// A backslash joins the next line to the last one.
    Joined,
    /// A bracket or a text of several lines.
    Inside,
}

/// How the lines of a text end.
pub fn ending(source: &str, budget: &dyn Budget) -> Ending {
    let bump = bumpalo::Bump::new();
    let text = decode::normalise(source);
    let cx = cx::Cx::new(&bump, &text, "<input>", 0, Mode::Exec, budget);
    let Ok(scanned) = scan::scan(&cx) else { return Ending::Line };
    let Some(error) = &scanned.error else {
        return if scanned.open.is_empty() { Ending::Line } else { Ending::Inside };
    };
    let last = text.strip_suffix('\n').unwrap_or_default();
    let joined = (last.len() - last.trim_end_matches('\\').len()) % 2 == 1;
    match error.message.as_str() {
        message if incomplete::is_open(message) => Ending::Inside,
        "unexpected EOF while parsing" => Ending::Joined,
        message if message.starts_with("unterminated") && joined => Ending::Joined,
        _ => Ending::Line,
    }
}

/// Whether a text is statements, or the beginning of some that more lines could complete.
pub fn parses(source: &str, budget: &dyn Budget) -> bool {
    let bump = bumpalo::Bump::new();
    let mut text = decode::normalise(source).into_owned();
    text.push('\n');
    let cx = cx::Cx::new(&bump, &text, "<input>", 0, Mode::Exec, budget);
    match scan::scan(&cx) {
        Ok(scanned) => match scanned.error {
            Some(error) => incomplete::is_open(&error.message),
            None => parse::parse(&cx, Mode::Exec, &scanned, Wanted::Code).is_ok() || cx.at_end.get(),
        },
        Err(_) => false,
    }
}

fn parse<'a>(cx: &cx::Cx<'a>, mode: Mode, wanted: Wanted) -> cx::R<parse::Parsed<'a>> {
    let scanned = scan::scan(cx)?;
    parse::parse(cx, mode, &scanned, wanted)
}

fn generate<'a>(cx: &cx::Cx<'a>, root: &tree::Root<'a>, mode: Mode) -> cx::R<Rc<Code>> {
    cx.step.set(Origin::Scopes);
    let scopes = scope::build(cx, root)?;
    cx.step.set(Origin::Code);
    emit::emit(cx, &scopes, root, mode == Mode::Single)
}

fn named<'a>(cx: &cx::Cx<'a>, root: &tree::Root<'a>) -> cx::R<Block> {
    cx.step.set(Origin::Scopes);
    scope::describe(cx, &scope::build(cx, root)?)
}

/// A constant as `repr` shows it, roughly.
pub(crate) fn show_const(value: &Const) -> String {
    ryokan_bytecode::dis::show(value)
}
