//! Descriptors: what the dict of a type holds for attributes, special methods and methods that are written in Rust.
//!
//! `getset_descriptor` (a computed attribute) and `member_descriptor` are here. The latter is a word named by `__slots__`, or an
//! attribute of a builtin type that is a field of CPython's object (`fields.rs`): that one has a `GetSetObj`, like the computed ones.
//! `wrapper.rs` has the special methods of builtin types, `native.rs` functions and methods, `class_method.rs` class methods.

use ryokan_alloc::Header;

use crate::object::Layout;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

mod class_method;
mod fields;
mod native;
mod wrapper;
mod wrapper_docs;

pub use class_method::{CLASS_METHOD_TYPE, ClassMethodDescriptor};
pub use fields::is_field;
pub use native::{METHOD_TYPE, NATIVE_TYPE, call_checked, check_receiver};
pub use wrapper::{METHOD_WRAPPER_TYPE, SlotWrapper, WRAPPER_TYPE, is_native_new};

/// The payload of `member_descriptor`.
#[repr(C)]
pub struct Member {
    head: Header,
    /// The class.
    owner: Value,
    /// The attribute's name.
    name: Value,
    /// The word of the object that holds the value, or [`Member::IN_DICT`]; [`READ_ONLY`] if it cannot be set.
    index: u16,
}

const READ_ONLY: u16 = 1 << 15;

impl Member {
    /// The word of an object that holds the value; none of an object has so high a number if it lies elsewhere.
    pub fn word(&self) -> u16 {
        self.index & !READ_ONLY
    }
    /// A payload of a member that is set once, when the object is made.
    pub fn read_only(head: Header, owner: Value, name: Value, index: u16) -> Member {
        Member { head, owner, name, index: index | READ_ONLY }
    }
    /// The attribute's name.
    pub fn name(&self) -> &Value {
        &self.name
    }
    /// Whether it cannot be set.
    pub fn is_read_only(&self) -> bool {
        self.index & READ_ONLY != 0
    }
    /// Whether instances of a type have the member's word: the member of another class may stand under any name.
    pub fn fits(&self, ty: &TypeObj) -> bool {
        self.owner.get::<TypeObj>().is_some_and(|owner| ty.is_subtype(owner))
    }
    /// In place of a word's number: objects whose payload varies keep the value in a dict, in the word behind their payload.
    pub const IN_DICT: u16 = READ_ONLY - 1;
    /// The word of the object that holds the value, if one does.
    pub fn word_index(&self) -> Option<u16> {
        Some(self.index & !READ_ONLY).filter(|at| *at != Member::IN_DICT)
    }
}

object! {
    Member {
        tracked: true,
        values: [owner, name],
        plain: [index],
    }
}

impl Member {
    /// A payload: the attribute `name` of `owner`'s instances is their word number `index`.
    pub fn new(head: Header, owner: Value, name: Value, index: u16) -> Member {
        Member { head, owner, name, index }
    }
    /// The word of the object that holds the value.
    pub fn index(&self) -> u16 {
        self.index
    }
    /// The class.
    pub fn owner(&self) -> &Value {
        &self.owner
    }
}

/// The payload of `getset_descriptor`.
#[repr(C)]
pub struct GetSetObj {
    head: Header,
    /// The row.
    pub def: &'static GetSet,
    /// The type.
    owner: Value,
}

object! {
    GetSetObj as GetSet {
        tracked: true,
        values: [owner],
        plain: [def],
    }
}

impl GetSetObj {
    /// A payload.
    pub fn new(head: Header, def: &'static GetSet, owner: Value) -> GetSetObj {
        GetSetObj { head, def, owner }
    }
    /// The type.
    pub fn owner(&self) -> &Value {
        &self.owner
    }
    /// Whether instances of a type have the attribute.
    pub fn serves(&self, ty: &TypeObj) -> bool {
        self.owner.get::<TypeObj>().is_some_and(|owner| ty.is_subtype(owner))
    }
    /// Whether it is a field of CPython's object.
    fn is_field(&self) -> bool {
        self.head.shape() == Layout::GetSet.second()
    }
}

