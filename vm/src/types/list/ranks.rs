//! Sorting by ranks: an int of each key, whose order is that of the keys. Comparing ranks asks no object, and nobody can tell which
//! comparisons were made of numbers and strs.

use std::cmp::Ordering;

use crate::raised::Res;
use crate::types::str::{Chars, Str};
use crate::value::{Borrowed, Word};
use crate::vm::Vm;

/// So many texts are sorted like this, which takes 16 bytes each and a copy.
pub(super) const MOST_TEXTS: usize = 1 << 20;

/// Sorts ranks that lie near each other as one number each, with the place that each came from as its lower half; whether they do.
fn sort_near(ranks: &mut [(i64, u32)], reverse: bool) -> bool {
    let ends = (i64::MAX, i64::MIN);
    let (low, high) = ranks.iter().fold(ends, |(low, high), (rank, _)| (low.min(*rank), high.max(*rank)));
    if high.checked_sub(low).is_none_or(|width| width > i64::from(u32::MAX)) {
        return false;
    }
    for (rank, at) in &mut *ranks {
        let above = if reverse { high - *rank } else { *rank - low };
        *rank = above << 32 | i64::from(*at);
    }
    ranks.sort_unstable_by_key(|(rank, _)| *rank as u64);
    true
}

/// Less: the items are in order. Greater: in the opposite one, no two alike. Equal: in neither. None: one that was looked at has no rank.
fn in_order<T>(
    items: &[T],
    reverse: bool,
    rank: impl Fn(&T) -> Option<i64>,
    tie: impl Fn(&T, &T) -> Ordering,
) -> Option<Ordering> {
    let (mut sorted, mut opposite) = (true, true);
    let (first, rest) = items.split_first()?;
    let mut last = (rank(first)?, first);
    for item in rest {
        let next = (rank(item)?, item);
        let order = last.0.cmp(&next.0).then_with(|| tie(last.1, item));
        let order = if reverse { order.reverse() } else { order };
        sorted &= order.is_le();
        opposite &= order.is_gt();
        if !sorted && !opposite {
            return Some(Ordering::Equal);
        }
        last = next;
    }
    Some(if sorted { Ordering::Less } else { Ordering::Greater })
}

/// Sorts stably by ranks, downwards if `reverse`, what is equal by rank by `tie`; whether each item had a rank. Of `exact` ranks, equal
/// ones are of equal keys.
pub(super) fn sort_by_rank<T: Copy>(
    vm: &Vm,
    items: &mut [T],
    reverse: bool,
    exact: bool,
    rank: impl Fn(&T) -> Option<i64>,
    tie: impl Fn(&T, &T) -> Ordering,
) -> Res<bool> {
    match in_order(items, reverse, &rank, &tie) {
        None => return Ok(false),
        Some(Ordering::Less) => return Ok(true),
        Some(Ordering::Greater) => {
            items.reverse();
            return Ok(true);
        }
        Some(Ordering::Equal) => {}
    }
    let mut ranks = vm.vector(items.len())?;
    for (at, item) in items.iter().enumerate() {
        let Some(rank) = rank(item) else { return Ok(false) };
        ranks.push((rank, at as u32));
    }
    let mut copy = vm.vector(items.len())?;
    copy.extend_from_slice(items);
    let compare = |a: &(i64, u32), b: &(i64, u32)| {
        let by_key = a.0.cmp(&b.0).then_with(|| tie(&copy[a.1 as usize], &copy[b.1 as usize]));
        (if reverse { by_key.reverse() } else { by_key }).then(a.1.cmp(&b.1))
    };
    if !exact || !sort_near(&mut ranks, reverse) {
        ranks.sort_unstable_by(compare);
    }
    for (item, (_, from)) in items.iter_mut().zip(ranks.iter()) {
        *item = copy[*from as usize];
    }
    Ok(true)
}

/// The rank of a float; none of NaN, which has no order. Both zeros are equal.
pub(super) fn of_float(number: f64) -> Option<i64> {
    let bits = (number + 0.0).to_bits() as i64;
    (!number.is_nan()).then_some(bits ^ ((bits >> 63) as u64 >> 1) as i64)
}

/// The rank of a str of one byte a character: its first eight, as a number.
pub(super) fn of_text(word: Word) -> Option<i64> {
    let text = Borrowed::new(word);
    let Chars::One(bytes) = text.exact::<Str>()?.chars() else { return None };
    let first = match bytes.first_chunk() {
        Some(first) => *first,
        None => {
            let mut first = [0; 8];
            first[..bytes.len()].copy_from_slice(bytes);
            first
        }
    };
    Some((u64::from_be_bytes(first) ^ 1 << 63) as i64)
}
