//! Sorting by ranks: an int of each key, whose order is that of the keys. Comparing ranks asks no object, and nobody can tell which
//! comparisons were made of numbers and strs.

use std::cmp::Ordering;

use crate::raised::Res;
use crate::types::str::{Chars, Str};
use crate::value::{Borrowed, Word};
use crate::vm::Vm;

/// So many texts are sorted like this, which takes 16 bytes each and a copy.
pub(super) const MOST_TEXTS: usize = 1 << 20;

/// Sorts stably by ranks, downwards if `reverse`, what is equal by rank by `tie`; whether each item had a rank.
pub(super) fn sort_by_rank<T: Copy>(
    vm: &Vm,
    items: &mut [T],
    reverse: bool,
    rank: impl Fn(&T) -> Option<i64>,
    tie: impl Fn(&T, &T) -> Ordering,
) -> Res<bool> {
    let mut ranks = vm.vector(items.len())?;
    let mut last: Option<(i64, &T)> = None;
    // Whether they are in order, and whether in the opposite one, with no two alike.
    let (mut sorted, mut opposite) = (true, true);
    for (at, item) in items.iter().enumerate() {
        let Some(rank) = rank(item) else { return Ok(false) };
        if let Some((last, other)) = last {
            let order = last.cmp(&rank).then_with(|| tie(other, item));
            let order = if reverse { order.reverse() } else { order };
            sorted &= order.is_le();
            opposite &= order.is_gt();
        }
        last = Some((rank, item));
        ranks.push((rank, at as u32));
    }
    if sorted {
        return Ok(true);
    }
    if opposite {
        items.reverse();
        return Ok(true);
    }
    let mut copy = vm.vector(items.len())?;
    copy.extend_from_slice(items);
    let compare = |a: &(i64, u32), b: &(i64, u32)| {
        let by_key = a.0.cmp(&b.0).then_with(|| tie(&copy[a.1 as usize], &copy[b.1 as usize]));
        (if reverse { by_key.reverse() } else { by_key }).then(a.1.cmp(&b.1))
    };
    ranks.sort_unstable_by(compare);
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
