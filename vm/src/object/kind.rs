//! Open native types: objects whose body is a Rust struct of any crate.
//!
//! The layouts of `layout.rs` are a closed list, which the VM's own types come out of. Every other native type shares the one
//! layout `Native`: a header, the address of the type's [`Kind`], and the body. The kind knows how to trace, clear and drop the
//! body. It is a static with something mutable in it, so no two share an address: one compare tells what the body is.
//!
//! ```text
//! [refs | shape][&'static Kind][body: T]     NativeObject<T>
//! ```
//!
//! A kind has a number, the same in each Vm of the process, at which a Vm keeps the type that it made of it.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::Deref;

use ryokan_alloc::{Header, HeaderFlags, ObjPtr};

use super::layout::Layout;
use super::native::KnownRows;
use super::number::Number;
use super::payload::Trace;
pub use super::short::Pair;
use super::short::Short;
use super::ty::{TypeDef, TypeFlags, TypeObj};
use super::{Object, Ref};
use crate::raised::Res;
use crate::types::classes::builtin::complete;
use crate::types::classes::class::{NATIVE_DICT_ROW, add_dict_attribute, allocate, own_shape, payload_words};
use crate::value::{Value, Word};
use crate::vm::Vm;

/// The context that native code is given: what it may ask of the interpreter (`native/cx.rs`).
#[repr(transparent)]
pub struct Cx(Vm);

impl Cx {
    /// The context of a Vm.
    #[inline(always)]
    pub fn of(vm: &Vm) -> &Cx {
        // SAFETY: `Cx` is a `Vm` and nothing else, under another name.
        unsafe { &*std::ptr::from_ref(vm).cast::<Cx>() }
    }
    /// The Vm, for this crate.
    #[inline(always)]
    pub(crate) fn vm(&self) -> &Vm {
        &self.0
    }
}

/// A Rust struct that is the body of a native type's instances: see `native_type!`, which writes this.
///
/// # Safety
/// `KIND` is made by [`Kind::of`] of this very type, in a static of its own. If it is made with [`Kind::beginning_with`], the type
/// is `repr(C)`, and its first field is the body of that other kind.
pub unsafe trait NativeType: Trace + Sized + 'static {
    /// The kind.
    const KIND: &'static Kind;
    /// The body, if a value is an instance of the type. (One that extends a builtin type has none but the type itself.)
    #[inline(always)]
    fn receive<'a>(_: &Cx, value: &'a Value) -> Option<&'a Self> {
        value.body()
    }
}

/// Makes a struct the body of a native type: for `native_type!` and `native_state!`, which write the static that its kind lies in.
#[doc(hidden)]
#[macro_export]
macro_rules! native_body {
    ($T:ident, $kind:expr $(, $receive:item)?) => {
        // SAFETY: the kind is a static of its own, made of this type.
        unsafe impl $crate::native::NativeType for $T {
            const KIND: &'static $crate::native::written::Kind = $kind;
            $($receive)?
        }
    };
}

