//! Type objects: the payload of `type`, and how builtin types are described.
//!
//! A builtin type is a static [`TypeDef`] in its own file: name, layout, slots, and tables of methods and attributes. The
//! VM makes a `TypeObj` of each at start. Classes written in Python are made by `class.rs`.
//!
//! # Caches
//!
//! Whoever caches the result of [`TypeObj::lookup`], or the place where it lies, guards it with the VM's *epoch*, which moves whenever
//! an attribute of a type that somebody may have cached changes (see `Vm::type_changed`). Where one mere value replaces another in
//! its place (`type_type::put`), the epoch stands: such values are not cached, but their places.

use std::cell::{Cell, RefCell, UnsafeCell};
use std::sync::atomic::{AtomicU64, Ordering};

use ryokan_alloc::{Header, ObjPtr, ShapeId};

use super::native::{GetSet, Method};
use super::slots::{Live, Slots};
use super::{Layout, Object, Ref, payload_value};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::str::{StrBuilder, Text};
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

bitflags::bitflags! {
    /// Properties of a type.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct TypeFlags: u32 {
        /// Classes may inherit from it.
        const BASETYPE = 1 << 0;
        /// Written in Python: its attributes can be changed.
        const HEAP = 1 << 1;
        /// Instances have a `__dict__`.
        const HAS_DICT = 1 << 2;
        /// Weak references to instances are possible.
        const HAS_WEAKREF = 1 << 3;
        /// `match` takes it for a sequence.
        const SEQUENCE = 1 << 4;
        /// `match` takes it for a mapping.
        const MAPPING = 1 << 5;
        /// A class pattern with one positional argument matches the subject itself.
        const MATCH_SELF = 1 << 6;
        /// Calling the type does not go through `__new__` (abstract or internal).
        const NO_NEW = 1 << 7;
        /// Subclasses of exceptions.
        const EXCEPTION = 1 << 8;
        /// Has abstract methods: cannot be instantiated.
        const ABSTRACT = 1 << 9;
        /// A builtin type whose instances have fields that its base's have not, though the payload is of one kind.
        const FIELDS = 1 << 10;
        /// The dict of instances is not shown as `__dict__`.
        const HIDDEN = 1 << 11;
        /// Its instances stand for types: `|` makes unions of them.
        const UNIONABLE = 1 << 12;
        /// A builtin type that programs may give attributes, though no special methods.
        const MUTABLE = 1 << 13;
        /// Its items are asked for by keys, and it is no sequence: nobody iterates over it who does not find an `__iter__`.
        const KEYED = 1 << 14;
        /// Its items are asked for by their places alone: for `%` it is no mapping.
        const COUNTED = 1 << 15;
    }
}

/// A builtin type, as its file describes it.
pub struct TypeDef {
    /// `__name__`; a dot separates the module from it if it is not `builtins`.
    pub name: &'static str,
    /// The payload of instances.
    pub layout: Layout,
    /// The base; `None` means `object`.
    pub base: Option<&'static TypeDef>,
    /// Its properties.
    pub flags: TypeFlags,
    /// `__doc__`
    pub doc: &'static str,
    /// `__text_signature__`, of a native type.
    pub signature: Option<&'static str>,
    /// The slots it has itself; others are inherited.
    pub slots: Slots,
    /// Methods.
    pub methods: &'static [Method],
    /// Attributes computed on access.
    pub getset: &'static [GetSet],
    /// What a call of this very type with positional arguments gives where it is known at once; otherwise `__new__` and `__init__` are asked.
    pub construct: Option<fn(&Vm, &[Value]) -> Option<Res>>,
    /// Appends the repr of an instance of this very type to a text. With it, what is nested is written once, and not copied at each level.
    pub write: Option<Write>,
}

