//! Stores of attributes, and their deletion: who finds out what a store can remember, and the forms of those that are in no slot.

use super::forms::slot_of;
use super::{ATTR_UNITS, STORE};
use crate::object::shape::EXT_AT_END;
use crate::object::ty::{TypeFlags, TypeNumber, TypeObj};
use crate::ops::{At, helper};
use crate::raised::Res;
use crate::running::ops::RunOp;
use crate::types::descriptors::Member;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

helper! {
    store_attr_class, ATTR_UNITS, set_in_class;
    store_attr_hint, ATTR_UNITS, set_in_dict;
}

/// Bit of an entry: the value comes from a local that is dead afterwards.
const FROM_LAST: u64 = 1 << 63;

/// Caches the place of an attribute that a class has as a value, or that lies in the dict of an instance.
fn cache_other(at: &At<'_>, owner: &Value, name: &Value, last: bool) {
    let vm = at.vm;
    let found = match owner.get::<TypeObj>() {
        Some(class) => {
            place_of_class(vm, class, name).map(|(guard, place)| (RunOp::StoreAttrClass, guard, place))
        }
        None => place_in_dict(vm, owner, name).map(|(guard, place)| (RunOp::StoreAttrHint, guard, place)),
    };
    if let Some((op, guard, entry)) = found {
        at.cache(op, guard, entry | if last { FROM_LAST } else { 0 });
    }
}

/// The guard of a class that has a value under the name, which may be replaced, and where.
fn place_of_class(vm: &Vm, class: &TypeObj, name: &Value) -> Option<(u64, u64)> {
    let meta = vm.type_of_word(class.word());
    let plain = meta.slots().setattr() == vm.types.r#type.slots().setattr();
    if !vm.caches()
        || !plain
        || !class.has(TypeFlags::HEAP)
        || class.number == TypeNumber::NONE
        || vm.is_dunder(name)
    {
        return None;
    }
    if meta.lookup(vm, name).is_some_and(|found| vm.slots(&found).set().is_some()) {
        return None;
    }
    let place = vm.plain_place(class, name)?;
    let own = class.dict().get_name(name).is_some_and(|own| std::ptr::eq(own, place));
    own.then(|| (vm.class_guard(class), place as u64))
}

/// The number of no entry.
const NO_ENTRY: u32 = u32::MAX;

/// The guard of an instance in dict mode, and which word holds the dict, and the number of the dict's entry of the name, if it has one.
fn place_in_dict(vm: &Vm, owner: &Value, name: &Value) -> Option<(u64, u64)> {
    let shape =
        vm.shape_of(owner).filter(|shape| vm.caches() && shape.dict_mode && shape.ext != EXT_AT_END)?;
    let ty = vm.type_of(owner);
    if ty.slots().setattr() != vm.types.object.slots().setattr() {
        return None;
    }
    if ty.lookup(vm, name).is_some_and(|found| vm.slots(&found).set().is_some()) {
        return None;
    }
    let number = vm.ext_slot(owner)?.get::<Dict>()?.find_name(name);
    let number = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(NO_ENTRY);
    Some((vm.guard(shape.id), u64::from(number) | u64::from(shape.ext) << 32))
}

/// Replaces a value of a class by another, if both are only values.
fn set_in_class(at: At<'_>) -> Res<()> {
    let (known, entry) = at.cached();
    let last = entry & FROM_LAST != 0;
    let guarded = at.reg(at.b()).get::<TypeObj>().is_some_and(|class| at.vm.class_guard(class) == known);
    if !guarded || !at.vm.is_plain_attribute(at.reg(at.a())) {
        return store_with(&at, if last { RunOp::StoreAttrNewLast } else { RunOp::StoreAttrNew }, last);
    }
    let value = stored(&at, last);
    // What was there dies when the new value is.
    drop(slot_of(&at).replace(value));
    at.release(at.b());
    Ok(())
}

/// Replaces a value in the dict of an instance.
fn set_in_dict(at: At<'_>) -> Res<()> {
    let (known, entry) = at.cached();
    let last = entry & FROM_LAST != 0;
    let owner = at.reg(at.b());
    let guarded = owner.word().is_ptr() && at.vm.guard(owner.word().shape()) == known;
    let name = at.name(at.c()).word();
    let dict = if guarded { at.vm.word_slot(owner, (entry >> 32) as u16).exact::<Dict>() } else { None };
    let Some(dict) = dict else {
        return store_with(&at, if last { RunOp::StoreAttrNewLast } else { RunOp::StoreAttrNew }, last);
    };
    let slot = match dict.entry_named(entry as u32, name) {
        // A name that is elsewhere: who sets it is known all the same.
        None => dict.find_name(at.name(at.c())).and_then(|number| {
            let number = u32::try_from(number).ok()?;
            at.cache(RunOp::StoreAttrHint, known, entry >> 32 << 32 | u64::from(number));
            dict.entry_named(number, name)
        }),
        found => found,
    };
    match slot {
        // What was there dies when the new value is.
        Some(slot) => drop(slot.replace(stored(&at, last))),
        None => dict.set_name(at.vm, at.name(at.c()), stored(&at, last))?,
    }
    at.release(at.b());
    Ok(())
}

