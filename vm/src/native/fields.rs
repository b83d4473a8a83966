//! What the body of a native type is made of.
//!
//! | field | holds |
//! |---|---|
//! | [`Slot`] | a value, None at first |
//! | [`Maybe`] | a value or nothing |
//! | [`Source`] | an iterator, until it is let go |
//! | [`Iter`](super::Iter), [`Tuple`](super::Tuple) | an iterator, a tuple, for life |
//! | [`Values`] | any number of values, in order, in the heap's budget: a ring, cheap at both ends |
//! | `Cell` of a `Copy` type | a number, a flag |
//! | [`Own`] | anything of Rust's that holds no value of Python's: an engine, a table, a file |
//!
//! All are used through a shared reference, and give values away owned: whatever may run Python may replace what a field
//! holds, and nobody is left with a reference into it.

use std::cell::{Cell, RefCell};

use ryokan_alloc::Vector;

use super::collections::Tuple;
use super::cx::{Cx, Iter};
pub use crate::object::kind::Trace;
use crate::raised::Res;
use crate::value::Value;

/// A place for a value; None at first.
pub struct Slot(Value);

impl Slot {
    /// A slot that holds a value.
    pub fn new(value: Value) -> Slot {
        Slot(value)
    }
    /// The value, a new reference.
    pub fn get(&self) -> Value {
        self.0.clone()
    }
    /// The value to look at: see [`Value::look`].
    #[inline]
    pub fn look(&self) -> Value {
        self.0.look()
    }
    /// Puts another value there. The old one may die, which may run Python: it does so when the slot is whole again.
    pub fn set(&self, value: Value) {
        self.0.set(value);
    }
    /// Puts another value there and gives the old one.
    pub fn replace(&self, value: Value) -> Value {
        self.0.replace(value)
    }
    /// Whether it is that very object.
    pub fn is(&self, value: &Value) -> bool {
        self.0.is(value)
    }
    /// Whether it holds None.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl Default for Slot {
    fn default() -> Slot {
        Slot(Value::NONE)
    }
}

// SAFETY: one value, visited once.
unsafe impl Trace for Slot {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.0);
    }
    fn clear(&self) {
        self.0.set(Value::NONE);
    }
}

/// A place for a value, or for none.
#[derive(Default)]
pub struct Maybe(Value);

impl Maybe {
    /// An empty place.
    pub const EMPTY: Maybe = Maybe(Value::UNBOUND);

    /// A place that holds a value.
    pub fn new(value: Value) -> Maybe {
        Maybe(value)
    }
    /// The value, a new reference.
    pub fn get(&self) -> Option<Value> {
        self.0.bound().cloned()
    }
    /// The value to look at: see [`Value::look`].
    #[inline]
    pub fn look(&self) -> Option<Value> {
        self.0.bound().map(Value::look)
    }
    /// Moves the value out.
    pub fn take(&self) -> Option<Value> {
        Some(self.0.take()).filter(|value| !value.is_unbound())
    }
    /// Puts a value there, or nothing. The old one may die, which may run Python.
    pub fn set(&self, value: Option<Value>) {
        self.0.set(value.unwrap_or(Value::UNBOUND));
    }
    /// Whether there is one.
    pub fn is_some(&self) -> bool {
        !self.0.is_unbound()
    }
}

// SAFETY: one value, visited once if there is one.
unsafe impl Trace for Maybe {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        if let Some(value) = self.0.bound() {
            visit(value);
        }
    }
    fn clear(&self) {
        self.0.set(Value::UNBOUND);
    }
}

/// An iterator that items are drawn from, until it is let go: at its end, as a rule. (One that is never let go is an
/// [`Iter`](super::Iter).)
#[derive(Default)]
pub struct Source(Value);

impl Source {
    /// Draws from an iterator.
    pub fn new(iterator: Iter) -> Source {
        Source(iterator.into_value())
    }
    /// The next item, or nothing at the end and ever after it. Runs Python, which may let the iterator go meanwhile.
    #[inline]
    pub fn next(&self, cx: &Cx) -> Res<Option<Value>> {
        if self.has_ended() {
            return Ok(None);
        }
        let held = self.0.clone();
        cx.vm().next(&held)
    }
    /// Draws from another iterator. The old one may die, which may run Python.
    pub fn set(&self, iterator: Iter) {
        self.0.set(iterator.into_value());
    }
    /// Lets the iterator go. It may die, which may run Python.
    pub fn end(&self) {
        self.0.set(Value::UNBOUND);
    }
    /// Whether there is none any more.
    #[inline(always)]
    pub fn has_ended(&self) -> bool {
        self.0.is_unbound()
    }
}

// SAFETY: one value, visited once if there is one.
unsafe impl Trace for Source {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        if let Some(iterator) = self.0.bound() {
            visit(iterator);
        }
    }
    fn clear(&self) {
        self.end();
    }
}

