//! `wrapper_descriptor`, `method-wrapper`, and the `__new__` of builtin types: a slot as a callable.

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use super::wrapper_docs::{doc, signature};
use super::{check_instance, owner_name, qualified, reduce_with};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::object::payload::object;
use crate::object::slots::{Guarded, Live, Role, Slots, Unary};
use crate::object::ty::{TypeDef, TypeObj, type_flag};
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
    /// The instance that it is bound to, or nothing. A `__new__` is bound to its type.
    pub this: Value,
    /// Its name.
    pub name: &'static str,
    /// Which slot, in which role.
    pub role: Role,
}

object! {
    SlotWrapper {
        tracked: true,
        values: [owner, this],
        plain: [name, role],
    }
}

impl SlotWrapper {
    /// A payload.
    pub fn new(head: Header, owner: Value, role: Role, this: Value, name: &'static str) -> SlotWrapper {
        SlotWrapper { head, owner, this, name, role }
    }
    fn slots(&self) -> &Live {
        self.owner.get::<TypeObj>().expect("a slot wrapper's owner is a type").slots()
    }
}

/// `wrapper_descriptor`
pub static WRAPPER_TYPE: TypeDef = TypeDef {
    name: "wrapper_descriptor",
    layout: Layout::SlotWrapper,
    flags: type_flag::NO_NEW,
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

fn this(value: &Value) -> &SlotWrapper {
    value.get().expect("a method of wrapper_descriptor is called with one")
}

static METHODS: &[Method] = &[method("__reduce__", "($self, /)", Call::One(reduce), "")];
static GETSET: &[GetSet] = &[
    getter("__name__", |vm, w| vm.intern(this(w).name), ""),
    getter("__qualname__", |vm, w| qualified(vm, &this(w).owner, this(w).name), ""),
    getter("__objclass__", |_, w| Ok(this(w).owner.clone()), ""),
    getter("__doc__", |vm, w| vm.str(&doc(this(w).role)), ""),
    getter("__text_signature__", |vm, w| vm.str(signature(this(w).role)), ""),
    getter("__self__", self_of, ""),
    getter("__module__", module, ""),
];

fn self_of(vm: &Vm, w: &Value) -> Res {
    match this(w).this.bound() {
        Some(this) => Ok(this.clone()),
        None => Err(vm.no_attribute(w, &vm.names.__self__)),
    }
}
fn module(vm: &Vm, w: &Value) -> Res {
    if this(w).role == Role::New { Ok(Value::NONE) } else { Err(vm.no_attribute(w, &vm.names.__module__)) }
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
        Some(of) if this.role == Role::New => {
            vm.display(format_args!("<built-in method {name} of type object at {:#x}>", vm.id(of)))
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
    match this.this.bound() {
        Some(of) if this.role != Role::New => {
            Ok(vm.id_hash(of) ^ vm.id_hash(&this.owner) ^ this.name.as_ptr() as i64)
        }
        _ => Ok(vm.id_hash(value)),
    }
}

fn compare(_: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(y)) = (op, b.get::<SlotWrapper>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let x = this(a);
    let alike = x.this.bound().is_some() && x.this.is(&y.this) && x.owner.is(&y.owner) && x.role == y.role;
    Ok(Value::bool((a.is(b) || alike) == (op == CompareOp::Eq)))
}

fn get(vm: &Vm, value: &Value, owner: Option<&Value>, _: &Value) -> Res {
    let this = this(value);
    let Some(instance) = owner.filter(|_| this.this.is_unbound()) else { return Ok(value.clone()) };
    check_instance(vm, &this.owner, this.name, instance)?;
    let (of, role, name) = (this.owner.clone(), this.role, this.name);
    Ok(vm.new_object(|head| SlotWrapper::new(head, of, role, instance.clone(), name))?.into_value())
}

fn call(vm: &Vm, value: &Value, args: Args<'_>) -> Res {
    let wrapper = this(value);
    if wrapper.role == Role::New {
        return call_new(vm, wrapper, args);
    }
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

/// `X.__new__(Y, ...)`: only if `Y`'s instances are made the way `X` makes them.
fn call_new(vm: &Vm, wrapper: &SlotWrapper, args: Args<'_>) -> Res {
    let name = owner_name(vm, &wrapper.owner);
    let Some((class, rest)) = args.pos.split_first() else {
        return Err(vm.type_error(format_args!("{name}.__new__(): not enough arguments")));
    };
    let Some(ty) = class.get::<TypeObj>() else {
        return Err(vm.type_error(format_args!(
            "{name}.__new__(X): X is not a type object ({})",
            vm.type_name(class)
        )));
    };
    let given = vm.text(&ty.name);
    let owner = vm.expect_type(&wrapper.owner)?;
    if !ty.is_subtype(owner) {
        return Err(
            vm.type_error(format_args!("{name}.__new__({given}): {given} is not a subtype of {name}"))
        );
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
        let base = vm.text(&nearest.name);
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
            between(vm, wrapper, args, 1, 2)?;
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
        Role::Contains => slots.contains().ok_or_else(lost)?.call(vm, this, other).map(Value::bool),
        Role::Compare(op) => slots.compare().ok_or_else(lost)?.call(vm, this, other, op),
        Role::GetItem => slots.getitem().ok_or_else(lost)?.call(vm, this, other),
        Role::GetAttribute => slots.getattr().ok_or_else(lost)?.call(vm, this, other),
        Role::Number(op) => slots.number(op as usize).ok_or_else(lost)?.call(vm, this, other),
        Role::Reflected(op) => slots.number(op as usize).ok_or_else(lost)?.call(vm, other, this),
        Role::InPlace(op) => slots.in_place(op as usize).ok_or_else(lost)?.call(vm, this, other),
        _ => Err(lost()),
    }
}
