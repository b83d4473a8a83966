//! Items: subscripts, slices, appending, unpacking.

use ryokan_bytecode::Op;

use super::{Lower, decode, unit};
use crate::lower::pending::Slot;
use crate::ops::{self, RunOp, build, items};
use crate::raised::Res;

impl Lower<'_> {
    /// Where the key in the top slot is, if it is no register: how, and the operand.
    pub(super) fn fixed_key(&mut self) -> Option<(usize, u16)> {
        match self.stack[self.top()] {
            Slot::Small(number) => Some((items::IMMEDIATE, number)),
            Slot::Const(number) => self.constant(number, true).map(|k| (items::CONSTANT, k)),
            _ => None,
        }
    }
    pub(super) fn subscr(&mut self, at: usize) -> Res<usize> {
        let top = self.top();
        let peek = self.peeks(at, top - 1);
        let container = self.register(top - 1)?;
        let (how, key) = match self.fixed_key() {
            Some(fixed) => fixed,
            None => (items::REGISTER, self.register(top)?),
        };
        let temp = usize::from(container) >= self.locals;
        self.pop(2);
        let (dst, next) = self.dest(at)?;
        let local = usize::from(dst) < self.locals;
        let number = items::load_number(how, temp, peek, local);
        self.emit_raw(ops::subscript_number(number), dst, container, key);
        Ok(next)
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
    pub(super) fn subscr_cell(&mut self, at: usize, cell: u16) -> Res<usize> {
        self.settle()?;
        let key = self.subscribes(at).expect("the caller has looked");
        let peek = self.peeks(at + 2, self.stack.len());
        let (dst, next) = self.dest(at + 2)?;
        // What may fail is the subscript.
        self.map.push((self.units.len() as u32, at as u32 + 2));
        self.emit(if peek { RunOp::SubscrCellPeek } else { RunOp::SubscrCell }, dst, cell, key);
        Ok(next)
    }
    pub(super) fn store_subscr(&mut self, at: usize) -> Res<usize> {
        self.settle()?;
        let top = self.top();
        let fixed = self.fixed_key();
        for depth in top - 2..top + usize::from(fixed.is_none()) {
            self.load_operand(depth)?;
        }
        let value = self.register(top - 2)?;
        let last = matches!(self.stack[top - 2], Slot::Local { last: true, .. });
        let container = self.register(top - 1)?;
        let (how, key) = match fixed {
            Some(fixed) => fixed,
            None => (items::REGISTER, self.register(top)?),
        };
        self.pop(3);
        let from = match (usize::from(value) >= self.locals, last) {
            (true, _) => items::MOVED,
            (false, true) => items::LAST,
            (false, false) => items::SHARED,
        };
        let number = items::store_number(how, usize::from(container) >= self.locals, from);
        self.emit_raw(ops::store_number(number), value, container, key);
        Ok(at + 1)
    }
    /// `dst = container[bounds]`, whose `count` bounds lie in temporaries.
    pub(super) fn slice(&mut self, at: usize, op: RunOp, count: usize) -> Res<usize> {
        self.settle()?;
        let bounds = self.block(count)?;
        let container = self.register(self.top() - count)?;
        self.pop(count + 1);
        let (dst, next) = self.dest(at)?;
        if op == RunOp::StepSlice {
            // What may fail is the subscript.
            self.map.push((self.units.len() as u32, at as u32));
        }
        self.emit(op, dst, container, bounds);
        Ok(next)
    }
    /// A slice with a step that is subscribed at once: no slice object is made.
    pub(super) fn step_slice(&mut self, at: usize) -> Res<usize> {
        self.slice(at + 1, RunOp::StepSlice, 3)
    }
    pub(super) fn store_slice(&mut self, at: usize) -> Res<usize> {
        self.settle()?;
        let top = self.top();
        let bounds = self.block(2)?;
        self.load_operand(top - 3)?;
        self.load_operand(top - 2)?;
        let (value, container) = (self.register(top - 3)?, self.register(top - 2)?);
        self.pop(4);
        self.emit(RunOp::StoreSlice, value, container, bounds);
        Ok(at + 1)
    }
    pub(super) fn append(&mut self, at: usize, op: RunOp, count: usize, below: usize) -> Res<usize> {
        self.settle()?;
        let first = self.block(count)?;
        self.pop(count);
        let target = self.stack.len() - below;
        let target = self.temp(target);
        self.emit(op, target, first, 0);
        Ok(at + 1)
    }
    pub(super) fn unpack(&mut self, at: usize, n: usize) -> Res<usize> {
        self.settle()?;
        let depth = self.top();
        let src = self.register(depth)?;
        // Copied bits will do if every item goes straight to a local that is only peeked.
        let peek = (0..n).all(|i| {
            let store = at + 1 + i;
            store < self.code.instrs.len()
                && !self.layout.label[store]
                && matches!(decode(self.code.instrs[store]), (Op::StoreFast, l) if self.flow.peeked[l as usize])
        });
        self.pop(1);
        let first = self.temp(depth);
        let targets: Vec<u16> = (at + 1..at + 1 + n)
            .take_while(|i| *i < self.code.instrs.len() && !self.layout.label[*i])
            .filter_map(|i| match decode(self.code.instrs[i]) {
                (Op::StoreFast, local) => Some(local as u16),
                _ => None,
            })
            .collect();
        let distinct = targets.iter().enumerate().all(|(i, t)| !targets[..i].contains(t));
        if n > 0
            && targets.len() == n
            && distinct
            && !targets.contains(&src)
            && self.locals <= usize::from(build::TARGET)
        {
            for local in &targets {
                self.guard_local(*local)?;
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
                let peeked = |local: u16| if self.flow.peeked[usize::from(local)] { build::LOOKS } else { 0 };
                let get = |i: usize| four.get(i).map_or(0, |local| *local | peeked(*local));
                self.units.push(unit(get(0), get(1), get(2), get(3)));
            }
            return Ok(at + 1 + n);
        }
        self.emit(if peek { RunOp::UnpackPeek } else { RunOp::Unpack }, first, src, n as u16);
        self.stack.push_temps(n);
        Ok(at + 1)
    }
}
