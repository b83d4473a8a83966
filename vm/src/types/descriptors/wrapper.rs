//! `wrapper_descriptor`, `method-wrapper`, and the `__new__` of builtin types: a slot as a callable. The first two have one payload
//! and two shapes; a `__new__` is a function with its type for an object.

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use super::wrapper_docs::{NEW_DOC, doc, signature};
use super::{check_instance, owner_name, qualified, reduce_with};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, NativeFunction, getter, method};
use crate::object::payload::object;
use crate::object::slots::{Guarded, Live, Role, Slots, Unary};
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::raised::{Raised, Res};
use crate::types::classes::trampoline::has_python_new;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `wrapper_descriptor`: a special method of a builtin type.
#[repr(C)]
pub struct SlotWrapper {
    head: Header,
    /// The type whose slot it is.
    pub owner: Value,
    /// The instance that it is bound to, or nothing.
    pub this: Value,
    /// Its name.
    pub name: &'static str,
    /// Which slot, in which role.
    pub role: Role,
    /// What it calls instead of a slot, in the role of a row.
    row: Option<&'static Method>,
}

object! {
    SlotWrapper {
        tracked: true,
        values: [owner, this],
        plain: [name, role, row],
    }
}

impl SlotWrapper {
    fn slots(&self) -> &Live {
        self.owner.get::<TypeObj>().expect("a slot wrapper's owner is a type").slots()
    }
}

impl Vm {
    /// The wrapper of a builtin type's slot. Runs no Python; `MemoryError`.
    pub fn new_wrapper(&self, owner: Value, role: Role, name: &'static str) -> Res {
        let make = |head| SlotWrapper { head, owner, this: Value::UNBOUND, name, role, row: None };
        Ok(self.new_object(make)?.into_value())
    }
    /// The wrapper of a row, where CPython has a slot. Runs no Python; `MemoryError`.
    pub fn new_row_wrapper(&self, owner: Value, row: &'static Method) -> Res {
        let (this, role) = (Value::UNBOUND, Role::Row);
        let make = |head| SlotWrapper { head, owner, this, name: row.name, role, row: Some(row) };
        Ok(self.new_object(make)?.into_value())
    }
}

