//! `_heapq`: a list as a heap, the least item, or the greatest, first.
//!
//! Comparing runs Python, which may change the list: after each comparison its length must be what it was.

use ryokan_vm::native::*;

native_module! {
    /// Heaps in lists: the item at k is not above those at 2k+1 and 2k+2.
    ///
    /// The functions whose name ends in _max turn the order round.
    "_heapq" {
        functions {
            /// Adds an item to a heap.
            heappush(heap: List, item: Value, /);
            /// Takes the least item off a heap. IndexError if it is empty.
            heappop(heap: List, /);
            /// Takes the least item off a heap, then adds one: in one go. IndexError if it is empty.
            heapreplace(heap: List, item: Value, /);
            /// Adds an item to a heap, then takes the least one off: in one go.
            heappushpop(heap: List, item: Value, /);
            /// Makes a heap of a list, in time that grows with its length.
            heapify(heap: List, /);
            /// Adds an item to a heap whose greatest comes first.
            heappush_max(heap: List, item: Value, /);
            /// Takes the greatest item off a heap. IndexError if it is empty.
            heappop_max(heap: List, /);
            /// Takes the greatest item off a heap, then adds one: in one go. IndexError if it is empty.
            heapreplace_max(heap: List, item: Value, /);
            /// Adds an item to a heap, then takes the greatest one off: in one go.
            heappushpop_max(heap: List, item: Value, /);
            /// Makes a heap of a list, the greatest item first.
            heapify_max(heap: List, /);
        }
    }
}

/// Which item comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Least,
    Greatest,
}

/// A list that is being ordered.
struct Heap<'a> {
    cx: &'a Cx,
    list: &'a List,
    first: First,
}

impl Heap<'_> {
    /// Whether the item at `a` must be above the one at `b`. Runs Python.
    fn precedes(&self, a: usize, b: usize) -> Res<bool> {
        let len = self.list.len();
        let (Some(a), Some(b)) = (self.list.get(a), self.list.get(b)) else { return Err(self.out_of_range()) };
        let precedes = self.before(&a, &b)?;
        if self.list.len() != len {
            return Err(self.cx.runtime_error("list changed size during iteration"));
        }
        Ok(precedes)
    }
    /// The same of any two items.
    fn before(&self, a: &Value, b: &Value) -> Res<bool> {
        self.cx.work(1)?;
        match self.first {
            First::Least => self.cx.holds(a, CompareOp::Lt, b),
            First::Greatest => self.cx.holds(b, CompareOp::Lt, a),
        }
    }
    fn out_of_range(&self) -> Raised {
        self.cx.index_error("index out of range")
    }
    /// Lets the item at `at` rise to its place, not above `top`.
    fn rise(&self, top: usize, mut at: usize) -> Res<()> {
        while at > top {
            let parent = (at - 1) / 2;
            if !self.precedes(at, parent)? {
                break;
            }
            self.list.swap(at, parent);
            at = parent;
        }
        Ok(())
    }
    /// Lets the item at `at` sink to a leaf, along the children that come first, and rise from there: most items belong far below.
    fn sink(&self, top: usize) -> Res<()> {
        let (len, mut at) = (self.list.len(), top);
        while at < len / 2 {
            let mut child = 2 * at + 1;
            if child + 1 < len && !self.precedes(child, child + 1)? {
                child += 1;
            }
            self.list.swap(at, child);
            at = child;
        }
        self.rise(top, at)
    }
    fn push(&self, item: Value) -> Res<()> {
        self.list.push(self.cx, item)?;
        self.rise(0, self.list.len() - 1)
    }
    fn pop(&self) -> Res {
        let Some(last) = self.list.pop() else { return Err(self.out_of_range()) };
        if self.list.is_empty() {
            return Ok(last);
        }
        self.put_first(last)
    }
    /// Puts an item in the first one's place, and gives that.
    fn put_first(&self, item: Value) -> Res {
        let Some(first) = self.list.get(0) else { return Err(self.out_of_range()) };
        self.list.set(self.cx, 0, item)?;
        self.sink(0)?;
        Ok(first)
    }
    fn push_pop(&self, item: Value) -> Res {
        match self.list.get(0) {
            Some(first) if self.before(&first, &item)? => self.put_first(item),
            _ => Ok(item),
        }
    }
    fn build(&self) -> Res<()> {
        (0..self.list.len() / 2).rev().try_for_each(|at| self.sink(at))
    }
}

fn least<'a>(cx: &'a Cx, list: &'a List) -> Heap<'a> {
    Heap { cx, list, first: First::Least }
}
fn greatest<'a>(cx: &'a Cx, list: &'a List) -> Heap<'a> {
    Heap { cx, list, first: First::Greatest }
}

fn heappush(cx: &Cx, heap: List, item: Value) -> Res<()> {
    least(cx, &heap).push(item)
}
fn heappop(cx: &Cx, heap: List) -> Res {
    least(cx, &heap).pop()
}
fn heapreplace(cx: &Cx, heap: List, item: Value) -> Res {
    least(cx, &heap).put_first(item)
}
fn heappushpop(cx: &Cx, heap: List, item: Value) -> Res {
    least(cx, &heap).push_pop(item)
}
fn heapify(cx: &Cx, heap: List) -> Res<()> {
    least(cx, &heap).build()
}
fn heappush_max(cx: &Cx, heap: List, item: Value) -> Res<()> {
    greatest(cx, &heap).push(item)
}
fn heappop_max(cx: &Cx, heap: List) -> Res {
    greatest(cx, &heap).pop()
}
fn heapreplace_max(cx: &Cx, heap: List, item: Value) -> Res {
    greatest(cx, &heap).put_first(item)
}
fn heappushpop_max(cx: &Cx, heap: List, item: Value) -> Res {
    greatest(cx, &heap).push_pop(item)
}
fn heapify_max(cx: &Cx, heap: List) -> Res<()> {
    greatest(cx, &heap).build()
}
