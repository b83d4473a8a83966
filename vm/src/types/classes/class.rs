//! Making types: the bare objects of builtin ones, which `builtin.rs` fills, and classes written in Python.
//!
//! A type is made in steps: bases and their best one, the members (`members.rs`), the namespace, the MRO (`bases.rs`), and last
//! the slots: inherited along the MRO, then overridden by what the namespace defines (`trampoline.rs`). Nothing of Python runs
//! but before there is an object and when it is whole; a metaclass's `mro` sees one that lacks the MRO only.
//! Setting a special method on a class later runs the last step again, there and in all subclasses.

use std::collections::HashSet;

use ryokan_alloc::Header;

use super::bases::{best_base, has_own_mro, new_mro, winner};
use super::members::Members;
use crate::object::call::Args;
use crate::object::native::{GetSet, attribute, getter};
use crate::object::shape::EXT_AT_END;
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::cell::CellObj;
use crate::types::descriptors::GetSetObj;
use crate::types::dict::Dict;
use crate::types::exceptions::Exception;
use crate::types::function::{ClassMethod, Function, StaticMethod};
use crate::types::module::Module;
use crate::types::str::Str;
use crate::types::str::codec::{Codec, encode_as};
use crate::types::str::errors::Errors;
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

use super::trampoline;

/// Layouts whose payload varies in size: their instances keep one word behind it.
pub fn varies(layout: Layout) -> bool {
    matches!(layout, Layout::Str | Layout::Bytes | Layout::Tuple)
}

// ---- builtin types -------------------------------------------------------------------------------------------------

/// Makes the bare object of a builtin type: no base, no namespace yet.
pub fn allocate(
    vm: &Vm,
    name: &str,
    layout: Layout,
    flags: TypeFlags,
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
    super::builtin::complete(vm, &made, def, base)?;
    own_shape(vm, &made)?;
    vm.make_immortal(made.value());
    Ok(made)
}

