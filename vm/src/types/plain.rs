//! What can be told of builtin values at once: without running code, without giving a number an identity, without failing.
//!
//! Handlers ask here first, and so do containers where they look for an item. `None` says that the protocol must be asked: a value is of a
//! class of Python's, or too long or too deep to be looked at without a charge.

use std::cmp::Ordering;

use ryokan_bytecode::CompareOp;

use super::bytearray::ByteArray;
use super::bytes::Bytes;
use super::dict::{Dict, int_hash};
use super::int::unbox_word;
use super::list::List;
use super::set::{FrozenSet, Set, compare_plainly};
use super::str::{Str, find, order};
use super::tuple::{Tuple, hash_of};
use crate::object::{Layout, ShapeBits};
use crate::value::{Value, Word};
use crate::vm::Vm;

/// How deeply nested sequences are looked into.
const DEEP: usize = 4;
/// How many items of a sequence are looked at.
const LONG: usize = 64;

/// Whether two values are one or equal.
#[inline]
pub fn quick_equal(a: &Value, b: &Value) -> Option<bool> {
    let (x, y) = (a.word(), b.word());
    if x.is_int() && y.is_int() {
        return Some(x == y);
    }
    if a.is(b) {
        return Some(true);
    }
    if x.is_ptr() && y.is_ptr() {
        if let (Some(a), Some(b)) = (a.exact::<Str>(), b.exact::<Str>()) {
            return Some(a.equals(b));
        }
        if let (Some(a), Some(b)) = (a.exact::<Tuple>(), b.exact::<Tuple>()) {
            return equal_items(a.items(), b.items(), DEEP);
        }
    }
    equal_numbers(a, b)
}

/// The items of exactly a list or a tuple, as they are now: who walks by them and runs code asks anew for each.
#[inline]
pub fn items_at_hand(value: &Value) -> Option<&[Value]> {
    match value.exact::<List>() {
        Some(list) => Some(list.items()),
        None => value.exact::<Tuple>().map(Tuple::items),
    }
}

/// How many items at the beginning of two sequences are surely equal, for they are one: numbers of the same bits, or objects.
#[inline]
pub fn leading_equals(a: &[Value], b: &[Value]) -> usize {
    // (Of a float that may be NaN only its slot could tell.)
    a.iter().zip(b).take_while(|(x, y)| x.word() == y.word() && !x.word().is_float()).count()
}

/// How many items at the beginning of a sequence are surely not equal to a short int or a text; none of anything else.
pub fn leading_others(items: &[Value], needle: &Value) -> usize {
    let word = unbox_word(needle.word());
    if word.is_int() {
        let differs = |item: &&Value| {
            let item = unbox_word(item.word());
            item.is_int() && item != word
        };
        return items.iter().take_while(differs).count();
    }
    match needle.exact::<Str>() {
        Some(text) => {
            items.iter().take_while(|item| item.exact::<Str>().is_some_and(|item| !item.equals(text))).count()
        }
        None => 0,
    }
}

fn equal_numbers(a: &Value, b: &Value) -> Option<bool> {
    let (x, y) = (number(a.word()), number(b.word()));
    match (x.is_number(), y.is_number()) {
        (true, true) if x.is_int() && y.is_int() => Some(x == y),
        (true, true) if x.is_float() && y.is_float() => Some(x.float() == y.float()),
        (true, true) if x.is_int() => Some(int_is_float(x.int(), y.float())),
        (true, true) => Some(int_is_float(y.int(), x.float())),
        (true, false) => plain(b).then_some(false),
        (false, true) => plain(a).then_some(false),
        (false, false) => (plain(a) && plain(b)).then_some(false),
    }
}

/// Whether two sequences of one type are equal. Nothing runs meanwhile, so that their items stay.
#[inline(never)]
fn equal_items(a: &[Value], b: &[Value], deep: usize) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    if deep == 0 || a.len() > LONG {
        return None;
    }
    for (x, y) in a.iter().zip(b) {
        if x.word().is_int() && y.word().is_int() {
            if x.word() != y.word() {
                return Some(false);
            }
            continue;
        }
        let equal = match (x.exact::<Tuple>(), y.exact::<Tuple>()) {
            (Some(x), Some(y)) => equal_items(x.items(), y.items(), deep - 1)?,
            _ => quick_equal(x, y)?,
        };
        if !equal {
            return Some(false);
        }
    }
    Some(true)
}

/// The number that a word stands for, `True` and `False` included; other words as they are.
fn number(word: Word) -> Word {
    match word {
        Word::TRUE => Word::from_int(1),
        Word::FALSE => Word::from_int(0),
        _ => unbox_word(word),
    }
}