impl Vm {
    /// The descriptor of a row: computed, or a field. Runs no Python; `MemoryError`.
    pub fn new_getset(&self, def: &'static GetSet, owner: Value) -> Res {
        let field = owner.get::<TypeObj>().and_then(|ty| ty.def).is_some_and(|ty| is_field(ty, def));
        let shape = if field { Layout::GetSet.second() } else { Layout::GetSet.shape() };
        Ok(self
            .new_shaped(shape, size_of::<GetSetObj>(), |head| GetSetObj::new(head, def, owner))?
            .into_value())
    }
}

/// The name of a type in a slot; of a builtin type with its module if it has one.
fn owner_name(vm: &Vm, owner: &Value) -> String {
    let name =
        |ty: &TypeObj| ty.def.map_or_else(|| vm.text(&ty.name).to_string(), |def| def.name.to_string());
    owner.get::<TypeObj>().map_or("?".to_string(), name)
}

/// Fails if `this` is no instance of the type whose descriptor it is.
fn check_instance(vm: &Vm, owner: &Value, name: &str, this: &Value) -> Res<()> {
    match owner.get::<TypeObj>() {
        Some(ty) if vm.is_instance(this, ty) => Ok(()),
        _ => Err(vm.type_error(format_args!(
            "descriptor '{name}' for '{}' objects doesn't apply to a '{}' object",
            owner_name(vm, owner),
            vm.type_name(this)
        ))),
    }
}

/// `type.attribute`, as `__qualname__`.
fn qualified(vm: &Vm, owner: &Value, name: &str) -> Res {
    let ty = owner.get::<TypeObj>().map_or(String::new(), |ty| vm.text(&ty.qualname).to_string());
    vm.display(format_args!("{ty}.{name}"))
}

/// What `pickle` makes of a descriptor: `getattr(type, name)`.
fn reduce_with(vm: &Vm, owner: &Value, name: &str) -> Res {
    let args = vm.new_tuple(vec![owner.clone(), vm.str(name)?])?;
    vm.new_tuple(vec![vm.builtin_of_caller("getattr")?, args])
}

// ---- member_descriptor ---------------------------------------------------------------------------------------------

/// `member_descriptor`
pub static MEMBER_TYPE: TypeDef = TypeDef {
    name: "member_descriptor",
    layout: Layout::Member,
    flags: TypeFlags::NO_NEW,
    slots: Slots { repr: Some(member_repr), get: Some(member_get), set: Some(member_set), ..Slots::NONE },
    methods: MEMBER_METHODS,
    getset: MEMBER_GETSET,
    ..TypeDef::EMPTY
};

/// The type and the name, of either kind of member.
fn member(vm: &Vm, value: &Value) -> Res<(Value, Value)> {
    match (value.get::<Member>(), value.get::<GetSetObj>()) {
        (Some(member), _) => Ok((member.owner.clone(), member.name.clone())),
        (_, Some(field)) => Ok((field.owner.clone(), vm.intern(field.def.name)?)),
        _ => Err(vm.type_error("a member_descriptor is needed")),
    }
}

static MEMBER_METHODS: &[Method] = &[method("__reduce__", "($self, /)", Call::One(member_reduce), "")];
static MEMBER_GETSET: &[GetSet] = &[
    getter("__objclass__", |vm, this| Ok(member(vm, this)?.0), ""),
    getter("__name__", |vm, this| Ok(member(vm, this)?.1), ""),
    getter("__doc__", member_doc, ""),
    getter("__qualname__", member_qualname, ""),
];

fn member_reduce(vm: &Vm, this: &Value) -> Res {
    let (owner, name) = member(vm, this)?;
    reduce_with(vm, &owner, &vm.text(&name))
}
fn member_qualname(vm: &Vm, this: &Value) -> Res {
    let (owner, name) = member(vm, this)?;
    qualified(vm, &owner, &vm.text(&name))
}
fn member_doc(vm: &Vm, this: &Value) -> Res {
    this.get::<GetSetObj>().map_or(Ok(Value::NONE), |field| doc_of(vm, field.def.doc))
}
fn member_repr(vm: &Vm, this: &Value) -> Res {
    let (owner, name) = member(vm, this)?;
    vm.display(format_args!("<member '{}' of '{}' objects>", vm.text(&name), owner_name(vm, &owner)))
}

