//! The iterators over a `deque`, forwards and backwards. They hold the deque as long as they live, and stop when it has changed.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::deque::Deque;

native_type! {
    "collections._deque_iterator" = pub struct DequeIter { deque: Obj<Deque>, changes: Cell<u64>, left: Cell<usize> }
    new(*args, **names) = new;
    slots { iter = itself; next = next; }
    at_once { rest = rest; }
    methods {
        /// How many items are still to come.
        __length_hint__() = length_hint;
        /// How pickle makes the iterator again.
        __reduce__() = reduce;
    }
}

native_type! {
    "collections._deque_reverse_iterator" = pub struct DequeReverseIter { deque: Obj<Deque>, changes: Cell<u64>, left: Cell<usize> }
    new(*args, **names) = new_reverse;
    slots { iter = itself; next = next_reverse; }
    methods {
        /// How many items are still to come.
        __length_hint__() = length_hint_reverse;
        /// How pickle makes the iterator again.
        __reduce__() = reduce_reverse;
    }
}

impl DequeIter {
    /// Over all items.
    #[inline]
    pub fn over(deque: Obj<Deque>) -> DequeIter {
        DequeIter { changes: Cell::new(deque.changes()), left: Cell::new(deque.len()), deque }
    }
}

impl DequeReverseIter {
    /// Over all items.
    pub fn over(deque: Obj<Deque>) -> DequeReverseIter {
        DequeReverseIter { changes: Cell::new(deque.changes()), left: Cell::new(deque.len()), deque }
    }
}

fn next(cx: &Cx, this: This<DequeIter>) -> Res<Option<Value>> {
    let (deque, left) = (&*this.deque, this.left.get());
    if deque.changes() != this.changes.get() {
        return Err(changed(cx, &this.left));
    }
    if left == 0 {
        return Ok(None);
    }
    this.left.set(left - 1);
    Ok(deque.item(deque.len() - left))
}

/// All items that are still to come.
fn rest(cx: &Cx, this: This<DequeIter>, list: &List) -> Res<()> {
    let (deque, left) = (&*this.deque, this.left.get());
    if deque.changes() != this.changes.get() {
        return Err(changed(cx, &this.left));
    }
    cx.work((left / 8) as u64)?;
    this.left.set(0);
    deque.add_to(cx, list, left)
}

fn next_reverse(cx: &Cx, this: This<DequeReverseIter>) -> Res<Option<Value>> {
    let (deque, left) = (&*this.deque, this.left.get());
    if left == 0 {
        return Ok(None);
    }
    if deque.changes() != this.changes.get() {
        return Err(changed(cx, &this.left));
    }
    this.left.set(left - 1);
    Ok(deque.item(left - 1))
}

#[cold]
fn changed(cx: &Cx, left: &Cell<usize>) -> Raised {
    left.set(0);
    cx.changed_during_iteration("deque")
}

/// The deque, and how many of its items are passed over.
fn arguments(cx: &Cx, args: Args) -> Res<(Obj<Deque>, usize)> {
    let (given, most) = (args.positional(), 2);
    if given.is_empty() {
        return Err(cx.type_error("function takes at least 1 argument (0 given)"));
    }
    if given.len() > most {
        return Err(cx.type_error(format_args!("function takes at most 2 arguments ({} given)", given.len())));
    }
    let deque = Obj::<Deque>::from_value(given[0].clone()).map_err(|other| {
        cx.type_error(format_args!("argument 1 must be collections.deque, not {}", cx.type_name(&other)))
    })?;
    let passed = match given.get(1) {
        Some(index) => cx.index(index)?.max(0) as usize,
        None => 0,
    };
    Ok((deque, passed))
}

fn new(cx: &Cx, class: &Value, args: Args) -> Res {
    let (deque, passed) = arguments(cx, args)?;
    let made = DequeIter::over(deque);
    made.left.set(made.left.get().saturating_sub(passed));
    cx.new_of(class, made)
}

fn new_reverse(cx: &Cx, class: &Value, args: Args) -> Res {
    let (deque, passed) = arguments(cx, args)?;
    let made = DequeReverseIter::over(deque);
    made.left.set(made.left.get().saturating_sub(passed));
    cx.new_of(class, made)
}

fn length_hint(_: &Cx, this: This<DequeIter>) -> usize {
    this.left.get()
}

fn length_hint_reverse(_: &Cx, this: This<DequeReverseIter>) -> usize {
    this.left.get()
}

fn reduce(cx: &Cx, this: This<DequeIter>) -> Res {
    let at = this.deque.len() as i64 - this.left.get() as i64;
    (cx.class_of(this.value()), (&this.deque, at)).into_value(cx)
}

fn reduce_reverse(cx: &Cx, this: This<DequeReverseIter>) -> Res {
    let at = this.deque.len() as i64 - this.left.get() as i64;
    (cx.class_of(this.value()), (&this.deque, at)).into_value(cx)
}
