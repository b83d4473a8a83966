//! `Values`: values in order, in the heap's budget.

use std::cell::Cell;

use ryokan_alloc::Vector;

use super::collections::{List, Tuple};
use super::cx::Cx;
use crate::object::behind::Table;
use crate::object::payload::traced;
use crate::raised::Res;
use crate::types::plain::quick_equal;
use crate::value::Value;

/// Values in order, in the heap's budget: a ring.
///
/// The item at `i` is at `(first + i) & (room - 1)` of the table, whose other places are empty. No Python runs while the table is
/// borrowed: what leaves it is given to the caller, or dies after it.
#[derive(Default)]
pub struct Values {
    table: Table,
    first: Cell<usize>,
    len: Cell<usize>,
}

/// A round of places: `count` of them from one on.
#[derive(Clone, Copy)]
struct Span {
    from: usize,
    count: usize,
}

impl Span {
    /// The places of a table, which are two slices where the span goes over the table's end.
    fn split(self, table: &mut [Value]) -> (&mut [Value], &mut [Value]) {
        let over = (self.from + self.count).saturating_sub(table.len());
        let (low, high) = table.split_at_mut(self.from);
        (&mut high[..self.count - over], &mut low[..over])
    }
    /// The first item goes behind the last, and the others move one place down.
    fn move_down(self, table: &mut [Value]) {
        let (a, b) = self.split(table);
        rotate(a, b, |part| part.rotate_left(1), <[Value]>::last_mut);
    }
    /// The last item goes before the first, and the others move one place up.
    fn move_up(self, table: &mut [Value]) {
        let (a, b) = self.split(table);
        rotate(a, b, |part| part.rotate_right(1), <[Value]>::first_mut);
    }
}

/// Rotates two slices as if they were one: each by itself, and then the items that went round change sides.
fn rotate(
    a: &mut [Value],
    b: &mut [Value],
    turn: impl Fn(&mut [Value]),
    round: impl Fn(&mut [Value]) -> Option<&mut Value>,
) {
    if !a.is_empty() {
        turn(a);
    }
    if !b.is_empty() {
        turn(b);
        if let (Some(x), Some(y)) = (round(a), round(b)) {
            std::mem::swap(x, y);
        }
    }
}

/// Exchanges rounds of places that have none in common.
fn exchange(table: &mut [Value], mut a: usize, mut b: usize, mut count: usize) {
    let room = table.len();
    while count > 0 {
        let run = count.min(room - a).min(room - b);
        let (low, high) = (a.min(b), a.max(b));
        let run = run.min(high - low);
        let (x, y) = table.split_at_mut(high);
        x[low..low + run].swap_with_slice(&mut y[..run]);
        (a, b, count) = ((a + run) & (room - 1), (b + run) & (room - 1), count - run);
    }
}

