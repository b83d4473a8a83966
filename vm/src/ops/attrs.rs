//! Attributes, with inline caches.
//!
//! A load or store has three more units. The first holds the shape it was cached for and the VM's epoch, as one number; the
//! second the word index of the slot, or a method; the third the name's word, for the table of places. A hit is one compare for the shape and one for the epoch (which stands for
//! "no type changed in a way that a lookup could notice").

use super::moves::{jump_overwrite, jump_unless_counted};
use super::{At, a, b, helper, jump_next, put, reg};
use crate::object::shape::EXT_AT_END;
use crate::object::slots::{Get, Guarded};
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::running::families::{LAST, MOVED, SHARED};
use crate::running::ops::RunOp;
use crate::types::descriptors::Member;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// What a cache compares: shape and epoch in one number.
#[inline(always)]
pub unsafe fn guard(vm: *const Vm, shape: u32) -> u64 {
    // SAFETY: the live Vm.
    unsafe { u64::from(shape) | u64::from((*vm).epoch.get()) << 32 }
}

/// Units of a load, store or method load.
pub const ATTR_UNITS: usize = 4;

helper! {
    load_attr_slow, ATTR_UNITS, load;
    load_attr_peek_slow, ATTR_UNITS, load_peek;
    load_method_slow, ATTR_UNITS, load_bound;
    store_attr_slow, ATTR_UNITS, store;
    store_attr_last_slow, ATTR_UNITS, store_last;
    delete_attr, 1, delete;
}

macro_rules! entry {
    ($($(#[$doc:meta])* $name:ident => $slow:ident;)*) => {$(
        $(#[$doc])*
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: the handler's own arguments.
            unsafe { $slow(pc, fp, consts, vm) }
        }
    )*};
}
entry! {
    /// `a = b.name`
    load_attr => load_attr_slow;
    /// The same for a consumer that only looks.
    load_attr_peek => load_attr_peek_slow;
    /// `a, a+1 = method and self` of `b.name`
    load_method => load_method_slow;
    /// `b.name = a`
    store_attr => store_attr_slow;
    /// The same where the local `a` is dead afterwards.
    store_attr_last => store_attr_last_slow;
}

/// What a place is remembered for: the low bits of its name.
const LOAD: u64 = 0;
const METHOD: u64 = 1;
const STORE: u64 = 2;

/// The place that a shape and a name hash to; a second choice is its neighbour.
#[inline(always)]
fn place(guard: u64, name: u64) -> usize {
    let mixed = (guard ^ name.rotate_left(17)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - crate::vm::PLACES.ilog2())) as usize
}

/// What the table remembers for the owner's shape and the unit's name.
#[inline(always)]
unsafe fn remembered(pc: *mut u64, vm: *const Vm, owner: Word, what: u64) -> Option<u64> {
    // SAFETY: the live Vm; both places are within the table.
    unsafe {
        let (guard, name) = (guard(vm, owner.shape()), *pc.add(3) | what);
        let places: &[crate::vm::Remembered] = &(*vm).places;
        let first = place(guard, name);
        let there = places.get_unchecked(first);
        if there.guard.get() == guard && there.name.get() == name {
            return Some(there.entry.get());
        }
        let there = places.get_unchecked(first ^ 1);
        (there.guard.get() == guard && there.name.get() == name).then(|| there.entry.get())
    }
}

/// Remembers a place.
fn remember(vm: &Vm, shape: u32, name: &Value, what: u64, entry: u64) {
    debug_assert!(vm.caches());
    if !crate::vm::is_worth_keeping(name) {
        return;
    }
    let keeps = name.clone();
    // SAFETY: the live Vm.
    let guard = unsafe { guard(vm, shape) };
    let name = name.word().0 | what;
    let at = place(guard, name);
    let (first, second) = (&vm.places[at], &vm.places[at ^ 1]);
    // Who was there first gets the second choice.
    second.guard.set(first.guard.replace(guard));
    second.name.set(first.name.replace(name));
    second.entry.set(first.entry.replace(entry));
    second.keeps.set(first.keeps.replace(keeps));
}

