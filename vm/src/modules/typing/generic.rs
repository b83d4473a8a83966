//! `Generic`: the base of generic classes. It has no fields, so that it goes together with any other base.

use super::{as_arguments, call_typing};
use crate::native::*;
use crate::object::Layout;
use crate::object::call::Args as CallArgs;
use crate::object::native::{Call, Method, class_method};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::types::classes::class::new_builtin;
use crate::vm::Vm;

static DEF: TypeDef = TypeDef {
    name: "typing.Generic",
    layout: Layout::Instance,
    flags: TypeFlags::BASETYPE.union(TypeFlags::HEAP),
    doc: "The base of classes that leave types open. class Box[T] inherits from Generic[T].",
    methods: METHODS,
    ..TypeDef::EMPTY
};

static METHODS: &[Method] = &[
    class_method(
        "__class_getitem__",
        "($cls, *args, **kwargs)",
        Call::Full(|vm, args| on_class(vm, "_generic_class_getitem", args)),
        "The class with types for those that it leaves open.",
    )
    .showing(""),
    class_method(
        "__init_subclass__",
        "($cls, *args, **kwargs)",
        Call::Full(|vm, args| on_class(vm, "_generic_init_subclass", args)),
        "Finds out which types a new subclass leaves open.",
    )
    .showing(""),
];

/// The class.
pub static GENERIC: ClassKey = ClassKey::new(|vm| Ok(new_builtin(vm, &DEF, &vm.types.object)?.into_value()));

/// `typing` does what is asked of a class, which is the first argument.
fn on_class(vm: &Vm, function: &str, args: CallArgs<'_>) -> Res {
    let cx = Cx::of(vm);
    let typing = cx.import("typing")?;
    Args::of(args).call(cx, &cx.attr(&typing, function)?)
}

/// `Generic[..]` of type parameters, as a generic class inherits from it.
pub fn base(cx: &Cx, params: &Value) -> Res {
    let params = as_arguments(cx, params)?;
    call_typing(cx, "_GenericAlias", (cx.class_of_key(&GENERIC)?, params))
}
