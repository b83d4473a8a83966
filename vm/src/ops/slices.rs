//! Slices: what `b[c:d]` and `b[c:d:e]` give, and `b[c:d] = a`. Lists, tuples and strs with bounds that are small ints need no slice
//! object.

use super::At;
use crate::raised::Res;
use crate::types::list::List;
use crate::types::slice::Slice;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::{Borrowed, Value};
use crate::vm::Vm;

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

/// A bound's word; it is given up.
fn take_bounds<const N: usize>(at: &At<'_>) -> [Value; N] {
    std::array::from_fn(|i| at.reg(at.c() + i).take())
}

/// The part of a list, tuple or str between two bounds; nothing if it is something else, or they are no small ints.
#[inline]
fn part(vm: &Vm, container: &Value, start: &Value, stop: &Value) -> Option<Res> {
    if let Some(list) = container.exact::<List>() {
        let (start, stop) = plain_bounds(start, stop, list.len())?;
        return Some(vm.new_list_from(&list.items()[start..stop]));
    }
    if let Some(text) = container.exact::<Str>() {
        let (start, stop) = plain_bounds(start, stop, text.len())?;
        let whole = stop - start == text.len();
        return Some(if whole { Ok(container.clone()) } else { vm.str_slice(text, start, stop) });
    }
    let items = container.exact::<Tuple>()?.items();
    let (start, stop) = plain_bounds(start, stop, items.len())?;
    if stop - start == items.len() {
        return Some(Ok(container.clone()));
    }
    let items = &items[start..stop];
    Some(vm.tuple_from_iter(items.len(), |i| items[i].clone()))
}

/// `a = b[c : c + 1]`
pub(super) fn slice(at: At<'_>) -> Res<()> {
    let (vm, container) = (at.vm, at.reg(at.b()));
    let made = match part(vm, container, at.reg(at.c()), at.reg(at.c() + 1)) {
        Some(made) => made?,
        None => {
            let [start, stop] = take_bounds(&at);
            let key = vm.new_slice(start, stop, Value::NONE)?;
            vm.get_item(container, &key)?
        }
    };
    at.release(at.b());
    at.give(made)
}

/// `a = b[c]`, where `c` is a constant, and a slice without a step; `false`, and nothing done, where it is none or takes more.
#[inline]
pub(super) fn constant_slice(at: &At<'_>) -> Res<bool> {
    let key = Borrowed::new(at.run().consts[at.c()]);
    let Some(slice) = key.exact::<Slice>().filter(|slice| slice.step.is_none()) else { return Ok(false) };
    let Some(made) = part(at.vm, at.reg(at.b()), &slice.start, &slice.stop) else { return Ok(false) };
    at.release(at.b());
    at.give(made?)?;
    Ok(true)
}

/// `a = b[c : c + 1 : c + 2]`
pub(super) fn stepped_slice(at: At<'_>) -> Res<()> {
    let (vm, container) = (at.vm, at.reg(at.b()));
    let parts = at.regs(at.c(), 3);
    let made = if let Some(list) = container.exact::<List>()
        && let Some(walk) = crate::types::slice::small_walk(parts, list.len())
    {
        vm.new_list_walk(list, walk)?
    } else {
        let [start, stop, step] = take_bounds(&at);
        let key = vm.new_slice(start, stop, step)?;
        vm.get_item(container, &key)?
    };
    at.release(at.b());
    at.give(made)
}

/// `b[c : c + 1] = a`
pub(super) fn set_slice(at: At<'_>) -> Res<()> {
    let (vm, value, container) = (at.vm, at.reg(at.a()), at.reg(at.b()));
    // As many items of one list for as many of another: nothing moves.
    if let (Some(source), Some(list)) = (value.exact::<List>(), container.exact::<List>())
        && !std::ptr::eq(source, list)
        && let Some((start, stop)) = plain_bounds(at.reg(at.c()), at.reg(at.c() + 1), list.len())
        && source.len() == stop - start
    {
        if at.is_temp(at.a()) && value.word().refs() == 1 {
            // Nobody else has the source: they change places, and the old items go with it.
            list.exchange(start, source);
        } else {
            for i in 0..source.len() {
                // Dropping an old item may run code that changes either list.
                if i >= source.len() || start + i >= list.len() {
                    break;
                }
                list.slot(start + i).set(source.slot(i).clone());
            }
        }
    } else {
        let [start, stop] = take_bounds(&at);
        let key = vm.new_slice(start, stop, Value::NONE)?;
        vm.set_item(container, &key, value)?;
    }
    at.release(at.a());
    at.release(at.b());
    Ok(())
}
