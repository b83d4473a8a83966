//! `compress`, `dropwhile`, `takewhile`, `filterfalse`: some items of an iterable.

use std::cell::Cell;

use ryokan_vm::native::*;

// ---- compress --------------------------------------------------------------------------------------------------------

native_type! {
    /// The items of data whose selector is true, until data or selectors end.
    "itertools.compress" = pub struct Compress { data: Iter, selectors: Iter }
    flags: SUBCLASS;
    new(data: Iter, selectors: Iter) = compress;
    slots { iter = itself; next = compress_next; }
}

fn compress(cx: &Cx, class: &Value, data: Iter, selectors: Iter) -> Res {
    cx.new_of(class, Compress { data, selectors })
}

fn compress_next(cx: &Cx, this: This<Compress>) -> Res<Option<Value>> {
    let Some(item) = this.data.next_plain(cx) else { return compress_other(cx, this) };
    match this.selectors.next_plain(cx) {
        Some(selector) if selector.is(&Value::TRUE) => Ok(Some(item)),
        selector => compress_from(cx, this, item, selector),
    }
}

/// The same of any iterators, and any selectors.
#[inline(never)]
fn compress_other(cx: &Cx, this: This<Compress>) -> Res<Option<Value>> {
    match this.data.next(cx)? {
        Some(item) => compress_from(cx, this, item, None),
        None => Ok(None),
    }
}

/// The same from an item on that was drawn already, and perhaps its selector.
#[inline(never)]
fn compress_from(cx: &Cx, this: This<Compress>, item: Value, selector: Option<Value>) -> Res<Option<Value>> {
    let selector = match selector {
        Some(selector) => selector,
        None => match this.selectors.next(cx)? {
            Some(selector) => selector,
            None => return Ok(None),
        },
    };
    if cx.truth(&selector)? {
        return Ok(Some(item));
    }
    drop((item, selector));
    while let Some(item) = this.data.next(cx)? {
        let Some(selector) = this.selectors.next(cx)? else { break };
        if cx.truth(&selector)? {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

// ---- dropwhile -------------------------------------------------------------------------------------------------------

native_type! {
    /// The items of an iterable from the first one on for which the predicate is false.
    "itertools.dropwhile" = pub struct DropWhile { predicate: Slot, source: Iter, started: Cell<bool> }
    flags: SUBCLASS;
    new(predicate: Value, iterable: Iter, /) = dropwhile;
    slots { iter = itself; next = dropwhile_next; }
}

fn dropwhile(cx: &Cx, class: &Value, predicate: Value, source: Iter) -> Res {
    cx.new_of(class, DropWhile { predicate: Slot::new(predicate), source, started: Cell::new(false) })
}

fn dropwhile_next(cx: &Cx, this: This<DropWhile>) -> Res<Option<Value>> {
    if this.started.get()
        && let Some(item) = this.source.next_plain(cx)
    {
        return Ok(Some(item));
    }
    dropwhile_other(cx, this)
}

/// The same of any iterator, and of an item that may be dropped.
#[inline(never)]
fn dropwhile_other(cx: &Cx, this: This<DropWhile>) -> Res<Option<Value>> {
    while let Some(item) = this.source.next(cx)? {
        if this.started.get() {
            return Ok(Some(item));
        }
        let drops = cx.call_one(&this.predicate.get(), &item)?;
        if !cx.truth(&drops)? {
            this.started.set(true);
            return Ok(Some(item));
        }
    }
    Ok(None)
}

// ---- takewhile -------------------------------------------------------------------------------------------------------

native_type! {
    /// The items of an iterable up to the first one for which the predicate is false.
    "itertools.takewhile" = pub struct TakeWhile { predicate: Slot, source: Iter, stopped: Cell<bool> }
    flags: SUBCLASS;
    new(predicate: Value, iterable: Iter, /) = takewhile;
    slots { iter = itself; next = takewhile_next; }
}

fn takewhile(cx: &Cx, class: &Value, predicate: Value, source: Iter) -> Res {
    cx.new_of(class, TakeWhile { predicate: Slot::new(predicate), source, stopped: Cell::new(false) })
}

fn takewhile_next(cx: &Cx, this: This<TakeWhile>) -> Res<Option<Value>> {
    if this.stopped.get() {
        return Ok(None);
    }
    let Some(item) = this.source.next(cx)? else { return Ok(None) };
    let takes = cx.call_one(&this.predicate.get(), &item)?;
    if cx.truth(&takes)? {
        return Ok(Some(item));
    }
    this.stopped.set(true);
    Ok(None)
}

// ---- filterfalse -----------------------------------------------------------------------------------------------------

native_type! {
    /// The items of an iterable for which the function is false; those that are false themselves, if it is None.
    "itertools.filterfalse" = pub struct FilterFalse {
        /// Nothing asks for the truth of the item itself.
        function: Maybe,
        source: Iter,
    }
    flags: SUBCLASS;
    new(function: Value, iterable: Iter, /) = filterfalse;
    slots { iter = itself; next = filterfalse_next; }
}

fn filterfalse(cx: &Cx, class: &Value, function: Value, source: Iter) -> Res {
    let asks_truth = function.is_none() || function.is(&cx.builtin("bool")?);
    let function = if asks_truth { Maybe::default() } else { Maybe::new(function) };
    cx.new_of(class, FilterFalse { function, source })
}

fn filterfalse_next(cx: &Cx, this: This<FilterFalse>) -> Res<Option<Value>> {
    while let Some(item) = this.source.next(cx)? {
        let holds = match this.function.get() {
            Some(function) => cx.truth(&cx.call_one(&function, &item)?)?,
            None => cx.truth(&item)?,
        };
        if !holds {
            return Ok(Some(item));
        }
    }
    Ok(None)
}
