//! What type a value has, and what a type has under a name: the cache of lookups, and the epoch in which it holds.
//!
//! A lookup climbs the MRO once; what it found is kept until some class changes, which begins a new *epoch*.

use std::cell::Cell;

use super::Vm;
use crate::object::slots::Live;
use crate::object::ty::{Remembrance, TypeObj};
use crate::types::str::{Str, Text};
use crate::value::{Value, Word};

/// What an inline cache would hold for a shape and a name: see `ops/attrs.rs`.
#[derive(Default)]
pub struct Remembered {
    /// Shape and epoch.
    pub guard: Cell<u64>,
    /// The name's word, and what is looked for in its low bits.
    pub name: Cell<u64>,
    /// The cache's second word.
    pub entry: Cell<u64>,
    /// The name, which lives as long as it may be taken for another at its address.
    pub keeps: Value,
}

/// How many places are remembered.
pub const PLACES: usize = 2048;

/// Longer names are not worth what they keep.
const MAX_CACHED_NAME: usize = 100;

/// How many lookups are remembered.
pub(super) const TYPE_CACHE_SIZE: usize = 1024;

/// How many classes a lookup passes for the price of an instruction.
const CLASSES_A_UNIT: u64 = 4;

/// Whether a table may keep a name for what it knows of it.
pub fn is_worth_keeping(name: &Value) -> bool {
    name.get::<Str>().is_some_and(|text| text.is_interned() && text.len() <= MAX_CACHED_NAME)
}

impl Vm {
    /// The type of a value.
    #[inline]
    pub fn type_of<'a>(&'a self, value: &'a Value) -> &'a TypeObj {
        self.type_of_word(value.word())
    }

    /// The type of a word that is alive.
    #[inline]
    pub fn type_of_word(&self, word: Word) -> &TypeObj {
        if word.is_ptr() {
            return self.shapes.get(word.shape()).bound_class();
        }
        if word.is_int() {
            return &self.types.int;
        }
        if word.is_float() {
            return &self.types.float;
        }
        match word {
            Word::TRUE | Word::FALSE => &self.types.bool,
            Word::ELLIPSIS => &self.types.ellipsis,
            Word::NOT_IMPLEMENTED => &self.types.not_implemented,
            _ => &self.types.none,
        }
    }

    /// The slots of a value's type.
    #[inline]
    pub fn slots<'a>(&'a self, value: &'a Value) -> &'a Live {
        self.type_of(value).slots()
    }

    /// How messages name the type of a value: `type(value).__name__`, of a builtin type with its module if it has one.
    pub fn type_name(&self, value: &Value) -> Text {
        let ty = self.type_of(value);
        ty.def.map_or_else(|| self.text(&ty.name), |def| Text::from(def.name))
    }

    /// How messages about an argument that is of the wrong type name that type: None is called by its name.
    pub fn arg_name(&self, value: &Value) -> Text {
        if value.is_none() { Text::from("None") } else { self.type_name(value) }
    }

    /// `isinstance(value, ty)` without `__instancecheck__`.
    pub fn is_instance(&self, value: &Value, ty: &TypeObj) -> bool {
        self.type_of(value).is_subtype(ty)
    }

    /// Whether it is a str or of a subclass.
    pub fn is_str(&self, value: &Value) -> bool {
        value.has::<Str>()
    }

    /// A cached lookup along the MRO.
    pub fn type_cache_lookup(&self, ty: &TypeObj, name: &Value) -> Option<Value> {
        let at = (ty.number.0 as usize ^ (name.word().within_arena() >> 3) as usize) % TYPE_CACHE_SIZE;
        let entry = &self.type_cache[at];
        entry.get(ty, name, self.epoch.get()).unwrap_or_else(|| self.type_cache_miss(entry, ty, name))
    }

    #[inline(never)]
    fn type_cache_miss(&self, entry: &Remembrance, ty: &TypeObj, name: &Value) -> Option<Value> {
        self.spend(ty.mro_items().len() as u64 / CLASSES_A_UNIT);
        if !self.caches() {
            return ty.lookup_slow(name);
        }
        // Whoever asks may cache the answer.
        if let Some(text) = name.get::<Str>() {
            text.mark_type_cached();
        }
        let found = ty.find_place(name);
        if is_worth_keeping(name) && found.is_none_or(|(dict, _)| dict.ensure_version(self) != 0) {
            entry.set(ty, name, self.epoch.get(), found.map(|(_, slot)| slot));
        }
        found.map(|(_, slot)| slot.clone())
    }

    /// Where a type has an attribute that is only a value, for a cache that the epoch guards.
    pub fn plain_place(&self, ty: &TypeObj, name: &Value) -> Option<*const Value> {
        let (dict, slot) = ty.find_place(name).filter(|(_, slot)| self.is_plain_attribute(slot))?;
        if !is_worth_keeping(name) || dict.ensure_version(self) == 0 {
            return None;
        }
        if let Some(text) = name.get::<Str>() {
            text.mark_type_cached();
        }
        Some(std::ptr::from_ref(slot))
    }

    /// Whether what a class has is the attribute itself: no descriptor.
    pub fn is_plain_attribute(&self, value: &Value) -> bool {
        let slots = self.slots(value);
        slots.get().is_none() && slots.set().is_none()
    }

    /// Whether a name begins as those of special methods do, which slots stand for.
    pub fn is_dunder(&self, name: &Value) -> bool {
        self.text(name).starts_with("__")
    }

    /// An attribute `name` of a type was set or deleted: cached lookups of it are void.
    pub fn type_changed(&self, name: &Value) {
        if name.get::<Str>().is_none_or(Str::is_type_cached) {
            self.bump_epoch();
        }
    }

    /// Voids every cached lookup. The last epoch stays, and nothing is cached in it: an epoch never comes twice.
    pub fn bump_epoch(&self) {
        self.epoch.set(self.epoch.get().saturating_add(1));
    }

    /// Whether lookups on types may be cached.
    #[inline]
    pub fn caches(&self) -> bool {
        self.epoch.get() != u32::MAX
    }

    /// Visits what the caches of lookups hold.
    pub fn trace_caches(&self, visit: &mut dyn FnMut(&Value)) {
        self.type_cache.iter().for_each(|entry| visit(entry.name()));
        self.places.iter().for_each(|place| visit(&place.keeps));
    }
}
