//! The text of an annotation under `from __future__ import annotations`, as CPython writes it: with as few brackets and in the
//! spelling of its own, whatever the source looks like.
//!
//! Read next: `literals.rs` (numbers and strings as their reprs).

use std::fmt::Write as _;

use ryokan_bytecode::Const;
use ryokan_bytecode::ast::{Class, Item, Node, Tree};

use super::Lower;
use super::literals::{brace, quoted_bytes, quoted_text, write_number};
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

/// An operator: how tightly it binds, and how it is written.
fn binary(op: Class) -> (Level, &'static str) {
    let (level, text) = match op {
        Class::BitOr => (OPERAND.0, "|"),
        Class::BitXor => (7, "^"),
        Class::BitAnd => (8, "&"),
        Class::LShift => (9, "<<"),
        Class::RShift => (9, ">>"),
        Class::Add => (10, "+"),
        Class::Sub => (10, "-"),
        Class::Mult => (11, "*"),
        Class::MatMult => (11, "@"),
        Class::Div => (11, "/"),
        Class::Mod => (11, "%"),
        Class::Pow => (POWER.0, "**"),
        _ => (11, "//"),
    };
    (Level(level), text)
}

fn comparison(op: Class) -> &'static str {
    match op {
        Class::Eq => "==",
        Class::NotEq => "!=",
        Class::Lt => "<",
        Class::LtE => "<=",
        Class::Gt => ">",
        Class::GtE => ">=",
        Class::Is => "is",
        Class::IsNot => "is not",
        Class::In => "in",
        _ => "not in",
    }
}

impl Lower<'_, '_> {
    /// The text of an expression of a tree. It is charged while it grows: texts in texts are quoted again and again.
    pub(super) fn unparse(&self, tree: &Tree, expr: &Item) -> R<String> {
        let mut out = String::new();
        Unparse { lower: self, tree }.write(expr, TEST, &mut out).map(|()| out)
    }
}

struct Unparse<'u, 'c, 'a> {
    lower: &'u Lower<'c, 'a>,
    tree: &'u Tree,
}