/// A native type, once for the process. See the module's page.
pub struct Kind {
    /// The description.
    pub def: &'static TypeDef,
    /// The builtin type that it extends, and by how many members; otherwise it has a body and `object` for its base.
    extends: Option<(fn(&Vm) -> &TypeObj, u16)>,
    /// The native type that is its base, which has no fields (then `object`, or what it extends, is that one's base), or whose body its own
    /// body begins with.
    under: Option<&'static Kind>,
    /// Whether it is the latter.
    begins: bool,
    number: Number,
    /// Bytes of a payload.
    bytes: usize,
    tracked: bool,
    pub(super) short: Short,
    trace: unsafe fn(ObjPtr, &mut dyn FnMut(&Value)),
    each_field: unsafe fn(ObjPtr, &mut dyn FnMut(&'static str, &Value)),
    clear: unsafe fn(ObjPtr),
    drop: unsafe fn(ObjPtr),
}

impl Kind {
    /// The kind of a type that extends a builtin one by so many members: it has no body.
    pub const fn extending<T: NativeType>(
        def: &'static TypeDef,
        base: fn(&Vm) -> &TypeObj,
        members: u16,
    ) -> Kind {
        Kind { extends: Some((base, members)), ..Kind::of::<T>(def) }
    }
    /// The kind of a body type.
    pub const fn of<T: NativeType>(def: &'static TypeDef) -> Kind {
        unsafe fn trace<T: NativeType>(ptr: ObjPtr, visit: &mut dyn FnMut(&Value)) {
            // SAFETY: the object's own kind calls this, so that the body is a `T`.
            unsafe { (*ptr.as_ptr().cast::<NativeObject<T>>()).body.trace(visit) }
        }
        unsafe fn each_field<T: NativeType>(ptr: ObjPtr, visit: &mut dyn FnMut(&'static str, &Value)) {
            // SAFETY: as above.
            unsafe { (*ptr.as_ptr().cast::<NativeObject<T>>()).body.each_field(visit) }
        }
        unsafe fn clear<T: NativeType>(ptr: ObjPtr) {
            // SAFETY: as above.
            unsafe { (*ptr.as_ptr().cast::<NativeObject<T>>()).body.clear() }
        }
        unsafe fn drop<T: NativeType>(ptr: ObjPtr) {
            // SAFETY: as above; the object is dead, and nobody uses its body again.
            unsafe { std::ptr::drop_in_place(&raw mut (*ptr.as_ptr().cast::<NativeObject<T>>()).body) }
        }
        const { assert!(align_of::<T>() <= 8, "a body has at most the alignment of a word") }
        Kind {
            def,
            extends: None,
            under: None,
            begins: false,
            number: Number::NONE,
            bytes: size_of::<NativeObject<T>>(),
            tracked: T::TRACES,
            short: Short::NONE,
            trace: trace::<T>,
            each_field: each_field::<T>,
            clear: clear::<T>,
            drop: drop::<T>,
        }
    }
    /// With another native type for its base, which has no fields.
    pub const fn under(mut self, base: &'static Kind) -> Kind {
        self.under = Some(base);
        self
    }
    /// With another native type for its base, whose body its own begins with.
    pub const fn beginning_with(mut self, base: &'static Kind) -> Kind {
        self.begins = true;
        self.under(base)
    }
    /// Whether a body of this kind begins with one of another. (A body that another one begins with begins with none itself.)
    #[inline(never)]
    fn begins_with(&self, other: &'static Kind) -> bool {
        self.begins && self.under.is_some_and(|base| std::ptr::eq(base, other))
    }
    /// With a short way of the method `write`.
    pub const fn write(mut self, write: fn(&Vm, &Value, &Value) -> Res<bool>) -> Kind {
        self.short.write = Some(write);
        self
    }
    /// With a way to tell which standard stream it is.
    pub const fn stream(mut self, stream: fn(&Vm, &Value) -> Option<u8>) -> Kind {
        self.short.stream = Some(stream);
        self
    }
    /// With a short way of `len`.
    pub const fn len(mut self, len: fn(&Value) -> Option<usize>) -> Kind {
        self.short.len = Some(len);
        self
    }
    /// With a short way of `getitem`.
    pub const fn item(mut self, item: fn(&Value, i64) -> Option<Value>) -> Kind {
        self.short.item = Some(item);
        self
    }
    /// With items of its own for who goes through a sequence.
    pub const fn numbered(mut self, numbered: fn(&Vm, &Value, i64) -> Res) -> Kind {
        self.short.numbered = Some(numbered);
        self
    }
    /// With a short way of `setitem`.
    pub const fn store(mut self, store: fn(&Vm, &Value, i64, &Value) -> bool) -> Kind {
        self.short.store = Some(store);
        self
    }
    /// With a way of `next` that makes no pairs.
    pub const fn pairs(mut self, pairs: fn(&Vm, &Value) -> Res<Pair>) -> Kind {
        self.short.pairs = Some(pairs);
        self
    }
    /// With a way of `next` that gives all items at once.
    pub const fn rest(mut self, rest: fn(&Vm, &Value, &Value) -> Res<()>) -> Kind {
        self.short.rest = Some(rest);
        self
    }
    /// Words of a payload.
    pub fn words(&self) -> u16 {
        self.bytes.div_ceil(8) as u16
    }
    /// Whether the collector must know the instances.
    pub fn is_tracked(&self) -> bool {
        self.tracked
    }
}

/// What the payloads of all native types begin with.
#[repr(C)]
pub struct NativeHead {
    head: Header,
    pub(super) kind: &'static Kind,
}

/// The whole payload.
#[repr(C)]
struct NativeObject<T> {
    head: NativeHead,
    body: T,
}

// SAFETY: repr(C) with the header first; the row of the layout `Native`. The rest is the duty of the kind, which the object was
// made with (`Vm::new_native_object`), and of the body's `Trace`. Its size is that of the kind.
unsafe impl Object for NativeHead {
    const LAYOUT: Layout = Layout::Native;
    const TRACKED: bool = true;
    const FIXED: bool = false;
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        // SAFETY: the object is live, and of this kind.
        unsafe { (self.kind.trace)(super::payload_ptr(self), visit) }
    }
    fn clear(&self) {
        // SAFETY: as above.
        unsafe { (self.kind.clear)(super::payload_ptr(self)) }
    }
    fn dying(&self) {
        // SAFETY: the object is dead, and of this kind; what is dropped after this is the head alone, which owns nothing.
        unsafe { (self.kind.drop)(super::payload_ptr(self)) }
    }
    fn size(&self) -> usize {
        self.kind.bytes
    }
}

/// Visits what the body of an instance of a native type refers to, each with the name of the field that it is in, if that is known.
pub fn each_field(value: &Value, visit: &mut dyn FnMut(&'static str, &Value)) {
    if let Some(head) = value.get::<NativeHead>() {
        // SAFETY: the object is live, and of this kind.
        unsafe { (head.kind.each_field)(super::payload_ptr(head), visit) }
    }
}

/// An owned reference to an instance of a native type.
pub struct Obj<T: NativeType>(Value, PhantomData<T>);

impl<T: NativeType> Obj<T> {
    /// Takes a value over if it is one of `T` or of a subclass.
    pub fn from_value(value: Value) -> Result<Obj<T>, Value> {
        if value.body::<T>().is_some() { Ok(Obj(value, PhantomData)) } else { Err(value) }
    }
    /// Another reference to a receiver.
    #[inline(always)]
    pub(crate) fn of_receiver(value: &Value) -> Obj<T> {
        assert!(T::KIND.extends.is_none(), "a type that extends a builtin one has no body");
        Obj(value.clone(), PhantomData)
    }
    /// The value.
    pub fn value(&self) -> &Value {
        &self.0
    }
    /// The value, still owned.
    pub fn into_value(self) -> Value {
        self.0
    }
}

impl<T: NativeType> Clone for Obj<T> {
    fn clone(&self) -> Self {
        Obj(self.0.clone(), PhantomData)
    }
}

// SAFETY: one value, visited once.
unsafe impl<T: NativeType> Trace for Obj<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.value());
    }
    /// It stays: whoever has the body may look through it at any time. A cycle has a place that can be set, or it could not have been
    /// made, and breaks there.
    fn clear(&self) {}
}

