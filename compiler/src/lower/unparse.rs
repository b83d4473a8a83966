//! The text of an annotation under `from __future__ import annotations`, as CPython writes it.
//!
//! Forms that hardly stand in annotations (lambdas, comprehensions, f-strings) are copied from the source.

use std::fmt::Write as _;

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;

use super::Lower;
use crate::cx::R;

/// How tightly an expression binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
struct Level(u8);

const TUPLE: Level = Level(0);
const TEST: Level = Level(1);
const OR: Level = Level(2);
const AND: Level = Level(3);
const NOT: Level = Level(4);
const COMPARE: Level = Level(5);
const UNARY: Level = Level(12);
const POWER: Level = Level(13);
const AWAIT: Level = Level(14);
const ATOM: Level = Level(15);

impl Level {
    fn next(self) -> Level {
        Level(self.0 + 1)
    }
}

fn binary_level(op: ast::Operator) -> Level {
    Level(match op {
        ast::Operator::BitOr => 6,
        ast::Operator::BitXor => 7,
        ast::Operator::BitAnd => 8,
        ast::Operator::LShift | ast::Operator::RShift => 9,
        ast::Operator::Add | ast::Operator::Sub => 10,
        ast::Operator::Pow => POWER.0,
        _ => 11,
    })
}

impl<'c, 'a> Lower<'c, 'a> {
    /// The expression as `ast.unparse` writes it.
    pub(super) fn unparse(&self, expr: &Expr) -> R<String> {
        let mut out = String::new();
        self.write(expr, TEST, &mut out)?;
        Ok(out)
    }

    fn write(&self, expr: &Expr, level: Level, out: &mut String) -> R<()> {
        self.deeper(|| self.write_one(expr, level, out))
    }

    fn list(&self, exprs: &[Expr], out: &mut String) -> R<()> {
        for (at, expr) in exprs.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            self.write(expr, TEST, out)?;
        }
        Ok(())
    }

    /// In brackets if `own` binds less tightly than `level` asks.
    fn grouped(
        &self,
        own: Level,
        level: Level,
        out: &mut String,
        run: impl FnOnce(&mut String) -> R<()>,
    ) -> R<()> {
        if own < level {
            out.push('(');
            run(out)?;
            out.push(')');
            return Ok(());
        }
        run(out)
    }

    fn write_one(&self, expr: &Expr, level: Level, out: &mut String) -> R<()> {
        match expr {
            Expr::Name(e) => out.push_str(e.id.as_str()),
            Expr::NoneLiteral(_) => out.push_str("None"),
            Expr::BooleanLiteral(e) => out.push_str(if e.value { "True" } else { "False" }),
            Expr::EllipsisLiteral(_) => out.push_str("..."),
            Expr::StringLiteral(e) => out.push_str(&repr(e.value.to_str())),
            Expr::Attribute(e) => {
                self.write(&e.value, ATOM, out)?;
                let _ = write!(out, ".{}", e.attr.id.as_str());
            }
            Expr::Subscript(e) => {
                self.write(&e.value, ATOM, out)?;
                out.push('[');
                match &*e.slice {
                    Expr::Tuple(tuple) if !tuple.elts.is_empty() => {
                        self.list(&tuple.elts, out)?;
                        if tuple.elts.len() == 1 {
                            out.push(',');
                        }
                    }
                    slice => self.write(slice, TUPLE, out)?,
                }
                out.push(']');
            }
            Expr::Tuple(e) => {
                out.push('(');
                self.list(&e.elts, out)?;
                out.push_str(if e.elts.len() == 1 { ",)" } else { ")" });
            }
            Expr::List(e) => {
                out.push('[');
                self.list(&e.elts, out)?;
                out.push(']');
            }
            Expr::Set(e) => {
                out.push('{');
                self.list(&e.elts, out)?;
                out.push('}');
            }
            Expr::Starred(e) => {
                out.push('*');
                self.write(&e.value, Level(6), out)?;
            }
            Expr::Call(e) => self.write_call(e, out)?,
            Expr::BinOp(e) => self.write_binary(e, level, out)?,
            Expr::UnaryOp(e) => {
                let (own, text) = match e.op {
                    ast::UnaryOp::Not => (NOT, "not "),
                    ast::UnaryOp::USub => (UNARY, "-"),
                    ast::UnaryOp::UAdd => (UNARY, "+"),
                    ast::UnaryOp::Invert => (UNARY, "~"),
                };
                self.grouped(own, level, out, |out| {
                    out.push_str(text);
                    self.write(&e.operand, own, out)
                })?;
            }
            Expr::BoolOp(e) => {
                let (own, text) = if e.op == ast::BoolOp::And { (AND, " and ") } else { (OR, " or ") };
                self.grouped(own, level, out, |out| {
                    for (at, value) in e.values.iter().enumerate() {
                        if at > 0 {
                            out.push_str(text);
                        }
                        self.write(value, own.next(), out)?;
                    }
                    Ok(())
                })?;
            }
            Expr::Compare(e) => self.grouped(COMPARE, level, out, |out| {
                self.write(&e.left, COMPARE.next(), out)?;
                for (op, right) in e.ops.iter().zip(&e.comparators) {
                    let _ = write!(out, " {} ", op.as_str());
                    self.write(right, COMPARE.next(), out)?;
                }
                Ok(())
            })?,
            Expr::If(e) => self.grouped(TEST, level, out, |out| {
                self.write(&e.body, TEST.next(), out)?;
                out.push_str(" if ");
                self.write(&e.test, TEST.next(), out)?;
                out.push_str(" else ");
                self.write(&e.orelse, TEST, out)
            })?,
            Expr::Await(e) => self.grouped(AWAIT, level, out, |out| {
                out.push_str("await ");
                self.write(&e.value, ATOM, out)
            })?,
            other => out.push_str(self.source(other.range())),
        }
        Ok(())
    }

    fn write_binary(&self, e: &ast::ExprBinOp, level: Level, out: &mut String) -> R<()> {
        // `A | B | C ..` may be long: the left spine is walked with a loop.
        let own = binary_level(e.op);
        let mut spine = vec![e];
        let mut left = &*e.left;
        while let Expr::BinOp(inner) = left
            && binary_level(inner.op) == own
            && inner.op != ast::Operator::Pow
        {
            spine.push(inner);
            left = &inner.left;
        }
        let (left_level, right_level) =
            if e.op == ast::Operator::Pow { (own.next(), own) } else { (own, own.next()) };
        self.grouped(own, level, out, |out| {
            self.write(left, left_level, out)?;
            for link in spine.into_iter().rev() {
                let _ = write!(out, " {} ", link.op.as_str());
                self.write(&link.right, right_level, out)?;
            }
            Ok(())
        })
    }

    fn write_call(&self, e: &ast::ExprCall, out: &mut String) -> R<()> {
        self.write(&e.func, ATOM, out)?;
        out.push('(');
        self.list(&e.arguments.args, out)?;
        for (at, keyword) in e.arguments.keywords.iter().enumerate() {
            if at > 0 || !e.arguments.args.is_empty() {
                out.push_str(", ");
            }
            match &keyword.arg {
                Some(name) => {
                    let _ = write!(out, "{}=", name.id.as_str());
                }
                None => out.push_str("**"),
            }
            self.write(&keyword.value, TEST, out)?;
        }
        out.push(')');
        Ok(())
    }
}

/// A text as `repr` shows it.
fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}
