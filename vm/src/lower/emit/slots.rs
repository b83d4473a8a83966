//! Where values are: the slots of the abstract stack, and how one that must exist comes to its temporary.

use super::Lowering;
use crate::lower::pending::StackValue;
use crate::running::ops::RunOp;

impl Lowering<'_> {
    /// Puts the slot at a depth in its temporary.
    pub(super) fn materialise(&mut self, depth: usize) -> u16 {
        let temp = self.temp(depth);
        if !matches!(self.stack[depth], StackValue::Temp | StackValue::At(_)) {
            // Moving one waiting value away may bring another here.
            while let Some(other) = self.stack.waits_in(depth) {
                self.materialise(other);
            }
        }
        match self.stack[depth] {
            StackValue::Temp => return temp,
            StackValue::At(from) => {
                let from = usize::from(from);
                match self.stack.waits_in(depth) {
                    // The value that belongs there waits in this one's temporary: they change places.
                    Some(other) => {
                        self.emit(RunOp::SwapTemps, temp, self.temp(from), 0);
                        self.stack.set(
                            other,
                            if other == from { StackValue::Temp } else { StackValue::At(from as u16) },
                        );
                    }
                    None => self.emit(RunOp::MoveTemp, temp, self.temp(from), 0),
                }
            }
            StackValue::Local { local, last } => {
                if !last {
                    self.note_share();
                }
                self.emit(if last { RunOp::MoveLast } else { RunOp::MoveShare }, temp, local, 0)
            }
            StackValue::Const(number) => {
                self.note_share();
                self.load_constant(temp, number, false);
            }
            StackValue::Small(number) => {
                let k = self.small(number);
                self.emit(RunOp::LoadK, temp, k, 0);
            }
            StackValue::Shown => {
                let below = self.materialise(depth - 1);
                self.emit(RunOp::CopyTemp, temp, below, 0);
            }
            StackValue::Null => self.emit(RunOp::Null, temp, 0, 0),
            StackValue::Global { name } => {
                self.emit(RunOp::LoadGlobal, temp, name as u16, 0);
                self.words(2);
            }
        }
        self.stack.set(depth, StackValue::Temp);
        temp
    }
    /// Moves swapped temporaries where they belong.
    pub(super) fn settle_swaps(&mut self) {
        for depth in self.stack.swapped() {
            // (One may have come to its place with another.)
            if matches!(self.stack[depth], StackValue::At(_)) {
                self.materialise(depth);
            }
        }
    }
    /// Materialises everything.
    pub(super) fn flush(&mut self) {
        for depth in 0..self.stack.len() {
            self.materialise(depth);
        }
    }
    /// Materialises pending globals: arbitrary code is about to run, and their lookups come first.
    pub(super) fn settle(&mut self) {
        for depth in self.stack.globals() {
            self.materialise(depth);
        }
    }
    /// A local is about to be bound or unbound: pending loads of it come first.
    pub(super) fn guard_local(&mut self, local: u16) {
        for depth in self.stack.loads_of(local) {
            self.materialise(depth);
        }
    }
    /// A register that holds the slot: the local itself, or the temporary.
    pub(super) fn register(&mut self, depth: usize) -> u16 {
        match self.stack[depth] {
            StackValue::Local { local, .. } => local,
            StackValue::At(from) => self.temp(usize::from(from)),
            _ => self.materialise(depth),
        }
    }
    /// Pops the top `count` slots without emitting anything.
    pub(super) fn pop(&mut self, count: usize) {
        self.stack.pop(count);
    }

    pub(super) fn two_registers(&mut self) -> (u16, u16) {
        let top = self.top();
        self.load_operands(2);
        (self.register(top - 1), self.register(top))
    }
    /// Gives every constant among the top `count` slots a register, before anybody asks where they are: loading one may
    /// move a value that waits in its temporary.
    pub(super) fn load_operands(&mut self, count: usize) {
        (self.stack.len() - count..self.stack.len()).for_each(|depth| self.load_operand(depth))
    }
    pub(super) fn load_operand(&mut self, depth: usize) {
        if !matches!(self.stack[depth], StackValue::Temp | StackValue::At(_) | StackValue::Local { .. }) {
            self.materialise(depth);
        }
    }
    /// Materialises the top `count` slots in consecutive temporaries; gives the first.
    pub(super) fn block(&mut self, count: usize) -> u16 {
        let first = self.stack.len() - count;
        for depth in first..self.stack.len() {
            self.materialise(depth);
        }
        self.temp(first)
    }
}
