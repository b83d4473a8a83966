//! The hashes of elements, and of a frozenset.

use super::Set;
use crate::fuel::owe_bytes;
use crate::raised::Res;
use crate::types::dict::int_hash;
use crate::types::int::unbox_word;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

impl Set {
    /// The hash of a frozenset of these elements: it does not depend on their order.
    pub(super) fn frozen_hash(&self) -> i64 {
        if self.hash.get() != -1 {
            return self.hash.get();
        }
        owe_bytes(self.entries().len() * 16);
        let scatter = |h: u64| ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167);
        let mut sum = 0u64;
        for entry in self.entries().iter().filter(|e| !e.key.is_unbound()) {
            sum ^= scatter(entry.hash.get() as u64);
        }
        sum ^= (self.len() as u64 + 1).wrapping_mul(1_927_868_237);
        sum ^= (sum >> 11) ^ (sum >> 25);
        sum = sum.wrapping_mul(69_069).wrapping_add(907_133_923);
        if sum == u64::MAX { 590_923_713 } else { sum as i64 }
    }
}

/// The hash to look a key up by: a set is looked up as the frozenset that equals it.
pub(super) fn lookup_hash(vm: &Vm, key: &Value) -> Res<i64> {
    match key.get::<Set>() {
        Some(set) if vm.slots(key).hash().is_none() => Ok(set.frozen_hash()),
        _ => vm.element_hash(key),
    }
}

impl Vm {
    /// The hash of an element of a set, with a set's own message if there is none. Runs Python (`__hash__`); raises what that raises, and
    /// `TypeError`.
    #[inline]
    pub fn element_hash(&self, value: &Value) -> Res<i64> {
        if let Some(text) = value.exact::<Str>() {
            return Ok(text.hash());
        }
        let number = unbox_word(value.word());
        if number.is_int() {
            return Ok(int_hash(number.int()));
        }
        self.hash(value).map_err(|raised| self.unusable(raised, value, "a set element"))
    }
}
