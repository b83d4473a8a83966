//! The two ends of a `deque`: items come and go.

use ryokan_vm::native::*;

use super::{Deq, Deque};

impl Deque {
    /// Puts an item at the right end, if there is room for it, and gives what falls out at the left.
    pub(super) fn put(&self, item: &Value) -> Option<Value> {
        self.put_at(false, item)
    }
    /// The same the other way round.
    pub(super) fn put_left(&self, item: &Value) -> Option<Value> {
        self.put_at(true, item)
    }
    #[inline(always)]
    fn put_at(&self, front: bool, item: &Value) -> Option<Value> {
        if !self.items.put(front, item) {
            return None;
        }
        self.changed();
        if self.len() <= self.limit.get() {
            return Some(Value::UNBOUND);
        }
        Some(if front { self.items.pop_back() } else { self.items.pop_front() }.unwrap_or_default())
    }
    /// Takes the item at the right end, if there is one.
    pub(super) fn pull(&self) -> Option<Value> {
        let item = self.items.pop_back()?;
        self.changed();
        Some(item)
    }
    /// The same at the left end.
    pub(super) fn pull_left(&self) -> Option<Value> {
        let item = self.items.pop_front()?;
        self.changed();
        Some(item)
    }
    #[inline(always)]
    pub(super) fn push(&self, cx: &Cx, item: Value) -> Res<()> {
        self.changed();
        if self.len() == self.limit.get()
            && let Some(old) = self.items.exchange_ends(&item)
        {
            drop(old);
            return Ok(());
        }
        self.items.push_back(cx, item)?;
        if self.len() > self.limit.get() {
            drop(self.items.pop_front());
        }
        Ok(())
    }
    #[inline(always)]
    pub(super) fn push_left(&self, cx: &Cx, item: Value) -> Res<()> {
        self.changed();
        self.items.push_front(cx, item)?;
        if self.len() > self.limit.get() {
            drop(self.items.pop_back());
        }
        Ok(())
    }
}

pub(super) fn append(cx: &Cx, this: Deq, item: Value) -> Res<()> {
    this.push(cx, item)
}

pub(super) fn append_left(cx: &Cx, this: Deq, item: Value) -> Res<()> {
    this.push_left(cx, item)
}

pub(super) fn pop(cx: &Cx, this: Deq) -> Res {
    this.changed();
    this.items.pop_back().ok_or(()).map_err(|()| empty(cx))
}

pub(super) fn pop_left(cx: &Cx, this: Deq) -> Res {
    this.changed();
    this.items.pop_front().ok_or(()).map_err(|()| empty(cx))
}

#[cold]
fn empty(cx: &Cx) -> Raised {
    cx.index_error("pop from an empty deque")
}