macro_rules! load_slot {
    ($name:ident, $again:ident, $slow:ident, $share:expr, $temp:expr) => {
        /// The same for an owner of another shape than the one cached, if the table knows it.
        #[cold]
        #[inline(never)]
        unsafe extern "C" fn $again(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: as in the handler proper.
            unsafe {
                let owner = reg(fp, b(pc));
                if owner.is_ptr()
                    && let Some(entry) = remembered(pc, vm, owner, LOAD)
                {
                    let word = *(owner.0 as *const Word).add(entry as u32 as usize);
                    let header = owner.ptr().as_ref();
                    if word.is_unbound() || ($temp && header.refs() == 1) {
                        return $slow(pc, fp, consts, vm);
                    }
                    jump_unless_counted!(word, $share, $slow(pc, fp, consts, vm));
                    if $temp {
                        let _ = header.decref();
                        put(fp, b(pc), Word::UNBOUND);
                    }
                    jump_overwrite!(pc, ATTR_UNITS, fp, consts, vm, a(pc), word)
                }
                $slow(pc, fp, consts, vm)
            }
        }

        /// An attribute in a slot of the instance, which is given up if it is in a temporary.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: the guard says that the object has the slot.
            unsafe {
                let owner = reg(fp, b(pc));
                if owner.is_ptr() && guard(vm, owner.shape()) == *pc.add(1) {
                    let word = *(owner.0 as *const Word).add(*pc.add(2) as usize);
                    let header = owner.ptr().as_ref();
                    if $temp && header.refs() == 1 {
                        return $slow(pc, fp, consts, vm);
                    }
                    if word.is_ptr() {
                        word.ptr().as_ref().incref();
                    } else if word.is_unbound() || ($share && word.needs_box()) {
                        return $slow(pc, fp, consts, vm);
                    }
                    if $temp {
                        let _ = header.decref();
                        put(fp, b(pc), Word::UNBOUND);
                    }
                    jump_overwrite!(pc, ATTR_UNITS, fp, consts, vm, a(pc), word)
                }
                $again(pc, fp, consts, vm)
            }
        }
    };
}
load_slot!(load_attr_slot, load_attr_again, load_attr_slow, true, false);
load_slot!(load_attr_slot_peek, load_attr_peek_again, load_attr_peek_slow, false, false);
load_slot!(load_attr_slot_t, load_attr_t_again, load_attr_slow, true, true);
load_slot!(load_attr_slot_t_peek, load_attr_t_peek_again, load_attr_peek_slow, false, true);

/// The slot of `name` in instances of the owner's shape, if a plain load would find it there.
pub fn cacheable_slot(vm: &Vm, owner: &Value, name: &Value) -> Option<u16> {
    let shape = vm.shape_of(owner).filter(|_| vm.caches())?;
    let ty = vm.type_of(owner);
    if ty.slots().getattr() != vm.types.object.slots().getattr() {
        return None;
    }
    if let Some(found) = ty.lookup(vm, name)
        && vm.slots(&found).set().is_some()
    {
        // A member of `__slots__` is in a slot too: while it is set, at least.
        return found.exact::<Member>().filter(|m| m.fits(ty)).map(Member::word_index);
    }
    if shape.ext == 0 || shape.ext == EXT_AT_END || shape.dict_mode {
        return None;
    }
    shape.find(name.word())
}

