//! The lowering itself: one pass over the stack code, instruction by instruction, each in the way that its row of
//! `running/ops.rs` names.

mod consts;
mod control;
mod count;
mod items;
mod locals;
mod names;
mod operators;
mod slots;
mod ways;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use ryokan_bytecode::{Code, CodeFlags, InstrIndex, Op};

use self::consts::Consts;
use self::count::Counting;
use super::pending::Pending;
use super::pending::StackValue;
use super::uses::{Use, Uses, consumer};
use super::{Depths, decode, small_word};
use crate::running::ops::{RunOp, for_each_run_op};
use crate::running::{FAR, Form, RunCode};
use crate::types::code::{CodeObj, immediate};
use crate::vm::Vm;

/// Longest loop condition that is repeated at the loop's end.
const REPEAT_MAX: usize = 14;

struct Lowering<'a> {
    object: &'a CodeObj,
    code: &'a Code,
    depths: Depths,
    uses: Uses,
    units: Vec<u64>,
    map: Vec<(u32, InstrIndex)>,
    stack: Pending,
    consts: Consts,
    /// First unit of an instruction that was emitted.
    unit_of: Vec<u32>,
    /// The unit after a conditional jump or FOR_ITER (with what was fused to it).
    after: HashMap<usize, u32>,
    /// (unit, shift of the 32-bit field, instruction): targets to fill in, relative to the instruction's first unit.
    fixups: Vec<(usize, u32, usize, usize)>,
    /// The units of operators in place.
    in_place: Vec<u32>,
    locals: usize,
    /// The jump being repeated at the end of its loop, if one is.
    repeating: Option<usize>,
    counting: Counting,
}

/// A target is 32 bits of a unit: its upper half.
const HIGH: u32 = 32;
/// Its lower half.
const LOW: u32 = 0;

/// The operand that stands for a name's number; [`FAR`] for one that does not fit.
fn operand(arg: u32) -> u16 {
    u16::try_from(arg).unwrap_or(FAR)
}

/// Runs the pass.
pub fn run(vm: &Vm, object: &CodeObj, form: Form) -> RunCode {
    let code = &*object.code;
    let mut depths = Depths::of(code);
    if vm.stress.plain_code {
        // Where control may come from elsewhere, nothing is fused, and everything lies in its temporary.
        depths.label.fill(true);
    }
    let uses = Uses::of(code, &depths);
    let mut lower = Lowering {
        object,
        code,
        uses,
        // About two units an instruction: many have a place for what they find out.
        units: Vec::with_capacity(code.instrs.len() * 2),
        map: Vec::with_capacity(code.instrs.len()),
        stack: Pending::default(),
        consts: Consts::of(object.consts.len()),
        unit_of: vec![u32::MAX; code.instrs.len() + 1],
        after: HashMap::new(),
        fixups: Vec::new(),
        in_place: Vec::new(),
        locals: code.locals.len(),
        repeating: None,
        counting: Counting::of(form, code, &depths),
        depths,
    };
    lower.all();
    lower.finish()
}

fn unit(op: u16, a: u16, b: u16, c: u16) -> u64 {
    u64::from(op) | u64::from(a) << 16 | u64::from(b) << 32 | u64::from(c) << 48
}

