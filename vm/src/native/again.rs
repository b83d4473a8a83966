//! `Again`: a tuple that an iterator has given, and fills again where nobody else holds it any more.

use std::array::from_fn;

use super::collections::Tuple;
use super::cx::Cx;
use crate::object::Ref;
use crate::object::payload::traced;
use crate::raised::Res;
use crate::types::tuple::Tuple as TupleObj;
use crate::value::Value;

/// A tuple that an iterator has given, to be given again with other items where whoever had it has let go of it: nobody can tell it from
/// a new one then. Empty at first; the first tuple that is made stays in it.
///
/// It keeps the items of that tuple alive, as CPython's iterators do with their last result.
#[derive(Default)]
pub struct Again(Value);

impl Again {
    /// A tuple of these items, which are moved. What the one that is filled again had in it lies in their place then, and is the caller's
    /// to let go of. Runs no Python; `MemoryError`.
    #[inline(always)]
    pub fn tuple(&self, cx: &Cx, items: &[Value]) -> Res {
        if let Some(tuple) = self.unheld(items.len()) {
            cx.vm().exchange_items(&tuple, items);
            return Ok(tuple.into_value());
        }
        self.keep(cx.vm().tuple_from_iter(items.len(), |at| items[at].take()))
    }
    /// The same of so many items, where those that were there before may die at once, when the tuple is whole. That may run Python.
    #[inline(always)]
    pub fn row<const N: usize>(&self, cx: &Cx, items: [Value; N]) -> Res {
        self.tuple(cx, &items)
    }
    /// A tuple of items of a pool, at these indices: one of those that are kept for that, with as many items, if one is not held. (None
    /// stands for an item that is not there.) The pool must hold what was chosen before. Runs no Python; `MemoryError`.
    #[inline]
    pub fn choose(kept: &[Again; 2], cx: &Cx, pool: &Tuple, at: &[usize]) -> Res {
        for again in kept {
            if again.0.is_unbound() {
                return again.keep(pool.choose(cx, at));
            }
            if let Some(tuple) = again.unheld(at.len()) {
                cx.vm().choose_again(&tuple, pool.items(), at);
                return Ok(tuple.into_value());
            }
        }
        pool.choose(cx, at)
    }
    /// Two places for tuples of a pool.
    pub fn two() -> [Again; 2] {
        from_fn(|_| Again::default())
    }
    /// The tuple, another reference, if it has so many items and there was but one reference.
    #[inline(always)]
    fn unheld(&self, len: usize) -> Option<Ref<TupleObj>> {
        if !self.0.word().is_ptr() || self.0.word().refs() != 1 {
            return None;
        }
        let tuple: Ref<TupleObj> = Ref::from_value(self.0.clone()).ok()?;
        if tuple.items().len() == len { Some(tuple) } else { None }
    }
    /// Keeps a tuple that was made, if there is none yet.
    #[inline]
    fn keep(&self, made: Res) -> Res {
        if let Ok(tuple) = &made
            && self.0.is_unbound()
        {
            self.0.set(tuple.clone());
        }
        made
    }
}

traced! { Again: [0] }