impl Values {
    /// How many there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }
    /// Whether there are none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }
    /// The place of an item of a ring that has places: items come and go there, but the table is not exchanged while it is looked at.
    #[inline(always)]
    fn at(&self, index: usize) -> &Value {
        self.table.at(self.first.get() + index)
    }
    /// The item at an index, a new reference.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        if index >= self.len() {
            return None;
        }
        Some(self.at(index).clone())
    }
    /// The same for code that only looks at it: a number is copied and keeps no identity.
    #[inline]
    pub fn look(&self, index: usize) -> Option<Value> {
        if index >= self.len() {
            return None;
        }
        Some(self.at(index).look())
    }
    /// The first item at or behind an index that is or may be equal to a value, and whether it is for certain: what cannot be told
    /// without running Python is left to the caller. Runs none.
    pub fn find_plain(&self, from: usize, value: &Value) -> Option<(usize, bool)> {
        let table = self.table.borrow();
        let table = table.as_ref()?;
        let (first, mask) = (self.first.get(), table.len() - 1);
        (from..self.len()).find_map(|at| {
            match table.get((first + at) & mask).map(|item| quick_equal(item, value)) {
                Some(Some(false)) => None,
                found => Some((at, found.flatten().is_some())),
            }
        })
    }
    /// The first index from one on at which two rings do not certainly have equal items, or one of them has none. Runs no Python.
    pub fn first_unlike(&self, other: &Values, from: usize) -> usize {
        let (a, b) = (self.table.borrow(), other.table.borrow());
        let end = self.len().min(other.len());
        let (Some(a), Some(b)) = (a.as_ref(), b.as_ref()) else { return from };
        let place = |ring: &Values, room: usize, at: usize| (ring.first.get() + at) & (room - 1);
        let unlike = |at: &usize| match (a.get(place(self, a.len(), *at)), b.get(place(other, b.len(), *at)))
        {
            (Some(x), Some(y)) => quick_equal(x, y) != Some(true),
            _ => true,
        };
        (from..end).find(unlike).unwrap_or(end.max(from))
    }
    /// Puts a value in an item's place and gives the one that was there; gives the value back if there is no such item.
    pub fn replace(&self, index: usize, value: Value) -> Result<Value, Value> {
        if index >= self.len() {
            return Err(value);
        }
        Ok(self.at(index).replace(value))
    }
    /// Copies a value into an item's place, if there is such an item and what was there does not die of it; whether it did. Runs nothing.
    #[inline]
    pub fn copy_into(&self, index: usize, value: &Value) -> bool {
        if index >= self.len() {
            return false;
        }
        let place = self.at(index);
        let old = place.word();
        if old.is_ptr() && old.refs() == 1 {
            return false;
        }
        place.set(value.clone());
        true
    }
    /// Exchanges two items.
    pub fn swap(&self, a: usize, b: usize) {
        if a < self.len() && b < self.len() {
            self.with_table(|table, first| {
                let mask = table.len() - 1;
                table.swap((first + a) & mask, (first + b) & mask);
            });
        }
    }
    /// Turns the order round.
    pub fn reverse(&self) {
        let len = self.len();
        self.with_table(|table, first| {
            if let Some(items) = table.get_mut(first..first + len) {
                return items.reverse();
            }
            let mask = table.len() - 1;
            for at in 0..len / 2 {
                table.swap((first + at) & mask, (first + len - 1 - at) & mask);
            }
        });
    }
    /// Works on the table, if there is one, and on the place of the first item.
    fn with_table(&self, work: impl FnOnce(&mut [Value], usize)) {
        self.table.with(|table| work(table, self.first.get()));
    }
    /// Moves a value out of its place to behind the last, or before the first, if there is room; whether it has. Runs no Python.
    #[inline]
    pub fn put(&self, front: bool, value: &Value) -> bool {
        if !self.has_room() {
            return false;
        }
        let at = if front { self.mask() } else { self.len() };
        self.fill(at, value.take());
        if front {
            self.first.set((self.first.get() + at) & at);
        }
        true
    }
    /// Puts a value into an empty place: one item more.
    #[inline(always)]
    fn fill(&self, index: usize, value: Value) {
        let _ = self.at(index).replace(value).into_word();
        self.len.set(self.len() + 1);
    }
    /// Moves a value out of its place to behind the last, and gives the first one for it; nothing, and nothing has happened, if there is none.
    #[inline(always)]
    pub fn exchange_ends(&self, value: &Value) -> Option<Value> {
        let len = self.len();
        if len == 0 {
            return None;
        }
        let old = self.at(0).take();
        // The place behind the last, which is that of the first in a full ring.
        let _ = self.at(len).replace(value.take()).into_word();
        self.first.set((self.first.get() + 1) & self.mask());
        Some(old)
    }
    /// Adds a value behind the last. `MemoryError`.
    #[inline]
    pub fn push_back(&self, cx: &Cx, value: Value) -> Res<()> {
        if !self.has_room() {
            self.grow(cx, 1)?;
        }
        self.fill(self.len(), value);
        Ok(())
    }
    /// Adds a value before the first. `MemoryError`.
    #[inline]
    pub fn push_front(&self, cx: &Cx, value: Value) -> Res<()> {
        if !self.has_room() {
            self.grow(cx, 1)?;
        }
        self.first.set(self.first.get().wrapping_sub(1) & self.mask());
        self.fill(0, value);
        Ok(())
    }
    /// Adds the items of a list behind the last. `MemoryError`.
    pub fn extend_from_list(&self, cx: &Cx, list: &List) -> Res<()> {
        self.reserve(cx, list.len())?;
        self.add_shares(list.items());
        Ok(())
    }
    /// The same of a tuple.
    pub fn extend_from_tuple(&self, cx: &Cx, tuple: &Tuple) -> Res<()> {
        self.reserve(cx, tuple.len())?;
        self.add_shares(tuple.items());
        Ok(())
    }
    /// The same of another ring; nothing of the ring itself.
    pub fn extend_from_values(&self, cx: &Cx, other: &Values) -> Res<()> {
        if std::ptr::eq(self, other) {
            return Ok(());
        }
        self.reserve(cx, other.len())?;
        let table = other.table.borrow();
        if let Some(table) = table.as_ref() {
            let (first, len) = (other.first.get(), other.len());
            let over = (first + len).saturating_sub(table.len());
            self.add_shares(&table[first..first + len - over]);
            self.add_shares(&table[..over]);
        }
        Ok(())
    }
    /// Adds the last so many items, or all if there are fewer, to a list. `MemoryError`.
    pub fn add_last_to(&self, cx: &Cx, list: &List, count: usize) -> Res<()> {
        let count = count.min(self.len());
        list.reserve(cx, count)?;
        // What the allocation freed may have been about this ring: its length is read now.
        let count = count.min(self.len());
        self.with_table(|table, first| {
            let (a, b) = self.behind(table, first, self.len() - count).split(table);
            list.add_shares(a);
            list.add_shares(b);
        });
        Ok(())
    }
    /// Adds all items so many times more. `MemoryError`.
    pub fn repeat(&self, cx: &Cx, times: usize) -> Res<()> {
        let len = self.len();
        let Some(more) = len.checked_mul(times) else { return Err(cx.no_memory()) };
        self.reserve(cx, more)?;
        self.with_table(|table, first| {
            let mask = table.len() - 1;
            for at in 0..more {
                let item = table[(first + at) & mask].clone();
                table[(first + at + len) & mask] = item;
            }
        });
        self.len.set(len + more);
        Ok(())
    }
    /// Adds shares of values that there is room for.
    fn add_shares(&self, values: &[Value]) {
        let len = self.len();
        self.with_table(|table, first| {
            let places = Span { from: (first + len) & (table.len() - 1), count: values.len() };
            let (a, b) = places.split(table);
            for (place, value) in a.iter_mut().chain(b).zip(values) {
                *place = value.clone();
            }
        });
        self.len.set(len + values.len());
    }
    /// Takes the last one.
    #[inline]
    pub fn pop_back(&self) -> Option<Value> {
        let last = self.len().checked_sub(1)?;
        let value = self.at(last).take();
        self.len.set(last);
        Some(value)
    }
    /// Takes the first one.
    #[inline]
    pub fn pop_front(&self) -> Option<Value> {
        let rest = self.len().checked_sub(1)?;
        let value = self.at(0).take();
        self.first.set((self.first.get() + 1) & self.mask());
        self.len.set(rest);
        Some(value)
    }
    /// Puts a value before the item at an index, or last. The shorter side moves. `MemoryError`.
    pub fn insert(&self, cx: &Cx, index: usize, value: Value) -> Res<()> {
        if index < self.len() / 2 {
            self.push_front(cx, value)?;
            self.with_table(|table, from| Span { from, count: index + 1 }.move_down(table));
        } else {
            self.push_back(cx, value)?;
            self.with_table(|table, first| self.behind(table, first, index).move_up(table));
        }
        Ok(())
    }
    /// Takes the item at an index and closes the gap. The shorter side moves.
    pub fn remove(&self, index: usize) -> Option<Value> {
        if index >= self.len() {
            return None;
        }
        if index < self.len() / 2 {
            self.with_table(|table, from| Span { from, count: index + 1 }.move_up(table));
            self.pop_front()
        } else {
            self.with_table(|table, first| self.behind(table, first, index).move_down(table));
            self.pop_back()
        }
    }
    /// The places of the items from an index on (at most the length).
    fn behind(&self, table: &[Value], first: usize, index: usize) -> Span {
        let count = self.len().saturating_sub(index);
        Span { from: (first + self.len() - count) & (table.len() - 1), count }
    }
    /// Turns the ring: the last `steps` items come to the front, in order (`steps` is at most the length).
    pub fn rotate(&self, steps: usize) {
        let len = self.len();
        if len == 0 || steps == 0 || steps >= len {
            return;
        }
        if len == self.room() {
            // The ring is full: only its beginning moves.
            return self.first.set((self.first.get() + len - steps) & (len - 1));
        }
        if steps == 1 {
            let last = self.at(len - 1).take();
            self.first.set(self.first.get().wrapping_sub(1) & self.mask());
            let _ = self.at(0).replace(last).into_word();
            return;
        }
        if steps == len - 1 {
            let first = self.at(0).take();
            let _ = self.at(len).replace(first).into_word();
            self.first.set((self.first.get() + 1) & self.mask());
            return;
        }
        let mut begins = self.first.get();
        self.with_table(|table, first| {
            let mask = table.len() - 1;
            let back = steps <= len - steps;
            let mut left = if back { steps } else { len - steps };
            begins = if back { first.wrapping_sub(steps) } else { first + left } & mask;
            // As many at a time as there are free places; those that are left behind are free then.
            let free = table.len() - len;
            while left > 0 {
                let count = left.min(free);
                let (from, to) = match back {
                    true => (begins.wrapping_add(len + left - count), begins.wrapping_add(left - count)),
                    false => (begins.wrapping_sub(left), begins.wrapping_sub(left).wrapping_add(len)),
                };
                exchange(table, from & mask, to & mask, count);
                left -= count;
            }
        });
        self.first.set(begins);
    }
    /// Lets go of all. They die afterwards, when the ring is empty, from the first to the last; Python may run.
    pub fn clear(&self) {
        self.hold(None, 0);
    }
    /// Holds these items in the place of all that it held, which die afterwards as those of [`Values::clear`] do. `MemoryError`, and then it
    /// holds what it held.
    pub fn assign(&self, cx: &Cx, items: &[Value]) -> Res<()> {
        let room = items.len().checked_next_power_of_two();
        let room = room.ok_or(()).map_err(|()| cx.no_memory())?.max(8);
        let mut table = cx.vector(room)?;
        table.extend(items.iter().cloned());
        table.resize_with(room, Value::default);
        self.hold(Some(table), items.len());
        Ok(())
    }
    /// Takes another table with so many items at its beginning, and lets go of those of its own.
    fn hold(&self, table: Option<Vector<Value>>, count: usize) {
        let (first, len) = (self.first.take(), self.len.replace(count));
        if let Some(table) = self.table.replace(table) {
            for at in 0..len {
                drop(table[(first + at) & (table.len() - 1)].take());
            }
        }
    }
    /// How many places the table has.
    #[inline(always)]
    fn room(&self) -> usize {
        self.table.room()
    }
    /// What a place is taken by, to stay in the table.
    #[inline(always)]
    fn mask(&self) -> usize {
        self.table.room().wrapping_sub(1)
    }
    /// Whether one more has room.
    #[inline(always)]
    fn has_room(&self) -> bool {
        self.len() < self.room()
    }
    /// Makes room for so many more. `MemoryError`.
    pub fn reserve(&self, cx: &Cx, more: usize) -> Res<()> {
        if self.room() - self.len() < more { self.grow(cx, more) } else { Ok(()) }
    }
    /// Moves to a table with room for more.
    #[cold]
    #[inline(never)]
    fn grow(&self, cx: &Cx, more: usize) -> Res<()> {
        let asked = self.len().checked_add(more).and_then(usize::checked_next_power_of_two);
        let room = asked.ok_or(()).map_err(|()| cx.no_memory())?.max(8);
        let mut table = cx.vector(room)?;
        // What the allocation freed may have been about this ring: its length is read now.
        for index in 0..self.len().min(room) {
            table.push(self.at(index).take());
        }
        table.resize_with(room, Value::default);
        self.first.set(0);
        drop(self.table.replace(Some(table)));
        Ok(())
    }
}

// An item lies in one place of the table, and the other places are empty; in the middle of a move it lies in none.
traced! { Values: [table], |this| Values::clear(this) }
