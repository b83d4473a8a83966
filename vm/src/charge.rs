//! Rust's own collections inside the heap's budget: a [`Charge`] for what lies outside the pools, and vectors inside them.

use std::cell::Cell;

use ryokan_alloc::{Budget, Vector};

use crate::raised::Res;
use crate::vm::Vm;

/// So many bytes of a heap's budget; given back to it when dropped.
#[derive(Debug)]
pub struct Charge {
    budget: Budget,
    bytes: Cell<usize>,
}

impl Charge {
    /// Charges bytes; `MemoryError` if the heap refuses.
    pub fn new(vm: &Vm, bytes: usize) -> Res<Charge> {
        let charge = Charge { budget: vm.budget(), bytes: Cell::new(0) };
        charge.add(vm, bytes)?;
        Ok(charge)
    }
    /// Charges more.
    pub fn add(&self, vm: &Vm, bytes: usize) -> Res<()> {
        if bytes != 0 && !self.budget.charge(bytes) {
            return Err(vm.no_memory());
        }
        self.bytes.set(self.bytes.get() + bytes);
        Ok(())
    }
}

impl Vm {
    /// An empty vector of the heap with room for so many items. Runs no Python; `MemoryError`.
    pub fn vector<T>(&self, room: usize) -> Res<Vector<T>> {
        let mut made = Vector::new_in(self.budget());
        self.reserve(&mut made, room)?;
        Ok(made)
    }
    /// Makes room for more items. Runs no Python; `MemoryError`.
    pub fn reserve<T>(&self, vector: &mut Vector<T>, more: usize) -> Res<()> {
        vector.try_reserve(more).map_err(|_| self.no_memory())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.uncharge(self.bytes.get());
    }
}
