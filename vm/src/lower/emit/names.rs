//! Names and attributes.

use ryokan_bytecode::Op;

use super::{Lowering, operand};
use crate::lower::pending::StackValue;
use crate::running::FAR;
use crate::running::ops::RunOp;

impl Lowering<'_> {
    pub(super) fn load_global(&mut self, at: usize, name: u32) -> usize {
        // (A far one's name is that of the instruction: see `At::name`.)
        if let Some((Op::PushNull, _)) = self.next_plain(at)
            && operand(name) != FAR
        {
            return self.push(at, StackValue::Global { name });
        }
        self.settle();
        let peek = self.peeks(at, self.stack.len());
        let (dst, next) = self.dest(at);
        self.emit(if peek { RunOp::LoadGlobalPeek } else { RunOp::LoadGlobal }, dst, operand(name), 0);
        self.words(2);
        next
    }
    pub(super) fn load_name(&mut self, at: usize, name: u32) -> usize {
        self.settle();
        let peek = self.peeks(at, self.stack.len());
        let (dst, next) = self.dest(at);
        self.emit(if peek { RunOp::LoadNamePeek } else { RunOp::LoadName }, dst, operand(name), 0);
        self.words(2);
        next
    }
    pub(super) fn load_attr(&mut self, at: usize, name: u32) -> usize {
        self.settle();
        let peek = self.peeks(at, self.top());
        let src = self.register(self.top());
        self.pop(1);
        let (dst, next) = self.dest(at);
        self.emit(if peek { RunOp::LoadAttrPeek } else { RunOp::LoadAttr }, dst, src, operand(name));
        self.attr_words(name);
        next
    }
    pub(super) fn load_method(&mut self, at: usize, name: u32) -> usize {
        self.settle();
        let depth = self.top();
        let src = self.register(depth);
        self.pop(1);
        let temp = self.temp(depth);
        self.emit(RunOp::LoadMethod, temp, src, operand(name));
        self.attr_words(name);
        self.stack.push_temps(2);
        at + 1
    }
    pub(super) fn store_attr(&mut self, at: usize, name: u32) -> usize {
        self.settle();
        let (value, owner) = self.two_registers();
        let last = matches!(self.stack[self.top() - 1], StackValue::Local { last: true, .. });
        self.pop(2);
        self.emit(if last { RunOp::StoreAttrLast } else { RunOp::StoreAttr }, value, owner, operand(name));
        self.attr_words(name);
        at + 1
    }
    pub(super) fn load_super_method(&mut self, at: usize, name: u32) -> usize {
        let next = self.in_place(at, name, RunOp::LoadSuperMethod);
        self.words(3);
        next
    }
}
