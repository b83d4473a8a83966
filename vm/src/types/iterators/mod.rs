//! Iterators over what has indices, and over what a call answers.
//!
//! [`IndexIter`] goes up a sequence; its number says over what, and each number is a Python type of its own. At the end it lets
//! go of its source, and stays at the end even if the source grows. [`SeqIter`] is the one over a list, which the loop's
//! `FOR_ITER` knows.
//!
//! Read next: `tools.rs`, the builtin functions that are iterators (`enumerate`, `zip`, ..).

use std::cell::Cell;

use ryokan_alloc::Header;

use super::bytearray::ByteArray;
use super::bytes::Bytes;
use super::list::List;
use super::range::RangeIter;
use super::str::Str;
use super::tuple::Tuple;
use crate::object::native::{Call, Method, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::TypeDef;
use crate::object::{Layout, Object};
use crate::raised::{Raised, Res};
use crate::value::Value;
use crate::vm::Vm;

mod tools;
pub use tools::{
    ENUMERATE_TYPE, Enumerate, FILTER_TYPE, Filter, MAP_TYPE, Map, REVERSED_TYPE, Reversed, ZIP_TYPE, Zip,
    next_zipped,
};

/// Over a list.
pub const LIST: u8 = 0;
/// Over a tuple.
pub const TUPLE: u8 = 1;
/// Over a str with a character beyond ASCII.
pub const STR: u8 = 2;
/// Over an ASCII str.
pub const ASCII: u8 = 3;
/// Over bytes.
pub const BYTES: u8 = 4;
/// Over a bytearray.
pub const BYTE_ARRAY: u8 = 5;
/// Over whatever has `__getitem__`.
pub const SEQUENCE: u8 = 6;
/// Over a memoryview.
pub const MEMORY: u8 = 7;

/// An iterator that counts indices up.
#[repr(C)]
pub struct IndexIter<const KIND: u8> {
    head: Header,
    /// What is walked; nothing at the end.
    pub source: Value,
    /// The next index.
    pub index: Cell<usize>,
}

/// `list_iterator`
pub type SeqIter = IndexIter<LIST>;
/// `tuple_iterator`
pub type TupleIter = IndexIter<TUPLE>;
/// `str_iterator`
pub type StrIter = IndexIter<STR>;
/// `str_ascii_iterator`
pub type AsciiIter = IndexIter<ASCII>;
/// `bytes_iterator`
pub type BytesIter = IndexIter<BYTES>;
/// `bytearray_iterator`
pub type ByteArrayIter = IndexIter<BYTE_ARRAY>;
/// `iterator`
pub type GetItemIter = IndexIter<SEQUENCE>;
/// `memory_iterator`
pub type MemoryIter = IndexIter<MEMORY>;

object! {
    IndexIter<const KIND: u8> as match {
        LIST => SeqIter,
        TUPLE => TupleIter,
        STR => StrIter,
        ASCII => AsciiIter,
        BYTES => BytesIter,
        BYTE_ARRAY => ByteArrayIter,
        MEMORY => MemoryIter,
        _ => GetItemIter,
    } {
        tracked: true,
        values: [source],
        plain: [index],
        clear: |this| this.source.set(Value::UNBOUND),
    }
}

/// A new iterator over a source of its kind.
pub fn walk<const KIND: u8>(vm: &Vm, source: Value) -> Res {
    Ok(vm.new_object(|head| IndexIter::<KIND> { head, source, index: Cell::new(0) })?.into_value())
}

fn this<T: Object>(value: &Value) -> &T {
    value.get().expect("a method of an iterator type is called with its own kind")
}

/// The next item of an iterator over a list, a tuple or a range, if it is one of these, not at its end, and the item can be shared
/// as it lies there. Otherwise nothing has happened.
#[inline(always)]
pub fn quick_next(iterator: &Value) -> Option<Value> {
    if let Some(walk) = iterator.exact::<SeqIter>() {
        return step_over(&walk.index, walk.source.exact::<List>()?.items());
    }
    // Lists are the commonest, and are asked for first.
    std::hint::cold_path();
    if let Some(walk) = iterator.exact::<TupleIter>() {
        return step_over(&walk.index, walk.source.exact::<Tuple>()?.items());
    }
    // A range that has a number left that no word holds is not asked here.
    iterator.exact::<RangeIter>()?.advance_word().map(Value::immediate)
}

#[inline(always)]
fn step_over(index: &Cell<usize>, items: &[Value]) -> Option<Value> {
    let at = index.get();
    let item = items.get(at)?;
    if item.word().needs_box() {
        return None;
    }
    let item = item.clone();
    index.set(at + 1);
    Some(item)
}

/// The items that an iterator over a list or a tuple gives next, and its index, which is to be moved by as many, if it is one of these, has
/// so many left, and each can be shared as it lies there. Nothing has happened yet.
#[inline]
pub fn next_items(iterator: &Value, count: usize) -> Option<(&Cell<usize>, &[Value])> {
    let (index, items) = if let Some(walk) = iterator.exact::<SeqIter>() {
        (&walk.index, walk.source.exact::<List>()?.items())
    } else {
        let walk = iterator.exact::<TupleIter>()?;
        (&walk.index, walk.source.exact::<Tuple>()?.items())
    };
    let next = items.get(index.get()..index.get().saturating_add(count))?;
    if next.iter().any(|item| item.word().needs_box()) { None } else { Some((index, next)) }
}

/// `iter(iterator)`
fn itself(_: &Vm, this: &Value) -> Res {
    Ok(this.clone())
}

/// Whether an error means that a sequence has no more items; takes it back if so.
fn is_end(vm: &Vm, raised: Raised) -> Res<()> {
    if vm.raised_is(&raised, &vm.exc.IndexError) || vm.raised_is(&raised, &vm.exc.StopIteration) {
        drop(vm.take_raised(raised));
        return Ok(());
    }
    Err(raised)
}

fn walk_next<const KIND: u8>(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let walk: &IndexIter<KIND> = this(value);
    let at = walk.index.get();
    let source = &walk.source;
    let item = match KIND {
        LIST => source.get::<List>().filter(|list| at < list.len()).map(|list| list.slot(at).clone()),
        TUPLE => source.get::<Tuple>().and_then(|tuple| tuple.items().get(at)).cloned(),
        STR | ASCII => match source.get::<Str>().filter(|text| at < text.len()) {
            Some(text) => Some(vm.str_from_char(text.chars().at(at))?),
            None => None,
        },
        BYTES => byte_at(source.get::<Bytes>().map(Bytes::as_slice), at),
        BYTE_ARRAY => byte_at(source.get::<ByteArray>().map(ByteArray::as_slice), at),
        _ => return walk_items(vm, walk),
    };
    match item {
        Some(_) => walk.index.set(at + 1),
        None => source.set(Value::UNBOUND),
    }
    Ok(item)
}

fn byte_at(bytes: Option<&[u8]>, at: usize) -> Option<Value> {
    bytes?.get(at).map(|byte| Value::small(i64::from(*byte)))
}

/// The next item of a source that is asked by index.
fn walk_items<const KIND: u8>(vm: &Vm, walk: &IndexIter<KIND>) -> Res<Option<Value>> {
    if walk.source.is_unbound() {
        return Ok(None);
    }
    let source = walk.source.clone();
    let at = walk.index.get();
    if at >= isize::MAX as usize {
        return Err(vm.overflow_error("iter index too large"));
    }
    match vm.item_at(&source, at as i64) {
        Ok(item) => {
            walk.index.set(at + 1);
            Ok(Some(item))
        }
        Err(raised) => {
            is_end(vm, raised)?;
            walk.source.set(Value::UNBOUND);
            Ok(None)
        }
    }
}

fn walk_hint<const KIND: u8>(vm: &Vm, value: &Value) -> Res {
    let walk: &IndexIter<KIND> = this(value);
    if walk.source.is_unbound() {
        return Ok(Value::small(0));
    }
    if vm.slots(&walk.source).len().is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let len = match walk.source.get::<List>() {
        Some(list) if KIND == LIST => list.len(),
        _ => vm.length(&walk.source.clone())?,
    };
    vm.int_from_u64(len.saturating_sub(walk.index.get()) as u64)
}

macro_rules! walk_type {
    ($name:ident, $kind:ident, $layout:ident, $shown:literal) => {
        #[doc = concat!("`", $shown, "`")]
        pub static $name: TypeDef = TypeDef {
            name: $shown,
            layout: Layout::$layout,
            slots: Slots { iter: Some(itself), next: Some(walk_next::<$kind>), ..Slots::NONE },
            methods: {
                static METHODS: &[Method] = &[
                    method("__length_hint__", "($self, /)", Call::One(walk_hint::<$kind>), HINT_DOC),
                    method("__reduce__", "($self, /)", Call::One(walk_reduce::<$kind>), REDUCE_DOC),
                    method("__setstate__", "($self, object, /)", Call::Two(walk_go::<$kind>), STATE_DOC),
                ];
                METHODS
            },
            ..TypeDef::EMPTY
        };
    };
}

/// `(iter, (source,), index)`, and `(iter, ([],))` of one that is at its end.
fn walk_reduce<const KIND: u8>(vm: &Vm, value: &Value) -> Res {
    let iter = vm.builtin_of_caller("iter")?;
    let walk: &IndexIter<KIND> = this(value);
    match walk.source.bound() {
        Some(source) => reduced(vm, iter, source.clone(), Some(walk.index.get() as i64)),
        None => {
            let empty = match KIND {
                LIST => vm.new_list(Vec::new())?,
                STR | ASCII => vm.empty_str.clone(),
                _ => vm.empty_tuple.clone(),
            };
            reduced(vm, iter, empty, None)
        }
    }
}

/// Goes to an index; beyond the end of a source whose length is known it is at the end, and before the beginning of one that can grow.
fn walk_go<const KIND: u8>(vm: &Vm, value: &Value, state: &Value) -> Res {
    let index = state_index(vm, state)?;
    let walk: &IndexIter<KIND> = this(value);
    let source = &walk.source;
    if index < 0 && matches!(KIND, LIST | BYTE_ARRAY) {
        source.set(Value::UNBOUND);
    }
    let index = index.max(0) as usize;
    let len = match KIND {
        LIST => source.get::<List>().map(List::len),
        TUPLE => source.get::<Tuple>().map(|tuple| tuple.items().len()),
        STR | ASCII => source.get::<Str>().map(Str::len),
        BYTES => source.get::<Bytes>().map(|bytes| bytes.as_slice().len()),
        BYTE_ARRAY => source.get::<ByteArray>().map(ByteArray::len),
        _ => None,
    };
    walk.index.set(len.map_or(index, |len| index.min(len)));
    Ok(Value::NONE)
}

/// `(function, (source,), index)`
fn reduced(vm: &Vm, function: Value, source: Value, index: Option<i64>) -> Res {
    let mut parts = vec![function, vm.new_tuple(vec![source])?];
    if let Some(index) = index {
        parts.push(vm.int(index)?);
    }
    vm.new_tuple(parts)
}

/// The index that `__setstate__` is given.
fn state_index(vm: &Vm, state: &Value) -> Res<i64> {
    if !vm.is_instance(state, &vm.types.int) {
        return Err(vm.type_error("an integer is required"));
    }
    vm.as_i64(state).ok_or_else(|| vm.overflow_error("Python int too large to convert to C ssize_t"))
}

const REDUCE_DOC: &str = "How pickle makes the iterator again.";
const STATE_DOC: &str = "Goes to the item of this index, as pickle asks.";
const HINT_DOC: &str = "How many items are still to come, as far as is known.";

walk_type!(LIST_ITER_TYPE, LIST, SeqIter, "list_iterator");
walk_type!(TUPLE_ITER_TYPE, TUPLE, TupleIter, "tuple_iterator");
walk_type!(STR_ITER_TYPE, STR, StrIter, "str_iterator");
walk_type!(ASCII_ITER_TYPE, ASCII, AsciiIter, "str_ascii_iterator");
walk_type!(BYTES_ITER_TYPE, BYTES, BytesIter, "bytes_iterator");
walk_type!(BYTE_ARRAY_ITER_TYPE, BYTE_ARRAY, ByteArrayIter, "bytearray_iterator");
walk_type!(GET_ITEM_ITER_TYPE, SEQUENCE, GetItemIter, "iterator");

/// `memory_iterator`
pub static MEMORY_ITER_TYPE: TypeDef = TypeDef {
    name: "memory_iterator",
    layout: Layout::MemoryIter,
    slots: Slots { iter: Some(itself), next: Some(walk_next::<MEMORY>), ..Slots::NONE },
    ..TypeDef::EMPTY
};

// ---- backwards over a list -------------------------------------------------------------------------------------------

/// `list_reverseiterator`
#[repr(C)]
pub struct ListReverseIter {
    head: Header,
    list: Value,
    /// How many items are still to come.
    left: Cell<usize>,
}

object! {
    ListReverseIter {
        tracked: true,
        values: [list],
        plain: [left],
        clear: |this| this.list.set(Value::UNBOUND),
    }
}

/// `reversed(list)`
pub fn walk_back(vm: &Vm, list: Value) -> Res {
    let left = list.get::<List>().map_or(0, List::len);
    Ok(vm.new_object(|head| ListReverseIter { head, list, left: Cell::new(left) })?.into_value())
}

/// `list_reverseiterator`
pub static LIST_REVERSE_ITER_TYPE: TypeDef = TypeDef {
    name: "list_reverseiterator",
    layout: Layout::ListReverseIter,
    slots: Slots { iter: Some(itself), next: Some(back_next), ..Slots::NONE },
    methods: BACK_METHODS,
    ..TypeDef::EMPTY
};

static BACK_METHODS: &[Method] = &[
    method("__length_hint__", "($self, /)", Call::One(back_hint), HINT_DOC),
    method("__reduce__", "($self, /)", Call::One(back_reduce), REDUCE_DOC),
    method("__setstate__", "($self, object, /)", Call::Two(back_go), STATE_DOC),
];

fn back_reduce(vm: &Vm, value: &Value) -> Res {
    let reversed = vm.builtin_of_caller("reversed")?;
    let walk: &ListReverseIter = this(value);
    match walk.list.bound().filter(|_| walk.left.get() > 0) {
        Some(list) => reduced(vm, reversed, list.clone(), Some(walk.left.get() as i64 - 1)),
        None => reduced(vm, reversed, vm.new_list(Vec::new())?, None),
    }
}

fn back_go(vm: &Vm, value: &Value, state: &Value) -> Res {
    let index = state_index(vm, state)?;
    let walk: &ListReverseIter = this(value);
    if let Some(list) = walk.list.get::<List>() {
        walk.left.set((index.clamp(-1, i64::MAX - 1) + 1).min(list.len() as i64) as usize);
    }
    Ok(Value::NONE)
}

fn back_next(_: &Vm, value: &Value) -> Res<Option<Value>> {
    let walk: &ListReverseIter = this(value);
    let left = walk.left.get();
    let item = walk
        .list
        .get::<List>()
        .filter(|list| left > 0 && left <= list.len())
        .map(|list| list.slot(left - 1).clone());
    match item {
        Some(_) => walk.left.set(left - 1),
        // It keeps its list: it can be set back.
        None => walk.left.set(0),
    }
    Ok(item)
}

fn back_hint(_: &Vm, value: &Value) -> Res {
    let walk: &ListReverseIter = this(value);
    let left = walk.left.get();
    let known = walk.list.get::<List>().is_some_and(|list| left <= list.len());
    Ok(Value::small(if known { left as i64 } else { 0 }))
}

// ---- iter(callable, sentinel) ----------------------------------------------------------------------------------------

/// `callable_iterator`
#[repr(C)]
pub struct CallIter {
    head: Header,
    /// What is called; nothing at the end.
    callable: Value,
    sentinel: Value,
}

object! {
    CallIter {
        tracked: true,
        values: [callable, sentinel],
        clear: |this| {
            this.callable.set(Value::UNBOUND);
            this.sentinel.set(Value::UNBOUND);
        },
    }
}

/// `callable_iterator`
pub static CALL_ITER_TYPE: TypeDef = TypeDef {
    name: "callable_iterator",
    layout: Layout::CallIter,
    slots: Slots { iter: Some(itself), next: Some(call_next), ..Slots::NONE },
    methods: CALL_METHODS,
    ..TypeDef::EMPTY
};

static CALL_METHODS: &[Method] = &[method("__reduce__", "($self, /)", Call::One(call_reduce), REDUCE_DOC)];

fn call_reduce(vm: &Vm, value: &Value) -> Res {
    let iter = vm.builtin_of_caller("iter")?;
    let walk: &CallIter = this(value);
    match (walk.callable.bound(), walk.sentinel.bound()) {
        (Some(callable), Some(sentinel)) => {
            let args = vm.new_tuple(vec![callable.clone(), sentinel.clone()])?;
            vm.new_tuple(vec![iter, args])
        }
        _ => reduced(vm, iter, vm.empty_tuple.clone(), None),
    }
}

fn call_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let walk: &CallIter = this(value);
    if walk.callable.is_unbound() {
        return Ok(None);
    }
    let item = match vm.call(&walk.callable.clone(), &[]) {
        Ok(item) => item,
        Err(raised) if vm.raised_is(&raised, &vm.exc.StopIteration) => {
            drop(vm.take_raised(raised));
            walk.clear();
            return Ok(None);
        }
        Err(raised) => return Err(raised),
    };
    // The call itself may have used the iterator up.
    if walk.sentinel.is_unbound() {
        return Ok(None);
    }
    if super::tuple::same_or_equal(vm, &item, &walk.sentinel)? {
        walk.clear();
        return Ok(None);
    }
    Ok(Some(item))
}

