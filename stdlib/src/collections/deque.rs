//! `deque`: a sequence that grows and shrinks at both ends, with a greatest length if wanted.
//!
//! The items are a ring. Each change of their number or order counts, so that iterators and searches notice what Python code did
//! to the deque meanwhile. An item that is pushed out dies when the deque is whole again.

use std::cell::Cell;

use ryokan_vm::native::*;

mod ends;

use super::deque_iter::{DequeIter, DequeReverseIter};
use ends::{append, append_left, pop, pop_left};

native_type! {
    /// deque([iterable[, maxlen]])
    ///
    /// A sequence that takes and gives items at both ends in constant time. With a maxlen it never gets longer: what is added
    /// at one end pushes items out at the other.
    "collections.deque" = pub struct Deque { items: Values, limit: Cell<usize>, changes: Cell<u64> }
    flags: SUBCLASS, WEAKREF, SEQUENCE, COUNTED;
    new(*args, **names) = new;
    init(iterable: Given = Given(None), maxlen: Given = Given(None)) = init;
    slots {
        len = len; repr = repr; iter = iter; compare = compare;
        getitem = get_item; setitem = set_item; contains = contains;
    }
    at_once { len = Deque::len; item = Deque::item_at; store = Deque::store_at; }
    number { Add = add; Multiply = multiply; }
    in_place { Add = add_in_place; Multiply = multiply_in_place; }
    getters {
        /// the greatest length, or None if there is none
        maxlen = maxlen;
    }
    methods {
        /// Adds an item at the right end.
        append(item: Value, /), at_once = Deque::put;
        /// Adds an item at the left end.
        appendleft(item: Value, /) = append_left, at_once = Deque::put_left;
        /// Empties the deque.
        clear();
        /// A deque with the same items and maxlen.
        __copy__() = copy;
        /// A deque with the same items and maxlen.
        copy();
        /// How many items equal the value.
        count(value: &Value, /);
        /// Adds the items of an iterable at the right end, one after the other.
        extend(iterable: &Value, /);
        /// Adds the items of an iterable at the left end, one after the other: they end up in reverse.
        extendleft(iterable: &Value, /) = extend_left;
        /// The index of the first item that equals the value, between start and stop.
        ///
        /// ValueError if there is none.
        index(value: &Value, start: Bound = Bound(0) => "0", stop: Bound = Bound(i64::MAX) => "9223372036854775807", /);
        /// Adds a value before the item at an index.
        insert(index: i64, value: Value, /);
        /// Takes the item at the right end.
        pop(), at_once = Deque::pull;
        /// Takes the item at the left end.
        popleft() = pop_left, at_once = Deque::pull_left;
        /// How copy and pickle make the deque again.
        __reduce__() = reduce;
        /// Takes out the first item that equals the value; ValueError if there is none.
        remove(value: &Value, /);
        /// An iterator from the right end to the left.
        __reversed__() = reversed;
        /// Turns the order of the items round.
        reverse();
        /// Moves n items from the right end to the left; from left to right if n is negative.
        rotate(n: i64 = 1, /);
        /// The size in memory, in bytes.
        __sizeof__() = size_of;
    }
    class_methods {
        /// The class with a type argument, as deque[int] is written.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

/// The limit of a deque without one.
const NO_LIMIT: usize = usize::MAX;

type Deq<'a> = This<'a, Deque>;

impl Deque {
    /// How many items there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.items.len()
    }
    /// The item at an index, if there is one.
    #[inline(always)]
    pub fn item(&self, index: usize) -> Option<Value> {
        self.items.get(index)
    }
    /// Adds the last so many items to a list.
    pub fn add_to(&self, cx: &Cx, list: &List, count: usize) -> Res<()> {
        self.items.add_last_to(cx, list, count)
    }
    /// Another number after each change of the items' number or order.
    #[inline(always)]
    pub fn changes(&self) -> u64 {
        self.changes.get()
    }
    #[inline(always)]
    fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
    }
    /// The item at an index that may count from the end.
    fn item_at(&self, index: i64) -> Option<Value> {
        let at = if index < 0 { index + self.len() as i64 } else { index };
        self.items.get(usize::try_from(at).ok()?)
    }
    /// Puts a value in the place of the item at such an index, if there is one, and it does not die of that.
    fn store_at(_: &Cx, this: &Deque, index: i64, value: &Value) -> bool {
        let at = if index < 0 { index + this.len() as i64 } else { index };
        usize::try_from(at).is_ok_and(|at| this.items.copy_into(at, value))
    }
    /// `RuntimeError` if something changed since.
    fn unchanged_since(&self, cx: &Cx, changes: u64) -> Res<()> {
        if self.changes() == changes { Ok(()) } else { Err(cx.changed_during_iteration("deque")) }
    }
    /// The first item from an index on, up to another, that equals a value: what Python does to the deque meanwhile is judged by
    /// `judge`, which is given whether the item was equal.
    fn find(
        &self,
        cx: &Cx,
        from: usize,
        to: usize,
        value: &Value,
        judge: impl Fn(bool) -> Res<()>,
    ) -> Res<Option<usize>> {
        let mut at = from;
        while let Some((found, certain)) = self.items.find_plain(at, value) {
            cx.work(((found - at) / 8) as u64 + 1)?;
            if found >= to {
                return Ok(None);
            }
            if certain {
                return Ok(Some(found));
            }
            let Some(item) = self.items.look(found) else { break };
            let equal = cx.same_or_equal(&item, value)?;
            judge(equal)?;
            if equal {
                return Ok(Some(found));
            }
            at = found + 1;
        }
        cx.work((self.items.len().saturating_sub(at) / 4) as u64)?;
        Ok(None)
    }
    /// The same, where any change of the deque is an error unless the item was equal.
    fn search(&self, cx: &Cx, from: usize, to: usize, value: &Value) -> Res<Option<usize>> {
        let changes = self.changes();
        self.find(cx, from, to, value, |equal| if equal { Ok(()) } else { self.unchanged_since(cx, changes) })
    }
    /// Adds the items of another deque, a list or a tuple in one go, if no limit stands in the way and nothing of Python's has a say.
    fn fill_at_once(&self, cx: &Cx, source: &Value) -> Res<bool> {
        let (list, tuple) = (List::exact(source), Tuple::exact(source));
        let more = match (&list, &tuple) {
            (Some(list), _) => list.len(),
            (_, Some(tuple)) => tuple.len(),
            _ => return Ok(false),
        };
        if more == 0 || self.limit.get().saturating_sub(self.len()) < more {
            return Ok(more == 0);
        }
        cx.work((more / 8) as u64)?;
        self.changed();
        match (list, tuple) {
            (Some(list), _) => self.items.extend_from_list(cx, &list)?,
            (_, Some(tuple)) => self.items.extend_from_tuple(cx, &tuple)?,
            _ => {}
        }
        Ok(true)
    }
    /// Adds the items of an iterable, one after the other.
    fn fill(&self, cx: &Cx, iterable: &Value, push: impl Fn(Value) -> Res<()>) -> Res<()> {
        if let Some(list) = List::exact(iterable) {
            let mut at = 0;
            while let Some(item) = list.get(at) {
                push(item)?;
                at += 1;
                if at.is_multiple_of(64) {
                    cx.work(8)?;
                }
            }
            return Ok(());
        }
        let items = cx.iter(iterable)?;
        while let Some(item) = items.next(cx)? {
            push(item)?;
        }
        Ok(())
    }
}

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, Deque { items: Values::default(), limit: Cell::new(NO_LIMIT), changes: Cell::new(0) })
}

