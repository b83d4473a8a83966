//! The views of a dict (`keys`, `values`, `items`) and the iterators over it, forwards and backwards.
//!
//! Each kind is a Python type of its own. An iterator notices that the dict has grown or shrunk, and, at its end, that keys
//! were exchanged; then it stays at its end.

use std::cell::Cell;

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use crate::object::Layout;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::dict::{Dict, Entry};
use crate::types::set::{Set, any_set};
use crate::types::str::build::StrBuilder;
use crate::types::tuple::{Tuple, same_or_equal};
use crate::value::Value;
use crate::vm::Vm;

/// Keys.
pub const KEYS: u8 = 0;
/// Values.
pub const VALUES: u8 = 1;
/// Pairs of both.
pub const ITEMS: u8 = 2;
/// Keys, the last first.
pub const KEYS_BACK: u8 = 3;
/// Values, the last first.
pub const VALUES_BACK: u8 = 4;
/// Items, the last first.
pub const ITEMS_BACK: u8 = 5;

/// A view.
#[repr(C)]
pub struct DictView<const KIND: u8> {
    head: Header,
    /// The dict.
    pub dict: Value,
}

/// An iterator.
#[repr(C)]
pub struct DictIter<const KIND: u8> {
    head: Header,
    /// The dict; nothing at the end.
    dict: Value,
    /// The next entry; backwards, the number of entries that are still to be looked at.
    at: Cell<u32>,
    /// How many keys the dict had; more than any has once it was seen to change.
    size: Cell<u32>,
    left: Cell<u32>,
}

object! {
    DictView<const KIND: u8> as match {
        KEYS => DictKeys,
        VALUES => DictValues,
        _ => DictItems,
    } {
        tracked: true,
        values: [dict],
    }
}

object! {
    DictIter<const KIND: u8> as match {
        KEYS => DictKeyIter,
        VALUES => DictValueIter,
        ITEMS => DictItemIter,
        KEYS_BACK => DictKeyBackIter,
        VALUES_BACK => DictValueBackIter,
        _ => DictItemBackIter,
    } {
        tracked: true,
        values: [dict],
        plain: [at, size, left],
        clear: |this| this.dict.set(Value::UNBOUND),
    }
}

impl<const KIND: u8> DictView<KIND> {
    /// A payload.
    pub fn of(head: Header, dict: Value) -> DictView<KIND> {
        DictView { head, dict }
    }
}

/// A new view of a dict.
pub fn view<const KIND: u8>(vm: &Vm, dict: &Value) -> Res {
    Ok(vm.new_object(|head| DictView::<KIND> { head, dict: dict.clone() })?.into_value())
}

/// A new iterator over a dict.
pub fn iterate<const KIND: u8>(vm: &Vm, dict: &Value) -> Res {
    let (entries, size) = dict.get::<Dict>().map_or((0, 0), |d| (d.all_entries().len(), d.len()));
    let at = if KIND >= KEYS_BACK { entries } else { 0 };
    let made = vm.new_object(|head| DictIter::<KIND> {
        head,
        dict: dict.clone(),
        at: Cell::new(at as u32),
        size: Cell::new(size as u32),
        left: Cell::new(size as u32),
    })?;
    Ok(made.into_value())
}

/// The dict of a view of any kind; `None` of other values.
pub fn viewed(value: &Value) -> Option<&Value> {
    let keys = value.get::<DictView<KEYS>>().map(|v| &v.dict);
    keys.or_else(|| value.get::<DictView<ITEMS>>().map(|v| &v.dict))
        .or_else(|| value.get::<DictView<VALUES>>().map(|v| &v.dict))
}

fn dict_value(view: &Value) -> &Value {
    viewed(view).expect("a method of a view is called with a view")
}

fn dict(view: &Value) -> &Dict {
    dict_value(view).get().expect("a view is of a dict")
}

// ---- iterators -------------------------------------------------------------------------------------------------------

impl<const KIND: u8> DictIter<KIND> {
    /// The entry of the next step forwards and its number, if the dict is as it was.
    #[inline(always)]
    pub fn coming(&self) -> Option<(usize, &Entry)> {
        let dict = self.dict.exact::<Dict>()?;
        if dict.len() != self.size.get() as usize || self.left.get() == 0 {
            return None;
        }
        dict.next_entry(self.at.get() as usize)
    }
    /// The entry that was passed last.
    pub fn last(&self) -> Option<&Entry> {
        self.dict.exact::<Dict>()?.all_entries().get((self.at.get() as usize).checked_sub(1)?)
    }
    /// Moves on over the entry of that number.
    #[inline(always)]
    pub fn pass(&self, at: usize) {
        self.at.set(at as u32 + 1);
        self.left.set(self.left.get() - 1);
    }
}