impl<'u> Unparse<'u, '_, '_> {
    fn node(&self, item: &Item) -> Option<Node<'u>> {
        item.node().map(|id| self.tree.node(id))
    }
    fn class(&self, item: &Item) -> Class {
        self.node(item).map_or(Class::Pass, |node| node.class)
    }

    fn write(&self, expr: &Item, level: Level, out: &mut String) -> R<()> {
        match self.node(expr) {
            Some(node) => self.lower.deeper(|| self.write_one(&node, level, out)),
            None => Ok(()),
        }
    }

    fn list(&self, exprs: &Item, out: &mut String) -> R<()> {
        for (at, expr) in self.tree.items(exprs).iter().enumerate() {
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

    fn write_one(&self, e: &Node<'u>, level: Level, out: &mut String) -> R<()> {
        let field = |at: usize| e.field(at);
        match e.class {
            Class::Name => push_name(field(0), out),
            Class::Constant => self.write_constant(e, out)?,
            Class::JoinedStr => self.write_string('f', e, out)?,
            Class::TemplateStr => self.write_string('t', e, out)?,
            Class::Attribute => {
                self.write(field(0), ATOM, out)?;
                let value = self.node(field(0)).map(|node| node.field(0));
                let int = self.class(field(0)) == Class::Constant
                    && matches!(value, Some(Item::Plain(Const::Int(_) | Const::BigInt(..))));
                out.push_str(if int { " ." } else { "." });
                push_name(field(1), out);
            }
            Class::Subscript => {
                self.write(field(0), ATOM, out)?;
                self.between("[", "]", out, |out| self.write(field(1), TUPLE, out))?;
            }
            Class::Slice => self.write_slice(e, out)?,
            Class::Tuple if self.tree.items(field(0)).is_empty() => out.push_str("()"),
            Class::Tuple => self.grouped(TUPLE, level, out, |out| {
                self.list(field(0), out)?;
                out.push_str(if self.tree.items(field(0)).len() == 1 { "," } else { "" });
                Ok(())
            })?,
            Class::List => self.between("[", "]", out, |out| self.list(field(0), out))?,
            Class::Set => self.between("{", "}", out, |out| self.list(field(0), out))?,
            Class::Dict => self.between("{", "}", out, |out| self.write_dict(e, out))?,
            Class::ListComp => self.write_comp("[", &Item::None, field(0), field(1), "]", out)?,
            Class::SetComp => self.write_comp("{", &Item::None, field(0), field(1), "}", out)?,
            Class::DictComp => self.write_comp("{", field(0), field(1), field(2), "}", out)?,
            Class::GeneratorExp => self.write_comp("(", &Item::None, field(0), field(1), ")", out)?,
            Class::Starred => {
                out.push('*');
                self.write(field(0), OPERAND, out)?;
            }
            Class::Call => self.write_call(e, out)?,
            Class::BinOp => self.write_binary(e, level, out)?,
            Class::UnaryOp => self.write_unary(e, level, out)?,
            Class::BoolOp => self.write_bool(e, level, out)?,
            Class::Compare => self.write_compare(e, level, out)?,
            Class::Lambda => self.grouped(TEST, level, out, |out| self.write_lambda(e, out))?,
            Class::IfExp => self.grouped(TEST, level, out, |out| {
                self.write(field(1), TEST.next(), out)?;
                out.push_str(" if ");
                self.write(field(0), TEST.next(), out)?;
                out.push_str(" else ");
                self.write(field(2), TEST, out)
            })?,
            Class::NamedExpr => self.grouped(TUPLE, level, out, |out| {
                self.write(field(0), ATOM, out)?;
                out.push_str(" := ");
                self.write(field(1), ATOM, out)
            })?,
            Class::Await => self.grouped(AWAIT, level, out, |out| {
                out.push_str("await ");
                self.write(field(0), ATOM, out)
            })?,
            Class::Yield => self.between("(yield", ")", out, |out| {
                out.push_str(if field(0).is_none() { "" } else { " " });
                self.write(field(0), TEST, out)
            })?,
            Class::YieldFrom => {
                self.between("(yield from ", ")", out, |out| self.write(field(0), TEST, out))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn write_constant(&self, e: &Node<'u>, out: &mut String) -> R<()> {
        let Item::Plain(value) = e.field(0) else { return Ok(()) };
        if !e.field(1).is_none() {
            push_name(e.field(1), out);
        }
        self.write_value(value, out)
    }

    fn write_value(&self, value: &Const, out: &mut String) -> R<()> {
        match value {
            Const::None => out.push_str("None"),
            Const::True => out.push_str("True"),
            Const::False => out.push_str("False"),
            Const::Ellipsis => out.push_str("..."),
            Const::Str(text) => quoted_text(text.as_wtf8(), out),
            Const::Bytes(bytes) => quoted_bytes(bytes, out),
            Const::Tuple(items) | Const::FrozenSet(items) => {
                let frozen = matches!(value, Const::FrozenSet(_));
                out.push_str(match (frozen, items.is_empty()) {
                    (true, true) => "frozenset(",
                    (true, false) => "frozenset({",
                    (false, _) => "(",
                });
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    self.lower.deeper(|| self.write_value(item, out))?;
                }
                out.push_str(match (frozen, items.len()) {
                    (true, 0) => ")",
                    (true, _) => "})",
                    (false, 1) => ",)",
                    (false, _) => ")",
                });
            }
            number => write_number(number, out),
        }
        Ok(())
    }

    fn write_slice(&self, e: &Node<'u>, out: &mut String) -> R<()> {
        self.write(e.field(0), TEST, out)?;
        out.push(':');
        self.write(e.field(1), TEST, out)?;
        if !e.field(2).is_none() {
            out.push(':');
            self.write(e.field(2), TEST, out)?;
        }
        Ok(())
    }

    fn write_dict(&self, e: &Node<'u>, out: &mut String) -> R<()> {
        let items = self.tree.items(e.field(0)).iter().zip(self.tree.items(e.field(1)));
        for (at, (key, value)) in items.enumerate() {
            out.push_str(if at > 0 { ", " } else { "" });
            if key.is_none() {
                out.push_str("**");
                self.write(value, OPERAND, out)?;
            } else {
                self.write(key, TEST, out)?;
                out.push_str(": ");
                self.write(value, TEST, out)?;
            }
        }
        Ok(())
    }

    fn write_comp(
        &self,
        open: &str,
        key: &Item,
        value: &Item,
        fors: &Item,
        close: &str,
        out: &mut String,
    ) -> R<()> {
        self.between(open, close, out, |out| {
            if !key.is_none() {
                self.write(key, TEST, out)?;
                out.push_str(": ");
            }
            self.write(value, TEST, out)?;
            for one in self.tree.items(fors).iter().filter_map(|one| self.node(one)) {
                out.push_str(if one.int(3) != 0 { " async for " } else { " for " });
                self.write(one.field(0), TUPLE, out)?;
                out.push_str(" in ");
                self.write(one.field(1), TEST.next(), out)?;
                for test in self.tree.items(one.field(2)) {
                    out.push_str(" if ");
                    self.write(test, TEST.next(), out)?;
                }
            }
            Ok(())
        })
    }

    fn write_unary(&self, e: &Node<'u>, level: Level, out: &mut String) -> R<()> {
        let (own, text) = match self.class(e.field(0)) {
            Class::Not => (NOT, "not "),
            Class::USub => (UNARY, "-"),
            Class::UAdd => (UNARY, "+"),
            _ => (UNARY, "~"),
        };
        self.grouped(own, level, out, |out| {
            out.push_str(text);
            self.write(e.field(1), own, out)
        })
    }

    fn write_bool(&self, e: &Node<'u>, level: Level, out: &mut String) -> R<()> {
        let is_and = self.class(e.field(0)) == Class::And;
        let (own, text) = if is_and { (AND, " and ") } else { (OR, " or ") };
        self.grouped(own, level, out, |out| {
            for (at, value) in self.tree.items(e.field(1)).iter().enumerate() {
                out.push_str(if at > 0 { text } else { "" });
                self.write(value, own.next(), out)?;
            }
            Ok(())
        })
    }

    fn write_compare(&self, e: &Node<'u>, level: Level, out: &mut String) -> R<()> {
        self.grouped(COMPARE, level, out, |out| {
            self.write(e.field(0), COMPARE.next(), out)?;
            for (op, right) in self.tree.items(e.field(1)).iter().zip(self.tree.items(e.field(2))) {
                let _ = write!(out, " {} ", comparison(self.class(op)));
                self.write(right, COMPARE.next(), out)?;
            }
            Ok(())
        })
    }

    fn write_binary(&self, e: &Node<'u>, level: Level, out: &mut String) -> R<()> {
        // `A | B | C ..` may be long: the left spine is walked with a loop.
        let (own, _) = binary(self.class(e.field(1)));
        let mut spine = vec![*e];
        let mut left = e.field(0);
        while let Some(inner) = self.node(left).filter(|inner| inner.class == Class::BinOp) {
            let op = self.class(inner.field(1));
            if binary(op).0 != own || op == Class::Pow {
                break;
            }
            spine.push(inner);
            left = inner.field(0);
        }
        let (left_level, right_level) = if own == POWER { (own.next(), own) } else { (own, own.next()) };
        self.grouped(own, level, out, |out| {
            self.write(left, left_level, out)?;
            for link in spine.into_iter().rev() {
                let _ = write!(out, " {} ", binary(self.class(link.field(1))).1);
                self.write(link.field(2), right_level, out)?;
            }
            Ok(())
        })
    }

    fn write_call(&self, e: &Node<'u>, out: &mut String) -> R<()> {
        self.write(e.field(0), ATOM, out)?;
        let (args, keywords) = (self.tree.items(e.field(1)), self.tree.items(e.field(2)));
        // A generator that is the only argument brings the brackets.
        if let ([only], []) = (args, keywords)
            && self.class(only) == Class::GeneratorExp
        {
            return self.write(only, ATOM, out);
        }
        self.between("(", ")", out, |out| {
            self.list(e.field(1), out)?;
            for (at, keyword) in keywords.iter().filter_map(|keyword| self.node(keyword)).enumerate() {
                if at > 0 || !args.is_empty() {
                    out.push_str(", ");
                }
                if keyword.field(0).is_none() {
                    out.push_str("**");
                } else {
                    push_name(keyword.field(0), out);
                    out.push('=');
                }
                self.write(keyword.field(1), TEST, out)?;
            }
            Ok(())
        })
    }

    fn write_lambda(&self, e: &Node<'u>, out: &mut String) -> R<()> {
        out.push_str("lambda");
        if let Some(params) = self.node(e.field(0)) {
            // Stars stand right behind the word.
            if !self.tree.items(params.field(0)).is_empty() || !self.tree.items(params.field(1)).is_empty() {
                out.push(' ');
            }
            self.write_params(&params, out)?;
        }
        out.push_str(": ");
        self.write(e.field(1), TEST, out)
    }

    fn write_params(&self, params: &Node<'u>, out: &mut String) -> R<()> {
        let mut first = true;
        let mut comma = |out: &mut String| {
            if !std::mem::replace(&mut first, false) {
                out.push_str(", ");
            }
        };
        let one = |param: &Item, default: Option<&Item>, out: &mut String| -> R<()> {
            self.push_param(param, out);
            let Some(default) = default.filter(|default| !default.is_none()) else { return Ok(()) };
            out.push('=');
            self.write(default, TEST, out)
        };
        let (posonly, args) = (self.tree.items(params.field(0)), self.tree.items(params.field(1)));
        let defaults = self.tree.items(params.field(6));
        let without = (posonly.len() + args.len()).saturating_sub(defaults.len());
        for (at, param) in posonly.iter().chain(args).enumerate() {
            comma(out);
            one(param, at.checked_sub(without).and_then(|at| defaults.get(at)), out)?;
            if at + 1 == posonly.len() {
                comma(out);
                out.push('/');
            }
        }
        let kwonly = self.tree.items(params.field(3));
        if !params.field(2).is_none() || !kwonly.is_empty() {
            comma(out);
            out.push('*');
            self.push_param(params.field(2), out);
        }
        for (at, param) in kwonly.iter().enumerate() {
            comma(out);
            one(param, self.tree.items(params.field(4)).get(at), out)?;
        }
        if !params.field(5).is_none() {
            comma(out);
            out.push_str("**");
            self.push_param(params.field(5), out);
        }
        Ok(())
    }

    fn push_param(&self, param: &Item, out: &mut String) {
        if let Some(param) = self.node(param) {
            push_name(param.field(0), out);
        }
    }

    fn write_string(&self, prefix: char, e: &Node<'u>, out: &mut String) -> R<()> {
        let mut body = Vec::new();
        self.write_values(e.field(0), &mut body)?;
        self.lower.cx.charge(body.len())?;
        out.push(prefix);
        quoted_text(&body, out);
        Ok(())
    }

    /// What stands between the quotes: texts with their braces doubled, and fields.
    fn write_values(&self, values: &Item, body: &mut Vec<u8>) -> R<()> {
        for value in self.tree.items(values).iter().filter_map(|value| self.node(value)) {
            match (value.class, value.field(0)) {
                (Class::Constant, Item::Plain(Const::Str(text))) => brace(text.as_wtf8(), body),
                (Class::JoinedStr, values) => self.lower.deeper(|| self.write_values(values, body))?,
                _ => self.lower.deeper(|| self.write_field(&value, body))?,
            }
        }
        Ok(())
    }

    /// A field of an f-string; of a t-string, with the expression as the source has it.
    fn write_field(&self, field: &Node<'u>, body: &mut Vec<u8>) -> R<()> {
        let shift = usize::from(field.class == Class::Interpolation);
        let mut text = String::new();
        if shift == 1 {
            push_name(field.field(1), &mut text);
        } else {
            self.write(field.field(0), TEST.next(), &mut text)?;
        }
        // Two braces in a row would be one that is text.
        body.extend_from_slice(if text.starts_with('{') { b"{ " } else { b"{" });
        body.extend_from_slice(text.as_bytes());
        body.extend_from_slice(match field.int(1 + shift) {
            115 => b"!s",
            114 => b"!r",
            97 => b"!a",
            _ => b"",
        });
        if let Some(spec) = self.node(field.field(2 + shift)) {
            body.push(b':');
            self.write_values(spec.field(0), body)?;
        }
        body.push(b'}');
        Ok(())
    }
}

/// A name, or a text that is as good as one.
fn push_name(name: &Item, out: &mut String) {
    if let Item::Plain(Const::Str(text)) = name {
        out.push_str(&String::from_utf8_lossy(text.as_wtf8()));
    }
}
