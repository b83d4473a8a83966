//! Expressions.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use ryokan_bytecode::Const;
use ryokan_bytecode::ast::{Class, Item, Place};

use super::Describe;
use crate::cx::{R, syntax};
use crate::lower::left_spine;

impl Describe<'_, '_> {
    /// An expression.
    pub(super) fn expr(&self, expr: &ast::Expr) -> R<Item> {
        let (at, spine) = left_spine(expr);
        self.lower.deeper(|| {
            let mut left = self.leaf(at)?;
            for link in spine.into_iter().rev() {
                left = self.link(left, link)?;
            }
            Ok(left)
        })
    }

    pub(super) fn exprs(&self, exprs: &[ast::Expr]) -> R<Item> {
        self.each(exprs, |e| self.expr(e))
    }

    pub(super) fn optional(&self, expr: Option<&ast::Expr>) -> R<Item> {
        expr.map_or(Ok(Item::None), |e| self.expr(e))
    }

    fn link(&self, left: Item, link: &ast::Expr) -> R<Item> {
        let place = self.place(link);
        match link {
            ast::Expr::BinOp(e) => {
                let fields = [left, self.operator(e.op)?, self.expr(&e.right)?];
                self.add(Class::BinOp, place, fields)
            }
            ast::Expr::Attribute(e) => {
                let fields = [left, Item::text(e.attr.id.as_str()), self.context(e.ctx)?];
                self.add(Class::Attribute, place, fields)
            }
            ast::Expr::Subscript(e) => {
                let fields = [left, self.expr(&e.slice)?, self.context(e.ctx)?];
                self.add(Class::Subscript, place, fields)
            }
            ast::Expr::Call(e) => {
                let args = match &*e.arguments.args {
                    // A generator expression that shares the call's parentheses stands where they stand.
                    [ast::Expr::Generator(one)] if !one.parenthesized => {
                        let place = self.place(&e.arguments);
                        let one = self.lower.deeper(|| {
                            self.comprehension(Class::GeneratorExp, place, &one.elt, &one.generators)
                        })?;
                        self.seq(vec![one])
                    }
                    args => self.exprs(args)?,
                };
                let fields = [left, args, self.keywords(&e.arguments.keywords)?];
                self.add(Class::Call, place, fields)
            }
            _ => Ok(left),
        }
    }

    pub(super) fn keywords(&self, keywords: &[ast::Keyword]) -> R<Item> {
        self.each(keywords, |keyword| {
            let fields = [super::name(&keyword.arg), self.expr(&keyword.value)?];
            self.add(Class::Keyword, self.place(keyword), fields)
        })
    }

    fn context(&self, context: ast::ExprContext) -> R<Item> {
        self.mark(match context {
            ast::ExprContext::Store => Class::Store,
            ast::ExprContext::Del => Class::Del,
            _ => Class::Load,
        })
    }

    pub(super) fn operator(&self, op: ast::Operator) -> R<Item> {
        self.mark(match op {
            ast::Operator::Add => Class::Add,
            ast::Operator::Sub => Class::Sub,
            ast::Operator::Mult => Class::Mult,
            ast::Operator::MatMult => Class::MatMult,
            ast::Operator::Div => Class::Div,
            ast::Operator::Mod => Class::Mod,
            ast::Operator::Pow => Class::Pow,
            ast::Operator::LShift => Class::LShift,
            ast::Operator::RShift => Class::RShift,
            ast::Operator::BitOr => Class::BitOr,
            ast::Operator::BitXor => Class::BitXor,
            ast::Operator::BitAnd => Class::BitAnd,
            ast::Operator::FloorDiv => Class::FloorDiv,
        })
    }