fn next<const KIND: u8>(vm: &Vm, this: &Value) -> Res<Option<Value>> {
    let walk: &DictIter<KIND> = this.get().expect("a method of an iterator is called with its own kind");
    let Some(dict) = walk.dict.get::<Dict>() else { return Ok(None) };
    if dict.len() != walk.size.get() as usize {
        walk.size.set(u32::MAX);
        return Err(vm.runtime_error("dictionary changed size during iteration"));
    }
    let found = if KIND >= KEYS_BACK {
        // Nothing is left of a dict that has become shorter than what is still to come.
        let all = dict.all_entries().get(..walk.at.get() as usize).unwrap_or_default();
        all.iter().rposition(|e| !e.key.is_unbound()).map(|at| (at, &all[at]))
    } else {
        dict.next_entry(walk.at.get() as usize)
    };
    let Some((at, entry)) = found else {
        walk.dict.set(Value::UNBOUND);
        return Ok(None);
    };
    if walk.left.get() == 0 {
        walk.dict.set(Value::UNBOUND);
        return Err(vm.runtime_error("dictionary keys changed during iteration"));
    }
    walk.at.set(if KIND >= KEYS_BACK { at as u32 } else { at as u32 + 1 });
    walk.left.set(walk.left.get().saturating_sub(1));
    match KIND % KEYS_BACK {
        KEYS => Ok(Some(entry.key.clone())),
        VALUES => Ok(Some(entry.value.clone())),
        _ => vm.new_pair(entry.key.clone(), entry.value.clone()).map(Some),
    }
}

fn length_hint<const KIND: u8>(_: &Vm, this: &Value) -> Res {
    let walk: &DictIter<KIND> = this.get().expect("a method of an iterator is called with its own kind");
    let known = walk.dict.get::<Dict>().is_some_and(|d| d.len() == walk.size.get() as usize);
    Ok(Value::small(if known { i64::from(walk.left.get()) } else { 0 }))
}

/// `(iter, ([what is still to come],))`: a second iterator at the same place finds it.
fn reduce_rest<const KIND: u8>(vm: &Vm, this: &Value) -> Res {
    let Some(walk) = this.get::<DictIter<KIND>>() else {
        return Err(vm.type_error("an iterator of a dict is needed"));
    };
    let (dict, at, size, left) = (walk.dict.clone(), walk.at.clone(), walk.size.clone(), walk.left.clone());
    let copy = vm.new_object(|head| DictIter::<KIND> { head, dict, at, size, left })?;
    let rest = vm.list_of(copy.value())?;
    vm.new_tuple(vec![vm.builtin_of_caller("iter")?, vm.new_tuple(vec![rest.into_value()])?])
}

macro_rules! iterator_type {
    ($name:ident, $kind:ident, $layout:ident, $shown:literal) => {
        #[doc = concat!("`", $shown, "`")]
        pub static $name: TypeDef = TypeDef {
            name: $shown,
            layout: Layout::$layout,
            flags: TypeFlags::NO_NEW,
            slots: Slots { iter: Some(|_, this| Ok(this.clone())), next: Some(next::<$kind>), ..Slots::NONE },
            methods: {
                static METHODS: &[Method] = &[
                    method(
                        "__length_hint__",
                        "($self, /)",
                        Call::One(length_hint::<$kind>),
                        "How many entries are still to come.",
                    ),
                    method(
                        "__reduce__",
                        "($self, /)",
                        Call::One(reduce_rest::<$kind>),
                        "How pickle makes the iterator again.",
                    ),
                ];
                METHODS
            },
            ..TypeDef::EMPTY
        };
    };
}
iterator_type!(KEY_ITER_TYPE, KEYS, DictKeyIter, "dict_keyiterator");
iterator_type!(VALUE_ITER_TYPE, VALUES, DictValueIter, "dict_valueiterator");
iterator_type!(ITEM_ITER_TYPE, ITEMS, DictItemIter, "dict_itemiterator");
iterator_type!(KEY_BACK_ITER_TYPE, KEYS_BACK, DictKeyBackIter, "dict_reversekeyiterator");
iterator_type!(VALUE_BACK_ITER_TYPE, VALUES_BACK, DictValueBackIter, "dict_reversevalueiterator");
iterator_type!(ITEM_BACK_ITER_TYPE, ITEMS_BACK, DictItemBackIter, "dict_reverseitemiterator");

