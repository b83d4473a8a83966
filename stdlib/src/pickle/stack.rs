//! What an unpickler works on: objects, and marks between them.

use ryokan_vm::native::*;

use super::UNPICKLING_ERROR;

/// Objects, in the heap's budget, and how many lay below each mark. What is below the last mark is out of reach.
pub struct Stack<'a> {
    cx: &'a Cx,
    items: Vector<Value>,
    marks: Vector<usize>,
    fence: usize,
}

impl<'a> Stack<'a> {
    pub fn new(cx: &'a Cx) -> Res<Stack<'a>> {
        Ok(Stack { cx, items: cx.vector(16)?, marks: cx.vector(0)?, fence: 0 })
    }
    #[cold]
    pub fn underflow(&self) -> Raised {
        let what = if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" };
        self.cx.raise_of(&UNPICKLING_ERROR, what)
    }
    /// How many objects there are, those below marks too.
    #[inline]
    pub fn len(&self) -> usize {
        self.items.len()
    }
    #[inline]
    pub fn push(&mut self, value: Value) -> Res<()> {
        if self.items.len() == self.items.capacity() {
            let more = self.items.len();
            self.cx.reserve(&mut self.items, more)?;
        }
        self.items.push(value);
        Ok(())
    }
    #[inline]
    pub fn pop(&mut self) -> Res {
        if self.items.len() > self.fence
            && let Some(value) = self.items.pop()
        {
            return Ok(value);
        }
        Err(self.underflow())
    }
    /// The object on top, which stays.
    #[inline]
    pub fn top(&self) -> Res {
        match self.items.last() {
            Some(value) if self.items.len() > self.fence => Ok(value.clone()),
            _ => Err(self.underflow()),
        }
    }
    /// The object so far from the bottom, which must be in reach.
    #[inline]
    pub fn at(&self, index: usize) -> Res {
        match self.items.get(index) {
            Some(value) if index >= self.fence => Ok(value.clone()),
            _ => Err(self.underflow()),
        }
    }
    /// Puts another object in the place of the one on top.
    pub fn set_top(&mut self, value: Value) {
        if let Some(top) = self.items.last_mut() {
            let old = std::mem::replace(top, value);
            drop(old);
        }
    }
    /// Sets a mark.
    pub fn mark(&mut self) -> Res<()> {
        if self.marks.len() == self.marks.capacity() {
            let more = self.marks.len().max(4);
            self.cx.reserve(&mut self.marks, more)?;
        }
        self.fence = self.items.len();
        self.marks.push(self.fence);
        Ok(())
    }
    /// Takes the last mark away; gives how many objects lay below it.
    #[inline]
    pub fn unmark(&mut self) -> Res<usize> {
        let Some(mark) = self.marks.pop() else {
            return Err(self.cx.raise_of(&UNPICKLING_ERROR, "could not find MARK"));
        };
        self.fence = self.marks.last().copied().unwrap_or(0);
        Ok(mark)
    }
    /// Takes what is on top: a mark, or an object.
    pub fn discard(&mut self) -> Res<()> {
        if self.marks.last() == Some(&self.items.len()) {
            return self.unmark().map(drop);
        }
        self.pop().map(drop)
    }
    /// Lets go of all objects from one on. They may die, which may run Python.
    pub fn truncate(&mut self, len: usize) {
        while self.items.len() > len {
            drop(self.items.pop());
        }
    }
    /// The objects from one on, as a tuple.
    pub fn tuple_from(&mut self, start: usize) -> Res<Tuple> {
        if start < self.fence || start > self.items.len() {
            return Err(self.underflow());
        }
        let count = self.items.len() - start;
        self.cx.work(count as u64 / 16)?;
        Tuple::from_last(self.cx, &mut self.items, count)
    }
    /// The last so many objects, as a tuple.
    #[inline]
    pub fn last(&mut self, count: usize) -> Res<Tuple> {
        match self.items.len().checked_sub(count) {
            Some(start) => self.tuple_from(start),
            None => Err(self.underflow()),
        }
    }
    /// Moves the objects from one on to the end of a list.
    pub fn append_to(&mut self, start: usize, list: &List) -> Res<()> {
        let count = self.items.len().saturating_sub(start);
        self.cx.work(count as u64 / 16)?;
        list.extend_from_last(self.cx, &mut self.items, count)
    }
    /// Takes the pair at a place out; the places stay.
    pub fn take_pair(&mut self, at: usize) -> Option<(Value, Value)> {
        match &mut self.items[at..] {
            [key, value, ..] => Some((std::mem::take(key), std::mem::take(value))),
            _ => None,
        }
    }
}
