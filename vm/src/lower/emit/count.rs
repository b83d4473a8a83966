//! Counting units, where the form asks for them: see `fuel.rs` and `costs.rs`.

use std::collections::BTreeMap;

use ryokan_bytecode::{Code, InstrIndex, Op};

use super::{HIGH, Lowering};
use crate::lower::costs::{Costs, is_leader};
use crate::lower::{Depths, decode};
use crate::running::ops::RunOp;
use crate::running::{BEGINS, Form, LEAVES, LEAVES_K, Mark};

/// What the lowering of a metered code keeps.
#[derive(Default)]
pub struct Counting {
    costs: Option<Costs>,
    steps: bool,
    traced: bool,
    profiled: bool,
    block_units: bool,
    marks: Vec<Mark>,
    /// (unit, shift and origin of the field, branch, target) of jumps that cost something.
    stubs: Vec<(usize, u32, usize, usize, usize)>,
    /// (unit, first instruction) of the blocks.
    blocks: Vec<(u32, InstrIndex)>,
    /// The instruction being emitted.
    current: usize,
    /// Instructions that emitted nothing, to be counted with the next one that does.
    owed: usize,
    /// Units that hold opcodes.
    ops: Vec<u32>,
    /// Groups of more than one instruction: the first, and how many.
    fused: BTreeMap<InstrIndex, u32>,
    /// Instructions whose units share a local or a constant.
    shares: Vec<u32>,
}

impl Counting {
    pub(super) fn of(form: Form, code: &Code, depths: &Depths) -> Counting {
        match form {
            Form::Plain => Counting::default(),
            Form::Traced => Counting { traced: true, ..Counting::default() },
            Form::Costs { blocks, profiled } => Counting {
                costs: Some(Costs::of(code, depths)),
                profiled,
                block_units: blocks,
                ..Counting::default()
            },
            Form::Steps { blocks } => Counting { steps: true, block_units: blocks, ..Counting::default() },
        }
    }
    pub fn prepaid(&mut self) -> Box<[u32]> {
        self.costs.take().map(|costs| costs.prepaid.into()).unwrap_or_default()
    }
    pub fn marks(&mut self) -> Box<[Mark]> {
        self.marks.sort_by_key(|mark| mark.unit);
        std::mem::take(&mut self.marks).into()
    }
    pub fn ops(&mut self) -> Box<[u32]> {
        std::mem::take(&mut self.ops).into()
    }
    pub fn fused(&mut self) -> Box<[(InstrIndex, u32)]> {
        std::mem::take(&mut self.fused).into_iter().collect()
    }
    /// Whether nothing is counted.
    pub fn is_off(&self) -> bool {
        !self.steps && self.costs.is_none()
    }
    pub fn shares(&mut self) -> Box<[u32]> {
        std::mem::take(&mut self.shares).into()
    }
    /// The blocks, each up to the next leader.
    pub(super) fn blocks(&self, code: &Code, depths: &Depths) -> Box<[(u32, InstrIndex, InstrIndex)]> {
        let end = |first: InstrIndex| {
            let next = (first.index() + 1..code.instrs.len()).find(|at| is_leader(code, depths, *at));
            InstrIndex::of(next.unwrap_or(code.instrs.len()))
        };
        self.blocks.iter().map(|&(unit, first)| (unit, first, end(first))).collect()
    }
}

/// `own` instructions come next, after `owed` that emitted nothing.
fn step_unit(own: usize, owed: usize) -> u64 {
    RunOp::Step as u64 | (own as u64) << 32 | (owed as u64) << 48
}