fn init(cx: &Cx, this: Deq, iterable: Given, maxlen: Given) -> Res<()> {
    let limit = match maxlen.0 {
        None => NO_LIMIT,
        Some(none) if none.is_none() => NO_LIMIT,
        Some(maxlen) if !cx.is_int(&maxlen) => return Err(cx.type_error("an integer is required")),
        Some(maxlen) => usize::try_from(cx.index(&maxlen)?)
            .map_err(|_| cx.value_error("maxlen must be non-negative"))?,
    };
    this.limit.set(limit);
    if this.len() > 0 {
        clear(cx, this);
    }
    match iterable.0 {
        Some(iterable) => extend(cx, this, &iterable),
        None => Ok(()),
    }
}

fn len(_: &Cx, this: Deq) -> Res<usize> {
    Ok(this.len())
}

fn repr(cx: &Cx, this: Deq) -> Res {
    let shown = cx.repr_once(this.value(), || {
        let items = List::from_iterable(cx, this.value())?;
        let mut text = StrWriter::new(cx);
        text.push_str(&cx.class_name(this.value()))?;
        text.push_str("(")?;
        text.push_str(&cx.repr(items.value())?)?;
        if this.limit.get() != NO_LIMIT {
            text.push_str(&format!(", maxlen={}", this.limit.get()))?;
        }
        text.push_str(")")?;
        text.finish()
    })?;
    shown.map_or_else(|| "[...]".into_value(cx), Ok)
}