fn member_get(vm: &Vm, this: &Value, owner: Option<&Value>, class: &Value) -> Res {
    let Some(member) = this.get::<Member>() else { return getset_get(vm, this, owner, class) };
    let Some(owner) = owner else { return Ok(this.clone()) };
    check_instance(vm, &member.owner, &vm.text(&member.name), owner)?;
    let found = match member.word_index() {
        Some(at) => vm.word_slot(owner, at).bound().cloned(),
        None => vm.hidden_attr(owner, &member.name),
    };
    match found {
        Some(value) => Ok(value),
        None => Err(vm.empty_slot(owner, &member.name)),
    }
}

fn member_set(vm: &Vm, this: &Value, owner: &Value, value: Option<&Value>) -> Res<()> {
    let Some(this) = this.get::<Member>() else { return getset_set(vm, this, owner, value) };
    check_instance(vm, &this.owner, &vm.text(&this.name), owner)?;
    if this.is_read_only() {
        return Err(vm.attribute_error("readonly attribute"));
    }
    let Some(at) = this.word_index() else {
        return match vm.set_hidden_attr(owner, &this.name, value)? {
            true => Ok(()),
            false => Err(vm.attribute_error(vm.text(&this.name))),
        };
    };
    let slot = vm.word_slot(owner, at);
    match value {
        Some(value) => slot.set(value.clone()),
        None if slot.is_unbound() => {
            return Err(vm.attribute_error(vm.text(&this.name)));
        }
        None => drop(slot.take()),
    }
    Ok(())
}

// ---- getset_descriptor ---------------------------------------------------------------------------------------------

/// `getset_descriptor`
pub static GETSET_TYPE: TypeDef = TypeDef {
    name: "getset_descriptor",
    layout: Layout::GetSet,
    flags: TypeFlags::NO_NEW,
    slots: Slots { repr: Some(getset_repr), get: Some(getset_get), set: Some(getset_set), ..Slots::NONE },
    getset: GETSET_GETSET,
    ..TypeDef::EMPTY
};

fn getset(value: &Value) -> &GetSetObj {
    value.get().expect("a method of getset_descriptor is called with one")
}

static GETSET_GETSET: &[GetSet] = &[
    getter("__objclass__", |_, this| Ok(getset(this).owner.clone()), ""),
    getter("__name__", |vm, this| vm.intern(getset(this).def.name), ""),
    getter("__doc__", |vm, this| doc_of(vm, getset(this).def.doc), ""),
    getter("__qualname__", |vm, this| qualified(vm, &getset(this).owner, getset(this).def.name), ""),
];

/// A docstring from a row: None if it is empty.
fn doc_of(vm: &Vm, doc: &str) -> Res {
    if doc.is_empty() { Ok(Value::NONE) } else { vm.str(doc) }
}

fn getset_repr(vm: &Vm, this: &Value) -> Res {
    let this = getset(this);
    vm.display(format_args!("<attribute '{}' of '{}' objects>", this.def.name, owner_name(vm, &this.owner)))
}

fn getset_get(vm: &Vm, this: &Value, owner: Option<&Value>, _: &Value) -> Res {
    let Some(owner) = owner else { return Ok(this.clone()) };
    let this = getset(this);
    check_instance(vm, &this.owner, this.def.name, owner)?;
    // An attribute may be another one's attribute, and so on.
    vm.check_stack()?;
    let value = (this.def.get)(vm, owner)?;
    // What the collector has cleared is seen by nobody; if it were, it would be empty.
    Ok(if value.is_unbound() { Value::NONE } else { value })
}

fn getset_set(vm: &Vm, this: &Value, owner: &Value, value: Option<&Value>) -> Res<()> {
    let this = getset(this);
    check_instance(vm, &this.owner, this.def.name, owner)?;
    match this.def.set {
        Some(set) => set(vm, owner, value),
        None if this.is_field() => Err(vm.attribute_error("readonly attribute")),
        None => Err(vm.attribute_error(format_args!(
            "attribute '{}' of '{}' objects is not writable",
            this.def.name,
            owner_name(vm, &this.owner)
        ))),
    }
}
