//! Statements.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use ryokan_bytecode::ast::{Class, Item, Place};

use super::{Describe, place_of};
use crate::cx::{R, syntax};
use crate::lower::Finally;
use crate::tree::Span;

impl Describe<'_, '_> {
    /// The statements of a block.
    pub(super) fn body(&self, body: &[ast::Stmt]) -> R<Item> {
        self.each(body, |stmt| self.lower.deeper(|| self.stmt(stmt)))
    }

    fn body_as(&self, finally: Finally, body: &[ast::Stmt]) -> R<Item> {
        let before = self.lower.finally.replace(finally);
        let result = self.body(body);
        self.lower.finally.set(before);
        result
    }

    /// The body of a loop.
    fn looped(&self, body: &[ast::Stmt]) -> R<Item> {
        self.body_as(Finally::Outside, body)
    }

    fn stmt(&self, stmt: &ast::Stmt) -> R<Item> {
        let span = self.lower.stmt_span(stmt);
        let optional = |e: &Option<Box<ast::Expr>>| self.optional(e.as_deref());
        let (class, fields) = match stmt {
            ast::Stmt::Expr(s) => (Class::Expr, vec![self.expr(&s.value)?]),
            ast::Stmt::Assign(s) => (Class::Assign, vec![self.exprs(&s.targets)?, self.expr(&s.value)?]),
            ast::Stmt::AugAssign(s) => {
                let fields = vec![self.expr(&s.target)?, self.operator(s.op)?, self.expr(&s.value)?];
                (Class::AugAssign, fields)
            }
            ast::Stmt::AnnAssign(s) => {
                let (target, annotation) = (self.expr(&s.target)?, self.expr(&s.annotation)?);
                let simple = Item::int(i64::from(s.simple));
                (Class::AnnAssign, vec![target, annotation, optional(&s.value)?, simple])
            }
            ast::Stmt::Return(s) => {
                self.lower.leaves_finally("return", span);
                (Class::Return, vec![optional(&s.value)?])
            }
            ast::Stmt::Delete(s) => (Class::Delete, vec![self.exprs(&s.targets)?]),
            ast::Stmt::Raise(s) => (Class::Raise, vec![optional(&s.exc)?, optional(&s.cause)?]),
            ast::Stmt::Assert(s) => (Class::Assert, vec![self.expr(&s.test)?, optional(&s.msg)?]),
            ast::Stmt::Pass(_) => (Class::Pass, vec![]),
            ast::Stmt::Break(_) => {
                self.lower.leaves_finally("break", span);
                (Class::Break, vec![])
            }
            ast::Stmt::Continue(_) => {
                self.lower.leaves_finally("continue", span);
                (Class::Continue, vec![])
            }
            ast::Stmt::Global(s) => (Class::Global, vec![self.names(&s.names)]),
            ast::Stmt::Nonlocal(s) => (Class::Nonlocal, vec![self.names(&s.names)]),
            ast::Stmt::Import(s) if !s.is_lazy => (Class::Import, vec![self.aliases(&s.names)?]),
            ast::Stmt::ImportFrom(s) if !s.is_lazy => {
                let level = Item::int(i64::from(s.level));
                (Class::ImportFrom, vec![super::name(&s.module), self.aliases(&s.names)?, level])
            }
            ast::Stmt::TypeAlias(s) => {
                let name = self.expr(&s.name)?;
                (
                    Class::TypeAlias,
                    vec![name, self.type_params(s.type_params.as_deref())?, self.expr(&s.value)?],
                )
            }
            _ if is_compound(stmt) => return self.compound(stmt, place_of(span.to(self.block_end(stmt)))),
            _ => return syntax(span, "invalid syntax"),
        };
        self.add(class, place_of(span), fields)
    }

    /// A statement with a block.
    fn compound(&self, stmt: &ast::Stmt, place: Place) -> R<Item> {
        let optional = |e: &Option<Box<ast::Expr>>| self.optional(e.as_deref());
        let (class, fields) = match stmt {
            ast::Stmt::If(s) => return self.if_stmt(s, place),
            ast::Stmt::While(s) => {
                (Class::While, vec![self.expr(&s.test)?, self.looped(&s.body)?, self.body(&s.orelse)?])
            }
            ast::Stmt::For(s) => {
                let class = if s.is_async { Class::AsyncFor } else { Class::For };
                let (target, iter) = (self.expr(&s.target)?, self.expr(&s.iter)?);
                (class, vec![target, iter, self.looped(&s.body)?, self.body(&s.orelse)?])
            }
            ast::Stmt::With(s) => {
                let items = self.each(&s.items, |item| {
                    let fields = [self.expr(&item.context_expr)?, optional(&item.optional_vars)?];
                    self.add(Class::Withitem, Place::default(), fields)
                })?;
                let class = if s.is_async { Class::AsyncWith } else { Class::With };
                (class, vec![items, self.body(&s.body)?])
            }
            ast::Stmt::Try(s) => {
                let class = if s.is_star { Class::TryStar } else { Class::Try };
                (class, self.try_fields(s)?)
            }
            ast::Stmt::Match(s) => {
                let subject = self.expr(&s.subject)?;
                let cases = self.each(&s.cases, |case| {
                    let fields =
                        [self.pattern(&case.pattern)?, optional(&case.guard)?, self.body(&case.body)?];
                    self.add(Class::MatchCase, Place::default(), fields)
                })?;
                (Class::Match, vec![subject, cases])
            }
            ast::Stmt::FunctionDef(s) => {
                let class = if s.is_async { Class::AsyncFunctionDef } else { Class::FunctionDef };
                (class, self.function_fields(s)?)
            }
            ast::Stmt::ClassDef(s) => (Class::ClassDef, self.class_fields(s)?),
            _ => return syntax(self.lower.span(stmt), "invalid syntax"),
        };
        self.add(class, place, fields)
    }