fn maxlen(_: &Cx, this: Deq) -> Option<usize> {
    Some(this.limit.get()).filter(|limit| *limit != NO_LIMIT)
}

fn size_of(_: &Cx, this: Deq) -> usize {
    // CPython's: a head, and blocks of 64 items, as many as it has when they were added at the right end.
    216 + 528 * (1 + this.len()).div_ceil(64)
}

fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}

/// What is added while the own items are walked would never end: they are listed first.
fn source(cx: &Cx, this: Deq, iterable: &Value) -> Res {
    if iterable.is(this.value()) {
        Ok(List::from_iterable(cx, iterable)?.into_value())
    } else {
        Ok(iterable.clone())
    }
}

fn extend(cx: &Cx, this: Deq, iterable: &Value) -> Res<()> {
    let source = source(cx, this, iterable)?;
    if this.fill_at_once(cx, &source)? {
        return Ok(());
    }
    this.fill(cx, &source, |item| this.push(cx, item))
}

fn extend_left(cx: &Cx, this: Deq, iterable: &Value) -> Res<()> {
    let source = source(cx, this, iterable)?;
    this.fill(cx, &source, |item| this.push_left(cx, item))
}

fn clear(_: &Cx, this: Deq) {
    if this.len() > 0 {
        this.changed();
        this.items.clear();
    }
}

fn rotate(cx: &Cx, this: Deq, n: i64) -> Res<()> {
    let len = this.len();
    if len > 1 {
        this.changed();
        let steps = n.rem_euclid(len as i64) as usize;
        cx.work((steps.min(len - steps) / 16) as u64)?;
        this.items.rotate(steps);
    }
    Ok(())
}

fn reverse(cx: &Cx, this: Deq) -> Res<()> {
    cx.work((this.len() / 16) as u64)?;
    this.items.reverse();
    Ok(())
}

// ---- items -----------------------------------------------------------------------------------------------------------

/// The place of an item that an index means.
#[inline]
fn place(cx: &Cx, this: Deq, key: &Value) -> Res<usize> {
    let index = cx.sequence_index(key)?;
    let len = this.len() as i64;
    let at = if index < 0 { index + len } else { index };
    if (0..len).contains(&at) { Ok(at as usize) } else { Err(out_of_range(cx)) }
}

#[cold]
fn out_of_range(cx: &Cx) -> Raised {
    cx.index_error("deque index out of range")
}

fn get_item(cx: &Cx, this: Deq, key: &Value) -> Res {
    let at = place(cx, this, key)?;
    this.item(at).ok_or(()).map_err(|()| out_of_range(cx))
}

fn set_item(cx: &Cx, this: Deq, key: &Value, value: Option<&Value>) -> Res<()> {
    let at = place(cx, this, key)?;
    match value {
        Some(value) => this.items.replace(at, value.clone()).map(drop).map_err(|_| out_of_range(cx)),
        None => take(cx, this, at).map(drop),
    }
}

/// Takes an item out. It dies when the deque is whole.
fn take(cx: &Cx, this: Deq, at: usize) -> Res {
    cx.work((this.len() / 64) as u64)?;
    this.changed();
    this.items.remove(at).ok_or(()).map_err(|()| out_of_range(cx))
}

fn insert(cx: &Cx, this: Deq, index: i64, value: Value) -> Res<()> {
    cx.work((this.len() / 64) as u64)?;
    let len = this.len();
    if len == this.limit.get() {
        return Err(cx.index_error("deque already at its maximum size"));
    }
    this.changed();
    this.items.insert(cx, Bound(index).among(len), value)
}

