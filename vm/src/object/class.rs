//! Making types: builtin ones from their descriptions, and classes written in Python.
//!
//! A type is made in steps: bases and their *best* one (whose payload instances share), the MRO, the namespace, room for
//! `__slots__`, and last the slots: inherited along the MRO, then overridden by what the namespace defines (`trampoline.rs`).
//! Setting a special method on a class later runs the last step again for that method, there and in all subclasses.

use ryokan_alloc::Header;

use super::call::Args;
use super::native::{Binding, GetSet, Method, NativeFunction, attribute};
use super::slots::{DUNDERS, Role, Slots};
use super::ty::{TypeDef, TypeObj, type_flag};
use super::{Layout, Ref};
use crate::object::attr::EXT_AT_END;
use crate::raised::Res;
use crate::types::cell::CellObj;
use crate::types::descriptors::{GetSetObj, Member, SlotWrapper};
use crate::types::dict::Dict;
use crate::types::function::{ClassMethod, Function, StaticMethod};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

use super::trampoline;

/// Layouts whose payload varies in size: their instances keep one word behind it.
fn varies(layout: Layout) -> bool {
    matches!(layout, Layout::Str | Layout::Bytes | Layout::Tuple)
}

// ---- builtin types -------------------------------------------------------------------------------------------------

/// Makes the bare object of a builtin type: no base, no namespace yet.
pub fn allocate(
    vm: &Vm,
    name: &str,
    layout: Layout,
    flags: u32,
    def: Option<&'static TypeDef>,
) -> Res<Ref<TypeObj>> {
    let short = name.rsplit('.').next().unwrap_or(name);
    let text = vm.intern(short)?;
    let made = vm.new_object(|head| {
        let mut ty = TypeObj::new(head, text, layout, flags);
        ty.def = def;
        ty
    })?;
    made.dict.set(vm.new_dict()?.into_value());
    Ok(made)
}

/// Makes a builtin type that shares its layout with another: its instances get a root shape of their own.
pub fn new_builtin(vm: &Vm, def: &'static TypeDef, base: &TypeObj) -> Res<Ref<TypeObj>> {
    let made = allocate(vm, def.name, def.layout, def.flags, Some(def))?;
    complete(vm, &made, def, base)?;
    own_shape(vm, &made, base)?;
    vm.make_immortal(made.value());
    Ok(made)
}

/// Gives a type root shapes of its own.
pub fn own_shape(vm: &Vm, ty: &TypeObj, _base: &TypeObj) -> Res<()> {
    let payload = payload_words(ty.layout);
    let dict = ty.has(type_flag::HAS_DICT);
    let (ext, first) = match (varies(ty.layout), dict) {
        (true, true) => (EXT_AT_END, 1),
        (true, false) => (0, 0),
        (false, true) => (payload + ty.slot_words.get(), payload + ty.slot_words.get()),
        (false, false) if ty.slot_words.get() > 0 => (0, payload + ty.slot_words.get()),
        (false, false) => (0, 0),
    };
    // The first slot is where a dict would go.
    let capacity = if dict && !varies(ty.layout) { ty.capacity.get().max(1) } else { 0 };
    let root = vm.shapes.root(vm, ty, varies(ty.layout), ext, first, capacity)?;
    ty.set_root(root.id);
    Ok(())
}

fn payload_words(layout: Layout) -> u16 {
    let bytes = super::layout::LAYOUTS[layout as usize - 1].payload_bytes;
    bytes.div_ceil(8) as u16
}

