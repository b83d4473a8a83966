//! Where a number that was only looked at came from.
//!
//! Operands are peeked: the bits of a number are copied out of the list, the attribute or the variable that holds it, for
//! who adds or compares never asks who the number is. A method written in Python may ask. So where an operator is about to
//! meet one, the operand is shared after all: the stack code before the operator says from which place it was loaded, and
//! if the same bits still lie there, the number is boxed *there*, and the method gets that box.
//!
//! All of this is cold, and looking for a place runs no code of a script. A place that cannot be told (the loop variable
//! over a list, what a call gave) leaves the number a box of its own.

use ryokan_bytecode::{Code, Op};

use super::At;
use super::attrs::cacheable_slot;
use super::names::namespace;
use crate::lower::decode;
use crate::object::ty::type_flag;
use crate::types::cell::CellObj;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// How many instructions back a load is looked for.
const FAR_BACK: usize = 256;
/// How many loads deep: `a.b[c].d` has four.
const DEEPEST: u32 = 8;

/// A register that an operator reads, and how many operands lie above it on the stack.
pub type Operand = (usize, usize);

/// Shares the number in one of two registers with the place that it came from, if the other may hand it to Python.
#[inline]
pub fn share_operands(at: &At<'_>, one: Operand, two: Operand) {
    for (number, other) in [(one, two), (two, one)] {
        if at.reg(number.0).word().needs_box() && at.vm.type_of(at.reg(other.0)).has(type_flag::HEAP) {
            share(at, number);
        }
    }
}

#[cold]
#[inline(never)]
fn share(at: &At<'_>, (register, above): Operand) {
    let (slot, code) = (at.reg(register), &at.code().code);
    let near = at.run().instr_at(at.pc) as usize;
    // A comparison may have become one with the jump behind it.
    let operator = (0..=2).filter_map(|back| near.checked_sub(back)).find(|i| is_operator(code, *i));
    let place = operator
        .and_then(|operator| producer(code, operator, above))
        .and_then(|load| place_behind(at, load, register));
    if let Some(place) = place
        && place.word() == slot.word()
        && !std::ptr::eq(place, slot)
    {
        slot.set(place.clone());
    }
}

fn is_operator(code: &Code, instr: usize) -> bool {
    let ops = [Op::BinaryOp, Op::CompareOp, Op::BinarySubscr, Op::StoreSubscr, Op::DeleteSubscr];
    code.instrs.get(instr).is_some_and(|instr| ops.contains(&decode(*instr).0))
}

/// The instruction that leaves the value under `above` others on the stack before `end`, where no jump comes between.
fn producer(code: &Code, end: usize, above: usize) -> Option<usize> {
    let mut above = above as u32;
    for at in (end.saturating_sub(FAR_BACK)..end).rev() {
        let (op, arg) = decode(code.instrs[at]);
        if op.flags().jumps || op.flags().ends || matches!(op, Op::Copy | Op::Swap) {
            return None;
        }
        let effect = op.effect(arg);
        if above < effect.pushes {
            return Some(at);
        }
        above = above - effect.pushes + effect.pops;
    }
    None
}

/// The place that a load reads. A local that holds a copy was stored before: then it is the place of that.
fn place_behind<'a>(at: &At<'a>, load: usize, register: usize) -> Option<&'a Value> {
    let code = &at.code().code;
    if at.is_temp(register) {
        return find(at, load, DEEPEST);
    }
    let stores = |i: &usize| decode(code.instrs[*i]) == (Op::StoreFast, register as u32);
    let store = (load.saturating_sub(FAR_BACK)..load).rev().find(stores)?;
    find(at, producer(code, store, 0)?, DEEPEST)
}

/// The place that a load reads, as long as following it runs no code.
fn find<'a>(at: &At<'a>, load: usize, depth: u32) -> Option<&'a Value> {
    let (depth, code) = (depth.checked_sub(1)?, at.code());
    let (op, arg) = decode(code.code.instrs[load]);
    let arg = arg as usize;
    match op {
        Op::LoadFast | Op::LoadFastCheck => Some(at.reg(arg)),
        Op::LoadConst => code.consts.get(arg),
        Op::LoadDeref => at.reg(arg).get::<CellObj>().map(|cell| &cell.content),
        Op::LoadGlobal => at.function().globals().get_name(&code.names[arg]),
        Op::LoadName => {
            let name = &code.names[arg];
            let local = namespace(at).exact::<Dict>().and_then(|dict| dict.get_name(name));
            local.or_else(|| at.function().globals().get_name(name))
        }
        Op::LoadAttr => {
            let owner = find(at, producer(&code.code, load, 0)?, depth)?;
            let slot = cacheable_slot(at.vm, owner, &code.names[arg])?;
            Some(at.vm.word_slot(owner, slot))
        }
        Op::BinarySubscr => {
            let container = find(at, producer(&code.code, load, 1)?, depth)?;
            let key = producer(&code.code, load, 0)?;
            match decode(code.code.instrs[key]) {
                (Op::LoadSmallInt, number) => item(container, &Value::small(i64::from(number))),
                _ => item(container, find(at, key, depth)?),
            }
        }
        _ => None,
    }
}

/// Where a list, a tuple or a dict holds the item of a key.
fn item<'a>(container: &'a Value, key: &Value) -> Option<&'a Value> {
    if let Some(dict) = container.exact::<Dict>() {
        return dict.find_plain(key);
    }
    let items = match container.exact::<List>() {
        Some(list) => list.items(),
        None => container.exact::<Tuple>()?.items(),
    };
    let at = crate::types::int::unbox_word(key.word());
    let at = if at.is_int() { at.int() } else { return None };
    let at = if at < 0 { at + items.len() as i64 } else { at };
    items.get(usize::try_from(at).ok()?)
}
