//! Items: subscripts, slices, appending, unpacking.

use ryokan_bytecode::Op;

use super::{Lowering, decode, unit};
use crate::lower::pending::StackValue;
use crate::running::families::{
    CONSTANT, IMMEDIATE, LAST, LOOKS, MOVED, REGISTER, SHARED, STORE, SUBSCRIPT, TARGET,
};
use crate::running::ops::RunOp;

impl Lowering<'_> {
    /// Where the key in the top slot is, if it is no register: how, and the operand.
    pub(super) fn fixed_key(&mut self) -> Option<(usize, u16)> {
        match self.stack[self.top()] {
            StackValue::Small(number) => Some((IMMEDIATE, number)),
            StackValue::Const(number) => self.constant(number, true).map(|k| (CONSTANT, k)),
            _ => None,
        }
    }
    pub(super) fn subscr(&mut self, at: usize, _arg: u32) -> usize {
        let top = self.top();
        let peek = self.peeks(at, top - 1);
        let container = self.register(top - 1);
        let (how, key) = match self.fixed_key() {
            Some(fixed) => fixed,
            None => (REGISTER, self.register(top)),
        };
        let temp = usize::from(usize::from(container) >= self.locals);
        self.pop(2);
        let (dst, next) = self.dest(at);
        let local = usize::from(usize::from(dst) < self.locals);
        let op = SUBSCRIPT.opcode([how, temp, usize::from(peek), local]);
        self.emit_raw(op, dst, container, key);
        next
    }
    /// A list; one that a loop fills and a tuple is made of, which nobody sees, has room from the start.
    pub(super) fn build_list(&mut self, at: usize, count: u32) -> usize {
        let hidden = count == 0
            && matches!(self.next_plain(at), Some((Op::Swap, 2)))
            && self.code.instrs.get(at + 2).map(|instr| decode(*instr)).is_some_and(|(op, end)| {
                op == Op::ForIter && decode(self.code.instrs[end as usize]).0 == Op::ListToTuple
            });
        self.build(at, count, if hidden { RunOp::BuildRow } else { RunOp::BuildList })
    }
    /// The local that is the key, where a cell's content is loaded for nothing but a subscript. Only in the plain
    /// form: the three instructions are one.
    pub(super) fn subscribes(&self, at: usize) -> Option<u16> {
        let key = match self.next_plain(at) {
            Some((Op::LoadFast, local)) => local as u16,
            _ => return None,
        };
        matches!(self.next_plain(at + 1), Some((Op::BinarySubscr, _))).then_some(key)
    }
    pub(super) fn subscr_cell(&mut self, at: usize, cell: u16, key: u16) -> usize {
        self.settle();
        let peek = self.peeks(at + 2, self.stack.len());
        let (dst, next) = self.dest(at + 2);
        // What may fail is the subscript.
        self.begin_units(at + 2);
        self.emit(if peek { RunOp::SubscrCellPeek } else { RunOp::SubscrCell }, dst, cell, key);
        next
    }
    pub(super) fn store_subscr(&mut self, at: usize, _arg: u32) -> usize {
        self.settle();
        let top = self.top();
        let fixed = self.fixed_key();
        for depth in top - 2..top + usize::from(fixed.is_none()) {
            self.load_operand(depth);
        }
        let value = self.register(top - 2);
        let last = matches!(self.stack[top - 2], StackValue::Local { last: true, .. });
        let container = self.register(top - 1);
        let (how, key) = match fixed {
            Some(fixed) => fixed,
            None => (REGISTER, self.register(top)),
        };
        self.pop(3);
        let from = match (usize::from(value) >= self.locals, last) {
            (true, _) => MOVED,
            (false, true) => LAST,
            (false, false) => SHARED,
        };
        let temp = usize::from(usize::from(container) >= self.locals);
        self.emit_raw(STORE.opcode([how, temp, from]), value, container, key);
        at + 1
    }
    /// `dst = container[bounds]`, whose `count` bounds lie in temporaries.
    pub(super) fn slice(&mut self, at: usize, op: RunOp, count: usize) -> usize {
        self.settle();
        let bounds = self.block(count);
        let container = self.register(self.top() - count);
        self.pop(count + 1);
        let (dst, next) = self.dest(at);
        if op == RunOp::StepSlice {
            // What may fail is the subscript.
            self.begin_units(at);
        }
        self.emit(op, dst, container, bounds);
        next
    }
    pub(super) fn binary_slice(&mut self, at: usize, _arg: u32) -> usize {
        self.slice(at, RunOp::BinarySlice, 2)
    }
    /// A slice; with a step, and subscribed at once, no slice object is made.
    pub(super) fn build_slice(&mut self, at: usize, parts: u32) -> usize {
        match self.next_plain(at) {
            Some((Op::BinarySubscr, _)) if parts == 3 => self.slice(at + 1, RunOp::StepSlice, 3),
            _ => self.build(at, parts, RunOp::BuildSlice),
        }
    }
    pub(super) fn store_slice(&mut self, at: usize, _arg: u32) -> usize {
        self.settle();
        let top = self.top();
        let bounds = self.block(2);
        self.load_operand(top - 3);
        self.load_operand(top - 2);
        let (value, container) = (self.register(top - 3), self.register(top - 2));
        self.pop(4);
        self.emit(RunOp::StoreSlice, value, container, bounds);
        at + 1
    }
    pub(super) fn dict_merge(&mut self, at: usize, below: u32) -> usize {
        // Its errors name the callable, three below the dict.
        if let Some(callable) = self.stack.len().checked_sub(1 + below as usize + 3) {
            self.materialise(callable);
        }
        self.append(at, below, RunOp::DictMerge)
    }
    pub(super) fn unpack(&mut self, at: usize, n: u32) -> usize {
        let n = n as usize;
        self.settle();
        let depth = self.top();
        let src = self.register(depth);
        // Copied bits will do if every item goes straight to a local that is only peeked.
        let peek = (0..n).all(|i| {
            let store = at + 1 + i;
            store < self.code.instrs.len()
                && !self.depths.label[store]
                && matches!(decode(self.code.instrs[store]), (Op::StoreFast, l) if self.uses.peeked[l as usize])
        });
        self.pop(1);
        let first = self.temp(depth);
        let targets: Vec<u16> = (at + 1..at + 1 + n)
            .take_while(|i| *i < self.code.instrs.len() && !self.depths.label[*i])
            .filter_map(|i| match decode(self.code.instrs[i]) {
                (Op::StoreFast, local) => Some(local as u16),
                _ => None,
            })
            .collect();
        let distinct = targets.iter().enumerate().all(|(i, t)| !targets[..i].contains(t));
        if n > 0
            && targets.len() == n
            && distinct
            && !(at..at + n).any(|at| self.tells_between(at))
            && !targets.contains(&src)
            && self.locals <= usize::from(TARGET)
        {
            for local in &targets {
                self.guard_local(*local);
            }
            let run = n > 2 && src != first && targets.windows(2).all(|pair| pair[0] + 1 == pair[1]);
            let op = match (run, peek) {
                (false, false) => RunOp::UnpackLocals,
                (false, true) => RunOp::UnpackLocalsPeek,
                (true, false) => RunOp::UnpackRun,
                (true, true) => RunOp::UnpackRunPeek,
            };
            self.emit(op, first, src, n as u16);
            for four in targets.chunks(4) {
                let peeked = |local: u16| if self.uses.peeked[usize::from(local)] { LOOKS } else { 0 };
                let get = |i: usize| four.get(i).map_or(0, |local| *local | peeked(*local));
                self.units.push(unit(get(0), get(1), get(2), get(3)));
            }
            return at + 1 + n;
        }
        self.emit(if peek { RunOp::UnpackPeek } else { RunOp::Unpack }, first, src, n as u16);
        self.stack.push_temps(n);
        at + 1
    }
}