/// Fills a builtin type: base, MRO, slots, namespace.
pub fn complete(vm: &Vm, ty: &TypeObj, def: &'static TypeDef, base: &TypeObj) -> Res<()> {
    let root = std::ptr::eq(ty, base);
    let mut mro = vec![ty.to_value()];
    if !root {
        ty.base.set(base.to_value());
        mro.extend(base.mro_items().iter().cloned());
        base.add_subclass(super::payload_ptr(ty));
    }
    ty.mro.set(vm.new_tuple(mro)?);
    ty.bases.set(if root { vm.empty_tuple.clone() } else { vm.new_tuple(vec![base.to_value()])? });
    let inherited = if root { Slots::NONE } else { *base.slots() };
    ty.set_slots(trampoline::merge(&def.slots, &inherited));
    let keep = type_flag::HAS_DICT | type_flag::HAS_WEAKREF | type_flag::EXCEPTION;
    ty.add_flags(def.flags | base.flags.get() & keep);
    let dict = ty.dict();
    for (name, role) in DUNDERS {
        if *role == Role::New {
            if def.slots.new.is_some() {
                let wrapper = vm.new_object(|head| {
                    SlotWrapper::new(head, ty.to_value(), Role::New, ty.to_value(), "__new__")
                })?;
                dict.set_name(vm, &vm.names.__new__, wrapper.into_value())?;
            }
            continue;
        }
        if def.slots.has(*role) && *role != Role::Del {
            let wrapper =
                vm.new_object(|head| SlotWrapper::new(head, ty.to_value(), *role, Value::UNBOUND, name))?;
            dict.set_name(vm, &vm.intern(name)?, wrapper.into_value())?;
        }
    }
    if def.slots.hash.is_none() && def.slots.compare.is_some() && !root {
        dict.set_name(vm, &vm.names.__hash__, Value::NONE)?;
        let mut slots = *ty.slots();
        slots.hash = None;
        ty.set_slots(slots);
    }
    for row in def.methods {
        let function = vm.new_native(row, Value::UNBOUND, ty.to_value())?;
        let value = match row.binding {
            Binding::Instance => function,
            Binding::Class => vm.new_object(|head| ClassMethod::new(head, function))?.into_value(),
            Binding::Static => vm.new_object(|head| StaticMethod::new(head, function))?.into_value(),
        };
        dict.set_name(vm, &vm.intern(row.name)?, value)?;
    }
    for row in def.getset {
        let made = vm.new_object(|head| GetSetObj::new(head, row, ty.to_value()))?;
        dict.set_name(vm, &vm.intern(row.name)?, made.into_value())?;
    }
    let doc = if def.doc.is_empty() { Value::NONE } else { vm.str(def.doc)? };
    if dict.get_name(&vm.names.__doc__).is_none() {
        dict.set_name(vm, &vm.names.__doc__, doc)?;
    }
    if let Some((module, _)) = def.name.rsplit_once('.') {
        dict.set_name(vm, &vm.names.__module__, vm.intern(module)?)?;
    }
    Ok(())
}

impl Vm {
    /// A function object of a row.
    pub fn new_native(&self, def: &'static Method, this: Value, owner: Value) -> Res {
        Ok(self.new_object(|head| NativeFunction::new(head, def, this, owner))?.into_value())
    }
}

/// A type dies: its shapes, and its bases' memory of it, go.
pub fn forget_type(ty: &TypeObj) {
    let vm = crate::vm::current();
    for base in ty.bases.get::<Tuple>().map_or(&[][..], Tuple::items) {
        if let Some(base) = base.get::<TypeObj>() {
            base.remove_subclass(super::payload_ptr(ty));
        }
    }
    if ty.has(type_flag::HEAP) {
        for root in ty.all_roots() {
            if root != 0 {
                vm.shapes.drop_tree(vm, root);
            }
        }
    }
    vm.bump_epoch();
    vm.forget_cached_type(ty);
}

// ---- the order of bases --------------------------------------------------------------------------------------------