    fn comparison(&self, op: &ast::CmpOp) -> R<Item> {
        self.mark(match op {
            ast::CmpOp::Eq => Class::Eq,
            ast::CmpOp::NotEq => Class::NotEq,
            ast::CmpOp::Lt => Class::Lt,
            ast::CmpOp::LtE => Class::LtE,
            ast::CmpOp::Gt => Class::Gt,
            ast::CmpOp::GtE => Class::GtE,
            ast::CmpOp::Is => Class::Is,
            ast::CmpOp::IsNot => Class::IsNot,
            ast::CmpOp::In => Class::In,
            ast::CmpOp::NotIn => Class::NotIn,
        })
    }

    fn leaf(&self, expr: &ast::Expr) -> R<Item> {
        let place = self.place(expr);
        let (class, fields) = match expr {
            ast::Expr::BoolOp(e) => {
                let op = self.mark(if e.op == ast::BoolOp::And { Class::And } else { Class::Or })?;
                (Class::BoolOp, vec![op, self.exprs(&e.values)?])
            }
            ast::Expr::Named(e) => (Class::NamedExpr, vec![self.expr(&e.target)?, self.expr(&e.value)?]),
            ast::Expr::UnaryOp(e) => {
                let op = self.mark(match e.op {
                    ast::UnaryOp::Not => Class::Not,
                    ast::UnaryOp::USub => Class::USub,
                    ast::UnaryOp::UAdd => Class::UAdd,
                    ast::UnaryOp::Invert => Class::Invert,
                })?;
                (Class::UnaryOp, vec![op, self.expr(&e.operand)?])
            }
            ast::Expr::Lambda(e) => {
                (Class::Lambda, vec![self.parameters(e.parameters.as_deref())?, self.expr(&e.body)?])
            }
            ast::Expr::If(e) => {
                (Class::IfExp, vec![self.expr(&e.test)?, self.expr(&e.body)?, self.expr(&e.orelse)?])
            }
            ast::Expr::Dict(e) => {
                let keys = self.each(&e.items, |item| self.optional(item.key.as_ref()))?;
                (Class::Dict, vec![keys, self.each(&e.items, |item| self.expr(&item.value))?])
            }
            ast::Expr::Set(e) => (Class::Set, vec![self.exprs(&e.elts)?]),
            ast::Expr::List(e) => (Class::List, vec![self.exprs(&e.elts)?, self.context(e.ctx)?]),
            ast::Expr::Tuple(e) => (Class::Tuple, vec![self.exprs(&e.elts)?, self.context(e.ctx)?]),
            ast::Expr::ListComp(e) => {
                return self.comprehension(Class::ListComp, place, &e.elt, &e.generators);
            }
            ast::Expr::SetComp(e) => {
                return self.comprehension(Class::SetComp, place, &e.elt, &e.generators);
            }
            ast::Expr::Generator(e) => {
                return self.comprehension(Class::GeneratorExp, place, &e.elt, &e.generators);
            }
            ast::Expr::DictComp(e) => {
                let Some(key) = &e.key else {
                    let span = self.lower.span(expr);
                    return syntax(span, "dict unpacking cannot be used in dict comprehension");
                };
                let fields = vec![self.expr(key)?, self.expr(&e.value)?, self.fors(&e.generators)?];
                (Class::DictComp, fields)
            }
            ast::Expr::Await(e) => (Class::Await, vec![self.expr(&e.value)?]),
            ast::Expr::Yield(e) => (Class::Yield, vec![self.optional(e.value.as_deref())?]),
            ast::Expr::YieldFrom(e) => (Class::YieldFrom, vec![self.expr(&e.value)?]),
            ast::Expr::Compare(e) => {
                let left = self.expr(&e.left)?;
                let ops = self.each(e.ops.iter(), |op| self.comparison(op))?;
                (Class::Compare, vec![left, ops, self.each(e.comparators.iter(), |e| self.expr(e))?])
            }
            ast::Expr::Starred(e) => (Class::Starred, vec![self.expr(&e.value)?, self.context(e.ctx)?]),
            ast::Expr::Name(e) => (Class::Name, vec![Item::text(e.id.as_str()), self.context(e.ctx)?]),
            ast::Expr::Slice(e) => {
                let part = |part: &Option<Box<ast::Expr>>| self.optional(part.as_deref());
                (Class::Slice, vec![part(&e.lower)?, part(&e.upper)?, part(&e.step)?])
            }
            ast::Expr::BinOp(_) | ast::Expr::Attribute(_) | ast::Expr::Subscript(_) | ast::Expr::Call(_) => {
                return self.expr(expr);
            }
            ast::Expr::IpyEscapeCommand(_) => return syntax(self.lower.span(expr), "invalid syntax"),
            literal => return self.literal(literal, place),
        };
        self.add(class, place, fields)
    }