impl Lowering<'_> {
    fn pay(&mut self, cost: i32, rest: i32) {
        if cost != 0 {
            let op = if self.counting.profiled { RunOp::Tally } else { RunOp::Count };
            self.count_unit(op, cost as u32, rest);
        }
    }
    fn count_unit(&mut self, op: RunOp, number: u32, rest: i32) {
        self.note_op();
        self.counting.marks.push(Mark { unit: self.units.len() as u32, len: 1, rest });
        self.units.push(op as u64 | u64::from(number) << 32);
    }

    /// A unit with an opcode comes next.
    #[inline]
    pub(super) fn note_op(&mut self) {
        if self.counting.costs.is_some() {
            self.counting.ops.push(self.units.len() as u32);
        }
    }

    /// The function is entered.
    pub(super) fn pay_entry(&mut self) {
        if let Some(first) = self.counting.costs.as_ref().and_then(|c| c.prepaid.first().copied()) {
            self.pay(first as i32, 0);
        }
    }
    /// The jump being emitted, which is not conditional.
    pub(super) fn pay_jump(&mut self) {
        let at = self.counting.current;
        if let Some(costs) = &self.counting.costs {
            let (cost, rest) = (costs.taken[at], costs.prepaid[at] as i32);
            self.pay(cost, rest);
        }
    }
    /// The conditional jump of a repeated condition, where it leaves the loop.
    pub(super) fn pay_exit(&mut self, branch: usize, target: usize) {
        if let Some(costs) = &self.counting.costs {
            let (cost, after) = (costs.taken[branch], costs.prepaid[target]);
            self.pay(cost, after as i32 - cost);
        }
    }
    /// Control goes on from a group of instructions to the next one.
    pub(super) fn leave_group(&mut self, at: usize, next: usize) {
        let inner = self.group_end(at, next);
        if let Some(costs) = &self.counting.costs {
            let cost: i32 = costs.fall[at..next].iter().sum();
            let after = costs.prepaid.get(inner).copied().unwrap_or(0);
            self.pay(cost, after as i32 - cost);
        }
        if inner < next && (self.counting.steps || self.counting.block_units) {
            self.begin_units(inner);
            self.begin_block(inner);
            if self.counting.steps {
                self.step_unit(next - inner, 0);
            }
        }
    }
    /// Up to where a group is counted before it runs. A store of its result is counted behind it: it belongs to a loop's body if
    /// it went with a FOR_ITER, and has not happened while a call is under way.
    fn group_end(&self, at: usize, next: usize) -> usize {
        let is = |i: usize, op: Op| decode(self.code.instrs[i]).0 == op;
        let single = match next - at {
            2 => true,
            3 => is(at, Op::BuildSlice) && is(at + 1, Op::BinarySubscr),
            4 => is(at, Op::LoadDeref) && is(at + 2, Op::BinarySubscr),
            _ => false,
        };
        if single && is(next - 1, Op::StoreFast) { next - 1 } else { next }
    }
    /// Units of the current instruction take a counted reference that the stack code takes too.
    pub(super) fn note_share(&mut self) {
        if self.counting.block_units {
            self.counting.shares.push(self.counting.current as u32);
        }
    }
    /// The target of a conditional jump: what it costs is paid behind the code.
    pub(super) fn branch(&mut self, at: usize, shift: u32, from: usize, branch: usize, target: usize) {
        if self.counting.costs.as_ref().is_some_and(|costs| costs.taken[branch] != 0) {
            self.counting.stubs.push((at, shift, from, branch, target));
        } else {
            self.target(at, shift, from, target);
        }
    }
    /// Emits what lies behind the code; gives where that begins.
    pub(super) fn stubs(&mut self) -> usize {
        let begin = self.units.len();
        for (at, shift, from, branch, target) in std::mem::take(&mut self.counting.stubs) {
            let stub = self.units.len();
            self.map.push((stub as u32, InstrIndex::of(target)));
            self.pay_exit(branch, target);
            let jump = self.units.len();
            self.emit(RunOp::Jump, 0, 0, 0);
            self.target(jump, HIGH, jump, target);
            let distance = (stub as i64 - from as i64) as i32 as u32;
            self.units[at] = self.units[at] & !(0xFFFF_FFFF << shift) | u64::from(distance) << shift;
        }
        begin
    }

    /// A block begins here, if one does.
    pub(super) fn begin_block(&mut self, at: usize) {
        if self.counting.block_units && is_leader(self.code, &self.depths, at) {
            let unit = self.units.len() as u32;
            self.counting.marks.push(Mark { unit, len: 2, rest: 0 });
            self.counting.blocks.push((unit, InstrIndex::of(at)));
            self.note_op();
            self.units.extend([RunOp::Block as u64, 0]);
        }
    }

    /// Emits the instruction at `at` and what is fused with it, and before them the unit that counts them in steps.
    pub(super) fn group(&mut self, at: usize) -> usize {
        self.counting.current = at;
        if self.counting.traced {
            return self.traced_group(at);
        }
        let steps = self.counting.steps;
        if !steps && self.counting.costs.is_none() {
            return self.instr(at);
        }
        let unit = self.units.len();
        if steps {
            self.units.push(0);
        }
        let next = self.instr(at);
        let own = if next == usize::MAX { 1 } else { self.group_end(at, next) - at };
        if own > 1 {
            self.counting.fused.insert(InstrIndex::of(at), own as u32);
        }
        if !steps {
            return next;
        }
        if self.units.len() == unit + 1 {
            self.units.pop();
            self.counting.owed += own;
            return next;
        }
        self.units[unit] = step_unit(own, std::mem::take(&mut self.counting.owed));
        self.counting.marks.push(Mark { unit: unit as u32, len: 1, rest: 0 });
        next
    }
    /// Emits the instruction at `at` and what is fused with it, with the units that tell of them.
    fn traced_group(&mut self, at: usize) -> usize {
        self.trace_unit(BEGINS, 0);
        let next = self.instr(at);
        // What leaves the frame is told of where its value is ready.
        if let Some(last) = self.units.last().copied() {
            let op = last as u16;
            let is = |wanted: RunOp| op == wanted as u16;
            let place = match decode(self.code.instrs[at]).0 {
                Op::ReturnValue if is(RunOp::ReturnK) => Some(LEAVES_K),
                Op::ReturnValue | Op::YieldValue => Some(LEAVES),
                _ => None,
            };
            if let Some(place) = place {
                self.units.pop();
                self.trace_unit(place, (last >> 16) as u16);
                self.units.push(last);
            }
        }
        // A resumption that the yield does itself.
        let resume = (at + 1..next.min(self.code.instrs.len()))
            .find(|at| next != usize::MAX && decode(self.code.instrs[*at]).0 == Op::Resume);
        if let Some(resume) = resume {
            self.begin_units(resume);
            self.trace_unit(BEGINS, 0);
        }
        next
    }
    /// Whether a trace function is told of a line that begins behind the instruction at `at`.
    pub(super) fn tells_between(&self, at: usize) -> bool {
        let line = |at: usize| self.code.position(InstrIndex::of(at)).line;
        self.counting.traced && line(at + 1) != line(at)
    }
    fn trace_unit(&mut self, what: u16, register: u16) {
        self.counting.marks.push(Mark { unit: self.units.len() as u32, len: 1, rest: 0 });
        self.units.push(super::unit(RunOp::Trace as u16, what, register, 0));
    }
    fn step_unit(&mut self, own: usize, owed: usize) {
        self.counting.marks.push(Mark { unit: self.units.len() as u32, len: 1, rest: 0 });
        self.units.push(step_unit(own, owed));
    }
    /// Instructions that emitted nothing end before a label.
    pub(super) fn step_owed(&mut self) {
        let owed = std::mem::take(&mut self.counting.owed);
        if owed > 0 {
            self.step_unit(0, owed);
        }
    }
    /// A FOR_ITER that is repeated at its loop's end.
    pub(super) fn repeated_step(&mut self, at: usize) {
        if self.counting.traced {
            self.trace_unit(BEGINS, 0);
        }
        if self.counting.steps {
            debug_assert_eq!(decode(self.code.instrs[at]).0, Op::ForIter);
            self.step_unit(1, 0);
        }
    }
}
