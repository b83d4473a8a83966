//! Descriptors: what the dict of a type holds for attributes, special methods and methods that are written in Rust.
//!
//! `member_descriptor` (a word named by `__slots__`) and `getset_descriptor` (a computed attribute) are here;
//! `wrapper.rs` has the special methods of builtin types, `native.rs` functions and methods.

use ryokan_alloc::Header;

use crate::object::Layout;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeObj, type_flag};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

mod native;
mod wrapper;
mod wrapper_docs;

pub use native::{NATIVE_TYPE, call_checked, check_receiver};
pub use wrapper::{SlotWrapper, WRAPPER_TYPE};

/// The payload of `member_descriptor`.
#[repr(C)]
pub struct Member {
    head: Header,
    /// The class.
    owner: Value,
    /// The attribute's name.
    name: Value,
    /// The word of the object that holds the value; [`READ_ONLY`] if it cannot be set.
    index: u16,
}

const READ_ONLY: u16 = 1 << 15;

impl Member {
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
    /// The word of the object that holds the value.
    pub fn word_index(&self) -> u16 {
        self.index & !READ_ONLY
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
    vm.new_tuple(vec![vm.builtin("getattr")?, args])
}

// ---- member_descriptor ---------------------------------------------------------------------------------------------

/// `member_descriptor`
pub static MEMBER_TYPE: TypeDef = TypeDef {
    name: "member_descriptor",
    layout: Layout::Member,
    flags: type_flag::NO_NEW,
    slots: Slots { repr: Some(member_repr), get: Some(member_get), set: Some(member_set), ..Slots::NONE },
    methods: MEMBER_METHODS,
    getset: MEMBER_GETSET,
    ..TypeDef::EMPTY
};

fn member(value: &Value) -> &Member {
    value.get().expect("a method of member_descriptor is called with one")
}

static MEMBER_METHODS: &[Method] = &[method(
    "__reduce__",
    "($self, /)",
    Call::One(|vm, this| reduce_with(vm, &member(this).owner, &vm.text(&member(this).name))),
    "",
)];
static MEMBER_GETSET: &[GetSet] = &[
    getter("__name__", |_, this| Ok(member(this).name.clone()), ""),
    getter("__objclass__", |_, this| Ok(member(this).owner.clone()), ""),
    getter("__qualname__", |vm, this| qualified(vm, &member(this).owner, &vm.text(&member(this).name)), ""),
    getter("__doc__", |_, _| Ok(Value::NONE), ""),
];

fn member_repr(vm: &Vm, this: &Value) -> Res {
    let this = member(this);
    vm.display(format_args!(
        "<member '{}' of '{}' objects>",
        vm.text(&this.name),
        owner_name(vm, &this.owner)
    ))
}

fn member_get(vm: &Vm, this: &Value, owner: Option<&Value>, _: &Value) -> Res {
    let Some(owner) = owner else { return Ok(this.clone()) };
    let this = member(this);
    check_instance(vm, &this.owner, &vm.text(&this.name), owner)?;
    match vm.word_slot(owner, this.word_index()).bound() {
        Some(value) => Ok(value.clone()),
        None => Err(vm.empty_slot(owner, &this.name)),
    }
}

fn member_set(vm: &Vm, this: &Value, owner: &Value, value: Option<&Value>) -> Res<()> {
    let this = member(this);
    check_instance(vm, &this.owner, &vm.text(&this.name), owner)?;
    if this.is_read_only() {
        return Err(vm.attribute_error("readonly attribute"));
    }
    let slot = vm.word_slot(owner, this.index);
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
    flags: type_flag::NO_NEW,
    slots: Slots { repr: Some(getset_repr), get: Some(getset_get), set: Some(getset_set), ..Slots::NONE },
    getset: GETSET_GETSET,
    ..TypeDef::EMPTY
};

fn getset(value: &Value) -> &GetSetObj {
    value.get().expect("a method of getset_descriptor is called with one")
}

static GETSET_GETSET: &[GetSet] = &[
    getter("__name__", |vm, this| vm.intern(getset(this).def.name), ""),
    getter("__objclass__", |_, this| Ok(getset(this).owner.clone()), ""),
    getter("__qualname__", |vm, this| qualified(vm, &getset(this).owner, getset(this).def.name), ""),
    getter("__doc__", |vm, this| doc_of(vm, getset(this).def.doc), ""),
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
        None => Err(vm.attribute_error(format_args!(
            "attribute '{}' of '{}' objects is not writable",
            this.def.name,
            owner_name(vm, &this.owner)
        ))),
    }
}
