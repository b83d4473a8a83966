//! Conditions: expressions of which only the truth matters.

use ryokan_bytecode::{Const, Op};

use super::{Emit, Label};
use crate::cx::R;
use crate::fold;
use crate::tree::*;

impl<'c, 'a> Emit<'c, 'a> {
    /// Jumps to `to` if the truth of `e` is `wanted`.
    pub(crate) fn jump_if(&mut self, e: E<'a>, to: Label, wanted: bool) -> R<()> {
        match &e.kind {
            Kind::Const(id) => {
                // The line of a constant is one that a program goes through, whether it jumps there or not.
                match fold::truth(&self.cx.value(*id)) == wanted {
                    true => self.jump(e.span, Op::JumpForward, to),
                    false => self.op(e.span, Op::Nop, 0),
                }
            }
            Kind::Unary(UnaryOp::Not, operand) => self.deeper(|this| this.jump_if(operand, to, !wanted)),
            Kind::Bool(and, values) => self.deeper(|this| this.jump_bool(*and, values, to, wanted)),
            Kind::If { test, body, orelse } => self.deeper(|this| {
                let (end, otherwise) = (this.label(), this.label());
                this.jump_if(test, otherwise, false)?;
                this.jump_if(body, to, wanted)?;
                this.jump(Span::NONE, Op::JumpForward, end)?;
                this.place(otherwise);
                this.jump_if(orelse, to, wanted)?;
                this.place(end);
                Ok(())
            }),
            Kind::Compare(left, rights) if rights.len() > 1 => self.jump_chain(e, left, rights, to, wanted),
            Kind::Compare(left, [(CmpOp::Is(not), right)]) if self.is_none(right) => {
                self.check_compare(e.span, left, &[(CmpOp::Is(*not), right)]);
                self.expr(left)?;
                let op = if *not == wanted { Op::PopJumpIfNotNone } else { Op::PopJumpIfNone };
                self.jump(e.span, op, to)
            }
            _ => {
                self.expr(e)?;
                self.jump(e.span, pop_jump(wanted), to)
            }
        }
    }

    pub(crate) fn is_none(&self, e: E<'a>) -> bool {
        matches!(e.kind, Kind::Const(id) if self.cx.value(id) == Const::None)
    }

    fn jump_bool(&mut self, and: bool, values: &'a [E<'a>], to: Label, wanted: bool) -> R<()> {
        let Some((last, rest)) = values.split_last() else { return Ok(()) };
        // `and` is decided by a false one, `or` by a true one.
        let deciding = !and;
        let end = self.label();
        let decided = if deciding == wanted { to } else { end };
        for value in rest {
            self.jump_if(value, decided, deciding)?;
        }
        self.jump_if(last, to, wanted)?;
        self.place(end);
        Ok(())
    }

    fn jump_chain(
        &mut self,
        e: E<'a>,
        left: E<'a>,
        rights: &'a [(CmpOp, E<'a>)],
        to: Label,
        wanted: bool,
    ) -> R<()> {
        self.check_compare(e.span, left, rights);
        let (cleanup, end) = (self.label(), self.label());
        self.expr(left)?;
        let Some(((op, last), rest)) = rights.split_last() else { return Ok(()) };
        for (op, right) in rest {
            self.expr(right)?;
            self.op(e.span, Op::Swap, 2)?;
            self.op(e.span, Op::Copy, 2)?;
            self.compare_op(e.span, *op)?;
            self.jump(e.span, Op::PopJumpIfFalse, cleanup)?;
        }
        self.expr(last)?;
        self.compare_op(e.span, *op)?;
        self.jump(e.span, pop_jump(wanted), to)?;
        self.jump(Span::NONE, Op::JumpForward, end)?;
        self.place(cleanup);
        self.op(e.span, Op::PopTop, 0)?;
        if !wanted {
            self.jump(Span::NONE, Op::JumpForward, to)?;
        }
        self.place(end);
        Ok(())
    }
}

fn pop_jump(wanted: bool) -> Op {
    if wanted { Op::PopJumpIfTrue } else { Op::PopJumpIfFalse }
}
