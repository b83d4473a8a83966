//! Control: jumps, loops (whose conditions are repeated at their ends), returns and calls.

use ryokan_bytecode::{CodeFlags, Op};

use super::{HIGH, LOW, Lowering, REPEAT_MAX, operand};
use crate::lower::decode;
use crate::lower::pending::StackValue;
use crate::running::ops::RunOp;

impl Lowering<'_> {
    // ---- control ---------------------------------------------------------------------------------------------------

    pub(super) fn jump(&mut self, _at: usize, target: u32, op: RunOp) -> usize {
        self.flush();
        self.pay_jump();
        let from = self.units.len();
        self.emit(op, 0, 0, 0);
        self.target(from, HIGH, from, target as usize);
        usize::MAX
    }
    pub(super) fn jump_backward(&mut self, at: usize, target: u32) -> usize {
        self.flush();
        let head = target as usize;
        if self.unit_of[head] == u32::MAX {
            // Reached only through this jump: it lies ahead in emission.
            return self.jump(at, target, RunOp::Jump);
        }
        if let Some(jump) = self.repeatable(head) {
            return self.repeat(head, jump);
        }
        self.jump(at, target, RunOp::JumpBack)
    }
    /// The conditional jump (or FOR_ITER) that ends the straight condition of the loop at `target`.
    pub(super) fn repeatable(&self, target: usize) -> Option<usize> {
        for at in target..(target + REPEAT_MAX).min(self.code.instrs.len()) {
            if at > target && self.depths.label[at] {
                return None;
            }
            match decode(self.code.instrs[at]) {
                (Op::PopJumpIfFalse | Op::PopJumpIfTrue, _) => {
                    return self.after.contains_key(&at).then_some(at);
                }
                (Op::ForIter, _) if at == target => return Some(at),
                (
                    Op::StoreFast | Op::RestoreFast | Op::LoadFastAndClear | Op::MakeCell | Op::YieldValue,
                    _,
                ) => return None,
                (op, _) if op.flags().jumps || op.flags().ends => return None,
                _ => {}
            }
        }
        None
    }
    pub(super) fn repeat(&mut self, target: usize, jump: usize) -> usize {
        let (op, exit) = decode(self.code.instrs[jump]);
        self.pay_jump();
        if op == Op::ForIter {
            self.begin_units(jump);
            self.begin_block(jump);
            self.repeated_step(jump);
            let first = self.unit_of[jump] as usize;
            let head = self.for_iter_unit(jump);
            let body = self.after[&jump];
            let from = self.units.len();
            self.note_op();
            self.units.push(self.units[head]);
            debug_assert!(head >= first);
            self.units.push(u64::from((i64::from(body) - from as i64) as i32 as u32));
            self.branch(from + 1, HIGH, from, jump, exit as usize);
            return usize::MAX;
        }
        self.repeating = Some(jump);
        let mut at = target;
        while at <= jump {
            self.begin_units(at);
            if at == target {
                self.begin_block(at);
            }
            at = self.group(at);
        }
        self.repeating = None;
        self.pay_exit(jump, exit as usize);
        let from = self.units.len();
        self.emit(RunOp::Jump, 0, 0, 0);
        self.target(from, HIGH, from, exit as usize);
        usize::MAX
    }
    /// The index of the FOR_ITER unit that was emitted for an instruction: two units before what comes after it.
    pub(super) fn for_iter_unit(&self, at: usize) -> usize {
        self.after[&at] as usize - 2
    }
    pub(super) fn for_iter(&mut self, at: usize, exit: u32) -> usize {
        self.flush();
        let depth = self.stack.len();
        let iterator = self.temp(depth - 1);
        let peek = u16::from(self.peeks(at, depth));
        let (dst, next) = self.dest(at);
        let from = self.units.len();
        self.emit(RunOp::ForIter, dst, iterator, peek);
        self.units.push(2);
        self.branch(from + 1, HIGH, from, at, exit as usize);
        self.after.insert(at, self.units.len() as u32);
        next
    }
    /// Whether a copy at `at` is only asked whether it is an object of `Common`: which one, and where a jump goes if it is not.
    pub(super) fn asks_for_common(&self, at: usize) -> Option<(u32, u32)> {
        match (self.next_plain(at), self.next_plain(at + 1), self.next_plain(at + 2)) {
            (
                Some((Op::LoadCommonConstant, what)),
                Some((Op::IsOp, 0)),
                Some((Op::PopJumpIfFalse, target)),
            ) => Some((what, target)),
            _ => None,
        }
    }
    /// Four instructions, of which `jump_at` is the last: a jump to `target` unless the slot `depth` is an object of `Common`.
    pub(super) fn jump_unless_common(
        &mut self,
        jump_at: usize,
        depth: usize,
        what: u32,
        target: u32,
    ) -> usize {
        self.settle();
        self.flush();
        let from = self.units.len();
        self.emit(RunOp::UnlessCommon, 0, self.temp(depth), operand(what));
        self.units.push(0);
        self.branch(from + 1, LOW, from, jump_at, target as usize);
        jump_at + 1
    }
    pub(super) fn return_value(&mut self, _at: usize, _arg: u32) -> usize {
        let depth = self.top();
        let generator = self.code.flags.intersects(CodeFlags::MAKES_GENERATOR);
        match self.stack[depth] {
            StackValue::Local { local, .. } if !generator => self.emit(RunOp::Return, local, 0, 0),
            slot => {
                let near = match slot {
                    StackValue::Const(number) if !generator => self.constant(number, false),
                    StackValue::Small(number) if !generator => Some(self.small(number)),
                    _ => None,
                };
                if let Some(k) = near {
                    self.emit(RunOp::ReturnK, k, 0, 0);
                } else {
                    let temp = self.materialise(depth);
                    self.emit(if generator { RunOp::ReturnFromGenerator } else { RunOp::Return }, temp, 0, 0);
                }
            }
        }
        self.pop(1);
        usize::MAX
    }
    /// A yield. Where the value that is sent is dropped at once, the resumption does it (and no instruction is counted that has not
    /// run: only the plain form knows this). That of a `yield from` or `await` says so, for the same reason in that form alone.
    pub(super) fn yield_value(&mut self, at: usize, arg: u32) -> usize {
        if self.counting.is_off() && self.delegates(at) {
            return self.in_place(at, arg, RunOp::YieldOn);
        }
        let drops = self.counting.is_off()
            && matches!(self.next_plain(at), Some((Op::Resume, 1)))
            && matches!(self.next_plain(at + 1), Some((Op::PopTop, _)));
        if !drops {
            return self.in_place(at, arg, RunOp::Yield);
        }
        self.work_in_place(at, RunOp::YieldOnly, 1, 0, operand(arg));
        at + 3
    }
    /// Whether the yield at `at` gives what the `SEND` just before it was given, which it goes back to; two units have been emitted since.
    fn delegates(&self, at: usize) -> bool {
        let instr = |at: usize| self.code.instrs.get(at).map(|&instr| decode(instr));
        at > 0
            && matches!(instr(at - 1), Some((Op::Send, _)))
            && matches!(instr(at + 1), Some((Op::Resume, _)))
            && instr(at + 2) == Some((Op::JumpBackward, at as u32 - 1))
            && self.units.len() >= 2
            && self.units[self.units.len() - 2] as u16 == RunOp::Send as u16
    }
    pub(super) fn send(&mut self, at: usize, target: u32) -> usize {
        self.settle();
        self.flush();
        let first = self.block(2);
        let from = self.units.len();
        self.emit(RunOp::Send, first + 1, first, 0);
        self.units.push(0);
        self.branch(from + 1, LOW, from, at, target as usize);
        at + 1
    }

    // ---- calls -----------------------------------------------------------------------------------------------------

    pub(super) fn call(&mut self, at: usize, n: u32) -> usize {
        let n = n as usize;
        let base = self.stack.len() - n - 2;
        let callable = self.stack[base];
        // Whatever lies below and the arguments: their globals are looked up before the call runs anything.
        for depth in self.stack.globals() {
            if depth != base {
                self.materialise(depth);
            }
        }
        for depth in base + 2..self.stack.len() {
            self.materialise(depth);
        }
        let plain = self.stack[base + 1] == StackValue::Null;
        let register = self.temp(base);
        let (op, words, name) = match callable {
            StackValue::Global { name } if plain => (RunOp::CallGlobal, 2, name),
            _ => {
                self.materialise(base);
                if !plain {
                    self.materialise(base + 1);
                }
                // (Only a generator expression is called with an iterator made for it.)
                let maker = !plain && n == 0 && at > 0 && decode(self.code.instrs[at - 1]).0 == Op::GetIter;
                let op = if maker { RunOp::CallMaker } else { RunOp::CallMethod };
                (if plain { RunOp::Call } else { op }, 2, 0)
            }
        };
        self.pop(n + 2);
        let (dst, next) = self.dest(at);
        self.emit(op, register, n as u16, dst);
        self.words(words);
        if let Some(last) = self.units.last_mut() {
            *last = u64::from(name) << 48;
        }
        next
    }
    pub(super) fn call_kw(&mut self, at: usize, n: u32) -> usize {
        self.call_block(at, RunOp::CallKw, n as usize + 3, n as u16)
    }
    pub(super) fn call_ex(&mut self, at: usize, _arg: u32) -> usize {
        self.call_block(at, RunOp::CallEx, 4, 0)
    }
    /// A call of what lies in a block of `count` temporaries.
    fn call_block(&mut self, at: usize, op: RunOp, count: usize, n: u16) -> usize {
        self.settle();
        let first = self.block(count);
        self.pop(count);
        let (dst, next) = self.dest(at);
        self.emit(op, first, n, dst);
        self.words(2);
        next
    }
    pub(super) fn set_function_part(&mut self, at: usize, part: u32) -> usize {
        let first = self.block(2);
        self.pop(2);
        self.stack.push(StackValue::Temp);
        self.emit(RunOp::SetFunctionPart, first, first, operand(part));
        at + 1
    }
}
