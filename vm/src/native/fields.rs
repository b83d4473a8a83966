//! What the body of a native type is made of.
//!
//! | field | holds |
//! |---|---|
//! | [`Slot`] | a value, None at first |
//! | [`Maybe`] | a value or nothing |
//! | [`Source`] | an iterator, until it is let go |
//! | [`Iter`], [`Tuple`] | an iterator, a tuple, for life |
//! | [`Obj`](super::Obj) | an instance of a native type, the same one from birth to death |
//! | [`Values`](super::Values) | any number of values, in order, in the heap's budget: a ring, cheap at both ends |
//! | [`Again`](super::Again) | a tuple that was given, to be filled again |
//! | [`BufferSlot`](super::BufferSlot) | the bytes of an object, lent until they are let go |
//! | `Cell` of a `Copy` type | a number, a flag |
//! | [`Own`] | anything of Rust's that holds no value of Python's: an engine, a table, a file |
//!
//! All are used through a shared reference, and give values away owned: whatever may run Python may replace what a field
//! holds, and nobody is left with a reference into it.

use std::cell::RefCell;

use super::collections::{Dict, Tuple};
use super::cx::{Cx, Iter};
use crate::object::kind::NativeType;
use crate::object::payload::traced;
use crate::raised::Res;
use crate::types::iterators::{next_items, quick_next};
use crate::types::plain::quick_equal;
use crate::value::Value;

/// A place for a value; None at first.
pub struct Slot(Value);

impl Slot {
    /// A slot that holds a value.
    pub fn new(value: Value) -> Slot {
        Slot(value)
    }
    /// The value, a new reference.
    #[inline]
    pub fn get(&self) -> Value {
        self.0.clone()
    }
    /// The value to look at: see [`Value::look`].
    #[inline]
    pub fn look(&self) -> Value {
        self.0.look()
    }
    /// Looks at the body of the instance of a native type in there, if it is one. No Python may run meanwhile: it could empty the slot.
    #[inline]
    pub fn body<T: NativeType, R>(&self, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.0.body().map(look)
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
    /// Whether both hold equal values, as far as that can be told without running Python.
    #[inline]
    pub fn quick_equal(&self, other: &Maybe) -> Option<bool> {
        quick_equal(&self.0, &other.0)
    }
    /// Whether it holds a value that is another one or equals it, as far as that can be told without running Python.
    #[inline]
    pub fn quick_equals(&self, other: &Value) -> Option<bool> {
        quick_equal(&self.0, other)
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

traced! { Slot: [0], |this| this.0.set(Value::NONE) }

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
    /// Puts a value there and gives the one that was there.
    #[inline]
    pub fn replace(&self, value: Value) -> Option<Value> {
        Some(self.0.replace(value)).filter(|value| !value.is_unbound())
    }
    /// Moves the value out.
    pub fn take(&self) -> Option<Value> {
        Some(self.0.take()).filter(|value| !value.is_unbound())
    }
    /// Puts a value there, or nothing. The old one may die, which may run Python.
    pub fn set(&self, value: Option<Value>) {
        self.0.set(value.unwrap_or(Value::UNBOUND));
    }
    /// Whether it is that very object.
    pub fn is(&self, value: &Value) -> bool {
        self.0.is(value)
    }
    /// Whether there is one.
    pub fn is_some(&self) -> bool {
        !self.0.is_unbound()
    }
}

traced! { Maybe: [0] }

/// An iterator that items are drawn from, until it is let go: at its end, as a rule. (One that is never let go is an
/// [`Iter`].)
#[derive(Default)]
pub struct Source(Value);

impl Source {
    /// Draws from an iterator.
    pub fn new(iterator: Iter) -> Source {
        Source(iterator.into_value())
    }
    /// The next item, or nothing at the end and ever after it. Runs Python, which may let the iterator go meanwhile.
    #[inline(always)]
    pub fn next(&self, cx: &Cx) -> Res<Option<Value>> {
        cx.vm().next_of_slot(&self.0)
    }
    /// The next items as a tuple, if the iterator goes over a list or a tuple and has so many left, so that no Python runs; otherwise
    /// nothing, and nothing has happened.
    pub fn row(&self, cx: &Cx, len: usize) -> Res<Option<Tuple>> {
        cx.work((len / 8) as u64 + 1)?;
        let Some((index, items)) = next_items(&self.0, len) else { return Ok(None) };
        let row = Tuple::from_fn(cx, len, |at| items[at].clone())?;
        index.set(index.get() + len);
        Ok(Some(row))
    }
    /// The iterator, if it was not let go.
    pub fn iterator(&self) -> Option<Iter> {
        self.0.bound().cloned().map(Iter::over)
    }
    /// The next item, if the iterator goes over a list, a tuple or a range, is not at its end, and native work is not paid for: no Python
    /// runs then. Otherwise nothing, and nothing has happened.
    #[inline(always)]
    pub fn next_plain(&self, cx: &Cx) -> Option<Value> {
        if cx.vm().works_freely() { quick_next(&self.0) } else { None }
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

traced! { Source: [0] }

/// Something of Rust's that holds no value of Python's. (One that does keeps it alive, where no collector sees it.) It dies on
/// whichever thread runs then: what belongs to the thread that made it, such as the guard of a mutex, must not be in here.
#[derive(Default)]
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

traced! { nothing: [T: 'static] Own<T>; }
