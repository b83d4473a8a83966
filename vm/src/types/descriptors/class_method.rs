//! `classmethod_descriptor`: what the dict of a builtin type holds for a method that gets the class.

use ryokan_alloc::Header;

use super::{doc_of, owner_name, qualified};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{GetSet, Method, NativeFunction, getter};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::facts;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `classmethod_descriptor`.
#[repr(C)]
pub struct ClassMethodDescriptor {
    head: Header,
    /// The row.
    def: &'static Method,
    /// The type.
    owner: Value,
}

object! {
    ClassMethodDescriptor {
        tracked: true,
        values: [owner],
        plain: [def],
    }
}

/// `classmethod_descriptor`
pub static CLASS_METHOD_TYPE: TypeDef = TypeDef {
    name: "classmethod_descriptor",
    layout: Layout::ClassMethodDescriptor,
    flags: TypeFlags::NO_NEW,
    slots: Slots { repr: Some(repr), call: Some(call), get: Some(get), ..Slots::NONE },
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &ClassMethodDescriptor {
    value.get().expect("a method of classmethod_descriptor is called with one")
}

static GETSET: &[GetSet] = &[
    getter("__objclass__", |_, d| Ok(this(d).owner.clone()), ""),
    getter("__name__", |vm, d| vm.intern(this(d).def.name), ""),
    getter("__doc__", |vm, d| doc_of(vm, this(d).def.doc), ""),
    getter("__qualname__", |vm, d| qualified(vm, &this(d).owner, this(d).def.name), ""),
    getter("__text_signature__", text_signature, ""),
];

fn text_signature(vm: &Vm, value: &Value) -> Res {
    let (def, owner) = (this(value).def, owner_name(vm, &this(value).owner));
    let shown = def.shown.or_else(|| facts::row_signature(&owner, def.name));
    doc_of(vm, shown.unwrap_or(def.signature))
}

fn repr(vm: &Vm, value: &Value) -> Res {
    let (name, owner) = (this(value).def.name, owner_name(vm, &this(value).owner));
    vm.display(format_args!("<method '{name}' of '{owner}' objects>"))
}

/// Bound to the class, or to that of the instance where no class is given.
fn get(vm: &Vm, value: &Value, instance: Option<&Value>, class: &Value) -> Res {
    let (def, owner) = (this(value).def, this(value).owner.clone());
    let (name, kind) = (def.name, || owner_name(vm, &owner));
    let class = match instance {
        Some(instance) if class.is_none() => vm.type_of(instance).to_value(),
        _ => class.clone(),
    };
    let fits =
        class.get::<TypeObj>().zip(owner.get::<TypeObj>()).map(|(class, owner)| class.is_subtype(owner));
    match fits {
        Some(true) => {}
        Some(false) => {
            return Err(vm.type_error(format_args!(
                "descriptor '{name}' requires a subtype of '{}' but received '{}'",
                kind(),
                owner_name(vm, &class)
            )));
        }
        None => {
            return Err(vm.type_error(format_args!(
                "descriptor '{name}' for type '{}' needs a type, not a '{}' as arg 2",
                kind(),
                vm.type_name(&class)
            )));
        }
    }
    Ok(vm.new_object(|head| NativeFunction::new(head, def, class, owner))?.into_value())
}

fn call(vm: &Vm, value: &Value, args: Args<'_>) -> Res {
    let Some((class, rest)) = args.pos.split_first() else {
        return Err(vm.type_error(format_args!(
            "descriptor '{}' of '{}' object needs an argument",
            this(value).def.name,
            owner_name(vm, &this(value).owner)
        )));
    };
    let function = get(vm, value, None, class)?;
    vm.call_args(&function, Args { pos: rest, ..args })
}

impl Vm {
    /// The class method of a row, in the dict of `owner`. Runs no Python; `MemoryError`.
    pub fn new_class_method(&self, def: &'static Method, owner: Value) -> Res {
        Ok(self.new_object(|head| ClassMethodDescriptor { head, def, owner })?.into_value())
    }
}
