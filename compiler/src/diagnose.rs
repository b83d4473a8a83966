//! From the parser's errors to CPython's messages and places.

use ruff_python_ast::Mod;
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use crate::cx::{Cx, Fail};
use crate::error::SyntaxKind;
use crate::scan::Scanned;

/// The failure that the parser's errors mean.
pub fn diagnose(cx: &Cx<'_>, parsed: &Parsed<Mod>, scanned: &Scanned) -> Box<Fail> {
    let first = parsed.errors().iter().map(|e| (e.range(), e.error.to_string()));
    let other = parsed.unsupported_syntax_errors().iter().map(|e| (e.range, e.to_string()));
    let first = first.chain(other).min_by_key(|(range, _)| range.start());
    if let Some(error) = &scanned.error
        && first.as_ref().is_none_or(|(range, _)| range.start().to_u32() + 1 >= error.at.saturating_sub(1))
    {
        return Box::new(Fail::Syntax(error.kind, error.message.clone(), error.span));
    }
    let (range, message) = match first {
        Some((range, message)) => (range, format!("invalid syntax ({message})")),
        None => (Default::default(), "invalid syntax".to_owned()),
    };
    let span = cx.span(range.start().to_u32(), range.end().to_u32());
    Box::new(Fail::Syntax(SyntaxKind::Syntax, message, span))
}
