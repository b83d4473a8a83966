//! The lowering itself: one pass over the stack code, instruction by instruction.

mod control;
mod count;
mod items;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use ryokan_bytecode::{BinaryOp, Code, CompareOp, Op, code_flag};

use self::count::Counting;
use super::flow::{Flow, Use, consumer};
use super::pending::Pending;
use super::pending::Slot;
use super::{Layout, decode, small_word};
use crate::ops::{self, Arith, RunOp};
use crate::raised::Res;
use crate::running::{FAR, Form, RunCode};
use crate::types::code::{CodeObj, immediate};
use crate::value::Value;
use crate::vm::Vm;

/// Longest loop condition that is repeated at the loop's end.
const REPEAT_MAX: usize = 14;

struct Lower<'a> {
    vm: &'a Vm,
    object: &'a CodeObj,
    code: &'a Code,
    layout: Layout,
    flow: Flow,
    units: Vec<u64>,
    map: Vec<(u32, u32)>,
    stack: Pending,
    consts: Vec<Value>,
    const_index: HashMap<(u64, bool), u16>,
    /// First unit of an instruction that was emitted.
    unit_of: Vec<u32>,
    /// The unit after a conditional jump or FOR_ITER (with what was fused to it).
    after: HashMap<usize, u32>,
    /// (unit, shift of the 32-bit field, instruction): targets to fill in, relative to the instruction's first unit.
    fixups: Vec<(usize, u32, usize, usize)>,
    locals: usize,
    /// The jump being repeated at the end of its loop, if one is.
    repeating: Option<usize>,
    counting: Counting,
}

/// Where a target field lies: the upper half of a unit, its lower half, or its upper half.
const HIGH: u32 = 32;
const LOW: u32 = 0;

/// How many constants operands name; above them is room for every small int.
const NEAR_CONSTS: usize = (1 << 16) - 256;

/// The operand that stands for a name's number; [`FAR`] for one that does not fit.
fn operand(arg: u32) -> u16 {
    u16::try_from(arg).unwrap_or(FAR)
}

/// Runs the pass.
pub fn run(vm: &Vm, object: &CodeObj, form: Form) -> Res<RunCode> {
    let code = &*object.code;
    let mut layout = Layout::of(code);
    if vm.stress.plain_code {
        // Where control may come from elsewhere, nothing is fused, and everything lies in its temporary.
        layout.label.fill(true);
    }
    let flow = Flow::of(code, &layout);
    let mut lower = Lower {
        vm,
        object,
        code,
        flow,
        units: Vec::with_capacity(code.instrs.len()),
        map: Vec::with_capacity(code.instrs.len()),
        stack: Pending::default(),
        consts: Vec::new(),
        const_index: HashMap::new(),
        unit_of: vec![u32::MAX; code.instrs.len() + 1],
        after: HashMap::new(),
        fixups: Vec::new(),
        locals: code.locals.len(),
        repeating: None,
        counting: Counting::of(form, code, &layout),
        layout,
    };
    lower.all()?;
    lower.finish()
}

fn unit(op: u16, a: u16, b: u16, c: u16) -> u64 {
    u64::from(op) | u64::from(a) << 16 | u64::from(b) << 32 | u64::from(c) << 48
}

