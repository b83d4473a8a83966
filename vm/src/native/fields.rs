//! What the body of a native type is made of.
//!
//! | field | holds |
//! |---|---|
//! | [`Slot`] | a value, None at first |
//! | [`Maybe`] | a value or nothing |
//! | [`Source`] | an iterator, until it is let go |
//! | [`Iter`](super::Iter), [`Tuple`](super::Tuple) | an iterator, a tuple, for life |
//! | [`Obj`](super::Obj) | an instance of a native type, the same one from birth to death |
//! | [`Values`](super::Values) | any number of values, in order, in the heap's budget: a ring, cheap at both ends |
//! | `Cell` of a `Copy` type | a number, a flag |
//! | [`Own`] | anything of Rust's that holds no value of Python's: an engine, a table, a file |
//!
//! All are used through a shared reference, and give values away owned: whatever may run Python may replace what a field
//! holds, and nobody is left with a reference into it.

use std::cell::{Cell, RefCell};

use super::collections::{Dict, Tuple};
use super::cx::{Cx, Iter};
pub use crate::object::kind::Trace;
use crate::object::kind::{NativeType, Obj};
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
    /// The value as a dict, if it is one.
    pub fn dict(&self) -> Option<Dict> {
        Dict::of(&self.0)
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

/// Something of Rust's that holds no value of Python's. (One that does keeps it alive, where no collector sees it.) It dies on
/// whichever thread runs then: what belongs to the thread that made it, such as the guard of a mutex, must not be in here.
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

// SAFETY: one value, visited once.
unsafe impl<T: NativeType> Trace for Obj<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.value());
    }
    /// It stays: whoever has the body may look through it at any time. A cycle has a place that can be set, or it could not have been
    /// made, and breaks there.
    fn clear(&self) {}
}
