//! Filling builtin types from their descriptions: the MRO, the slots, and a dict whose entries come in CPython's order.

use crate::object::Layout;
use crate::object::native::{Binding, Method};
use crate::object::slots::{DUNDERS, Role, Slots};
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::descriptors::is_field;
use crate::types::function::StaticMethod;
use crate::value::Value;
use crate::vm::Vm;
use ryokan_bytecode::BinaryOp;

use super::inherit;

/// Fills a builtin type: base, MRO, slots, namespace.
pub fn complete(vm: &Vm, ty: &TypeObj, def: &'static TypeDef, base: &TypeObj) -> Res<()> {
    let root = std::ptr::eq(ty, base);
    let mut mro = vec![ty.to_value()];
    if !root {
        ty.base.set(base.to_value());
        mro.extend(base.mro_items().iter().cloned());
    }
    ty.mro.set(vm.new_tuple(mro)?);
    ty.bases.set(if root { vm.empty_tuple.clone() } else { vm.new_tuple(vec![base.to_value()])? });
    ty.list_in_bases(vm)?;
    let inherited = if root { Slots::NONE } else { *base.slots().table() };
    let mut slots = inherit::merge(&def.slots, &inherited);
    let unhashable = def.slots.hash.is_none() && def.slots.compare.is_some() && !root;
    if unhashable {
        slots.hash = None;
    }
    ty.set_slots(slots);
    let keep = TypeFlags::HAS_DICT | TypeFlags::HAS_WEAKREF | TypeFlags::EXCEPTION;
    ty.add_flags(def.flags | base.flags.get() & keep);
    // A builtin type with a payload of its own does not inherit the `__new__` of `object`.
    if def.layout != Layout::Instance && def.slots.new.is_none() && std::ptr::eq(base, &*vm.types.object) {
        ty.add_flags(TypeFlags::NO_NEW);
    }
    special_methods(vm, ty, def, unhashable)?;
    methods(vm, ty, def)?;
    let (fields, computed): (Vec<_>, Vec<_>) = def.getset.iter().partition(|row| is_field(def, row));
    for row in fields.into_iter().chain(computed) {
        ty.set_own(vm, &vm.intern(row.name)?, vm.new_getset(row, ty.to_value())?)?;
    }
    let doc = if def.doc.is_empty() { Value::NONE } else { vm.str(def.doc)? };
    if ty.dict().get_name(&vm.names.__doc__).is_none() {
        ty.set_own(vm, &vm.names.__doc__, doc)?;
    }
    if let Some((module, _)) = def.name.rsplit_once('.')
        && !is_static(def.name)
        && ty.dict().get_name(&vm.names.__module__).is_none()
    {
        ty.set_own(vm, &vm.names.__module__, vm.intern(module)?)?;
    }
    vm.mark_class_dict(ty)
}

/// Whether a type is one of CPython's static ones beyond `builtins`: its name says the module, its dict does not.
fn is_static(name: &str) -> bool {
    name.starts_with("sys.")
        || name.starts_with("datetime.") && name != "datetime.IsoCalendarDate"
        || matches!(name, "types.GenericAlias" | "types.SimpleNamespace" | "typing.Union")
}

/// Slots that CPython looks for behind all others in types that are joined by `+`, and has no reflected `+` of.
const OF_SEQUENCES: [Role; 6] = [
    Role::Number(BinaryOp::Add),
    Role::Number(BinaryOp::Multiply),
    Role::Reflected(BinaryOp::Multiply),
    Role::Contains,
    Role::InPlace(BinaryOp::Add),
    Role::InPlace(BinaryOp::Multiply),
];

/// Wrappers of the slots that the description fills.
fn special_methods(vm: &Vm, ty: &TypeObj, def: &'static TypeDef, unhashable: bool) -> Res<()> {
    use Layout::{ByteArray, Bytes, List, Str, Tuple};
    let joined = matches!(def.layout, List | Tuple | Str | Bytes | ByteArray);
    for ((name, role), key) in DUNDERS.iter().zip(&vm.dunders) {
        let value = match role {
            Role::New if def.slots.new.is_some() => vm.native_new(ty.to_value())?,
            Role::Hash if unhashable => Value::NONE,
            Role::New | Role::Del => continue,
            Role::Reflected(BinaryOp::Add) if joined => continue,
            role if !def.slots.has(*role) || joined && OF_SEQUENCES.contains(role) => continue,
            role => vm.new_wrapper(ty.to_value(), *role, name)?,
        };
        ty.set_own(vm, key, value)?;
        if *role == Role::Reflected(BinaryOp::Remainder) {
            rows_of_slots(vm, ty, def, "__divmod__", "__rdivmod__")?;
        }
    }
    for role in OF_SEQUENCES.into_iter().filter(|role| joined && def.slots.has(*role)) {
        if let Some((name, _)) = DUNDERS.iter().find(|row| row.1 == role) {
            ty.set_own(vm, &vm.intern(name)?, vm.new_wrapper(ty.to_value(), role, name)?)?;
        }
    }
    rows_of_slots(vm, ty, def, "__buffer__", "__release_buffer__")
}

/// Wrappers of rows that are slots in CPython.
fn rows_of_slots(vm: &Vm, ty: &TypeObj, def: &'static TypeDef, one: &str, other: &str) -> Res<()> {
    for row in def.methods.iter().filter(|row| row.name == one || row.name == other) {
        ty.set_own(vm, &vm.intern(row.name)?, vm.new_row_wrapper(ty.to_value(), row)?)?;
    }
    Ok(())
}

/// Whether a row is a slot in CPython.
fn is_slot(row: &Method) -> bool {
    matches!(row.name, "__divmod__" | "__rdivmod__" | "__buffer__" | "__release_buffer__")
}

fn methods(vm: &Vm, ty: &TypeObj, def: &'static TypeDef) -> Res<()> {
    for row in def.methods.iter().filter(|row| !is_slot(row)) {
        let value = match row.binding {
            Binding::Instance => vm.new_native(row, Value::UNBOUND, ty.to_value())?,
            Binding::Class => vm.new_class_method(row, ty.to_value())?,
            Binding::Static => {
                let function = vm.new_native(row, Value::UNBOUND, ty.to_value())?;
                vm.new_object(|head| StaticMethod::new(head, function))?.into_value()
            }
        };
        ty.set_own(vm, &vm.intern(row.name)?, value)?;
    }
    Ok(())
}
