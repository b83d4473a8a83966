//! `method`: a function and its self.

use ryokan_alloc::Header;
use ryokan_bytecode::CompareOp;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, getter, member, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::str::StrBuilder;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `method`.
#[repr(C)]
pub struct BoundMethod {
    head: Header,
    /// `__func__`
    pub function: Value,
    /// `__self__`
    pub this: Value,
}

object! {
    BoundMethod {
        tracked: true,
        values: [function, this],
    }
}

impl Vm {
    /// A method bound to an instance. Runs no Python; `MemoryError`.
    pub fn bind_method(&self, function: Value, this: Value) -> Res {
        Ok(self.new_object(|head| BoundMethod { head, function, this })?.into_value())
    }
}

/// `method`
pub static METHOD_TYPE: TypeDef = TypeDef {
    name: "method",
    layout: Layout::BoundMethod,
    flags: TypeFlags::HAS_WEAKREF,
    slots: Slots {
        repr: Some(|vm, this| vm.written(this, write)),
        hash: Some(method_hash),
        compare: Some(method_compare),
        call: Some(method_call),
        getattr: Some(method_getattr),
        get: Some(method_get),
        new: Some(method_new),
        ..Slots::NONE
    },
    getset: METHOD_GETSET,
    methods: METHOD_METHODS,
    write: Some(write),
    ..TypeDef::EMPTY
};

fn bound(value: &Value) -> &BoundMethod {
    value.get().expect("a method of method is called with a method")
}

static METHOD_GETSET: &[GetSet] = &[
    member(
        "__func__",
        |_, this| Ok(bound(this).function.clone()),
        "what is called, with the object put before the arguments",
    ),
    member("__self__", |_, this| Ok(bound(this).this.clone()), "the object that is put before the arguments"),
    getter("__doc__", |vm, this| vm.get_attr(&bound(this).function, &vm.names.__doc__), ""),
];
static METHOD_METHODS: &[Method] = &[method(
    "__reduce__",
    "($self, /)",
    Call::One(method_reduce),
    "How pickle makes the method again: by getattr, of an object and a name.",
)];

fn method_reduce(vm: &Vm, this: &Value) -> Res {
    let this = bound(this);
    let getattr = vm.builtin_of_caller("getattr")?;
    let name = vm.get_attr(&this.function, &vm.names.__name__)?;
    let args = vm.new_tuple(vec![this.this.clone(), name])?;
    vm.new_tuple(vec![getattr, args])
}
fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    let this = bound(this);
    let named = match vm.get_attr_opt(&this.function, &vm.names.__qualname__)? {
        None => vm.get_attr_opt(&this.function, &vm.names.__name__)?,
        named => named,
    };
    let name = match named {
        Some(name) if vm.is_str(&name) => name,
        _ => vm.str("?")?,
    };
    text.push_str("<bound method ")?;
    text.push_value(&name)?;
    text.push_str(" of ")?;
    vm.push_repr(&this.this, text)?;
    text.push_str(">")
}
fn method_hash(vm: &Vm, this: &Value) -> Res<i64> {
    let this = bound(this);
    Ok(vm.id_hash(&this.this) ^ vm.hash(&this.function)?)
}
fn method_compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(b)) = (op, b.get::<BoundMethod>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let a = bound(a);
    let same = a.this.is(&b.this) && vm.equal(&a.function, &b.function)?;
    Ok(Value::bool(same == (op == CompareOp::Eq)))
}
fn method_call(vm: &Vm, this: &Value, args: Args<'_>) -> Res {
    // A method of a method (of a method..) is called in one go, with all their objects in front.
    let mut innermost = bound(this);
    let mut depth = 1;
    while let Some(method) = innermost.function.exact::<BoundMethod>() {
        (innermost, depth) = (method, depth + 1);
    }
    let mut slots = vm.vector(args.len() + depth)?;
    let mut method = Some(bound(this));
    while let Some(one) = method {
        slots.push(one.this.clone());
        method = one.function.exact();
    }
    slots.reverse();
    slots.extend(args.pos.iter().chain(args.named).map(Value::take));
    vm.call_args(&innermost.function, Args::split(&slots, args.names))
}
fn method_getattr(vm: &Vm, this: &Value, name: &Value) -> Res {
    match vm.find_attr(this, name)? {
        Some(found) => Ok(found),
        None => vm.get_attr(&bound(this).function, name),
    }
}
fn method_get(_: &Vm, this: &Value, _: Option<&Value>, _: &Value) -> Res {
    Ok(this.clone())
}
fn method_new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    let [function, this] = args.pos else {
        return Err(vm.type_error(format_args!("method expected 2 arguments, got {}", args.pos.len())));
    };
    if vm.slots(function).call().is_none() {
        return Err(vm.type_error("first argument must be callable"));
    }
    if this.is_none() {
        return Err(vm.type_error("instance must not be None"));
    }
    vm.bind_method(function.clone(), this.clone())
}