fn load_with(at: &At<'_>, cached: [RunOp; 2], peeks: bool) -> Res<()> {
    let (owner, name) = (at.reg(at.b()), at.name(at.c()));
    if let Some((descriptor, get)) = data_descriptor(at.vm, owner, name) {
        let value = get.call(at.vm, &descriptor, Some(owner), &at.vm.type_of(owner).to_value())?;
        at.release(at.b());
        return at.give(value);
    }
    if let Some(slot) = cacheable_slot(at.vm, owner, name) {
        // SAFETY: a load has three more units.
        unsafe {
            *at.pc.add(1) = guard(at.vm, owner.word().shape());
            *at.pc.add(2) = u64::from(slot);
            *at.pc.cast::<u16>() = cached[usize::from(at.is_temp(at.b()))] as u16;
        }
        remember(at.vm, owner.word().shape(), name, LOAD, u64::from(slot));
        if peeks {
            let held = at.vm.word_slot(owner, slot);
            if held.word().is_number() && !held.is_unbound() {
                let value = Value::immediate(held.word());
                at.release(at.b());
                return at.give(value);
            }
        }
    }
    let value = at.vm.get_attr(owner, name)?;
    at.release(at.b());
    at.give(value)
}

/// The descriptor of the type that stands before what the instance has, where attributes are found as `object` finds them. (A member of
/// `__slots__` is none: it is in a slot.)
fn data_descriptor(vm: &Vm, owner: &Value, name: &Value) -> Option<(Value, Guarded<Get>)> {
    let ty = vm.type_of(owner);
    if ty.slots().getattr() != vm.types.object.slots().getattr() {
        return None;
    }
    let found = ty.lookup(vm, name).filter(|found| !found.has::<Member>())?;
    let slots = vm.slots(&found);
    let get = slots.get().filter(|_| slots.set().is_some())?;
    Some((found, get))
}
fn load(at: At<'_>) -> Res<()> {
    load_with(&at, [RunOp::LoadAttrSlot, RunOp::LoadAttrSlotT], false)
}
fn load_peek(at: At<'_>) -> Res<()> {
    load_with(&at, [RunOp::LoadAttrSlotPeek, RunOp::LoadAttrSlotTPeek], true)
}

/// A method of the type, cached: nothing in the instance hides it.
pub unsafe extern "C" fn load_method_cached(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: while the guard holds, the type owns the method. The destination is a pair of dead temporaries, or the
    // owner's own.
    unsafe {
        let owner = reg(fp, b(pc));
        if owner.is_ptr() && guard(vm, owner.shape()) == *pc.add(1) {
            let entry = *pc.add(2);
            let method = Word(entry & !1);
            method.incref();
            if entry & 1 == 0 {
                owner.incref();
            }
            put(fp, a(pc), method);
            put(fp, a(pc) + 1, owner);
            jump_next!(pc.wrapping_add(ATTR_UNITS), fp, consts, vm)
        }
        load_method_again(pc, fp, consts, vm)
    }
}

/// The same for an owner of another shape, if the table knows it.
#[cold]
#[inline(never)]
unsafe extern "C" fn load_method_again(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let owner = reg(fp, b(pc));
        if owner.is_ptr()
            && let Some(entry) = remembered(pc, vm, owner, METHOD)
        {
            let method = Word(entry);
            method.incref();
            if *pc.add(2) & 1 == 0 {
                owner.incref();
            }
            put(fp, a(pc), method);
            put(fp, a(pc) + 1, owner);
            jump_next!(pc.wrapping_add(ATTR_UNITS), fp, consts, vm)
        }
        load_method_slow(pc, fp, consts, vm)
    }
}

fn load_bound(at: At<'_>) -> Res<()> {
    let vm = at.vm;
    let (src, dst) = (at.b(), at.a());
    let (owner, name) = (at.reg(src), at.name(at.c()));
    let ty = vm.type_of(owner);
    let plain = ty.slots().getattr() == vm.types.object.slots().getattr();
    if plain
        && let Some(found) = ty.lookup(vm, name)
        && vm.is_method_like(&found)
        && vm.own_attr(owner, name)?.is_none()
    {
        let cacheable = vm.caches()
            && vm.shape_of(owner).is_some_and(|s| !s.dict_mode && s.ext != EXT_AT_END)
            && !owner.has::<crate::types::module::Module>();
        if cacheable {
            // SAFETY: a load has three more units. The lowest bit says that the owner is moved, not shared.
            unsafe {
                *at.pc.add(1) = guard(vm, owner.word().shape());
                *at.pc.add(2) = found.word().0 | u64::from(at.is_temp(src));
                *at.pc.cast::<u16>() = RunOp::LoadMethodCached as u16;
            }
            remember(vm, owner.word().shape(), name, METHOD, found.word().0);
        }
        let this = at.take(src);
        at.reg(dst + 1).set(this);
        at.reg(dst).set(found);
        return Ok(());
    }
    let value = vm.get_attr(owner, name)?;
    at.release(src);
    at.reg(dst + 1).set(Value::UNBOUND);
    at.reg(dst).set(value);
    Ok(())
}

