//! The views of an `OrderedDict`, and the one iterator over it and them, from either end.

use std::cell::Cell;

use ryokan_vm::native::*;

native_type! {
    "odict_keys" = pub struct Keys: dict_keys {}
    slots { iter = keys; }
    methods {
        /// An iterator over the keys, from the last to the first.
        __reversed__() = keys_back;
    }
}

native_type! {
    "odict_values" = pub struct Values: dict_values {}
    slots { iter = values; }
    methods {
        /// An iterator over the values, from the last to the first.
        __reversed__() = values_back;
    }
}

native_type! {
    "odict_items" = pub struct Items: dict_items {}
    slots { iter = items; }
    methods {
        /// An iterator over the (key, value) pairs, from the last to the first.
        __reversed__() = items_back;
    }
}

native_type! {
    "odict_iterator" = pub struct OrderedIter {
        dict: Slot,
        /// What each step gives.
        what: Cell<Walk>,
        /// From which end to which.
        ends: Cell<Ends>,
        /// The place of the next entry; at the end, nowhere.
        at: Cell<usize>,
        changes: Cell<u32>,
    }
    slots { iter = itself; next = next; }
    methods {
        /// How pickle makes the iterator again: of a list of what is still to come.
        __reduce__() = reduce;
    }
}

/// What an iterator gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    Keys,
    Values,
    Items,
}

/// A direction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    FirstToLast,
    LastToFirst,
}

/// No place.
const NOWHERE: usize = usize::MAX;

/// An iterator over a dict.
pub fn walk(cx: &Cx, dict: Dict, what: Walk, ends: Ends) -> Res {
    let first = match ends {
        Ends::FirstToLast => dict.first(),
        Ends::LastToFirst => dict.last(),
    };
    let made = cx.new(OrderedIter {
        changes: Cell::new(dict.changes()),
        dict: Slot::new(dict.into_value()),
        what: Cell::new(what),
        ends: Cell::new(ends),
        at: Cell::new(first.unwrap_or(NOWHERE)),
    })?;
    Ok(made.into_value())
}

fn next(cx: &Cx, this: This<OrderedIter>) -> Res<Option<Value>> {
    let at = this.at.get();
    let Some(dict) = this.dict.dict().filter(|_| at != NOWHERE) else {
        this.dict.set(Value::NONE);
        return Ok(None);
    };
    if dict.changes() != this.changes.get() {
        return Err(stop(cx, this));
    }
    let next = match this.ends.get() {
        Ends::FirstToLast => dict.after(at),
        Ends::LastToFirst => dict.before(at),
    };
    this.at.set(next.unwrap_or(NOWHERE));
    if let Err(raised) = dict.check_found(cx, at) {
        this.at.set(NOWHERE);
        return Err(raised);
    }
    match this.what.get() {
        Walk::Keys => Ok(dict.key_at(at)),
        Walk::Values => Ok(dict.value_at(at)),
        Walk::Items => dict.pair_at(cx, at),
    }
}

/// The dict has changed: the iterator is at its end.
#[cold]
fn stop(cx: &Cx, this: This<OrderedIter>) -> Raised {
    this.at.set(NOWHERE);
    this.dict.set(Value::NONE);
    cx.changed_during_iteration("OrderedDict")
}

fn reduce(cx: &Cx, this: This<OrderedIter>) -> Res {
    let twin = cx.new(OrderedIter {
        dict: Slot::new(this.dict.get()),
        what: this.what.clone(),
        ends: this.ends.clone(),
        at: this.at.clone(),
        changes: this.changes.clone(),
    })?;
    let rest = List::from_iterable(cx, twin.value())?;
    let iter = cx.attr(&cx.import("builtins")?, "iter")?;
    (iter, (rest,)).into_value(cx)
}

/// The dict behind a view.
fn behind(cx: &Cx, view: &Value) -> Res<Dict> {
    Dict::viewed(view).ok_or(()).map_err(|()| cx.system_error("bad argument to internal function"))
}

fn keys(cx: &Cx, this: This<Keys>) -> Res {
    walk(cx, behind(cx, this.value())?, Walk::Keys, Ends::FirstToLast)
}
fn keys_back(cx: &Cx, this: This<Keys>) -> Res {
    walk(cx, behind(cx, this.value())?, Walk::Keys, Ends::LastToFirst)
}
fn values(cx: &Cx, this: This<Values>) -> Res {
    walk(cx, behind(cx, this.value())?, Walk::Values, Ends::FirstToLast)
}
fn values_back(cx: &Cx, this: This<Values>) -> Res {
    walk(cx, behind(cx, this.value())?, Walk::Values, Ends::LastToFirst)
}
fn items(cx: &Cx, this: This<Items>) -> Res {
    walk(cx, behind(cx, this.value())?, Walk::Items, Ends::FirstToLast)
}
fn items_back(cx: &Cx, this: This<Items>) -> Res {
    walk(cx, behind(cx, this.value())?, Walk::Items, Ends::LastToFirst)
}
