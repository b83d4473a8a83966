//! The ways of most instructions: those that a row of `running/ops.rs` gives the opcode that it becomes.

use ryokan_bytecode::Effect;

use super::{Lowering, operand};
use crate::lower::decode;
use crate::lower::pending::StackValue;
use crate::running::ops::RunOp;

impl Lowering<'_> {
    /// The drawn effect of the instruction at `at`.
    fn drawn(&self, at: usize) -> Effect {
        let (op, arg) = decode(self.code.instrs[at]);
        op.effect(arg)
    }

    /// An instruction that emits nothing.
    pub(super) fn skip(&mut self, at: usize, _arg: u32) -> usize {
        at + 1
    }
    /// `op(arg)`: takes nothing from the stack and leaves nothing.
    pub(super) fn plain(&mut self, at: usize, arg: u32, op: RunOp) -> usize {
        self.settle();
        self.emit(op, operand(arg), 0, 0);
        at + 1
    }
    /// `dst = op(arg)`
    pub(super) fn fresh(&mut self, at: usize, arg: u32, op: RunOp) -> usize {
        if op != RunOp::LoadClosure {
            self.settle();
        }
        let (dst, next) = self.dest(at);
        self.emit(op, dst, 0, operand(arg));
        next
    }
    /// `dst = op(src, arg)` by a handler with one source.
    pub(super) fn unary(&mut self, at: usize, arg: u32, op: RunOp) -> usize {
        self.settle();
        let src = self.register(self.top());
        self.pop(1);
        let (dst, next) = self.dest(at);
        self.emit(op, dst, src, operand(arg));
        next
    }
    /// `dst = op(left, right)` by a handler with two sources.
    pub(super) fn binary(&mut self, at: usize, op: RunOp) -> usize {
        let (left, right) = self.two_registers();
        self.pop(2);
        let (dst, next) = self.dest(at);
        self.emit(op, dst, left, right);
        next
    }
    /// `dst = op(block of temporaries, arg)`
    pub(super) fn build(&mut self, at: usize, arg: u32, op: RunOp) -> usize {
        let count = self.drawn(at).pops as usize;
        self.settle();
        let first = self.block(count);
        self.pop(count);
        let (dst, next) = self.dest(at);
        self.emit(op, dst, first, operand(arg));
        next
    }
    /// `op(block of temporaries, arg)`, without a result.
    pub(super) fn effect(&mut self, at: usize, arg: u32, op: RunOp) -> usize {
        let count = self.drawn(at).pops as usize;
        self.settle();
        let first = self.block(count);
        self.pop(count);
        self.emit(op, 0, first, operand(arg));
        at + 1
    }
    /// An instruction that works on a block of temporaries, and leaves its values from the same place on.
    pub(super) fn in_place(&mut self, at: usize, arg: u32, op: RunOp) -> usize {
        let effect = self.drawn(at);
        self.work_in_place(at, op, effect.pops as usize, effect.pushes as usize, operand(arg))
    }
    /// The same, of the top `count` values, leaving `left`.
    pub(super) fn work_in_place(&mut self, at: usize, op: RunOp, count: usize, left: usize, c: u16) -> usize {
        self.settle();
        let first = self.block(count);
        self.pop(count);
        self.stack.push_temps(left);
        self.emit(op, first, first, c);
        at + 1
    }
    /// `op(container, block of temporaries)`, whose container lies `below` under the block.
    pub(super) fn append(&mut self, at: usize, below: u32, op: RunOp) -> usize {
        let below = below as usize;
        // The effect is drawn with the container, and with what lies between.
        let count = self.drawn(at).pops as usize - below;
        self.settle();
        let first = self.block(count);
        self.pop(count);
        let container = self.temp(self.stack.len() - below);
        self.emit(op, container, first, 0);
        at + 1
    }
    /// Pushes what emits nothing yet.
    pub(super) fn push(&mut self, at: usize, slot: StackValue) -> usize {
        self.stack.push(slot);
        at + 1
    }
}