impl Lower<'_> {
    fn finish(mut self) -> Res<RunCode> {
        let stubs = self.stubs();
        for (at, shift, from, target) in std::mem::take(&mut self.fixups) {
            let to = self.unit_of[target];
            debug_assert!(to != u32::MAX);
            let distance = (i64::from(to) - from as i64) as i32 as u32;
            self.units[at] = self.units[at] & !(0xFFFF_FFFF << shift) | u64::from(distance) << shift;
        }
        let targets =
            self.code.handlers.iter().map(|h| (h.target, self.unit_of[h.target as usize])).collect();
        let plain = self.code.kwonly_count == 0
            && self.code.flags & (code_flag::VARARGS | code_flag::VARKEYWORDS) == 0
            && self.code.flags & code_flag::OPTIMIZED != 0;
        let creates =
            |at: usize| self.units.get(at).is_some_and(|u| *u as u16 == RunOp::ReturnGenerator as u16);
        let copies = self.units.first().is_some_and(|u| *u as u16 == RunOp::CopyFree as u16);
        let creates = match copies {
            true if creates(1) => Some(((self.units[0] >> 16) as u16, (self.units[0] >> 32) as u16)),
            false if creates(0) => Some((0, 0)),
            _ => None,
        };
        Ok(RunCode {
            creates,
            owner: std::ptr::from_ref(self.object).cast(),
            units: self.units.into(),
            consts: self.consts.into(),
            locals: self.locals,
            registers: self.locals + self.code.stack_size as usize + 4,
            simple_args: if plain { i64::from(self.code.arg_count) } else { -1 },
            map: self.map.into(),
            targets,
            stubs,
            blocks: self.counting.blocks(self.code, &self.layout),
            prepaid: self.counting.prepaid(),
            marks: self.counting.marks(),
            shares: self.counting.shares(),
            ops: self.counting.ops(),
            fused: self.counting.fused(),
            retired: Cell::new(false),
            cuts: RefCell::default(),
            steps: OnceCell::new(),
        })
    }

    fn all(&mut self) -> Res<()> {
        let mut at = 0;
        let mut open = true;
        self.charge_entry();
        while at < self.code.instrs.len() {
            if self.layout.depth[at] == u32::MAX {
                at += 1;
                continue;
            }
            if self.layout.label[at] || !open {
                if open {
                    self.flush()?;
                    self.step_owed();
                }
                self.stack = Pending::of_temps(self.layout.depth[at] as usize);
            }
            self.unit_of[at] = self.units.len() as u32;
            self.map.push((self.units.len() as u32, at as u32));
            self.begin_block(at);
            let (op, _) = decode(self.code.instrs[at]);
            open = !op.flags().ends;
            let next = self.group(at)?;
            open = open && next != usize::MAX;
            if open {
                self.leave_group(at, next);
            }
            at = if next == usize::MAX { at + 1 } else { next };
        }
        // Control never comes here; a verified code ends with an instruction that ends.
        self.emit(RunOp::Exit, 0, 0, 0);
        Ok(())
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
        let key = (u64::from(number) << 1, peeked.is_some());
        if self.consts.len() >= NEAR_CONSTS && !self.const_index.contains_key(&key) {
            return None;
        }
        Some(self.add_const(key, peeked.map_or_else(|| value.clone(), Value::immediate)))
    }
    /// The index of a small int, for which there is always room.
    fn small(&mut self, number: u16) -> u16 {
        self.add_const((u64::from(number) << 1 | 1, true), Value::immediate(small_word(number)))
    }
    fn add_const(&mut self, key: (u64, bool), value: Value) -> u16 {
        if let Some(known) = self.const_index.get(&key) {
            return *known;
        }
        let index = self.consts.len() as u16;
        self.consts.push(value);
        self.const_index.insert(key, index);
        index
    }
    /// `register = constant`
    fn load_constant(&mut self, register: u16, number: u32, peek: bool) {
        match self.constant(number, peek) {
            Some(k) => self.emit(RunOp::LoadK, register, k, 0),
            None => self.emit(RunOp::LoadFarK, register, number as u16, (number >> 16) as u16),
        }
    }

    // ---- slots ---------------------------------------------------------------------------------------------------

    /// Puts the slot at a depth in its temporary.
    fn materialise(&mut self, depth: usize) -> Res<u16> {
        let temp = self.temp(depth);
        if !matches!(self.stack[depth], Slot::Temp | Slot::At(_)) {
            // Moving one waiting value away may bring another here.
            while let Some(other) = self.stack.waits_in(depth) {
                self.materialise(other)?;
            }
        }
        match self.stack[depth] {
            Slot::Temp => return Ok(temp),
            Slot::At(from) => {
                let from = usize::from(from);
                match self.stack.waits_in(depth) {
                    // The value that belongs there waits in this one's temporary: they change places.
                    Some(other) => {
                        self.emit(RunOp::SwapTemps, temp, self.temp(from), 0);
                        self.stack.set(other, if other == from { Slot::Temp } else { Slot::At(from as u16) });
                    }
                    None => self.emit(RunOp::MoveTemp, temp, self.temp(from), 0),
                }
            }
            Slot::Local { local, last } => {
                if !last {
                    self.note_share();
                }
                self.emit(if last { RunOp::MoveLast } else { RunOp::MoveShare }, temp, local, 0)
            }
            Slot::Const(number) => {
                self.note_share();
                self.load_constant(temp, number, false);
            }
            Slot::Small(number) => {
                let k = self.small(number);
                self.emit(RunOp::LoadK, temp, k, 0);
            }
            Slot::Shown => {
                let below = self.materialise(depth - 1)?;
                self.emit(RunOp::CopyTemp, temp, below, 0);
            }
            Slot::Null => self.emit(RunOp::Null, temp, 0, 0),
            Slot::Global { name } => {
                self.emit(RunOp::LoadGlobal, temp, name as u16, 0);
                self.words(2);
            }
        }
        self.stack.set(depth, Slot::Temp);
        Ok(temp)
    }
    /// Moves swapped temporaries where they belong.
    fn settle_swaps(&mut self) -> Res<()> {
        for depth in self.stack.swapped() {
            // (One may have come to its place with another.)
            if matches!(self.stack[depth], Slot::At(_)) {
                self.materialise(depth)?;
            }
        }
        Ok(())
    }
    /// Materialises everything.
    fn flush(&mut self) -> Res<()> {
        (0..self.stack.len()).try_for_each(|d| self.materialise(d).map(drop))
    }
    /// Materialises pending globals: arbitrary code is about to run, and their lookups come first.
    fn settle(&mut self) -> Res<()> {
        self.stack.globals().into_iter().try_for_each(|depth| self.materialise(depth).map(drop))
    }
    /// A local is about to be bound or unbound: pending loads of it come first.
    fn guard_local(&mut self, local: u16) -> Res<()> {
        self.stack.loads_of(local).into_iter().try_for_each(|depth| self.materialise(depth).map(drop))
    }
    /// A register that holds the slot: the local itself, or the temporary.
    fn register(&mut self, depth: usize) -> Res<u16> {
        match self.stack[depth] {
            Slot::Local { local, .. } => Ok(local),
            Slot::At(from) => Ok(self.temp(usize::from(from))),
            _ => self.materialise(depth),
        }
    }
    /// Pops the top `count` slots without emitting anything.
    fn pop(&mut self, count: usize) {
        self.stack.pop(count);
    }

    /// Where the result of the instruction at `at`, whose operands are popped, goes: straight to a local if the next
    /// instruction stores it there. Gives the register and the next instruction.
    fn dest(&mut self, at: usize) -> Res<(u16, usize)> {
        if let Some((Op::StoreFast, local)) = self.next_plain(at) {
            self.guard_local(local as u16)?;
            return Ok((local as u16, at + 2));
        }
        let temp = self.temp(self.stack.len());
        self.stack.push(Slot::Temp);
        Ok((temp, at + 1))
    }
    /// The next instruction, if control comes to it only from this one.
    fn next_plain(&self, at: usize) -> Option<(Op, u32)> {
        (at + 1 < self.code.instrs.len() && !self.layout.label[at + 1])
            .then(|| decode(self.code.instrs[at + 1]))
    }
    /// Whether whoever consumes the result of `at` (left in the slot `depth`) only looks at it.
    fn peeks(&self, at: usize, depth: usize) -> bool {
        match consumer(self.code, &self.layout, at, depth as u32) {
            Use::Peek => true,
            Use::Store(local) => self.flow.peeked[usize::from(local)],
            Use::Share => false,
        }
    }

    /// `dst = op(src)` by a handler with one source.
    fn unary(&mut self, at: usize, op: RunOp, c: u16) -> Res<usize> {
        self.settle()?;
        let src = self.register(self.top())?;
        self.pop(1);
        let (dst, next) = self.dest(at)?;
        self.emit(op, dst, src, c);
        Ok(next)
    }
    /// `dst = op(left, right)` by a handler with two sources.
    fn binary(&mut self, at: usize, op: RunOp) -> Res<usize> {
        let (left, right) = self.two_registers()?;
        self.pop(2);
        let (dst, next) = self.dest(at)?;
        self.emit(op, dst, left, right);
        Ok(next)
    }
    fn two_registers(&mut self) -> Res<(u16, u16)> {
        let top = self.top();
        self.load_operands(2)?;
        Ok((self.register(top - 1)?, self.register(top)?))
    }
    /// Gives every constant among the top `count` slots a register, before anybody asks where they are: loading one may
    /// move a value that waits in its temporary.
    fn load_operands(&mut self, count: usize) -> Res<()> {
        (self.stack.len() - count..self.stack.len()).try_for_each(|depth| self.load_operand(depth))
    }
    fn load_operand(&mut self, depth: usize) -> Res<()> {
        if !matches!(self.stack[depth], Slot::Temp | Slot::At(_) | Slot::Local { .. }) {
            self.materialise(depth)?;
        }
        Ok(())
    }
    /// Materialises the top `count` slots in consecutive temporaries; gives the first.
    fn block(&mut self, count: usize) -> Res<u16> {
        let first = self.stack.len() - count;
        for depth in first..self.stack.len() {
            self.materialise(depth)?;
        }
        Ok(self.temp(first))
    }
    /// `dst = op(block of temporaries)`
    fn build(&mut self, at: usize, op: RunOp, count: usize, c: u16) -> Res<usize> {
        self.settle()?;
        let first = self.block(count)?;
        self.pop(count);
        let (dst, next) = self.dest(at)?;
        self.emit(op, dst, first, c);
        Ok(next)
    }
    /// An instruction without a result whose operands are the top `count` slots in temporaries.
    fn effect(&mut self, at: usize, op: RunOp, count: usize, c: u16) -> Res<usize> {
        self.settle()?;
        let first = self.block(count)?;
        self.pop(count);
        self.emit(op, 0, first, c);
        Ok(at + 1)
    }
    /// An instruction that works on the top `count` temporaries and leaves `left` values in temporaries from the same place.
    fn in_place(&mut self, at: usize, op: RunOp, count: usize, left: usize, c: u16) -> Res<usize> {
        self.settle()?;
        let first = self.block(count)?;
        self.pop(count);
        self.stack.push_temps(left);
        self.emit(op, first, first, c);
        Ok(at + 1)
    }

    // ---- instructions --------------------------------------------------------------------------------------------

    /// Emits the instruction at `at` (and what is fused with it); gives the next one.
    fn instr(&mut self, at: usize) -> Res<usize> {
        let (op, arg) = decode(self.code.instrs[at]);
        let c = operand(arg);
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
            self.settle_swaps()?;
        }
        match op {
            Op::Nop | Op::Resume => Ok(at + 1),
            Op::PopTop => self.pop_top(at),
            Op::Copy | Op::Swap => self.shuffle(at, op, arg as usize),
            Op::PushNull => self.push(at, Slot::Null),
            Op::LoadConst => self.push(at, Slot::Const(arg)),
            Op::LoadSmallInt => self.push(at, Slot::Small(c)),
            Op::LoadCommonConstant => self.fresh(at, RunOp::LoadCommon, c),
            Op::LoadBuildClass => self.fresh(at, RunOp::LoadBuildClass, 0),
            Op::LoadFast => {
                let last = self.flow.last[at];
                self.push(at, Slot::Local { local: c, last })
            }
            Op::LoadFastCheck => {
                self.settle()?;
                self.emit(RunOp::CheckBound, c, 0, 0);
                self.push(at, Slot::Local { local: c, last: false })
            }
            Op::LoadFastAndClear => {
                self.guard_local(c)?;
                let temp = self.temp(self.stack.len());
                self.emit(RunOp::TakeLocal, temp, c, 0);
                self.push(at, Slot::Temp)
            }
            Op::StoreFast => self.store_fast(at, c),
            Op::RestoreFast => {
                let temp = self.materialise(self.top())?;
                self.pop(1);
                self.guard_local(c)?;
                self.emit(RunOp::MoveTemp, c, temp, 0);
                Ok(at + 1)
            }
            Op::DeleteFast => {
                self.guard_local(c)?;
                self.settle()?;
                self.emit(RunOp::DeleteFast, c, 0, 0);
                Ok(at + 1)
            }
            Op::MakeCell => self.plain(at, RunOp::MakeCell, c, 0),
            Op::CopyFreeVars => self.plain(at, RunOp::CopyFree, self.object.first_free() as u16, c),
            Op::LoadClosure => self.fresh(at, RunOp::LoadClosure, c),
            Op::LoadDeref if self.subscribes(at).is_some() => self.subscr_cell(at, c),
            Op::LoadDeref => {
                let peek = self.peeks(at, self.stack.len());
                self.fresh(at, if peek { RunOp::LoadDerefPeek } else { RunOp::LoadDeref }, c)
            }
            Op::StoreDeref => {
                self.settle()?;
                let src = self.register(self.top())?;
                self.pop(1);
                self.emit(RunOp::StoreDeref, c, src, 0);
                Ok(at + 1)
            }
            Op::DeleteDeref => self.plain(at, RunOp::DeleteDeref, c, 0),
            Op::LoadFromDictOrDeref => self.unary(at, RunOp::LoadDictOrDeref, c),
            Op::LoadLocals => self.fresh(at, RunOp::LoadLocals, 0),
            Op::LoadName => self.load_name(at, arg),
            Op::StoreName => self.effect(at, RunOp::StoreName, 1, c),
            Op::DeleteName => self.plain(at, RunOp::DeleteName, c, 0),
            Op::LoadGlobal => self.load_global(at, arg),
            Op::StoreGlobal => self.effect(at, RunOp::StoreGlobal, 1, c),
            Op::DeleteGlobal => self.plain(at, RunOp::DeleteGlobal, c, 0),
            Op::LoadFromDictOrGlobals => self.unary(at, RunOp::LoadDictOrGlobal, c),
            Op::SetupAnnotations => self.plain(at, RunOp::SetupAnnotations, 0, 0),
            Op::LoadAttr => self.load_attr(at, arg),
            Op::LoadMethod => self.load_method(at, arg),
            Op::LoadSuperAttr => self.build(at, RunOp::LoadSuperAttr, 3, c),
            Op::LoadSuperMethod => {
                let next = self.in_place(at, RunOp::LoadSuperMethod, 3, 2, c)?;
                self.words(3);
                Ok(next)
            }
            Op::LoadSpecial => self.in_place(at, RunOp::LoadSpecial, 1, 2, c),
            Op::StoreAttr => self.store_attr(at, arg),
            Op::DeleteAttr => self.effect(at, RunOp::DeleteAttr, 1, c),
            Op::BinarySubscr => self.subscr(at),
            Op::StoreSubscr => self.store_subscr(at),
            Op::DeleteSubscr => self.effect(at, RunOp::DeleteSubscr, 2, 0),
            Op::BinarySlice => self.slice(at, RunOp::BinarySlice, 2),
            Op::StoreSlice => self.store_slice(at),
            Op::BuildSlice => match self.next_plain(at) {
                Some((Op::BinarySubscr, _)) if arg == 3 => self.step_slice(at),
                _ => self.build(at, RunOp::BuildSlice, arg as usize, c),
            },
            Op::BinaryOp => self.binary_op(at, arg),
            Op::UnaryNegative => self.unary(at, RunOp::Negative, 0),
            Op::UnaryPositive => self.unary(at, RunOp::Positive, 0),
            Op::UnaryInvert => self.unary(at, RunOp::Invert, 0),
            Op::UnaryNot => self.unary(at, RunOp::Not, 0),
            Op::ToBool => self.truth_value(at),
            Op::CompareOp => self.compare(at, arg),
            Op::IsOp => self.binary(at, if arg == 0 { RunOp::Is } else { RunOp::IsNot }),
            Op::ContainsOp => {
                self.settle()?;
                self.binary(at, if arg == 0 { RunOp::Contains } else { RunOp::NotContains })
            }
            _ => self.instr_more(at, op, arg),
        }
    }

    fn instr_more(&mut self, at: usize, op: Op, arg: u32) -> Res<usize> {
        let (n, c) = (arg as usize, operand(arg));
        match op {
            Op::BuildTuple => self.build(at, RunOp::BuildTuple, n, c),
            Op::BuildList => self.build(at, RunOp::BuildList, n, c),
            Op::BuildSet => self.build(at, RunOp::BuildSet, n, c),
            Op::BuildMap => self.build(at, RunOp::BuildMap, 2 * n, c),
            Op::BuildString => self.build(at, RunOp::BuildString, n, c),
            Op::BuildInterpolation => self.build(at, RunOp::BuildInterpolation, 2 + (n & 1), c),
            Op::BuildTemplate => self.build(at, RunOp::BuildTemplate, 2, 0),
            Op::ListAppend => self.append(at, RunOp::ListAppend, 1, n),
            Op::ListExtend => self.append(at, RunOp::ListExtend, 1, n),
            Op::SetAdd => self.append(at, RunOp::SetAdd, 1, n),
            Op::SetUpdate => self.append(at, RunOp::SetUpdate, 1, n),
            Op::MapAdd => self.append(at, RunOp::MapAdd, 2, n),
            Op::DictUpdate => self.append(at, RunOp::DictUpdate, 1, n),
            Op::DictMerge => {
                // Its errors name the callable, three below the dict.
                if let Some(callable) = self.stack.len().checked_sub(1 + n + 3) {
                    self.materialise(callable)?;
                }
                self.append(at, RunOp::DictMerge, 1, n)
            }
            Op::ListToTuple => self.unary(at, RunOp::ListToTuple, 0),
            Op::UnpackSequence => self.unpack(at, n),
            Op::UnpackEx => self.in_place(at, RunOp::UnpackEx, 1, (n & 255) + 1 + (n >> 8), c),
            Op::ConvertValue => self.unary(at, RunOp::Convert, c),
            Op::FormatSimple => self.unary(at, RunOp::Format, 0),
            Op::FormatWithSpec => self.build(at, RunOp::FormatSpec, 2, 0),
            Op::JumpForward => self.jump(RunOp::Jump, n),
            Op::JumpBackward => self.jump_backward(at, n),
            Op::PopJumpIfTrue => self.pop_jump(at, n, true),
            Op::PopJumpIfFalse => self.pop_jump(at, n, false),
            Op::PopJumpIfNone => self.jump_on(at, RunOp::JumpIfNone, n),
            Op::PopJumpIfNotNone => self.jump_on(at, RunOp::JumpIfNotNone, n),
            Op::GetIter => self.in_place(at, RunOp::GetIter, 1, 1, 0),
            Op::ForIter => self.for_iter(at, n),
            Op::ReturnValue => self.return_value(),
            Op::MakeFunction => self.build(at, RunOp::MakeFunction, 1, 0),
            Op::SetFunctionAttribute => self.set_part(at, c),
            Op::Call => self.call(at, n),
            Op::CallKw => self.call_kw(at, n),
            Op::CallFunctionEx => self.build(at, RunOp::CallEx, 4, 0),
            Op::RaiseVarargs => self.effect(at, RunOp::Raise, n, c),
            Op::PushExcInfo => self.in_place(at, RunOp::PushExcInfo, 1, 2, 0),
            Op::PopExcept => self.effect(at, RunOp::PopExcept, 1, 0),
            Op::Reraise => self.effect(at, RunOp::Reraise, 1, 0),
            Op::CheckExcMatch => self.in_place(at, RunOp::CheckExcMatch, 2, 2, 0),
            Op::CheckEgMatch => self.in_place(at, RunOp::CheckEgMatch, 2, 2, 0),
            Op::PrepReraiseStar => self.build(at, RunOp::PrepReraiseStar, 2, 0),
            Op::WithExceptStart => self.in_place(at, RunOp::WithExceptStart, 4, 5, 0),
            Op::ReturnGenerator => self.in_place(at, RunOp::ReturnGenerator, 0, 1, 0),
            Op::YieldValue => self.yield_value(at, c),
            Op::Send => self.send(at, n),
            Op::EndSend => self.in_place(at, RunOp::EndSend, 2, 1, 0),
            Op::CleanupThrow => self.in_place(at, RunOp::CleanupThrow, 3, 2, 0),
            Op::GetYieldFromIter => self.in_place(at, RunOp::GetYieldFromIter, 1, 1, 0),
            Op::GetAwaitable => self.in_place(at, RunOp::GetAwaitable, 1, 1, c),
            Op::GetAiter => self.in_place(at, RunOp::GetAiter, 1, 1, 0),
            Op::GetAnext => self.in_place(at, RunOp::GetAnext, 1, 2, 0),
            Op::EndAsyncFor => self.effect(at, RunOp::EndAsyncFor, 2, 0),
            Op::AsyncGenWrap => self.unary(at, RunOp::AsyncGenWrap, 0),
            Op::StopIterationError => self.in_place(at, RunOp::StopIterationError, 1, 1, 0),
            Op::ImportName => self.build(at, RunOp::ImportName, 2, c),
            Op::ImportFrom => self.in_place(at, RunOp::ImportFrom, 1, 2, c),
            Op::ImportStar => self.effect(at, RunOp::ImportStar, 1, 0),
            Op::MatchClass => self.build(at, RunOp::MatchClass, 3, c),
            Op::MatchMapping => self.in_place(at, RunOp::MatchMapping, 1, 2, 0),
            Op::MatchSequence => self.in_place(at, RunOp::MatchSequence, 1, 2, 0),
            Op::MatchKeys => self.in_place(at, RunOp::MatchKeys, 2, 3, 0),
            Op::GetLen => self.in_place(at, RunOp::GetLen, 1, 2, 0),
            Op::BuildTypeForm => self.build(at, RunOp::BuildTypeForm, op.effect(arg).pops as usize, c),
            Op::PrintExpr => self.effect(at, RunOp::PrintExpr, 1, 0),
            _ => Err(self.vm.system_error(format_args!("{} is lowered elsewhere", op.name()))),
        }
    }

    /// A yield. Where the value that is sent is dropped at once, the resumption does it (and no instruction is counted that has not
    /// run: only the plain form knows this).
    fn yield_value(&mut self, at: usize, c: u16) -> Res<usize> {
        let drops = self.counting.is_off()
            && matches!(self.next_plain(at), Some((Op::Resume, 1)))
            && matches!(self.next_plain(at + 1), Some((Op::PopTop, _)));
        if !drops {
            return self.in_place(at, RunOp::Yield, 1, 1, c);
        }
        self.in_place(at, RunOp::YieldOnly, 1, 0, c)?;
        Ok(at + 3)
    }
    fn push(&mut self, at: usize, slot: Slot) -> Res<usize> {
        self.stack.push(slot);
        Ok(at + 1)
    }
    /// An instruction that takes nothing from the stack and leaves nothing.
    fn plain(&mut self, at: usize, op: RunOp, a: u16, b: u16) -> Res<usize> {
        self.settle()?;
        self.emit(op, a, b, 0);
        Ok(at + 1)
    }
    /// `dst = op(c)`
    fn fresh(&mut self, at: usize, op: RunOp, c: u16) -> Res<usize> {
        if op != RunOp::LoadClosure {
            self.settle()?;
        }
        let (dst, next) = self.dest(at)?;
        self.emit(op, dst, 0, c);
        Ok(next)
    }
    fn pop_top(&mut self, at: usize) -> Res<usize> {
        let depth = self.top();
        if self.stack[depth] == Slot::Temp {
            let temp = self.temp(depth);
            self.emit(RunOp::Drop, temp, 0, 0);
        } else if matches!(self.stack[depth], Slot::Global { .. }) {
            let temp = self.materialise(depth)?;
            self.emit(RunOp::Drop, temp, 0, 0);
        }
        self.pop(1);
        Ok(at + 1)
    }
    fn shuffle(&mut self, at: usize, op: Op, n: usize) -> Res<usize> {
        let (top, other) = (self.top(), self.stack.len() - n);
        if op == Op::Copy {
            match self.stack[other] {
                Slot::Temp if n == 1 && self.tests_only(at) => self.stack.push(Slot::Shown),
                Slot::Temp => {
                    let to = self.temp(top + 1);
                    // Where one of both goes to who only looks, a number's bits will do.
                    let looks = self.peeks(at, top + 1) || self.peeks(at, other);
                    let op = if looks { RunOp::CopyBits } else { RunOp::CopyTemp };
                    self.emit(op, to, self.temp(other), 0);
                    self.stack.push(Slot::Temp);
                }
                Slot::Local { local, last } => {
                    self.stack.set(other, Slot::Local { local, last: false });
                    self.stack.push(Slot::Local { local, last });
                }
                Slot::Global { .. } => {
                    self.materialise(other)?;
                    return self.shuffle(at, op, n);
                }
                slot => self.stack.push(slot),
            }
            return Ok(at + 1);
        }
        // Only the account of where values are changes hands.
        let place = |slot: Slot, from: usize, to: usize| match slot {
            Slot::Temp => Slot::At(from as u16),
            Slot::At(lies) if usize::from(lies) == to => Slot::Temp,
            slot => slot,
        };
        let (a, b) = (self.stack[top], self.stack[other]);
        self.stack.set(other, place(a, top, other));
        self.stack.set(top, place(b, other, top));
        Ok(at + 1)
    }
    /// Whether a copy is made for nothing but a jump on its truth.
    fn tests_only(&self, at: usize) -> bool {
        let next = match self.next_plain(at) {
            Some((Op::ToBool, _)) => self.next_plain(at + 1),
            next => next,
        };
        matches!(next, Some((Op::PopJumpIfFalse | Op::PopJumpIfTrue, _)))
    }
    fn store_fast(&mut self, at: usize, local: u16) -> Res<usize> {
        let depth = self.top();
        let slot = self.stack[depth];
        self.pop(1);
        self.guard_local(local)?;
        match slot {
            Slot::Temp => self.emit(RunOp::MoveTemp, local, self.temp(depth), 0),
            Slot::At(from) => self.emit(RunOp::MoveTemp, local, self.temp(usize::from(from)), 0),
            Slot::Local { local: from, .. } if from == local => {}
            Slot::Local { local: from, last } => {
                let copies =
                    last || self.flow.peeked[usize::from(local)] || self.flow.peeked[usize::from(from)];
                self.emit(if copies { RunOp::MoveLast } else { RunOp::MoveShare }, local, from, 0);
            }
            Slot::Const(number) => {
                self.load_constant(local, number, self.flow.peeked[usize::from(local)]);
            }
            Slot::Small(number) => {
                let k = self.small(number);
                self.emit(RunOp::LoadK, local, k, 0);
            }
            Slot::Shown => self.emit(RunOp::MoveShare, local, self.temp(depth - 1), 0),
            Slot::Null => self.emit(RunOp::Null, local, 0, 0),
            Slot::Global { name } => {
                self.settle()?;
                self.emit(RunOp::LoadGlobal, local, name as u16, 0);
                self.words(2);
            }
        }
        Ok(at + 1)
    }

    // ---- names and attributes --------------------------------------------------------------------------------------

    fn load_global(&mut self, at: usize, name: u32) -> Res<usize> {
        // (A far one's name is that of the instruction: see `At::name`.)
        if let Some((Op::PushNull, _)) = self.next_plain(at)
            && operand(name) != FAR
        {
            return self.push(at, Slot::Global { name });
        }
        self.settle()?;
        let peek = self.peeks(at, self.stack.len());
        let (dst, next) = self.dest(at)?;
        self.emit(if peek { RunOp::LoadGlobalPeek } else { RunOp::LoadGlobal }, dst, operand(name), 0);
        self.words(2);
        Ok(next)
    }
    fn load_name(&mut self, at: usize, name: u32) -> Res<usize> {
        self.settle()?;
        let peek = self.peeks(at, self.stack.len());
        let (dst, next) = self.dest(at)?;
        self.emit(if peek { RunOp::LoadNamePeek } else { RunOp::LoadName }, dst, operand(name), 0);
        self.words(2);
        Ok(next)
    }
    fn load_attr(&mut self, at: usize, name: u32) -> Res<usize> {
        self.settle()?;
        let peek = self.peeks(at, self.top());
        let src = self.register(self.top())?;
        self.pop(1);
        let (dst, next) = self.dest(at)?;
        self.emit(if peek { RunOp::LoadAttrPeek } else { RunOp::LoadAttr }, dst, src, operand(name));
        self.attr_words(name);
        Ok(next)
    }
    fn load_method(&mut self, at: usize, name: u32) -> Res<usize> {
        self.settle()?;
        let depth = self.top();
        let src = self.register(depth)?;
        self.pop(1);
        let temp = self.temp(depth);
        self.emit(RunOp::LoadMethod, temp, src, operand(name));
        self.attr_words(name);
        self.stack.push_temps(2);
        Ok(at + 1)
    }
    fn store_attr(&mut self, at: usize, name: u32) -> Res<usize> {
        self.settle()?;
        let (value, owner) = self.two_registers()?;
        let last = matches!(self.stack[self.top() - 1], Slot::Local { last: true, .. });
        self.pop(2);
        self.emit(if last { RunOp::StoreAttrLast } else { RunOp::StoreAttr }, value, owner, operand(name));
        self.attr_words(name);
        Ok(at + 1)
    }

    // ---- operators -----------------------------------------------------------------------------------------------

    /// Operands of a binary operator: mode, left, right.
    fn operands(&mut self) -> Res<(usize, u16, u16)> {
        let top = self.top();
        let konst = |this: &mut Self, slot| match slot {
            Slot::Const(number) => this.constant(number, true),
            Slot::Small(number) => Some(this.small(number)),
            _ => None,
        };
        let (left, right) = (self.stack[top - 1], self.stack[top]);
        if let Some(k) = konst(self, right) {
            return Ok((ops::RK, self.register(top - 1)?, k));
        }
        if let Some(k) = konst(self, left) {
            return Ok((ops::KR, k, self.register(top)?));
        }
        let (left, right) = self.two_registers()?;
        Ok((ops::RR, left, right))
    }
    fn binary_op(&mut self, at: usize, arg: u32) -> Res<usize> {
        let op = BinaryOp::from_arg(arg).expect("verified");
        let (mode, left, right) = self.operands()?;
        self.pop(2);
        let (dst, next) = self.dest(at)?;
        let to_local = usize::from(usize::from(dst) < self.locals);
        self.emit_raw(ops::arith_number(Arith::of(op.plain().0), mode, to_local), dst, left, right);
        Ok(next)
    }
    fn compare(&mut self, at: usize, arg: u32) -> Res<usize> {
        let op = CompareOp::from_arg(arg).expect("verified");
        let (mode, left, right) = self.operands()?;
        let mut jump_at = at + 1;
        let mut next = self.next_plain(at);
        if let Some((Op::ToBool, _)) = next {
            jump_at = at + 2;
            next = self.next_plain(at + 1);
        }
        if let Some((Op::PopJumpIfFalse | Op::PopJumpIfTrue, target)) = next {
            self.pop(2);
            self.settle()?;
            self.flush()?;
            let on_true = matches!(next, Some((Op::PopJumpIfTrue, _)));
            let from = self.units.len();
            self.conditional(
                jump_at,
                target as usize,
                on_true,
                |sense, back| ops::compare_jump_number(op, mode, sense, back),
                left,
                right,
                from,
            );
            return Ok(jump_at + 1);
        }
        self.pop(2);
        let (dst, next) = self.dest(at)?;
        self.emit_raw(ops::compare_number(op, mode), dst, left, right);
        Ok(next)
    }
    /// A two-unit conditional jump of the instruction `jump_at`: to `target`, or, where a loop's condition is repeated at its
    /// end, back to the body with the sense inverted.
    #[allow(clippy::too_many_arguments, reason = "one call site a kind of jump")]
    fn conditional(
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
    fn truth_value(&mut self, at: usize) -> Res<usize> {
        if let Some((Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::UnaryNot, _)) = self.next_plain(at) {
            return Ok(at + 1);
        }
        self.unary(at, RunOp::ToBool, 0)
    }
    fn pop_jump(&mut self, at: usize, target: usize, on_true: bool) -> Res<usize> {
        self.settle()?;
        // A value that is only shown stays where it is.
        let (src, shown) = match self.stack[self.top()] {
            Slot::Shown => (self.temp(self.top() - 1), 1),
            _ => (self.register(self.top())?, 0),
        };
        self.pop(1);
        self.flush()?;
        let from = self.units.len();
        let number = |sense, back| ops::truth_jump_number(sense, back);
        self.conditional(at, target, on_true, number, src, shown, from);
        Ok(at + 1)
    }
    fn jump_on(&mut self, at: usize, op: RunOp, target: usize) -> Res<usize> {
        self.settle()?;
        let src = self.register(self.top())?;
        self.pop(1);
        self.flush()?;
        let from = self.units.len();
        let temp = usize::from(src) >= self.locals;
        self.emit(op, 0, src, u16::from(temp));
        self.units.push(0);
        self.branch(from + 1, LOW, from, at, target);
        Ok(at + 1)
    }
}
