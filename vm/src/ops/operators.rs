//! Operators whose operands are no numbers at hand: the operator protocol, and operators of classes of Python's, which are asked by a frame.

use ryokan_bytecode::BinaryOp;

use super::callees::{LOOKED_AT, ask};
use super::origin::share_operands;
use super::{At, helper, is_instance, switch};
use crate::object::ty::TypeFlags;
use crate::raised::Res;
use crate::running::families::{self, Arith, KR, RR};
use crate::types::str::{Str, add, append_in_place};
use crate::value::Value;
use crate::vm::Vm;

switch! { general, operator_or_ask; }
helper! {
    negative_slow, 1, negate;
    positive, 1, plus;
    invert, 1, complement;
}

/// The operator of the stack instruction that a unit was made for.
fn operator_at(at: &At<'_>) -> BinaryOp {
    let op = families::PLAIN[parts(at).0];
    if at.run().is_in_place(at.pc) { op.in_place() } else { op }
}

/// The operator of an arithmetic unit, and where its operands are.
#[inline]
fn parts(at: &At<'_>) -> (usize, usize) {
    let number = at.opcode();
    let floats = usize::from(number) >= families::FLOATS.base();
    let [op, mode, _] = if floats { families::FLOATS.parts(number) } else { families::ARITH.parts(number) };
    (op, mode)
}

/// An operator of a class of Python's that only the left operand answers is asked by a frame; anything else is the operator protocol's.
fn operator_or_ask(at: At<'_>) -> Res<*mut u64> {
    let (plain, mode) = parts(&at);
    if mode != KR && is_instance(at.reg(at.b()).word()) {
        return ask_operator(at, plain, mode);
    }
    if plain == Arith::Add as usize && add_texts(&at, mode)? {
        return Ok(at.at(1));
    }
    let left = if mode == KR { None } else { at.reg(at.b()).object() };
    if left.is_some() && at.vm.type_of(at.reg(at.b())).has(TypeFlags::HEAP) {
        return ask_operator(at, plain, mode);
    }
    if let Some(result) = at.with_operands(mode, |left, right| native_operator(&at, left, right, plain)) {
        let result = result?;
        at.release_operands(mode);
        at.give(result)?;
        return Ok(at.at(1));
    }
    operator(at, mode)?;
    Ok(at.at(1))
}

/// The left operand's class is one of Python's.
#[inline(never)]
fn ask_operator(at: At<'_>, plain: usize, mode: usize) -> Res<*mut u64> {
    let vm = at.vm;
    if mode == RR {
        share_operands(&at, (at.b(), 1), (at.c(), 0));
    }
    let in_place = vm.type_of(at.reg(at.b())).slots().in_place(families::PLAIN[plain] as usize).is_some();
    let op = if in_place { operator_at(&at) } else { families::PLAIN[plain] };
    let asked = at.with_operands(mode, |left, right| {
        let method = vm.own_operator(left, right, op)?;
        ask(&at, &method, [left.clone(), right.clone()], &LOOKED_AT).ok()
    });
    if let Some(entry) = asked {
        return Ok(entry);
    }
    operator(at, mode)?;
    Ok(at.at(1))
}

/// What the left operand's type answers, where that is all that is asked: both are of builtin types (the caller has looked at the left
/// one), and the left one has no operator in place, or the instruction is of none.
fn native_operator(at: &At<'_>, left: &Value, right: &Value, plain: usize) -> Option<Res> {
    let vm = at.vm;
    let (x, y) = (vm.type_of(left), vm.type_of(right));
    let op = families::PLAIN[plain] as usize;
    if y.has(TypeFlags::HEAP) || (x.slots().in_place(op).is_some() && at.run().is_in_place(at.pc)) {
        return None;
    }
    // What is a kind of the left one is asked first.
    if !std::ptr::eq(x, y) && y.slots().number(op).is_some() && y.is_subtype(x) {
        return None;
    }
    match x.slots().number(op)?.call(vm, left, right) {
        Ok(result) if result.is_not_implemented() => None,
        answer => Some(answer),
    }
}

/// Adds two strs; `false` if they are none. With the only reference in the destination the text grows in place.
fn add_texts(at: &At<'_>, mode: usize) -> Res<bool> {
    let (x, y) = (at.b(), at.c());
    if mode != KR && at.reg(x).exact::<Str>().is_none() {
        return Ok(false);
    }
    at.with_operands(mode, |left, right| {
        if left.exact::<Str>().is_none() || right.exact::<Str>().is_none() {
            return Ok(false);
        }
        if mode != KR
            && (at.is_temp(x) || x == at.a())
            && let Some(grown) = grow_text(at.vm, left, right)
        {
            let right_temp = mode == RR && y != at.a();
            at.reg(at.a()).set(grown);
            if right_temp {
                at.release(y);
            }
            return Ok(true);
        }
        let joined = add(at.vm, left, right)?;
        at.release_operands(mode);
        at.give(joined)?;
        Ok(true)
    })
}

/// The left operand has answered.
pub fn answered(at: At<'_>, result: &Value) -> Res<*mut u64> {
    let (_, mode) = parts(&at);
    let result = match result.is_not_implemented() {
        false => result.clone(),
        true => {
            let op = operator_at(&at);
            at.with_operands(mode, |left, right| at.vm.reflected_op(left, right, op))?
        }
    };
    at.release_operands(mode);
    at.give(result)?;
    Ok(at.at(1))
}

/// Asks the operator protocol.
fn operator(at: At<'_>, mode: usize) -> Res<()> {
    let (vm, op) = (at.vm, operator_at(&at));
    if mode == RR {
        share_operands(&at, (at.b(), 1), (at.c(), 0));
    }
    let result = at.with_operands(mode, |left, right| vm.binary_op(left, right, op))?;
    at.release_operands(mode);
    at.give(result)
}

/// Appends to a str that nobody else holds; empties the slot of `left` if so. (Both are strs.)
fn grow_text(vm: &Vm, left: &Value, right: &Value) -> Option<Value> {
    let text = right.exact::<Str>()?;
    if std::ptr::eq(left, right) || left.word() == right.word() || left.word().refs() != 1 {
        return None;
    }
    match append_in_place(vm, left.take(), text) {
        Ok(grown) => Some(grown),
        Err(same) => {
            left.set(same);
            None
        }
    }
}

fn unary(at: At<'_>, apply: impl FnOnce(&Vm, &Value) -> Res) -> Res<()> {
    let src = at.b();
    let result = apply(at.vm, at.reg(src))?;
    at.release(src);
    at.give(result)
}
fn negate(at: At<'_>) -> Res<()> {
    unary(at, Vm::negative)
}
fn plus(at: At<'_>) -> Res<()> {
    unary(at, Vm::positive)
}
fn complement(at: At<'_>) -> Res<()> {
    unary(at, Vm::invert)
}
