//! Subscripts and slices.

use ryokan_bytecode::InstrIndex;

use super::moves::{jump_overwrite, jump_unless_counted};
use super::origin::share_operands;
use super::{At, Handler, a, b, c, helper, is_instance, jump_next, konst, put, reg, switch};
use crate::object::{Layout, ShapeBits};
use crate::raised::Res;
use crate::running::families::{CONSTANT, IMMEDIATE, LAST, MOVED, REGISTER, SHARED, SUBSCRIPT};
use crate::types::bytearray::ByteArray;
use crate::types::cell::CellObj;
use crate::types::dict::{Dict, Entry, Quick};
use crate::types::int::unbox_word;
use crate::types::list::List;
use crate::types::plain::quick_item;
use crate::types::str::{Chars, Str};
use crate::types::tuple::Tuple;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// A list's or tuple's index of a key: an immediate int that is in bounds.
#[inline(always)]
pub(super) fn place<const KEY: usize>(key: Word, len: usize) -> Option<usize> {
    let mut at = key.int();
    if KEY != IMMEDIATE && at < 0 {
        at += len as i64;
    }
    ((at as u64) < len as u64).then_some(at as usize)
}

/// The item of a list or tuple at an immediate int, if there is one.
#[inline(always)]
unsafe fn quick<const KEY: usize>(container: Word, key: Word) -> Option<Word> {
    if !container.is_ptr() || (KEY != IMMEDIATE && !key.is_int()) {
        return None;
    }
    let shape = container.shape();
    // SAFETY: the shape says what the payload is.
    unsafe {
        if shape == Layout::List.shape() {
            let list = &*(container.0 as *const List);
            return place::<KEY>(key, list.len()).map(|at| list.slot_unchecked(at).word());
        }
        if Layout::Tuple.is_exact(shape) {
            let items = (*(container.0 as *const Tuple)).items();
            return place::<KEY>(key, items.len()).map(|at| items.get_unchecked(at).word());
        }
    }
    None
}

/// The key of the unit at `pc`.
#[inline(always)]
unsafe fn key_of<const KEY: usize>(pc: *mut u64, fp: *mut Value, consts: *const Value) -> Word {
    // SAFETY: operands are registers and constants of the frame.
    unsafe {
        match KEY {
            REGISTER => reg(fp, c(pc)),
            CONSTANT => konst(consts, c(pc)),
            _ => Word::from_int(c(pc) as i64),
        }
    }
}

/// Whether the key of the unit at `pc`, an object in a register, is in a temporary, which owns it.
#[inline(always)]
unsafe fn key_is_temp(pc: *mut u64, vm: *const Vm) -> bool {
    // SAFETY: the handler's own arguments.
    unsafe { c(pc) >= (*(*(*vm).thread.stacks.frame.get()).run).locals }
}

/// The int that a key in a local is a box of; the key itself if it is no such box, or in a temporary.
#[inline(always)]
unsafe fn boxed_key(pc: *mut u64, key: Word, vm: *const Vm) -> Word {
    // SAFETY: as above.
    unsafe {
        if key.shape() != Layout::Int.shape() || key_is_temp(pc, vm) {
            return key;
        }
    }
    unbox_word(key)
}

/// Gives up the object in a register, which is not the last reference to it.
#[inline(always)]
unsafe fn give_up(fp: *mut Value, at: usize) {
    // SAFETY: the caller has looked.
    unsafe {
        let _ = reg(fp, at).ptr().as_ref().decref();
        put(fp, at, Word::UNBOUND);
    }
}