/// Whether a value equals no number and no constant that it is not.
fn plain(value: &Value) -> bool {
    value.word().is_special() || value.exact::<Str>().is_some()
}

fn int_is_float(int: i64, float: f64) -> bool {
    // The cast rounds, so it must be undone exactly; an immediate int is far from the ends of i64.
    int as f64 == float && float as i64 == int
}

/// An int of 62 bits against a float, exactly.
pub fn int_to_float(int: i64, float: f64) -> Option<Ordering> {
    const BEYOND: f64 = (1u64 << 62) as f64;
    if float.is_nan() {
        return None;
    }
    if float >= BEYOND {
        return Some(Ordering::Less);
    }
    if float <= -BEYOND {
        return Some(Ordering::Greater);
    }
    let whole = float.trunc();
    let order = int.cmp(&(whole as i64));
    Some(if order.is_eq() { 0.0f64.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal) } else { order })
}

/// The order of two values: numbers, strs, and tuples of them.
#[inline]
pub fn quick_order(a: &Value, b: &Value) -> Option<Ordering> {
    let (x, y) = (unbox_word(a.word()), unbox_word(b.word()));
    if x.is_int() && y.is_int() {
        return Some(x.int().cmp(&y.int()));
    }
    if x.is_float() && y.is_float() {
        return x.float().partial_cmp(&y.float());
    }
    order_in(a, b, DEEP)
}

/// The order of two tuples, from the first items that differ.
#[inline]
pub fn quick_tuple_order(a: &Tuple, b: &Tuple) -> Option<Ordering> {
    order_items(a.items(), b.items(), DEEP)
}

#[inline(never)]
fn order_in(a: &Value, b: &Value, deep: usize) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (a.exact::<Str>(), b.exact::<Str>()) {
        return Some(order(a, b));
    }
    let (x, y) = (unbox_word(a.word()), unbox_word(b.word()));
    if x.is_int() && y.is_int() {
        return Some(x.int().cmp(&y.int()));
    }
    if x.is_float() && y.is_float() {
        return x.float().partial_cmp(&y.float());
    }
    order_items(a.exact::<Tuple>()?.items(), b.exact::<Tuple>()?.items(), deep)
}

fn order_items(a: &[Value], b: &[Value], deep: usize) -> Option<Ordering> {
    // The first items that differ decide: an item is never looked for behind one that cannot be told.
    for (x, y) in a.iter().zip(b).take(LONG) {
        let (m, n) = (unbox_word(x.word()), unbox_word(y.word()));
        if m.is_int() && n.is_int() {
            if m != n {
                return Some(m.int().cmp(&n.int()));
            }
            continue;
        }
        match quick_equal(x, y) {
            Some(true) => {}
            _ if deep == 0 => return None,
            Some(false) => return order_in(x, y, deep - 1),
            None => match order_in(x, y, deep - 1)? {
                Ordering::Equal => {}
                order => return Some(order),
            },
        }
    }
    (a.len().min(b.len()) <= LONG).then(|| a.len().cmp(&b.len()))
}

/// The answer of a comparison.
pub fn quick_compare(a: &Value, b: &Value, op: CompareOp) -> Option<bool> {
    let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    if let (Some(a), Some(b)) = (a.exact::<Str>(), b.exact::<Str>()) {
        return Some(if is_equality { a.equals(b) == (op == CompareOp::Eq) } else { op.holds(order(a, b)) });
    }
    if let Some((a, b)) = sequences(a, b) {
        return if is_equality {
            equal_items(a, b, DEEP).map(|same| same == (op == CompareOp::Eq))
        } else {
            order_items(a, b, DEEP).map(|order| op.holds(order))
        };
    }
    let (x, y) = (number(a.word()), number(b.word()));
    if x.is_number() && y.is_number() {
        let order = match (x.is_int(), y.is_int()) {
            (true, true) => Some(x.int().cmp(&y.int())),
            (false, false) => x.float().partial_cmp(&y.float()),
            (true, false) => int_to_float(x.int(), y.float()),
            (false, true) => int_to_float(y.int(), x.float()).map(Ordering::reverse),
        };
        // Where one is NaN only `!=` holds.
        return Some(order.map_or(op == CompareOp::Ne, |order| op.holds(order)));
    }
    if let (Some(a), Some(b)) = (exact_set(a), exact_set(b)) {
        return compare_plainly(a, b, op);
    }
    // `None == 1`, `'a' != None`: constants and texts are equal to themselves alone.
    let told = is_equality && (x.is_number() || plain(a)) && (y.is_number() || plain(b));
    told.then(|| (a.word() == b.word()) == (op == CompareOp::Eq))
}

