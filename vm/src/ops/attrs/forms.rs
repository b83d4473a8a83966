//! The forms of a load whose attribute is in no slot of the instance: one for each kind of place (the page of `mod.rs`).
//!
//! A form gives up the owner where that is a temporary: by writing over it, where it is the destination too, or else because the entry says
//! so ([`AWAY`]).

use super::find::{load, push_hook};
use super::{ATTR_UNITS, CLASS, LOAD, PLACE, load_attr_slow, load_method_slow};
use crate::object::native::NativeFunction;
use crate::object::ty::TypeObj;
use crate::object::{Layout, ShapeBits};
use crate::ops::callees::{ATTRIBUTE, ask};
use crate::ops::moves::jump_overwrite;
use crate::ops::{At, a, b, jump_next, put, reg, switch};
use crate::raised::Res;
use crate::types::descriptors::GetSetObj;
use crate::types::dict::{Dict, Quick};
use crate::types::exceptions::note_missing;
use crate::types::function::StaticMethod;
use crate::types::module::Module;
use crate::types::property::Property;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// Bit of an entry: the owner is in a temporary, so that it is moved or given up.
pub(super) const TEMP: u64 = 1;
/// Bit of an entry for a class: the class is the first argument.
pub(super) const BINDS: u64 = 2;
/// Bit of an entry for a class: it names the static or class method that has the function.
pub(super) const WRAPPED: u64 = 4;
/// Where the bits of an entry begin that say which word of the instance holds its dict.
pub(super) const EXT: u32 = 48;
/// The bits that name the function.
pub(super) const FUNCTION: u64 = !7;

/// Bit of an entry: the owner is a temporary, and the destination is another register.
pub const AWAY: u64 = 1 << 63;
/// Bit of an entry: the consumer only looks, so that a number's bits will do.
pub const PEEKS: u64 = 1 << 62;
/// The bits of an entry that say where the attribute is.
pub(super) const PLACES: u64 = (1 << 48) - 1;

/// Gives a word that was found, and gives up the owner.
macro_rules! jump_found {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr, $owner:expr, $word:expr, $flags:expr) => {{
        let (word, flags): (Word, u64) = ($word, $flags);
        if flags & AWAY != 0 && $owner.refs() == 1 {
            return load_attr_slow($pc, $fp, $consts, $vm);
        }
        if word.is_ptr() {
            word.ptr().as_ref().incref();
        } else if word.is_unbound() || (word.needs_box() && flags & PEEKS == 0) {
            return load_attr_slow($pc, $fp, $consts, $vm);
        }
        if flags & AWAY != 0 {
            let _ = $owner.ptr().as_ref().decref();
            put($fp, b($pc), Word::UNBOUND);
        }
        jump_overwrite!($pc, ATTR_UNITS, $fp, $consts, $vm, a($pc), word)
    }};
}

/// Gives a method and the owner that it is called with, which is moved if the entry says that it is in a temporary.
macro_rules! jump_method {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr, $owner:expr, $method:expr, $entry:expr) => {{
        let method: Word = $method;
        method.incref();
        if $entry & TEMP == 0 {
            $owner.incref();
        }
        put($fp, a($pc), method);
        put($fp, a($pc) + 1, $owner);
        jump_next!($pc.wrapping_add(ATTR_UNITS), $fp, $consts, $vm)
    }};
}
pub(super) use jump_method;

/// An attribute that a class of the instance has, and only a value.
pub unsafe extern "C" fn load_attr_place(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: while the guard holds, the place is where it was, and nothing of the instance stands before it.
    unsafe {
        let owner = reg(fp, b(pc));
        if owner.is_ptr() && (*vm).guard(owner.shape()) == *pc.add(1) {
            let entry = *pc.add(2);
            let word = *((entry & PLACES) as *const Word);
            jump_found!(pc, fp, consts, vm, owner, word, entry)
        }
        load_attr_place_again(pc, fp, consts, vm)
    }
}

/// The same for an owner of another shape, if the table knows it: a place, or a slot of the instance.
#[cold]
#[inline(never)]
unsafe extern "C" fn load_attr_place_again(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let owner = reg(fp, b(pc));
        if owner.is_ptr() {
            let flags = *pc.add(2);
            if let Some(place) = (*vm).remembered(owner.shape(), Word(*pc.add(3)), PLACE) {
                jump_found!(pc, fp, consts, vm, owner, *(place as *const Word), flags)
            }
            if let Some(slot) = (*vm).remembered(owner.shape(), Word(*pc.add(3)), LOAD) {
                let word = *(owner.0 as *const Word).add(slot as usize);
                jump_found!(pc, fp, consts, vm, owner, word, flags)
            }
        }
        load_attr_slow(pc, fp, consts, vm)
    }
}