/// `a = b[c]`
unsafe extern "C" fn subscript<const KEY: usize, const TEMP: bool, const PEEK: bool, const LOCAL: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: operands are registers and constants of the frame.
    unsafe {
        let container = reg(fp, b(pc));
        let mut key = key_of::<KEY>(pc, fp, consts);
        if KEY == REGISTER && key.is_ptr() {
            key = boxed_key(pc, key, vm);
        }
        let Some(word) = quick::<KEY>(container, key) else {
            return subscript_other::<KEY, TEMP, PEEK, LOCAL>(pc, fp, consts, vm);
        };
        if TEMP && container.ptr().as_ref().refs() == 1 {
            return subscript_slow(pc, fp, consts, vm);
        }
        jump_unless_counted!(word, !PEEK, subscript_slow(pc, fp, consts, vm));
        if TEMP {
            give_up(fp, b(pc));
        }
        if LOCAL {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
        }
        put(fp, a(pc), word);
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

/// The same where `b` is no list or tuple that has the item. (What looks further keeps registers; whose turn it is, is told here, where
/// there are none to keep.)
#[inline(never)]
unsafe extern "C" fn subscript_other<
    const KEY: usize,
    const TEMP: bool,
    const PEEK: bool,
    const LOCAL: bool,
>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let container = reg(fp, b(pc));
        if !container.is_ptr() {
            return subscript_slow(pc, fp, consts, vm);
        }
        let shape = container.shape();
        if shape == Layout::Dict.shape() {
            return subscript_dict::<KEY, TEMP, PEEK, LOCAL, true>(pc, fp, consts, vm);
        } else if Layout::Str.is_exact(shape) {
            return subscript_text::<KEY, TEMP, LOCAL>(pc, fp, consts, vm);
        } else if is_instance(container) {
            return subscript_slow(pc, fp, consts, vm);
        } else if shape.is_of(Layout::Dict) {
            return subscript_dict::<KEY, TEMP, PEEK, LOCAL, false>(pc, fp, consts, vm);
        }
        subscript_plain::<KEY, TEMP, LOCAL>(pc, fp, consts, vm)
    }
}

/// The same where `b` is a str of characters below 256, whose strs live as long as the Vm.
#[inline(never)]
unsafe extern "C" fn subscript_text<const KEY: usize, const TEMP: bool, const LOCAL: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above; the caller has looked at the shape.
    unsafe {
        let (container, key) = (reg(fp, b(pc)), key_of::<KEY>(pc, fp, consts));
        if (KEY == IMMEDIATE || key.is_int())
            && let Chars::One(chars) = (*(container.0 as *const Str)).chars()
            && let Some(at) = place::<KEY>(key, chars.len())
            && !(TEMP && container.refs() == 1)
        {
            let known = (&(*vm).latin1)[usize::from(chars[at])].word();
            if TEMP {
                give_up(fp, b(pc));
            }
            if LOCAL {
                jump_overwrite!(pc, 1, fp, consts, vm, a(pc), known)
            }
            put(fp, a(pc), known);
            jump_next!(pc.wrapping_add(1), fp, consts, vm)
        }
        subscript_plain::<KEY, TEMP, LOCAL>(pc, fp, consts, vm)
    }
}

/// Whether an object is a dict whose class takes `b[c]` (or `b[c] = a`) as dict itself does.
#[inline(always)]
unsafe fn takes_as_dict<const STORES: bool>(container: Word, vm: *const Vm) -> bool {
    // SAFETY: a shape's type lives as long as its objects.
    unsafe {
        let shape = container.shape();
        if shape == Layout::Dict.shape() {
            return true;
        }
        if !shape.is_of(Layout::Dict) {
            return false;
        }
        let Some(ty) = (*vm).shapes.get(shape).ty.get().as_ref() else { return false };
        let (own, dict) = (ty.slots(), (*vm).types.dict.slots());
        if STORES { own.setitem() == dict.setitem() } else { own.getitem() == dict.getitem() }
    }
}

/// The item of the unit at `pc`, if its container is a dict (`EXACT`: it is one) that has the key at hand, or the place for it; and whether the key is given
/// up. Nothing is known too where an operand would die of being given up.
#[inline(always)]
unsafe fn look_at_hand<'a, const KEY: usize, const TEMP: bool, const STORES: bool, const EXACT: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) -> (Quick<'a>, bool) {
    // SAFETY: operands are registers and constants of the frame; a shape says what the payload is.
    unsafe {
        let (container, key) = (reg(fp, b(pc)), key_of::<KEY>(pc, fp, consts));
        if !EXACT && (!container.is_ptr() || !takes_as_dict::<STORES>(container, vm)) {
            return (Quick::Unknown, false);
        }
        let owns = KEY == REGISTER && key.is_ptr() && key_is_temp(pc, vm);
        if TEMP && container.refs() == 1 {
            return (Quick::Unknown, false);
        }
        match (*(container.0 as *const Dict)).quick_look(key) {
            Quick::Item(_) if owns && key.refs() == 1 => (Quick::Unknown, false),
            found => (found, owns),
        }
    }
}

