//! `builtin_function_or_method` and `method_descriptor`: one payload and two shapes, told apart by whether it waits for its object.

use super::{doc_of, owner_name, qualified, reduce_with};
use crate::object::call::Args;
use crate::object::native::{Binding, Call, GetSet, Method, NativeFunction, getter, method};
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::facts;
use crate::types::str::Text;
use crate::value::Value;
use crate::vm::Vm;
use ryokan_bytecode::CompareOp;

/// `builtin_function_or_method`: a function of a module, or one that has its object.
pub static NATIVE_TYPE: TypeDef = TypeDef {
    name: "builtin_function_or_method",
    layout: Layout::NativeFunction,
    flags: TypeFlags::NO_NEW.union(TypeFlags::HAS_WEAKREF),
    slots: Slots {
        repr: Some(repr),
        call: Some(call),
        hash: Some(hash),
        compare: Some(compare),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

/// `method_descriptor`: what the dict of a builtin type holds for a method.
pub static METHOD_TYPE: TypeDef = TypeDef {
    name: "method_descriptor",
    layout: Layout::NativeFunction,
    flags: TypeFlags::NO_NEW,
    slots: Slots { repr: Some(method_repr), call: Some(call), get: Some(get), ..Slots::NONE },
    methods: METHODS,
    getset: METHOD_GETSET,
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
    getter("__doc__", |vm, f| doc_of(vm, this(f).def.doc), ""),
    getter("__name__", |vm, f| vm.intern(this(f).def.name), ""),
    getter("__qualname__", qualname, ""),
    getter("__self__", self_of, ""),
    getter("__text_signature__", text_signature, ""),
    getter("__module__", module, ""),
];
static METHOD_GETSET: &[GetSet] = &[
    getter("__objclass__", |_, f| Ok(this(f).owner.clone()), ""),
    getter("__name__", |vm, f| vm.intern(this(f).def.name), ""),
    getter("__doc__", |vm, f| doc_of(vm, this(f).def.doc), ""),
    getter("__qualname__", |vm, f| qualified(vm, &this(f).owner, this(f).def.name), ""),
    getter("__text_signature__", text_signature, ""),
];

fn module(_: &Vm, f: &Value) -> Res {
    Ok(if owner_type(this(f)).is_some() { Value::NONE } else { this(f).owner.clone() })
}

/// A function of a module takes the module first, which nobody gives.
fn text_signature(vm: &Vm, f: &Value) -> Res {
    let f = this(f);
    let owner = owner_type(f).and_then(|ty| ty.def).map(|def| def.name);
    let owner = owner.map_or_else(|| vm.text(&f.owner), Text::from);
    if let Some(shown) = f.def.shown.or_else(|| facts::row_signature(&owner, f.def.name)) {
        return doc_of(vm, shown);
    }
    let signature = f.def.signature.replace("r#", "");
    let signature = signature.as_str();
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

/// A bound one is named after the class that its object is, or is of.
fn qualname(vm: &Vm, f: &Value) -> Res {
    let function = this(f);
    match function.this.bound() {
        Some(this) if this.has::<TypeObj>() => qualified(vm, this, function.def.name),
        Some(this) => qualified(vm, &vm.type_of(this).to_value(), function.def.name),
        None if owner_type(function).is_some() => qualified(vm, &function.owner, function.def.name),
        None => vm.intern(function.def.name),
    }
}

/// A static method gets nothing.
fn self_of(vm: &Vm, f: &Value) -> Res {
    let function = this(f);
    if let Some(this) = function.this.bound() {
        return Ok(this.clone());
    }
    if owner_type(function).is_some() {
        return Ok(Value::NONE);
    }
    let modules = vm.modules.clone();
    let module = modules.get::<Dict>().and_then(|modules| modules.get_name(&function.owner)).cloned();
    Ok(module.unwrap_or(Value::NONE))
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
    let owner = owner_type(function).map(|_| &function.owner);
    match function.this.bound().or(owner) {
        Some(this) => {
            let kind = vm.type_name(this);
            vm.display(format_args!("<built-in method {name} of {kind} object at {:#x}>", vm.id(this)))
        }
        None => vm.display(format_args!("<built-in function {name}>")),
    }
}
fn method_repr(vm: &Vm, value: &Value) -> Res {
    let (name, owner) = (this(value).def.name, owner_name(vm, &this(value).owner));
    vm.display(format_args!("<method '{name}' of '{owner}' objects>"))
}

/// Fails unless the first argument is what a method that is looked up on its type expects. A function passes at once.
pub fn check_receiver(vm: &Vm, function: &NativeFunction, args: Args<'_>) -> Res<()> {
    let Some(ty) = owner_type(function) else { return Ok(()) };
    let name = function.def.name;
    if function.def.binding == Binding::Static || function.this.bound().is_some() {
        return Ok(());
    }
    let Some(first) = args.pos.first() else {
        let class = vm.text(&ty.name);
        return Err(vm.type_error(format_args!("unbound method {class}.{name}() needs an argument")));
    };
    if vm.is_instance(first, ty) {
        return Ok(());
    }
    Err(vm.type_error(format_args!(
        "descriptor '{name}' for '{}' objects doesn't apply to a '{}' object",
        owner_name(vm, &function.owner),
        vm.type_name(first)
    )))
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
    let slots = vm.led_by(bound.clone(), args)?;
    vm.call_native(function, Args::split(&slots, args.names))
}

/// A method of a type is bound to the instance.
fn get(vm: &Vm, value: &Value, owner: Option<&Value>, _: &Value) -> Res {
    let Some(owner) = owner else { return Ok(value.clone()) };
    let function = this(value);
    super::check_instance(vm, &function.owner, function.def.name, owner)?;
    vm.bind_native_method(function, owner)
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

impl Vm {
    /// The function of a row with its object, which has the method. Runs no Python; `MemoryError`.
    pub fn bind_native_method(&self, function: &NativeFunction, this: &Value) -> Res {
        let made: Ref<NativeFunction> = self.new_object(|head| function.bound(head, this.clone()))?;
        Ok(made.into_value())
    }
    /// The object of a row: the method of a type that waits for its object, or a function that is called as it is. Runs no Python;
    /// `MemoryError`.
    pub fn new_native(&self, def: &'static Method, this: Value, owner: Value) -> Res {
        let waits = def.binding == Binding::Instance && this.is_unbound() && owner.has::<TypeObj>();
        let layout = Layout::NativeFunction;
        let shape = if waits { layout.second() } else { layout.shape() };
        let make = |head| NativeFunction::new(head, def, this, owner);
        Ok(self.new_shaped(shape, size_of::<NativeFunction>(), make)?.into_value())
    }
}
