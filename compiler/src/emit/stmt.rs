//! Statements.

use ryokan_bytecode::{Common, Const, Op, Text};

use super::Emit;
use super::block::BlockKind;
use super::names::Use;
use super::try_stmt::TryParts;
use crate::cx::R;
use crate::fold;
use crate::tree::*;

impl<'c, 'a> Emit<'c, 'a> {
    /// A block of statements.
    pub(crate) fn stmts(&mut self, stmts: &'a [Stmt<'a>]) -> R<()> {
        stmts.iter().try_for_each(|stmt| self.deeper(|this| this.stmt(stmt)))
    }

    fn stmt(&mut self, stmt: &'a Stmt<'a>) -> R<()> {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Expr(e) => self.expr_stmt(e, span),
            StmtKind::Assign(targets, value) => {
                if self.swap_assign(targets, value, span)? {
                    return Ok(());
                }
                self.expr(value)?;
                for (at, target) in targets.iter().enumerate() {
                    if at + 1 < targets.len() {
                        self.op(span, Op::Copy, 1)?;
                    }
                    self.store(target)?;
                }
                Ok(())
            }
            StmtKind::AugAssign(target, op, value) => self.aug_assign(target, *op, value, span),
            StmtKind::AnnAssign { target, annotation, value, simple, conditional } => {
                self.ann_assign(target, annotation, *value, *simple, conditional.get(), span)
            }
            StmtKind::Return(value) => self.return_stmt(*value, span),
            StmtKind::Delete(targets) => targets.iter().try_for_each(|t| self.delete(t)),
            StmtKind::Raise(exc, cause) => {
                let parts = [exc, cause];
                let count = parts.iter().filter(|p| p.is_some()).count() as u32;
                for part in parts.into_iter().flatten() {
                    self.expr(part)?;
                }
                self.op(span, Op::RaiseVarargs, count)
            }
            StmtKind::Assert(test, message) => self.assert(test, *message, span),
            StmtKind::Pass => self.op(span, Op::Nop, 0),
            StmtKind::Global(_) | StmtKind::Nonlocal(_) => Ok(()),
            StmtKind::Break => self.leave_loop(span, false),
            StmtKind::Continue => self.leave_loop(span, true),
            StmtKind::Import(aliases) => aliases.iter().try_for_each(|alias| self.import(alias, span)),
            StmtKind::ImportFrom { module, names, star, level } => {
                self.import_from(*module, names, *star, *level, span)
            }
            StmtKind::If(branches, orelse) => self.if_stmt(branches, orelse),
            StmtKind::While(test, body, orelse) => self.while_stmt(test, body, orelse, span),
            StmtKind::For { target, iter, body, orelse, is_async: false } => {
                self.for_stmt(target, iter, body, orelse, span)
            }
            StmtKind::For { target, iter, body, orelse, is_async: true } => {
                self.async_for(target, iter, body, orelse, span)
            }
            StmtKind::With { items, body, is_async } => self.with(items, body, *is_async, span),
            StmtKind::Try { body, handlers, orelse, finals, star } => {
                self.try_stmt(TryParts { body, handlers, orelse, star: *star }, finals, span)
            }
            StmtKind::Match(subject, cases) => self.match_stmt(subject, cases),
            StmtKind::Function(function) => self.function(function, span),
            StmtKind::Class(class) => self.class(class, span),
            StmtKind::TypeAlias(alias) => self.type_alias(alias, span),
        }
    }

    /// `a, b = x, y`: no tuple is made.
    fn swap_assign(&mut self, targets: &'a [E<'a>], value: E<'a>, span: Span) -> R<bool> {
        let ([Expr { kind: Kind::Tuple(to) | Kind::List(to), .. }], Kind::Tuple(from)) =
            (targets, &value.kind)
        else {
            return Ok(false);
        };
        let starred = |elts: &[E<'a>]| elts.iter().any(|e| matches!(e.kind, Kind::Starred(_)));
        if to.len() != from.len() || !(2..=3).contains(&to.len()) || starred(to) || starred(from) {
            return Ok(false);
        }
        for e in *from {
            self.expr(e)?;
        }
        self.op(span, Op::Swap, to.len() as u32)?;
        for e in *to {
            self.store(e)?;
        }
        Ok(true)
    }

    fn expr_stmt(&mut self, e: E<'a>, span: Span) -> R<()> {
        if self.single && self.outer.is_empty() {
            self.expr(e)?;
            return self.op(span, Op::PrintExpr, 0);
        }
        if let Kind::Const(_) = e.kind {
            return self.op(span, Op::Nop, 0);
        }
        self.expr(e)?;
        self.op(Span::NONE, Op::PopTop, 0)
    }

    fn assert(&mut self, test: E<'a>, message: Option<E<'a>>, span: Span) -> R<()> {
        if self.cx.optimize > 0 {
            self.op(test.span, Op::Nop, 0)?;
            return self.look_at(test, message);
        }
        let end = self.label();
        self.jump_if(test, end, true)?;
        self.op(span, Op::LoadCommonConstant, Common::AssertionError as u32)?;
        if let Some(message) = message {
            self.expr(message)?;
            self.op(span, Op::Call, 0)?;
        }
        self.op(test.span, Op::RaiseVarargs, 1)?;
        self.place(end);
        Ok(())
    }

    /// Looks at what is left out: an `await` outside of a coroutine is wrong wherever it stands.
    fn look_at(&mut self, test: E<'a>, message: Option<E<'a>>) -> R<()> {
        let (depth, reachable) = (self.unit.depth, std::mem::replace(&mut self.unit.reachable, false));
        self.expr(test)?;
        message.map_or(Ok(()), |message| self.expr(message))?;
        (self.unit.depth, self.unit.reachable) = (depth, reachable);
        Ok(())
    }

    fn import(&mut self, alias: &'a Alias, span: Span) -> R<()> {
        self.constant(span, Const::Int(0))?;
        self.none(span)?;
        let index = self.name_index(self.mangle(alias.name));
        self.op(span, Op::ImportName, index)?;
        let dotted = self.cx.name(alias.name);
        let mut parts = dotted.split('.');
        let first = self.cx.intern(parts.next().unwrap_or_default());
        let Some(asname) = alias.asname else { return self.name(span, first, Use::Store) };
        let mut from = false;
        for part in parts {
            if from {
                self.op(span, Op::Swap, 2)?;
                self.op(span, Op::PopTop, 0)?;
            }
            let part = self.name_index(self.cx.intern(part));
            self.op(span, Op::ImportFrom, part)?;
            from = true;
        }
        self.name(span, asname, Use::Store)?;
        if from { self.op(span, Op::PopTop, 0) } else { Ok(()) }
    }

    fn import_from(
        &mut self,
        module: Option<Sym>,
        names: &'a [Alias],
        star: bool,
        level: u32,
        span: Span,
    ) -> R<()> {
        self.constant(span, Const::Int(i64::from(level)))?;
        let list: Vec<Const> = match star {
            true => vec![Const::Str(Text::from("*"))],
            false => names.iter().map(|a| Const::Str(self.cx.text(a.name))).collect(),
        };
        self.constant(span, Const::Tuple(list.into()))?;
        let module = module.unwrap_or_else(|| self.cx.intern(""));
        let index = self.name_index(self.mangle(module));
        self.op(span, Op::ImportName, index)?;
        if star {
            return self.op(span, Op::ImportStar, 0);
        }
        for alias in names {
            let index = self.name_index(self.mangle(alias.name));
            self.op(span, Op::ImportFrom, index)?;
            self.name(span, alias.asname.unwrap_or(alias.name), Use::Store)?;
        }
        self.op(span, Op::PopTop, 0)
    }

    fn if_stmt(&mut self, branches: &'a [(E<'a>, &'a [Stmt<'a>])], orelse: &'a [Stmt<'a>]) -> R<()> {
        let end = self.label();
        for (at, (test, body)) in branches.iter().enumerate() {
            let next = self.label();
            self.jump_if(test, next, false)?;
            if let Kind::Const(_) = test.kind {
                self.op(test.span, Op::Nop, 0)?;
            }
            self.stmts(body)?;
            if at + 1 < branches.len() || !orelse.is_empty() {
                self.jump(Span::NONE, Op::JumpForward, end)?;
            }
            self.place(next);
        }
        self.stmts(orelse)?;
        self.place(end);
        Ok(())
    }

    fn while_stmt(&mut self, test: E<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>], span: Span) -> R<()> {
        self.check_blocks(span)?;
        let (start, otherwise, end) = (self.label(), self.label(), self.label());
        self.place(start);
        self.push_block(BlockKind::While, self.unit.handler, start, end);
        if let Kind::Const(id) = test.kind
            && fold::truth(&self.cx.value(id))
        {
            self.op(test.span, Op::Nop, 0)?;
        }
        self.jump_if(test, otherwise, false)?;
        self.stmts(body)?;
        self.jump(Span::NONE, Op::JumpForward, start)?;
        self.unit.blocks.pop();
        self.place(otherwise);
        self.stmts(orelse)?;
        self.place(end);
        Ok(())
    }

    fn for_stmt(
        &mut self,
        target: E<'a>,
        iter: E<'a>,
        body: &'a [Stmt<'a>],
        orelse: &'a [Stmt<'a>],
        span: Span,
    ) -> R<()> {
        self.check_blocks(span)?;
        let (start, otherwise, end) = (self.label(), self.label(), self.label());
        self.expr(iter)?;
        self.op(iter.span, Op::GetIter, 0)?;
        self.place(start);
        self.push_block(BlockKind::For, self.unit.handler, start, end);
        self.jump(iter.span, Op::ForIter, otherwise)?;
        self.store(target)?;
        self.stmts(body)?;
        self.jump(Span::NONE, Op::JumpForward, start)?;
        self.unit.blocks.pop();
        self.place(otherwise);
        self.stmts(orelse)?;
        self.place(end);
        Ok(())
    }

    fn async_for(
        &mut self,
        target: E<'a>,
        iter: E<'a>,
        body: &'a [Stmt<'a>],
        orelse: &'a [Stmt<'a>],
        span: Span,
    ) -> R<()> {
        self.check_blocks(span)?;
        let (start, except, end) = (self.label(), self.label(), self.label());
        self.expr(iter)?;
        self.op(iter.span, Op::GetAiter, 0)?;
        self.place(start);
        self.push_block(BlockKind::For, self.unit.handler, start, end);
        let outer = self.protect(except, self.unit.depth);
        self.op(span, Op::GetAnext, 0)?;
        self.none(span)?;
        self.send_loop(span, true)?;
        self.unit.handler = outer;
        self.store(target)?;
        self.stmts(body)?;
        self.jump(Span::NONE, Op::JumpForward, start)?;
        self.unit.blocks.pop();
        self.place(except);
        self.op(iter.span, Op::EndAsyncFor, 0)?;
        self.stmts(orelse)?;
        self.place(end);
        Ok(())
    }
}