impl<T: NativeType> Deref for Obj<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: only made of an object whose kind is `T`'s or begins with it, which it keeps alive.
        unsafe { &(*(self.0.word().0 as *const NativeObject<T>)).body }
    }
}

impl Value {
    /// The body, if it is an instance of that very native type, or of a subclass of Python's: as [`Value::body`], where the type's own kind is
    /// asked for alone.
    #[inline(always)]
    pub fn own_body<T: NativeType>(&self) -> Option<&T> {
        let head = self.get::<NativeHead>()?;
        if !std::ptr::eq(head.kind, T::KIND) {
            return None;
        }
        // SAFETY: the kind says what the body is; `self` keeps the object alive.
        Some(unsafe { &(*std::ptr::from_ref(head).cast::<NativeObject<T>>()).body })
    }
    /// The body, if it is an instance of that native type or of a subclass. It stays where it is as long as the value is held.
    #[inline(always)]
    pub fn body<T: NativeType>(&self) -> Option<&T> {
        let head = self.get::<NativeHead>()?;
        if !std::ptr::eq(head.kind, T::KIND) && !head.kind.begins_with(T::KIND) {
            return None;
        }
        // SAFETY: the kind says what the body is or begins with, which lies where it would lie alone: at the least alignment that is
        // one of a word. `self` keeps the object alive.
        Some(unsafe { &(*std::ptr::from_ref(head).cast::<NativeObject<T>>()).body })
    }
}

