//! The merge sort: stable, adaptive, and stopping at the first error.
//!
//! Tim Peters' sort as CPython has it since 3.11: natural runs, short ones filled up by binary insertion, merged in the
//! order that powersort says (Munro and Wild, "Nearly-Optimal Mergesorts"), with galloping. It compares what CPython compares,
//! in the same order. Whatever happens, what ends up in the array is a permutation of what was there.

use ryokan_alloc::Vector;

use crate::raised::Res;
use crate::vm::Vm;

// ---- the sort ------------------------------------------------------------------------------------------------------

/// How many wins in a row start galloping.
const MIN_GALLOP: usize = 7;

#[derive(Clone, Copy)]
struct Run {
    start: usize,
    len: usize,
    /// Depth of the boundary with the next run in the merge tree.
    power: u32,
}

struct Sorter<'a, 'v, T: Copy, L> {
    vm: &'v Vm,
    items: &'a mut [T],
    less: L,
    /// Where the shorter run waits during a merge.
    scratch: Vector<T>,
    min_gallop: usize,
}

/// Sorts stably by `less`; an error stops it and leaves a permutation.
pub(super) fn merge_sort<T: Copy>(
    vm: &Vm,
    items: &mut [T],
    less: impl FnMut(&T, &T) -> Res<bool>,
) -> Res<()> {
    let total = items.len();
    let mut sorter = Sorter { vm, items, less, scratch: vm.vector(0)?, min_gallop: MIN_GALLOP };
    let min_run = min_run(total);
    // At most one run a level of the merge tree waits, and the tree has a level a bit of the length.
    let mut runs = [Run { start: 0, len: 0, power: 0 }; usize::BITS as usize + 2];
    let (mut waiting, mut start) = (0, 0);
    while start < total {
        let mut len = sorter.natural_run(start, total)?;
        if len < min_run {
            let forced = min_run.min(total - start);
            sorter.insertion(start, start + forced, start + len)?;
            len = forced;
        }
        if waiting > 0 {
            let last = runs[waiting - 1];
            let power = power(last.start, last.len, len, total);
            while waiting > 1 && runs[waiting - 2].power > power {
                sorter.merge_at(&mut runs, waiting - 2)?;
                waiting -= 1;
            }
            runs[waiting - 1].power = power;
        }
        runs[waiting] = Run { start, len, power: 0 };
        waiting += 1;
        start += len;
    }
    while waiting > 1 {
        let mut at = waiting - 2;
        if at > 0 && runs[at - 1].len < runs[at + 1].len {
            at -= 1;
        }
        sorter.merge_at(&mut runs, at)?;
        waiting -= 1;
        if at + 1 < waiting {
            runs[at + 1] = runs[at + 2];
        }
    }
    Ok(())
}

/// The least length of a run: 32 to 64, so that the number of runs is a power of two or a little less.
fn min_run(mut len: usize) -> usize {
    let mut odd = 0;
    while len >= 64 {
        odd |= len & 1;
        len >>= 1;
    }
    len + odd
}