// SAFETY: one value, visited once. (Cycles are broken at what changes: a tuple's own items are not cleared, either.)
unsafe impl Trace for Tuple {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.value());
    }
    fn clear(&self) {}
}

/// Plain data holds no value: what is `Copy` owns nothing.
macro_rules! plain {
    ($($ty:ty),*) => { $(
        // SAFETY: there is nothing to visit.
        unsafe impl Trace for $ty {
            const TRACES: bool = false;
            fn trace(&self, _: &mut dyn FnMut(&Value)) {}
            fn clear(&self) {}
        }
    )* };
}
plain!(bool, char, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64, (), &'static str);

// SAFETY: what is `Copy` owns no value.
unsafe impl<T: Copy + 'static> Trace for Cell<T> {
    const TRACES: bool = false;
    fn trace(&self, _: &mut dyn FnMut(&Value)) {}
    fn clear(&self) {}
}

// SAFETY: each item visits its own.
unsafe impl<T: Trace, const N: usize> Trace for [T; N] {
    const TRACES: bool = T::TRACES;
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.iter().for_each(|item| item.trace(visit));
    }
    fn clear(&self) {
        self.iter().for_each(Trace::clear);
    }
}

/// Something of Rust's that holds no value of Python's. (One that does keeps it alive, where no collector sees it.)
pub struct Own<T: 'static>(RefCell<T>);

impl<T: 'static> Own<T> {
    /// Takes it.
    pub fn new(thing: T) -> Own<T> {
        Own(RefCell::new(thing))
    }
    /// Works with it. `RuntimeError` if that is under way already, further down the stack: Python that ran meanwhile came back here.
    pub fn with<R>(&self, cx: &Cx, work: impl FnOnce(&mut T) -> R) -> Res<R> {
        match self.0.try_borrow_mut() {
            Ok(mut thing) => Ok(work(&mut thing)),
            Err(_) => Err(cx.runtime_error("the object is in use")),
        }
    }
}

// SAFETY: there is nothing to visit.
unsafe impl<T: 'static> Trace for Own<T> {
    const TRACES: bool = false;
    fn trace(&self, _: &mut dyn FnMut(&Value)) {}
    fn clear(&self) {}
}

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
        if a < self.len() && b < self.len() && a != b {
            let one = self.at(a, Value::take).unwrap_or_default();
            let other = self.at(b, |place| place.replace(one)).unwrap_or_default();
            self.at(a, |place| place.set(other));
        }
    }
    /// Adds a value behind the last. `MemoryError`.
    #[inline]
    pub fn push_back(&self, cx: &Cx, value: Value) -> Res<()> {
        if !self.has_room() {
            self.grow(cx)?;
        }
        self.at(self.len(), |place| place.set(value));
        self.len.set(self.len() + 1);
        Ok(())
    }
    /// Adds a value before the first. `MemoryError`.
    #[inline]
    pub fn push_front(&self, cx: &Cx, value: Value) -> Res<()> {
        if !self.has_room() {
            self.grow(cx)?;
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
    /// Puts a value before the item at an index, or last. Moves what is behind it. `MemoryError`.
    pub fn insert(&self, cx: &Cx, index: usize, value: Value) -> Res<()> {
        self.push_back(cx, value)?;
        for at in (index..self.len() - 1).rev() {
            self.swap(at, at + 1);
        }
        Ok(())
    }
    /// Takes the item at an index and closes the gap.
    pub fn remove(&self, index: usize) -> Option<Value> {
        if index >= self.len() {
            return None;
        }
        for at in index..self.len() - 1 {
            self.swap(at, at + 1);
        }
        self.pop_back()
    }
    /// Turns the ring: the last `steps` items come to the front, in order (`steps` is at most the length).
    pub fn rotate(&self, steps: usize) {
        let len = self.len();
        if len == 0 || steps == 0 || steps >= len {
            return;
        }
        if len == self.room() {
            // The ring is full: only its beginning moves.
            return self.first.set((self.first.get() + len - steps) & (self.room() - 1));
        }
        let move_back = steps <= len - steps;
        for _ in 0..steps.min(len - steps) {
            let (from, to) = if move_back {
                self.first.set(self.first.get().wrapping_sub(1) & (self.room() - 1));
                (len, 0)
            } else {
                self.first.set((self.first.get() + 1) & (self.room() - 1));
                (self.room() - 1, len - 1)
            };
            let value = self.at(from, Value::take).unwrap_or_default();
            self.at(to, |place| place.set(value));
        }
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
    fn room(&self) -> usize {
        self.table.borrow().as_ref().map_or(0, |table| table.len())
    }
    /// Whether one more has room.
    #[inline(always)]
    fn has_room(&self) -> bool {
        self.len() < self.room()
    }
    /// Makes room for more.
    #[cold]
    #[inline(never)]
    fn grow(&self, cx: &Cx) -> Res<()> {
        let room = (self.room() * 2).max(8);
        let mut table = cx.vector(room)?;
        // What the allocation freed may have been about this ring: its length is read now.
        for index in 0..self.len() {
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
