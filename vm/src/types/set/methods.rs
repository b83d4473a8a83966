//! The slots and methods of `set` and `frozenset`, and their iterator.

use std::cell::Cell;

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use super::operations::{self as op, set};
use super::{FrozenSet, Set, any_set};
use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::str::StrBuilder;
use crate::types::tuple;
use crate::value::Value;
use crate::vm::Vm;

/// What both types have.
const COMMON: Slots = Slots {
    repr: Some(|vm, this| vm.written(this, write)),
    len: Some(|_, this| Ok(set(this).len())),
    iter: Some(iter),
    contains: Some(|vm, this, key| set(this).contains(vm, key)),
    compare: Some(compare),
    number: numbers(&[
        (BinaryOp::Or, |vm, a, b| both(vm, a, b, |vm, a, b| op::union(vm, a, std::slice::from_ref(b)))),
        (BinaryOp::And, |vm, a, b| both(vm, a, b, op::intersection)),
        (BinaryOp::Subtract, |vm, a, b| both(vm, a, b, op::difference)),
        (BinaryOp::Xor, |vm, a, b| both(vm, a, b, op::symmetric_difference)),
    ]),
    ..Slots::NONE
};

/// `set`
pub static TYPE: TypeDef = TypeDef {
    name: "set",
    layout: Layout::Set,
    construct: Some(|vm, args| args.is_empty().then(|| vm.new_set().map(Ref::into_value))),
    flags: TypeFlags::BASETYPE.union(TypeFlags::MATCH_SELF).union(TypeFlags::HAS_WEAKREF),
    doc: "set(iterable=())\n\nHashable objects without an order, each of them once. It can be changed.",
    slots: Slots {
        new: Some(|vm, class, _| vm.new_of_class(class, Set::new)),
        init: Some(init),
        in_place: numbers(&[
            (BinaryOp::Or, |vm, a, b| in_place(vm, a, b, |vm, a, b| set(a).update(vm, b))),
            (BinaryOp::And, |vm, a, b| in_place(vm, a, b, keep_common)),
            (BinaryOp::Subtract, |vm, a, b| {
                in_place(vm, a, b, |vm, a, b| op::difference_update(vm, set(a), b))
            }),
            (BinaryOp::Xor, |vm, a, b| in_place(vm, a, b, op::symmetric_difference_update)),
        ]),
        ..COMMON
    },
    methods: METHODS,
    write: Some(write),
    ..TypeDef::EMPTY
};

/// `frozenset`
pub static FROZEN_TYPE: TypeDef = TypeDef {
    name: "frozenset",
    layout: Layout::FrozenSet,
    flags: TypeFlags::BASETYPE.union(TypeFlags::MATCH_SELF).union(TypeFlags::HAS_WEAKREF),
    doc: "The result of value {} self, if value's type has none.",
    slots: Slots { new: Some(frozen_new), hash: Some(frozen_hash), ..COMMON },
    methods: FROZEN_METHODS,
    write: Some(write),
    ..TypeDef::EMPTY
};

fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    let source = tuple::iterable_arg_of(vm, "set", Some(vm.type_of(this)), true, args)?;
    set(this).clear_all();
    match source {
        Some(source) => set(this).update(vm, &source),
        None => Ok(()),
    }
}

fn frozen_new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let exact = class.word() == vm.types.frozenset.value().word();
    let ty = vm.expect_type(class)?;
    let checks = exact || vm.same_attr(ty, &vm.types.object, &vm.names.__init__);
    let source = tuple::iterable_arg_of(vm, "frozenset", Some(ty), checks, args)?;
    if let Some(source) = &source
        && exact
        && source.exact::<FrozenSet>().is_some()
    {
        return Ok(source.clone());
    }
    let made = vm.new_of_class(class, |head| FrozenSet { set: Set::new(head) })?;
    if let Some(source) = source {
        set(&made).update(vm, &source)?;
    }
    Ok(made)
}

fn frozen_hash(_: &Vm, this: &Value) -> Res<i64> {
    let set = set(this);
    let hash = set.frozen_hash();
    set.hash.set(hash);
    Ok(hash)
}

fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    let kind = vm.type_name(this);
    if set(this).is_empty() {
        text.push_str(&kind)?;
        return text.push_str("()");
    }
    let plain = this.exact::<Set>().is_some();
    let written = vm.repr_guard(this, || {
        // CPython writes a list of the elements, made beforehand.
        let list = vm.list_of(this)?;
        if !plain {
            text.push_str(&kind)?;
        }
        let (open, close) = if plain { ("{", "}") } else { ("({", "})") };
        tuple::join_reprs(vm, text, open, |at| list.items().get(at).map(Value::look), |_| close)
    })?;
    if written.is_none() {
        text.push_str(&kind)?;
        text.push_str("(...)")?;
    }
    Ok(())
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (Some(x), Some(y)) = (any_set(a), any_set(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let truth = match op {
        CompareOp::Eq | CompareOp::Ne => {
            let hashes_differ = x.hash.get() != -1 && y.hash.get() != -1 && x.hash.get() != y.hash.get();
            let equal = x.len() == y.len() && !hashes_differ && op::is_within(vm, x, y)?;
            equal == (op == CompareOp::Eq)
        }
        CompareOp::Le => op::is_within(vm, x, y)?,
        CompareOp::Ge => op::is_within(vm, y, x)?,
        CompareOp::Lt => x.len() < y.len() && op::is_within(vm, x, y)?,
        CompareOp::Gt => y.len() < x.len() && op::is_within(vm, y, x)?,
    };
    Ok(Value::bool(truth))
}

fn both(vm: &Vm, a: &Value, b: &Value, then: impl FnOnce(&Vm, &Value, &Value) -> Res) -> Res {
    match (any_set(a), any_set(b)) {
        (Some(_), Some(_)) => then(vm, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn in_place(vm: &Vm, a: &Value, b: &Value, then: impl FnOnce(&Vm, &Value, &Value) -> Res<()>) -> Res {
    if any_set(b).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    then(vm, a, b)?;
    Ok(a.clone())
}

/// Makes a set what its intersection with an iterable is.
fn keep_common(vm: &Vm, this: &Value, other: &Value) -> Res<()> {
    let common = op::intersection(vm, this, other)?;
    set(this).adopt(set(&common));
    Ok(())
}

impl Set {
    /// Exchanges the elements with another set's; where `pop` looks next stays, as in CPython.
    fn adopt(&self, other: &Set) {
        self.table.swap(&other.table);
        self.mask.swap(&other.mask);
        self.fill.swap(&other.fill);
        self.used.swap(&other.used);
        self.hash.set(-1);
    }
}

// ---- methods ---------------------------------------------------------------------------------------------------------

/// The rows that both types have, and some more.
macro_rules! rows {
    ($name:ident: $($row:expr,)*) => {
        static $name: &[Method] = &[
            crate::types::generic_alias::CLASS_GETITEM,
            method("__contains__", "($self, object, /)", Call::Two(|vm, this, object| set(this).contains(vm, object).map(Value::bool)), "Whether the object is a member."),
            method("copy", "($self, /)", Call::One(copy), "A set with the same members; a frozenset is its own copy."),
            method("union", "($self, /, *others)", Call::Full(union), "The members of this set and the items of the iterables."),
            method("intersection", "($self, /, *others)", Call::Full(intersection), "Those members that are in every iterable, too."),
            method("difference", "($self, /, *others)", Call::Full(difference), "Those members that are in no iterable."),
            method("symmetric_difference", "($self, other, /)", Call::Two(op::symmetric_difference), "What is in one of the two, and not in both."),
            method("isdisjoint", "($self, other, /)", Call::Two(|vm, a, b| op::is_disjoint(vm, a, b).map(Value::bool)), "Whether no item of an iterable is a member."),
            method("issubset", "($self, other, /)", Call::Two(|vm, a, b| op::is_subset(vm, a, b).map(Value::bool)), "Whether an iterable has every member among its items."),
            method("issuperset", "($self, other, /)", Call::Two(|vm, a, b| op::is_superset(vm, a, b).map(Value::bool)), "Whether every item of an iterable is a member."),
            method("__reduce__", "($self, /)", Call::One(reduce), "How pickle makes the set again."),
            method("__sizeof__", "($self, /)", Call::One(sizeof), "The bytes that CPython would need for the set, its members left aside."),
            $($row,)*
        ];
    };
}
rows! { FROZEN_METHODS: }
rows! { METHODS:
    method("add", "($self, object, /)", Call::Put(add_at_once, add), "Makes an object a member, if it is none."),
    method("clear", "($self, /)", Call::One(clear), "Empties the set."),
    method("discard", "($self, object, /)", Call::Two(discard), "Takes a member out. It does nothing if the object is none."),
    method("remove", "($self, object, /)", Call::Two(remove), "Takes a member out. KeyError if the object is none."),
    method("pop", "($self, /)", Call::One(pop), "Takes out a member, whichever comes first, and returns it. KeyError if the set is empty."),
    method("update", "($self, /, *others)", Call::Full(update), "Makes the items of the iterables members."),
    method("intersection_update", "($self, /, *others)", Call::Full(intersection_update), "Drops each member that one of the iterables lacks."),
    method("difference_update", "($self, /, *others)", Call::Full(difference_update), "Drops each member that one of the iterables has."),
    method("symmetric_difference_update", "($self, other, /)", Call::Two(symmetric_difference_update), "Drops the members that an iterable has, and takes in its other items."),
}

/// The set and the other positional arguments of a method that takes any number.
fn others<'a>(vm: &Vm, name: &str, args: Args<'a>) -> Res<(&'a Value, &'a [Value])> {
    let (this, others) = args.pos.split_first().expect("a method gets its object");
    if !args.names.is_empty() {
        let kind = if this.has::<FrozenSet>() { "frozenset" } else { "set" };
        return Err(vm.type_error(format_args!("{kind}.{name}() takes no keyword arguments")));
    }
    Ok((this, others))
}

fn copy(vm: &Vm, this: &Value) -> Res {
    if this.exact::<FrozenSet>().is_some() { Ok(this.clone()) } else { op::copy(vm, this) }
}
fn union(vm: &Vm, args: Args<'_>) -> Res {
    let (this, others) = others(vm, "union", args)?;
    op::union(vm, this, others)
}
fn intersection(vm: &Vm, args: Args<'_>) -> Res {
    intersected(vm, "intersection", args)
}
/// What a set has in common with the arguments of a method of it.
fn intersected(vm: &Vm, name: &str, args: Args<'_>) -> Res {
    let (this, others) = others(vm, name, args)?;
    let Some((first, rest)) = others.split_first() else { return op::copy(vm, this) };
    rest.iter().try_fold(op::intersection(vm, this, first)?, |made, other| op::intersection(vm, &made, other))
}
fn difference(vm: &Vm, args: Args<'_>) -> Res {
    let (this, others) = others(vm, "difference", args)?;
    let Some((first, rest)) = others.split_first() else { return op::copy(vm, this) };
    let made = op::difference(vm, this, first)?;
    for other in rest {
        op::difference_update(vm, set(&made), other)?;
    }
    Ok(made)
}
fn reduce(vm: &Vm, this: &Value) -> Res {
    let list = vm.list_of(this)?.into_value();
    let state = vm.call_method(this, &vm.names.__getstate__, &[])?;
    vm.new_tuple(vec![vm.type_of(this).to_value(), vm.new_tuple(vec![list])?, state])
}
fn sizeof(_: &Vm, this: &Value) -> Res {
    // As CPython counts: room for 8 elements lies within the object.
    let slots = set(this).slots();
    Ok(Value::small(200 + if slots > 8 { slots as i64 * 16 } else { 0 }))
}
/// Adds an item, moved, if that takes no more than a look.
fn add_at_once(this: &Value, item: &Value) -> Option<Value> {
    this.get::<Set>()?.add_plain(item, Value::take).then(|| item.take())
}
fn add(vm: &Vm, this: &Value, item: &Value) -> Res {
    set(this).add(vm, item.take())?;
    Ok(Value::NONE)
}
fn clear(_: &Vm, this: &Value) -> Res {
    set(this).clear_all();
    Ok(Value::NONE)
}
fn discard(vm: &Vm, this: &Value, item: &Value) -> Res {
    set(this).discard(vm, item)?;
    Ok(Value::NONE)
}
fn remove(vm: &Vm, this: &Value, item: &Value) -> Res {
    match set(this).discard(vm, item)? {
        true => Ok(Value::NONE),
        false => Err(vm.key_error(item)),
    }
}
fn pop(vm: &Vm, this: &Value) -> Res {
    match set(this).pop() {
        Some(item) => Ok(item),
        None => Err(vm.key_error(&vm.str("pop from an empty set")?)),
    }
}
fn update(vm: &Vm, args: Args<'_>) -> Res {
    let (this, others) = others(vm, "update", args)?;
    others.iter().try_for_each(|other| set(this).update(vm, other))?;
    Ok(Value::NONE)
}
fn intersection_update(vm: &Vm, args: Args<'_>) -> Res {
    let this = &args.pos[0];
    let common = intersected(vm, "intersection_update", args)?;
    set(this).adopt(set(&common));
    Ok(Value::NONE)
}
fn difference_update(vm: &Vm, args: Args<'_>) -> Res {
    let (this, others) = others(vm, "difference_update", args)?;
    others.iter().try_for_each(|other| op::difference_update(vm, set(this), other))?;
    Ok(Value::NONE)
}
fn symmetric_difference_update(vm: &Vm, this: &Value, other: &Value) -> Res {
    op::symmetric_difference_update(vm, this, other)?;
    Ok(Value::NONE)
}

// ---- the iterator ----------------------------------------------------------------------------------------------------

/// The payload of `set_iterator`.
#[repr(C)]
pub struct SetIter {
    head: Header,
    /// The set; nothing at the end.
    set: Value,
    /// How many elements it had; more than any set has once it was seen to change.
    size: Cell<u32>,
    at: Cell<u32>,
    left: Cell<u32>,
}

object! {
    SetIter {
        tracked: true,
        values: [set],
        plain: [size, at, left],
        clear: |this| this.set.set(Value::UNBOUND),
    }
}

/// `set_iterator`
pub static ITER_TYPE: TypeDef = TypeDef {
    name: "set_iterator",
    layout: Layout::SetIter,
    slots: Slots { iter: Some(|_, this| Ok(this.clone())), next: Some(next), ..Slots::NONE },
    methods: ITER_METHODS,
    ..TypeDef::EMPTY
};

static ITER_METHODS: &[Method] = &[
    method("__length_hint__", "($self, /)", Call::One(length_hint), "How many members are still to come."),
    method("__reduce__", "($self, /)", Call::One(reduce_rest), "How pickle makes the iterator again."),
];

/// `(iter, ([members that are still to come],))`: a second iterator at the same place finds them.
fn reduce_rest(vm: &Vm, this: &Value) -> Res {
    let walk = walk(this);
    let (set, size, at, left) = (walk.set.clone(), walk.size.clone(), walk.at.clone(), walk.left.clone());
    let copy = vm.new_object(|head| SetIter { head, set, size, at, left })?;
    let rest = vm.list_of(copy.value())?;
    vm.new_tuple(vec![vm.builtin_of_caller("iter")?, vm.new_tuple(vec![rest.into_value()])?])
}

fn iter(vm: &Vm, this: &Value) -> Res {
    let size = set(this).used.get();
    let made = vm.new_object(|head| SetIter {
        head,
        set: this.clone(),
        size: Cell::new(size),
        at: Cell::new(0),
        left: Cell::new(size),
    })?;
    Ok(made.into_value())
}

fn walk(value: &Value) -> &SetIter {
    value.get().expect("a method of set_iterator is called with one")
}

fn next(vm: &Vm, this: &Value) -> Res<Option<Value>> {
    let walk = walk(this);
    let Some(set) = any_set(&walk.set) else { return Ok(None) };
    if set.used.get() != walk.size.get() {
        walk.size.set(u32::MAX);
        return Err(vm.runtime_error("Set changed size during iteration"));
    }
    match set.share_from(walk.at.get() as usize) {
        Some((key, _, next)) => {
            walk.at.set(next as u32);
            walk.left.set(walk.left.get().saturating_sub(1));
            Ok(Some(key))
        }
        None => {
            walk.set.set(Value::UNBOUND);
            Ok(None)
        }
    }
}

fn length_hint(_: &Vm, this: &Value) -> Res {
    let walk = walk(this);
    let known = any_set(&walk.set).is_some_and(|set| set.used.get() == walk.size.get());
    Ok(Value::small(if known { i64::from(walk.left.get()) } else { 0 }))
}
