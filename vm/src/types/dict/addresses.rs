//! Dicts as ordered sets of addresses: their keys are immediate numbers, which nobody else sees and which cost no objects.

use std::num::NonZeroUsize;

use ryokan_alloc::Header;

use super::place::Place;
use super::{Dict, int_hash};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// What an address is divided by: the bits that are the same in all are of no use to a hash.
const UNIT: usize = align_of::<Header>();

fn number_of(address: NonZeroUsize) -> i64 {
    (address.get() / UNIT) as i64
}

impl Dict {
    /// The entry of a number.
    fn find_small(&self, number: i64) -> Option<usize> {
        let key = Value::small(number);
        match self.look(&key, int_hash(number)) {
            Place::At(at) => Some(at),
            Place::Free(_) | Place::Nowhere => None,
            Place::Unknown => self.all_entries().iter().position(|entry| entry.key.word() == key.word()),
        }
    }
    /// Adds an address, unless it is there.
    pub fn add_address(&self, vm: &Vm, address: NonZeroUsize) -> Res<()> {
        let number = number_of(address);
        if self.find_small(number).is_some() {
            return Ok(());
        }
        self.push_new(vm, int_hash(number), Value::small(number), Value::NONE)
    }
    /// Removes an address, if it is there.
    pub fn remove_address(&self, address: NonZeroUsize) {
        if let Some(at) = self.find_small(number_of(address)) {
            drop(self.kill(at));
        }
    }
    /// The addresses in the order in which they came.
    pub fn addresses(&self) -> impl Iterator<Item = NonZeroUsize> {
        self.entries().filter_map(|entry| NonZeroUsize::new(entry.key.word().int() as usize * UNIT))
    }
}
