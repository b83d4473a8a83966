//! From the parser's errors to CPython's messages and places.

use ruff_python_ast::Mod;
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use crate::cx::{Cx, Fail};
use crate::error::SyntaxKind;

/// The failure that the parser's errors mean.
pub fn diagnose(cx: &Cx<'_>, parsed: &Parsed<Mod>) -> Box<Fail> {
    let (range, message) = match parsed.errors().first() {
        Some(error) => (error.range(), format!("invalid syntax ({})", error.error)),
        None => (parsed.unsupported_syntax_errors()[0].range, "invalid syntax".to_owned()),
    };
    let span = cx.span(range.start().to_u32(), range.end().to_u32());
    Box::new(Fail::Syntax(SyntaxKind::Syntax, message, span))
}
