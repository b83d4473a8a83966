//! `typing.Union`: any of several types, as `int | str`.
//!
//! Unions never nest and never hold a type twice; two are equal whatever their order. `isinstance` and `issubclass` take
//! one as they take a tuple of its types (`object/protocol.rs`).

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use super::generic_alias::{self, GenericAlias};
use crate::object::native::{Call, GetSet, Method, class_method, getter, member, method};
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::set::Set;
use crate::types::str::build::StrBuilder;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `typing.Union`.
#[repr(C)]
pub struct Union {
    head: Header,
    /// The types, a tuple.
    args: Value,
    /// Those that have a hash, a frozenset.
    hashable: Value,
    /// The others, a tuple.
    unhashable: Value,
    /// The type variables among them, a tuple, once somebody asked.
    parameters: Value,
}

object! {
    Union {
        tracked: true,
        values: [args, hashable, unhashable, parameters],
    }
}

impl Union {
    /// The types, a tuple.
    pub fn args(&self) -> &Value {
        &self.args
    }
}

/// `typing.Union`
pub static TYPE: TypeDef = TypeDef {
    name: "typing.Union",
    layout: Layout::Union,
    flags: TypeFlags::NO_NEW.union(TypeFlags::HAS_WEAKREF).union(TypeFlags::KEYED),
    doc: "Several types of which one is meant, as int | str makes them.",
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        getitem: Some(getitem),
        getattr: Some(getattr),
        number: numbers(&[(BinaryOp::Or, of_checked)]),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

/// Its module is that of its class, which instances do not show otherwise.
fn getattr(vm: &Vm, value: &Value, name: &Value) -> Res {
    if name.word() == vm.names.__module__.word() {
        return vm.get_attr(&vm.types.union_type.to_value(), name);
    }
    vm.generic_get_attr(value, name)
}

fn this(value: &Value) -> &Union {
    value.get().expect("a method of Union is called with a union")
}

/// The items of a value that is a tuple.
fn items(tuple: &Value) -> &[Value] {
    tuple.get::<Tuple>().map_or(&[], Tuple::items)
}

// ---- making one ----------------------------------------------------------------------------------------------------

/// The types of a union that is being made.
struct Builder<'v> {
    vm: &'v Vm,
    args: Vec<Value>,
    hashable: Ref<Set>,
    unhashable: Vec<Value>,
}

