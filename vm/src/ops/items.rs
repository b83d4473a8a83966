//! Subscripts and slices.

use super::moves::overwrite;
use super::{At, a, b, c, helper, konst, next, put, reg};
use crate::object::Layout;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// The item of a list or tuple at an immediate int, if there is one.
#[inline(always)]
unsafe fn quick(container: Word, key: Word) -> Option<Word> {
    if !container.is_ptr() || !key.is_int() {
        return None;
    }
    let shape = container.shape();
    // SAFETY: the shape says what the payload is.
    unsafe {
        if shape == Layout::List.shape() {
            let list = &*(container.0 as *const List);
            let mut at = key.int();
            if at < 0 {
                at += list.len() as i64;
            }
            if (at as u64) < list.len() as u64 {
                return Some(list.word(at as usize));
            }
        } else if shape == Layout::Tuple.shape() {
            let tuple = &*(container.0 as *const Tuple);
            let mut at = key.int();
            if at < 0 {
                at += tuple.items().len() as i64;
            }
            if (at as u64) < tuple.items().len() as u64 {
                return Some(tuple.items().get_unchecked(at as usize).word());
            }
        }
    }
    None
}

/// Gives up a container in a temporary, if somebody else holds it too; `false` if this was the last reference.
#[inline(always)]
unsafe fn give_up(fp: *mut Value, index: usize, container: Word) -> bool {
    // SAFETY: the container is alive, and the temporary owns one of its references.
    unsafe {
        let header = container.ptr().as_ref();
        if header.refs() == 1 {
            return false;
        }
        let _ = header.decref();
        put(fp, index, Word::UNBOUND);
        true
    }
}

macro_rules! subscript {
    ($name:ident, $slow:ident, $share:expr, $constant:expr, $temp:expr) => {
        /// `a = b[c]`
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers and constants of the frame.
            unsafe {
                let key = if $constant { konst(consts, c(pc)) } else { reg(fp, c(pc)) };
                let container = reg(fp, b(pc));
                if let Some(word) = quick(container, key)
                    && !($share && word.needs_box())
                {
                    word.incref();
                    if !$temp {
                        overwrite!(pc, 1, fp, consts, vm, a(pc), word)
                    }
                    if give_up(fp, b(pc), container) {
                        overwrite!(pc, 1, fp, consts, vm, a(pc), word)
                    }
                    // The slow path does it again, and lets the container go.
                    if word.is_ptr() {
                        let _ = word.ptr().as_ref().decref();
                    }
                }
                $slow(pc, fp, consts, vm)
            }
        }
    };
}
subscript!(subscr, subscr_slow, true, false, false);
subscript!(subscr_peek, subscr_peek_slow, false, false, false);
subscript!(subscr_k, subscr_k_slow, true, true, false);
subscript!(subscr_k_peek, subscr_k_peek_slow, false, true, false);
subscript!(subscr_t, subscr_slow, true, false, true);
subscript!(subscr_t_peek, subscr_peek_slow, false, false, true);
subscript!(subscr_t_k, subscr_k_slow, true, true, true);
subscript!(subscr_t_k_peek, subscr_k_peek_slow, false, true, true);

helper! {
    subscr_slow, 1, item;
    subscr_peek_slow, 1, item_peek;
    subscr_k_slow, 1, item_k;
    subscr_k_peek_slow, 1, item_k_peek;
    store_subscr_slow, 1, store;
    store_subscr_last_slow, 1, store_last;
    delete_subscr, 1, delete;
    binary_slice, 1, slice;
    store_slice, 1, set_slice;
}

fn item_with(at: &At<'_>, key: &Value, peeks: bool) -> Res<()> {
    let container = at.reg(at.b());
    let value = 'found: {
        if peeks {
            // A number is copied; boxing it would be for nobody.
            // SAFETY: both are alive.
            if let Some(word) = unsafe { quick(container.word(), key.word()) }
                && word.is_number()
            {
                break 'found Value::immediate(word);
            }
        }
        at.vm.get_item(container, key)?
    };
    at.release(at.b());
    at.give(value)
}
fn item(at: At<'_>) -> Res<()> {
    let key = at.c();
    if at.is_temp(key) {
        let key = at.reg(key).take();
        return item_with(&at, &key, false);
    }
    item_with(&at, at.reg(key), false)
}
fn item_peek(at: At<'_>) -> Res<()> {
    let key = at.c();
    if at.is_temp(key) {
        let key = at.reg(key).take();
        return item_with(&at, &key, true);
    }
    item_with(&at, at.reg(key), true)
}
fn item_k(at: At<'_>) -> Res<()> {
    item_with(&at, &Borrowed::new(at.run().consts[at.c()].word()), false)
}
fn item_k_peek(at: At<'_>) -> Res<()> {
    item_with(&at, &Borrowed::new(at.run().consts[at.c()].word()), true)
}

/// Where the value of a store comes from.
const SHARED: u8 = 0;
const LAST: u8 = 1;
const MOVED: u8 = 2;

