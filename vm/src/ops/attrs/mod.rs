//! Attributes, with inline caches.
//!
//! A load or store has three more units: the *guard*, the *entry*, and the word of the name, for the table of places. Each kind of place
//! has an opcode, which the general handler writes over itself when it has seen where the attribute is; the opcode says what the guard
//! compares and what the entry is.
//!
//! | where it is | guard | entry |
//! |---|---|---|
//! | `Slot`: a slot of the instance | its shape, the epoch | the slot's word index |
//! | `Place`: a class of the instance's, and only a value | its shape, the epoch | the address of the value's slot in the class's dict |
//! | `Class`: the owner is a class that has it | the class's number, the epoch | the same |
//! | `Module`: the owner is a module | the version of its dict's keys | the same |
//! | `Hint`: the dict of an instance | its shape, the epoch | the dict's word index, and the number of the dict's entry |
//! | `Get`: a native getter of its class | its shape, the epoch | the address of the descriptor |
//! | `Property`: a property whose getter is a function of Python's | its shape, the epoch | the function |
//! | `Hook`: what a `__getattr__` or `__getattribute__` of Python's gives | its shape, the epoch | the function |
//! | `Bound`: a method of its class, which is bound | its shape, the epoch | the function |
//!
//! The epoch stands for "no type changed in a way that a lookup could notice". Another value in the place of one that was only a value is
//! no such change: places are remembered, not values.

mod find;
mod forms;
mod slots;
mod stores;
pub use find::cacheable_slot;
pub use forms::*;
pub use slots::*;
pub use stores::*;

use ryokan_alloc::ShapeId;

use self::find::{load, load_bound, load_peek};
use super::{helper, switch};
use crate::object::ty::{TypeNumber, TypeObj};
use crate::value::{Value, Word};
use crate::vm::{PLACES, Vm};

/// Units of a load, store or method load.
pub const ATTR_UNITS: usize = 4;

switch! {
    load_attr_slow, load;
    load_attr_peek_slow, load_peek;
}
helper! {
    load_method_slow, ATTR_UNITS, load_bound;
    store_attr_slow, ATTR_UNITS, store;
    store_attr_last_slow, ATTR_UNITS, store_last;
    delete_attr, 1, delete;
}

/// What a place is remembered for: the low bits of its name.
const LOAD: u64 = 0;
const METHOD: u64 = 1;
const STORE: u64 = 2;
const PLACE: u64 = 3;
const CLASS: u64 = 4;

/// The place that a shape and a name hash to; a second choice is its neighbour.
#[inline(always)]
fn place(guard: u64, name: u64) -> usize {
    let mixed = (guard ^ Word(name).within_arena().rotate_left(17)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - PLACES.ilog2())) as usize % PLACES
}

/// By what a cache knows an owner: its shape, or the number of the class that it is.
pub trait OwnerKey: Copy {
    /// As a guard has it.
    fn bits(self) -> u32;
}
impl OwnerKey for ShapeId {
    #[inline(always)]
    fn bits(self) -> u32 {
        self.number()
    }
}
impl OwnerKey for TypeNumber {
    #[inline(always)]
    fn bits(self) -> u32 {
        self.0
    }
}

impl Vm {
    /// What a cache compares: a shape, or the number of a class, and the epoch.
    #[inline(always)]
    pub fn guard(&self, owner: impl OwnerKey) -> u64 {
        u64::from(owner.bits()) | u64::from(self.epoch.get()) << 32
    }
    /// The guard of a class as an owner.
    #[inline(always)]
    fn class_guard(&self, class: &TypeObj) -> u64 {
        self.guard(class.number)
    }

    /// What the table remembers for the owner's shape (or the number of a class) and a name.
    #[inline(always)]
    fn remembered(&self, owner: impl OwnerKey, name: Word, what: u64) -> Option<u64> {
        let (guard, name) = (self.guard(owner), name.0 | what);
        let first = place(guard, name);
        let there = &self.places[first];
        if there.guard.get() == guard && there.name.get() == name {
            return Some(there.entry.get());
        }
        let there = &self.places[(first ^ 1) % PLACES];
        (there.guard.get() == guard && there.name.get() == name).then(|| there.entry.get())
    }

    /// Remembers a place.
    fn remember(&self, owner: impl OwnerKey, name: &Value, what: u64, entry: u64) {
        debug_assert!(self.caches());
        if !crate::vm::is_worth_keeping(name) {
            return;
        }
        let keeps = name.clone();
        let guard = self.guard(owner);
        let name = name.word().0 | what;
        let at = place(guard, name);
        let (first, second) = (&self.places[at], &self.places[at ^ 1]);
        // Who was there first gets the second choice.
        second.guard.set(first.guard.replace(guard));
        second.name.set(first.name.replace(name));
        second.entry.set(first.entry.replace(entry));
        second.keeps.set(first.keeps.replace(keeps));
    }
}