impl Lowering<'_> {
    fn finish(mut self) -> RunCode {
        let stubs = self.stubs();
        for (at, shift, from, target) in std::mem::take(&mut self.fixups) {
            let to = self.unit_of[target];
            debug_assert!(to != u32::MAX);
            let distance = (i64::from(to) - from as i64) as i32 as u32;
            self.units[at] = self.units[at] & !(0xFFFF_FFFF << shift) | u64::from(distance) << shift;
        }
        let targets = self.code.handlers.iter().map(|h| (h.target, self.unit_of[h.target.index()])).collect();
        let plain = self.code.kwonly_count == 0
            && !self.code.flags.intersects(CodeFlags::VARARGS | CodeFlags::VARKEYWORDS)
            && self.code.flags.intersects(CodeFlags::OPTIMIZED);
        let creates =
            |at: usize| self.units.get(at).is_some_and(|u| *u as u16 == RunOp::ReturnGenerator as u16);
        let copies = self.units.first().is_some_and(|u| *u as u16 == RunOp::CopyFree as u16);
        let creates = match copies {
            true if creates(1) => Some(((self.units[0] >> 16) as u16, (self.units[0] >> 32) as u16)),
            false if creates(0) => Some((0, 0)),
            _ => None,
        };
        RunCode {
            creates,
            in_place: self.in_place.into(),
            owner: std::ptr::from_ref(self.object).cast(),
            units: self.units.into(),
            consts: self.consts.into_values(),
            locals: self.locals,
            registers: self.locals + self.code.stack_size as usize + 4,
            simple_args: if plain { i64::from(self.code.arg_count) } else { -1 },
            map: self.map.into(),
            targets,
            stubs,
            blocks: self.counting.blocks(self.code, &self.depths),
            prepaid: self.counting.prepaid(),
            marks: self.counting.marks(),
            shares: self.counting.shares(),
            ops: self.counting.ops(),
            fused: self.counting.fused(),
            retired: Cell::new(false),
            cuts: RefCell::default(),
            steps: OnceCell::new(),
            traced: OnceCell::new(),
        }
    }

    fn all(&mut self) {
        let mut at = 0;
        let mut open = true;
        self.pay_entry();
        while at < self.code.instrs.len() {
            if self.depths.depth[at] == u32::MAX {
                at += 1;
                continue;
            }
            if self.depths.label[at] || !open {
                if open {
                    self.flush();
                    self.step_owed();
                }
                self.stack = Pending::of_temps(self.depths.depth[at] as usize);
            }
            self.unit_of[at] = self.units.len() as u32;
            self.begin_units(at);
            self.begin_block(at);
            let (op, _) = decode(self.code.instrs[at]);
            open = !op.flags().ends;
            let next = self.group(at);
            open = open && next != usize::MAX;
            if open {
                self.leave_group(at, next);
            }
            at = if next == usize::MAX { at + 1 } else { next };
        }
        // Control never comes here; a verified code ends with an instruction that ends.
        self.emit(RunOp::Exit, 0, 0, 0);
    }

    // ---- emitting ------------------------------------------------------------------------------------------------

    fn emit(&mut self, op: RunOp, a: u16, b: u16, c: u16) {
        self.note_op();
        self.units.push(unit(op as u16, a, b, c));
    }
    fn emit_raw(&mut self, op: u16, a: u16, b: u16, c: u16) {
        self.note_op();
        self.units.push(unit(op, a, b, c));
    }
    fn words(&mut self, count: usize) {
        self.units.extend(std::iter::repeat_n(0, count));
    }
    /// The units behind an attribute's load or store: the cache, and the name's word, which the code keeps alive.
    fn attr_words(&mut self, name: u32) {
        self.words(2);
        self.units.push(self.object.names[name as usize].word().0);
    }
    /// A target field in the unit at `at`, counted from the unit `from`.
    /// The units that come next are those of an instruction.
    fn begin_units(&mut self, instr: usize) {
        self.map.push((self.units.len() as u32, InstrIndex::of(instr)));
    }
    fn target(&mut self, at: usize, shift: u32, from: usize, instr: usize) {
        self.fixups.push((at, shift, from, instr));
    }
    fn temp(&self, depth: usize) -> u16 {
        (self.locals + depth) as u16
    }
    fn top(&self) -> usize {
        self.stack.len() - 1
    }

    /// The index of a constant: its object, or for `peek` its immediate form. `None` if it is a far one, behind those that an
    /// operand can name: it is loaded from the code.
    fn constant(&mut self, number: u32, peek: bool) -> Option<u16> {
        let value = &self.object.consts[number as usize];
        let peeked = if peek { immediate(value) } else { None };
        self.consts.place(number, value.word(), peeked)
    }
    /// The index of a small int.
    fn small(&mut self, number: u16) -> u16 {
        self.consts.small(number, small_word(number))
    }
    /// `register = constant`
    fn load_constant(&mut self, register: u16, number: u32, peek: bool) {
        match self.constant(number, peek) {
            Some(k) => self.emit(RunOp::LoadK, register, k, 0),
            None => self.emit(RunOp::LoadFarK, register, number as u16, (number >> 16) as u16),
        }
    }
    /// Where the result of the instruction at `at`, whose operands are popped, goes: straight to a local if the next
    /// instruction stores it there. Gives the register and the next instruction.
    fn dest(&mut self, at: usize) -> (u16, usize) {
        if let Some((Op::StoreFast, local)) = self.next_plain(at)
            && !self.tells_between(at)
        {
            self.guard_local(local as u16);
            return (local as u16, at + 2);
        }
        let temp = self.temp(self.stack.len());
        self.stack.push(StackValue::Temp);
        (temp, at + 1)
    }
    /// The next instruction, if control comes to it only from this one.
    fn next_plain(&self, at: usize) -> Option<(Op, u32)> {
        (at + 1 < self.code.instrs.len() && !self.depths.label[at + 1])
            .then(|| decode(self.code.instrs[at + 1]))
    }
    /// Whether whoever consumes the result of `at` (left in the slot `depth`) only looks at it.
    fn peeks(&self, at: usize, depth: usize) -> bool {
        match consumer(self.code, &self.depths, at, depth as u32) {
            Use::Peek => true,
            Use::Store(local) => self.uses.peeked[usize::from(local)],
            Use::Share => false,
        }
    }

    // ---- instructions --------------------------------------------------------------------------------------------

    /// Emits the instruction at `at` (and what is fused with it); gives the next one.
    fn instr(&mut self, at: usize) -> usize {
        let (op, arg) = decode(self.code.instrs[at]);
        let leaves_swaps = matches!(
            op,
            Op::Swap
                | Op::StoreSubscr
                | Op::StoreFast
                | Op::StoreAttr
                | Op::LoadFast
                | Op::LoadConst
                | Op::LoadSmallInt
                | Op::Nop
        );
        if !leaves_swaps {
            self.settle_swaps();
        }
        self.by_its_row(at, op, arg)
    }
}

/// Lowers one instruction in the way that its row of `running/ops.rs` names.
macro_rules! by_its_row {
    (
        $($op:ident => $way:ident($($given:ident = $given_to:path),*) $([$($form:ident = $form_of:path),*])?;)*
        _ => [$($shared:ident = $shared_by:path),*]
    ) => {
        impl Lowering<'_> {
            /// Emits the instruction at `at` (and what is fused with it); gives the next one.
            fn by_its_row(&mut self, at: usize, op: Op, arg: u32) -> usize {
                match op {
                    $(Op::$op => self.$way(at, arg $(, RunOp::$given)*)),*
                }
            }
        }
    };
}
for_each_run_op!(by_its_row);
