//! Statements.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use ryokan_bytecode::Const;

use super::{Finally, Lower};
use crate::cx::{R, late, syntax};
use crate::error::Origin;
use crate::tree::*;

impl<'c, 'a> Lower<'c, 'a> {
    /// The statements of a block.
    pub(super) fn body(&self, body: &[ast::Stmt]) -> R<&'a [Stmt<'a>]> {
        let mut all = Vec::with_capacity(body.len());
        for stmt in body {
            let span = self.stmt_span(stmt);
            let kind = self.deeper(|| self.stmt(stmt, span))?;
            self.cx.charge_arena()?;
            all.push(Stmt { span, kind });
        }
        Ok(self.slice(all))
    }

    /// A definition begins at `def` or `class`, not at its decorators.
    pub(super) fn stmt_span(&self, stmt: &ast::Stmt) -> Span {
        let decorators = match stmt {
            ast::Stmt::FunctionDef(s) => &s.decorator_list,
            ast::Stmt::ClassDef(s) => &s.decorator_list,
            _ => return self.span(stmt),
        };
        let Some(last) = decorators.last() else { return self.span(stmt) };
        let mut at = last.end().to_usize();
        let source = self.cx.source.as_bytes();
        while let Some(byte) = source.get(at) {
            match byte {
                b'#' => at += source[at..].iter().position(|b| *b == b'\n').unwrap_or(0).max(1),
                b' ' | b'\t' | b'\n' | b'\x0c' | b'\\' => at += 1,
                _ => break,
            }
        }
        self.cx.span(at as u32, stmt.end().to_u32())
    }

    /// A block inside another statement, where no future import may stand.
    fn inner(&self, body: &[ast::Stmt]) -> R<&'a [Stmt<'a>]> {
        self.no_late_futures(body)?;
        self.body(body)
    }

    /// A block that stands so with respect to `finally`.
    fn inner_as(&self, finally: Finally, body: &[ast::Stmt]) -> R<&'a [Stmt<'a>]> {
        let before = self.finally.replace(finally);
        let result = self.inner(body);
        self.finally.set(before);
        result
    }

    /// The body of a loop.
    fn looped(&self, body: &[ast::Stmt]) -> R<&'a [Stmt<'a>]> {
        self.inner_as(Finally::Outside, body)
    }

    /// The target of `:=`: which names it may bind is asked where it is known whether it may stand there.
    pub(super) fn named_target(&self, target: &ast::Expr) -> R<E<'a>> {
        match target {
            ast::Expr::Name(name) => {
                Ok(self.alloc(self.span(name), Kind::Name(self.cx.intern(name.id.as_str()))))
            }
            other => self.target(other),
        }
    }

    pub(super) fn leaves_finally(&self, word: &str, span: Span) {
        if self.finally.get() == Finally::Inside {
            self.cx.warn(span, format!("'{word}' in a 'finally' block"));
        }
    }

    fn stmt(&self, stmt: &ast::Stmt, span: Span) -> R<StmtKind<'a>> {
        Ok(match stmt {
            ast::Stmt::Expr(s) => StmtKind::Expr(self.expr(&s.value)?),
            ast::Stmt::Assign(s) => {
                let targets: R<Vec<_>> = s.targets.iter().map(|t| self.target(t)).collect();
                StmtKind::Assign(self.slice(targets?), self.expr(&s.value)?)
            }
            ast::Stmt::AugAssign(s) => {
                let op = super::expr::operator(s.op).in_place();
                StmtKind::AugAssign(self.target(&s.target)?, op, self.expr(&s.value)?)
            }
            ast::Stmt::AnnAssign(s) => StmtKind::AnnAssign {
                target: self.target(&s.target)?,
                annotation: self.annotation(&s.annotation)?,
                value: s.value.as_ref().map(|v| self.expr(v)).transpose()?,
                simple: s.simple,
                conditional: std::cell::Cell::new(None),
            },
            ast::Stmt::Return(s) => {
                self.leaves_finally("return", span);
                StmtKind::Return(s.value.as_ref().map(|v| self.expr(v)).transpose()?)
            }
            ast::Stmt::Delete(s) => {
                let targets: R<Vec<_>> = s.targets.iter().map(|t| self.deleted(t)).collect();
                StmtKind::Delete(self.slice(targets?))
            }
            ast::Stmt::Raise(s) => StmtKind::Raise(
                s.exc.as_ref().map(|e| self.expr(e)).transpose()?,
                s.cause.as_ref().map(|e| self.expr(e)).transpose()?,
            ),
            ast::Stmt::Assert(s) => {
                let test = self.expr(&s.test)?;
                if matches!(self.const_of(test), Some(Const::Tuple(items)) if !items.is_empty())
                    || matches!(test.kind, Kind::Tuple(_))
                {
                    self.cx.warn(span, "assertion is always true, perhaps remove parentheses?");
                }
                StmtKind::Assert(test, s.msg.as_ref().map(|m| self.expr(m)).transpose()?)
            }
            ast::Stmt::Pass(_) => StmtKind::Pass,
            ast::Stmt::Break(_) => {
                self.leaves_finally("break", span);
                StmtKind::Break
            }
            ast::Stmt::Continue(_) => {
                self.leaves_finally("continue", span);
                StmtKind::Continue
            }
            ast::Stmt::Global(s) => StmtKind::Global(self.names(&s.names)),
            ast::Stmt::Nonlocal(s) => StmtKind::Nonlocal(self.names(&s.names)),
            ast::Stmt::Import(s) => {
                if s.is_lazy {
                    return syntax(span, "invalid syntax");
                }
                StmtKind::Import(self.aliases(&s.names)?)
            }
            ast::Stmt::ImportFrom(s) => self.import_from(s, span)?,
            ast::Stmt::If(s) => self.if_stmt(s)?,
            ast::Stmt::While(s) => {
                StmtKind::While(self.expr(&s.test)?, self.looped(&s.body)?, self.inner(&s.orelse)?)
            }
            ast::Stmt::For(s) => {
                let iter = self.expr(&s.iter)?;
                StmtKind::For {
                    target: self.target(&s.target)?,
                    iter: if s.is_async { iter } else { self.iterable(iter)? },
                    body: self.looped(&s.body)?,
                    orelse: self.inner(&s.orelse)?,
                    is_async: s.is_async,
                }
            }
            ast::Stmt::With(s) => self.with(s)?,
            ast::Stmt::Try(s) => self.try_stmt(s)?,
            ast::Stmt::Match(s) => self.match_stmt(s)?,
            ast::Stmt::FunctionDef(s) => self.function(s, span)?,
            ast::Stmt::ClassDef(s) => self.class(s, span)?,
            ast::Stmt::TypeAlias(s) => StmtKind::TypeAlias(self.cx.bump.alloc(TypeAlias {
                name: self.target(&s.name)?,
                type_params: self.type_params(s.type_params.as_deref())?,
                type_scope: ScopeCell::default(),
                value: self.expr(&s.value)?,
                scope: ScopeCell::default(),
            })),
            ast::Stmt::IpyEscapeCommand(_) => return syntax(span, "invalid syntax"),
        })
    }

    fn deleted(&self, target: &ast::Expr) -> R<E<'a>> {
        if matches!(target, ast::Expr::Name(name) if name.id.as_str() == "__debug__") {
            return late(Origin::Scopes, self.span(target), "cannot delete __debug__");
        }
        self.target(target)
    }

    fn names(&self, names: &[ast::Identifier]) -> &'a [Sym] {
        self.slice(names.iter().map(|n| self.cx.intern(n.id.as_str())).collect())
    }

    fn aliases(&self, aliases: &[ast::Alias]) -> R<&'a [Alias]> {
        let mut all = Vec::with_capacity(aliases.len());
        for alias in aliases {
            let name = self.cx.intern(alias.name.id.as_str());
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.checked_name(bound.id.as_str(), self.span(alias))?;
            let asname = alias.asname.as_ref().map(|name| self.cx.intern(name.id.as_str()));
            all.push(Alias { name, asname, span: self.span(alias) });
        }
        Ok(self.slice(all))
    }

    fn import_from(&self, s: &ast::StmtImportFrom, span: Span) -> R<StmtKind<'a>> {
        if s.is_lazy {
            return syntax(span, "invalid syntax");
        }
        let star = s.names.first().is_some_and(|alias| alias.name.id.as_str() == "*");
        Ok(StmtKind::ImportFrom {
            module: s.module.as_ref().map(|module| self.cx.intern(module.id.as_str())),
            names: if star { &[] } else { self.aliases(&s.names)? },
            star,
            level: s.level,
        })
    }

    fn if_stmt(&self, s: &ast::StmtIf) -> R<StmtKind<'a>> {
        let mut branches = vec![(self.expr(&s.test)?, self.inner(&s.body)?)];
        let mut orelse: &'a [Stmt<'a>] = &[];
        for clause in &s.elif_else_clauses {
            match &clause.test {
                Some(test) => branches.push((self.expr(test)?, self.inner(&clause.body)?)),
                None => orelse = self.inner(&clause.body)?,
            }
        }
        Ok(StmtKind::If(self.slice(branches), orelse))
    }

    fn with(&self, s: &ast::StmtWith) -> R<StmtKind<'a>> {
        let mut items = Vec::with_capacity(s.items.len());
        for item in &s.items {
            items.push(WithItem {
                context: self.expr(&item.context_expr)?,
                target: item.optional_vars.as_ref().map(|t| self.target(t)).transpose()?,
            });
        }
        Ok(StmtKind::With { items: self.slice(items), body: self.inner(&s.body)?, is_async: s.is_async })
    }

    fn try_stmt(&self, s: &ast::StmtTry) -> R<StmtKind<'a>> {
        let mut handlers = Vec::with_capacity(s.handlers.len());
        let last = s.handlers.len().saturating_sub(1);
        for (at, ast::ExceptHandler::ExceptHandler(handler)) in s.handlers.iter().enumerate() {
            let span = self.span(handler);
            if handler.type_.is_none() && at != last {
                return late(Origin::Code, span, "default 'except:' must be last");
            }
            handlers.push(Handler {
                kind: handler.type_.as_ref().map(|kind| self.expr(kind)).transpose()?,
                name: handler.name.as_ref().map(|n| self.checked_name(n.id.as_str(), span)).transpose()?,
                body: self.inner(&handler.body)?,
                span,
            });
        }
        Ok(StmtKind::Try {
            body: self.inner(&s.body)?,
            handlers: self.slice(handlers),
            orelse: self.inner(&s.orelse)?,
            finals: self.inner_as(Finally::Inside, &s.finalbody)?,
            star: s.is_star,
        })
    }

    fn match_stmt(&self, s: &ast::StmtMatch) -> R<StmtKind<'a>> {
        let subject = self.expr(&s.subject)?;
        let mut cases = Vec::with_capacity(s.cases.len());
        for case in &s.cases {
            cases.push(Case {
                pattern: self.pattern(&case.pattern)?,
                guard: case.guard.as_ref().map(|guard| self.expr(guard)).transpose()?,
                body: self.inner(&case.body)?,
            });
        }
        Ok(StmtKind::Match(subject, self.slice(cases)))
    }

    fn decorators(&self, decorators: &[ast::Decorator]) -> R<&'a [E<'a>]> {
        let all: R<Vec<_>> = decorators.iter().map(|d| self.expr(&d.expression)).collect();
        Ok(self.slice(all?))
    }

    fn function(&self, s: &ast::StmtFunctionDef, span: Span) -> R<StmtKind<'a>> {
        Ok(StmtKind::Function(self.cx.bump.alloc(Function {
            name: self.checked_name(s.name.id.as_str(), span)?,
            is_async: s.is_async,
            decorators: self.decorators(&s.decorator_list)?,
            type_params: self.type_params(s.type_params.as_deref())?,
            type_scope: ScopeCell::default(),
            params: self.params(&s.parameters)?,
            returns: s.returns.as_ref().map(|r| self.annotation(r)).transpose()?,
            annotate_scope: ScopeCell::default(),
            doc: self.doc(&s.body)?,
            body: self.inner_as(Finally::Outside, &s.body)?,
            scope: ScopeCell::default(),
        })))
    }

    fn class(&self, s: &ast::StmtClassDef, span: Span) -> R<StmtKind<'a>> {
        let (bases, keywords) = match &s.arguments {
            Some(arguments) => (self.exprs(&arguments.args)?, self.keywords(&arguments.keywords)?),
            None => (&[][..], &[][..]),
        };
        Ok(StmtKind::Class(self.cx.bump.alloc(Class {
            name: self.checked_name(s.name.id.as_str(), span)?,
            decorators: self.decorators(&s.decorator_list)?,
            type_params: self.type_params(s.type_params.as_deref())?,
            type_scope: ScopeCell::default(),
            bases,
            keywords,
            doc: self.doc(&s.body)?,
            body: self.inner(&s.body)?,
            scope: ScopeCell::default(),
        })))
    }

    fn type_params(&self, params: Option<&ast::TypeParams>) -> R<&'a [TypeParam<'a>]> {
        let mut all: Vec<TypeParam<'a>> = Vec::new();
        for param in params.iter().flat_map(|params| params.iter()) {
            let span = self.span(param);
            let name = self.name(param.name())?;
            let kind = match param {
                ast::TypeParam::TypeVar(p) => TypeParamKind::Var(
                    p.bound.as_ref().map(|bound| self.expr(bound)).transpose()?,
                    ScopeCell::default(),
                ),
                ast::TypeParam::TypeVarTuple(_) => TypeParamKind::Tuple,
                ast::TypeParam::ParamSpec(_) => TypeParamKind::Spec,
            };
            let default = param.default().map(|default| self.expr(default)).transpose()?;
            all.push(TypeParam { name, kind, default, default_scope: ScopeCell::default(), span });
        }
        Ok(self.slice(all))
    }
}
