//! `classmethod` and `staticmethod`.

use ryokan_alloc::Header;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{GetSet, getter};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, type_flag};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

macro_rules! wrapper {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[repr(C)]
        pub struct $name {
            head: Header,
            /// `__func__`
            pub function: Value,
            /// `__dict__`
            pub dict: Value,
        }
        object! {
            $name {
                tracked: true,
                values: [function, dict],
                clear: |this| {
                    this.function.set(Value::NONE);
                    this.dict.set(Value::UNBOUND);
                },
            }
        }
        impl $name {
            /// A payload.
            pub fn new(head: Header, function: Value) -> $name {
                $name { head, function, dict: Value::UNBOUND }
            }
        }
    };
}
wrapper!(
    /// The payload of `classmethod`.
    ClassMethod
);
wrapper!(
    /// The payload of `staticmethod`.
    StaticMethod
);

/// `classmethod`
pub static CLASS_METHOD_TYPE: TypeDef = TypeDef {
    name: "classmethod",
    layout: Layout::ClassMethod,
    flags: type_flag::BASETYPE,
    doc: "classmethod(function) -> method\n\nConvert a function to be a class method.",
    slots: Slots {
        new: Some(class_method_new),
        get: Some(class_method_get),
        repr: Some(wrapper_repr),
        ..Slots::NONE
    },
    methods: crate::types::generic_alias::ONLY_CLASS_GETITEM,
    getset: WRAPPER_GETSET,
    ..TypeDef::EMPTY
};
/// `staticmethod`
pub static STATIC_METHOD_TYPE: TypeDef = TypeDef {
    name: "staticmethod",
    layout: Layout::StaticMethod,
    flags: type_flag::BASETYPE,
    doc: "staticmethod(function) -> method\n\nConvert a function to be a static method.",
    slots: Slots {
        new: Some(static_method_new),
        get: Some(static_method_get),
        call: Some(static_method_call),
        repr: Some(wrapper_repr),
        ..Slots::NONE
    },
    methods: crate::types::generic_alias::ONLY_CLASS_GETITEM,
    getset: WRAPPER_GETSET,
    ..TypeDef::EMPTY
};

/// The function that a classmethod or staticmethod wraps.
pub fn wrapped(value: &Value) -> Option<&Value> {
    let class = value.get::<ClassMethod>().map(|m| &m.function);
    class.or_else(|| value.get::<StaticMethod>().map(|m| &m.function))
}

fn wrapper_of(value: &Value) -> &Value {
    wrapped(value).expect("a method of the type is called with an instance")
}

static WRAPPER_GETSET: &[GetSet] = &[
    getter("__func__", |_, this| Ok(wrapper_of(this).clone()), ""),
    getter("__wrapped__", |_, this| Ok(wrapper_of(this).clone()), ""),
    getter("__name__", |vm, this| vm.get_attr(wrapper_of(this), &vm.names.__name__), ""),
    getter("__qualname__", |vm, this| vm.get_attr(wrapper_of(this), &vm.names.__qualname__), ""),
    getter("__module__", |vm, this| vm.get_attr(wrapper_of(this), &vm.names.__module__), ""),
    getter("__doc__", |vm, this| vm.get_attr(wrapper_of(this), &vm.names.__doc__), ""),
    getter("__annotations__", |vm, this| vm.get_attr(wrapper_of(this), &vm.names.__annotations__), ""),
    getter("__isabstractmethod__", is_abstract, ""),
    getter("__dict__", wrapper_dict, ""),
];

fn wrapper_dict(vm: &Vm, this: &Value) -> Res {
    let slot = match (this.get::<ClassMethod>(), this.get::<StaticMethod>()) {
        (Some(m), _) => &m.dict,
        (_, Some(m)) => &m.dict,
        _ => return Ok(Value::NONE),
    };
    if slot.is_unbound() {
        slot.set(vm.new_dict()?.into_value());
    }
    Ok(slot.clone())
}
fn is_abstract(vm: &Vm, this: &Value) -> Res {
    vm.work(1)?;
    let found = vm.get_attr_opt(wrapper_of(this), &vm.names.__isabstractmethod__)?;
    found.map_or(Ok(false), |v| vm.truth(&v)).map(Value::bool)
}
fn wrapper_repr(vm: &Vm, this: &Value) -> Res {
    let inner = vm.repr(wrapper_of(this))?;
    vm.display(format_args!("<{}({})>", vm.type_name(this), vm.text(&inner)))
}
fn one_argument(vm: &Vm, name: &str, args: Args<'_>) -> Res {
    match args.pos {
        [function] if args.names.is_empty() => Ok(function.take()),
        _ => Err(vm.type_error(format_args!("{name} expected 1 argument, got {}", args.len()))),
    }
}
fn class_method_new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let function = one_argument(vm, "classmethod", args)?;
    vm.new_of_class(class, |head| ClassMethod::new(head, function))
}
fn class_method_get(vm: &Vm, this: &Value, _: Option<&Value>, class: &Value) -> Res {
    vm.bind_method(wrapper_of(this).clone(), class.clone())
}
fn static_method_new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let function = one_argument(vm, "staticmethod", args)?;
    vm.new_of_class(class, |head| StaticMethod::new(head, function))
}
fn static_method_get(_: &Vm, this: &Value, _: Option<&Value>, _: &Value) -> Res {
    Ok(wrapper_of(this).clone())
}
fn static_method_call(vm: &Vm, this: &Value, args: Args<'_>) -> Res {
    vm.call_args(&wrapper_of(this).clone(), args)
}