// ---- stores --------------------------------------------------------------------------------------------------------

macro_rules! store_slot {
    ($name:ident, $again:ident, $slow:ident, $from:expr, $temp:expr) => {
        /// Sets an attribute that is in the slot `entry` of the instance.
        #[inline(always)]
        unsafe fn $again(
            pc: *mut u64,
            fp: *mut Value,
            consts: *const Value,
            vm: *const Vm,
            owner: Word,
            entry: u64,
        ) {
            // SAFETY: by the handlers below: the owner has the slot.
            unsafe {
                let value = reg(fp, a(pc));
                if $temp && owner.refs() == 1 {
                    return $slow(pc, fp, consts, vm);
                }
                if $from == MOVED {
                    put(fp, a(pc), Word::UNBOUND);
                } else {
                    jump_unless_counted!(
                        value,
                        $from == SHARED,
                        super::moves::box_source(pc, fp, consts, vm)
                    );
                }
                if $temp {
                    let _ = owner.ptr().as_ref().decref();
                    put(fp, b(pc), Word::UNBOUND);
                }
                let slot = (owner.0 as *mut Word).add(entry as usize);
                let old = *slot;
                *slot = value;
                if old.is_ptr() && old.ptr().as_ref().decref() {
                    super::run::set_dead(vm, old);
                    return super::run::release_dead(pc.wrapping_add(ATTR_UNITS), fp, consts, vm);
                }
                jump_next!(pc.wrapping_add(ATTR_UNITS), fp, consts, vm)
            }
        }

        /// Sets an attribute that is in a slot of the instance, for the shape that was cached.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            /// The same for an owner of another shape, if the table knows it.
            #[cold]
            #[inline(never)]
            unsafe extern "C" fn again(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
                // SAFETY: what the table remembers for the owner's shape is a slot of it.
                unsafe {
                    let owner = reg(fp, b(pc));
                    if owner.is_ptr()
                        && let Some(entry) = remembered(pc, vm, owner, STORE)
                    {
                        return $again(pc, fp, consts, vm, owner, entry);
                    }
                    $slow(pc, fp, consts, vm)
                }
            }
            // SAFETY: the guard says that the object has the slot.
            unsafe {
                let owner = reg(fp, b(pc));
                if owner.is_ptr() && guard(vm, owner.shape()) == *pc.add(1) {
                    return $again(pc, fp, consts, vm, owner, *pc.add(2));
                }
                again(pc, fp, consts, vm)
            }
        }
    };
}
store_slot!(store_attr_slot, set_shared, store_attr_slow, SHARED, false);
store_slot!(store_attr_slot_last, set_last, store_attr_last_slow, LAST, false);
store_slot!(store_attr_slot_move, set_moved, store_attr_slow, MOVED, false);
store_slot!(store_attr_slot_t, set_shared_t, store_attr_slow, SHARED, true);
store_slot!(store_attr_slot_t_last, set_last_t, store_attr_last_slow, LAST, true);
store_slot!(store_attr_slot_t_move, set_moved_t, store_attr_slow, MOVED, true);