/// The C3 linearisation of a class with these bases.
fn linearise(vm: &Vm, class: &TypeObj, bases: &[Value]) -> Res<Vec<Value>> {
    let mut lists: Vec<Vec<Value>> = Vec::new();
    for base in bases {
        lists.push(vm.expect_type(base)?.mro_items().to_vec());
    }
    lists.push(bases.to_vec());
    let mut order = vec![class.to_value()];
    loop {
        lists.retain(|list| !list.is_empty());
        if lists.is_empty() {
            return Ok(order);
        }
        let next = lists.iter().find_map(|list| {
            let head = &list[0];
            let blocked = lists.iter().any(|other| other[1..].iter().any(|c| c.word() == head.word()));
            (!blocked).then(|| head.clone())
        });
        let Some(next) = next else {
            let mut names: Vec<String> = Vec::new();
            for list in &lists {
                let name = list[0].get::<TypeObj>().map_or(String::new(), |c| vm.text(&c.name).to_string());
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            return Err(vm.type_error(format_args!(
                "Cannot create a consistent method resolution order (MRO) for bases {}",
                names.join(", ")
            )));
        };
        for list in &mut lists {
            if list[0].word() == next.word() {
                list.remove(0);
            }
        }
        order.push(next);
    }
}

/// The base whose payload the class's instances share.
fn best_base<'a>(vm: &Vm, bases: &'a [Value]) -> Res<&'a TypeObj> {
    let mut best: Option<&TypeObj> = None;
    for base in bases {
        let Some(ty) = base.get::<TypeObj>() else { return Err(vm.type_error("bases must be types")) };
        if !ty.has(type_flag::BASETYPE) {
            return Err(
                vm.type_error(format_args!("type '{}' is not an acceptable base type", vm.text(&ty.name)))
            );
        }
        let solid = |t: &TypeObj| (t.layout, t.slot_words.get());
        best = match best {
            None => Some(ty),
            Some(old)
                if solid(old) == solid(ty) || ty.layout == Layout::Instance && ty.slot_words.get() == 0 =>
            {
                Some(old)
            }
            Some(old) if old.layout == Layout::Instance && old.slot_words.get() == 0 => Some(ty),
            Some(old) if old.is_subtype(ty) => Some(old),
            Some(old) if ty.is_subtype(old) => Some(ty),
            Some(_) => return Err(vm.type_error("multiple bases have instance lay-out conflict")),
        };
    }
    best.ok_or_else(|| vm.type_error("a class needs a base"))
}

// ---- classes -------------------------------------------------------------------------------------------------------