// ---- views -----------------------------------------------------------------------------------------------------------

const SET_OPERATORS: [Option<crate::object::slots::Binary>; BinaryOp::PLAIN] = numbers(&[
    (BinaryOp::And, and),
    (BinaryOp::Or, |vm, a, b| combined(vm, a, b, "update")),
    (BinaryOp::Subtract, |vm, a, b| combined(vm, a, b, "difference_update")),
    (BinaryOp::Xor, xor),
]);

/// `dict_keys`
pub static KEYS_TYPE: TypeDef = TypeDef {
    name: "dict_keys",
    layout: Layout::DictKeys,
    flags: TypeFlags::NO_NEW,
    slots: Slots {
        repr: Some(|vm, this| vm.written(this, write)),
        len: Some(|_, this| Ok(dict(this).len())),
        iter: Some(|vm, this| iterate::<KEYS>(vm, dict_value(this))),
        contains: Some(|vm, this, key| Ok(dict(this).find_key(vm, key)?.is_some())),
        compare: Some(compare),
        number: SET_OPERATORS,
        ..Slots::NONE
    },
    methods: KEYS_METHODS,
    getset: GETSET,
    write: Some(write),
    ..TypeDef::EMPTY
};

/// `dict_items`
pub static ITEMS_TYPE: TypeDef = TypeDef {
    name: "dict_items",
    layout: Layout::DictItems,
    flags: TypeFlags::NO_NEW,
    slots: Slots {
        repr: Some(|vm, this| vm.written(this, write)),
        len: Some(|_, this| Ok(dict(this).len())),
        iter: Some(|vm, this| iterate::<ITEMS>(vm, dict_value(this))),
        contains: Some(has_item),
        compare: Some(compare),
        number: SET_OPERATORS,
        ..Slots::NONE
    },
    methods: ITEMS_METHODS,
    getset: GETSET,
    write: Some(write),
    ..TypeDef::EMPTY
};

/// `dict_values`
pub static VALUES_TYPE: TypeDef = TypeDef {
    name: "dict_values",
    layout: Layout::DictValues,
    flags: TypeFlags::NO_NEW,
    slots: Slots {
        repr: Some(|vm, this| vm.written(this, write)),
        len: Some(|_, this| Ok(dict(this).len())),
        iter: Some(|vm, this| iterate::<VALUES>(vm, dict_value(this))),
        ..Slots::NONE
    },
    methods: VALUES_METHODS,
    getset: GETSET,
    write: Some(write),
    ..TypeDef::EMPTY
};

const DISJOINT: Method = method(
    "isdisjoint",
    "($self, other, /)",
    Call::Two(isdisjoint),
    "Whether no item of an iterable is in the view.",
);
static KEYS_METHODS: &[Method] = &[
    DISJOINT,
    method(
        "__reversed__",
        "($self, /)",
        Call::One(|vm, this| iterate::<KEYS_BACK>(vm, dict_value(this))),
        "An iterator over the keys, the last that was added first.",
    ),
];
static ITEMS_METHODS: &[Method] = &[
    DISJOINT,
    method(
        "__reversed__",
        "($self, /)",
        Call::One(|vm, this| iterate::<ITEMS_BACK>(vm, dict_value(this))),
        "An iterator over the (key, value) pairs, the last that was added first.",
    ),
];
static VALUES_METHODS: &[Method] = &[method(
    "__reversed__",
    "($self, /)",
    Call::One(|vm, this| iterate::<VALUES_BACK>(vm, dict_value(this))),
    "An iterator over the values, the last that was added first.",
)];
static GETSET: &[GetSet] = &[getter(
    "mapping",
    |vm, this| vm.new_mapping_proxy(dict_value(this).clone()),
    "a read-only proxy of the dict behind the view",
)];

fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    let kind = vm.type_name(this);
    let written = vm.repr_guard(this, || {
        let list = vm.list_of(this)?.into_value();
        text.push_str(&kind)?;
        text.push_str("(")?;
        vm.push_repr(&list, text)?;
        text.push_str(")")
    })?;
    written.map_or_else(|| text.push_str("..."), Ok)
}

