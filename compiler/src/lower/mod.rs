//! From the parser's tree to ours.
//!
//! This folder and `parse.rs` are the only places that know the parser's crates. Lowering also makes the checks that
//! need no scopes and that the parser leaves to others.
//!
//! Read next: `expr.rs`, `stmt.rs`, `pattern.rs`, `text.rs` (string literals), `unparse.rs` (annotations as text).

pub mod describe;
mod expr;
mod literals;
mod make;
pub mod optimize;
mod pattern;
pub mod rebuild;
mod stmt;
mod text;
mod unparse;

use std::cell::Cell;

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};
use ryokan_bytecode::{CodeFlags, Const};

use crate::cx::{Cx, Fail, R, late};
use crate::error::Origin;
use crate::tree::*;

/// Deepest nesting of the tree, spines aside.
pub const MAX_DEPTH: u32 = 3_000;
/// Native stack that must be free before another level.
pub const RED_ZONE: usize = 128 * 1024;
/// Native stack that is added when it is not.
pub const MORE_STACK: usize = 2 * 1024 * 1024;

/// Lowers one tree.
pub struct Lower<'c, 'a> {
    cx: &'c Cx<'a>,
    depth: Cell<u32>,
    /// Whether annotations become text.
    stringify: Cell<bool>,
    /// Where `return`, `break` and `continue` stand with respect to `finally`.
    finally: Cell<Finally>,
}

/// Whether a statement leaves a `finally`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Finally {
    /// None around, up to the function or to the loop.
    Outside,
    /// One around.
    Inside,
}

/// What a `from __future__` import may ask for, and the flag of code for which that holds: only what is not so anyway has one.
const FUTURES: &[(&str, u32)] = &[
    ("nested_scopes", 0),
    ("generators", 0),
    ("division", 0),
    ("absolute_import", 0),
    ("with_statement", 0),
    ("print_function", 0),
    ("unicode_literals", 0),
    ("barry_as_FLUFL", CodeFlags::FUTURE_BARRY.bits()),
    ("generator_stop", 0),
    ("annotations", CodeFlags::FUTURE_ANNOTATIONS.bits()),
];

const LATE_FUTURE: &str = "from __future__ imports must occur at the beginning of the file";