/// `wrapper_descriptor`
pub static WRAPPER_TYPE: TypeDef = TypeDef {
    name: "wrapper_descriptor",
    layout: Layout::SlotWrapper,
    flags: TypeFlags::NO_NEW,
    slots: Slots { repr: Some(repr), call: Some(call), get: Some(get), ..Slots::NONE },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

/// `method-wrapper`: the same, bound.
pub static METHOD_WRAPPER_TYPE: TypeDef = TypeDef {
    name: "method-wrapper",
    layout: Layout::SlotWrapper,
    flags: TypeFlags::NO_NEW,
    slots: Slots {
        repr: Some(repr),
        call: Some(call),
        hash: Some(hash),
        compare: Some(compare),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: BOUND_GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &SlotWrapper {
    value.get().expect("a method of wrapper_descriptor is called with one")
}

static METHODS: &[Method] = &[method("__reduce__", "($self, /)", Call::One(reduce), "")];
const OBJCLASS: GetSet = getter("__objclass__", |_, w| Ok(this(w).owner.clone()), "");
const NAME: GetSet = getter("__name__", |vm, w| vm.intern(this(w).name), "");
const QUALNAME: GetSet = getter("__qualname__", |vm, w| qualified(vm, &this(w).owner, this(w).name), "");
const DOC: GetSet = getter("__doc__", doc_text, "");
const SIGNATURE: GetSet = getter("__text_signature__", text_signature, "");
static GETSET: &[GetSet] = &[OBJCLASS, NAME, DOC, QUALNAME, SIGNATURE];
static BOUND_GETSET: &[GetSet] = &[
    getter("__self__", |_, w| Ok(this(w).this.bound().cloned().unwrap_or(Value::NONE)), ""),
    OBJCLASS,
    NAME,
    QUALNAME,
    DOC,
    SIGNATURE,
];

fn doc_text(vm: &Vm, w: &Value) -> Res {
    this(w).row.map_or_else(|| vm.str(&doc(this(w).role)), |row| super::doc_of(vm, row.doc))
}
fn text_signature(vm: &Vm, w: &Value) -> Res {
    vm.str(this(w).row.map_or_else(|| signature(this(w).role), |row| row.signature))
}
fn reduce(vm: &Vm, w: &Value) -> Res {
    let this = this(w);
    reduce_with(vm, this.this.bound().unwrap_or(&this.owner), this.name)
}

fn repr(vm: &Vm, value: &Value) -> Res {
    let this = this(value);
    let name = this.name;
    match this.this.bound() {
        None => {
            vm.display(format_args!("<slot wrapper '{name}' of '{}' objects>", owner_name(vm, &this.owner)))
        }
        Some(of) => vm.display(format_args!(
            "<method-wrapper '{name}' of {} object at {:#x}>",
            vm.type_name(of),
            vm.id(of)
        )),
    }
}

fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    let this = this(value);
    let of = this.this.bound().unwrap_or(&this.owner);
    // (Of the text, not of where it lies.)
    let name = crate::types::str::hash_bytes(vm, this.name.as_bytes());
    Ok(vm.id_hash(of) ^ vm.id_hash(&this.owner) ^ name)
}

fn compare(_: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(y)) = (op, b.get::<SlotWrapper>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let x = this(a);
    let alike = x.this.bound().is_some() && x.this.is(&y.this) && x.owner.is(&y.owner) && x.name == y.name;
    Ok(Value::bool((a.is(b) || alike) == (op == CompareOp::Eq)))
}

fn get(vm: &Vm, value: &Value, owner: Option<&Value>, _: &Value) -> Res {
    let Some(instance) = owner else { return Ok(value.clone()) };
    let wrapper = this(value);
    check_instance(vm, &wrapper.owner, wrapper.name, instance)?;
    let SlotWrapper { name, role, row, .. } = *wrapper;
    let (owner, this) = (wrapper.owner.clone(), instance.clone());
    let make = |head| SlotWrapper { head, owner, this, name, role, row };
    Ok(vm.new_shaped(Layout::SlotWrapper.second(), size_of::<SlotWrapper>(), make)?.into_value())
}

fn call(vm: &Vm, value: &Value, args: Args<'_>) -> Res {
    let wrapper = this(value);
    if let Some(bound) = wrapper.this.bound() {
        return run(vm, wrapper, bound, args);
    }
    let kind = || owner_name(vm, &wrapper.owner);
    let Some((first, rest)) = args.pos.split_first() else {
        return Err(vm.type_error(format_args!(
            "descriptor '{}' of '{}' object needs an argument",
            wrapper.name,
            kind()
        )));
    };
    if !wrapper.owner.get::<TypeObj>().is_some_and(|ty| vm.is_instance(first, ty)) {
        return Err(vm.type_error(format_args!(
            "descriptor '{}' requires a '{}' object but received a '{}'",
            wrapper.name,
            kind(),
            vm.type_name(first)
        )));
    }
    run(vm, wrapper, first, Args { pos: rest, ..args })
}

/// `__new__` of a builtin type; bound to it.
static NEW: Method = method("__new__", "($type, *args, **kwargs)", Call::Full(call_new), NEW_DOC);

/// Whether it is the `__new__` of a builtin type.
pub fn is_native_new(value: &Value) -> bool {
    value.exact::<NativeFunction>().is_some_and(|function| std::ptr::eq(function.def, &NEW))
}

impl Vm {
    /// The `__new__` of a builtin type, for its dict. Runs no Python; `MemoryError`.
    pub fn native_new(&self, ty: Value) -> Res {
        self.new_native(&NEW, ty.clone(), ty)
    }
}

/// `X.__new__(Y, ...)`: only if `Y`'s instances are made the way `X` makes them. The first argument is `X`.
fn call_new(vm: &Vm, args: Args<'_>) -> Res {
    let Some((made_by, given)) = args.pos.split_first() else {
        return Err(vm.type_error("__new__(): not enough arguments"));
    };
    let name = owner_name(vm, made_by);
    let Some((class, rest)) = given.split_first() else {
        return Err(vm.type_error(format_args!("{name}.__new__(): not enough arguments")));
    };
    let Some(ty) = class.get::<TypeObj>() else {
        return Err(vm.type_error(format_args!(
            "{name}.__new__(X): X is not a type object ({})",
            vm.type_name(class)
        )));
    };
    let given = owner_name(vm, class);
    let owner = vm.expect_type(made_by)?;
    if !ty.is_subtype(owner) {
        return Err(
            vm.type_error(format_args!("{name}.__new__({given}): {given} is not a subtype of {name}"))
        );
    }
    if ty.has(TypeFlags::NO_NEW) && !ty.has(TypeFlags::HEAP) {
        return Err(vm.type_error(format_args!("cannot create '{}' instances", owner_name(vm, class))));
    }
    let Some(new) = owner.slots().new() else {
        return Err(vm.type_error(format_args!("cannot create '{name}' instances")));
    };
    // The nearest type that does not make instances in Python decides what they are made of.
    let mut nearest = ty;
    while has_python_new(nearest)
        && let Some(base) = nearest.base.get::<TypeObj>()
    {
        nearest = base;
    }
    if nearest.slots().new().is_none_or(|own| own != new) {
        let base = owner_name(vm, &nearest.to_value());
        return Err(vm.type_error(format_args!("{name}.__new__({given}) is not safe, use {base}.__new__()")));
    }
    new.call(vm, class, Args { pos: rest, ..args })
}

/// Fails unless there are `count` arguments.
fn exactly(vm: &Vm, args: Args<'_>, count: usize) -> Res<()> {
    let given = args.pos.len();
    if given == count {
        return Ok(());
    }
    let plural = if count == 1 { "" } else { "s" };
    Err(vm.type_error(format_args!("expected {count} argument{plural}, got {given}")))
}

/// The same, of a method that messages name.
fn between(vm: &Vm, wrapper: &SlotWrapper, args: Args<'_>, least: usize, most: usize) -> Res<()> {
    let given = args.pos.len();
    if (least..=most).contains(&given) {
        return Ok(());
    }
    let (bound, count) = if given < least { ("at least ", least) } else { ("at most ", most) };
    let bound = if least == most { "" } else { bound };
    let plural = if count == 1 { "" } else { "s" };
    Err(vm.type_error(format_args!("{} expected {bound}{count} argument{plural}, got {given}", wrapper.name)))
}

/// The slot is missing: its type was changed under the wrapper.
fn missing(vm: &Vm, wrapper: &SlotWrapper) -> Raised {
    vm.type_error(format_args!("'{}' objects have no {}", owner_name(vm, &wrapper.owner), wrapper.name))
}

/// Runs the slot on `this`, which is an instance of the owner.
fn run(vm: &Vm, wrapper: &SlotWrapper, this: &Value, args: Args<'_>) -> Res {
    let (slots, role) = (wrapper.slots(), wrapper.role);
    let none = |()| Value::NONE;
    match role {
        Role::Call => {
            let call = slots.call().ok_or_else(|| missing(vm, wrapper))?;
            return call.call(vm, this, args);
        }
        Role::Init => {
            let init = slots.init().ok_or_else(|| missing(vm, wrapper))?;
            return init.call(vm, this, args).map(none);
        }
        _ if !args.names.is_empty() => {
            return Err(vm.type_error(format_args!("wrapper {}() takes no keyword arguments", wrapper.name)));
        }
        _ => {}
    }
    if let Some(unary) = unary_slot(slots, role) {
        exactly(vm, args, 0)?;
        return unary.call(vm, this);
    }
    match role {
        Role::Hash | Role::Bool | Role::Len | Role::Next | Role::Del => {
            exactly(vm, args, 0)?;
            run_query(vm, wrapper, this)
        }
        Role::Set | Role::SetItem | Role::SetAttr => {
            between(vm, wrapper, args, 2, 2)?;
            run_set(vm, wrapper, this, &args.pos[0], Some(&args.pos[1])).map(none)
        }
        Role::Delete | Role::DelItem | Role::DelAttr => {
            exactly(vm, args, 1)?;
            run_set(vm, wrapper, this, &args.pos[0], None).map(none)
        }
        Role::Get => {
            between(vm, wrapper, args, 1, 2)?;
            let owner = Some(&args.pos[0]).filter(|v| !v.is_none());
            let class = args.pos.get(1).filter(|v| !v.is_none());
            if owner.is_none() && class.is_none() {
                return Err(vm.type_error("__get__(None, None) is invalid"));
            }
            let get = slots.get().ok_or_else(|| missing(vm, wrapper))?;
            get.call(vm, this, owner, class.unwrap_or(&Value::NONE))
        }
        Role::Number(BinaryOp::Power) | Role::Reflected(BinaryOp::Power) => {
            let given = args.pos.len();
            if !(1..=2).contains(&given) {
                return Err(vm.type_error(format_args!("expected 1 or 2 arguments, got {given}")));
            }
            run_power(vm, wrapper, this, args.pos)
        }
        _ => {
            exactly(vm, args, 1)?;
            run_binary(vm, wrapper, this, &args.pos[0])
        }
    }
}

fn unary_slot(slots: &Live, role: Role) -> Option<Guarded<Unary>> {
    match role {
        Role::Repr => slots.repr(),
        Role::Str => slots.str(),
        Role::Iter => slots.iter(),
        Role::Neg => slots.neg(),
        Role::Pos => slots.pos(),
        Role::Abs => slots.abs(),
        Role::Invert => slots.invert(),
        Role::Int => slots.int(),
        Role::Float => slots.float(),
        Role::Index => slots.index(),
        Role::Aiter => slots.aiter(),
        Role::Anext => slots.anext(),
        Role::Await => slots.await_(),
        _ => None,
    }
}

fn run_query(vm: &Vm, wrapper: &SlotWrapper, this: &Value) -> Res {
    let slots = wrapper.slots();
    match wrapper.role {
        Role::Hash => match slots.hash() {
            Some(hash) => vm.int(hash.call(vm, this)?),
            None => Err(missing(vm, wrapper)),
        },
        Role::Bool => match slots.bool() {
            Some(truth) => truth.call(vm, this).map(Value::bool),
            None => Err(missing(vm, wrapper)),
        },
        Role::Len => match slots.len() {
            Some(len) => vm.int(len.call(vm, this)? as i64),
            None => Err(missing(vm, wrapper)),
        },
        Role::Next => match slots.next() {
            Some(next) => match next.call(vm, this)? {
                Some(item) => Ok(item),
                None => Err(vm.stop_iteration(Value::NONE)),
            },
            None => Err(missing(vm, wrapper)),
        },
        _ => {
            if let Some(del) = slots.del() {
                del.call(vm, this);
            }
            Ok(Value::NONE)
        }
    }
}

fn run_set(vm: &Vm, wrapper: &SlotWrapper, this: &Value, key: &Value, value: Option<&Value>) -> Res<()> {
    let slots = wrapper.slots();
    match wrapper.role {
        Role::Set | Role::Delete => {
            slots.set().ok_or_else(|| missing(vm, wrapper))?.call(vm, this, key, value)
        }
        Role::SetItem | Role::DelItem => {
            slots.setitem().ok_or_else(|| missing(vm, wrapper))?.call(vm, this, key, value)
        }
        _ => {
            // `object.__setattr__` must not reach past a metaclass.
            if this.has::<TypeObj>() && !std::ptr::eq(vm.expect_type(&wrapper.owner)?, &*vm.types.r#type) {
                return Err(vm.type_error(format_args!("can't apply this {} to type object", wrapper.name)));
            }
            slots.setattr().ok_or_else(|| missing(vm, wrapper))?.call(vm, this, key, value)
        }
    }
}

fn run_power(vm: &Vm, wrapper: &SlotWrapper, this: &Value, args: &[Value]) -> Res {
    let slots = wrapper.slots();
    let reflected = matches!(wrapper.role, Role::Reflected(_));
    let (left, right) = if reflected { (&args[0], this) } else { (this, &args[0]) };
    match (args.get(1).filter(|v| !v.is_none()), slots.pow3()) {
        (Some(modulus), Some(pow3)) => pow3.call(vm, left, right, modulus),
        (Some(_), None) => Ok(Value::NOT_IMPLEMENTED),
        (None, _) => {
            slots.number(BinaryOp::Power as usize).ok_or_else(|| missing(vm, wrapper))?.call(vm, left, right)
        }
    }
}

fn run_binary(vm: &Vm, wrapper: &SlotWrapper, this: &Value, other: &Value) -> Res {
    let slots = wrapper.slots();
    let lost = || missing(vm, wrapper);
    match wrapper.role {
        Role::Row => match wrapper.row.map(|row| row.call) {
            Some(Call::Two(function)) => function(vm, this, other),
            Some(Call::Slice(function)) => function(vm, &[this.clone(), other.clone()]),
            _ => Err(lost()),
        },
        Role::Contains => slots.contains().ok_or_else(lost)?.call(vm, this, other).map(Value::bool),
        Role::Compare(op) => slots.compare().ok_or_else(lost)?.call(vm, this, other, op),
        Role::GetItem => slots.getitem().ok_or_else(lost)?.call(vm, this, other),
        Role::GetAttribute => slots.getattr().ok_or_else(lost)?.call(vm, this, other),
        Role::Number(op) => slots
            .number(op as usize)
            .ok_or_else(lost)?
            .call(vm, this, other)
            .and_then(|made| repeated(vm, slots, op, other, made)),
        Role::Reflected(op) => slots
            .number(op as usize)
            .ok_or_else(lost)?
            .call(vm, other, this)
            .and_then(|made| repeated(vm, slots, op, other, made)),
        Role::InPlace(op) => slots
            .in_place(op as usize)
            .ok_or_else(lost)?
            .call(vm, this, other)
            .and_then(|made| repeated(vm, slots, op, other, made)),
        _ => Err(lost()),
    }
}

/// What a method of a sequence that repeats it gives: a count that is none is refused there, not left to the other operand.
fn repeated(vm: &Vm, slots: &Live, op: BinaryOp, count: &Value, made: Value) -> Res {
    if op == BinaryOp::Multiply && made.word() == Value::NOT_IMPLEMENTED.word() && slots.getitem().is_some() {
        let kind = vm.type_name(count);
        return Err(vm.type_error(format_args!("'{kind}' object cannot be interpreted as an integer")));
    }
    Ok(made)
}
