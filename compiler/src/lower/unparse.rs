//! The text of an annotation under `from __future__ import annotations`.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::Lower;
use crate::cx::R;

impl<'c, 'a> Lower<'c, 'a> {
    /// The expression as `ast.unparse` writes it.
    pub(super) fn unparse(&self, expr: &ast::Expr) -> R<String> {
        Ok(self.source(expr.range()).to_owned())
    }
}
