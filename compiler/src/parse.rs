//! From source text to our tree: the parser's crates, and the end of its tree.
//!
//! With `lower/` this is the only place that knows those crates.

use ruff_python_ast::Mod;
use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode as ParserMode, ParseOptions, parse_unchecked};

use crate::Mode;
use crate::cx::{Cx, R, syntax};
use crate::lower::Lower;
use crate::scan::Scanned;
use crate::tree::Root;

/// Bytes of the parser's tree and tokens for one token: measured 30 for the standard library, 96 for `a;a;a;..`.
const TREE_BYTES: usize = 100;
/// Native stack that freeing one level of the parser's tree takes.
const DROP_FRAME: usize = 512;

/// Parses and lowers.
pub fn parse<'a>(cx: &Cx<'a>, mode: Mode, scanned: &Scanned) -> R<Root<'a>> {
    let chain = scanned.chain;
    let estimate = scanned.count * TREE_BYTES + 1024;
    cx.charge(estimate)?;
    let stack = chain.saturating_mul(DROP_FRAME);
    let deep = chain > 200;
    if deep {
        cx.charge(stack)?;
    }
    let run = || {
        let parser_mode = if mode == Mode::Eval { ParserMode::Expression } else { ParserMode::Module };
        let options = ParseOptions::from(parser_mode).with_target_version(PythonVersion::PY314);
        let parsed = parse_unchecked(cx.source, options);
        if mode == Mode::Eval
            && let Some(span) = crate::diagnose::bare_star(cx, &parsed)
        {
            return syntax(span, "invalid syntax");
        }
        let clean = parsed.errors().is_empty() && parsed.unsupported_syntax_errors().is_empty();
        if !clean || scanned.error.is_some() {
            return Err(crate::diagnose::diagnose(cx, &parsed, scanned));
        }
        match parsed.syntax() {
            Mod::Module(module) => Lower::module(cx, module, mode == Mode::Single),
            Mod::Expression(expression) => Lower::eval(cx, expression),
        }
    };
    let root = if deep { stacker::grow(stack + 4 * crate::lower::MORE_STACK, run) } else { run() };
    cx.refund(estimate);
    if deep {
        cx.refund(stack);
    }
    root
}
