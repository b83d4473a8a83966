//! `classmethod` and `staticmethod`.
//!
//! What a decorated function is called and says of itself, its wrapper is called and says, too: those attributes are copied into the
//! wrapper's own dict when it is made, annotations when somebody asks for them.

use ryokan_alloc::Header;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{GetSet, attribute, getter, member};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::str::StrBuilder;
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
        }
        object! {
            $name {
                tracked: true,
                values: [function],
                clear: |this| this.function.set(Value::NONE),
            }
        }
        impl $name {
            /// A payload.
            pub fn new(head: Header, function: Value) -> $name {
                $name { head, function }
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

const _: () =
    assert!(std::mem::offset_of!(ClassMethod, function) == std::mem::offset_of!(StaticMethod, function));

/// `classmethod`
pub static CLASS_METHOD_TYPE: TypeDef = TypeDef {
    name: "classmethod",
    layout: Layout::ClassMethod,
    flags: TypeFlags::BASETYPE.union(TypeFlags::HAS_DICT),
    doc: "A function that gets its class as first argument, be it called on the class or on an instance.",
    slots: Slots {
        new: Some(|vm, class, _| vm.new_of_class(class, |head| ClassMethod::new(head, Value::NONE))),
        init: Some(|vm, this, args| init(vm, "classmethod", this, args)),
        get: Some(class_method_get),
        repr: Some(|vm, this| vm.written(this, write)),
        ..Slots::NONE
    },
    methods: crate::types::generic_alias::ONLY_CLASS_GETITEM,
    getset: WRAPPER_GETSET,
    write: Some(write),
    ..TypeDef::EMPTY
};
/// `staticmethod`
pub static STATIC_METHOD_TYPE: TypeDef = TypeDef {
    name: "staticmethod",
    layout: Layout::StaticMethod,
    flags: TypeFlags::BASETYPE.union(TypeFlags::HAS_DICT),
    doc: "A function that is in a class, but gets neither the class nor an instance.",
    slots: Slots {
        new: Some(|vm, class, _| vm.new_of_class(class, |head| StaticMethod::new(head, Value::NONE))),
        init: Some(|vm, this, args| init(vm, "staticmethod", this, args)),
        get: Some(static_method_get),
        call: Some(static_method_call),
        repr: Some(|vm, this| vm.written(this, write)),
        ..Slots::NONE
    },
    methods: crate::types::generic_alias::ONLY_CLASS_GETITEM,
    getset: WRAPPER_GETSET,
    write: Some(write),
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
    member("__func__", |_, this| Ok(wrapper_of(this).clone()), ""),
    member("__wrapped__", |_, this| Ok(wrapper_of(this).clone()), ""),
    attribute("__annotations__", annotations, set_annotations, ""),
    attribute("__annotate__", annotate, set_annotate, ""),
    getter("__isabstractmethod__", is_abstract, ""),
];

/// An attribute of the function, which the wrapper keeps from now on.
fn kept(vm: &Vm, this: &Value, name: &Value) -> Res {
    if let Some(own) = vm.own_attr(this, name)? {
        return Ok(own);
    }
    let found = vm.get_attr(&wrapper_of(this).clone(), name)?;
    vm.set_own_attr(this, name, Some(&found))?;
    Ok(found)
}
fn set_kept(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
    if vm.set_own_attr(this, name, value)? { Ok(()) } else { Err(vm.no_attribute(this, name)) }
}
fn annotations(vm: &Vm, this: &Value) -> Res {
    kept(vm, this, &vm.names.__annotations__)
}
fn set_annotations(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    set_kept(vm, this, &vm.names.__annotations__, value)
}
fn annotate(vm: &Vm, this: &Value) -> Res {
    kept(vm, this, &vm.names.__annotate__)
}
fn set_annotate(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    set_kept(vm, this, &vm.names.__annotate__, value)
}
fn is_abstract(vm: &Vm, this: &Value) -> Res {
    vm.work(1)?;
    let found = vm.get_attr_opt(wrapper_of(this), &vm.names.__isabstractmethod__)?;
    found.map_or(Ok(false), |v| vm.truth(&v)).map(Value::bool)
}
fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    text.push_str(if this.has::<ClassMethod>() { "<classmethod(" } else { "<staticmethod(" })?;
    // Who is initialized anew meanwhile wraps another one.
    let wrapped = wrapper_of(this).clone();
    vm.push_repr(&wrapped, text)?;
    text.push_str(")>")
}
/// Wraps a function, and copies what it says of itself.
fn init(vm: &Vm, kind: &str, this: &Value, args: Args<'_>) -> Res<()> {
    if !args.names.is_empty() {
        return Err(vm.type_error(format_args!("{kind}() takes no keyword arguments")));
    }
    let [function] = args.pos else {
        return Err(vm.type_error(format_args!("{kind} expected 1 argument, got {}", args.pos.len())));
    };
    let function = function.take();
    wrapper_of(this).set(function.clone());
    let names = &vm.names;
    for name in [&names.__module__, &names.__name__, &names.__qualname__, &names.__doc__] {
        if let Some(found) = vm.get_attr_opt(&function, name)? {
            vm.set_attr(this, name, Some(&found))?;
        }
    }
    Ok(())
}
fn class_method_get(vm: &Vm, this: &Value, owner: Option<&Value>, class: &Value) -> Res {
    let class = match owner {
        Some(owner) if class.is_none() => vm.type_of(owner).to_value(),
        _ => class.clone(),
    };
    vm.bind_method(wrapper_of(this).clone(), class)
}
fn static_method_get(_: &Vm, this: &Value, _: Option<&Value>, _: &Value) -> Res {
    Ok(wrapper_of(this).clone())
}
fn static_method_call(vm: &Vm, this: &Value, args: Args<'_>) -> Res {
    vm.call_args(&wrapper_of(this).clone(), args)
}
