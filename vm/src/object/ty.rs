//! Type objects: the payload of `type`, and how builtin types are described.
//!
//! A builtin type is a static [`TypeDef`] in its own file: name, layout, slots, and tables of methods and attributes. The
//! VM makes a `TypeObj` of each at start. Classes written in Python are made by `class.rs`.
//!
//! # Caches
//!
//! Whoever caches the result of [`TypeObj::lookup`] guards it with the VM's *epoch*, which moves whenever an attribute of
//! a type that somebody may have cached changes (see `Vm::type_changed`).

use std::cell::{Cell, RefCell, UnsafeCell};

use ryokan_alloc::{Header, ObjPtr};

use super::native::{GetSet, Method};
use super::slots::Slots;
use super::{Layout, Object, Ref, payload_value};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Properties of a type.
pub mod type_flag {
    /// Classes may inherit from it.
    pub const BASETYPE: u32 = 1;
    /// Written in Python: its attributes can be changed.
    pub const HEAP: u32 = 2;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u32 = 4;
    /// Weak references to instances are possible.
    pub const HAS_WEAKREF: u32 = 8;
    /// `match` takes it for a sequence.
    pub const SEQUENCE: u32 = 16;
    /// `match` takes it for a mapping.
    pub const MAPPING: u32 = 32;
    /// A class pattern with one positional argument matches the subject itself.
    pub const MATCH_SELF: u32 = 64;
    /// Calling the type does not go through `__new__` (abstract or internal).
    pub const NO_NEW: u32 = 128;
    /// Subclasses of exceptions.
    pub const EXCEPTION: u32 = 256;
    /// `__init__` or `__new__` is written in Python somewhere in the MRO.
    pub const PYTHON_INIT: u32 = 512;
    /// `__getattr__` or `__getattribute__` is written in Python.
    pub const PYTHON_GETATTR: u32 = 1024;
    /// Has abstract methods: cannot be instantiated.
    pub const ABSTRACT: u32 = 2048;
}

/// A builtin type, as its file describes it.
pub struct TypeDef {
    /// `__name__`; a dot separates the module from it if it is not `builtins`.
    pub name: &'static str,
    /// The payload of instances.
    pub layout: Layout,
    /// The base; `None` means `object`.
    pub base: Option<&'static TypeDef>,
    /// Of [`type_flag`].
    pub flags: u32,
    /// `__doc__`
    pub doc: &'static str,
    /// The slots it has itself; others are inherited.
    pub slots: Slots,
    /// Methods.
    pub methods: &'static [Method],
    /// Attributes computed on access.
    pub getset: &'static [GetSet],
}

impl TypeDef {
    /// A description without slots, methods or attributes, to be completed with `..`.
    pub const EMPTY: TypeDef = TypeDef {
        name: "",
        layout: Layout::Instance,
        base: None,
        flags: 0,
        doc: "",
        slots: Slots::NONE,
        methods: &[],
        getset: &[],
    };
}

/// The payload of a type object.
#[repr(C)]
pub struct TypeObj {
    head: Header,
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    /// Attributes.
    pub dict: Value,
    /// `__bases__`, a tuple.
    pub bases: Value,
    /// `__mro__`, a tuple.
    pub mro: Value,
    /// `__base__`: the base whose payload instances share; None for `object`.
    pub base: Value,
    /// Names of instance attributes, kept for the shapes: a list, or None.
    names: RefCell<Vec<Value>>,
    /// What operators mean.
    slots: UnsafeCell<Slots>,
    /// Of [`type_flag`].
    pub flags: Cell<u32>,
    /// The payload of instances.
    pub layout: Layout,
    /// The shape of a new instance.
    pub root: Cell<u32>,
    /// The shapes of instances in dict mode, one a capacity.
    dict_shapes: RefCell<Vec<u32>>,
    /// Roots of earlier, smaller capacities.
    old_roots: RefCell<Vec<u32>>,
    /// Words of `__slots__`, inherited ones included.
    pub slot_words: Cell<u16>,
    /// How many attributes a new instance gets room for.
    pub capacity: Cell<u16>,
    /// The epoch at which its `__init__` was looked for, and the function that a call runs on a plain instance, if there is one.
    pub init_cache: Cell<(u32, Word)>,
    /// Direct subclasses, not owned.
    subclasses: RefCell<Vec<ObjPtr>>,
    /// The static description, for builtin types.
    pub def: Option<&'static TypeDef>,
}

// SAFETY: repr(C) with the header first; `trace` visits each owned value.
unsafe impl Object for TypeObj {
    const LAYOUT: Layout = Layout::Type;
    const TRACKED: bool = true;
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        for value in [&self.name, &self.qualname, &self.dict, &self.bases, &self.mro, &self.base] {
            visit(value);
        }
        // SAFETY: nobody adds a name while the collector or the free runs over this object.
        for name in unsafe { &*self.names.as_ptr() } {
            visit(name);
        }
    }
    fn clear(&self) {
        if let Some(dict) = self.dict.get::<Dict>() {
            dict.clear_all();
        }
        // The MRO holds the type itself: the cycle that every type is.
        self.mro.set(Value::UNBOUND);
        self.bases.set(Value::UNBOUND);
    }
    unsafe fn finish(this: *mut Self) {
        // SAFETY: the object is dead.
        unsafe {
            crate::object::class::forget_type(&*this);
            std::ptr::drop_in_place(this);
        }
    }
}

