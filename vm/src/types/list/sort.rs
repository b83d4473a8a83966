//! Sorting a list: what `sort` does around the merge sort of `merge.rs`.
//!
//! While the sort runs the list is empty and marked, so that a change by a key function or a comparison is noticed.
//! Elements are plain words (or pairs of key and value), moved about without counting. Numbers that Python code might see
//! get their boxes beforehand: no bits change while copies of them are under way.

use std::cmp::Ordering;

use ryokan_bytecode::CompareOp;

use super::merge::merge_sort;
use super::ranks::{self, sort_by_rank};
use super::{Keyed, List, SORTING, str_less};
use crate::object::Ref;
use crate::raised::Res;
use crate::types::int::unbox_word;
use crate::types::plain::{int_to_float, quick_order, quick_tuple_order};
use crate::types::str::{Str, order};
use crate::types::tuple::Tuple;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// Sorts a list, the smallest first. Runs Python.
pub fn sort_plainly(vm: &Vm, list: &Value) -> Res<()> {
    sort_by(vm, list, None, false)
}

/// Sorts a list by a key of each item, or by the items. Runs Python.
pub fn sort_by(vm: &Vm, list: &Value, key: Option<&Value>, reverse: bool) -> Res<()> {
    match Ref::<List>::from_value(list.clone()) {
        Ok(list) => sort(vm, &list, key, reverse),
        Err(_) => Err(vm.system_error("a list is to be sorted")),
    }
}

/// `list.sort(key=key, reverse=reverse)`
pub fn sort(vm: &Vm, list: &Ref<List>, key: Option<&Value>, reverse: bool) -> Res<()> {
    vm.work_on_bytes(list.len() * 16 * list.len().max(1).ilog2() as usize)?;
    let mut buffer = list.take_buffer();
    list.items.set(SORTING);
    let words = buffer.words();
    let sorted = match key {
        None => sort_words(vm, words, reverse),
        Some(key) => sort_by_key(vm, words, key, reverse),
    };
    let touched = list.items.get() != SORTING;
    let meanwhile = list.take_buffer();
    list.items.set(buffer.items);
    list.len.set(buffer.len as u32);
    list.room.set(buffer.room as u32);
    meanwhile.free(list.heap());
    sorted?;
    if touched { Err(vm.value_error("list modified during sort")) } else { Ok(()) }
}

fn sort_words(vm: &Vm, words: &mut [Word], reverse: bool) -> Res<()> {
    if words.len() < 2 {
        return Ok(());
    }
    let kind = kind_of(words.iter().copied());
    match kind {
        // Equal ones have equal bits: nobody can tell their order. Words of ints sort as their ints do.
        Kind::Ints if !words.iter().any(|word| word.is_ptr()) => {
            match reverse {
                true => words.sort_unstable_by_key(|w| std::cmp::Reverse(w.0 as i64)),
                false => words.sort_unstable_by_key(|w| w.0 as i64),
            }
            return Ok(());
        }
        Kind::Mixed => words.iter_mut().for_each(share),
        _ => {}
    }
    run(vm, words, kind, reverse, |w| *w)
}

fn sort_by_key(vm: &Vm, words: &mut [Word], key: &Value, reverse: bool) -> Res<()> {
    let mut keyed = Keyed(vm.vector(words.len())?);
    for word in words.iter_mut() {
        share(word);
        keyed.push(vm.call(key, &[Borrowed::new(*word).clone()])?);
    }
    let pairs = keyed.pairs();
    let kind = kind_of(pairs.iter().map(|p| p.0));
    if kind == Kind::Mixed {
        pairs.iter_mut().for_each(|pair| share(&mut pair.0));
    }
    sort_keyed(vm, words, pairs, kind, reverse)
}

/// Sorts words by keys, of which there are as many.
fn sort_keyed(vm: &Vm, words: &mut [Word], pairs: &mut [(Word, Word)], kind: Kind, reverse: bool) -> Res<()> {
    for (pair, word) in pairs.iter_mut().zip(words.iter()) {
        pair.1 = *word;
    }
    let sorted = run(vm, pairs, kind, reverse, |pair| pair.0);
    for (pair, word) in pairs.iter().zip(words.iter_mut()) {
        *word = pair.1;
    }
    sorted
}

/// Gives a number in an array its identity.
fn share(word: &mut Word) {
    if word.needs_box()
        && let Some(boxed) = word.boxed()
    {
        *word = boxed;
    }
}

// ---- what is compared ----------------------------------------------------------------------------------------------

/// What all keys are, in boxes or not, if that makes comparing them simple.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ints,
    Floats,
    /// Short ints and floats.
    Numbers,
    Strs,
    /// Pairs (or longer) whose comparison is left to the tuples; any other objects.
    Mixed,
}

fn kind_of(mut words: impl Iterator<Item = Word>) -> Kind {
    // The words are of live slots.
    let one = |word: Word| match unbox_word(word) {
        w if w.is_int() => Kind::Ints,
        w if w.is_float() => Kind::Floats,
        _ if word.is_ptr() && word.shape() == crate::object::Layout::Str.shape() => Kind::Strs,
        _ => Kind::Mixed,
    };
    let Some(first) = words.next() else { return Kind::Ints };
    let mut kind = one(first);
    for word in words {
        let next = one(word);
        kind = match (kind, next) {
            (a, b) if a == b => a,
            (Kind::Ints | Kind::Floats | Kind::Numbers, Kind::Ints | Kind::Floats) => Kind::Numbers,
            _ => return Kind::Mixed,
        };
    }
    kind
}

