//! Where a number that was only looked at came from.
//!
//! Operands are peeked: the bits of a number are copied out of the list, the attribute or the variable that holds it, for
//! who adds or compares never asks who the number is. A method written in Python may ask. So where an operator is about to
//! meet one, the operand is shared after all: the stack code before the operator says from which place it was loaded, and
//! if the same bits still lie there, the number is boxed *there*, and the method gets that box.
//!
//! All of this is cold, and looking for a place runs no code of a script. A place that cannot be told (the item that a
//! `zip` gave, or one whose index was computed) leaves the number a box of its own.

use ryokan_bytecode::{Code, Op};

use super::At;
use super::attrs::cacheable_slot;
use super::names::namespace;
use crate::lower::decode;
use crate::object::ty::TypeFlags;
use crate::types::cell::CellObj;
use crate::types::dict::Dict;
use crate::types::dict_views::{DictIter, KEYS, VALUES};
use crate::types::iterators::{SeqIter, TupleIter};
use crate::types::plain::{items_at_hand, quick_hash};
use crate::value::{Value, Word};

/// How many instructions back a load is looked for.
const FAR_BACK: usize = 256;
/// How many loads deep: `a.b[c].d` has four.
const DEEPEST: u32 = 8;

/// A register that an operator reads, and how many operands lie above it on the stack.
pub type Operand = (usize, usize);

/// Shares the number in one of two registers with the place that it came from, if the other may hand it to Python.
#[inline(always)]
pub fn share_operands(at: &At<'_>, one: Operand, two: Operand) {
    if at.reg(one.0).word().is_number() || at.reg(two.0).word().is_number() {
        share_numbers(at, one, two);
    }
}

#[cold]
#[inline(never)]
fn share_numbers(at: &At<'_>, one: Operand, two: Operand) {
    for (number, other) in [(one, two), (two, one)] {
        if at.reg(number.0).word().needs_box() && at.vm.type_of(at.reg(other.0)).has(TypeFlags::HEAP) {
            share(at, number);
        }
    }
}

#[cold]
#[inline(never)]
fn share(at: &At<'_>, (register, above): Operand) {
    let (slot, code) = (at.reg(register), &at.code().code);
    let near = at.run().instr_at(at.pc).index();
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

/// The instruction that leaves the value under `above` others on the stack before `end`, where no jump comes between; and
/// how many of its results lie above that one.
fn producer(code: &Code, end: usize, above: usize) -> Option<(usize, usize)> {
    let mut above = above as u32;
    for at in (end.saturating_sub(FAR_BACK)..end).rev() {
        let (op, arg) = decode(code.instrs[at]);
        if op == Op::ForIter && above == 0 {
            return Some((at, 0));
        }
        if op.flags().jumps || op.flags().ends || matches!(op, Op::Copy | Op::Swap) {
            return None;
        }
        let effect = op.effect(arg);
        if above < effect.pushes {
            return Some((at, above as usize));
        }
        above = above - effect.pushes + effect.pops;
    }
    None
}

/// The place that a load reads. A local that holds a copy was stored before: then it is the place of that.
fn place_behind<'a>(at: &At<'a>, load: (usize, usize), register: usize) -> Option<&'a Value> {
    let code = &at.code().code;
    if at.is_temp(register) {
        return find(at, load, DEEPEST);
    }
    let stores = |i: &usize| decode(code.instrs[*i]) == (Op::StoreFast, register as u32);
    let store = (load.0.saturating_sub(FAR_BACK)..load.0).rev().find(stores)?;
    let stored = producer(code, store, 0)?;
    match decode(code.instrs[stored.0]).0 {
        Op::ForIter => last_item(at, at.reg(register).word()),
        _ => find(at, stored, DEEPEST),
    }
}

/// Where a list, a tuple or a dict that is walked holds the number that it gave last.
fn last_item<'a>(at: &At<'a>, number: Word) -> Option<&'a Value> {
    let (locals, all) = (at.run().locals, at.run().registers);
    at.regs(locals, all - locals).iter().find_map(|register| {
        if let Some(walk) = register.get::<DictIter<KEYS>>() {
            return walk.last().map(|entry| &entry.key).filter(|place| place.word() == number);
        }
        if let Some(walk) = register.get::<DictIter<VALUES>>() {
            return walk.last().map(|entry| &entry.value).filter(|place| place.word() == number);
        }
        let (source, index) = match register.get::<SeqIter>() {
            Some(walk) => (&walk.source, walk.index.get()),
            None => register.get::<TupleIter>().map(|walk| (&walk.source, walk.index.get()))?,
        };
        items_at_hand(source)?.get(index.checked_sub(1)?).filter(|place| place.word() == number)
    })
}

/// The place that a load reads, as long as following it runs no code.
fn find<'a>(at: &At<'a>, (load, above): (usize, usize), depth: u32) -> Option<&'a Value> {
    let (depth, code) = (depth.checked_sub(1)?, at.code());
    let (op, arg) = decode(code.code.instrs[load]);
    let arg = arg as usize;
    match op {
        Op::LoadFast | Op::LoadFastCheck => Some(at.reg(arg)),
        Op::LoadConst => code.consts.get(arg),
        Op::LoadDeref => at.reg(arg).get::<CellObj>().map(|cell| &cell.content),
        Op::LoadGlobal => at.function().globals.exact::<Dict>()?.get_name(&code.names[arg]),
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
            match decode(code.code.instrs[key.0]) {
                (Op::LoadSmallInt, number) => item(container, &Value::small(i64::from(number))),
                _ => item(container, find(at, key, depth)?),
            }
        }
        Op::UnpackSequence => items_at_hand(find(at, producer(&code.code, load, 0)?, depth)?)?.get(above),
        _ => None,
    }
}

/// Where a list, a tuple or a dict holds the item of a key.
fn item<'a>(container: &'a Value, key: &Value) -> Option<&'a Value> {
    if let Some(dict) = container.exact::<Dict>() {
        return dict.find_plainly(key, quick_hash(key)?)?;
    }
    let items = items_at_hand(container)?;
    let at = crate::types::int::unbox_word(key.word());
    let at = if at.is_int() { at.int() } else { return None };
    let at = if at < 0 { at + items.len() as i64 } else { at };
    items.get(usize::try_from(at).ok()?)
}