impl TypeObj {
    /// A payload with nothing known but name and layout.
    pub fn new(head: Header, name: Value, layout: Layout, flags: u32) -> TypeObj {
        TypeObj {
            head,
            qualname: name.clone(),
            name,
            dict: Value::UNBOUND,
            bases: Value::UNBOUND,
            mro: Value::UNBOUND,
            base: Value::NONE,
            names: RefCell::default(),
            slots: UnsafeCell::new(Slots::NONE),
            flags: Cell::new(flags),
            layout,
            root: Cell::new(0),
            dict_shapes: RefCell::default(),
            old_roots: RefCell::default(),
            slot_words: Cell::new(0),
            capacity: Cell::new(0),
            init_cache: Cell::new((0, Word::UNBOUND)),
            subclasses: RefCell::default(),
            def: None,
        }
    }
    /// The slots. The reference must not be held across calls that run Python code.
    #[inline(always)]
    pub fn slots(&self) -> &Slots {
        // SAFETY: `set_slots` replaces the whole; readers copy a function pointer out at once.
        unsafe { &*self.slots.get() }
    }
    /// Replaces the slots.
    pub fn set_slots(&self, slots: Slots) {
        // SAFETY: no reader holds the reference across this (see `slots`); one thread.
        unsafe { *self.slots.get() = slots }
    }
    /// Whether a flag is set.
    #[inline(always)]
    pub fn has(&self, flag: u32) -> bool {
        self.flags.get() & flag != 0
    }
    /// Sets a flag.
    pub fn add_flags(&self, flags: u32) {
        self.flags.set(self.flags.get() | flags);
    }
    /// A new reference.
    pub fn to_value(&self) -> Value {
        payload_value(self)
    }
    /// Its word, borrowed.
    pub fn word(&self) -> Word {
        Word::from_ptr(super::payload_ptr(self))
    }
    /// The namespace.
    pub fn dict(&self) -> &Dict {
        self.dict.get::<Dict>().expect("a type has a dict from its birth to its end")
    }
    /// The classes of the MRO.
    pub fn mro_items(&self) -> &[Value] {
        self.mro.get::<Tuple>().map_or(&[], |mro| mro.items())
    }
    /// Finds an attribute along the MRO. `name` must be an interned str.
    pub fn lookup(&self, vm: &Vm, name: &Value) -> Option<Value> {
        vm.type_cache_lookup(self, name)
    }
    /// The uncached form of [`TypeObj::lookup`].
    pub fn lookup_slow(&self, name: &Value) -> Option<Value> {
        for class in self.mro_items() {
            let class = class.get::<TypeObj>()?;
            if let Some(found) = class.dict.get::<Dict>().and_then(|d| d.get_name(name)) {
                return Some(found.clone());
            }
        }
        None
    }
    /// Whether it is `other` or inherits from it.
    pub fn is_subtype(&self, other: &TypeObj) -> bool {
        std::ptr::eq(self, other) || self.mro_items().iter().any(|class| class.word() == other.word())
    }
    /// Keeps a name alive for the shapes.
    pub fn keep_name(&self, vm: &Vm, name: Word) -> Res<()> {
        let mut names = self.names.borrow_mut();
        if !names.iter().any(|n| n.word() == name) {
            if names.try_reserve(1).is_err() {
                return Err(vm.no_memory());
            }
            // SAFETY: the word is of an interned str that the caller holds.
            names.push(unsafe { Value::from_ptr(name.ptr()) });
        }
        Ok(())
    }
    /// `__module__`-qualified name, as `repr` shows it: without `builtins.`.
    pub fn full_name(&self, vm: &Vm) -> String {
        let name = vm.text(&self.qualname);
        match self.dict().get_name(&vm.names.__module__) {
            Some(module) if vm.is_str(module) && vm.text(module) != "builtins" => {
                format!("{}.{}", vm.text(module), name)
            }
            _ => name.to_string(),
        }
    }
    /// The shapes of instances in dict mode.
    pub fn dict_shapes(&self) -> Vec<u32> {
        self.dict_shapes.borrow().clone()
    }
    /// One more of them.
    pub fn add_dict_shape(&self, id: u32) {
        self.dict_shapes.borrow_mut().push(id);
    }
    /// Makes a shape the one of new instances.
    pub fn set_root(&self, id: u32) {
        let old = self.root.replace(id);
        if old != 0 {
            self.old_roots.borrow_mut().push(old);
        }
    }
    /// Every root shape that the type ever had.
    pub fn all_roots(&self) -> Vec<u32> {
        let mut list = self.old_roots.borrow().clone();
        list.extend(self.dict_shapes());
        list.push(self.root.get());
        list
    }
    /// Remembers a subclass (not owned).
    pub fn add_subclass(&self, sub: ObjPtr) {
        self.subclasses.borrow_mut().push(sub);
    }
    /// Forgets a subclass.
    pub fn remove_subclass(&self, sub: ObjPtr) {
        self.subclasses.borrow_mut().retain(|s| *s != sub);
    }
    /// New references to the direct subclasses.
    pub fn subclasses(&self) -> Vec<Ref<TypeObj>> {
        let list = self.subclasses.borrow().clone();
        // SAFETY: a subclass leaves the list before it dies (`forget_type`).
        list.iter().filter_map(|s| Ref::from_value(unsafe { Value::from_ptr(*s) }).ok()).collect()
    }
}
