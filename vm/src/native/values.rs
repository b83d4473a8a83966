//! `Values`: values in order, in the heap's budget.

use std::cell::{Cell, RefCell};

use ryokan_alloc::Vector;

use super::cx::Cx;
use super::fields::Trace;
use crate::raised::Res;
use crate::types::tuple::{look, quick_equal};
use crate::value::Value;

/// Values in order, in the heap's budget: a ring.
///
/// The item at `i` is at `(first + i) & (room - 1)` of the table, whose other places are empty. No Python runs while the table is
/// borrowed: what leaves it is given to the caller, or dies after it.
#[derive(Default)]
pub struct Values {
    table: RefCell<Option<Vector<Value>>>,
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
    /// Does something with the place of an item. Nothing else may be done to the ring meanwhile.
    #[inline(always)]
    fn at<R>(&self, index: usize, then: impl FnOnce(&Value) -> R) -> Option<R> {
        let table = self.table.borrow();
        let table = table.as_ref()?;
        table.get((self.first.get() + index) & (table.len() - 1)).map(then)
    }
    /// The item at an index, a new reference.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        if index >= self.len() {
            return None;
        }
        self.at(index, Value::clone)
    }
    /// The same for code that only looks at it: a number is copied and keeps no identity.
    #[inline]
    pub fn look(&self, index: usize) -> Option<Value> {
        if index >= self.len() {
            return None;
        }
        self.at(index, look)
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
    /// Puts a value in an item's place and gives the one that was there; gives the value back if there is no such item.
    pub fn replace(&self, index: usize, value: Value) -> Result<Value, Value> {
        if index >= self.len() {
            return Err(value);
        }
        let held = Value::default();
        held.set(value);
        self.at(index, |place| place.replace(held.take())).ok_or(held)
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
            let mask = table.len() - 1;
            for at in 0..len / 2 {
                table.swap((first + at) & mask, (first + len - 1 - at) & mask);
            }
        });
    }
    /// Works on the table, if there is one, and on the place of the first item.
    fn with_table(&self, work: impl FnOnce(&mut [Value], usize)) {
        if let Some(table) = self.table.borrow_mut().as_mut() {
            work(table, self.first.get());
        }
    }
    /// Adds a value behind the last. `MemoryError`.
    #[inline]
    pub fn push_back(&self, cx: &Cx, value: Value) -> Res<()> {
        if !self.has_room() {
            self.grow(cx, 1)?;
        }
        self.at(self.len(), |place| place.set(value));
        self.len.set(self.len() + 1);
        Ok(())
    }
    /// Adds a value before the first. `MemoryError`.
    #[inline]
    pub fn push_front(&self, cx: &Cx, value: Value) -> Res<()> {
        if !self.has_room() {
            self.grow(cx, 1)?;
        }
        self.first.set(self.first.get().wrapping_sub(1) & (self.room() - 1));
        self.at(0, |place| place.set(value));
        self.len.set(self.len() + 1);
        Ok(())
    }
    /// Takes the last one.
    #[inline]
    pub fn pop_back(&self) -> Option<Value> {
        let last = self.len().checked_sub(1)?;
        let value = self.at(last, Value::take);
        self.len.set(last);
        value
    }
    /// Takes the first one.
    #[inline]
    pub fn pop_front(&self) -> Option<Value> {
        let rest = self.len().checked_sub(1)?;
        let value = self.at(0, Value::take);
        self.first.set((self.first.get() + 1) & (self.room() - 1));
        self.len.set(rest);
        value
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
        let mut begins = self.first.get();
        self.with_table(|table, first| {
            let mask = table.len() - 1;
            if steps <= len - steps {
                begins = first.wrapping_sub(steps) & mask;
                for at in (len - steps..len).rev() {
                    table.swap((first + at) & mask, first.wrapping_add(at).wrapping_sub(len) & mask);
                }
            } else {
                begins = (first + len - steps) & mask;
                for at in 0..len - steps {
                    table.swap((first + at) & mask, (first + at + len) & mask);
                }
            }
        });
        self.first.set(begins);
    }
    /// Lets go of all. They die afterwards, when the ring is empty, from the first to the last; Python may run.
    pub fn clear(&self) {
        let (table, first, len) = (self.table.take(), self.first.take(), self.len.take());
        if let Some(table) = table {
            for at in 0..len {
                drop(table[(first + at) & (table.len() - 1)].take());
            }
        }
    }
    /// Items that there is room for, a power of two or 0.
    #[inline(always)]
    fn room(&self) -> usize {
        self.table.borrow().as_ref().map_or(0, |table| table.len())
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
            table.push(self.at(index, Value::take).unwrap_or_default());
        }
        table.resize_with(room, Value::default);
        self.first.set(0);
        drop(self.table.replace(Some(table)));
        Ok(())
    }
}

// SAFETY: an item lies in one place of the table, and the other places are empty; in the middle of a move it lies in none.
unsafe impl Trace for Values {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        if let Ok(table) = self.table.try_borrow() {
            table.iter().flat_map(|table| table.iter()).filter(|place| !place.is_unbound()).for_each(visit);
        }
    }
    fn clear(&self) {
        Values::clear(self);
    }
}