/// The types that a Vm has made of kinds, and the state of its modules, by the numbers of their kinds; and the rows of functions that
/// somebody called by a parameter's name.
#[derive(Default)]
pub struct Natives {
    types: RefCell<Vec<Value>>,
    states: RefCell<Vec<Value>>,
    classes: RefCell<Vec<Value>>,
    pub(super) known_rows: KnownRows,
}

impl Natives {
    /// Visits the state of modules and their exceptions; the types are immortal.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.states.borrow().iter().for_each(&mut *visit);
        self.classes.borrow().iter().for_each(visit);
    }
    /// Lets go of the state of modules: the Vm ends.
    pub fn forget(&self) {
        let old = (self.states.take(), self.classes.take());
        drop(old);
    }
}

/// Puts a value at a number.
fn put(vm: &Vm, list: &RefCell<Vec<Value>>, number: usize, value: Value) -> Res<()> {
    let mut list = list.borrow_mut();
    while list.len() <= number {
        if list.try_reserve(1).is_err() {
            drop(list);
            return Err(vm.no_memory());
        }
        list.push(Value::UNBOUND);
    }
    list[number].set(value);
    Ok(())
}

/// A class that native code raises or makes, once for the process; each Vm makes its own at first use.
pub struct ClassKey {
    number: Number,
    make: fn(&Vm) -> Res,
}

impl ClassKey {
    /// A key for what `make` gives.
    pub const fn new(make: fn(&Vm) -> Res) -> ClassKey {
        ClassKey { number: Number::NONE, make }
    }
}

impl Vm {
    /// The type of a kind, made at first use; it lives as long as the Vm. Runs no Python; `MemoryError`.
    #[inline]
    pub fn native_type(&self, kind: &'static Kind) -> Res<&TypeObj> {
        let word = self.natives.types.borrow().get(kind.number.get()).map_or(Word::UNBOUND, Value::word);
        if word.is_unbound() {
            return self.make_native_type(kind);
        }
        // SAFETY: types of kinds are immortal.
        unsafe { word.get::<TypeObj>() }.ok_or(()).map_err(|()| self.system_error("a kind without its type"))
    }

    #[cold]
    fn make_native_type(&self, kind: &'static Kind) -> Res<&TypeObj> {
        let base: &TypeObj = match (kind.under, kind.extends) {
            (Some(base), _) => self.native_type(base)?,
            (None, Some((base, _))) => base(self),
            (None, None) => &self.types.object,
        };
        let begins = |base: &Kind| base.under.is_none() && base.extends.is_none() && base.bytes <= kind.bytes;
        assert!(
            match kind.under {
                None => true,
                Some(under) if kind.begins => begins(under),
                Some(_) => base.layout == Layout::Instance && base.slot_words.get() == 0,
            },
            "the base of a native type has no fields, or its body begins with them"
        );
        let (layout, flags) = match kind.extends {
            Some((_, 0)) if base.layout == Layout::Instance => (base.layout, kind.def.flags),
            Some((_, members)) => {
                let own_new = kind.def.slots.new.map_or(TypeFlags::NO_NEW, |_| TypeFlags::empty());
                let kept = TypeFlags::MAPPING | TypeFlags::SEQUENCE | TypeFlags::MATCH_SELF | own_new;
                let fields = if members > 0 { TypeFlags::FIELDS } else { TypeFlags::empty() };
                (base.layout, kind.def.flags | fields | base.flags.get() & kept)
            }
            None if kind.begins => (Layout::Native, kind.def.flags | TypeFlags::FIELDS),
            None if kind.def.slots.new.is_none() => (Layout::Native, kind.def.flags | TypeFlags::NO_NEW),
            None => (Layout::Native, kind.def.flags),
        };
        let made = allocate(self, kind.def.name, layout, flags, Some(kind.def))?;
        match kind.extends {
            Some((_, members)) => made.slot_words.set(base.slot_words.get() + members),
            None => made.kind.set(Some(kind)),
        }
        complete(self, &made, kind.def, base)?;
        if layout == Layout::Instance && kind.def.slots.new.is_none() {
            // It has no payload of its own: `object` makes its instances.
            made.flags.set(made.flags.get() - TypeFlags::NO_NEW);
        }
        add_dict_attribute(self, &made, &NATIVE_DICT_ROW)?;
        own_shape(self, &made)?;
        self.make_immortal(made.value());
        put(self, &self.natives.types, kind.number.get(), made.to_value())?;
        self.native_type(kind)
    }