impl<'v> Builder<'v> {
    fn new(vm: &'v Vm) -> Res<Builder<'v>> {
        Ok(Builder { vm, args: Vec::new(), hashable: vm.new_set()?, unhashable: Vec::new() })
    }

    /// Adds a type, or the types of a union, unless they are there.
    fn add(&mut self, value: &Value) -> Res<()> {
        let vm = self.vm;
        if value.is_none() {
            return self.add_one(vm.types.none.to_value());
        }
        match value.get::<Union>() {
            Some(union) => items(&union.args).iter().try_for_each(|one| self.add_one(one.clone())),
            None => self.add_one(value.clone()),
        }
    }

    /// The same, of a value that may be no type at all.
    fn add_checked(&mut self, value: &Value) -> Res<()> {
        let value = if unionable(self.vm, value) { value.clone() } else { check(self.vm, value)? };
        self.add(&value)
    }

    fn add_one(&mut self, value: Value) -> Res<()> {
        let vm = self.vm;
        match vm.hash(&value) {
            Ok(_) => {
                if self.hashable.contains(vm, &value)? {
                    return Ok(());
                }
                self.hashable.add(vm, value.clone())?;
            }
            Err(raised) => {
                drop(vm.take_raised(raised));
                if contains(vm, &self.unhashable, &value)? {
                    return Ok(());
                }
                self.unhashable.push(value.clone());
            }
        }
        self.args.push(value);
        Ok(())
    }

    /// The union; of a single type, the type.
    fn finish(mut self) -> Res {
        let vm = self.vm;
        if self.args.is_empty() {
            return Err(vm.type_error("Cannot take a Union of no types."));
        }
        if self.args.len() == 1 {
            return Ok(self.args.swap_remove(0));
        }
        let hashable: Vec<Value> =
            self.args.iter().filter(|one| !is_among(&self.unhashable, one)).cloned().collect();
        let hashable = vm.frozenset(&hashable)?;
        let (args, unhashable) = (vm.new_tuple(self.args)?, vm.new_tuple(self.unhashable)?);
        let made =
            vm.new_object(|head| Union { head, args, hashable, unhashable, parameters: Value::UNBOUND })?;
        Ok(made.into_value())
    }
}

fn is_among(list: &[Value], value: &Value) -> bool {
    list.iter().any(|one| one.is(value))
}

fn contains(vm: &Vm, list: &[Value], value: &Value) -> Res<bool> {
    for one in list {
        if vm.equal(one, value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether `|` makes a union of it.
fn unionable(vm: &Vm, value: &Value) -> bool {
    value.is_none()
        || value.has::<TypeObj>()
        || value.has::<GenericAlias>()
        || value.has::<Union>()
        || vm.type_of(value).has(TypeFlags::UNIONABLE)
}

/// What `typing` makes of an argument that is no type: a str becomes a forward reference.
fn check(vm: &Vm, value: &Value) -> Res {
    let typing = match vm.import_name("typing") {
        Ok(typing) => typing,
        Err(raised) if vm.raised_is(&raised, &vm.exc.ImportError) => {
            drop(vm.take_raised(raised));
            return Ok(value.clone());
        }
        Err(raised) => return Err(raised),
    };
    let message = vm.str("Union[arg, ...]: each arg must be a type.")?;
    vm.call_method(&typing, &vm.intern("_type_check")?, &[value.clone(), message])
}

/// `left | right` of classes and aliases.
pub fn of_types(vm: &Vm, left: &Value, right: &Value) -> Res {
    if !unionable(vm, left) || !unionable(vm, right) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let mut builder = Builder::new(vm)?;
    builder.add(left)?;
    builder.add(right)?;
    builder.finish()
}

/// `left | right` where one is a union or a type variable: whatever `typing` lets pass is taken.
pub fn of_checked(vm: &Vm, left: &Value, right: &Value) -> Res {
    let mut builder = Builder::new(vm)?;
    builder.add_checked(left)?;
    builder.add_checked(right)?;
    builder.finish()
}

/// The union of a tuple's types, or of one.
fn of_subscript(vm: &Vm, given: &Value) -> Res {
    let mut builder = Builder::new(vm)?;
    match given.exact::<Tuple>() {
        Some(tuple) => tuple.items().iter().try_for_each(|one| builder.add_checked(one))?,
        None => builder.add_checked(given)?,
    }
    builder.finish()
}

// ---- as a value ----------------------------------------------------------------------------------------------------

fn repr(vm: &Vm, value: &Value) -> Res {
    let mut text = StrBuilder::new(vm);
    for (at, one) in items(&this(value).args).iter().enumerate() {
        if at > 0 {
            text.push_str(" | ")?;
        }
        generic_alias::push_type(vm, &mut text, one)?;
    }
    text.finish()
}

fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    vm.check_stack()?;
    let union = this(value);
    let unhashable = items(&union.unhashable);
    for one in unhashable {
        vm.hash(one)?;
    }
    if !unhashable.is_empty() {
        return Err(vm.type_error(format_args!("union contains {} unhashable elements", unhashable.len())));
    }
    vm.hash(&union.hashable)
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(y)) = (op, b.get::<Union>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::bool(equal(vm, this(a), y)? == (op == CompareOp::Eq)))
}

fn equal(vm: &Vm, a: &Union, b: &Union) -> Res<bool> {
    if !vm.equal(&a.hashable, &b.hashable)? {
        return Ok(false);
    }
    let (x, y) = (items(&a.unhashable), items(&b.unhashable));
    if x.len() != y.len() {
        return Ok(false);
    }
    for (some, others) in [(x, y), (y, x)] {
        for one in some {
            if !contains(vm, others, one)? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn getitem(vm: &Vm, value: &Value, item: &Value) -> Res {
    let args = generic_alias::substitute(vm, value, &this(value).args, &parameters_of(vm, value)?, item)?;
    of_subscript(vm, &vm.new_tuple(args)?)
}

fn parameters_of(vm: &Vm, value: &Value) -> Res {
    let union = this(value);
    if union.parameters.is_unbound() {
        let found = generic_alias::parameters(vm, items(&union.args))?;
        union.parameters.set(found);
    }
    Ok(union.parameters.clone())
}

static GETSET: &[GetSet] = &[
    member("__args__", |_, value| Ok(this(value).args.clone()), ""),
    getter("__name__", |vm, _| vm.intern("Union"), "always 'Union'"),
    getter("__qualname__", |vm, _| vm.intern("Union"), "always 'Union', too"),
    getter("__origin__", |vm, _| Ok(vm.types.union_type.to_value()), "the class of unions itself"),
    getter("__parameters__", parameters_of, "a tuple of the type variables that its members leave open"),
];

static METHODS: &[Method] = &[
    method("__mro_entries__", "($self, bases, /)", Call::Two(mro_entries), ""),
    class_method(
        "__class_getitem__",
        "($type, object, /)",
        Call::Two(|vm, _, given| of_subscript(vm, given)),
        "The union of these types, which may be given as a tuple.",
    ),
];

fn mro_entries(vm: &Vm, value: &Value, _: &Value) -> Res {
    Err(vm.type_error(format_args!("Cannot subclass {}", vm.text(&vm.repr(value)?))))
}
