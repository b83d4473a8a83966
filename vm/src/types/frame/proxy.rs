//! `FrameLocalsProxy`: the variables of a frame as a mapping (PEP 667).
//!
//! What is stored under a variable's name changes the variable; other names are kept beside them, in a dict of the frame's object.
//! Variables cannot be deleted, other names can.

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use super::FrameObj;
use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `FrameLocalsProxy`.
#[repr(C)]
pub struct FrameLocals {
    head: Header,
    /// The frame's object.
    frame: Value,
}

object! {
    FrameLocals {
        tracked: true,
        values: [frame],
    }
}

/// A proxy of the variables of a frame.
pub fn new_proxy(vm: &Vm, frame: &Value) -> Res {
    Ok(vm.new_object(|head| FrameLocals { head, frame: frame.clone() })?.into_value())
}

/// `FrameLocalsProxy`
pub static TYPE: TypeDef = TypeDef {
    name: "FrameLocalsProxy",
    layout: Layout::FrameLocals,
    flags: TypeFlags::MAPPING,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(|vm, this| Err(vm.unhashable_type(this))),
        len: Some(|vm, this| Ok(names(vm, this).len())),
        iter: Some(|vm, this| vm.iter(&keys(vm, this)?)),
        getitem: Some(get_item),
        setitem: Some(store),
        contains: Some(contains),
        compare: Some(compare),
        number: numbers(&[(BinaryOp::Or, or)]),
        in_place: numbers(&[(BinaryOp::Or, or_in_place)]),
        ..Slots::NONE
    },
    methods: METHODS,
    ..TypeDef::EMPTY
};

static METHODS: &[Method] = &[
    method("keys", "($self, /)", Call::One(keys), ""),
    method("values", "($self, /)", Call::One(values), ""),
    method("items", "($self, /)", Call::One(items), ""),
    method("copy", "($self, /)", Call::One(|vm, this| Ok(copy(vm, this)?.into_value())), ""),
    method("__reversed__", "($self, /)", Call::One(reversed), ""),
    method(
        "update",
        "($self, object, /)",
        Call::Two(|vm, this, other| update(vm, this, other).map(|()| Value::NONE)),
        "",
    ),
    method("get", "($self, key, default=None, /)", Call::Full(get), "").showing(""),
    method("pop", "($self, key, default=<unrepresentable>, /)", Call::Full(pop), "").showing(""),
    method("setdefault", "($self, key, default=None, /)", Call::Full(set_default), "").showing(""),
];

fn frame(value: &Value) -> Ref<FrameObj> {
    let this: &FrameLocals = value.get().expect("a method of a proxy is called with one");
    Ref::from_payload(this.frame.get().expect("a proxy is made of a frame"))
}

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    match (args.pos, args.named) {
        ([one], []) if one.has::<FrameObj>() => new_proxy(vm, one),
        ([one], []) => Err(vm.type_error(format_args!("expect frame, not {}", vm.type_name(one)))),
        ([_], _) => Err(vm.type_error("FrameLocalsProxy takes no keyword arguments")),
        (more, _) => {
            let given = more.len();
            Err(vm.type_error(format_args!("FrameLocalsProxy expected 1 argument, got {given}")))
        }
    }
}

// ---- one name --------------------------------------------------------------------------------------------------------

/// The variable that a key names. Any key has to be hashable, and one that is no str may equal a name nevertheless.
fn index_of(vm: &Vm, object: &FrameObj, key: &Value) -> Res<Option<usize>> {
    let names = &object.code().locals;
    if let Some(at) = names.iter().position(|name| name.is(key)) {
        return Ok(Some(object.in_force(vm, at)));
    }
    vm.hash(key)?;
    for at in 0..names.len() {
        vm.owe(1);
        if vm.equal(&object.code().locals[at], key)? {
            return Ok(Some(object.in_force(vm, at)));
        }
    }
    Ok(None)
}

/// The value of a key.
fn find(vm: &Vm, this: &Value, key: &Value) -> Res<Option<Value>> {
    let object = frame(this);
    if let Some(found) = index_of(vm, &object, key)?.and_then(|at| object.variable(vm, at)) {
        return Ok(Some(found));
    }
    match object.extra() {
        Some(extra) => extra.get_item(vm, key),
        None => Ok(None),
    }
}

fn get_item(vm: &Vm, this: &Value, key: &Value) -> Res {
    if let Some(found) = find(vm, this, key)? {
        return Ok(found);
    }
    let shown = vm.repr(key)?;
    let message = vm.display(format_args!("local variable '{}' is not defined", vm.text(&shown)))?;
    Err(vm.raise_value(vm.new_exception(&vm.exc.KeyError, vec![message])?))
}

fn contains(vm: &Vm, this: &Value, key: &Value) -> Res<bool> {
    Ok(find(vm, this, key)?.is_some())
}