// ---- an iterator at its end ------------------------------------------------------------------------------------------

/// An iterator that ends at once, with a value.
#[repr(C)]
pub struct Ended {
    head: Header,
    value: Value,
}

object! {
    Ended {
        tracked: true,
        values: [value],
        clear: |this| this.value.set(Value::UNBOUND),
    }
}

/// A new iterator that ends at once: its `StopIteration` carries the value.
pub fn ended_with(vm: &Vm, value: Value) -> Res {
    Ok(vm.new_object(|head| Ended { head, value })?.into_value())
}

/// The type of [`ended_with`]; no script sees it.
pub static ENDED_TYPE: TypeDef = TypeDef {
    name: "ended_iterator",
    layout: Layout::Ended,
    slots: Slots { iter: Some(itself), next: Some(ended_next), ..Slots::NONE },
    ..TypeDef::EMPTY
};

fn ended_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let result = this::<Ended>(value).value.take();
    let args = if result.is_none() || result.is_unbound() { Vec::new() } else { vec![result] };
    let stop = vm.new_exception(&vm.exc.StopIteration, args)?;
    Err(vm.raise_value(stop))
}

impl Vm {
    /// An iterator by index over a value: of the type that goes with a builtin sequence, else by `__getitem__`. Runs no Python;
    /// `MemoryError`.
    pub fn seq_iter(&self, source: Value) -> Res {
        if source.has::<List>() {
            walk::<LIST>(self, source)
        } else if source.has::<Tuple>() {
            walk::<TUPLE>(self, source)
        } else if let Some(text) = source.get::<Str>() {
            if text.is_ascii() { walk::<ASCII>(self, source) } else { walk::<STR>(self, source) }
        } else if source.has::<Bytes>() {
            walk::<BYTES>(self, source)
        } else if source.has::<ByteArray>() {
            walk::<BYTE_ARRAY>(self, source)
        } else {
            walk::<SEQUENCE>(self, source)
        }
    }

    /// `iter(callable, sentinel)`. Runs no Python; `MemoryError`.
    pub fn new_call_iter(&self, callable: Value, sentinel: Value) -> Res {
        Ok(self.new_object(|head| CallIter { head, callable, sentinel })?.into_value())
    }
}