    /// A new instance of a native type. Runs no Python; `MemoryError`.
    #[inline]
    pub fn new_native_object<T: NativeType>(&self, body: T) -> Res<Obj<T>> {
        let ty = self.native_type(T::KIND)?;
        self.native_of_type(ty, body)
    }

    /// A new instance of a class that is, or inherits from, a native type. Runs no Python; `MemoryError`, and `TypeError` for another
    /// class.
    pub fn native_of_class<T: NativeType>(&self, class: &Value, body: T) -> Res<Obj<T>> {
        let ty = self.expect_type(class)?;
        if T::KIND.extends.is_some()
            || !ty.kind.get().is_some_and(|kind| std::ptr::eq(kind, T::KIND))
            || ty.root.get().is_none()
        {
            return Err(
                self.type_error(format_args!("{}.__new__ is not for this class", self.text(&ty.name)))
            );
        }
        self.native_of_type(ty, body)
    }

    /// The same of a type whose kind is `T`'s.
    #[inline]
    fn native_of_type<T: NativeType>(&self, ty: &TypeObj, body: T) -> Res<Obj<T>> {
        assert!(ty.layout == Layout::Native, "what extends a builtin type is made by its class");
        let root = ty.root.get();
        let shape = self.shapes.get(root);
        let words = if shape.first == 0 { size_of::<NativeObject<T>>() / 8 } else { shape.words() };
        let Some(block) = self.heap().alloc_object(words * 8) else { return Err(self.no_memory()) };
        let flags = if T::TRACES || shape.first != 0 { HeaderFlags::TRACKED } else { HeaderFlags::empty() };
        let head = NativeHead { head: Header::new(root, flags, 1), kind: T::KIND };
        // SAFETY: the shape is of a type of this kind, so that the block has the payload's words and those behind it, which are
        // filled before anyone sees them.
        let made = unsafe {
            block.cast::<NativeObject<T>>().as_ptr().write(NativeObject { head, body });
            for at in size_of::<NativeObject<T>>() / 8..words {
                block.cast::<u64>().add(at).write(Word::UNBOUND.0);
            }
            let ptr: ObjPtr = block.cast();
            if !flags.is_empty() {
                self.track_newborn(ptr);
            }
            Obj(Value::from_word(Word::from_ptr(ptr)), PhantomData)
        };
        self.note_birth(ty, &made.0);
        Ok(made)
    }