/// The most derived metaclass of a metaclass and the types of some bases.
pub fn winner(vm: &Vm, meta: &Value, bases: &[Value]) -> Res {
    let mut winner = meta.clone();
    for base in bases {
        let kind = vm.type_of(base);
        let current = vm.expect_type(&winner)?;
        if current.is_subtype(kind) {
            continue;
        }
        if kind.is_subtype(current) {
            winner = kind.to_value();
            continue;
        }
        return Err(vm.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

/// `type.__new__(meta, name, bases, namespace, **kwargs)`
pub fn new_class(
    vm: &Vm,
    meta: &Value,
    name: &Value,
    bases: &Value,
    namespace: &Dict,
    args: Args<'_>,
) -> Res {
    vm.work_on_bytes(namespace.len() * 64)?;
    let mut list = bases.get::<Tuple>().map_or(Vec::new(), |t| t.items().to_vec());
    for base in &list {
        if base.get::<TypeObj>().is_none() && vm.get_attr_opt(base, &vm.names.__mro_entries__)?.is_some() {
            return Err(vm.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    let meta = &winner(vm, meta, &list)?;
    if list.is_empty() {
        list.push(vm.types.object.to_value());
    }
    for (i, base) in list.iter().enumerate() {
        if list[..i].iter().any(|b| b.word() == base.word()) {
            let name = base.get::<TypeObj>().map_or(String::new(), |t| vm.text(&t.name).to_string());
            return Err(vm.type_error(format_args!("duplicate base class {name}")));
        }
    }
    let base = best_base(vm, &list)?;
    let dict = namespace.copy(vm)?;
    let meta_type = vm.expect_type(meta)?;
    let inherited = type_flag::HAS_DICT
        | type_flag::HAS_WEAKREF
        | type_flag::EXCEPTION
        | type_flag::SEQUENCE
        | type_flag::MAPPING
        | type_flag::MATCH_SELF;
    let mut flags = type_flag::BASETYPE | type_flag::HEAP;
    for b in &list {
        flags |= b.get::<TypeObj>().map_or(0, |t| t.flags.get()) & inherited;
    }
    let shape = vm.shapes.get(meta_type.root.get());
    let bytes = if shape.first == 0 { size_of::<TypeObj>() } else { shape.words() * 8 };
    let layout = base.layout;
    let made: Ref<TypeObj> =
        vm.new_shaped(shape.id, bytes, |head: Header| TypeObj::new(head, name.clone(), layout, flags))?;
    if meta_type.has(type_flag::HEAP) {
        meta_type.word().incref();
    }
    made.dict.set(dict.into_value());
    made.base.set(base.to_value());
    made.slot_words.set(base.slot_words.get());
    made.bases.set(vm.new_tuple(list.clone())?);
    for b in &list {
        if let Some(b) = b.get::<TypeObj>() {
            b.add_subclass(super::payload_ptr(&*made));
        }
    }
    made.mro.set(new_mro(vm, &made, &list)?);
    name_parts(vm, &made)?;
    add_slots(vm, &made, &list)?;
    add_dict_attribute(vm, &made)?;
    learn_from_code(&made);
    own_shape(vm, &made, base)?;
    let mut slots = trampoline::inherited(&made);
    trampoline::override_all(vm, &made, &mut slots);
    made.set_slots(slots);
    class_cell(vm, &made)?;
    set_names(vm, &made)?;
    init_subclass(vm, &made, args)?;
    Ok(made.into_value())
}

/// The MRO of a class with these bases, or what its metaclass says that it is.
fn new_mro(vm: &Vm, class: &TypeObj, bases: &[Value]) -> Res {
    let (this, name) = (super::payload_value(class), vm.intern("mro")?);
    let own = vm.type_of(&this).lookup(vm, &name);
    let default = vm.types.r#type.lookup(vm, &name);
    if own.as_ref().map(Value::word) == default.as_ref().map(Value::word) {
        return vm.new_tuple(linearise(vm, class, bases)?);
    }
    let listed = vm.call_method(&this, &name, &[])?;
    vm.new_tuple(vm.collect(&listed)?.into_iter().collect())
}

/// `class.__bases__ = bases`
pub fn change_bases(vm: &Vm, ty: &TypeObj, bases: &Value) -> Res<()> {
    let name = vm.text(&ty.name);
    let Some(list) = bases.get::<Tuple>().map(|tuple| tuple.items().to_vec()) else {
        return Err(vm.type_error(format_args!(
            "can only assign tuple to {name}.__bases__, not {}",
            vm.type_name(bases)
        )));
    };
    if list.is_empty() {
        return Err(
            vm.type_error(format_args!("can only assign non-empty tuple to {name}.__bases__, not ()"))
        );
    }
    for base in &list {
        let Some(base) = base.get::<TypeObj>() else {
            return Err(vm.type_error(format_args!(
                "{name}.__bases__ must be tuple of classes, not '{}'",
                vm.type_name(base)
            )));
        };
        if base.is_subtype(ty) {
            return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    let best = best_base(vm, &list)?;
    let old = Ref::from_payload(ty.base.get::<TypeObj>().unwrap_or(ty));
    let alike = best.layout == old.layout
        && best.slot_words.get() == old.slot_words.get()
        && (best.has(type_flag::HAS_DICT) == old.has(type_flag::HAS_DICT)
            || ty.dict().get_name(&vm.names.__slots__).is_none());
    if !alike {
        return Err(vm.type_error(format_args!(
            "__bases__ assignment: '{}' object layout differs from '{}'",
            vm.text(&best.name),
            vm.text(&old.name)
        )));
    }
    let (old_bases, old_base) = (ty.bases.clone(), ty.base.clone());
    ty.bases.set(vm.new_tuple(list.clone())?);
    ty.base.set(best.to_value());
    // Every class below gets its new MRO, or none does.
    let mut changed: Vec<(Ref<TypeObj>, Value)> = Vec::new();
    let mut work = vec![Ref::from_payload(ty)];
    while let Some(class) = work.pop() {
        let bases = class.bases.get::<Tuple>().map_or(Vec::new(), |bases| bases.items().to_vec());
        match new_mro(vm, &class, &bases) {
            Ok(mro) => changed.push((class.clone(), class.mro.replace(mro))),
            Err(raised) => {
                for (class, mro) in changed.into_iter().rev() {
                    class.mro.set(mro);
                }
                ty.bases.set(old_bases);
                ty.base.set(old_base);
                vm.bump_epoch();
                return Err(raised);
            }
        }
        work.extend(class.subclasses());
    }
    for base in old_bases.get::<Tuple>().map_or(&[][..], Tuple::items) {
        if let Some(base) = base.get::<TypeObj>() {
            base.remove_subclass(super::payload_ptr(ty));
        }
    }
    for base in list.iter().filter_map(|base| base.get::<TypeObj>()) {
        base.add_subclass(super::payload_ptr(ty));
    }
    for (class, _) in &changed {
        let mut slots = trampoline::inherited(class);
        trampoline::override_all(vm, class, &mut slots);
        class.set_slots(slots);
    }
    vm.bump_epoch();
    Ok(())
}

/// `__qualname__`, `__module__`, `__doc__`, and the functions that are class or static methods by their name.
fn name_parts(vm: &Vm, ty: &TypeObj) -> Res<()> {
    let dict = ty.dict();
    if let Some(qualname) = dict.get_name(&vm.names.__qualname__).cloned() {
        if !vm.is_str(&qualname) {
            return Err(vm.type_error(format_args!(
                "type __qualname__ must be a str, not {}",
                vm.type_name(&qualname)
            )));
        }
        ty.qualname.set(qualname);
        drop(dict.remove_name(&vm.names.__qualname__));
    }
    if dict.get_name(&vm.names.__module__).is_none()
        && let Some(frame) = vm.stacks.iter().find(|f| !f.is_boundary())
        && let Some(module) = frame.function().globals().get_name(&vm.names.__name__)
    {
        dict.set_name(vm, &vm.names.__module__, module.clone())?;
    }
    if dict.get_name(&vm.names.__doc__).is_none() {
        dict.set_name(vm, &vm.names.__doc__, Value::NONE)?;
    }
    for name in [&vm.names.__init_subclass__, &vm.names.__class_getitem__] {
        if let Some(found) = dict.get_name(name).cloned()
            && found.exact::<Function>().is_some()
        {
            dict.set_name(vm, name, vm.new_object(|head| ClassMethod::new(head, found))?.into_value())?;
        }
    }
    if let Some(found) = dict.get_name(&vm.names.__new__).cloned()
        && found.exact::<Function>().is_some()
    {
        dict.set_name(
            vm,
            &vm.names.__new__,
            vm.new_object(|head| StaticMethod::new(head, found))?.into_value(),
        )?;
    }
    // A class that defines == but no hash has none.
    if dict.get_name(&vm.names.__eq__).is_some() && dict.get_name(&vm.names.__hash__).is_none() {
        dict.set_name(vm, &vm.names.__hash__, Value::NONE)?;
    }
    Ok(())
}

/// `__slots__`: members at fixed words; without it, a dict.
fn add_slots(vm: &Vm, ty: &Ref<TypeObj>, bases: &[Value]) -> Res<()> {
    let dict = ty.dict();
    let Some(spec) = dict.get_name(&vm.names.__slots__).cloned() else {
        ty.add_flags(type_flag::HAS_DICT | type_flag::HAS_WEAKREF);
        return Ok(());
    };
    let names = vm.collect(&if vm.is_str(&spec) { vm.new_tuple(vec![spec])? } else { spec })?;
    let has_dict = bases.iter().any(|b| b.get::<TypeObj>().is_some_and(|t| t.has(type_flag::HAS_DICT)));
    let class_name = vm.text(&ty.name);
    let mut members: Vec<Value> = Vec::new();
    for name in names {
        let Some(text) = name.get::<Str>() else {
            return Err(
                vm.type_error(format_args!("__slots__ items must be strings, not '{}'", vm.type_name(&name)))
            );
        };
        if !is_identifier(text) {
            return Err(vm.type_error("__slots__ must be identifiers"));
        }
        if text.is_text("__dict__") {
            if has_dict {
                return Err(vm.type_error("__dict__ slot disallowed: we already got one"));
            }
            ty.add_flags(type_flag::HAS_DICT);
            continue;
        }
        if text.is_text("__weakref__") {
            ty.add_flags(type_flag::HAS_WEAKREF);
            continue;
        }
        let plain = text.to_text();
        let mangled = if plain.starts_with("__")
            && !plain.ends_with("__")
            && !class_name.trim_start_matches('_').is_empty()
        {
            format!("_{}{plain}", class_name.trim_start_matches('_'))
        } else {
            plain
        };
        let mangled = vm.intern(&mangled)?;
        if dict.get_name(&mangled).is_some() {
            return Err(vm.value_error(format_args!(
                "'{}' in __slots__ conflicts with class variable",
                text.to_text()
            )));
        }
        members.push(mangled);
    }
    // Python's ints vary in size too.
    if !members.is_empty() && (varies(ty.layout) || matches!(ty.layout, Layout::Int | Layout::BigInt)) {
        return Err(vm.type_error(format_args!(
            "nonempty __slots__ not supported for subtype of '{}'",
            ty.base.get::<TypeObj>().map_or(String::new(), |b| vm.text(&b.name).to_string())
        )));
    }
    // Members lie before the attributes of instances that have some, so that they keep their place in subclasses.
    let first = payload_words(ty.layout) + ty.slot_words.get();
    ty.slot_words.set(ty.slot_words.get() + members.len() as u16);
    for (i, name) in members.into_iter().enumerate() {
        let member =
            vm.new_object(|head| Member::new(head, ty.to_value(), name.clone(), first + i as u16))?;
        dict.set_name(vm, &name, member.into_value())?;
    }
    Ok(())
}

/// `__dict__` of the instances of a class, where no base has it yet.
fn add_dict_attribute(vm: &Vm, ty: &Ref<TypeObj>) -> Res<()> {
    if !ty.has(type_flag::HAS_DICT) || ty.lookup_slow(&vm.names.__dict__).is_some() {
        return Ok(());
    }
    let made = vm.new_object(|head| GetSetObj::new(head, &DICT_ROW, ty.to_value()))?;
    ty.dict().set_name(vm, &vm.names.__dict__, made.into_value())
}

static DICT_ROW: GetSet =
    attribute("__dict__", instance_dict, set_instance_dict, "dictionary for instance variables");

fn instance_dict(vm: &Vm, this: &Value) -> Res {
    match vm.instance_dict(this)? {
        Some(dict) => Ok(dict.into_value()),
        None => Err(vm.attribute_error("This object has no __dict__")),
    }
}
fn set_instance_dict(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if value.has::<Dict>() => vm.set_instance_dict(this, value),
        Some(value) => Err(vm.type_error(format_args!(
            "__dict__ must be set to a dictionary, not a '{}'",
            vm.type_name(value)
        ))),
        None => vm.set_instance_dict(this, vm.new_dict()?.value()),
    }
}

fn is_identifier(text: &Str) -> bool {
    let mut chars = text.chars().iter();
    let letter = |c: u32| char::from_u32(c).is_some_and(|c| c == '_' || c.is_alphabetic());
    chars.next().is_some_and(letter)
        && chars.all(|c| letter(c) || char::from_u32(c).is_some_and(|c| c.is_numeric()))
}

/// Room for the attributes that the methods of the class and its bases set on `self`, as the compiler counted them.
fn learn_from_code(ty: &TypeObj) {
    let vm = crate::vm::current();
    let mut names: Vec<u64> = Vec::new();
    for class in ty.mro_items() {
        let Some(class) = class.get::<TypeObj>() else { continue };
        let listed = class.dict().get_name(&vm.names.__static_attributes__);
        for name in listed.and_then(|v| v.get::<Tuple>()).map_or(&[][..], Tuple::items) {
            if !names.contains(&name.word().0) {
                names.push(name.word().0);
            }
        }
    }
    // Nothing known: room for a few, so that a plain instance needs no dict.
    let count = if names.is_empty() { 4 } else { names.len() };
    ty.capacity.set(count.min(60) as u16);
}

/// Tells the class's methods what `__class__` is.
fn class_cell(vm: &Vm, ty: &Ref<TypeObj>) -> Res<()> {
    if let Some(cell) = ty.dict().remove_name(&vm.names.__classcell__) {
        match cell.get::<CellObj>() {
            Some(cell) => cell.content.set(ty.to_value()),
            None => {
                return Err(vm.type_error(format_args!(
                    "__classcell__ must be a nonlocal cell, not <class '{}'>",
                    vm.type_name(&cell)
                )));
            }
        }
    }
    if let Some(cell) = ty.dict().remove_name(&vm.intern("__classdictcell__")?)
        && let Some(cell) = cell.get::<CellObj>()
    {
        cell.content.set(ty.dict.clone());
    }
    Ok(())
}

/// Calls `__set_name__` of what the namespace holds.
fn set_names(vm: &Vm, ty: &Ref<TypeObj>) -> Res<()> {
    let pairs: Vec<(Value, Value)> = ty.dict().entries().map(|e| (e.key.clone(), e.value.clone())).collect();
    let name = vm.names.__set_name__.clone();
    for (key, value) in pairs {
        if value.object().is_none() || vm.type_of(&value).lookup(vm, &name).is_none() {
            continue;
        }
        if let Err(raised) = vm.call_special(&value, &name, &[ty.to_value(), key.clone()]) {
            let exception = vm.take_raised(raised);
            let note = format!(
                "Error calling __set_name__ on '{}' instance {} in '{}'",
                vm.type_name(&value),
                vm.key_name(&key),
                vm.text(&ty.name)
            );
            crate::types::exceptions::add_note(vm, &exception, &note)?;
            vm.raised.set(exception);
            return Err(crate::raised::Raised(()));
        }
    }
    Ok(())
}

/// Calls the parent's `__init_subclass__` with the keywords of the class statement.
fn init_subclass(vm: &Vm, ty: &Ref<TypeObj>, args: Args<'_>) -> Res<()> {
    let parent = crate::types::super_type::bound(vm, &ty.to_value(), &ty.to_value())?;
    let hook = vm.get_attr(&parent, &vm.names.__init_subclass__)?;
    vm.call_args(&hook, Args { pos: &[], names: args.names, named: args.named }).map(drop)
}

/// `__build_class__(body, name, *bases, metaclass=.., **kwargs)`
pub fn build_class(vm: &Vm, args: Args<'_>) -> Res {
    let [body, name, given @ ..] = args.pos else {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    };
    let Some(function) = body.get::<Function>() else {
        return Err(vm.type_error("__build_class__: func must be a function"));
    };
    if !vm.is_str(name) {
        return Err(vm.type_error("__build_class__: name is not a string"));
    }
    let (bases, changed) = resolve_bases(vm, given)?;
    let bases_tuple = vm.new_tuple(bases.clone())?;
    let mut meta = None;
    let (mut names, mut named): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for (n, v) in args.names.iter().zip(args.named) {
        if n.word() == vm.names.metaclass.word() {
            meta = Some(v.clone());
        } else {
            names.push(n.clone());
            named.push(v.clone());
        }
    }
    let meta = match meta {
        Some(meta) if meta.get::<TypeObj>().is_none() => meta,
        Some(meta) => winner(vm, &meta, &bases)?,
        None => {
            let first = bases.first().map_or(vm.types.r#type.to_value(), |b| vm.type_of(b).to_value());
            winner(vm, &first, &bases)?
        }
    };
    let mut slots = vec![name.clone(), bases_tuple.clone()];
    slots.extend(named.iter().cloned());
    let namespace = match vm.get_attr_opt(&meta, &vm.names.__prepare__)? {
        Some(prepare) => vm.call_args(&prepare, Args::split(&slots, &names))?,
        None => vm.new_dict()?.into_value(),
    };
    if vm.slots(&namespace).setitem.is_none() {
        let shown = meta.get::<TypeObj>().map_or("<metaclass>".to_string(), |m| vm.text(&m.name).to_string());
        return Err(vm.type_error(format_args!(
            "{shown}.__prepare__() must return a mapping, not {}",
            vm.type_name(&namespace)
        )));
    }
    let _ = function;
    let cell = vm.run_code(body, &namespace)?;
    if changed {
        vm.set_item(&namespace, &vm.names.__orig_bases__, &vm.new_tuple(given.to_vec())?)?;
    }
    let mut slots = vec![name.clone(), bases_tuple, namespace];
    slots.extend(named);
    let class = vm.call_args(&meta, Args::split(&slots, &names))?;
    if let Some(content) = cell.get::<CellObj>()
        && class.get::<TypeObj>().is_some()
        && !content.content.is(&class)
    {
        let shown = vm.text(name);
        if content.content.is_unbound() {
            return Err(vm.runtime_error(format_args!(
                "__class__ not set defining '{shown}' as {}. Was __classcell__ propagated to type.__new__?",
                vm.key_name(&class)
            )));
        }
        return Err(vm.type_error(format_args!(
            "__class__ set to {} defining '{shown}' as {}",
            vm.key_name(&content.content),
            vm.key_name(&class)
        )));
    }
    Ok(class)
}

/// Replaces bases that are no types by what their `__mro_entries__` gives.
fn resolve_bases(vm: &Vm, given: &[Value]) -> Res<(Vec<Value>, bool)> {
    let mut bases = Vec::with_capacity(given.len());
    let mut changed = false;
    for base in given {
        if base.get::<TypeObj>().is_none()
            && let Some(hook) = vm.get_attr_opt(base, &vm.names.__mro_entries__)?
        {
            let entries = vm.call(&hook, &[vm.new_tuple(given.to_vec())?])?;
            let Some(tuple) = entries.get::<Tuple>() else {
                return Err(vm.type_error("__mro_entries__ must return a tuple"));
            };
            bases.extend(tuple.items().iter().cloned());
            changed = true;
        } else {
            bases.push(base.clone());
        }
    }
    Ok((bases, changed))
}

/// After an attribute of a class changed: its slots, and its subclasses', follow.
pub fn attribute_changed(vm: &Vm, ty: &TypeObj, name: &Value) {
    vm.type_changed(name);
    let text = vm.text(name);
    if !DUNDERS.iter().any(|(n, _)| *n == text.as_str()) {
        return;
    }
    let mut work = vec![Ref::from_payload(ty)];
    while let Some(class) = work.pop() {
        let mut slots = trampoline::inherited(&class);
        trampoline::override_all(vm, &class, &mut slots);
        class.set_slots(slots);
        work.extend(class.subclasses());
    }
}

impl Vm {
    /// `value.__class__ = new`
    pub fn change_class(&self, value: &Value, new: &TypeObj) -> Res<()> {
        let old = self.type_of(value);
        if !(old.has(type_flag::HEAP) && new.has(type_flag::HEAP)) {
            return Err(self.type_error(
                "__class__ assignment only supported for mutable types or ModuleType subclasses",
            ));
        }
        let same = old.layout == new.layout && old.slot_words.get() == new.slot_words.get();
        if !same
            || old.has(type_flag::HAS_DICT) != new.has(type_flag::HAS_DICT)
            || value.get::<TypeObj>().is_some()
        {
            return Err(self.type_error(format_args!(
                "__class__ assignment: '{}' object layout differs from '{}'",
                self.text(&new.name),
                self.text(&old.name)
            )));
        }
        // SAFETY: both types live as long as this call.
        let old = Ref::from_payload(old);
        if new.has(type_flag::HAS_DICT) {
            self.to_dict_mode(value)?;
        }
        let shape = self.shapes.get(value.word().shape());
        let id = if shape.dict_mode || shape.ext == 0 {
            let made =
                self.shapes.root(self, new, shape.dict_mode, shape.ext, shape.first, shape.capacity)?;
            new.add_dict_shape(made.id);
            made.id
        } else {
            new.root.get()
        };
        new.word().incref();
        // SAFETY: the value is live; the new shape has the same words.
        unsafe { value.word().ptr().as_ref().set_shape(id) };
        old.word().decref();
        Ok(())
    }
}