    fn literal(&self, expr: &ast::Expr, place: Place) -> R<Item> {
        let value = match expr {
            ast::Expr::FString(e) => return self.fstring(e, place),
            ast::Expr::TString(e) => return self.tstring(e, place),
            ast::Expr::StringLiteral(e) => {
                let kind = if e.value.is_unicode() { Item::text("u") } else { Item::None };
                return self.constant(place, Const::Str(self.lower.string_value(e)?), kind);
            }
            ast::Expr::BytesLiteral(e) => self.lower.bytes_value(e),
            ast::Expr::NumberLiteral(e) => self.lower.number(e, self.lower.span(expr))?,
            ast::Expr::BooleanLiteral(e) if e.value => Const::True,
            ast::Expr::BooleanLiteral(_) => Const::False,
            ast::Expr::EllipsisLiteral(_) => Const::Ellipsis,
            _ => Const::None,
        };
        self.constant(place, value, Item::None)
    }

    fn comprehension(
        &self,
        class: Class,
        place: Place,
        elt: &ast::Expr,
        generators: &[ast::Comprehension],
    ) -> R<Item> {
        if elt.is_starred_expr() {
            return syntax(self.lower.span(elt), "iterable unpacking cannot be used in comprehension");
        }
        let fields = [self.expr(elt)?, self.fors(generators)?];
        self.add(class, place, fields)
    }

    fn fors(&self, generators: &[ast::Comprehension]) -> R<Item> {
        self.each(generators, |generator| {
            let fields = [
                self.expr(&generator.target)?,
                self.expr(&generator.iter)?,
                self.exprs(&generator.ifs)?,
                Item::int(i64::from(generator.is_async)),
            ];
            self.add(Class::Comprehension, Place::default(), fields)
        })
    }

    /// The parameters of a function or lambda.
    pub(super) fn parameters(&self, parameters: Option<&ast::Parameters>) -> R<Item> {
        let empty = ast::Parameters::default();
        let all = parameters.unwrap_or(&empty);
        let group =
            |group: &[ast::ParameterWithDefault]| self.each(group, |one| self.parameter(&one.parameter));
        let star = |one: &Option<Box<ast::Parameter>>| {
            one.as_ref().map_or(Ok(Item::None), |one| self.parameter(one))
        };
        let positional = all.posonlyargs.iter().chain(&all.args).filter_map(|one| one.default.as_deref());
        let fields = [
            group(&all.posonlyargs)?,
            group(&all.args)?,
            star(&all.vararg)?,
            group(&all.kwonlyargs)?,
            self.each(&all.kwonlyargs, |one| self.optional(one.default.as_deref()))?,
            star(&all.kwarg)?,
            self.each(positional, |default| self.expr(default))?,
        ];
        self.add(Class::Arguments, Place::default(), fields)
    }

    fn parameter(&self, one: &ast::Parameter) -> R<Item> {
        // The stars are no part of it.
        let span = self.lower.cx.span(one.name.start().to_u32(), one.end().to_u32());
        let fields = [Item::text(one.name.id.as_str()), self.optional(one.annotation.as_deref())?];
        self.add(Class::Arg, super::place_of(span), fields)
    }
}
