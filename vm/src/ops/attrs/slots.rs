//! Attributes in slots of instances, and methods of their classes: the handlers.

use ryokan_alloc::ShapeId;

use super::forms::{FUNCTION, TEMP, jump_method};
use super::{
    ATTR_UNITS, LOAD, METHOD, STORE, load_attr_peek_slow, load_attr_slow, load_method_slow,
    store_attr_last_slow, store_attr_slow,
};
use crate::ops::moves::{box_source, jump_overwrite, jump_unless_counted};
use crate::ops::run::{release_dead, set_dead};
use crate::ops::{a, b, jump_next, put, reg};
use crate::running::families::{LAST, MOVED, SHARED};
use crate::value::{Value, Word};
use crate::vm::Vm;

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
                    && let Some(entry) = (*vm).remembered(owner.shape(), Word(*pc.add(3)), LOAD)
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
                if owner.is_ptr() && (*vm).guard(owner.shape()) == *pc.add(1) {
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
        if owner.is_ptr() && (*vm).guard(owner.shape()) == *pc.add(1) {
            let entry = *pc.add(2);
            jump_method!(pc, fp, consts, vm, owner, Word(entry & FUNCTION), entry)
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
            && let Some(entry) = (*vm).remembered(owner.shape(), Word(*pc.add(3)), METHOD)
        {
            jump_method!(pc, fp, consts, vm, owner, Word(entry), *pc.add(2))
        }
        load_method_slow(pc, fp, consts, vm)
    }
}

// ---- stores ------------------------------------------------------------------------------------------------------

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
                    jump_unless_counted!(value, $from == SHARED, box_source(pc, fp, consts, vm));
                }
                if $temp {
                    let _ = owner.ptr().as_ref().decref();
                    put(fp, b(pc), Word::UNBOUND);
                }
                let slot = (owner.0 as *mut Word).add(entry as usize);
                let old = *slot;
                *slot = value;
                if old.is_ptr() && old.ptr().as_ref().decref() {
                    set_dead(vm, old);
                    return release_dead(pc.wrapping_add(ATTR_UNITS), fp, consts, vm);
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
                        && let Some(entry) = (*vm).remembered(owner.shape(), Word(*pc.add(3)), STORE)
                    {
                        return $again(pc, fp, consts, vm, owner, entry);
                    }
                    $slow(pc, fp, consts, vm)
                }
            }
            // SAFETY: the guard says that the object has the slot.
            unsafe {
                let owner = reg(fp, b(pc));
                if owner.is_ptr() && (*vm).guard(owner.shape()) == *pc.add(1) {
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
                if owner.is_ptr() && (*vm).guard(owner.shape()) == *pc.add(1) {
                    let entry = *pc.add(2);
                    let value = reg(fp, a(pc));
                    if entry >> 63 != 0 {
                        put(fp, a(pc), Word::UNBOUND);
                    } else {
                        jump_unless_counted!(value, $share, box_source(pc, fp, consts, vm));
                    }
                    *(owner.0 as *mut Word).add(entry as u16 as usize) = value;
                    owner.ptr().as_ref().set_shape(ShapeId::new((entry >> 32) as u32 & 0xFF_FFFF));
                    jump_next!(pc.wrapping_add(ATTR_UNITS), fp, consts, vm)
                }
                $slow(pc, fp, consts, vm)
            }
        }
    };
}
store_new!(store_attr_new, store_attr_slow, true);
store_new!(store_attr_new_last, store_attr_last_slow, false);
