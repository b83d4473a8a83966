//! Slices: what `b[c:d]` and `b[c:d:e]` give, and `b[c:d] = a`. Lists and tuples with bounds that are small ints need no slice object.

use super::At;
use crate::raised::Res;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::Value;

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

/// `a = b[c : c + 1]`
pub(super) fn slice(at: At<'_>) -> Res<()> {
    let (vm, container) = (at.vm, at.reg(at.b()));
    let (start, stop) = (at.reg(at.c()), at.reg(at.c() + 1));
    let made = if let Some(list) = container.exact::<List>()
        && let Some((start, stop)) = plain_bounds(start, stop, list.len())
    {
        vm.new_list_from(&list.items()[start..stop])?
    } else if let Some(tuple) = container.exact::<Tuple>()
        && let Some((start, stop)) = plain_bounds(start, stop, tuple.items().len())
        && stop - start < tuple.items().len()
    {
        let items = &tuple.items()[start..stop];
        vm.tuple_from_iter(items.len(), |i| items[i].clone())?
    } else {
        let [start, stop] = take_bounds(&at);
        let key = vm.new_slice(start, stop, Value::NONE)?;
        vm.get_item(container, &key)?
    };
    at.release(at.b());
    at.give(made)
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