impl<'c, 'a> Lower<'c, 'a> {
    /// Lowers a module, or interactive input.
    pub fn module(cx: &'c Cx<'a>, module: &ast::ModModule, single: bool) -> R<Root<'a>> {
        let lower = Lower {
            cx,
            depth: Cell::new(0),
            stringify: Cell::new(cx.has_future(CodeFlags::FUTURE_ANNOTATIONS)),
            finally: Cell::new(Finally::Outside),
        };
        lower.futures(&module.body)?;
        let doc = if single { None } else { lower.doc(&module.body)? };
        Ok(Root::Module(doc, lower.body(&module.body)?))
    }

    /// Lowers an expression.
    pub fn eval(cx: &'c Cx<'a>, module: &ast::ModExpression) -> R<Root<'a>> {
        let lower = Lower {
            cx,
            depth: Cell::new(0),
            stringify: Cell::new(cx.has_future(CodeFlags::FUTURE_ANNOTATIONS)),
            finally: Cell::new(Finally::Outside),
        };
        Ok(Root::Eval(lower.expr(&module.body)?))
    }

    fn span(&self, node: impl Ranged) -> Span {
        self.cx.span(node.start().to_u32(), node.end().to_u32())
    }

    fn source(&self, range: TextRange) -> &'a str {
        let source: &'a str = self.cx.source;
        &source[range.start().to_usize()..range.end().to_usize()]
    }

    fn alloc(&self, span: Span, kind: Kind<'a>) -> E<'a> {
        self.cx.bump.alloc(Expr { span, kind })
    }

    fn slice<T>(&self, items: Vec<T>) -> &'a [T] {
        self.cx.bump.alloc_slice_fill_iter(items)
    }

    fn constant(&self, span: Span, value: Const) -> R<E<'a>> {
        Ok(self.alloc(span, Kind::Const(self.cx.constant(value)?)))
    }

    /// The value of a constant expression.
    fn const_of(&self, e: E<'a>) -> Option<Const> {
        match e.kind {
            Kind::Const(id) => Some(self.cx.value(id)),
            _ => None,
        }
    }

    /// Runs one level deeper.
    fn deeper<T>(&self, run: impl FnOnce() -> R<T>) -> R<T> {
        if self.depth.get() >= MAX_DEPTH {
            return Err(Box::new(Fail::Recursion("maximum recursion depth exceeded during compilation")));
        }
        self.depth.set(self.depth.get() + 1);
        let result = stacker::maybe_grow(RED_ZONE, MORE_STACK, run);
        self.depth.set(self.depth.get() - 1);
        result
    }

    fn name(&self, id: &ast::Identifier) -> R<Sym> {
        self.checked_name(id.id.as_str(), self.span(id))
    }

    /// A name that is bound: `__debug__` may not be.
    fn checked_name(&self, name: &str, span: Span) -> R<Sym> {
        if name == "__debug__" {
            return late(Origin::Scopes, span, "cannot assign to __debug__");
        }
        Ok(self.cx.intern(name))
    }

    /// The docstring of a body.
    fn doc(&self, body: &[ast::Stmt]) -> R<Option<ConstId>> {
        let Some(ast::Stmt::Expr(first)) = body.first() else { return Ok(None) };
        let ast::Expr::StringLiteral(literal) = &*first.value else { return Ok(None) };
        if self.cx.optimize >= 2 {
            return Ok(None);
        }
        self.cx.again.set(true);
        let text = self.string_value(literal);
        self.cx.again.set(false);
        let text = text?;
        let clean = crate::literal::clean_doc(text.as_wtf8());
        self.cx.constant(Const::Str(ryokan_bytecode::Text::from_wtf8(&clean))).map(Some)
    }

    /// Reads the future statements, which must stand first.
    fn futures(&self, body: &[ast::Stmt]) -> R<()> {
        let mut rest = body;
        if let Some(ast::Stmt::Expr(first)) = body.first()
            && first.value.is_string_literal_expr()
        {
            rest = &body[1..];
        }
        for stmt in rest {
            let ast::Stmt::ImportFrom(import) = stmt else { break };
            if import.level != 0 || import.module.as_ref().is_none_or(|m| m.id.as_str() != "__future__") {
                break;
            }
            for alias in &import.names {
                self.feature(alias.name.id.as_str(), self.span(alias))?;
            }
        }
        let first_late = rest.iter().position(|s| !is_future(s)).unwrap_or(rest.len());
        self.no_late_futures(&rest[first_late..])
    }

    /// A future feature that is imported holds from now on.
    fn feature(&self, feature: &str, span: Span) -> R<()> {
        let Some((_, flag)) = FUTURES.iter().find(|(name, _)| *name == feature) else {
            let message = match feature {
                "braces" => "not a chance".to_owned(),
                _ => format!("future feature {feature} is not defined"),
            };
            return late(Origin::Scopes, span, message);
        };
        let flag = CodeFlags::from_bits_truncate(*flag);
        self.cx.futures.set(self.cx.futures.get() | flag);
        self.stringify.set(self.cx.has_future(CodeFlags::FUTURE_ANNOTATIONS));
        Ok(())
    }

    /// A future import after other statements is an error (those deeper down are found in `stmt.rs`).
    fn no_late_futures(&self, body: &[ast::Stmt]) -> R<()> {
        match body.iter().find(|s| is_future(s)) {
            Some(stmt) => late(Origin::Scopes, self.span(stmt), LATE_FUTURE),
            None => Ok(()),
        }
    }
}

fn is_future(stmt: &ast::Stmt) -> bool {
    let ast::Stmt::ImportFrom(import) = stmt else { return false };
    import.level == 0 && import.module.as_ref().is_some_and(|m| m.id.as_str() == "__future__")
}

/// Where an expression begins at the left, and what is done to that, the outermost first. It is walked with a loop: a chain may be as
/// long as the source.
fn left_spine(expr: &ast::Expr) -> (&ast::Expr, Vec<&ast::Expr>) {
    let mut spine = Vec::new();
    let mut at = expr;
    loop {
        let next = match at {
            ast::Expr::BinOp(e) => &e.left,
            ast::Expr::Attribute(e) => &e.value,
            ast::Expr::Subscript(e) => &e.value,
            ast::Expr::Call(e) => &e.func,
            _ => break,
        };
        spine.push(at);
        at = next;
    }
    (at, spine)
}
