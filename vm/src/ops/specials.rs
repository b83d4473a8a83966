//! Special methods written in Python that an instruction asks, with nothing on the native stack between: the getter of a property,
//! `__getitem__`, operators, comparisons, `__contains__`, `__bool__`.
//!
//! The frame of such a method has a record under it, as that of an `__init__` has (`callees.rs`): a boundary that owns the function.
//!
//! ```text
//! registers:  .. | the asker's | record: owner, result | ..
//!                                       self, arguments, locals of the method
//! ```
//!
//! The asker stays at its instruction. The method returns to the record, whose handler finishes what the instruction is about: where the
//! result is what the instruction gives, at once; otherwise by `finish`. The operands of operators and comparisons stay in their
//! registers until then, for there may be somebody else to ask; others are moved to the method. The owner of an attribute is kept in the
//! record, for what an `AttributeError` says.

use super::callees::{RESULT, ask};
use super::calls::CALL_UNITS;
use super::origin::share_operands;
use super::{At, compare, items, operators, slices, switch};
use crate::object::ty::TypeFlags;
use crate::ops::attrs::ATTR_UNITS;
use crate::raised::Res;
use crate::running::families::{
    ARITH, COMPARE, COMPARE_JUMP, CONSTANT, FLOATS, REGISTER, SUBSCRIPT, TRUTH_JUMP,
};
use crate::running::ops::RunOp;
use crate::types::classes::trampoline;
use crate::types::exceptions::note_missing;
use crate::value::{Borrowed, Value};
use crate::vm::Vm;

switch! {
    answer_other, take_answer;
}

/// A `__getitem__` of Python's is asked by a frame; anything else gives the item here.
pub(super) fn item_or_ask(at: At<'_>) -> Res<*mut u64> {
    let (vm, container) = (at.vm, at.reg(at.b()));
    let [key, ..] = SUBSCRIPT.parts(at.opcode());
    if key == CONSTANT && slices::constant_slice(&at)? {
        return Ok(at.at(1));
    }
    let ty = vm.type_of(container);
    if ty.has(TypeFlags::HEAP)
        && ty.slots().getitem().is_some_and(trampoline::is_getitem)
        && let Some(method) = ty.lookup(vm, &vm.names.__getitem__)
    {
        if key == REGISTER {
            share_operands(&at, (at.b(), 1), (at.c(), 0));
        }
        let wanted = match key {
            REGISTER => at.reg(at.c()).clone(),
            CONSTANT => (*Borrowed::new(at.run().consts[at.c()])).clone(),
            _ => Value::small(at.c() as i64),
        };
        // (Registers are the asker's, of whose frame nobody knows any more when it has asked.)
        let (owns_key, owns) = (key == REGISTER && at.is_temp(at.c()), at.is_temp(at.b()));
        if let Ok(entry) = ask(&at, &method, [container.clone(), wanted], &RESULT) {
            if owns_key {
                drop(at.reg(at.c()).take());
            }
            if owns {
                drop(container.take());
            }
            return Ok(entry);
        }
    }
    items::item(at)?;
    Ok(at.at(1))
}

/// Takes the result, and gives up record and function.
fn take_answer(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let result = at.reg(1).take();
    let op = at.opcode();
    vm.pop_frame();
    let top = vm.thread.stacks.top();
    let asker = At { vm, pc: top.pc, fp: top.fp };
    if op == RunOp::AnswerAttr as u16 {
        asker.give(result)?;
        return Ok(asker.at(ATTR_UNITS as isize));
    }
    if op == RunOp::Answer as u16 {
        asker.give(result)?;
        return Ok(asker.at(1));
    }
    finish(asker, &result)
}

/// Goes on with the instruction that asked, whose special method has answered.
fn finish(at: At<'_>, result: &Value) -> Res<*mut u64> {
    let op = usize::from(at.opcode());
    let is = |op: usize, base: usize, end: usize| base <= op && op < end;
    if is(op, ARITH.base(), ARITH.end()) || is(op, FLOATS.base(), FLOATS.end()) {
        return operators::answered(at, result);
    }
    if is(op, COMPARE.base(), COMPARE.end()) || is(op, COMPARE_JUMP.base(), COMPARE_JUMP.end()) {
        return compare::answered(at, result);
    }
    if is(op, TRUTH_JUMP.base(), TRUTH_JUMP.end()) || op == RunOp::Not as usize {
        return compare::truth_answered(at, result);
    }
    compare::membership_answered(at, result)
}

/// A record is unwound: an `AttributeError` of who was asked for an attribute is told of which it was.
#[cold]
pub fn failed(vm: &Vm) {
    let record = vm.thread.stacks.top();
    let at = At { vm, pc: record.pc.wrapping_add(CALL_UNITS), fp: record.fp };
    let (op, owner) = (at.opcode(), at.reg(0).take());
    vm.pop_frame();
    if op == RunOp::AnswerAttr as u16 {
        let asker = vm.thread.stacks.top();
        let at = At { vm, pc: asker.pc, fp: asker.fp };
        note_missing(vm, at.name(at.c()), &owner);
    }
}