/// The depth at which two neighbouring runs meet in the perfectly balanced merge tree: the first bit in which the
/// middles of both, as fractions of the whole, differ.
fn power(start: usize, left: usize, right: usize, total: usize) -> u32 {
    let (mut a, mut b) = (2 * start + left, 2 * start + 2 * left + right);
    let mut power = 0;
    loop {
        power += 1;
        if a >= total {
            a -= total;
            b -= total;
        } else if b >= total {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

impl<T: Copy, L: FnMut(&T, &T) -> Res<bool>> Sorter<'_, '_, T, L> {
    /// Whether the item at `a` is less than the one at `b`.
    fn below(&mut self, a: usize, b: usize) -> Res<bool> {
        (self.less)(&self.items[a], &self.items[b])
    }

    /// The length of the ascending run at `start`. A descending one is turned round; equal items in it keep their order.
    fn natural_run(&mut self, start: usize, end: usize) -> Res<usize> {
        let mut at = start + 1;
        while at < end && !self.below(at, at - 1)? {
            at += 1;
        }
        if at == end {
            return Ok(at - start);
        }
        if at > start + 1 {
            if self.below(start, at - 1)? {
                return Ok(at - start);
            }
            // All equal so far: they turn round twice.
            self.items[start..at].reverse();
        }
        at += 1;
        let mut equal = 0;
        while at < end {
            if self.below(at, at - 1)? {
                self.items[at - 1 - equal..at].reverse();
                equal = 0;
            } else if self.below(at - 1, at)? {
                break;
            } else {
                equal += 1;
            }
            at += 1;
        }
        self.items[at - 1 - equal..at].reverse();
        self.items[start..at].reverse();
        // What follows may go on upwards.
        while at < end && !self.below(at, at - 1)? {
            at += 1;
        }
        Ok(at - start)
    }

    /// Sorts `start..end`, of which `start..sorted` is sorted already, by binary insertion.
    fn insertion(&mut self, start: usize, end: usize, sorted: usize) -> Res<()> {
        for at in sorted.max(start + 1)..end {
            let (mut low, mut high) = (start, at);
            while low < high {
                let middle = low + (high - low) / 2;
                if self.below(at, middle)? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            self.items[low..=at].rotate_right(1);
        }
        Ok(())
    }

    /// Where `key` belongs among the sorted items `from..from + len`, looking from `hint` outwards: before its equals if
    /// `LEFT`, behind them if not. Counts from `from`.
    fn gallop<const LEFT: bool>(
        &mut self,
        key: T,
        place: Array,
        from: usize,
        len: usize,
        hint: usize,
    ) -> Res<usize> {
        // `ahead(i)`: the key belongs behind item i.
        let (mut low, mut high);
        let limit;
        let mut step = 1;
        if self.ahead::<LEFT>(&key, place, from + hint)? {
            low = hint;
            limit = len - hint;
            high = len;
            while step < limit {
                if self.ahead::<LEFT>(&key, place, from + hint + step)? {
                    low = hint + step;
                    step = (step << 1) + 1;
                } else {
                    high = hint + step;
                    break;
                }
            }
            low += 1;
        } else {
            high = hint;
            limit = hint + 1;
            low = 0;
            while step < limit {
                if self.ahead::<LEFT>(&key, place, from + hint - step)? {
                    low = hint - step + 1;
                    break;
                }
                high = hint - step;
                step = (step << 1) + 1;
            }
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.ahead::<LEFT>(&key, place, from + middle)? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn ahead<const LEFT: bool>(&mut self, key: &T, place: Array, at: usize) -> Res<bool> {
        let item = match place {
            Array::Items => self.items[at],
            Array::Scratch => self.scratch[at],
        };
        if LEFT { (self.less)(&item, key) } else { Ok(!(self.less)(key, &item)?) }
    }

    /// Merges the runs `at` and `at + 1`; the first of them holds the result.
    fn merge_at(&mut self, runs: &mut [Run], at: usize) -> Res<()> {
        let (left, right) = (runs[at], runs[at + 1]);
        runs[at].len = left.len + right.len;
        // Power of the boundary behind the merged run.
        runs[at].power = right.power;
        let (start, middle) = (left.start, right.start);
        // What is in place at either end stays.
        let key = self.items[middle];
        let skip = self.gallop::<false>(key, Array::Items, start, left.len, 0)?;
        let (start, left_len) = (start + skip, left.len - skip);
        if left_len == 0 {
            return Ok(());
        }
        let key = self.items[middle - 1];
        let right_len = self.gallop::<true>(key, Array::Items, middle, right.len, right.len - 1)?;
        if right_len == 0 {
            return Ok(());
        }
        let need = left_len.min(right_len);
        if self.scratch.len() < need {
            self.scratch = self.vm.vector(0)?;
            self.vm.reserve(&mut self.scratch, need)?;
            self.scratch.resize(need, key);
        }
        if left_len <= right_len {
            self.merge_up(start, left_len, right_len)
        } else {
            self.merge_down(start, left_len, right_len)
        }
    }

    /// Merges with the left run in the scratch array, from the front.
    fn merge_up(&mut self, start: usize, left_len: usize, right_len: usize) -> Res<()> {
        let left: &[T] = &self.items[start..start + left_len];
        self.scratch[..left_len].copy_from_slice(left);
        // left..left_len in scratch and right..end in items are still to come; `to` is where the next one goes.
        let mut state = Merge {
            left: 0,
            left_len,
            right: start + left_len,
            end: start + left_len + right_len,
            to: start,
        };
        let result = self.merge_up_loop(&mut state);
        // The rest of the scratch array belongs between what is done and what is left of the right run.
        let Merge { left, to, .. } = state;
        let rest = left_len - left;
        let right_left = state.end - state.right;
        if rest > 0 {
            if result.is_ok() && right_left > 0 {
                // One item of the left run is left, the greatest of all.
                self.items.copy_within(state.right..state.end, to);
                self.items[to + right_left] = self.scratch[left];
            } else {
                self.items[to..to + rest].copy_from_slice(&self.scratch[left..left_len]);
            }
        }
        result
    }

    /// Runs until the right run is used up, or one item of the left run is left.
    fn merge_up_loop(&mut self, m: &mut Merge) -> Res<()> {
        // The first of the right run is less than all of the left one, by the choice of `start`.
        self.take_right(m);
        if m.right == m.end || m.left + 1 == m.left_len {
            return Ok(());
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut left_wins, mut right_wins) = (0, 0);
            loop {
                let (right, left) = (self.items[m.right], self.scratch[m.left]);
                if (self.less)(&right, &left)? {
                    self.take_right(m);
                    right_wins += 1;
                    left_wins = 0;
                    if m.right == m.end {
                        return Ok(());
                    }
                    if right_wins >= min_gallop {
                        break;
                    }
                } else {
                    self.take_left(m);
                    left_wins += 1;
                    right_wins = 0;
                    if m.left + 1 == m.left_len {
                        return Ok(());
                    }
                    if left_wins >= min_gallop {
                        break;
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop -= usize::from(min_gallop > 1);
                self.min_gallop = min_gallop;
                let key = self.items[m.right];
                left_wins = self.gallop::<false>(key, Array::Scratch, m.left, m.left_len - m.left, 0)?;
                for _ in 0..left_wins {
                    self.take_left(m);
                }
                // An inconsistent comparison may use the left run up.
                if m.left + 1 >= m.left_len {
                    return Ok(());
                }
                self.take_right(m);
                if m.right == m.end {
                    return Ok(());
                }
                let key = self.scratch[m.left];
                right_wins = self.gallop::<true>(key, Array::Items, m.right, m.end - m.right, 0)?;
                for _ in 0..right_wins {
                    self.take_right(m);
                }
                if m.right == m.end {
                    return Ok(());
                }
                self.take_left(m);
                if m.left + 1 == m.left_len {
                    return Ok(());
                }
                if left_wins < MIN_GALLOP && right_wins < MIN_GALLOP {
                    break;
                }
            }
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }

    fn take_right(&mut self, m: &mut Merge) {
        self.items[m.to] = self.items[m.right];
        m.to += 1;
        m.right += 1;
    }
    fn take_left(&mut self, m: &mut Merge) {
        self.items[m.to] = self.scratch[m.left];
        m.to += 1;
        m.left += 1;
    }

    /// Merges with the right run in the scratch array, from the back.
    fn merge_down(&mut self, start: usize, left_len: usize, right_len: usize) -> Res<()> {
        let middle = start + left_len;
        let right: &[T] = &self.items[middle..middle + right_len];
        self.scratch[..right_len].copy_from_slice(right);
        let mut state = MergeDown { start, left: middle, right: right_len, to: middle + right_len };
        let result = self.merge_down_loop(&mut state);
        let MergeDown { left, right, to, .. } = state;
        if right > 0 {
            let left_left = left - start;
            if result.is_ok() && left_left > 0 {
                // One item of the right run is left, the least of all.
                self.items.copy_within(start..left, to - left_left);
                self.items[to - left_left - 1] = self.scratch[0];
            } else {
                self.items[to - right..to].copy_from_slice(&self.scratch[..right]);
            }
        }
        result
    }

    /// Runs until the left run is used up, or one item of the right run is left.
    fn merge_down_loop(&mut self, m: &mut MergeDown) -> Res<()> {
        self.give_left(m);
        if m.left == m.start || m.right == 1 {
            return Ok(());
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut left_wins, mut right_wins) = (0, 0);
            loop {
                let (right, left) = (self.scratch[m.right - 1], self.items[m.left - 1]);
                if (self.less)(&right, &left)? {
                    self.give_left(m);
                    left_wins += 1;
                    right_wins = 0;
                    if m.left == m.start {
                        return Ok(());
                    }
                    if left_wins >= min_gallop {
                        break;
                    }
                } else {
                    self.give_right(m);
                    right_wins += 1;
                    left_wins = 0;
                    if m.right == 1 {
                        return Ok(());
                    }
                    if right_wins >= min_gallop {
                        break;
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop -= usize::from(min_gallop > 1);
                self.min_gallop = min_gallop;
                let (key, len) = (self.scratch[m.right - 1], m.left - m.start);
                left_wins = len - self.gallop::<false>(key, Array::Items, m.start, len, len - 1)?;
                for _ in 0..left_wins {
                    self.give_left(m);
                }
                if m.left == m.start {
                    return Ok(());
                }
                self.give_right(m);
                if m.right == 1 {
                    return Ok(());
                }
                let key = self.items[m.left - 1];
                right_wins = m.right - self.gallop::<true>(key, Array::Scratch, 0, m.right, m.right - 1)?;
                for _ in 0..right_wins {
                    self.give_right(m);
                }
                // An inconsistent comparison may use the right run up.
                if m.right <= 1 {
                    return Ok(());
                }
                self.give_left(m);
                if m.left == m.start {
                    return Ok(());
                }
                if left_wins < MIN_GALLOP && right_wins < MIN_GALLOP {
                    break;
                }
            }
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }

    fn give_left(&mut self, m: &mut MergeDown) {
        m.to -= 1;
        m.left -= 1;
        self.items[m.to] = self.items[m.left];
    }
    fn give_right(&mut self, m: &mut MergeDown) {
        m.to -= 1;
        m.right -= 1;
        self.items[m.to] = self.scratch[m.right];
    }
}

/// Which array a search looks through.
#[derive(Clone, Copy)]
enum Array {
    Items,
    Scratch,
}

/// How far a merge from the front is.
struct Merge {
    left: usize,
    left_len: usize,
    right: usize,
    end: usize,
    to: usize,
}

/// How far a merge from the back is: what is left lies below `left` (down to `start`) and below `right`.
struct MergeDown {
    start: usize,
    left: usize,
    right: usize,
    to: usize,
}