    /// Where a statement with a block ends: a semicolon behind its last statement is part of the block.
    fn block_end(&self, node: impl Ranged) -> Span {
        let source = self.lower.cx.source.as_bytes();
        let (start, end) = (node.start().to_u32(), node.end().to_usize());
        let mut at = end;
        loop {
            match source.get(at..).unwrap_or_default() {
                [b' ' | b'\t' | b'\x0c', ..] => at += 1,
                [b'\\', b'\n', ..] => at += 2,
                [b';', ..] => return self.lower.cx.span(start, at as u32 + 1),
                _ => return self.lower.cx.span(start, end as u32),
            }
        }
    }

    fn aliases(&self, aliases: &[ast::Alias]) -> R<Item> {
        self.each(aliases, |alias| {
            let fields = [Item::text(alias.name.id.as_str()), super::name(&alias.asname)];
            self.add(Class::Alias, self.place(alias), fields)
        })
    }

    /// An `elif` is an `if` in the `else`, up to the end of the whole statement. They are made from the last one on.
    fn if_stmt(&self, s: &ast::StmtIf, place: Place) -> R<Item> {
        let mut branches = vec![(self.expr(&s.test)?, self.body(&s.body)?, place)];
        let mut orelse = Item::None;
        for clause in &s.elif_else_clauses {
            match &clause.test {
                Some(test) => {
                    let here =
                        Place { end_line: place.end_line, end_col: place.end_col, ..self.place(clause) };
                    branches.push((self.expr(test)?, self.body(&clause.body)?, here));
                }
                None => orelse = self.body(&clause.body)?,
            }
        }
        if orelse.is_none() {
            orelse = self.seq(Vec::new());
        }
        let mut last = Item::None;
        for (test, body, place) in branches.into_iter().rev() {
            if !last.is_none() {
                orelse = self.seq(vec![last]);
            }
            last = self.add(Class::If, place, [test, body, orelse])?;
            orelse = Item::None;
        }
        Ok(last)
    }

    fn try_fields(&self, s: &ast::StmtTry) -> R<Vec<Item>> {
        let body = self.body(&s.body)?;
        let handlers = self.each(&s.handlers, |ast::ExceptHandler::ExceptHandler(handler)| {
            let kind = self.optional(handler.type_.as_deref())?;
            let fields = [kind, super::name(&handler.name), self.body(&handler.body)?];
            let place = place_of(self.lower.span(handler).to(self.block_end(handler)));
            self.add(Class::ExceptHandler, place, fields)
        })?;
        let orelse = self.body(&s.orelse)?;
        Ok(vec![body, handlers, orelse, self.body_as(Finally::Inside, &s.finalbody)?])
    }

    fn decorators(&self, decorators: &[ast::Decorator]) -> R<Item> {
        self.each(decorators, |decorator| self.expr(&decorator.expression))
    }

    fn function_fields(&self, s: &ast::StmtFunctionDef) -> R<Vec<Item>> {
        let decorators = self.decorators(&s.decorator_list)?;
        let type_params = self.type_params(s.type_params.as_deref())?;
        let parameters = self.parameters(Some(&s.parameters))?;
        let returns = self.optional(s.returns.as_deref())?;
        let body = self.body_as(Finally::Outside, &s.body)?;
        let name = Item::text(s.name.id.as_str());
        Ok(vec![name, parameters, body, decorators, returns, Item::None, type_params])
    }

    fn class_fields(&self, s: &ast::StmtClassDef) -> R<Vec<Item>> {
        let decorators = self.decorators(&s.decorator_list)?;
        let type_params = self.type_params(s.type_params.as_deref())?;
        let (bases, keywords) = match &s.arguments {
            Some(arguments) => (self.exprs(&arguments.args)?, self.keywords(&arguments.keywords)?),
            None => (self.seq(Vec::new()), self.seq(Vec::new())),
        };
        let body = self.body(&s.body)?;
        Ok(vec![Item::text(s.name.id.as_str()), bases, keywords, body, decorators, type_params])
    }

    fn type_params(&self, params: Option<&ast::TypeParams>) -> R<Item> {
        let all: R<Vec<Item>> =
            params.iter().flat_map(|params| params.iter()).map(|p| self.type_param(p)).collect();
        Ok(self.seq(all?))
    }

    fn type_param(&self, param: &ast::TypeParam) -> R<Item> {
        let name = Item::text(param.name().id.as_str());
        let bound = match param {
            ast::TypeParam::TypeVar(p) => self.optional(p.bound.as_deref())?,
            _ => Item::None,
        };
        let default = self.optional(param.default())?;
        let (class, fields) = match param {
            ast::TypeParam::TypeVar(_) => (Class::TypeVar, vec![name, bound, default]),
            ast::TypeParam::TypeVarTuple(_) => (Class::TypeVarTuple, vec![name, default]),
            ast::TypeParam::ParamSpec(_) => (Class::ParamSpec, vec![name, default]),
        };
        self.add(class, self.place(param.range()), fields)
    }
}

fn is_compound(stmt: &ast::Stmt) -> bool {
    matches!(
        stmt,
        ast::Stmt::If(_)
            | ast::Stmt::While(_)
            | ast::Stmt::For(_)
            | ast::Stmt::With(_)
            | ast::Stmt::Try(_)
            | ast::Stmt::Match(_)
            | ast::Stmt::FunctionDef(_)
            | ast::Stmt::ClassDef(_)
    )
}