/// Sorts by a key of each element; the order of equal elements stays, also in reverse.
fn run<T: Copy>(vm: &Vm, items: &mut [T], kind: Kind, reverse: bool, key: impl Fn(&T) -> Word) -> Res<()> {
    if items.len() < 2 || ranked(vm, items, kind, reverse, &key)? {
        return Ok(());
    }
    if reverse {
        items.reverse();
    }
    let number = |item: &T| unbox_word(key(item));
    let sorted = match kind {
        Kind::Ints => merge_sort(vm, items, |a, b| Ok((number(a).0 as i64) < number(b).0 as i64)),
        Kind::Floats => merge_sort(vm, items, |a, b| Ok(number(a).float() < number(b).float())),
        Kind::Numbers => merge_sort(vm, items, |a, b| Ok(number_less(number(a), number(b)))),
        Kind::Strs => merge_sort(vm, items, |a, b| Ok(str_less(key(a), key(b)))),
        Kind::Mixed => merge_sort(vm, items, |a, b| {
            let (a, b) = (Borrowed::new(key(a)), Borrowed::new(key(b)));
            vm.compare_bool(&a, &b, CompareOp::Lt)
        }),
    };
    if reverse {
        items.reverse();
    }
    sorted
}

/// The same by ranks of the keys, where all have one; whether it was done.
fn ranked<T: Copy>(
    vm: &Vm,
    items: &mut [T],
    kind: Kind,
    reverse: bool,
    key: impl Fn(&T) -> Word,
) -> Res<bool> {
    let number = |item: &T| unbox_word(key(item));
    let equal = |_: &T, _: &T| Ordering::Equal;
    match kind {
        Kind::Ints => sort_by_rank(vm, items, reverse, true, |item| Some(number(item).int()), equal),
        Kind::Floats => {
            sort_by_rank(vm, items, reverse, true, |item| ranks::of_float(number(item).float()), equal)
        }
        // (A merge takes less room than ranks do.)
        Kind::Strs if items.len() <= ranks::MOST_TEXTS => {
            let tie = |a: &T, b: &T| {
                let (a, b) = (Borrowed::new(key(a)), Borrowed::new(key(b)));
                a.exact::<Str>().zip(b.exact::<Str>()).map_or(Ordering::Equal, |(a, b)| order(a, b))
            };
            sort_by_rank(vm, items, reverse, false, |item| ranks::of_text(key(item)), tie)
        }
        Kind::Strs | Kind::Numbers | Kind::Mixed => Ok(false),
    }
}

fn number_less(a: Word, b: Word) -> bool {
    match (a.is_int(), b.is_int()) {
        (true, true) => a.int() < b.int(),
        (false, false) => a.float() < b.float(),
        (true, false) => int_to_float(a.int(), b.float()) == Some(Ordering::Less),
        (false, true) => int_to_float(b.int(), a.float()) == Some(Ordering::Greater),
    }
}

/// Halves the items between two places, whose order says where a value belongs, as long as items and value can be compared like this:
/// gives the places that it lies between then.
pub fn narrow(items: &[Value], low: usize, high: usize, value: &Value, behind: bool) -> (usize, usize) {
    let word = unbox_word(value.word());
    // A number's item is a word that compares as it lies there, nearly always.
    if word.is_int() {
        return halve(items, low, high, |item| {
            let item = unbox_word(item.word());
            item.is_int().then(|| if behind { item.int() <= word.int() } else { item.int() < word.int() })
        });
    }
    if word.is_float() {
        return halve(items, low, high, |item| {
            let item = unbox_word(item.word());
            // What is asked is whether the value is below the item, which it is not where one is NaN.
            let below = || word.float().partial_cmp(&item.float()) == Some(Ordering::Less);
            item.is_float().then(|| if behind { !below() } else { item.float() < word.float() })
        });
    }
    if let Some(text) = value.exact::<Str>() {
        return halve(items, low, high, |item| {
            let order = order(item.exact::<Str>()?, text);
            Some(if behind { order.is_le() } else { order.is_lt() })
        });
    }
    if let Some(tuple) = value.exact::<Tuple>() {
        return halve(items, low, high, |item| {
            let order = quick_tuple_order(item.exact::<Tuple>()?, tuple)?;
            Some(if behind { order.is_le() } else { order.is_lt() })
        });
    }
    halve(items, low, high, |item| {
        quick_order(item, value).map(|order| if behind { order.is_le() } else { order.is_lt() })
    })
}

#[inline(always)]
fn halve(
    items: &[Value],
    mut low: usize,
    mut high: usize,
    before: impl Fn(&Value) -> Option<bool>,
) -> (usize, usize) {
    while low < high {
        let middle = low + (high - low) / 2;
        match items.get(middle).and_then(&before) {
            Some(true) => low = middle + 1,
            Some(false) => high = middle,
            None => break,
        }
    }
    (low, high)
}