fn store(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> Res<()> {
    let object = frame(this);
    match (index_of(vm, &object, key)?, value) {
        (Some(at), Some(value)) => object.write(vm, at, value.clone()),
        (Some(_), None) => Err(undeletable(vm)),
        (None, Some(value)) => object.make_extra(vm)?.set_item(vm, key, value.clone()),
        (None, None) => match take_extra(vm, &object, key)? {
            Some(_) => Ok(()),
            None => Err(missing(vm, key)),
        },
    }
}

fn undeletable(vm: &Vm) -> Raised {
    vm.value_error("cannot remove local variables from FrameLocalsProxy")
}

fn missing(vm: &Vm, key: &Value) -> Raised {
    match vm.new_exception(&vm.exc.KeyError, vec![key.clone()]) {
        Ok(error) => vm.raise_value(error),
        Err(raised) => raised,
    }
}

fn take_extra(vm: &Vm, object: &FrameObj, key: &Value) -> Res<Option<Value>> {
    match object.extra() {
        Some(extra) => Ok(extra.del_item(vm, key)?.map(|(_, value)| value)),
        None => Ok(None),
    }
}

/// A key, and the default if one is given.
fn key_and_default<'a>(
    vm: &Vm,
    args: &Args<'a>,
    name: &str,
) -> Res<(&'a Value, &'a Value, Option<&'a Value>)> {
    if !args.names.is_empty() {
        return Err(vm.type_error(format_args!("FrameLocalsProxy.{name}() takes no keyword arguments")));
    }
    match args.pos {
        [this, key] => Ok((this, key, None)),
        [this, key, default] => Ok((this, key, Some(default))),
        _ if name != "pop" => Err(vm.type_error(format_args!("{name} expected 1 or 2 arguments"))),
        [_] => Err(vm.type_error("pop expected at least 1 argument, got 0")),
        more => {
            let given = more.len().saturating_sub(1);
            Err(vm.type_error(format_args!("pop expected at most 2 arguments, got {given}")))
        }
    }
}

fn get(vm: &Vm, args: Args<'_>) -> Res {
    let (this, key, default) = key_and_default(vm, &args, "get")?;
    Ok(find(vm, this, key)?.unwrap_or_else(|| default.cloned().unwrap_or(Value::NONE)))
}

fn set_default(vm: &Vm, args: Args<'_>) -> Res {
    let (this, key, default) = key_and_default(vm, &args, "setdefault")?;
    if let Some(found) = find(vm, this, key)? {
        return Ok(found);
    }
    let default = default.cloned().unwrap_or(Value::NONE);
    store(vm, this, key, Some(&default))?;
    Ok(default)
}

fn pop(vm: &Vm, args: Args<'_>) -> Res {
    let (this, key, default) = key_and_default(vm, &args, "pop")?;
    let object = frame(this);
    if index_of(vm, &object, key)?.is_some() {
        return Err(undeletable(vm));
    }
    match (take_extra(vm, &object, key)?, default) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(missing(vm, key)),
    }
}

// ---- all of them -----------------------------------------------------------------------------------------------------

/// Names and values: variables in their order, then the others.
fn pairs(vm: &Vm, this: &Value) -> Vec<(Value, Value)> {
    let object = frame(this);
    let mut all = object.bound_variables(vm);
    if let Some(extra) = object.extra() {
        all.extend(extra.entries().map(|entry| (entry.key.clone(), entry.value.clone())));
    }
    vm.owe(all.len() as u64);
    all
}

fn names(vm: &Vm, this: &Value) -> Vec<Value> {
    pairs(vm, this).into_iter().map(|(name, _)| name).collect()
}

fn keys(vm: &Vm, this: &Value) -> Res {
    vm.new_list(names(vm, this))
}

fn values(vm: &Vm, this: &Value) -> Res {
    vm.new_list(pairs(vm, this).into_iter().map(|(_, value)| value).collect())
}

fn items(vm: &Vm, this: &Value) -> Res {
    let pairs = pairs(vm, this).into_iter().map(|(name, value)| vm.new_pair(name, value));
    vm.new_list(pairs.collect::<Res<Vec<_>>>()?)
}

fn reversed(vm: &Vm, this: &Value) -> Res {
    vm.new_list(names(vm, this).into_iter().rev().collect())
}

/// A dict of the same.
fn copy(vm: &Vm, this: &Value) -> Res<Ref<Dict>> {
    let made = vm.new_dict()?;
    for (name, value) in pairs(vm, this) {
        made.set_item(vm, &name, value)?;
    }
    Ok(made)
}

/// Stores what a dict or a proxy has.
fn update(vm: &Vm, this: &Value, other: &Value) -> Res<()> {
    if !other.has::<Dict>() && !other.has::<FrameLocals>() {
        return Err(vm.type_error("update() argument must be dict or another FrameLocalsProxy"));
    }
    let source = vm.new_dict()?;
    source.update(vm, other)?;
    let pairs: Vec<_> = source.entries().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
    pairs.iter().try_for_each(|(key, value)| store(vm, this, key, Some(value)))
}

fn repr(vm: &Vm, this: &Value) -> Res {
    let written = vm.repr_guard(this, || vm.repr(copy(vm, this)?.value()))?;
    written.map_or_else(|| vm.str("{...}"), Ok)
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let equal = match (op, b.get::<FrameLocals>(), b.get::<Dict>()) {
        (CompareOp::Eq | CompareOp::Ne, Some(other), _) => {
            a.get::<FrameLocals>().is_some_and(|this| this.frame.is(&other.frame))
        }
        (CompareOp::Eq | CompareOp::Ne, _, Some(_)) => {
            return vm.compare(copy(vm, a)?.value(), b, op);
        }
        (CompareOp::Eq | CompareOp::Ne, ..) => return Ok(Value::bool(op == CompareOp::Ne)),
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}

fn or(vm: &Vm, a: &Value, b: &Value) -> Res {
    // The proxy may be on either side; what is on its right must be a dict or a proxy too.
    if a.has::<FrameLocals>() && !b.has::<Dict>() && !b.has::<FrameLocals>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let made = vm.new_dict()?;
    made.update(vm, a)?;
    made.update(vm, b)?;
    Ok(made.into_value())
}

fn or_in_place(vm: &Vm, this: &Value, other: &Value) -> Res {
    if !other.has::<Dict>() && !other.has::<FrameLocals>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    update(vm, this, other)?;
    Ok(this.clone())
}