fn has_item(vm: &Vm, this: &Value, item: &Value) -> Res<bool> {
    let Some(pair) = item.get::<Tuple>().filter(|pair| pair.items().len() == 2) else { return Ok(false) };
    match dict(this).find_key(vm, &pair.items()[0])? {
        Some(at) => same_or_equal(vm, &dict(this).all_entries()[at].value, &pair.items()[1]),
        None => Ok(false),
    }
}

/// Whether a value is a set or a view that behaves as one.
fn set_like(value: &Value) -> bool {
    any_set(value).is_some() || value.has::<DictView<KEYS>>() || value.has::<DictView<ITEMS>>()
}

fn all_within(vm: &Vm, small: &Value, large: &Value) -> Res<bool> {
    let iterator = vm.iter(small)?;
    while let Some(item) = vm.next(&iterator)? {
        if !vm.contains(large, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    if !set_like(b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let order = vm.length(a)?.cmp(&vm.length(b)?);
    let truth = match op {
        CompareOp::Eq => order.is_eq() && all_within(vm, a, b)?,
        CompareOp::Ne => !(order.is_eq() && all_within(vm, a, b)?),
        CompareOp::Lt | CompareOp::Le => op.holds(order) && all_within(vm, a, b)?,
        CompareOp::Gt | CompareOp::Ge => op.holds(order) && all_within(vm, b, a)?,
    };
    Ok(Value::bool(truth))
}

fn combined(vm: &Vm, a: &Value, b: &Value, method: &str) -> Res {
    // The keys of a dict are as many as it has entries: the set has room for them from the start.
    let made = vm.new_set()?;
    let keys = a.get::<DictView<KEYS>>().map(|view| &view.dict);
    let keys = keys.filter(|dict| dict.exact::<Dict>().is_some() || vm.is_class_dict(dict.word()));
    if let Some(keys) = keys {
        made.make_room(vm, keys.get::<Dict>().map_or(0, Dict::len))?;
    }
    made.update(vm, keys.unwrap_or(a))?;
    let made = made.into_value();
    vm.call_method(&made, &vm.intern(method)?, &[b.clone()])?;
    Ok(made)
}

fn xor(vm: &Vm, a: &Value, b: &Value) -> Res {
    if !(a.has::<DictView<ITEMS>>() && b.has::<DictView<ITEMS>>()) {
        return combined(vm, a, b, "symmetric_difference_update");
    }
    // What the second dict has and the first has not, then what is left of the first.
    let (left, made) = (dict(a).copy(vm)?, vm.new_set()?);
    let mut from = 0;
    while let Some((at, entry)) = dict(b).next_entry(from) {
        from = at + 1;
        vm.work(1)?;
        let (key, value) = (entry.key.look(), entry.value.look());
        let known = left.get_item(vm, &key)?;
        if known.map_or(Ok(false), |known| same_or_equal(vm, &known, &value))? {
            left.del_item(vm, &key)?;
        } else {
            made.add(vm, vm.new_tuple(vec![key, value])?)?;
        }
    }
    let rest = vm.call_method(left.value(), &vm.intern("items")?, &[])?;
    vm.call_method(made.value(), &vm.intern("update")?, &[rest])?;
    Ok(made.into_value())
}

fn and(vm: &Vm, a: &Value, b: &Value) -> Res {
    // One of them is a view; the longer one of two views is asked.
    let (mut this, mut other) = if viewed(a).is_some() { (a, b) } else { (b, a) };
    if set_like(other) && viewed(other).is_some() && vm.length(other)? > vm.length(this)? {
        (this, other) = (other, this);
    }
    if let Some(given) = other.exact::<Set>()
        && this.has::<DictView<KEYS>>()
        && dict(this).len() <= given.len()
    {
        return crate::types::set::intersection(vm, other, this);
    }
    let made = vm.new_set()?;
    let iterator = vm.iter(other)?;
    while let Some(item) = vm.next(&iterator)? {
        if vm.contains(this, &item)? {
            made.add(vm, item)?;
        }
    }
    Ok(made.into_value())
}

fn isdisjoint(vm: &Vm, this: &Value, other: &Value) -> Res {
    if this.word() == other.word() {
        return Ok(Value::bool(dict(this).is_empty()));
    }
    let (mut asked, mut walked) = (this, other);
    if set_like(other) && vm.length(other)? > vm.length(this)? {
        (asked, walked) = (other, this);
    }
    let iterator = vm.iter(walked)?;
    while let Some(item) = vm.next(&iterator)? {
        if vm.contains(asked, &item)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