    /// The place of a member of an instance of a type that extends a builtin one.
    pub(crate) fn native_member<'a>(
        &self,
        kind: &'static Kind,
        number: u16,
        value: &'a Value,
    ) -> Option<&'a Value> {
        let ty = self.native_type(kind).ok()?;
        let (base, members) = kind.extends?;
        if number >= members || !self.type_of(value).is_subtype(ty) {
            return None;
        }
        let base = base(self);
        Some(self.word_slot(value, payload_words(base) + base.slot_words.get() + number))
    }

    /// Writes a text to a text stream of a native type by its short way, as a call of its `write` would; whether it has.
    #[inline]
    pub(crate) fn native_write(&self, file: &Value, text: &Value) -> Res<bool> {
        match file.get::<NativeHead>().and_then(|head| head.kind.short.write) {
            Some(write) if self.is_plainly_native(file) => write(self, file, text),
            _ => Ok(false),
        }
    }
    /// Which standard stream a text stream of a native type is, if it is one, as it was made.
    pub(crate) fn native_stream(&self, file: &Value) -> Option<u8> {
        let stream = file.get::<NativeHead>()?.kind.short.stream?;
        if self.is_plainly_native(file) { stream(self, file) } else { None }
    }
    /// Whether nothing hides the method `write` of a native type: neither a subclass nor an attribute of the instance.
    fn is_plainly_native(&self, file: &Value) -> bool {
        let plain =
            |head: &NativeHead| self.type_of(file).def.is_some_and(|def| std::ptr::eq(def, head.kind.def));
        file.get::<NativeHead>().is_some_and(plain)
            && matches!(self.own_attr(file, &self.names.write), Ok(None))
    }

    /// The length of an instance of a native type that can be told without running anything.
    pub(crate) fn native_len(&self, value: &Value) -> Option<usize> {
        let kind = value.get::<NativeHead>()?.kind;
        let len = kind.short.len?;
        if self.slots(value).len()?.is(kind.def.slots.len?) { len(value) } else { None }
    }
    /// The item at an index of an instance of a native type, if that can be told without running anything.
    #[inline]
    pub(crate) fn native_item(&self, value: &Value, index: i64) -> Option<Value> {
        let kind = value.get::<NativeHead>()?.kind;
        let item = kind.short.item?;
        if self.slots(value).getitem()?.is(kind.def.slots.getitem?) { item(value, index) } else { None }
    }
    /// Copies a value into the place of an item of an instance of a native type, if that can be done without running anything; whether it
    /// has.
    #[inline]
    pub(crate) fn native_store(&self, container: &Value, index: i64, value: &Value) -> bool {
        let short = || {
            let kind = container.get::<NativeHead>()?.kind;
            let store = kind.short.store?;
            self.slots(container).setitem()?.is(kind.def.slots.setitem?).then_some(store)
        };
        short().is_some_and(|store| store(self, container, index, value))
    }
    /// The short ways of an iterator of a native type; none where a subclass has a `next` of its own.
    #[inline(always)]
    fn short_next(&self, iterator: &Value) -> Option<&'static Short> {
        let kind = iterator.get::<NativeHead>()?.kind;
        self.slots(iterator).next()?.is(kind.def.slots.next?).then_some(&kind.short)
    }
    /// The next item of an iterator of a native type, for who takes a pair apart. Runs Python.
    #[inline(always)]
    pub(crate) fn next_pair(&self, iterator: &Value) -> Res<Pair> {
        let Some(pairs) = self.short_next(iterator).and_then(|short| short.pairs) else {
            return Ok(Pair::Whole);
        };
        self.check_stack()?;
        pairs(self, iterator)
    }
    /// Adds all items that an iterator has still to give to a list, if its type can do that by itself; whether it has. Runs Python.
    pub(crate) fn add_rest(&self, iterator: &Value, list: &Value) -> Res<bool> {
        let Some(rest) = self.short_next(iterator).and_then(|short| short.rest) else { return Ok(false) };
        self.check_stack()?;
        rest(self, iterator, list).map(|()| true)
    }

    /// The state of a module, made at first use by `make`; it lives as long as the Vm. Runs no Python but what `make` runs; raises what
    /// that raises, and `MemoryError`.
    pub fn native_state<T: NativeType>(&self, make: impl FnOnce() -> Res<T>) -> Res<Obj<T>> {
        let number = T::KIND.number.get();
        let found = self.natives.states.borrow().get(number).and_then(Value::bound).cloned();
        if let Some(found) = found.and_then(|found| Obj::from_value(found).ok()) {
            return Ok(found);
        }
        let made = self.new_native_object(make()?)?;
        put(self, &self.natives.states, number, made.value().clone())?;
        Ok(made)
    }

    /// The class of a key, made at first use. Runs Python where a script has put a class of its own in the place of the builtin that is
    /// the base (`__init_subclass__`); raises what that raises, `MemoryError`, and `NameError` or `TypeError` if that place holds no
    /// class.
    pub fn native_class(&self, key: &'static ClassKey) -> Res<Ref<TypeObj>> {
        let number = key.number.get();
        let found = self.natives.classes.borrow().get(number).and_then(Value::bound).cloned();
        let class = match found {
            Some(found) => found,
            None => {
                let made = (key.make)(self)?;
                put(self, &self.natives.classes, number, made.clone())?;
                made
            }
        };
        Ref::from_value(class).map_err(|_| self.system_error("a key without its class"))
    }
}