/// How the repr of an object is appended to a text.
pub type Write = fn(&Vm, &Value, &mut StrBuilder<'_>) -> Res<()>;

impl TypeDef {
    /// A description without slots, methods or attributes, to be completed with `..`.
    pub const EMPTY: TypeDef = TypeDef {
        name: "",
        layout: Layout::Instance,
        base: None,
        flags: TypeFlags::empty(),
        doc: "",
        signature: None,
        slots: Slots::NONE,
        methods: &[],
        getset: &[],
        construct: None,
        write: None,
    };
}

/// A type that the VM knows by name.
pub struct TypeRef(Value);

impl TypeRef {
    /// Not made yet.
    pub const fn empty() -> TypeRef {
        TypeRef(Value::UNBOUND)
    }
    /// Fills it in, at boot.
    pub fn set(&self, value: Value) {
        self.0.set(value);
    }
    /// A new reference.
    pub fn to_value(&self) -> Value {
        self.0.clone()
    }
    /// The value.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

impl std::ops::Deref for TypeRef {
    type Target = TypeObj;
    #[inline(always)]
    fn deref(&self) -> &TypeObj {
        debug_assert!(!self.0.is_unbound());
        // SAFETY: set at boot to a type object that lives as long as the VM.
        unsafe { &*(self.0.word().0 as *const TypeObj) }
    }
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
    /// The bases among whose subclasses it is listed: a tuple, or empty while it is not listed.
    listed_in: Value,
    /// What its own `__slots__` name, sorted: a tuple, or empty.
    pub members: Value,
    /// The direct subclasses: a dict whose keys are their addresses, or empty while there are none. It owns no subclass.
    subclasses: Value,
    /// Names of instance attributes, kept for the shapes: a list, or None.
    names: RefCell<Vec<Value>>,
    /// What operators mean.
    slots: UnsafeCell<Live>,
    /// Its properties.
    pub flags: Cell<TypeFlags>,
    /// The payload of instances.
    pub layout: Layout,
    /// The shape of a new instance.
    pub root: Cell<ShapeId>,
    /// The shapes of instances in dict mode, one a capacity.
    dict_shapes: RefCell<Vec<ShapeId>>,
    /// Roots of earlier, smaller capacities.
    old_roots: RefCell<Vec<ShapeId>>,
    /// Words of `__slots__`, inherited ones included.
    pub slot_words: Cell<u16>,
    /// How many attributes a new instance gets room for.
    pub capacity: Cell<u16>,
    /// The epoch at which its `__init__` was looked for, and the function that a call runs on a plain instance, if there is one.
    pub init_cache: Cell<(u32, Word)>,
    /// The epoch in which its instances claim no other class than their own.
    pub claims: Cell<u32>,
    /// The static description, for builtin types.
    pub def: Option<&'static TypeDef>,
    /// What the bodies of instances are, if the layout is `Native`.
    pub kind: Cell<Option<&'static super::kind::Kind>>,
    /// Its number: caches know a class by it.
    pub number: TypeNumber,
}

/// Where a name was found on a type: the slot of a class's dict, or nowhere. While the epoch stands, it is there, for whoever moves a
/// class's values ends the epoch first. The name is kept, lest another at its address be taken for it.
pub struct Remembrance {
    ty: Cell<usize>,
    name: Value,
    epoch: Cell<u32>,
    found: Cell<*const Value>,
}

impl Default for Remembrance {
    fn default() -> Remembrance {
        Remembrance {
            ty: Cell::new(0),
            name: Value::UNBOUND,
            epoch: Cell::new(0),
            found: Cell::new(std::ptr::null()),
        }
    }
}

impl Remembrance {
    /// What was found for the name on the type, if that is what it is about.
    #[inline(always)]
    pub fn get(&self, ty: &TypeObj, name: &Value, epoch: u32) -> Option<Option<Value>> {
        let same = self.ty.get() == std::ptr::from_ref(ty) as usize
            && self.name.word() == name.word()
            && self.epoch.get() == epoch;
        // SAFETY: no dict of a class has changed since the place was found in one.
        same.then(|| unsafe { self.found.get().as_ref() }.cloned())
    }
    /// Remembers.
    pub fn set(&self, ty: &TypeObj, name: &Value, epoch: u32, found: Option<&Value>) {
        self.ty.set(std::ptr::from_ref(ty) as usize);
        self.name.set(name.clone());
        self.epoch.set(epoch);
        self.found.set(found.map_or(std::ptr::null(), std::ptr::from_ref));
    }
    /// The name that it keeps.
    pub fn name(&self) -> &Value {
        &self.name
    }
}

/// The number of a type, which no other one has or will have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct TypeNumber(pub u32);

impl TypeNumber {
    /// What types have that are made once all numbers have been used.
    pub const NONE: TypeNumber = TypeNumber(0);

    /// The next one.
    fn next() -> TypeNumber {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        u32::try_from(NEXT.fetch_add(1, Ordering::Relaxed)).map_or(TypeNumber::NONE, TypeNumber)
    }
}

// SAFETY: repr(C) with the header first; `trace` visits each owned value.
unsafe impl Object for TypeObj {
    const LAYOUT: Layout = Layout::Type;
    const TRACKED: bool = true;
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.shown().into_iter().for_each(&mut *visit);
        for value in [&self.dict, &self.listed_in, &self.members, &self.subclasses] {
            visit(value);
        }
        // SAFETY: nobody adds a name while the collector or the free runs over this object.
        for name in unsafe { &*self.names.as_ptr() } {
            visit(name);
        }
    }
    fn clear(&self) {
        // No cache may name what goes.
        crate::vm::with_current(Vm::bump_epoch);
        if let Some(dict) = self.dict.get::<Dict>() {
            dict.clear_all();
        }
        // The MRO holds the type itself: the cycle that every type is. (No cycle goes through bases alone.)
        self.mro.set(Value::UNBOUND);
    }
    fn dying(&self) {
        crate::vm::with_current(|vm| self.forget(vm));
    }
}

impl TypeObj {
    /// The type dies: its shapes, and its bases' memory of it, go. With the VM, all go at once.
    fn forget(&self, vm: &Vm) {
        if vm.closing.get() {
            return;
        }
        self.unlist();
        if self.has(TypeFlags::HEAP) {
            for root in self.all_roots() {
                if !root.is_none() {
                    vm.shapes.drop_tree(vm, root);
                }
            }
        }
        vm.bump_epoch();
    }
    /// What it owns and a script may see.
    pub fn shown(&self) -> [&Value; 5] {
        [&self.name, &self.qualname, &self.bases, &self.mro, &self.base]
    }
    /// A payload with nothing known but name and layout.
    pub fn new(head: Header, name: Value, layout: Layout, flags: TypeFlags) -> TypeObj {
        TypeObj {
            head,
            qualname: name.clone(),
            name,
            dict: Value::UNBOUND,
            bases: Value::UNBOUND,
            mro: Value::UNBOUND,
            base: Value::NONE,
            listed_in: Value::UNBOUND,
            members: Value::UNBOUND,
            subclasses: Value::UNBOUND,
            names: RefCell::default(),
            slots: UnsafeCell::new(Live::NONE),
            flags: Cell::new(flags),
            layout,
            root: Cell::new(ShapeId::NONE),
            dict_shapes: RefCell::default(),
            old_roots: RefCell::default(),
            slot_words: Cell::new(0),
            capacity: Cell::new(0),
            init_cache: Cell::new((0, Word::UNBOUND)),
            claims: Cell::new(0),
            def: None,
            kind: Cell::new(None),
            number: TypeNumber::next(),
        }
    }
    /// The slots. The reference must not be held across calls that run Python code.
    #[inline(always)]
    pub fn slots(&self) -> &Live {
        // SAFETY: `set_slots` replaces the whole; readers copy a function pointer out at once.
        unsafe { &*self.slots.get() }
    }
    /// Replaces the slots.
    pub fn set_slots(&self, slots: Slots) {
        // SAFETY: no reader holds the reference across this (see `slots`); one thread.
        unsafe { *self.slots.get() = Live::of(slots) }
    }
    /// Whether any of these flags is set.
    #[inline(always)]
    pub fn has(&self, flags: TypeFlags) -> bool {
        self.flags.get().intersects(flags)
    }
    /// Sets flags.
    pub fn add_flags(&self, flags: TypeFlags) {
        self.flags.set(self.flags.get() | flags);
    }
    /// A new reference.
    pub fn to_value(&self) -> Value {
        payload_value(self)
    }
    /// Counts the reference that a new instance holds to its class, if that is one of Python's.
    #[inline]
    pub fn hold_for_instance(&self) {
        if self.has(TypeFlags::HEAP) {
            std::mem::forget(self.to_value());
        }
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
        self.find_place(name).map(|(_, found)| found.clone())
    }
    /// The slot, in the dict of a class of the MRO, that holds the attribute; and that dict.
    pub fn find_place(&self, name: &Value) -> Option<(&Dict, &Value)> {
        for class in self.mro_items() {
            let dict = class.get::<TypeObj>()?.dict.get::<Dict>();
            if let Some((dict, found)) = dict.and_then(|dict| Some((dict, dict.get_name(name)?))) {
                return Some((dict, found));
            }
        }
        None
    }
    /// Sets an attribute, whatever the descriptors. Caches that know where the dict's values lie are void if they have moved.
    pub fn set_own(&self, vm: &Vm, name: &Value, value: Value) -> Res<()> {
        let version = self.dict().version();
        self.dict().set_name(vm, name, value)?;
        self.dict_moved(vm, version);
        Ok(())
    }
    /// Deletes an attribute; gives what it was.
    pub fn remove_own(&self, vm: &Vm, name: &Value) -> Option<Value> {
        let version = self.dict().version();
        let old = self.dict().remove_name(name);
        self.dict_moved(vm, version);
        old
    }
    /// A cache of a place has made sure of a version, which keys that come or go void.
    fn dict_moved(&self, vm: &Vm, version: u32) {
        if version != self.dict().version() {
            vm.bump_epoch();
        }
    }
    /// Whether it is `other` or inherits from it.
    pub fn is_subtype(&self, other: &TypeObj) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        let mro = self.mro_items();
        crate::fuel::owe_bytes(mro.len() * 8);
        mro.iter().any(|class| class.word() == other.word())
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
    pub fn full_name(&self, vm: &Vm) -> Text {
        if let (Some(def), false) = (self.def, self.has(TypeFlags::HEAP)) {
            return def.name.strip_prefix("builtins.").unwrap_or(def.name).into();
        }
        let name = vm.text(&self.qualname);
        match self.dict().get_name(&vm.names.__module__) {
            Some(module) if vm.is_str(module) && vm.text(module) != "builtins" => {
                Text::written(vm, format_args!("{}.{name}", vm.text(module)))
            }
            _ => name,
        }
    }
    /// The shape of instances in dict mode that passes, if one of them does.
    pub fn find_dict_shape(&self, mut passes: impl FnMut(ShapeId) -> bool) -> Option<ShapeId> {
        self.dict_shapes.borrow().iter().copied().find(|id| passes(*id))
    }
    /// One more of them.
    pub fn add_dict_shape(&self, id: ShapeId) {
        self.dict_shapes.borrow_mut().push(id);
    }
    /// Makes a shape the one of new instances.
    pub fn set_root(&self, id: ShapeId) {
        let old = self.root.replace(id);
        if !old.is_none() {
            self.old_roots.borrow_mut().push(old);
        }
    }
    /// Every root shape that the type ever had.
    pub fn all_roots(&self) -> Vec<ShapeId> {
        let mut list = self.old_roots.borrow().clone();
        list.extend(self.dict_shapes.borrow().iter());
        list.push(self.root.get());
        list
    }

    // ---- subclasses ------------------------------------------------------------------------------------------------

    /// Lists the type among the subclasses of its bases, and no more among those of earlier ones.
    pub fn list_in_bases(&self, vm: &Vm) -> Res<()> {
        self.unlist();
        self.listed_in.set(self.bases.clone());
        let bases = self.bases.get::<Tuple>().map_or(&[][..], Tuple::items);
        for base in bases.iter().filter_map(|base| base.get::<TypeObj>()) {
            if base.subclasses.is_unbound() {
                let made = vm.new_dict()?.into_value();
                // SAFETY: the dict was just made, and is tracked. The collector need not know one of addresses.
                unsafe { vm.heap().untrack(made.word().ptr()) };
                base.subclasses.set(made);
            }
            if let Some(listed) = base.subclasses.get::<Dict>() {
                listed.add_address(vm, super::payload_ptr(self).addr())?;
            }
        }
        Ok(())
    }
    /// Takes the type out of the lists of subclasses that it is in.
    pub fn unlist(&self) {
        let bases = self.listed_in.take();
        let bases = bases.get::<Tuple>().map_or(&[][..], Tuple::items);
        for listed in bases.iter().filter_map(|base| base.get::<TypeObj>()?.subclasses.get::<Dict>()) {
            listed.remove_address(super::payload_ptr(self).addr());
        }
    }
    /// New references to the direct subclasses.
    pub fn subclasses(&self) -> Vec<Ref<TypeObj>> {
        let Some(listed) = self.subclasses.get::<Dict>() else { return Vec::new() };
        let alive = |address| {
            let ptr: ObjPtr = super::payload_ptr(self).with_addr(address);
            // SAFETY: a type leaves the list before its block is freed (`forget`); one whose count is 0 is on its way
            // there, and must not come back.
            unsafe { (ptr.as_ref().refs() != 0).then(|| Value::from_ptr(ptr)) }
        };
        listed.addresses().filter_map(alive).filter_map(|ty| Ref::from_value(ty).ok()).collect()
    }
}
