//! `mappingproxy`: a view of a mapping through which nothing changes it.
//!
//! The dict of a class is never given to anybody: caches would not hear of a change. Where a method of somebody else is to get
//! the mapping itself (`==`, `|`), it gets a copy.

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `mappingproxy`.
#[repr(C)]
pub struct MappingProxy {
    head: Header,
    /// What is seen.
    mapping: Value,
}

object! {
    MappingProxy {
        tracked: true,
        values: [mapping],
    }
}

impl Vm {
    /// A proxy of a mapping. Runs no Python; `MemoryError`.
    pub fn new_mapping_proxy(&self, mapping: Value) -> Res {
        Ok(self.new_object(|head| MappingProxy { head, mapping })?.into_value())
    }
}

/// `mappingproxy`
pub static TYPE: TypeDef = TypeDef {
    name: "mappingproxy",
    layout: Layout::MappingProxy,
    flags: TypeFlags::MAPPING,
    doc: "A mapping that others change, to be read only.",
    slots: Slots {
        new: Some(new),
        repr: Some(|vm, this| vm.written(this, write)),
        str: Some(|vm, this| vm.to_str(mapping(this))),
        hash: Some(|vm, this| vm.hash(mapping(this))),
        len: Some(|vm, this| vm.length(mapping(this))),
        iter: Some(|vm, this| vm.iter(mapping(this))),
        getitem: Some(|vm, this, key| vm.get_item(mapping(this), key)),
        contains: Some(|vm, this, key| vm.contains(mapping(this), key)),
        compare: Some(|vm, a, b, op: CompareOp| vm.compare(&lent(vm, a, b)?, b, op)),
        number: numbers(&[(BinaryOp::Or, or)]),
        in_place: numbers(&[(BinaryOp::Or, or_in_place)]),
        ..Slots::NONE
    },
    methods: METHODS,
    write: Some(write),
    ..TypeDef::EMPTY
};

/// The mapping behind a proxy; other values are themselves.
fn mapping(value: &Value) -> &Value {
    value.get::<MappingProxy>().map_or(value, |proxy| &proxy.mapping)
}

/// The same for methods of `other`: instead of a class's dict a copy, unless `other` is a dict too, whose methods keep nothing.
fn lent(vm: &Vm, value: &Value, other: &Value) -> Res {
    let inner = mapping(value);
    match inner.get::<Dict>().filter(|_| vm.is_class_dict(inner.word())) {
        Some(dict) if other.exact::<Dict>().is_none() => Ok(dict.copy(vm)?.into_value()),
        _ => Ok(inner.clone()),
    }
}

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    let given = match (args.pos, args.named) {
        ([one], []) => one,
        ([], [one]) if vm.text(&args.names[0]) == "mapping" => one,
        ([], _) => return Err(vm.type_error("mappingproxy() missing required argument 'mapping' (pos 1)")),
        _ => {
            let count = args.len();
            return Err(
                vm.type_error(format_args!("mappingproxy() takes at most 1 argument ({count} given)"))
            );
        }
    };
    if vm.slots(given).getitem().is_none() || given.has::<List>() || given.has::<Tuple>() {
        let kind = vm.type_name(given);
        return Err(vm.type_error(format_args!("mappingproxy() argument must be a mapping, not {kind}")));
    }
    vm.new_mapping_proxy(given.take())
}

fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    vm.work(1)?;
    text.push_str("mappingproxy(")?;
    vm.push_repr(mapping(this), text)?;
    text.push_str(")")
}

fn or(vm: &Vm, a: &Value, b: &Value) -> Res {
    vm.binary_op(&lent(vm, a, b)?, &lent(vm, b, a)?, BinaryOp::Or)
}

fn or_in_place(vm: &Vm, this: &Value, _: &Value) -> Res {
    let kind = vm.type_name(this);
    Err(vm.type_error(format_args!("'|=' is not supported by {kind}; use '|' instead")))
}

static METHODS: &[Method] = &[
    crate::types::generic_alias::CLASS_GETITEM,
    method(
        "get",
        "($self, key, default=None, /)",
        Call::Full(get),
        "What the mapping has for key; the default if it has nothing.",
    ),
    method(
        "keys",
        "($self, /)",
        Call::One(|vm, this| forward(vm, this, "keys", &[])),
        "A set-like object of the keys.",
    ),
    method(
        "values",
        "($self, /)",
        Call::One(|vm, this| forward(vm, this, "values", &[])),
        "An object of the values.",
    ),
    method(
        "items",
        "($self, /)",
        Call::One(|vm, this| forward(vm, this, "items", &[])),
        "A set-like object of the items.",
    ),
    method(
        "copy",
        "($self, /)",
        Call::One(|vm, this| forward(vm, this, "copy", &[])),
        "What the mapping's own copy() gives.",
    ),
    method(
        "__reversed__",
        "($self, /)",
        Call::One(|vm, this| forward(vm, this, "__reversed__", &[])),
        "Iterate backwards.",
    ),
];

fn forward(vm: &Vm, this: &Value, name: &str, args: &[Value]) -> Res {
    vm.call_method(mapping(this), &vm.intern(name)?, args)
}

fn get(vm: &Vm, args: Args<'_>) -> Res {
    match args.pos {
        [this, key] if args.names.is_empty() => forward(vm, this, "get", &[key.clone(), Value::NONE]),
        [this, key, default] if args.names.is_empty() => {
            forward(vm, this, "get", &[key.clone(), default.clone()])
        }
        [_] => Err(vm.type_error("get expected at least 1 argument, got 0")),
        _ if !args.names.is_empty() => Err(vm.type_error("mappingproxy.get() takes no keyword arguments")),
        more => {
            let given = more.len() - 1;
            Err(vm.type_error(format_args!("get expected at most 2 arguments, got {given}")))
        }
    }
}