/// The class in a register, if there is one.
#[inline(always)]
unsafe fn class_in<'a>(owner: Word) -> Option<&'a TypeObj> {
    // SAFETY: a shape says what the payload is.
    unsafe {
        let is_class = owner.is_ptr() && owner.shape().is_of(Layout::Type);
        is_class.then(|| &*(owner.0 as *const TypeObj))
    }
}

/// An attribute of a class.
pub unsafe extern "C" fn load_attr_class(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: while the guard holds, the place is where it was.
    unsafe {
        let owner = reg(fp, b(pc));
        if let Some(class) = class_in(owner) {
            let entry = *pc.add(2);
            if (*vm).class_guard(class) == *pc.add(1) {
                let word = *((entry & PLACES) as *const Word);
                jump_found!(pc, fp, consts, vm, owner, word, entry)
            }
            if let Some(place) = (*vm).remembered(class.number, Word(*pc.add(3)), CLASS) {
                jump_found!(pc, fp, consts, vm, owner, *(place as *const Word), entry)
            }
        }
        load_attr_slow(pc, fp, consts, vm)
    }
}

/// An attribute of a module.
pub unsafe extern "C" fn load_attr_module(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: while the version stands, which no other dict has, the place is where it was.
    unsafe {
        let owner = reg(fp, b(pc));
        if owner.is_ptr() && owner.shape() == Layout::Module.shape() {
            let dict = (*(owner.0 as *const Module)).dict.word().0 as *const Dict;
            if u64::from((*dict).version()) == *pc.add(1) {
                let entry = *pc.add(2);
                let word = *((entry & PLACES) as *const Word);
                jump_found!(pc, fp, consts, vm, owner, word, entry)
            }
        }
        load_attr_slow(pc, fp, consts, vm)
    }
}

/// An attribute in the dict of an instance, at the number of an entry where it was in another.
pub unsafe extern "C" fn load_attr_hint(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the guard says which word holds the dict.
    unsafe {
        let owner = reg(fp, b(pc));
        if owner.is_ptr() && (*vm).guard(owner.shape()) == *pc.add(1) {
            let entry = *pc.add(2);
            let dict = *(owner.0 as *const Word).add((entry >> 32 & 0xFFFF) as usize);
            if dict.is_ptr() && dict.shape() == Layout::Dict.shape() {
                let found = (*(dict.0 as *const Dict)).entry_named(entry as u32, Word(*pc.add(3)));
                if let Some(found) = found {
                    jump_found!(pc, fp, consts, vm, owner, found.word(), entry)
                }
            }
        }
        load_attr_slow(pc, fp, consts, vm)
    }
}

switch! {
    load_attr_property, ask_getter;
    load_attr_get, compute;
    load_attr_bound, bind;
    load_attr_hook, ask_hook;
}

/// Whether the owner has the shape that a load was cached for.
fn is_guarded(at: &At<'_>) -> bool {
    let owner = at.reg(at.b()).word();
    owner.is_ptr() && at.vm.guard(owner.shape()) == at.cached().0
}
/// The load's entry, an object that the owner's class keeps while the guard holds.
fn entry(at: &At<'_>) -> Borrowed {
    Borrowed::new(Word(at.cached().1 & PLACES))
}

/// What a native getter computes.
fn compute(at: At<'_>) -> Res<*mut u64> {
    if !is_guarded(&at) {
        return load(at);
    }
    let def = entry(&at).get::<GetSetObj>().expect("the entry of this form").def;
    at.vm.check_stack()?;
    let owner = at.reg(at.b());
    let value = (def.get)(at.vm, owner).inspect_err(|_| note_missing(at.vm, at.name(at.c()), owner))?;
    at.release(at.b());
    at.give(if value.is_unbound() { Value::NONE } else { value })?;
    Ok(at.at(ATTR_UNITS as isize))
}

/// A method, bound to the owner.
fn bind(at: At<'_>) -> Res<*mut u64> {
    if !is_guarded(&at) {
        return load(at);
    }
    let function = entry(&at).clone();
    let bound = if let Some(native) = function.exact::<NativeFunction>() {
        let bound = at.vm.bind_native_method(native, at.reg(at.b()))?;
        at.release(at.b());
        bound
    } else {
        at.vm.bind_method(function, at.take(at.b()))?
    };
    at.give(bound)?;
    Ok(at.at(ATTR_UNITS as isize))
}

