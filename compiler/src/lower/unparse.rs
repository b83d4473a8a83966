//! The text of an annotation under `from __future__ import annotations`, as CPython writes it: with as few brackets and in the
//! spelling of its own, whatever the source looks like.
//!
//! Read next: `literals.rs` (numbers and strings as their reprs).

use std::fmt::Write as _;

use ruff_python_ast::{self as ast, Expr};

use super::Lower;
use super::literals::{brace, quoted_bytes, quoted_text};
use super::text::code_of;
use crate::cx::R;

/// How tightly an expression binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) struct Level(u8);

const TUPLE: Level = Level(0);
const TEST: Level = Level(1);
const OR: Level = Level(2);
const AND: Level = Level(3);
const NOT: Level = Level(4);
const COMPARE: Level = Level(5);
const OPERAND: Level = Level(6);
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
        ast::Operator::BitOr => OPERAND.0,
        ast::Operator::BitXor => 7,
        ast::Operator::BitAnd => 8,
        ast::Operator::LShift | ast::Operator::RShift => 9,
        ast::Operator::Add | ast::Operator::Sub => 10,
        ast::Operator::Pow => POWER.0,
        _ => 11,
    })
}

impl<'c, 'a> Lower<'c, 'a> {
    /// The expression's text. It is charged while it grows: texts in texts are quoted again and again.
    pub(super) fn unparse(&self, expr: &Expr) -> R<String> {
        let mut out = String::new();
        let again = self.cx.again.replace(true);
        let result = self.write(expr, TEST, &mut out);
        self.cx.again.set(again);
        result.map(|()| out)
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

    /// Between an opening and a closing text.
    fn between(
        &self,
        open: &str,
        close: &str,
        out: &mut String,
        run: impl FnOnce(&mut String) -> R<()>,
    ) -> R<()> {
        out.push_str(open);
        run(out)?;
        out.push_str(close);
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
        if own < level { self.between("(", ")", out, run) } else { run(out) }
    }

    fn write_one(&self, expr: &Expr, level: Level, out: &mut String) -> R<()> {
        match expr {
            Expr::Name(e) => out.push_str(e.id.as_str()),
            Expr::NoneLiteral(_) => out.push_str("None"),
            Expr::BooleanLiteral(e) => out.push_str(if e.value { "True" } else { "False" }),
            Expr::EllipsisLiteral(_) => out.push_str("..."),
            Expr::NumberLiteral(e) => self.write_number(e, out)?,
            Expr::StringLiteral(e) => {
                if e.value.is_unicode() {
                    out.push('u');
                }
                quoted_text(self.string_value(e)?.as_wtf8(), out);
            }
            Expr::BytesLiteral(e) => quoted_bytes(&e.value.bytes().collect::<Vec<u8>>(), out),
            Expr::FString(e) => self.write_fstring(e, out)?,
            Expr::TString(e) => self.write_tstring(e, out)?,
            Expr::Attribute(e) => {
                self.write(&e.value, ATOM, out)?;
                let int = matches!(&*e.value, Expr::NumberLiteral(number) if matches!(number.value, ast::Number::Int(_)));
                let _ = write!(out, "{}.{}", if int { " " } else { "" }, e.attr.id.as_str());
            }
            Expr::Subscript(e) => {
                self.write(&e.value, ATOM, out)?;
                self.between("[", "]", out, |out| self.write(&e.slice, TUPLE, out))?;
            }
            Expr::Slice(e) => self.write_slice(e, out)?,
            Expr::Tuple(e) if e.elts.is_empty() => out.push_str("()"),
            Expr::Tuple(e) => self.grouped(TUPLE, level, out, |out| {
                self.list(&e.elts, out)?;
                out.push_str(if e.elts.len() == 1 { "," } else { "" });
                Ok(())
            })?,
            Expr::List(e) => self.between("[", "]", out, |out| self.list(&e.elts, out))?,
            Expr::Set(e) => self.between("{", "}", out, |out| self.list(&e.elts, out))?,
            Expr::Dict(e) => self.between("{", "}", out, |out| self.write_dict(e, out))?,
            Expr::ListComp(e) => self.write_comp("[", None, &e.elt, &e.generators, "]", out)?,
            Expr::SetComp(e) => self.write_comp("{", None, &e.elt, &e.generators, "}", out)?,
            Expr::DictComp(e) => self.write_comp("{", e.key.as_deref(), &e.value, &e.generators, "}", out)?,
            Expr::Generator(e) => self.write_comp("(", None, &e.elt, &e.generators, ")", out)?,
            Expr::Starred(e) => {
                out.push('*');
                self.write(&e.value, OPERAND, out)?;
            }
            Expr::Call(e) => self.write_call(e, out)?,
            Expr::BinOp(e) => self.write_binary(e, level, out)?,
            Expr::UnaryOp(e) => self.write_unary(e, level, out)?,
            Expr::BoolOp(e) => self.write_bool(e, level, out)?,
            Expr::Compare(e) => self.write_compare(e, level, out)?,
            Expr::Lambda(e) => self.grouped(TEST, level, out, |out| self.write_lambda(e, out))?,
            Expr::If(e) => self.grouped(TEST, level, out, |out| {
                self.write(&e.body, TEST.next(), out)?;
                out.push_str(" if ");
                self.write(&e.test, TEST.next(), out)?;
                out.push_str(" else ");
                self.write(&e.orelse, TEST, out)
            })?,
            Expr::Named(e) => self.grouped(TUPLE, level, out, |out| {
                self.write(&e.target, ATOM, out)?;
                out.push_str(" := ");
                self.write(&e.value, ATOM, out)
            })?,
            Expr::Await(e) => self.grouped(AWAIT, level, out, |out| {
                out.push_str("await ");
                self.write(&e.value, ATOM, out)
            })?,
            Expr::Yield(e) => self.between("(yield", ")", out, |out| match &e.value {
                Some(value) => {
                    out.push(' ');
                    self.write(value, TEST, out)
                }
                None => Ok(()),
            })?,
            Expr::YieldFrom(e) => {
                self.between("(yield from ", ")", out, |out| self.write(&e.value, TEST, out))?;
            }
            Expr::IpyEscapeCommand(_) => {}
        }
        Ok(())
    }

    fn write_slice(&self, e: &ast::ExprSlice, out: &mut String) -> R<()> {
        if let Some(lower) = &e.lower {
            self.write(lower, TEST, out)?;
        }
        out.push(':');
        if let Some(upper) = &e.upper {
            self.write(upper, TEST, out)?;
        }
        if let Some(step) = &e.step {
            out.push(':');
            self.write(step, TEST, out)?;
        }
        Ok(())
    }

    fn write_dict(&self, e: &ast::ExprDict, out: &mut String) -> R<()> {
        for (at, item) in e.items.iter().enumerate() {
            out.push_str(if at > 0 { ", " } else { "" });
            match &item.key {
                Some(key) => {
                    self.write(key, TEST, out)?;
                    out.push_str(": ");
                    self.write(&item.value, TEST, out)?;
                }
                None => {
                    out.push_str("**");
                    self.write(&item.value, OPERAND, out)?;
                }
            }
        }
        Ok(())
    }

    fn write_comp(
        &self,
        open: &str,
        key: Option<&Expr>,
        value: &Expr,
        fors: &[ast::Comprehension],
        close: &str,
        out: &mut String,
    ) -> R<()> {
        self.between(open, close, out, |out| {
            if let Some(key) = key {
                self.write(key, TEST, out)?;
                out.push_str(": ");
            }
            self.write(value, TEST, out)?;
            for one in fors {
                out.push_str(if one.is_async { " async for " } else { " for " });
                self.write(&one.target, TUPLE, out)?;
                out.push_str(" in ");
                self.write(&one.iter, TEST.next(), out)?;
                for test in &one.ifs {
                    out.push_str(" if ");
                    self.write(test, TEST.next(), out)?;
                }
            }
            Ok(())
        })
    }

    fn write_unary(&self, e: &ast::ExprUnaryOp, level: Level, out: &mut String) -> R<()> {
        let (own, text) = match e.op {
            ast::UnaryOp::Not => (NOT, "not "),
            ast::UnaryOp::USub => (UNARY, "-"),
            ast::UnaryOp::UAdd => (UNARY, "+"),
            ast::UnaryOp::Invert => (UNARY, "~"),
        };
        self.grouped(own, level, out, |out| {
            out.push_str(text);
            self.write(&e.operand, own, out)
        })
    }

    fn write_bool(&self, e: &ast::ExprBoolOp, level: Level, out: &mut String) -> R<()> {
        let (own, text) = if e.op == ast::BoolOp::And { (AND, " and ") } else { (OR, " or ") };
        self.grouped(own, level, out, |out| {
            for (at, value) in e.values.iter().enumerate() {
                out.push_str(if at > 0 { text } else { "" });
                self.write(value, own.next(), out)?;
            }
            Ok(())
        })
    }

    fn write_compare(&self, e: &ast::ExprCompare, level: Level, out: &mut String) -> R<()> {
        self.grouped(COMPARE, level, out, |out| {
            self.write(&e.left, COMPARE.next(), out)?;
            for (op, right) in e.ops.iter().zip(&e.comparators) {
                let _ = write!(out, " {} ", op.as_str());
                self.write(right, COMPARE.next(), out)?;
            }
            Ok(())
        })
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
        // A generator that is the only argument brings the brackets.
        if let ([only @ Expr::Generator(_)], []) = (&*e.arguments.args, &*e.arguments.keywords) {
            return self.write(only, ATOM, out);
        }
        self.between("(", ")", out, |out| {
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
            Ok(())
        })
    }

    fn write_lambda(&self, e: &ast::ExprLambda, out: &mut String) -> R<()> {
        out.push_str("lambda");
        if let Some(params) = &e.parameters {
            // Stars stand right behind the word.
            if !params.posonlyargs.is_empty() || !params.args.is_empty() {
                out.push(' ');
            }
            self.write_params(params, out)?;
        }
        out.push_str(": ");
        self.write(&e.body, TEST, out)
    }

    fn write_params(&self, params: &ast::Parameters, out: &mut String) -> R<()> {
        let mut first = true;
        let mut comma = |out: &mut String| {
            if !std::mem::replace(&mut first, false) {
                out.push_str(", ");
            }
        };
        let one = |param: &ast::ParameterWithDefault, out: &mut String| -> R<()> {
            out.push_str(param.parameter.name.id.as_str());
            let Some(default) = &param.default else { return Ok(()) };
            out.push('=');
            self.write(default, TEST, out)
        };
        for param in &params.posonlyargs {
            comma(out);
            one(param, out)?;
        }
        if !params.posonlyargs.is_empty() {
            comma(out);
            out.push('/');
        }
        for param in &params.args {
            comma(out);
            one(param, out)?;
        }
        if params.vararg.is_some() || !params.kwonlyargs.is_empty() {
            comma(out);
            out.push('*');
            out.push_str(params.vararg.as_ref().map_or("", |param| param.name.id.as_str()));
        }
        for param in &params.kwonlyargs {
            comma(out);
            one(param, out)?;
        }
        if let Some(param) = &params.kwarg {
            comma(out);
            let _ = write!(out, "**{}", param.name.id.as_str());
        }
        Ok(())
    }

    fn write_fstring(&self, e: &ast::ExprFString, out: &mut String) -> R<()> {
        let mut body = Vec::new();
        for part in &e.value {
            match part {
                ast::FStringPart::Literal(text) => brace(&self.one_string(text), &mut body),
                ast::FStringPart::FString(inner) => {
                    self.write_elements(&inner.elements, inner.flags.prefix().is_raw(), false, &mut body)?;
                }
            }
        }
        self.cx.charge(body.len())?;
        out.push('f');
        quoted_text(&body, out);
        Ok(())
    }

    fn write_tstring(&self, e: &ast::ExprTString, out: &mut String) -> R<()> {
        let mut body = Vec::new();
        for inner in &e.value {
            self.write_elements(&inner.elements, inner.flags.prefix().is_raw(), true, &mut body)?;
        }
        self.cx.charge(body.len())?;
        out.push('t');
        quoted_text(&body, out);
        Ok(())
    }

    /// What stands between the quotes: texts with their braces doubled, and fields.
    fn write_elements(
        &self,
        elements: &[ast::InterpolatedStringElement],
        is_raw: bool,
        template: bool,
        body: &mut Vec<u8>,
    ) -> R<()> {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(text) => {
                    brace(&self.element_text(text, is_raw), body);
                }
                ast::InterpolatedStringElement::Interpolation(field) => {
                    self.deeper(|| self.write_field(field, is_raw, template, body))?;
                }
            }
        }
        Ok(())
    }

    /// A field of an f-string; of a t-string, with the expression as the source has it.
    fn write_field(
        &self,
        field: &ast::InterpolatedElement,
        is_raw: bool,
        template: bool,
        body: &mut Vec<u8>,
    ) -> R<()> {
        if let Some(debug) = &field.debug_text {
            brace(code_of(debug.as_str(), false).as_bytes(), body);
        }
        let text = if template {
            self.field_text(field)
        } else {
            let mut text = String::new();
            self.write(&field.expression, TEST.next(), &mut text)?;
            text
        };
        // Two braces in a row would be one that is text.
        body.extend_from_slice(if text.starts_with('{') { b"{ " } else { b"{" });
        body.extend_from_slice(text.as_bytes());
        body.extend_from_slice(match self.conversion(field) {
            1 => b"!s",
            2 => b"!r",
            3 => b"!a",
            _ => b"",
        });
        if let Some(spec) = &field.format_spec {
            body.push(b':');
            self.write_elements(&spec.elements, is_raw, false, body)?;
        }
        body.push(b'}');
        Ok(())
    }
}