/// Gives a type root shapes of its own.
pub fn own_shape(vm: &Vm, ty: &TypeObj) -> Res<()> {
    let payload = payload_words(ty);
    // Modules and types have a dict in their payload.
    let dict = ty.has(TypeFlags::HAS_DICT) && !matches!(ty.layout, Layout::Module | Layout::Type);
    // Where the payload varies, one word lies behind it: a dict, of members too.
    let dict = dict || varies(ty.layout) && ty.slot_words.get() > 0;
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

/// Words of the payload of a type's instances.
pub fn payload_words(ty: &TypeObj) -> u16 {
    if let Some(kind) = ty.kind.get() {
        return kind.words();
    }
    let bytes = ty.layout.ops().map_or(0, |ops| ops.payload_bytes);
    bytes.div_ceil(8) as u16
}

impl Vm {
    /// Marks the dict of a type by a shape that no other dict has: whoever gives objects to a script leaves it out.
    pub(super) fn mark_class_dict(&self, ty: &TypeObj) -> Res<()> {
        if self.class_dict_shape.get().is_none() {
            self.class_dict_shape.set(self.shapes.root(self, &self.types.dict, false, 0, 0, 0)?.id);
        }
        self.reshape(&ty.dict, self.class_dict_shape.get());
        Ok(())
    }
    /// Whether an object is the dict of a type.
    pub fn is_class_dict(&self, object: Word) -> bool {
        object.is_ptr() && object.shape() == self.class_dict_shape.get()
    }
}

// ---- classes -------------------------------------------------------------------------------------------------------

/// What a class inherits of its bases' flags.
const INHERITED: TypeFlags = TypeFlags::HAS_DICT
    .union(TypeFlags::HAS_WEAKREF)
    .union(TypeFlags::EXCEPTION)
    .union(TypeFlags::SEQUENCE)
    .union(TypeFlags::MAPPING)
    .union(TypeFlags::MATCH_SELF);

/// `type.__new__(meta, name, bases, namespace, **kwargs)`
pub fn new_class(
    vm: &Vm,
    meta: &Value,
    name: &Value,
    bases: &Value,
    namespace: &Ref<Dict>,
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
    check_distinct(vm, &list)?;
    let base = best_base(vm, &list)?;
    let members = Members::read(vm, name, namespace, &base)?;
    warn_of_keys(vm, name, namespace)?;
    let made = bare_class(vm, vm.expect_type(meta)?, name, &list, &base)?;
    if bases.get::<Tuple>().is_some_and(|bases| !bases.items().is_empty()) {
        // The very tuple, which may be an instance of a subclass.
        made.bases.set(bases.clone());
    }
    made.dict.set(namespace.copy(vm)?.into_value());
    vm.mark_class_dict(&made)?;
    name_parts(vm, &made)?;
    // (Members may have the names of the cells.)
    let cells = take_cells(vm, &made)?;
    members.install(vm, &made)?;
    // A member may have the name; lone surrogates are refused.
    let doc = made.dict().get_name(&vm.names.__doc__).cloned();
    if let Some(text) = doc.as_ref().filter(|doc| doc.get::<Str>().is_some_and(|doc| !doc.is_ascii())) {
        encode_as(vm, text, Codec::Utf8, Errors::named("strict"))?;
    }
    // (An `mro()` of Python's may call what is in the class.)
    fill_cells(vm, &made, cells)?;
    add_mro(vm, &made, &base, &list)?;
    add_dict_attribute(vm, &made, &DICT_ROW)?;
    add_weakref_attribute(vm, &made)?;
    if doc.is_none() {
        made.set_own(vm, &vm.names.__doc__, Value::NONE)?;
    }
    trampoline::fill(vm, &made);
    made.list_in_bases(vm)?;
    set_names(vm, &made)?;
    init_subclass(vm, &made, args)?;
    Ok(made.into_value())
}

/// Warns of names in the namespace that are none: no attribute access finds them.
fn warn_of_keys(vm: &Vm, class: &Value, namespace: &Dict) -> Res<()> {
    if namespace.entries().all(|entry| entry.key.has::<Str>()) {
        return Ok(());
    }
    let name = vm.text(class);
    vm.warn("RuntimeWarning", &format!("non-string key in the __dict__ of class {name}"), 1)
}

/// The object of a class: its bases, and the layout and flags that it has of them.
fn bare_class(
    vm: &Vm,
    meta: &TypeObj,
    name: &Value,
    bases: &[Value],
    base: &Ref<TypeObj>,
) -> Res<Ref<TypeObj>> {
    let mut flags = TypeFlags::BASETYPE | TypeFlags::HEAP;
    for base in bases.iter().filter_map(|base| base.get::<TypeObj>()) {
        // What a class is to `match`, its first base says that is anything to it.
        let kinds = TypeFlags::SEQUENCE | TypeFlags::MAPPING;
        let told = if flags.intersects(kinds) { INHERITED - kinds } else { INHERITED };
        flags |= base.flags.get() & told;
    }
    let shape = vm.shapes.get(meta.root.get());
    let bytes = if shape.first == 0 { size_of::<TypeObj>() } else { shape.words() * 8 };
    let (tuple, layout) = (vm.new_tuple(bases.to_vec())?, base.layout);
    let made: Ref<TypeObj> =
        vm.new_shaped(shape.id, bytes, |head: Header| TypeObj::new(head, name.clone(), layout, flags))?;
    vm.note_birth(meta, made.value());
    made.bases.set(tuple);
    made.base.set(base.to_value());
    made.slot_words.set(base.slot_words.get());
    made.kind.set(base.kind.get());
    Ok(made)
}

/// Finds the MRO, and the root shape of instances. A metaclass that is asked for the MRO sees a class that can make instances.
fn add_mro(vm: &Vm, class: &Ref<TypeObj>, base: &TypeObj, bases: &[Value]) -> Res<()> {
    let asks = has_own_mro(vm, class);
    if !asks {
        class.mro.set(new_mro(vm, class, bases)?);
    }
    learn_from_code(vm, class);
    own_shape(vm, class)?;
    if asks {
        class.set_slots(*base.slots().table());
        class.mro.set(new_mro(vm, class, bases)?);
        // Lookups while there was no MRO have found nothing.
        vm.bump_epoch();
    }
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
        && let Some(frame) = vm.thread.stacks.iter().find(|f| !f.is_boundary())
        && let Some(module) = frame.function().globals().get_name(&vm.names.__name__)
    {
        dict.set_name(vm, &vm.names.__module__, module.clone())?;
    }
    for name in [&vm.names.__init_subclass__, &vm.names.__class_getitem__] {
        if let Some(found) = dict.get_name(name).cloned()
            && found.exact::<Function>().is_some()
        {
            let kind = vm.types.classmethod.to_value();
            dict.set_name(vm, name, vm.new_of_class(&kind, |head| ClassMethod::new(head, found))?)?;
        }
    }
    if let Some(found) = dict.get_name(&vm.names.__new__).cloned()
        && found.exact::<Function>().is_some()
    {
        let kind = vm.types.staticmethod.to_value();
        dict.set_name(vm, &vm.names.__new__, vm.new_of_class(&kind, |head| StaticMethod::new(head, found))?)?;
    }
    // A class that defines == but no hash has none.
    if dict.get_name(&vm.names.__eq__).is_some() && dict.get_name(&vm.names.__hash__).is_none() {
        dict.set_name(vm, &vm.names.__hash__, Value::NONE)?;
    }
    Ok(())
}

/// `__dict__` of the instances of a class, where no base has it yet.
pub(crate) fn add_dict_attribute(vm: &Vm, ty: &TypeObj, row: &'static GetSet) -> Res<()> {
    let shown = ty.has(TypeFlags::HAS_DICT) && !ty.has(TypeFlags::HIDDEN);
    if !shown || ty.lookup_slow(&vm.names.__dict__).is_some() {
        return Ok(());
    }
    ty.set_own(vm, &vm.names.__dict__, vm.new_getset(row, ty.to_value())?)
}

/// Whether `__dict__` of a class's instances is what a class has that says nothing of it.
pub(crate) fn has_plain_dict(vm: &Vm, ty: &TypeObj) -> bool {
    let found = ty.lookup(vm, &vm.names.__dict__);
    found.is_some_and(|found| found.get::<GetSetObj>().is_some_and(|row| std::ptr::eq(row.def, &DICT_ROW)))
}

/// `__weakref__` of the instances of a class, where no base has weak references yet.
fn add_weakref_attribute(vm: &Vm, ty: &Ref<TypeObj>) -> Res<()> {
    let base = ty.base.get::<TypeObj>().is_some_and(|base| base.has(TypeFlags::HAS_WEAKREF));
    if base || !ty.has(TypeFlags::HAS_WEAKREF) {
        return Ok(());
    }
    ty.set_own(vm, &vm.intern("__weakref__")?, vm.new_getset(&WEAKREF_ROW, ty.to_value())?)
}

static WEAKREF_ROW: GetSet = getter(
    "__weakref__",
    |vm, this| Ok(vm.weak.first(this).unwrap_or(Value::NONE)),
    "the first weak reference to the object",
);

const DICT_DOC: &str = "the instance's own attributes, by name";
pub(crate) static DICT_ROW: GetSet = attribute("__dict__", instance_dict, set_instance_dict, DICT_DOC);
/// The same for native types, whose instances keep their dict.
pub(crate) static NATIVE_DICT_ROW: GetSet = attribute("__dict__", instance_dict, set_native_dict, DICT_DOC);

fn set_native_dict(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    if value.is_none() {
        return Err(vm.type_error("cannot delete __dict__"));
    }
    set_instance_dict(vm, this, value)
}

fn instance_dict(vm: &Vm, this: &Value) -> Res {
    match vm.instance_dict(this)? {
        Some(dict) => Ok(dict.into_value()),
        None => match this.get::<TypeObj>() {
            Some(class) => vm.new_mapping_proxy(class.dict.clone()),
            None => Err(vm.attribute_error("This object has no __dict__")),
        },
    }
}
fn set_instance_dict(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    // A module's dict is its own, and a class shows a view of its.
    if vm.ext_slot(this).is_none() {
        return Err(if this.has::<TypeObj>() {
            vm.attribute_error("attribute '__dict__' of 'type' objects is not writable")
        } else if this.has::<Module>() {
            vm.attribute_error("readonly attribute")
        } else {
            let kind = vm.type_name(this);
            vm.type_error(format_args!("this __dict__ descriptor does not support '{kind}' objects"))
        });
    }
    match value {
        Some(value) if value.has::<Dict>() => vm.set_instance_dict(this, value),
        Some(value) => Err(vm.type_error(format_args!(
            "__dict__ must be set to a dictionary, not a '{}'",
            vm.type_name(value)
        ))),
        // What is made of a builtin type with a dict of its own keeps one.
        None if this.get::<Exception>().is_some() => Err(vm.type_error("cannot delete __dict__")),
        None => vm.set_instance_dict(this, vm.new_dict()?.value()),
    }
}

/// Room for the attributes that the methods of the class and its bases set on `self`, as the compiler counted them.
fn learn_from_code(vm: &Vm, ty: &TypeObj) {
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

/// Takes from the namespace of a new class the cells by which its methods are told of it, `__class__` and its namespace.
fn take_cells(vm: &Vm, ty: &Ref<TypeObj>) -> Res<[Option<Value>; 2]> {
    let take = |name: &Value| match ty.remove_own(vm, name) {
        Some(found) if !found.has::<CellObj>() => {
            let (name, kind) = (vm.text(name), vm.type_name(&found));
            Err(vm.type_error(format_args!("{name} must be a nonlocal cell, not <class '{kind}'>")))
        }
        found => Ok(found),
    };
    Ok([take(&vm.names.__classcell__)?, take(&vm.intern("__classdictcell__")?)?])
}
/// Tells the class's methods what `__class__` is, and what its namespace.
fn fill_cells(vm: &Vm, ty: &Ref<TypeObj>, [class, namespace]: [Option<Value>; 2]) -> Res<()> {
    if let Some(cell) = class.as_ref().and_then(|cell| cell.get::<CellObj>()) {
        cell.content.set(ty.to_value());
    }
    if let Some(cell) = namespace.as_ref().and_then(|cell| cell.get::<CellObj>()) {
        cell.content.set(vm.new_mapping_proxy(ty.dict.clone())?);
    }
    Ok(())
}

/// Calls `__set_name__` of what the namespace holds.
fn set_names(vm: &Vm, ty: &Ref<TypeObj>) -> Res<()> {
    let mut pairs = vm.vector(ty.dict().len())?;
    pairs.extend(ty.dict().entries().map(|e| (e.key.clone(), e.value.clone())));
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
            vm.thread.raised.set(exception);
            return Err(crate::raised::Raised(()));
        }
    }
    Ok(())
}

/// No class may stand twice among the bases.
pub fn check_distinct(vm: &Vm, bases: &[Value]) -> Res<()> {
    let mut seen = HashSet::new();
    let Some(twice) = bases.iter().find(|base| !seen.insert(base.word().0)) else { return Ok(()) };
    let name = twice.get::<TypeObj>().map_or(String::new(), |t| vm.text(&t.name).to_string());
    Err(vm.type_error(format_args!("duplicate base class {name}")))
}

/// Calls the parent's `__init_subclass__` with the keywords of the class statement.
fn init_subclass(vm: &Vm, ty: &Ref<TypeObj>, args: Args<'_>) -> Res<()> {
    let parent = crate::types::super_type::of_class(vm, ty)?;
    let hook = vm.get_attr(&parent, &vm.names.__init_subclass__)?;
    vm.call_args(&hook, Args { pos: &[], names: args.names, named: args.named }).map(drop)
}