/// The opcode of a store to a slot that is there.
fn store_op(last: bool, moved: bool, temp: bool) -> RunOp {
    match (last && !moved, moved, temp) {
        (false, false, false) => RunOp::StoreAttrSlot,
        (true, _, false) => RunOp::StoreAttrSlotLast,
        (_, true, false) => RunOp::StoreAttrSlotMove,
        (false, false, true) => RunOp::StoreAttrSlotT,
        (true, _, true) => RunOp::StoreAttrSlotTLast,
        (_, true, true) => RunOp::StoreAttrSlotTMove,
    }
}

/// The value to be stored. A dead local's number is given away.
fn stored(at: &At<'_>, last: bool) -> Value {
    let src = at.a();
    match at.reg(src) {
        slot if at.is_temp(src) => slot.take(),
        slot if last && slot.word().is_number() => Value::immediate(slot.word()),
        slot => slot.clone(),
    }
}

fn store_with(at: &At<'_>, fresh: RunOp, last: bool) -> Res<()> {
    let vm = at.vm;
    let target = at.b();
    let (owner, name) = (at.reg(target), at.name(at.c()));
    let moved = at.is_temp(at.a());
    let value = stored(at, last);
    cache_other(at, owner, name, last);
    let plain = vm.caches() && vm.type_of(owner).slots().setattr() == vm.types.object.slots().setattr();
    let before = vm.shape_of(owner);
    let member = if plain { vm.type_of(owner).lookup(vm, name) } else { None };
    let member = member.as_ref().and_then(|found| found.exact::<Member>());
    let member = member.filter(|m| m.fits(vm.type_of(owner)) && !m.is_read_only());
    let temp = at.is_temp(target);
    let known_op = store_op(last, moved, temp);
    if let Some(at_word) = member.and_then(Member::word_index) {
        let slot = u64::from(at_word);
        vm.remember(owner.word().shape(), name, STORE, slot);
        at.cache(known_op, vm.guard(owner.word().shape()), slot);
    } else if let (true, Some(shape)) = (plain, before)
        && shape.ext != 0
        && shape.ext != EXT_AT_END
        && !shape.dict_mode
        && vm.type_of(owner).lookup(vm, name).is_none_or(|found| vm.slots(&found).set().is_none())
    {
        let id = shape.id;
        let known = shape.find(name.word());
        let flag = u64::from(moved) << 63;
        let (op, entry) = match known {
            Some(slot) => {
                vm.remember(id, name, STORE, u64::from(slot));
                (known_op, u64::from(slot))
            }
            None if temp => {
                vm.set_attr_owned(owner, name, value)?;
                at.release(target);
                return Ok(());
            }
            None => match vm.shapes.extend(vm, shape, name.word())? {
                Some(next) => {
                    (fresh, u64::from(next.first + next.count - 1) | u64::from(next.id.number()) << 32 | flag)
                }
                None => return vm.set_attr_owned(owner, name, value),
            },
        };
        at.cache(op, vm.guard(id), entry);
    }
    let result = vm.set_attr_owned(owner, name, value);
    if result.is_ok() {
        at.release(target);
    }
    result
}
pub(super) fn store(at: At<'_>) -> Res<()> {
    store_with(&at, RunOp::StoreAttrNew, false)
}
pub(super) fn store_last(at: At<'_>) -> Res<()> {
    store_with(&at, RunOp::StoreAttrNewLast, true)
}

impl Vm {
    /// `owner.name = value`, moving the value. Runs Python and raises as [`Vm::set_attr`].
    pub fn set_attr_owned(&self, owner: &Value, name: &Value, value: Value) -> Res<()> {
        let ty: &TypeObj = self.type_of(owner);
        if ty.slots().setattr() == self.types.object.slots().setattr()
            && let Some(shape) = self.shape_of(owner)
            && !shape.dict_mode
            && shape.ext != 0
            && shape.ext != EXT_AT_END
            && ty.lookup(self, name).is_none_or(|found| self.slots(&found).set().is_none())
        {
            let slot = match shape.find(name.word()) {
                Some(slot) => Some((slot, shape.id)),
                None => self
                    .shapes
                    .extend(self, shape, name.word())?
                    .map(|next| (next.first + next.count - 1, next.id)),
            };
            if let Some((slot, id)) = slot {
                self.grow_to(owner, self.shapes.get(id));
                self.word_slot(owner, slot).set(value);
                return Ok(());
            }
        }
        self.set_attr(owner, name, Some(&value))
    }
}

pub(super) fn delete(at: At<'_>) -> Res<()> {
    let owner = at.take(at.b());
    at.vm.set_attr(&owner, at.name(at.c()), None)
}