fn contains(cx: &Cx, this: Deq, value: &Value) -> Res<bool> {
    Ok(this.search(cx, 0, NO_LIMIT, value)?.is_some())
}

fn count(cx: &Cx, this: Deq, value: &Value) -> Res<usize> {
    let changes = this.changes();
    let (mut count, mut at) = (0, 0);
    while let Some(found) = this.find(cx, at, NO_LIMIT, value, |_| this.unchanged_since(cx, changes))? {
        count += 1;
        at = found + 1;
    }
    Ok(count)
}

fn index(cx: &Cx, this: Deq, value: &Value, start: Bound, stop: Bound) -> Res<usize> {
    let len = this.len();
    let found = this.search(cx, start.among(len), stop.among(len), value)?;
    found.ok_or(()).map_err(|()| cx.value_error("deque.index(x): x not in deque"))
}

fn remove(cx: &Cx, this: Deq, value: &Value) -> Res<()> {
    let changes = this.changes();
    let judge = |_| match this.changes() == changes {
        true => Ok(()),
        false => Err(cx.index_error("deque mutated during iteration")),
    };
    match this.find(cx, 0, NO_LIMIT, value, judge)? {
        Some(at) => take(cx, this, at).map(drop),
        None => Err(cx.value_error("deque.remove(x): x not in deque")),
    }
}

// ---- iteration, comparison -------------------------------------------------------------------------------------------

fn iter(cx: &Cx, this: Deq) -> Res<Obj<DequeIter>> {
    cx.new(DequeIter::over(this.object()))
}

fn reversed(cx: &Cx, this: Deq) -> Res<Obj<DequeReverseIter>> {
    cx.new(DequeReverseIter::over(this.object()))
}

fn compare(cx: &Cx, this: Deq, other: &Value, op: CompareOp) -> Res {
    let Some(that) = This::<Deque>::of(cx, other) else { return Ok(Value::NOT_IMPLEMENTED) };
    let same = other.is(this.value());
    match op {
        CompareOp::Eq if same || this.len() != that.len() => return Ok(Value::bool(same)),
        CompareOp::Ne if same || this.len() != that.len() => return Ok(Value::bool(!same)),
        _ => {}
    }
    if cx.is_exact::<Deque>(this.value()) && cx.is_exact::<Deque>(other) {
        return compare_plain(cx, this, that, op);
    }
    let (left, right) = (cx.iter(this.value())?, cx.iter(other)?);
    let (x, y) = loop {
        let x = left.next(cx)?;
        let y = right.next(cx)?;
        match (&x, &y) {
            (Some(a), Some(b)) if cx.same_or_equal(a, b)? => {}
            (Some(a), Some(b)) => return Ok(Value::bool(differ(cx, a, op, b)?)),
            _ => break (x.is_some(), y.is_some()),
        }
    };
    Ok(Value::bool(ended(x, op, y)))
}

/// What deques say that are equal as far as the shorter one goes, by whether there was one more item in each.
fn ended(x: bool, op: CompareOp, y: bool) -> bool {
    match op {
        CompareOp::Lt => y,
        CompareOp::Le => !x,
        CompareOp::Eq => x == y,
        CompareOp::Ne => x != y,
        CompareOp::Gt => x,
        CompareOp::Ge => !y,
    }
}

/// The same of two that are walked by nobody's method but their own.
fn compare_plain(cx: &Cx, this: Deq, that: Deq, op: CompareOp) -> Res {
    let changes = (this.changes(), that.changes());
    let mut at = 0;
    loop {
        let unlike = this.items.first_unlike(&that.items, at);
        cx.work(((unlike - at) / 8) as u64 + 1)?;
        this.unchanged_since(cx, changes.0)?;
        that.unchanged_since(cx, changes.1)?;
        let (Some(a), Some(b)) = (this.items.look(unlike), that.items.look(unlike)) else {
            return Ok(Value::bool(ended(unlike < this.len(), op, unlike < that.len())));
        };
        if !cx.same_or_equal(&a, &b)? {
            return Ok(Value::bool(differ(cx, &a, op, &b)?));
        }
        at = unlike + 1;
    }
}

