//! `groupby`: runs of items with equal keys.
//!
//! The groups share one source with the iterator that gives them: whoever asks, the next item lands in the `groupby`, which
//! keeps it until its group is asked for it. A group is over when another one has begun.

use std::cell::Cell;

use ryokan_vm::native::*;

native_type! {
    /// Pairs of a key and an iterator over the items that follow each other with that key.
    ///
    /// The key of an item is the item itself, or what the key function gives for it.
    "itertools.groupby" = pub struct GroupBy {
        source: Iter,
        /// Nothing takes the item for its key.
        key_function: Maybe,
        /// The key of the group that was given last.
        group_key: Maybe,
        /// The last item that came, until somebody takes it, and its key.
        item: Maybe,
        item_key: Maybe,
        /// The number of the group that may ask for items; groups are counted from 1.
        group: Cell<u64>,
        groups: Cell<u64>,
    }
    flags: SUBCLASS;
    new(iterable: Iter, key: Option<Value> = None) = groupby;
    slots { iter = itself; next = groupby_next; }
}

native_type! {
    /// The items of one group.
    "itertools._grouper" = pub struct Grouper { parent: Slot, key: Slot, number: u64 }
    new(parent: This<GroupBy>, key: Value, /) = grouper;
    slots { iter = itself; next = grouper_next; }
}

fn groupby(cx: &Cx, class: &Value, source: Iter, key: Option<Value>) -> Res {
    cx.new_of(
        class,
        GroupBy {
            source,
            key_function: key.map_or_else(Maybe::default, Maybe::new),
            group_key: Maybe::default(),
            item: Maybe::default(),
            item_key: Maybe::default(),
            group: Cell::new(0),
            groups: Cell::new(0),
        },
    )
}

fn grouper(cx: &Cx, class: &Value, parent: This<GroupBy>, key: Value) -> Res {
    cx.new_of(class, new_group(parent, key))
}

/// A group that may ask for items from now on, instead of the one before.
fn new_group(parent: This<GroupBy>, key: Value) -> Grouper {
    let number = parent.groups.get() + 1;
    parent.groups.set(number);
    parent.group.set(number);
    Grouper { parent: Slot::new(parent.to_value()), key: Slot::new(key), number }
}

/// Fetches the next item and its key; whether there is one.
fn step(cx: &Cx, this: This<GroupBy>) -> Res<bool> {
    let Some(item) = this.source.next(cx)? else { return Ok(false) };
    let key = match this.key_function.get() {
        Some(function) => cx.call_one(&function, &item)?,
        None => item.clone(),
    };
    this.item.set(Some(item));
    this.item_key.set(Some(key));
    Ok(true)
}

fn groupby_next(cx: &Cx, this: This<GroupBy>) -> Res<Option<Value>> {
    this.group.set(0);
    // What is left of the last group is passed over.
    let key = loop {
        if let Some(key) = this.item_key.get() {
            match this.group_key.get() {
                Some(last) if cx.same_or_equal(&last, &key)? => {}
                // Comparing may have moved the source on.
                _ => break this.item_key.get().unwrap_or(key),
            }
        }
        if !step(cx, this)? {
            return Ok(None);
        }
    };
    this.group_key.set(Some(key.clone()));
    let group = cx.new(new_group(this, key.clone()))?;
    (key, group).into_value(cx).map(Some)
}

/// The next item of a group, if it can be fetched, and told to be of the group, without running Python. One of which that cannot be told is
/// left for whoever asks next.
#[inline]
fn plain_item(cx: &Cx, this: &Grouper, parent: &GroupBy) -> Option<Value> {
    let waits = parent.item.is_some() || parent.item_key.is_some();
    if waits || parent.key_function.is_some() || parent.group.get() != this.number {
        return None;
    }
    let item = parent.source.next_plain(cx)?;
    if this.key.quick_equals(&item) == Some(true) {
        return Some(item);
    }
    parent.item_key.set(Some(item.clone()));
    parent.item.set(Some(item));
    None
}

fn grouper_next(cx: &Cx, this: This<Grouper>) -> Res<Option<Value>> {
    if let Some(Some(item)) = this.parent.body(|parent| plain_item(cx, &this, parent)) {
        return Ok(Some(item));
    }
    other_item(cx, this)
}

/// The same of any item.
#[inline(never)]
fn other_item(cx: &Cx, this: This<Grouper>) -> Res<Option<Value>> {
    let parent = this.parent.get();
    let Some(parent) = This::<GroupBy>::of(cx, &parent) else { return Ok(None) };
    if parent.group.get() != this.number || (!parent.item.is_some() && !step(cx, parent)?) {
        return Ok(None);
    }
    let same = match this.key.quick_equal(&parent.item_key) {
        Some(same) => same,
        None => match parent.item_key.get() {
            Some(key) => cx.same_or_equal(&this.key.get(), &key)?,
            None => false,
        },
    };
    if !same {
        return Ok(None);
    }
    parent.item_key.set(None);
    Ok(parent.item.take())
}
