//! The running form: what the loop runs, made of verified stack code by `lower/`.
//!
//! Three-address code over registers: locals, then one temporary for each slot of the operand stack (`nlocals + depth`).
//! An instruction is a 64-bit unit `[op: u16][a: u16][b: u16][c: u16]` and, for some, further units (caches, targets).
//!
//! Read next: `ops.rs`, the table of what each stack instruction becomes; `families.rs`, opcodes that say where their operands are;
//! `lower/`, which makes it; `ops/` at the top of the crate, its handlers.

#![allow(
    clippy::missing_safety_doc,
    reason = "one contract for all who read a unit: `pc` points to one of lowered code"
)]

pub mod families;
pub mod ops;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;

use ryokan_bytecode::InstrIndex;

use crate::value::{Value, Word};

/// The running form of a code.
pub struct RunCode {
    /// The code object that owns it, whose type is known above (`types/code.rs`).
    pub(crate) owner: *const (),
    /// The units. Handlers write caches and better opcodes into them.
    pub units: Box<[u64]>,
    /// Constants: `[immediate or object]`, see `Lowering::constant`. The objects are the owner's (`Whole::consts`), and counted there.
    pub consts: Box<[Word]>,
    /// Locals, cells and free variables.
    pub locals: usize,
    /// All registers.
    pub registers: usize,
    /// Parameters, if a call needs nothing but so many positional arguments; otherwise -1.
    pub simple_args: i64,
    /// Where a generator function copies its closure's cells to, and how many, if that is all that it does before it leaves with its
    /// generator.
    pub creates: Option<(u16, u16)>,
    /// (first unit, instruction), rising: where each stack instruction's units begin.
    pub map: Box<[(u32, InstrIndex)]>,
    /// (instruction, unit) of the targets of exception handlers.
    pub targets: Box<[(InstrIndex, u32)]>,
    /// What is prepaid before each instruction; empty but in the costs form. See `costs.rs`.
    pub prepaid: Box<[u32]>,
    /// The counting units, rising.
    pub marks: Box<[Mark]>,
    /// The units that hold opcodes, rising; only in the costs form.
    pub ops: Box<[u32]>,
    /// (first instruction, how many) of instructions that run as one.
    pub fused: Box<[(InstrIndex, u32)]>,
    /// Whether every frame of this code goes on in the steps form.
    pub retired: Cell<bool>,
    /// Where the units behind the code begin: what jumps cost, and the jumps on.
    pub stubs: usize,
    /// The units of operators in place, rising: the opcode does not say it.
    pub(crate) in_place: Box<[u32]>,
    /// (unit, first instruction, the one behind the last) of each block whose runs are counted, in the unit behind.
    pub blocks: Box<[(u32, InstrIndex, InstrIndex)]>,
    /// How often an exception at an instruction kept its block's instructions from another one on from running.
    pub(crate) cuts: RefCell<BTreeMap<(InstrIndex, InstrIndex), u64>>,
    /// Instructions whose units take a counted reference to a local or a constant, once for each.
    pub shares: Box<[u32]>,
    /// The second form: a counting unit before each instruction.
    pub steps: OnceCell<Box<RunCode>>,
    /// The form of a run that is traced: a unit before each instruction, and nothing else that the plain form has not.
    pub traced: OnceCell<Box<RunCode>>,
}

/// A counting unit.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Where it is.
    pub unit: u32,
    /// How many units it takes.
    pub len: u32,
    /// What is prepaid there before its cost is paid. (Less than nothing where an instruction of the edge's target has run
    /// with the branch already.)
    pub rest: i32,
}

/// What counting units a code is lowered with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// None.
    Plain,
    /// One where an edge costs something, which says whose that is if the run is `profiled`; and `blocks`, one where a block begins.
    Costs { blocks: bool, profiled: bool },
    /// One before each instruction; and `blocks`.
    Steps { blocks: bool },
    /// One before each instruction, and before each that leaves the frame, which tells of it.
    Traced,
}

