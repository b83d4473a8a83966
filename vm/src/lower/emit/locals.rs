//! The stack's own instructions, constants, locals and cells.

use ryokan_bytecode::Op;

use super::{Lowering, operand};
use crate::lower::pending::StackValue;
use crate::running::ops::RunOp;

impl Lowering<'_> {
    // ---- the stack and constants -----------------------------------------------------------------------------------

    pub(super) fn pop_top(&mut self, at: usize, _arg: u32) -> usize {
        let depth = self.top();
        if self.stack[depth] == StackValue::Temp {
            let temp = self.temp(depth);
            self.emit(RunOp::Drop, temp, 0, 0);
        } else if matches!(self.stack[depth], StackValue::Global { .. }) {
            let temp = self.materialise(depth);
            self.emit(RunOp::Drop, temp, 0, 0);
        }
        self.pop(1);
        at + 1
    }
    /// Pushes the `n`-th value from the top once more.
    pub(super) fn copy(&mut self, at: usize, n: u32) -> usize {
        let (top, other) = (self.top(), self.stack.len() - n as usize);
        if let Some((what, target)) = self.asks_for_common(at) {
            return self.jump_unless_common(at + 3, other, what, target);
        }
        match self.stack[other] {
            StackValue::Temp if n == 1 && self.tests_only(at) => self.stack.push(StackValue::Shown),
            StackValue::Temp => {
                let to = self.temp(top + 1);
                // Where one of both goes to who only looks, a number's bits will do.
                let looks = self.peeks(at, top + 1) || self.peeks(at, other);
                let op = if looks { RunOp::CopyBits } else { RunOp::CopyTemp };
                self.emit(op, to, self.temp(other), 0);
                self.stack.push(StackValue::Temp);
            }
            StackValue::Local { local, last } => {
                self.stack.set(other, StackValue::Local { local, last: false });
                self.stack.push(StackValue::Local { local, last });
            }
            StackValue::Global { .. } => {
                self.materialise(other);
                return self.copy(at, n);
            }
            slot => self.stack.push(slot),
        }
        at + 1
    }
    /// Exchanges two values: only the account of where they are changes hands.
    pub(super) fn swap(&mut self, at: usize, n: u32) -> usize {
        let (top, other) = (self.top(), self.stack.len() - n as usize);
        let moved = |slot: StackValue, from: usize, to: usize| match slot {
            StackValue::Temp => StackValue::At(from as u16),
            StackValue::At(lies) if usize::from(lies) == to => StackValue::Temp,
            slot => slot,
        };
        let (a, b) = (self.stack[top], self.stack[other]);
        self.stack.set(other, moved(a, top, other));
        self.stack.set(top, moved(b, other, top));
        at + 1
    }
    /// Whether a copy is made for nothing but a jump on its truth.
    pub(super) fn tests_only(&self, at: usize) -> bool {
        matches!(self.next_plain(at), Some((Op::PopJumpIfFalse | Op::PopJumpIfTrue, _)))
    }
    pub(super) fn push_null(&mut self, at: usize, _arg: u32) -> usize {
        self.push(at, StackValue::Null)
    }
    pub(super) fn load_const(&mut self, at: usize, number: u32) -> usize {
        self.push(at, StackValue::Const(number))
    }
    pub(super) fn load_small_int(&mut self, at: usize, number: u32) -> usize {
        self.push(at, StackValue::Small(number as u16))
    }

    // ---- locals ----------------------------------------------------------------------------------------------------

    pub(super) fn load_fast(&mut self, at: usize, local: u32) -> usize {
        let last = self.uses.last[at];
        self.push(at, StackValue::Local { local: operand(local), last })
    }
    pub(super) fn load_fast_check(&mut self, at: usize, local: u32) -> usize {
        let local = operand(local);
        self.settle();
        self.emit(RunOp::CheckBound, local, 0, 0);
        self.push(at, StackValue::Local { local, last: false })
    }
    pub(super) fn load_fast_and_clear(&mut self, at: usize, local: u32) -> usize {
        let local = operand(local);
        self.guard_local(local);
        let temp = self.temp(self.stack.len());
        self.emit(RunOp::TakeLocal, temp, local, 0);
        self.push(at, StackValue::Temp)
    }
    pub(super) fn store_fast(&mut self, at: usize, local: u32) -> usize {
        let local = operand(local);
        let depth = self.top();
        // Pending loads come first, while the stack still knows where the value waits: one may need that place.
        for pending in self.stack.loads_of(local) {
            if pending != depth {
                self.materialise(pending);
            }
        }
        let slot = self.stack[depth];
        self.pop(1);
        match slot {
            StackValue::Temp => self.emit(RunOp::MoveTemp, local, self.temp(depth), 0),
            StackValue::At(from) => self.emit(RunOp::MoveTemp, local, self.temp(usize::from(from)), 0),
            StackValue::Local { local: from, .. } if from == local => {}
            StackValue::Local { local: from, last } => {
                let copies =
                    last || self.uses.peeked[usize::from(local)] || self.uses.peeked[usize::from(from)];
                self.emit(if copies { RunOp::MoveLast } else { RunOp::MoveShare }, local, from, 0);
            }
            StackValue::Const(number) => {
                self.load_constant(local, number, self.uses.peeked[usize::from(local)]);
            }
            StackValue::Small(number) => {
                let k = self.small(number);
                self.emit(RunOp::LoadK, local, k, 0);
            }
            StackValue::Shown => self.emit(RunOp::MoveShare, local, self.temp(depth - 1), 0),
            StackValue::Null => self.emit(RunOp::Null, local, 0, 0),
            StackValue::Global { name } => {
                self.settle();
                self.emit(RunOp::LoadGlobal, local, name as u16, 0);
                self.words(2);
            }
        }
        at + 1
    }
    pub(super) fn restore_fast(&mut self, at: usize, local: u32) -> usize {
        let temp = self.materialise(self.top());
        self.pop(1);
        self.guard_local(operand(local));
        self.emit(RunOp::MoveTemp, operand(local), temp, 0);
        at + 1
    }
    pub(super) fn delete_fast(&mut self, at: usize, local: u32) -> usize {
        self.guard_local(operand(local));
        self.settle();
        self.emit(RunOp::DeleteFast, operand(local), 0, 0);
        at + 1
    }

    // ---- cells -----------------------------------------------------------------------------------------------------

    pub(super) fn copy_free(&mut self, at: usize, count: u32) -> usize {
        self.settle();
        self.emit(RunOp::CopyFree, self.object.first_free() as u16, operand(count), 0);
        at + 1
    }
    pub(super) fn load_deref(&mut self, at: usize, cell: u32) -> usize {
        if let Some(key) = self.subscribes(at) {
            return self.subscr_cell(at, operand(cell), key);
        }
        let peek = self.peeks(at, self.stack.len());
        self.fresh(at, cell, if peek { RunOp::LoadDerefPeek } else { RunOp::LoadDeref })
    }
    pub(super) fn store_deref(&mut self, at: usize, cell: u32) -> usize {
        self.settle();
        let src = self.register(self.top());
        self.pop(1);
        self.emit(RunOp::StoreDeref, operand(cell), src, 0);
        at + 1
    }
}