macro_rules! store_item {
    ($name:ident, $slow:ident, $from:expr, $temp:expr) => {
        /// `b[c] = a`
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers of the frame.
            unsafe {
                let (container, key) = (reg(fp, b(pc)), reg(fp, c(pc)));
                if container.is_ptr() && key.is_int() && container.shape() == Layout::List.shape() {
                    let list = &*(container.0 as *const List);
                    let mut at = key.int();
                    if at < 0 {
                        at += list.len() as i64;
                    }
                    let value = reg(fp, a(pc));
                    if $from == SHARED && value.needs_box() {
                        return super::moves::box_source(pc, fp, consts, vm);
                    }
                    if (at as u64) < list.len() as u64 && (!$temp || give_up(fp, b(pc), container)) {
                        if $from == MOVED {
                            put(fp, a(pc), Word::UNBOUND);
                        } else {
                            value.incref();
                        }
                        let old = list.slot(at as usize).replace(Value::from_word(value)).into_word();
                        if old.is_ptr() && old.ptr().as_ref().decref() {
                            super::run::set_dead(vm, old);
                            return super::run::release_dead(pc.wrapping_add(1), fp, consts, vm);
                        }
                        next!(pc.wrapping_add(1), fp, consts, vm)
                    }
                }
                $slow(pc, fp, consts, vm)
            }
        }
    };
}
store_item!(store_subscr, store_subscr_slow, SHARED, false);
store_item!(store_subscr_last, store_subscr_last_slow, LAST, false);
store_item!(store_subscr_move, store_subscr_slow, MOVED, false);
store_item!(store_subscr_t, store_subscr_slow, SHARED, true);
store_item!(store_subscr_t_last, store_subscr_last_slow, LAST, true);
store_item!(store_subscr_t_move, store_subscr_slow, MOVED, true);

fn store_with(at: &At<'_>, last: bool) -> Res<()> {
    let (src, target, key) = (at.a(), at.b(), at.c());
    let value = match at.reg(src) {
        slot if at.is_temp(src) => slot.take(),
        slot if last && slot.word().is_number() => Value::immediate(slot.word()),
        slot => slot.clone(),
    };
    let container = at.reg(target);
    match container.exact::<Dict>() {
        Some(dict) => dict.set_item(at.vm, at.reg(key), value)?,
        None => match container.exact::<List>() {
            Some(list) if at.reg(key).word().is_int() => {
                let len = list.len() as i64;
                let index = at.reg(key).word().int();
                let index = if index < 0 { index + len } else { index };
                if !(0..len).contains(&index) {
                    return Err(at.vm.index_error("list assignment index out of range"));
                }
                list.slot(index as usize).set(value);
            }
            _ => at.vm.set_item(container, at.reg(key), &value)?,
        },
    }
    at.release(key);
    at.release(target);
    Ok(())
}
fn store(at: At<'_>) -> Res<()> {
    store_with(&at, false)
}
fn store_last(at: At<'_>) -> Res<()> {
    store_with(&at, true)
}
fn delete(at: At<'_>) -> Res<()> {
    let first = at.b();
    at.vm.del_item(at.reg(first), at.reg(first + 1))?;
    at.release(first + 1);
    at.release(first);
    Ok(())
}
/// The bounds of a slice without a step, of a sequence of `len` items; `None` if they are no small ints.
fn plain_bounds(start: &Value, stop: &Value, len: usize) -> Option<(usize, usize)> {
    let bound = |value: &Value, missing: i64| {
        let word = value.word();
        if value.is_none() {
            Some(missing)
        } else if word.is_int() {
            Some(word.int())
        } else {
            None
        }
    };
    let len = len as i64;
    let place = |at: i64| (if at < 0 { at + len } else { at }).clamp(0, len);
    let (start, stop) = (place(bound(start, 0)?), place(bound(stop, len)?));
    Some((start as usize, stop.max(start) as usize))
}

fn slice(at: At<'_>) -> Res<()> {
    let first = at.b();
    if let Some(list) = at.reg(first).exact::<List>()
        && let Some((start, stop)) = plain_bounds(at.reg(first + 1), at.reg(first + 2), list.len())
    {
        let made = at.vm.new_list_from(&list.items()[start..stop])?;
        at.release(first);
        return at.give(made);
    }
    if let Some(tuple) = at.reg(first).exact::<Tuple>()
        && let Some((start, stop)) = plain_bounds(at.reg(first + 1), at.reg(first + 2), tuple.items().len())
        && stop - start < tuple.items().len()
    {
        let items = &tuple.items()[start..stop];
        let made = at.vm.tuple_from_iter(items.len(), |i| items[i].clone())?;
        at.release(first);
        return at.give(made);
    }
    let key = at.vm.new_slice(at.reg(first + 1).take(), at.reg(first + 2).take(), Value::NONE)?;
    let value = at.vm.get_item(at.reg(first), &key)?;
    at.release(first);
    at.give(value)
}
fn set_slice(at: At<'_>) -> Res<()> {
    let first = at.b();
    // As many items of one list for as many of another: nothing moves.
    if let (Some(source), Some(list)) = (at.reg(first).exact::<List>(), at.reg(first + 1).exact::<List>())
        && !std::ptr::eq(source, list)
        && let Some((start, stop)) = plain_bounds(at.reg(first + 2), at.reg(first + 3), list.len())
        && source.len() == stop - start
    {
        for i in 0..source.len() {
            // Dropping an old item may run code that changes either list.
            if i >= source.len() || start + i >= list.len() {
                break;
            }
            list.slot(start + i).set(source.slot(i).clone());
        }
        at.release(first);
        at.release(first + 1);
        return Ok(());
    }
    let key = at.vm.new_slice(at.reg(first + 2).take(), at.reg(first + 3).take(), Value::NONE)?;
    at.vm.set_item(at.reg(first + 1), &key, at.reg(first))?;
    at.release(first);
    at.release(first + 1);
    Ok(())
}
