//! Weak proxies: what is done to one is done to its object, as long as that lives.

use ryokan_bytecode::{BinaryOp, CompareOp};

use super::table::Standing;
use super::{WeakRef, check, this, two};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::object::slots::{Binary, Slots};
use crate::object::ty::TypeDef;
use crate::object::ty::TypeFlags;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// `weakref.ProxyType`
pub static TYPE: TypeDef = TypeDef { name: "weakref.ProxyType", methods: METHODS, ..PROXY };

/// `weakref.CallableProxyType`
pub static CALLABLE_TYPE: TypeDef = TypeDef {
    name: "weakref.CallableProxyType",
    slots: Slots { call: Some(|vm, p, args| vm.call_args(&object(vm, p)?, args)), ..SLOTS },
    methods: NUMBERS,
    ..PROXY
};

const PROXY: TypeDef =
    TypeDef { layout: Layout::WeakRef, flags: TypeFlags::NO_NEW, slots: SLOTS, ..TypeDef::EMPTY };

/// `weakref.proxy(object, callback=None, /)`
pub fn proxy(vm: &Vm, args: Args<'_>) -> Res {
    let (referent, callback) = two(vm, "proxy", args.pos)?;
    check(vm, &referent)?;
    let shares = callback.is_unbound();
    if shares && let Some(known) = vm.weak.shared(&referent, true) {
        return Ok(known);
    }
    let callable = vm.slots(&referent).call().is_some();
    let ty = if callable { &vm.types.callable_proxy } else { &vm.types.weakproxy };
    let make = |head| WeakRef::new(head, callback, true);
    let made = vm.new_shaped(ty.root.get(), size_of::<WeakRef>(), make)?.into_value();
    vm.weak.add(vm, &made, &referent, shares.then_some(Standing::Proxy))?;
    Ok(made)
}

/// The object of a proxy.
fn object(vm: &Vm, proxy: &Value) -> Res {
    match this(proxy).upgrade() {
        Some(object) => Ok(object),
        None => Err(vm.raise(&vm.exc.ReferenceError, "weakly-referenced object no longer exists")),
    }
}

/// The object of a proxy; another value itself.
fn bare(vm: &Vm, value: &Value) -> Res {
    match value.get::<WeakRef>() {
        Some(reference) if reference.is_proxy => object(vm, value),
        _ => Ok(value.clone()),
    }
}

fn binary(vm: &Vm, left: &Value, right: &Value, op: BinaryOp) -> Res {
    let (left, right) = (bare(vm, left)?, bare(vm, right)?);
    vm.binary_op(&left, &right, op)
}

/// The slots of all operators: each knows its own.
macro_rules! operators {
    ($($plain:ident $in_place:ident),*) => {
        const NUMBER: [Option<Binary>; BinaryOp::PLAIN] =
            [$(Some(|vm, left, right| binary(vm, left, right, BinaryOp::$plain))),*];
        const IN_PLACE: [Option<Binary>; BinaryOp::PLAIN] =
            [$(Some(|vm, left, right| binary(vm, left, right, BinaryOp::$in_place))),*];
    };
}
operators! {
    Add InplaceAdd, And InplaceAnd, FloorDivide InplaceFloorDivide, LeftShift InplaceLeftShift,
    MatrixMultiply InplaceMatrixMultiply, Multiply InplaceMultiply, Remainder InplaceRemainder, Or InplaceOr,
    Power InplacePower, RightShift InplaceRightShift, Subtract InplaceSubtract, TrueDivide InplaceTrueDivide,
    Xor InplaceXor
}

const SLOTS: Slots = Slots {
    repr: Some(repr),
    str: Some(|vm, p| vm.to_str(&object(vm, p)?)),
    bool: Some(|vm, p| vm.truth(&object(vm, p)?)),
    len: Some(|vm, p| vm.length(&object(vm, p)?)),
    iter: Some(|vm, p| vm.iter(&object(vm, p)?)),
    next: Some(next),
    getattr: Some(|vm, p, name| vm.get_attr(&object(vm, p)?, name)),
    setattr: Some(|vm, p, name, value| vm.set_attr(&object(vm, p)?, name, value)),
    getitem: Some(|vm, p, key| vm.get_item(&object(vm, p)?, &bare(vm, key)?)),
    setitem: Some(|vm, p, key, value| match value {
        Some(value) => vm.set_item(&object(vm, p)?, key, value),
        None => vm.del_item(&object(vm, p)?, key),
    }),
    contains: Some(|vm, p, item| vm.contains(&object(vm, p)?, item)),
    compare: Some(compare),
    neg: Some(|vm, p| vm.negative(&object(vm, p)?)),
    pos: Some(|vm, p| vm.positive(&object(vm, p)?)),
    abs: Some(|vm, p| vm.absolute(&object(vm, p)?)),
    invert: Some(|vm, p| vm.invert(&object(vm, p)?)),
    int: Some(|vm, p| vm.int_of(&object(vm, p)?)),
    float: Some(|vm, p| vm.float(vm.float_of_any(&object(vm, p)?)?)),
    index: Some(|vm, p| vm.index(&object(vm, p)?)),
    pow3: Some(|vm, a, b, c| {
        let (a, b, c) = (bare(vm, a)?, bare(vm, b)?, bare(vm, c)?);
        vm.power(&a, &b, &c)
    }),
    number: NUMBER,
    in_place: IN_PLACE,
    ..Slots::NONE
};

static NUMBERS: &[Method] = &[DIVMOD, REFLECTED_DIVMOD];
static METHODS: &[Method] = &[
    method("__bytes__", "($self, /)", Call::One(|vm, p| special(vm, p, "__bytes__")), ""),
    method("__reversed__", "($self, /)", Call::One(|vm, p| special(vm, p, "__reversed__")), ""),
    DIVMOD,
    REFLECTED_DIVMOD,
];

const DIVMOD: Method = method(
    "__divmod__",
    "($self, value, /)",
    Call::Two(|vm, p, other| vm.divmod(&bare(vm, p)?, &bare(vm, other)?)),
    "divmod(object, value)",
);
const REFLECTED_DIVMOD: Method = method(
    "__rdivmod__",
    "($self, value, /)",
    Call::Two(|vm, p, other| vm.divmod(&bare(vm, other)?, &bare(vm, p)?)),
    "divmod(value, object)",
);

fn special(vm: &Vm, proxy: &Value, name: &str) -> Res {
    vm.call_method(&object(vm, proxy)?, &vm.intern(name)?, &[])
}

fn repr(vm: &Vm, proxy: &Value) -> Res {
    let id = vm.id(proxy);
    match this(proxy).upgrade() {
        None => vm.display(format_args!("<weakproxy at {id:#x}; dead>")),
        Some(object) => {
            let kind = vm.type_name(&object);
            vm.display(format_args!("<weakproxy at {id:#x}; to '{kind}' at {:#x}>", vm.id(&object)))
        }
    }
}

fn next(vm: &Vm, proxy: &Value) -> Res<Option<Value>> {
    let object = object(vm, proxy)?;
    if vm.slots(&object).next().is_none() {
        let kind = vm.type_name(&object);
        return Err(vm.type_error(format_args!("Weakref proxy referenced a non-iterator '{kind}' object")));
    }
    vm.next(&object)
}

fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> Res {
    let (left, right) = (bare(vm, left)?, bare(vm, right)?);
    vm.compare(&left, &right, op)
}
