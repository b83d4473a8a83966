//! `with` and `async with`.

use ryokan_bytecode::{Op, Special};

use super::block::BlockKind;
use super::{Emit, Label};
use crate::cx::R;
use crate::tree::*;

impl<'c, 'a> Emit<'c, 'a> {
    /// `with items: body`
    pub(crate) fn with(
        &mut self,
        items: &'a [WithItem<'a>],
        body: &'a [Stmt<'a>],
        is_async: bool,
        span: Span,
    ) -> R<()> {
        let Some((item, rest)) = items.split_first() else { return self.stmts(body) };
        self.check_blocks(span)?;
        let at = item.context.span;
        self.expr(item.context)?;
        let (enter, exit) = match is_async {
            true => (Special::AsyncEnter, Special::AsyncExit),
            false => (Special::Enter, Special::Exit),
        };
        self.op(at, Op::Copy, 1)?;
        self.op(at, Op::LoadSpecial, exit as u32)?;
        self.op(at, Op::Swap, 2)?;
        self.op(at, Op::Swap, 3)?;
        self.op(at, Op::LoadSpecial, enter as u32)?;
        self.op(at, Op::Call, 0)?;
        if is_async {
            self.await_special(at, 1)?;
        }
        let (handler, end) = (self.label(), self.label());
        let outer = self.protect(handler, self.unit.depth.saturating_sub(1));
        let nowhere = Label(0);
        self.push_block(BlockKind::With(at, is_async), outer, nowhere, nowhere);
        match item.target {
            Some(target) => self.store(target)?,
            None => self.op(at, Op::PopTop, 0)?,
        }
        match rest {
            [] => self.stmts(body)?,
            _ => self.deeper(|this| this.with(rest, body, is_async, span))?,
        }
        self.unit.blocks.pop();
        self.unit.handler = outer;
        self.exit_with_nones(at)?;
        if is_async {
            self.await_special(at, 2)?;
        }
        self.op(at, Op::PopTop, 0)?;
        self.jump(at, Op::JumpForward, end)?;
        self.place(handler);
        self.with_exception(at, is_async, end)
    }

    fn with_exception(&mut self, at: Span, is_async: bool, end: Label) -> R<()> {
        let (suppress, cleanup) = (self.label(), self.label());
        self.op(at, Op::PushExcInfo, 0)?;
        let outer = self.protect(cleanup, self.unit.depth.saturating_sub(1));
        self.op(at, Op::WithExceptStart, 0)?;
        if is_async {
            self.await_special(at, 2)?;
        }
        self.jump(at, Op::PopJumpIfTrue, suppress)?;
        self.op(at, Op::Reraise, 2)?;
        self.place(suppress);
        self.op(at, Op::PopTop, 0)?;
        self.unit.handler = outer;
        self.op(at, Op::PopExcept, 0)?;
        self.op(at, Op::PopTop, 0)?;
        self.op(at, Op::PopTop, 0)?;
        self.jump(at, Op::JumpForward, end)?;
        self.cleanup(cleanup)?;
        self.place(end);
        Ok(())
    }

    /// Where an exception in a handler goes: the exception before it is handled again, and it goes on.
    pub(crate) fn cleanup(&mut self, label: Label) -> R<()> {
        self.place(label);
        self.op(Span::NONE, Op::Swap, 2)?;
        self.op(Span::NONE, Op::PopExcept, 0)?;
        self.op(Span::NONE, Op::Reraise, 1)
    }

    fn await_special(&mut self, at: Span, which: u32) -> R<()> {
        self.op(at, Op::GetAwaitable, which)?;
        self.none(at)?;
        self.send_loop(at, true)
    }

    /// Calls the `__exit__` on the stack for an end without exception.
    pub(crate) fn exit_with_nones(&mut self, at: Span) -> R<()> {
        for _ in 0..3 {
            self.none(at)?;
        }
        self.op(at, Op::Call, 3)
    }
}
