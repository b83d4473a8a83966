//! `builtin_function_or_method` and `method_descriptor`: one payload, told apart by what it is bound to.

use super::{doc_of, owner_name, qualified, reduce_with};
use crate::object::call::Args;
use crate::object::native::{Binding, Call, GetSet, Method, NativeFunction, getter, method};
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeObj, type_flag};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;
use ryokan_bytecode::CompareOp;

/// `builtin_function_or_method`
pub static NATIVE_TYPE: TypeDef = TypeDef {
    name: "builtin_function_or_method",
    layout: Layout::NativeFunction,
    flags: type_flag::NO_NEW | type_flag::HAS_WEAKREF,
    slots: Slots {
        repr: Some(repr),
        call: Some(call),
        get: Some(get),
        hash: Some(hash),
        compare: Some(compare),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &NativeFunction {
    value.get().expect("a method of builtin_function_or_method is called with one")
}

/// The type whose method it is.
fn owner_type(function: &NativeFunction) -> Option<&TypeObj> {
    function.owner.get()
}

static METHODS: &[Method] = &[method("__reduce__", "($self, /)", Call::One(reduce), "")];
static GETSET: &[GetSet] = &[
    getter("__name__", |vm, f| vm.intern(this(f).def.name), ""),
    getter("__qualname__", qualname, ""),
    getter("__doc__", |vm, f| doc_of(vm, this(f).def.doc), ""),
    getter("__text_signature__", text_signature, ""),
    getter(
        "__module__",
        |_, f| Ok(if owner_type(this(f)).is_some() { Value::NONE } else { this(f).owner.clone() }),
        "",
    ),
    getter("__self__", self_of, ""),
    getter("__objclass__", objclass, ""),
];

/// A function of a module takes the module first, which nobody gives.
fn text_signature(vm: &Vm, f: &Value) -> Res {
    let f = this(f);
    if let Some(shown) = f.def.shown {
        return doc_of(vm, shown);
    }
    let signature = f.def.signature;
    if owner_type(f).is_some() || f.owner.is_unbound() || f.owner.is_none() {
        return doc_of(vm, signature);
    }
    match signature.strip_prefix('(') {
        Some(")") => vm.str("($module, /)"),
        Some(rest) if rest.contains('/') => vm.display(format_args!("($module, {rest}")),
        Some(rest) => vm.display(format_args!("($module, /, {rest}")),
        None => doc_of(vm, signature),
    }
}

fn qualname(vm: &Vm, f: &Value) -> Res {
    let f = this(f);
    if owner_type(f).is_some() { qualified(vm, &f.owner, f.def.name) } else { vm.intern(f.def.name) }
}
fn self_of(vm: &Vm, f: &Value) -> Res {
    let function = this(f);
    if let Some(this) = function.this.bound() {
        return Ok(this.clone());
    }
    if owner_type(function).is_some() {
        return Err(vm.no_attribute(f, &vm.names.__self__));
    }
    let modules = vm.modules.clone();
    let module = modules.get::<Dict>().and_then(|modules| modules.get_name(&function.owner)).cloned();
    Ok(module.unwrap_or(Value::NONE))
}
fn objclass(vm: &Vm, f: &Value) -> Res {
    if owner_type(this(f)).is_some() && this(f).this.is_unbound() {
        return Ok(this(f).owner.clone());
    }
    Err(vm.no_attribute(f, &vm.intern("__objclass__")?))
}
fn reduce(vm: &Vm, f: &Value) -> Res {
    let f = this(f);
    match f.this.bound() {
        Some(this) => reduce_with(vm, this, f.def.name),
        None if owner_type(f).is_some() => reduce_with(vm, &f.owner, f.def.name),
        None => vm.str(f.def.name),
    }
}

fn repr(vm: &Vm, value: &Value) -> Res {
    let function = this(value);
    let name = function.def.name;
    match (function.this.bound(), owner_type(function)) {
        (Some(this), _) => {
            let kind = vm.type_name(this);
            vm.display(format_args!("<built-in method {name} of {kind} object at {:#x}>", vm.id(this)))
        }
        (None, Some(_)) => {
            let owner = owner_name(vm, &function.owner);
            vm.display(format_args!("<method '{name}' of '{owner}' objects>"))
        }
        (None, None) => vm.display(format_args!("<built-in function {name}>")),
    }
}

/// Fails unless the first argument is what a method that is looked up on its type expects. A function passes at once.
pub fn check_receiver(vm: &Vm, function: &NativeFunction, args: Args<'_>) -> Res<()> {
    let Some(ty) = owner_type(function) else { return Ok(()) };
    let (name, kind) = (function.def.name, || owner_name(vm, &function.owner));
    if function.def.binding == Binding::Static || function.this.bound().is_some() {
        return Ok(());
    }
    let Some(first) = args.pos.first() else {
        let class = vm.text(&ty.name);
        return Err(vm.type_error(format_args!("unbound method {class}.{name}() needs an argument")));
    };
    if function.def.binding == Binding::Instance {
        if vm.is_instance(first, ty) {
            return Ok(());
        }
        return Err(vm.type_error(format_args!(
            "descriptor '{name}' for '{}' objects doesn't apply to a '{}' object",
            kind(),
            vm.type_name(first)
        )));
    }
    match first.get::<TypeObj>() {
        Some(class) if class.is_subtype(ty) => Ok(()),
        Some(class) => Err(vm.type_error(format_args!(
            "descriptor '{name}' requires a subtype of '{}' but received '{}'",
            kind(),
            vm.text(&class.name)
        ))),
        None => Err(vm.type_error(format_args!(
            "descriptor '{name}' for type '{}' needs a type, not a '{}' as arg 2",
            kind(),
            vm.type_name(first)
        ))),
    }
}

/// Calls a function or unbound method with arguments of any origin.
pub fn call_checked(vm: &Vm, function: &NativeFunction, args: Args<'_>) -> Res {
    check_receiver(vm, function, args)?;
    vm.call_native(function, args)
}

fn call(vm: &Vm, value: &Value, args: Args<'_>) -> Res {
    let function = this(value);
    let Some(bound) = function.this.bound() else { return call_checked(vm, function, args) };
    if let ([only], true) = (args.pos, args.names.is_empty()) {
        return vm.call_native(function, Args::pos(&[bound.clone(), only.take()]));
    }
    let mut slots = Vec::with_capacity(args.len() + 1);
    slots.push(bound.clone());
    slots.extend(args.pos.iter().chain(args.named).map(Value::take));
    vm.call_native(function, Args::split(&slots, args.names))
}

/// A method of a type is bound to the instance; a function of a module is no method.
fn get(vm: &Vm, value: &Value, owner: Option<&Value>, _: &Value) -> Res {
    let function = this(value);
    let (Some(owner), Some(ty)) = (owner, owner_type(function)) else { return Ok(value.clone()) };
    if function.this.bound().is_some() || function.def.binding != Binding::Instance {
        return Ok(value.clone());
    }
    if !vm.is_instance(owner, ty) {
        return Err(vm.type_error(format_args!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            function.def.name,
            owner_name(vm, &function.owner),
            vm.type_name(owner)
        )));
    }
    let (def, of) = (function.def, function.owner.clone());
    let made: Ref<NativeFunction> =
        vm.new_object(|head| NativeFunction::new(head, def, owner.clone(), of))?;
    Ok(made.into_value())
}

fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    let function = this(value);
    match function.this.bound() {
        Some(this) => Ok(vm.id_hash(this) ^ (std::ptr::from_ref(function.def) as usize as i64 >> 4)),
        None => Ok(vm.id_hash(value)),
    }
}

fn compare(_: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(y)) = (op, b.get::<NativeFunction>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let x = this(a);
    let same = a.is(b) || (std::ptr::eq(x.def, y.def) && x.this.bound().is_some() && x.this.is(&y.this));
    Ok(Value::bool(same == (op == CompareOp::Eq)))
}
