//! `NoneType`, `ellipsis`, `NotImplementedType`: types whose one value is an immediate.

use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::object::slots::Slots;
use crate::object::ty::TypeDef;
use crate::raised::Res;
use crate::value::{Value, Word};
use crate::vm::Vm;

fn repr(vm: &Vm, value: &Value) -> Res {
    vm.str(match value.word() {
        Word::ELLIPSIS => "Ellipsis",
        Word::NOT_IMPLEMENTED => "NotImplemented",
        _ => "None",
    })
}
fn never(_: &Vm, _: &Value) -> Res<bool> {
    Ok(false)
}
fn not_implemented_truth(vm: &Vm, _: &Value) -> Res<bool> {
    Err(vm.type_error("NotImplemented should not be used in a boolean context"))
}
fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    Ok(if value.is_none() { 0xFCA_86420 } else { vm.id_hash(value) })
}
fn no_arguments(vm: &Vm, name: &str, args: Args<'_>) -> Res<()> {
    if args.is_empty() { Ok(()) } else { Err(vm.type_error(format_args!("{name} takes no arguments"))) }
}
fn new_none(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    no_arguments(vm, "NoneType", args).map(|()| Value::NONE)
}
fn new_ellipsis(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    no_arguments(vm, "EllipsisType", args).map(|()| Value::ELLIPSIS)
}
fn new_not_implemented(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    no_arguments(vm, "NotImplementedType", args).map(|()| Value::NOT_IMPLEMENTED)
}
static METHODS: &[Method] = &[method(
    "__reduce__",
    "($self, /)",
    Call::One(repr),
    "The name by which pickle finds the object again.",
)];

/// `NoneType`
pub static NONE: TypeDef = TypeDef {
    name: "NoneType",
    doc: "Has one instance: None, which stands for no value.",
    slots: Slots {
        repr: Some(repr),
        bool: Some(never),
        hash: Some(hash),
        compare: Some(super::object::compare),
        new: Some(new_none),
        ..Slots::NONE
    },
    ..TypeDef::EMPTY
};
/// `ellipsis`
pub static ELLIPSIS: TypeDef = TypeDef {
    name: "ellipsis",
    doc: "Has one instance: Ellipsis, which is written ... in code.",
    slots: Slots { repr: Some(repr), new: Some(new_ellipsis), ..Slots::NONE },
    methods: METHODS,
    ..TypeDef::EMPTY
};
/// `NotImplementedType`
pub static NOT_IMPLEMENTED: TypeDef = TypeDef {
    name: "NotImplementedType",
    doc: "The result of value {} self, if value's type has none.",
    slots: Slots {
        repr: Some(repr),
        bool: Some(not_implemented_truth),
        new: Some(new_not_implemented),
        ..Slots::NONE
    },
    methods: METHODS,
    ..TypeDef::EMPTY
};