macro_rules! store_new {
    ($name:ident, $slow:ident, $share:expr) => {
        /// Adds an attribute: the instance moves on to the next shape.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: the guard says that the slot is there and empty.
            unsafe {
                let owner = reg(fp, b(pc));
                if owner.is_ptr() && guard(vm, owner.shape()) == *pc.add(1) {
                    let entry = *pc.add(2);
                    let value = reg(fp, a(pc));
                    if entry >> 63 != 0 {
                        put(fp, a(pc), Word::UNBOUND);
                    } else {
                        jump_unless_counted!(value, $share, super::moves::box_source(pc, fp, consts, vm));
                    }
                    *(owner.0 as *mut Word).add(entry as u16 as usize) = value;
                    owner.ptr().as_ref().set_shape((entry >> 32) as u32 & 0xFF_FFFF);
                    jump_next!(pc.wrapping_add(ATTR_UNITS), fp, consts, vm)
                }
                $slow(pc, fp, consts, vm)
            }
        }
    };
}
store_new!(store_attr_new, store_attr_slow, true);
store_new!(store_attr_new_last, store_attr_last_slow, false);

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

fn store_with(at: &At<'_>, fresh: RunOp, last: bool) -> Res<()> {
    let vm = at.vm;
    let (src, target) = (at.a(), at.b());
    let (owner, name) = (at.reg(target), at.name(at.c()));
    let moved = at.is_temp(src);
    // A dead local's number is given away.
    let value = match at.reg(src) {
        slot if moved => slot.take(),
        slot if last && slot.word().is_number() => Value::immediate(slot.word()),
        slot => slot.clone(),
    };
    let plain = vm.caches() && vm.type_of(owner).slots().setattr() == vm.types.object.slots().setattr();
    let before = vm.shape_of(owner);
    let member = if plain { vm.type_of(owner).lookup(vm, name) } else { None };
    let member = member.as_ref().and_then(|found| found.exact::<Member>());
    let member = member.filter(|m| m.fits(vm.type_of(owner)) && !m.is_read_only());
    let temp = at.is_temp(target);
    let known_op = store_op(last, moved, temp);
    if let Some(member) = member {
        let slot = u64::from(member.word_index());
        remember(vm, owner.word().shape(), name, STORE, slot);
        // SAFETY: a store has three more units.
        unsafe {
            *at.pc.add(1) = guard(vm, owner.word().shape());
            *at.pc.add(2) = slot;
            *at.pc.cast::<u16>() = known_op as u16;
        }
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
                remember(vm, id, name, STORE, u64::from(slot));
                (known_op, u64::from(slot))
            }
            None if temp => {
                vm.set_attr_owned(owner, name, value)?;
                at.release(target);
                return Ok(());
            }
            None => match vm.shapes.extend(vm, shape, name.word())? {
                Some(next) => {
                    (fresh, u64::from(next.first + next.count - 1) | u64::from(next.id) << 32 | flag)
                }
                None => return vm.set_attr_owned(owner, name, value),
            },
        };
        // SAFETY: a store has three more units.
        unsafe {
            *at.pc.add(1) = guard(vm, id);
            *at.pc.add(2) = entry;
            *at.pc.cast::<u16>() = op as u16;
        }
    }
    let result = vm.set_attr_owned(owner, name, value);
    if result.is_ok() {
        at.release(target);
    }
    result
}
fn store(at: At<'_>) -> Res<()> {
    store_with(&at, RunOp::StoreAttrNew, false)
}
fn store_last(at: At<'_>) -> Res<()> {
    store_with(&at, RunOp::StoreAttrNewLast, true)
}

impl Vm {
    /// `owner.name = value`, moving the value.
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
                // SAFETY: the owner is live.
                unsafe { owner.word().ptr().as_ref().set_shape(id) };
                self.word_slot(owner, slot).set(value);
                return Ok(());
            }
        }
        self.set_attr(owner, name, Some(&value))
    }
}

fn delete(at: At<'_>) -> Res<()> {
    let owner = at.take(at.b());
    at.vm.set_attr(&owner, at.name(at.c()), None)
}