impl RunCode {
    /// Where it begins.
    pub fn entry(&self) -> *mut u64 {
        self.units.as_ptr().cast_mut()
    }
    /// The constants, as handlers look at them.
    pub fn first_const(&self) -> *const Value {
        self.consts.as_ptr().cast()
    }
    fn unit(&self, pc: *const u64) -> usize {
        (pc as usize).wrapping_sub(self.units.as_ptr() as usize) / 8
    }
    /// The form that a unit belongs to.
    pub fn form(&self, pc: *const u64) -> &RunCode {
        if self.unit(pc) < self.units.len() {
            return self;
        }
        let others = [&self.steps, &self.traced].into_iter().filter_map(OnceCell::get);
        others.map(|form| &**form).find(|form| form.unit(pc) < form.units.len()).unwrap_or(self)
    }
    /// Whether the unit at `pc`, of whichever form, is of an operator in place (`+=`).
    pub fn is_in_place(&self, pc: *const u64) -> bool {
        let form = self.form(pc);
        !form.in_place.is_empty() && form.in_place.binary_search(&(form.unit(pc) as u32)).is_ok()
    }
    /// The counting unit at `pc`.
    pub fn mark(&self, pc: *const u64) -> Mark {
        let at = self.marks.partition_point(|mark| (mark.unit as usize) < self.unit(pc));
        self.marks[at]
    }
    /// The first operand of the unit at `pc`, of whichever form; nothing if that is no unit of this code.
    pub fn first_operand(&self, pc: *mut u64) -> Option<usize> {
        let form = self.form(pc);
        // SAFETY: the unit is one of the form's.
        (form.unit(pc) < form.units.len()).then(|| unsafe { a(form.entry().add(form.unit(pc))) })
    }
    /// The unit that follows the charge at `pc`: the next one; for a charge behind the code's end, where the jump behind it leads.
    pub fn behind_charge(&self, pc: *mut u64) -> *mut u64 {
        let next = self.unit(pc) + 1;
        assert!(next < self.units.len(), "a charge is followed by another unit");
        let next = self.entry().wrapping_add(next);
        // SAFETY: the unit is one of this code's, and behind the code's end it is the jump back into it.
        if self.is_stub(pc) { next.wrapping_offset(unsafe { far(next) }) } else { next }
    }
    /// Whether a unit lies behind the code.
    pub fn is_stub(&self, pc: *const u64) -> bool {
        self.unit(pc) >= self.stubs
    }
    /// The unit of another form that does what the one at `pc` does; `exactly` it, or the counting units before it.
    pub fn translate(&self, other: &RunCode, pc: *const u64, exactly: bool) -> *mut u64 {
        let unit = self.unit(pc);
        let counting = |marks: &[Mark]| marks.iter().map(|mark| mark.len as usize).sum::<usize>();
        let mut to = unit - counting(&self.marks[..self.marks.partition_point(|m| (m.unit as usize) < unit)]);
        for mark in &other.marks {
            let at = mark.unit as usize;
            if at > to || (at == to && !exactly) {
                break;
            }
            to += mark.len as usize;
        }
        other.entry().wrapping_add(to)
    }
    /// Where the instructions begin that run as one with `instr`, and how many they are.
    fn group(&self, instr: InstrIndex) -> (InstrIndex, u32) {
        let at = self.fused.partition_point(|group| group.0 <= instr);
        match self.fused[..at].last() {
            Some(&(first, len)) if instr.0 < first.0 + len => (first, len),
            _ => (instr, 1),
        }
    }
    /// What is paid for, and has not run, behind an instruction that is under way at `pc`.
    pub fn paid_behind(&self, pc: *const u64, instr: InstrIndex) -> i64 {
        let form = self.form(pc);
        match form.prepaid.get(instr.index()) {
            Some(before) if !form.retired.get() => i64::from(*before) - 1,
            _ => form.fused_behind(instr),
        }
    }
    /// How many instructions run as one with `instr` and lie behind it.
    pub fn fused_behind(&self, instr: InstrIndex) -> i64 {
        let (first, len) = self.group(instr);
        i64::from(first.0 + len) - i64::from(instr.0) - 1
    }
    /// Makes every unit go over to the steps form, but those that are under way.
    pub fn retire(&self, op: u16, under_way: &[*mut u64]) {
        for &unit in &self.ops {
            let at = self.entry().wrapping_add(unit as usize);
            if !under_way.contains(&at) {
                // SAFETY: a unit of this code that holds an opcode; handlers write opcodes in the same way.
                unsafe { *at.cast::<u16>() = op };
            }
        }
        self.retired.set(true);
    }
    /// Notes that an exception at an instruction kept the rest of its block, from `from` on, from running.
    pub fn cut(&self, at: InstrIndex, from: InstrIndex) {
        *self.cuts.borrow_mut().entry((at, from)).or_default() += 1;
    }
    /// How often each instruction ran, of both forms.
    pub fn runs(&self, instrs: usize) -> Vec<u64> {
        let mut runs = vec![0u64; instrs];
        for form in [Some(self), self.steps.get().map(|steps| &**steps)].into_iter().flatten() {
            for &(unit, first, end) in &form.blocks {
                // SAFETY: handlers write counters through the same pointer, one at a time.
                let count = unsafe { *form.entry().add(unit as usize + 1) };
                runs[first.index()..end.index()].iter_mut().for_each(|n| *n += count);
            }
        }
        for (&(at, from), &count) in &*self.cuts.borrow() {
            let same_block = |block: &&(u32, InstrIndex, InstrIndex)| (block.1..block.2).contains(&at);
            if let Some(&(_, _, end)) = self.blocks.iter().find(same_block) {
                runs[from.min(end).index()..end.index()]
                    .iter_mut()
                    .for_each(|n| *n = n.saturating_sub(count));
            }
        }
        runs
    }
    /// The stack instruction that a unit was made for.
    pub fn instr_at(&self, pc: *const u64) -> InstrIndex {
        let form = self.form(pc);
        if !std::ptr::eq(form, self) {
            return form.instr_at(pc);
        }
        let unit = self.unit(pc);
        let after = self.map.partition_point(|m| m.0 as usize <= unit);
        self.map[after.max(1) - 1].1
    }
    /// The first unit of an instruction, if it has one.
    pub fn first_unit(&self, instr: InstrIndex) -> Option<*mut u64> {
        let found = self.map.iter().find(|(_, at)| *at == instr)?;
        Some(self.entry().wrapping_add(found.0 as usize))
    }
    /// The unit of a handler's target.
    pub fn target(&self, instr: InstrIndex) -> *mut u64 {
        let at = self.targets.iter().position(|t| t.0 == instr).expect("every handler's target has a unit");
        self.entry().wrapping_add(self.targets[at].1 as usize)
    }
    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        let counting = (self.prepaid.len() + self.ops.len() + self.shares.len()) * 4
            + (self.marks.len() + self.blocks.len()) * 12
            + self.fused.len() * 8;
        self.units.len() * 8
            + self.consts.len() * 8
            + self.map.len() * 8
            + self.targets.len() * 8
            + counting
            + 256
    }
}