/// The set that a value is exactly, frozen or not.
fn exact_set(value: &Value) -> Option<&Set> {
    match value.exact::<Set>() {
        Some(set) => Some(set),
        None => value.exact::<FrozenSet>().map(FrozenSet::elements),
    }
}

/// The items of two tuples, or of two lists.
fn sequences<'a>(a: &'a Value, b: &'a Value) -> Option<(&'a [Value], &'a [Value])> {
    if let (Some(a), Some(b)) = (a.exact::<Tuple>(), b.exact::<Tuple>()) {
        return Some((a.items(), b.items()));
    }
    Some((a.exact::<List>()?.items(), b.exact::<List>()?.items()))
}

/// Whether a value is true.
pub fn quick_truth(value: &Value) -> Option<bool> {
    let word = value.word();
    match word {
        Word::TRUE => return Some(true),
        Word::FALSE | Word::NONE => return Some(false),
        _ if word.is_int() => return Some(word.int() != 0),
        _ if word.is_float() => return Some(word.float() != 0.0),
        _ => {}
    }
    // What boxes hold.
    match unbox_word(word) {
        number if number.is_int() => return Some(number.int() != 0),
        number if number.is_float() => return Some(number.float() != 0.0),
        _ => {}
    }
    if let Some(list) = value.exact::<List>() {
        return Some(!list.is_empty());
    }
    if let Some(text) = value.exact::<Str>() {
        return Some(!text.is_empty());
    }
    if let Some(dict) = value.exact::<Dict>() {
        return Some(!dict.is_empty());
    }
    if let Some(tuple) = value.exact::<Tuple>() {
        return Some(!tuple.items().is_empty());
    }
    if let Some(set) = value.exact::<Set>() {
        return Some(!set.is_empty());
    }
    value.exact::<Bytes>().map(|bytes| !bytes.is_empty())
}

/// The hash of a number, a str, or a tuple of them.
pub fn quick_hash(value: &Value) -> Option<i64> {
    hash_in(value, DEEP)
}

fn hash_in(value: &Value, deep: usize) -> Option<i64> {
    if let Some(text) = value.exact::<Str>() {
        return Some(text.hash());
    }
    let number = number(value.word());
    if number.is_int() {
        return Some(int_hash(number.int()));
    }
    let items = value.exact::<Tuple>()?.items();
    if deep == 0 || items.len() > LONG {
        return None;
    }
    let one = |item: &Value| match item.word() {
        word if word.is_int() => Ok(int_hash(word.int())),
        _ => hash_in(item, deep - 1).ok_or(()),
    };
    hash_of(items, one).ok()
}

/// Whether a container has an item.
pub fn quick_contains(container: &Value, item: &Value) -> Option<bool> {
    if let Some(dict) = container.exact::<Dict>() {
        return dict.find_plainly(item, quick_hash(item)?).map(|found| found.is_some());
    }
    if let Some(set) = container.exact::<Set>() {
        return set.has_plainly(item, quick_hash(item)?);
    }
    if let Some(set) = container.exact::<FrozenSet>() {
        return set.elements().has_plainly(item, quick_hash(item)?);
    }
    let Some(items) = items_at_hand(container) else {
        return occurs(container.exact::<Str>()?, item.exact::<Str>()?);
    };
    if items.len() > LONG {
        return None;
    }
    for there in items {
        if quick_equal(there, item)? {
            return Some(true);
        }
    }
    Some(false)
}

/// Whether a text that is not long holds another.
fn occurs(hay: &Str, needle: &Str) -> Option<bool> {
    const LONG: usize = 1024;
    if hay.byte_len() > LONG {
        return None;
    }
    Some(find(hay.chars(), needle.chars()).is_some())
}

/// The item of a container of a builtin or native type, where it is found without running code or making an object.
pub fn quick_item(vm: &Vm, container: &Value, key: &Value) -> Option<Value> {
    let index = unbox_word(key.word());
    let place = |len: usize| {
        let at = index.is_int().then(|| index.int())?;
        let at = if at < 0 { at + len as i64 } else { at };
        ((at as u64) < len as u64).then_some(at as usize)
    };
    if let Some(text) = container.exact::<Str>() {
        return vm.known_char(text.chars().at(place(text.len())?));
    }
    if container.word().shape().is_of(Layout::Native) {
        return if key.word().is_int() { vm.native_item(container, key.word().int()) } else { None };
    }
    if let Some(dict) = container.exact::<Dict>() {
        return dict.find_plainly(key, quick_hash(key)?)?.cloned();
    }
    let bytes = match container.exact::<Bytes>() {
        Some(bytes) => bytes.as_slice(),
        None => container.exact::<ByteArray>()?.as_slice(),
    };
    Some(Value::small(i64::from(bytes[place(bytes.len())?])))
}