/// Gives up what [`look_at_hand`] has found to be in temporaries.
#[inline(always)]
unsafe fn give_up_operands<const TEMP: bool>(pc: *mut u64, fp: *mut Value, owns: bool) {
    // SAFETY: neither is the last reference.
    unsafe {
        if owns {
            give_up(fp, c(pc));
        }
        if TEMP {
            give_up(fp, b(pc));
        }
    }
}

/// The same where `b` is a dict (`EXACT`), or one of a subclass, which has the key at hand.
#[inline(never)]
unsafe extern "C" fn subscript_dict<
    const KEY: usize,
    const TEMP: bool,
    const PEEK: bool,
    const LOCAL: bool,
    const EXACT: bool,
>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above; a shape says what the payload is.
    unsafe {
        let (Quick::Item(item), owns) = look_at_hand::<KEY, TEMP, false, EXACT>(pc, fp, consts, vm) else {
            return subscript_plain::<KEY, TEMP, LOCAL>(pc, fp, consts, vm);
        };
        let word = item.word();
        jump_unless_counted!(word, !PEEK, subscript_slow(pc, fp, consts, vm));
        give_up_operands::<TEMP>(pc, fp, owns);
        if LOCAL {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
        }
        put(fp, a(pc), word);
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

/// The same where `b` is of a builtin or native type that gives the item at once.
#[inline(never)]
unsafe extern "C" fn subscript_plain<const KEY: usize, const TEMP: bool, const LOCAL: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    #[inline(never)]
    unsafe fn ask(vm: *const Vm, container: *const Value, key: Word) -> Word {
        // SAFETY: the live Vm, a register, and a key that the instruction keeps.
        unsafe { quick_item(&*vm, &*container, &Borrowed::new(key)).map_or(Word::UNBOUND, Value::into_word) }
    }
    // SAFETY: as above.
    unsafe {
        let (container, key) = (reg(fp, b(pc)), key_of::<KEY>(pc, fp, consts));
        let owns = KEY == REGISTER && key.is_ptr() && key_is_temp(pc, vm);
        // An instance of a class is none of those, nor is there an item at a slice.
        if !container.is_ptr()
            || is_instance(container)
            || (key.is_ptr() && key.shape() == Layout::Slice.shape())
            || (TEMP && container.refs() == 1)
            || (owns && key.refs() == 1)
        {
            return subscript_slow(pc, fp, consts, vm);
        }
        (*(*vm).thread.stacks.frame.get()).pc = pc;
        let word = ask(vm, fp.add(b(pc)), key);
        let (pc, fp, consts) = super::state(vm);
        if word.is_unbound() {
            return subscript_slow(pc, fp, consts, vm);
        }
        if owns {
            give_up(fp, c(pc));
        }
        if TEMP {
            give_up(fp, b(pc));
        }
        if LOCAL {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
        }
        put(fp, a(pc), word);
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

macro_rules! subscript_cell {
    ($name:ident, $slow:ident, $share:expr) => {
        /// `a = b[c]`, where `b` is a cell that holds a list or tuple, and `c` an index in a local: what the cell holds is looked at
        /// where it is.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers; a shape says what the payload is.
            unsafe {
                let cell = reg(fp, b(pc));
                if cell.is_ptr() && cell.shape() == Layout::Cell.shape() {
                    let container = (*(cell.0 as *const CellObj)).content.word();
                    if let Some(word) = quick::<REGISTER>(container, reg(fp, c(pc))) {
                        jump_unless_counted!(word, $share, $slow(pc, fp, consts, vm));
                        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
                    }
                }
                $slow(pc, fp, consts, vm)
            }
        }
    };
}
subscript_cell!(subscript_cell, subscript_cell_slow, true);
subscript_cell!(subscript_cell_peek, subscript_cell_slow, false);

macro_rules! loads {
    ($key:ident) => { [loads!($key false), loads!($key true)] };
    ($key:ident $temp:literal) => { [loads!($key $temp false), loads!($key $temp true)] };
    ($key:ident $temp:literal $peek:literal) => {
        [subscript::<$key, $temp, $peek, false>, subscript::<$key, $temp, $peek, true>]
    };
}
/// Handlers of loads, by the parts of [`SUBSCRIPT`].
pub const LOADS: [[[[Handler; 2]; 2]; 2]; 3] = [loads!(REGISTER), loads!(CONSTANT), loads!(IMMEDIATE)];

switch! { subscript_slow, super::specials::item_or_ask; }
helper! {
    subscript_cell_slow, 1, item_of_cell;
    store_slow, 1, super::stores::store;
    delete_subscr, 1, super::stores::delete;
    binary_slice, 1, super::slices::slice;
    step_slice, 1, super::slices::stepped_slice;
    store_slice, 1, super::slices::set_slice;
}

/// Calls `then` with the key of a subscript, wherever it is.
pub(super) fn with_key<T>(at: &At<'_>, key: usize, then: impl FnOnce(&Value) -> Res<T>) -> Res<T> {
    match key {
        REGISTER if at.is_temp(at.c()) => then(&at.reg(at.c()).take()),
        REGISTER => then(at.reg(at.c())),
        CONSTANT => then(&Borrowed::new(at.run().consts[at.c()])),
        _ => then(&Value::small(at.c() as i64)),
    }
}

fn item_of_cell(at: At<'_>) -> Res<()> {
    // What the load of the cell would say, it says at its own place.
    let load = InstrIndex(at.run().instr_at(at.pc).0.saturating_sub(2));
    let container =
        super::names::content(&at, at.b()).inspect_err(|_| at.vm.thread.error_instr.set(load))?.clone();
    let value = at.vm.get_item(&container, at.reg(at.c()))?;
    at.give(value)
}

/// The item of any container.
pub(super) fn item(at: At<'_>) -> Res<()> {
    let [key, _, peeks, _] = SUBSCRIPT.parts(at.opcode());
    if key == REGISTER {
        share_operands(&at, (at.b(), 1), (at.c(), 0));
    }
    let container = at.reg(at.b());
    let value = with_key(&at, key, |key| {
        // A number is copied for who only looks; boxing it would be for nobody.
        // SAFETY: both are alive.
        match unsafe { quick::<REGISTER>(container.word(), key.word()) } {
            Some(word) if peeks == 1 && word.is_number() => Ok(Value::immediate(word)),
            _ => at.vm.get_item(container, key),
        }
    })?;
    at.release(at.b());
    at.give(value)
}

/// `b[c] = a`
unsafe extern "C" fn store_item<const KEY: usize, const TEMP: bool, const FROM: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: operands are registers of the frame.
    unsafe {
        let container = reg(fp, b(pc));
        let mut key = key_of::<KEY>(pc, fp, consts);
        if KEY == REGISTER && key.is_ptr() {
            key = boxed_key(pc, key, vm);
        }
        if !container.is_ptr()
            || (KEY != IMMEDIATE && !key.is_int())
            || container.shape() != Layout::List.shape()
        {
            return store_in_dict::<KEY, TEMP, FROM>(pc, fp, consts, vm);
        }
        let list = &*(container.0 as *const List);
        let Some(at) = place::<KEY>(key, list.len()) else { return store_slow(pc, fp, consts, vm) };
        let value = reg(fp, a(pc));
        if TEMP && container.ptr().as_ref().refs() == 1 {
            return store_slow(pc, fp, consts, vm);
        }
        if FROM == MOVED {
            put(fp, a(pc), Word::UNBOUND);
        } else {
            jump_unless_counted!(value, FROM == SHARED, super::moves::box_source(pc, fp, consts, vm));
        }
        if TEMP {
            give_up(fp, b(pc));
        }
        let old = list.slot_unchecked(at).replace(Value::from_word(value)).into_word();
        if old.is_ptr() && old.ptr().as_ref().decref() {
            super::run::set_dead(vm, old);
            return super::run::release_dead(pc.wrapping_add(1), fp, consts, vm);
        }
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

/// The same where `b` is a dict that has the key, which is found at once.
#[inline(never)]
unsafe extern "C" fn store_in_dict<const KEY: usize, const TEMP: bool, const FROM: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above; a shape says what the payload is.
    unsafe {
        let (slot, owns) = match look_at_hand::<KEY, TEMP, true, false>(pc, fp, consts, vm) {
            (Quick::Item(slot), owns) => (slot, owns),
            (Quick::Free(slot, hash), _)
                if add_to_dict::<KEY, TEMP, FROM>(pc, fp, consts, vm, slot, hash) =>
            {
                jump_next!(pc.wrapping_add(1), fp, consts, vm)
            }
            _ => {
                let container = reg(fp, b(pc));
                if container.is_ptr() && container.shape() == Layout::Dict.shape() {
                    return store_slow(pc, fp, consts, vm);
                }
                return store_copied::<KEY, TEMP, FROM>(pc, fp, consts, vm);
            }
        };
        let value = reg(fp, a(pc));
        if FROM == MOVED {
            put(fp, a(pc), Word::UNBOUND);
        } else {
            jump_unless_counted!(value, FROM == SHARED, super::moves::box_source(pc, fp, consts, vm));
        }
        let old = slot.replace(Value::from_word(value)).into_word();
        give_up_operands::<TEMP>(pc, fp, owns);
        if old.is_ptr() && old.ptr().as_ref().decref() {
            super::run::set_dead(vm, old);
            return super::run::release_dead(pc.wrapping_add(1), fp, consts, vm);
        }
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

/// Adds an entry to the dict `b` in a place that was found for it, if there is room, and nothing needs a box; whether it did.
#[inline(never)]
unsafe fn add_to_dict<const KEY: usize, const TEMP: bool, const FROM: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
    slot: usize,
    hash: i64,
) -> bool {
    // SAFETY: as above; words of registers and constants are alive, and the entry gets the temporaries' references or its own.
    unsafe {
        let (container, key, value) = (reg(fp, b(pc)), key_of::<KEY>(pc, fp, consts), reg(fp, a(pc)));
        if key.needs_box() || (FROM == SHARED && value.needs_box()) {
            return false;
        }
        let dict = &*(container.0 as *const Dict);
        if !dict.has_room() {
            return false;
        }
        if KEY == REGISTER && key.is_ptr() && key_is_temp(pc, vm) {
            put(fp, c(pc), Word::UNBOUND);
        } else {
            key.incref();
        }
        if FROM == MOVED {
            put(fp, a(pc), Word::UNBOUND);
        } else {
            value.incref();
        }
        dict.fill(slot, Entry { hash, key: Value::from_word(key), value: Value::from_word(value) });
        if TEMP {
            give_up(fp, b(pc));
        }
        true
    }
}

/// The same where `b` is of a builtin or native type that copies a number into the place of an item.
#[inline(never)]
unsafe extern "C" fn store_copied<const KEY: usize, const TEMP: bool, const FROM: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    #[inline(never)]
    unsafe fn ask(vm: *const Vm, container: *const Value, index: i64, value: *const Value) -> bool {
        // SAFETY: the live Vm, and registers.
        let (vm, container, value) = unsafe { (&*vm, &*container, &*value) };
        match container.exact::<ByteArray>() {
            Some(bytes) => bytes.put(index, value),
            None => vm.native_store(container, index, value),
        }
    }
    // SAFETY: as above.
    unsafe {
        let container = reg(fp, b(pc));
        let mut key = key_of::<KEY>(pc, fp, consts);
        if KEY == REGISTER && key.is_ptr() {
            key = boxed_key(pc, key, vm);
        }
        // A value that dies is given up elsewhere.
        let value = reg(fp, a(pc));
        if !container.is_ptr()
            || !key.is_int()
            || (TEMP && container.refs() == 1)
            || (FROM == MOVED && value.is_ptr() && value.refs() == 1)
        {
            return store_slow(pc, fp, consts, vm);
        }
        (*(*vm).thread.stacks.frame.get()).pc = pc;
        let stored = ask(vm, fp.add(b(pc)), key.int(), fp.add(a(pc)));
        let (pc, fp, consts) = super::state(vm);
        if !stored {
            return store_slow(pc, fp, consts, vm);
        }
        if FROM == MOVED {
            if reg(fp, a(pc)).is_ptr() {
                give_up(fp, a(pc));
            }
            put(fp, a(pc), Word::UNBOUND);
        }
        if TEMP {
            give_up(fp, b(pc));
        }
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

macro_rules! stores {
    ($key:ident) => { [stores!($key false), stores!($key true)] };
    ($key:ident $temp:literal) => {
        [store_item::<$key, $temp, SHARED>, store_item::<$key, $temp, LAST>, store_item::<$key, $temp, MOVED>]
    };
}
/// Handlers of stores, by the parts of `STORE`.
pub const STORES: [[[Handler; 3]; 2]; 3] = [stores!(REGISTER), stores!(CONSTANT), stores!(IMMEDIATE)];
