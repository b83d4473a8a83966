//! Operators, and the jumps on what they say.

use ryokan_bytecode::{BinaryOp, CompareOp, Op};

use super::{LOW, Lowering};
use crate::lower::pending::StackValue;
use crate::running::families::{ARITH, Arith, COMPARE, COMPARE_JUMP, KR, RK, RR, TRUTH_JUMP};
use crate::running::ops::RunOp;

impl Lowering<'_> {
    /// Operands of a binary operator: mode, left, right.
    pub(super) fn operands(&mut self) -> (usize, u16, u16) {
        let top = self.top();
        let konst = |this: &mut Self, slot| match slot {
            StackValue::Const(number) => this.constant(number, true),
            StackValue::Small(number) => Some(this.small(number)),
            _ => None,
        };
        let (left, right) = (self.stack[top - 1], self.stack[top]);
        if let Some(k) = konst(self, right) {
            return (RK, self.register(top - 1), k);
        }
        if let Some(k) = konst(self, left) {
            return (KR, k, self.register(top));
        }
        let (left, right) = self.two_registers();
        (RR, left, right)
    }
    pub(super) fn binary_op(&mut self, at: usize, arg: u32) -> usize {
        let op = BinaryOp::from_arg(arg).expect("verified");
        let (mode, left, right) = self.operands();
        self.pop(2);
        let (dst, next) = self.dest(at);
        let to_local = usize::from(usize::from(dst) < self.locals);
        if op.plain().1 {
            self.in_place.push(self.units.len() as u32);
        }
        self.emit_raw(ARITH.opcode([Arith::of(op) as usize, mode, to_local]), dst, left, right);
        next
    }
    pub(super) fn compare(&mut self, at: usize, arg: u32) -> usize {
        let op = CompareOp::from_arg(arg).expect("verified");
        let (mode, left, right) = self.operands();
        let (jump_at, next) = (at + 1, self.next_plain(at));
        if let Some((Op::PopJumpIfFalse | Op::PopJumpIfTrue, target)) = next {
            self.pop(2);
            self.settle();
            self.flush();
            let on_true = matches!(next, Some((Op::PopJumpIfTrue, _)));
            let from = self.units.len();
            self.conditional(
                jump_at,
                target as usize,
                on_true,
                |sense, back| COMPARE_JUMP.opcode([op as usize, mode, usize::from(sense), usize::from(back)]),
                left,
                right,
                from,
            );
            return jump_at + 1;
        }
        self.pop(2);
        let (dst, next) = self.dest(at);
        self.emit_raw(COMPARE.opcode([op as usize, mode]), dst, left, right);
        next
    }
    /// A two-unit conditional jump of the instruction `jump_at`: to `target`, or, where a loop's condition is repeated at its
    /// end, back to the body with the sense inverted.
    #[allow(clippy::too_many_arguments, reason = "one call site a kind of jump")]
    pub(super) fn conditional(
        &mut self,
        jump_at: usize,
        target: usize,
        on_true: bool,
        number: impl Fn(bool, bool) -> u16,
        a: u16,
        b: u16,
        from: usize,
    ) {
        if self.repeating == Some(jump_at) {
            let body = self.after[&jump_at];
            self.emit_raw(number(!on_true, true), 0, a, b);
            self.units.push(u64::from((i64::from(body) - from as i64) as i32 as u32));
            return;
        }
        self.emit_raw(number(on_true, false), 0, a, b);
        self.units.push(0);
        self.branch(from + 1, LOW, from, jump_at, target);
        self.after.insert(jump_at, self.units.len() as u32);
    }
    pub(super) fn pop_jump(&mut self, at: usize, target: usize, on_true: bool) -> usize {
        self.settle();
        // A value that is only shown stays where it is.
        let (src, shown) = match self.stack[self.top()] {
            StackValue::Shown => (self.temp(self.top() - 1), 1),
            _ => (self.register(self.top()), 0),
        };
        self.pop(1);
        self.flush();
        let from = self.units.len();
        let number = |sense, back| TRUTH_JUMP.opcode([usize::from(sense), usize::from(back)]);
        self.conditional(at, target, on_true, number, src, shown, from);
        at + 1
    }
    pub(super) fn jump_on(&mut self, at: usize, target: u32, op: RunOp) -> usize {
        self.settle();
        let src = self.register(self.top());
        self.pop(1);
        self.flush();
        let from = self.units.len();
        let temp = usize::from(src) >= self.locals;
        self.emit(op, 0, src, u16::from(temp));
        self.units.push(0);
        self.branch(from + 1, LOW, from, at, target as usize);
        at + 1
    }
    pub(super) fn pop_jump_if_true(&mut self, at: usize, target: u32) -> usize {
        self.pop_jump(at, target as usize, true)
    }
    pub(super) fn pop_jump_if_false(&mut self, at: usize, target: u32) -> usize {
        self.pop_jump(at, target as usize, false)
    }
    pub(super) fn is_op(&mut self, at: usize, inverted: u32) -> usize {
        self.binary(at, if inverted == 0 { RunOp::Is } else { RunOp::IsNot })
    }
    pub(super) fn contains_op(&mut self, at: usize, inverted: u32) -> usize {
        self.settle();
        self.binary(at, if inverted == 0 { RunOp::Contains } else { RunOp::NotContains })
    }
}
