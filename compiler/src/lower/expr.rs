//! Expressions: values and targets.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use ryokan_bytecode::{BinaryOp, CompareOp, Const};

use super::{Lower, left_spine};
use crate::cx::{Fail, R, late, syntax};
use crate::error::Origin;
use crate::fold;
use crate::tree::*;

impl<'c, 'a> Lower<'c, 'a> {
    /// An expression that is evaluated.
    pub(super) fn expr(&self, expr: &ast::Expr) -> R<E<'a>> {
        let (at, spine) = left_spine(expr);
        if spine.is_empty() {
            return self.deeper(|| self.leaf(at));
        }
        self.deeper(|| {
            let mut left = self.deeper(|| self.leaf(at))?;
            for link in spine.into_iter().rev() {
                left = self.link(left, link)?;
            }
            Ok(left)
        })
    }

    fn link(&self, left: E<'a>, link: &ast::Expr) -> R<E<'a>> {
        let span = self.span(link);
        Ok(match link {
            ast::Expr::BinOp(e) => {
                let right = self.expr(&e.right)?;
                self.make_binary(span, left, operator(e.op), right)?
            }
            ast::Expr::Attribute(e) => {
                let name = self.cx.intern(e.attr.id.as_str());
                self.alloc(span, Kind::Attribute(left, name, self.span(&e.attr)))
            }
            ast::Expr::Subscript(e) => {
                let index = self.expr(&e.slice)?;
                self.make_subscript(span, left, index)?
            }
            ast::Expr::Call(e) => {
                let args = match &*e.arguments.args {
                    // A generator expression that shares the call's parentheses stands where they stand.
                    [ast::Expr::Generator(one)] if !one.parenthesized => {
                        let kind =
                            self.deeper(|| self.comp(CompKind::Generator, &one.elt, None, &one.generators))?;
                        self.slice(vec![self.alloc(self.span(&e.arguments), kind)])
                    }
                    args => self.exprs(args)?,
                };
                let keywords = self.keywords(&e.arguments.keywords)?;
                self.alloc(span, Kind::Call { func: left, args, keywords })
            }
            _ => left,
        })
    }

    /// Keyword arguments, of which none may be there twice.
    pub(super) fn keywords(&self, keywords: &[ast::Keyword]) -> R<&'a [Keyword<'a>]> {
        let mut all: Vec<Keyword<'a>> = Vec::with_capacity(keywords.len());
        let mut seen = rustc_hash::FxHashSet::default();
        for keyword in keywords {
            let span = self.span(keyword);
            let name = match &keyword.arg {
                Some(arg) => {
                    let name = self.checked_name(arg.id.as_str(), span)?;
                    if !seen.insert(name) {
                        return late(
                            Origin::Code,
                            span,
                            format!("keyword argument repeated: {}", arg.id.as_str()),
                        );
                    }
                    Some(name)
                }
                None => None,
            };
            all.push(Keyword { name, value: self.expr(&keyword.value)? });
        }
        Ok(self.slice(all))
    }

    /// Several expressions.
    pub(super) fn exprs(&self, exprs: &[ast::Expr]) -> R<&'a [E<'a>]> {
        let all: R<Vec<_>> = exprs.iter().map(|e| self.expr(e)).collect();
        Ok(self.slice(all?))
    }

    fn optional(&self, expr: &Option<Box<ast::Expr>>) -> R<Option<E<'a>>> {
        expr.as_ref().map(|e| self.expr(e)).transpose()
    }

    fn leaf(&self, expr: &ast::Expr) -> R<E<'a>> {
        let span = self.span(expr);
        let kind = match expr {
            ast::Expr::BoolOp(e) => Kind::Bool(e.op == ast::BoolOp::And, self.exprs(&e.values)?),
            ast::Expr::Named(e) => Kind::Named(self.named_target(&e.target)?, self.expr(&e.value)?),
            ast::Expr::UnaryOp(e) => return self.unary(e, span),
            ast::Expr::Lambda(e) => self.lambda(e)?,
            ast::Expr::If(e) => Kind::If {
                test: self.expr(&e.test)?,
                body: self.expr(&e.body)?,
                orelse: self.expr(&e.orelse)?,
            },
            ast::Expr::Dict(e) => {
                let items: R<Vec<_>> = e
                    .items
                    .iter()
                    .map(|item| {
                        let key = item.key.as_ref().map(|key| self.expr(key)).transpose()?;
                        Ok((key, self.expr(&item.value)?))
                    })
                    .collect();
                Kind::Dict(self.slice(items?))
            }
            ast::Expr::Set(e) => Kind::Set(self.exprs(&e.elts)?),
            ast::Expr::List(e) => Kind::List(self.exprs(&e.elts)?),
            ast::Expr::Tuple(e) => return self.make_tuple(span, self.exprs(&e.elts)?),
            ast::Expr::ListComp(e) => self.comp(CompKind::List, &e.elt, None, &e.generators)?,
            ast::Expr::SetComp(e) => self.comp(CompKind::Set, &e.elt, None, &e.generators)?,
            ast::Expr::Generator(e) => self.comp(CompKind::Generator, &e.elt, None, &e.generators)?,
            ast::Expr::DictComp(e) => {
                let Some(key) = &e.key else {
                    return syntax(span, "dict unpacking cannot be used in dict comprehension");
                };
                self.comp(CompKind::Dict, key, Some(&e.value), &e.generators)?
            }
            ast::Expr::Await(e) => Kind::Await(self.expr(&e.value)?),
            ast::Expr::Yield(e) => Kind::Yield(self.optional(&e.value)?),
            ast::Expr::YieldFrom(e) => Kind::YieldFrom(self.expr(&e.value)?),
            ast::Expr::Compare(e) => self.compare(e)?,
            ast::Expr::FString(e) => return self.fstring(e),
            ast::Expr::TString(e) => return self.tstring(e),
            ast::Expr::StringLiteral(e) => return self.constant(span, Const::Str(self.string_value(e)?)),
            ast::Expr::BytesLiteral(e) => return self.bytes(e),
            ast::Expr::NumberLiteral(e) => return self.constant(span, self.number(e, span)?),
            ast::Expr::BooleanLiteral(e) => {
                return self.constant(span, if e.value { Const::True } else { Const::False });
            }
            ast::Expr::NoneLiteral(_) => return self.constant(span, Const::None),
            ast::Expr::EllipsisLiteral(_) => return self.constant(span, Const::Ellipsis),
            ast::Expr::Starred(e) => Kind::Starred(self.expr(&e.value)?),
            ast::Expr::Name(e) if e.id.as_str() == "__debug__" => {
                return self.constant(span, if self.cx.optimize == 0 { Const::True } else { Const::False });
            }
            ast::Expr::Name(e) => Kind::Name(self.cx.intern(e.id.as_str())),
            ast::Expr::Slice(e) => return self.slice_expr(e, span),
            ast::Expr::BinOp(_) | ast::Expr::Attribute(_) | ast::Expr::Subscript(_) | ast::Expr::Call(_) => {
                return self.expr(expr);
            }
            ast::Expr::IpyEscapeCommand(_) => return syntax(span, "invalid syntax"),
        };
        Ok(self.alloc(span, kind))
    }

    fn slice_expr(&self, e: &ast::ExprSlice, span: Span) -> R<E<'a>> {
        let parts = (self.optional(&e.lower)?, self.optional(&e.upper)?, self.optional(&e.step)?);
        self.make_slice(span, parts)
    }

    fn unary(&self, e: &ast::ExprUnaryOp, span: Span) -> R<E<'a>> {
        let op = match e.op {
            ast::UnaryOp::Not => UnaryOp::Not,
            ast::UnaryOp::USub => UnaryOp::Negative,
            ast::UnaryOp::UAdd => UnaryOp::Positive,
            ast::UnaryOp::Invert => UnaryOp::Invert,
        };
        let operand = self.expr(&e.operand)?;
        self.make_unary(span, op, operand)
    }

    fn compare(&self, e: &ast::ExprCompare) -> R<Kind<'a>> {
        let left = self.expr(&e.left)?;
        let mut rights = Vec::with_capacity(e.ops.len());
        for (op, right) in e.ops.iter().zip(&e.comparators) {
            let op = match op {
                ast::CmpOp::Eq => CmpOp::Rich(CompareOp::Eq),
                ast::CmpOp::NotEq => CmpOp::Rich(CompareOp::Ne),
                ast::CmpOp::Lt => CmpOp::Rich(CompareOp::Lt),
                ast::CmpOp::LtE => CmpOp::Rich(CompareOp::Le),
                ast::CmpOp::Gt => CmpOp::Rich(CompareOp::Gt),
                ast::CmpOp::GtE => CmpOp::Rich(CompareOp::Ge),
                ast::CmpOp::Is => CmpOp::Is(false),
                ast::CmpOp::IsNot => CmpOp::Is(true),
                ast::CmpOp::In => CmpOp::In(false),
                ast::CmpOp::NotIn => CmpOp::In(true),
            };
            let mut right = self.expr(right)?;
            if matches!(op, CmpOp::In(_)) {
                right = self.iterable(right)?;
            }
            rights.push((op, right));
        }
        Ok(Kind::Compare(left, self.slice(rights)))
    }

    fn comp(
        &self,
        kind: CompKind,
        elt: &ast::Expr,
        value: Option<&ast::Expr>,
        generators: &[ast::Comprehension],
    ) -> R<Kind<'a>> {
        if elt.is_starred_expr() {
            return syntax(self.span(elt), "iterable unpacking cannot be used in comprehension");
        }
        let elt = self.expr(elt)?;
        let value = value.map(|value| self.expr(value)).transpose()?;
        let mut fors = Vec::with_capacity(generators.len());
        for generator in generators {
            let iter = self.expr(&generator.iter)?;
            fors.push(For {
                target: self.target(&generator.target)?,
                iter: if generator.is_async { iter } else { self.iterable(iter)? },
                ifs: self.exprs(&generator.ifs)?,
                is_async: generator.is_async,
            });
        }
        let comp = Comp { kind, elt, value, fors: self.slice(fors), scope: ScopeCell::default() };
        Ok(Kind::Comp(self.cx.bump.alloc(comp)))
    }

    fn lambda(&self, e: &ast::ExprLambda) -> R<Kind<'a>> {
        let params = match &e.parameters {
            Some(params) => self.params(params)?,
            None => Params::default(),
        };
        let body = self.expr(&e.body)?;
        Ok(Kind::Lambda(self.cx.bump.alloc(Lambda { params, body, scope: ScopeCell::default() })))
    }

    /// The parameters of a function or lambda.
    pub(super) fn params(&self, params: &ast::Parameters) -> R<Params<'a>> {
        let group = |group: &[ast::ParameterWithDefault]| -> R<&'a [Param<'a>]> {
            let all: R<Vec<_>> =
                group.iter().map(|p| self.param(&p.parameter, p.default.as_deref())).collect();
            Ok(self.slice(all?))
        };
        let star = |param: &Option<Box<ast::Parameter>>| -> R<Option<&'a Param<'a>>> {
            Ok(match param {
                Some(param) => Some(self.cx.bump.alloc(self.param(param, None)?)),
                None => None,
            })
        };
        Ok(Params {
            posonly: group(&params.posonlyargs)?,
            args: group(&params.args)?,
            vararg: star(&params.vararg)?,
            kwonly: group(&params.kwonlyargs)?,
            kwarg: star(&params.kwarg)?,
        })
    }

    fn param(&self, param: &ast::Parameter, default: Option<&ast::Expr>) -> R<Param<'a>> {
        // The stars are no part of it.
        let span = self.cx.span(param.name.start().to_u32(), param.end().to_u32());
        Ok(Param {
            name: self.checked_name(param.name.id.as_str(), span)?,
            span,
            annotation: param.annotation.as_ref().map(|a| self.annotation(a)).transpose()?,
            default: default.map(|d| self.expr(d)).transpose()?,
        })
    }

    /// An annotation: its text under `from __future__ import annotations`.
    pub(super) fn annotation(&self, annotation: &ast::Expr) -> R<E<'a>> {
        if !self.stringify.get() {
            return self.expr(annotation);
        }
        // The expression is never evaluated, but what may not stand in it is refused all the same.
        let checked = self.expr(annotation)?;
        let (tree, root) = super::describe::Describe::piece(self.cx, annotation)?;
        let text = self.deeper(|| self.unparse(&tree, &root))?;
        let text = self.cx.constant(Const::Str(text.as_str().into()))?;
        Ok(self.alloc(self.span(annotation), Kind::Quoted(text, checked)))
    }

    /// An expression that is bound or deleted.
    pub(super) fn target(&self, expr: &ast::Expr) -> R<E<'a>> {
        let span = self.span(expr);
        let targets = |elts: &[ast::Expr]| -> R<&'a [E<'a>]> {
            let all: R<Vec<_>> = elts.iter().map(|e| self.target(e)).collect();
            Ok(self.slice(all?))
        };
        let kind = self.deeper(|| {
            Ok(match expr {
                ast::Expr::Tuple(e) => Kind::Tuple(targets(&e.elts)?),
                ast::Expr::List(e) => Kind::List(targets(&e.elts)?),
                ast::Expr::Starred(e) => Kind::Starred(self.target(&e.value)?),
                ast::Expr::Name(e) => Kind::Name(self.checked_name(e.id.as_str(), span)?),
                ast::Expr::Attribute(e) => {
                    let name = self.checked_name(e.attr.id.as_str(), span)?;
                    Kind::Attribute(self.expr(&e.value)?, name, self.span(&e.attr))
                }
                ast::Expr::Subscript(e) => Kind::Subscript(self.expr(&e.value)?, self.expr(&e.slice)?),
                _ => return syntax(span, "invalid syntax"),
            })
        })?;
        Ok(self.alloc(span, kind))
    }

    pub(super) fn number(&self, e: &ast::ExprNumberLiteral, span: Span) -> R<Const> {
        match &e.value {
            ast::Number::Float(value) => Ok(Const::Float(value.to_bits())),
            ast::Number::Complex { real, imag } => Ok(Const::Complex(real.to_bits(), imag.to_bits())),
            ast::Number::Int(value) => match value.as_i64() {
                Some(small) => Ok(Const::Int(small)),
                None => {
                    let digits: String = self.source(e.range()).chars().filter(|c| *c != '_').collect();
                    self.big(&digits, span)
                }
            },
        }
    }

    fn big(&self, literal: &str, span: Span) -> R<Const> {
        let (digits, radix) = match literal.get(..2) {
            Some("0x" | "0X") => (&literal[2..], 16),
            Some("0o" | "0O") => (&literal[2..], 8),
            Some("0b" | "0B") => (&literal[2..], 2),
            _ => (literal, 10),
        };
        let limit = self.cx.max_digits.get();
        if radix == 10 && limit > 0 && digits.len() > limit {
            let message = format!(
                "Exceeds the limit ({limit} digits) for integer string conversion: value has {} digits; use \
                 sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer \
                 literals to avoid decimal conversion limits.",
                digits.len()
            );
            return syntax(span, message);
        }
        self.cx.charge(digits.len())?;
        let value = dashu_int::IBig::from_str_radix(digits, radix)
            .map_err(|_| Fail::Syntax(crate::error::SyntaxKind::Syntax, "invalid syntax".into(), span))?;
        Ok(fold::int_const(&value))
    }
}

/// The parser's operator as ours.
pub(super) fn operator(op: ast::Operator) -> BinaryOp {
    match op {
        ast::Operator::Add => BinaryOp::Add,
        ast::Operator::Sub => BinaryOp::Subtract,
        ast::Operator::Mult => BinaryOp::Multiply,
        ast::Operator::MatMult => BinaryOp::MatrixMultiply,
        ast::Operator::Div => BinaryOp::TrueDivide,
        ast::Operator::Mod => BinaryOp::Remainder,
        ast::Operator::Pow => BinaryOp::Power,
        ast::Operator::LShift => BinaryOp::LeftShift,
        ast::Operator::RShift => BinaryOp::RightShift,
        ast::Operator::BitOr => BinaryOp::Or,
        ast::Operator::BitXor => BinaryOp::Xor,
        ast::Operator::BitAnd => BinaryOp::And,
        ast::Operator::FloorDiv => BinaryOp::FloorDivide,
    }
}