/// The operand of an instruction that names a far name: one whose number does not fit. It is that of the stack instruction.
pub const FAR: u16 = u16::MAX;

/// What a unit of the traced form tells: an instruction begins.
pub const BEGINS: u16 = 0;
/// The frame is left with the value of a register.
pub const LEAVES: u16 = 1;
/// It is left with a constant.
pub const LEAVES_K: u16 = 2;

/// The first operand of the unit at `pc`.
#[inline(always)]
pub unsafe fn a(pc: *mut u64) -> usize {
    // SAFETY: pc points to a unit of lowered code.
    unsafe { usize::from(*pc.cast::<u16>().add(1)) }
}
/// The second.
#[inline(always)]
pub unsafe fn b(pc: *mut u64) -> usize {
    // SAFETY: as above.
    unsafe { usize::from(*pc.cast::<u16>().add(2)) }
}
/// The third.
#[inline(always)]
pub unsafe fn c(pc: *mut u64) -> usize {
    // SAFETY: as above.
    unsafe { usize::from(*pc.cast::<u16>().add(3)) }
}
/// The upper half of a unit: a target relative to the unit.
#[inline(always)]
pub unsafe fn far(pc: *mut u64) -> isize {
    // SAFETY: as above.
    unsafe { *pc.cast::<i32>().add(1) as isize }
}
/// The lower half.
#[inline(always)]
pub unsafe fn near(pc: *mut u64) -> isize {
    // SAFETY: as above.
    unsafe { *pc.cast::<i32>() as isize }
}
