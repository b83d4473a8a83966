//! `try`, with `except`, `except*`, `else` and `finally`.

use ryokan_bytecode::Op;

use super::block::BlockKind;
use super::names::Use;
use super::{Emit, HandlerId, Label};
use crate::cx::R;
use crate::tree::*;

/// A `try` without its `finally`.
#[derive(Clone, Copy)]
pub struct TryParts<'a> {
    pub body: &'a [Stmt<'a>],
    pub handlers: &'a [Handler<'a>],
    pub orelse: &'a [Stmt<'a>],
    pub star: bool,
}

impl<'c, 'a> Emit<'c, 'a> {
    /// `try`
    pub(crate) fn try_stmt(&mut self, parts: TryParts<'a>, finals: &'a [Stmt<'a>], span: Span) -> R<()> {
        self.check_blocks(span)?;
        // The line of the word itself is one that a program goes through.
        self.op(span, Op::Nop, 0)?;
        if finals.is_empty() {
            return self.try_except(parts);
        }
        let (handler, end) = (self.label(), self.label());
        let nowhere = Label(0);
        let outer = self.protect(handler, self.unit.depth);
        self.push_block(BlockKind::FinallyTry(finals), outer, nowhere, nowhere);
        if parts.handlers.is_empty() {
            self.stmts(parts.body)?;
        } else {
            self.try_except(parts)?;
        }
        self.unit.blocks.pop();
        self.unit.handler = outer;
        self.stmts(finals)?;
        self.jump(Span::NONE, Op::JumpForward, end)?;

        self.place(handler);
        let cleanup = self.label();
        self.op(Span::NONE, Op::PushExcInfo, 0)?;
        let outer = self.protect(cleanup, self.unit.depth.saturating_sub(1));
        self.push_block(BlockKind::FinallyEnd, outer, nowhere, nowhere);
        self.stmts(finals)?;
        self.unit.blocks.pop();
        self.op(Span::NONE, Op::Reraise, 0)?;
        self.unit.handler = outer;
        self.cleanup(cleanup)?;
        self.place(end);
        Ok(())
    }

    fn try_except(&mut self, parts: TryParts<'a>) -> R<()> {
        let (handler, end) = (self.label(), self.label());
        let nowhere = Label(0);
        let outer = self.protect(handler, self.unit.depth);
        self.push_block(BlockKind::Try, outer, nowhere, nowhere);
        self.stmts(parts.body)?;
        self.unit.blocks.pop();
        self.unit.handler = outer;
        self.stmts(parts.orelse)?;
        self.jump(Span::NONE, Op::JumpForward, end)?;
        self.place(handler);
        let cleanup = self.label();
        self.op(Span::NONE, Op::PushExcInfo, 0)?;
        let outer = self.protect(cleanup, self.unit.depth.saturating_sub(1));
        if parts.star {
            self.push_block(BlockKind::Group, outer, nowhere, nowhere);
            self.group_handlers(parts.handlers, outer, end)?;
        } else {
            self.unit.unlisted_blocks += 1;
            for handler in parts.handlers {
                self.handler(handler, outer, end)?;
            }
            self.unit.unlisted_blocks -= 1;
            self.op(Span::NONE, Op::Reraise, 0)?;
        }
        self.unit.handler = outer;
        self.cleanup(cleanup)?;
        self.place(end);
        Ok(())
    }

    /// One `except`; the previous exception and this one are on the stack.
    fn handler(&mut self, handler: &'a Handler<'a>, outer: HandlerId, end: Label) -> R<()> {
        let next = self.label();
        let nowhere = Label(0);
        let span = handler.span;
        if let Some(kind) = handler.kind {
            self.expr(kind)?;
            self.op(span, Op::CheckExcMatch, 0)?;
            self.jump(span, Op::PopJumpIfFalse, next)?;
        }
        let current = self.unit.handler;
        let unbind = self.label();
        match handler.name {
            Some(name) => {
                self.name(span, name, Use::Store)?;
                self.protect(unbind, self.unit.depth);
            }
            None => self.op(span, Op::PopTop, 0)?,
        }
        self.check_blocks(span)?;
        self.push_block(BlockKind::Handler(handler.name), outer, nowhere, nowhere);
        self.stmts(handler.body)?;
        self.unit.blocks.pop();
        self.unit.handler = outer;
        self.op(Span::NONE, Op::PopExcept, 0)?;
        self.forget(handler.name)?;
        self.jump(Span::NONE, Op::JumpForward, end)?;
        self.unit.handler = current;
        if handler.name.is_some() {
            self.place(unbind);
            self.forget(handler.name)?;
            self.op(Span::NONE, Op::Reraise, 1)?;
        }
        self.place(next);
        Ok(())
    }

    /// The `except*` clauses; the previous exception and this one are on the stack.
    fn group_handlers(&mut self, handlers: &'a [Handler<'a>], outer: HandlerId, end: Label) -> R<()> {
        let reraise = self.label();
        if let Some(first) = handlers.first() {
            // Below what is still to be handled: the original, and the list of what is to be raised at the end.
            self.op(first.span, Op::BuildList, 0)?;
            self.op(first.span, Op::Copy, 2)?;
        }
        for handler in handlers {
            self.group_handler(handler)?;
        }
        self.op(Span::NONE, Op::ListAppend, 1)?;
        self.unit.blocks.pop();
        self.op(Span::NONE, Op::PrepReraiseStar, 0)?;
        self.op(Span::NONE, Op::Copy, 1)?;
        self.jump(Span::NONE, Op::PopJumpIfNotNone, reraise)?;
        self.op(Span::NONE, Op::PopTop, 0)?;
        let current = std::mem::replace(&mut self.unit.handler, outer);
        self.op(Span::NONE, Op::PopExcept, 0)?;
        self.jump(Span::NONE, Op::JumpForward, end)?;
        self.place(reraise);
        self.op(Span::NONE, Op::Swap, 2)?;
        self.op(Span::NONE, Op::PopExcept, 0)?;
        self.op(Span::NONE, Op::Reraise, 0)?;
        self.unit.handler = current;
        Ok(())
    }

    /// One `except*`; original, list and rest are on the stack, and stay.
    fn group_handler(&mut self, handler: &'a Handler<'a>) -> R<()> {
        let (no_match, next, failed) = (self.label(), self.label(), self.label());
        let nowhere = Label(0);
        let span = handler.span;
        if let Some(kind) = handler.kind {
            self.expr(kind)?;
            self.op(span, Op::CheckEgMatch, 0)?;
            self.op(span, Op::Copy, 1)?;
            self.jump(span, Op::PopJumpIfNone, no_match)?;
        }
        match handler.name {
            Some(name) => self.name(span, name, Use::Store)?,
            None => self.op(span, Op::PopTop, 0)?,
        }
        let outer = self.protect(failed, self.unit.depth);
        self.check_blocks(span)?;
        self.push_block(BlockKind::Handler(handler.name), outer, nowhere, nowhere);
        self.stmts(handler.body)?;
        self.unit.blocks.pop();
        self.unit.handler = outer;
        self.forget(handler.name)?;
        self.jump(Span::NONE, Op::JumpForward, next)?;
        // What the body raises joins the list.
        self.place(failed);
        self.forget(handler.name)?;
        self.op(Span::NONE, Op::ListAppend, 2)?;
        self.jump(Span::NONE, Op::JumpForward, next)?;
        self.place(no_match);
        self.op(span, Op::PopTop, 0)?;
        self.place(next);
        Ok(())
    }
}