/// What the getter of a property returns, a function of Python's.
fn ask_getter(at: At<'_>) -> Res<*mut u64> {
    if is_guarded(&at) {
        let getter = entry(&at).get::<Property>().expect("the entry of this form").getter.clone();
        let owner = at.take(at.b());
        match ask(&at, &getter, [owner], &ATTRIBUTE) {
            Ok(entry) => return Ok(entry),
            Err([owner]) if at.is_temp(at.b()) => at.reg(at.b()).set(owner),
            Err(_) => {}
        }
    }
    load(at)
}

/// What a `__getattr__` or `__getattribute__` returns, a function of Python's.
fn ask_hook(at: At<'_>) -> Res<*mut u64> {
    if is_guarded(&at)
        && let Some(pushed) = push_hook(&at, &entry(&at).clone())
    {
        return Ok(pushed);
    }
    load(at)
}

// ---- methods that are called at once ---------------------------------------------------------------------------

/// A function of a class, or a static or class method.
pub unsafe extern "C" fn load_method_class(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: while the guard holds, the class has the function, or the method that has one. Both kinds of methods are laid out alike.
    unsafe {
        let owner = reg(fp, b(pc));
        let entry = *pc.add(2);
        if let Some(class) = class_in(owner)
            && (*vm).class_guard(class) == *pc.add(1)
            && (entry & TEMP == 0 || owner.refs() != 1)
        {
            let mut method = Word(entry & FUNCTION);
            if entry & WRAPPED != 0 {
                method = (*(method.0 as *const StaticMethod)).function.word();
                if !method.is_ptr() {
                    return load_method_slow(pc, fp, consts, vm);
                }
            }
            method.incref();
            let mut this = Word::UNBOUND;
            if entry & BINDS != 0 {
                this = owner;
                if entry & TEMP == 0 {
                    owner.incref();
                }
            } else if entry & TEMP != 0 {
                let _ = owner.ptr().as_ref().decref();
            }
            put(fp, a(pc), method);
            put(fp, a(pc) + 1, this);
            jump_next!(pc.wrapping_add(ATTR_UNITS), fp, consts, vm)
        }
        load_method_slow(pc, fp, consts, vm)
    }
}

/// A method of an instance's class, where the instance has a dict that does not have the name.
pub unsafe extern "C" fn load_method_hint(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: while the guard holds, the class has the method, and the entry says which word holds the dict.
    unsafe {
        let owner = reg(fp, b(pc));
        if owner.is_ptr() && (*vm).guard(owner.shape()) == *pc.add(1) {
            let entry = *pc.add(2);
            let dict = *(owner.0 as *const Word).add((entry >> EXT) as usize);
            if dict.is_ptr()
                && dict.shape() == Layout::Dict.shape()
                && matches!((*(dict.0 as *const Dict)).quick_look(Word(*pc.add(3))), Quick::Free(..))
            {
                jump_method!(pc, fp, consts, vm, owner, Word(entry & FUNCTION & PLACES), entry)
            }
        }
        load_method_slow(pc, fp, consts, vm)
    }
}

/// What a module has under the name, to be called without a self.
pub unsafe extern "C" fn load_method_module(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: while the version stands, which no other dict has, the place is where it was.
    unsafe {
        let owner = reg(fp, b(pc));
        if owner.is_ptr() && owner.shape() == Layout::Module.shape() {
            let dict = (*(owner.0 as *const Module)).dict.word().0 as *const Dict;
            let entry = *pc.add(2);
            if u64::from((*dict).version()) != *pc.add(1) {
                return load_method_slow(pc, fp, consts, vm);
            }
            let found = *((entry & FUNCTION) as *const Word);
            if found.is_ptr() && (entry & TEMP == 0 || owner.refs() != 1) {
                found.incref();
                if entry & TEMP != 0 {
                    let _ = owner.ptr().as_ref().decref();
                }
                put(fp, a(pc), found);
                put(fp, a(pc) + 1, Word::UNBOUND);
                jump_next!(pc.wrapping_add(ATTR_UNITS), fp, consts, vm)
            }
        }
        load_method_slow(pc, fp, consts, vm)
    }
}

/// The slot that the entry of a store names, whose guard holds.
pub(super) fn slot_of<'a>(at: &At<'a>) -> &'a Value {
    // SAFETY: while the guard holds, the place is where it was.
    unsafe { &*((at.cached().1 & PLACES) as *const Value) }
}