/// What two items that are not equal say of their deques.
fn differ(cx: &Cx, a: &Value, op: CompareOp, b: &Value) -> Res<bool> {
    match op {
        CompareOp::Eq | CompareOp::Ne if a.is(b) => Ok(op == CompareOp::Eq),
        _ => cx.holds(a, op, b),
    }
}

// ---- copies, concatenation, repetition -------------------------------------------------------------------------------

/// A deque of the same class with the same items; a subclass makes it itself.
fn copy(cx: &Cx, this: Deq) -> Res {
    let limit = this.limit.get();
    if cx.is_exact::<Deque>(this.value()) {
        let made = cx.new(Deque { items: Values::default(), limit: Cell::new(limit), changes: Cell::new(0) })?;
        cx.work((this.len() / 8) as u64)?;
        made.items.extend_from_values(cx, &this.items)?;
        return Ok(made.into_value());
    }
    let class = cx.class_of(this.value());
    let made = match limit {
        NO_LIMIT => cx.call(&class, (this.value(),))?,
        _ => cx.call(&class, (this.value(), limit))?,
    };
    if This::<Deque>::of(cx, &made).is_none() {
        return Err(cx.type_error(format_args!(
            "{}() must return a deque, not {}",
            cx.class_name(this.value()),
            cx.type_name(&made)
        )));
    }
    Ok(made)
}

fn add(cx: &Cx, left: &Value, right: &Value) -> Res {
    let Some(this) = This::<Deque>::of(cx, left) else { return Ok(Value::NOT_IMPLEMENTED) };
    if This::<Deque>::of(cx, right).is_none() {
        return Err(cx.type_error(format_args!(
            "can only concatenate deque (not \"{}\") to deque",
            cx.type_name(right)
        )));
    }
    let made = copy(cx, this)?;
    let new = Deq::expect(cx, &made)?;
    match This::<Deque>::of(cx, right).filter(|_| cx.is_exact::<Deque>(right) && new.limit.get() == NO_LIMIT) {
        Some(that) if !right.is(&made) => new.items.extend_from_values(cx, &that.items)?,
        _ => extend(cx, new, right)?,
    }
    Ok(made)
}

fn add_in_place(cx: &Cx, this: Deq, other: &Value) -> Res {
    extend(cx, this, other)?;
    Ok(this.to_value())
}

fn multiply(cx: &Cx, left: &Value, right: &Value) -> Res {
    let (this, count) = match This::<Deque>::of(cx, left) {
        Some(this) => {
            (this, right)
        }
        None => (This::<Deque>::expect(cx, right)?, left),
    };
    let Some(count) = cx.repeat_count(count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let made = copy(cx, this)?;
    repeat(cx, This::expect(cx, &made)?, count)?;
    Ok(made)
}

fn multiply_in_place(cx: &Cx, this: Deq, count: &Value) -> Res {
    let Some(count) = cx.repeat_count(count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    repeat(cx, this, count)?;
    Ok(this.to_value())
}

/// Repeats the items. With a limit only so many rounds are made as can be seen in the end.
fn repeat(cx: &Cx, this: Deq, count: usize) -> Res<()> {
    let (len, limit) = (this.len(), this.limit.get());
    if len == 0 || count == 1 {
        return Ok(());
    }
    if count == 0 {
        clear(cx, this);
        return Ok(());
    }
    if len.checked_mul(count).is_none_or(|total| total > i64::MAX as usize) && limit == NO_LIMIT {
        return Err(cx.no_memory());
    }
    let rounds = if limit == NO_LIMIT { count } else { count.min(limit.div_ceil(len)) };
    this.changed();
    cx.work(((rounds - 1) * len / 8) as u64)?;
    this.items.repeat(cx, rounds - 1)?;
    while this.len() > limit {
        this.changed();
        drop(this.items.pop_front());
    }
    Ok(())
}

fn reduce(cx: &Cx, this: Deq) -> Res {
    let state = cx.call_method(this.value(), "__getstate__", ())?;
    let class = cx.class_of(this.value());
    let items = cx.iter(this.value())?;
    let args = match maxlen(cx, this) {
        Some(limit) => (Tuple::from_fn(cx, 0, |_| Value::NONE)?, limit).into_value(cx)?,
        None => Tuple::from_fn(cx, 0, |_| Value::NONE)?.into_value(),
    };
    (class, args, state, items).into_value(cx)
}
