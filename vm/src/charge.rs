//! Rust's own collections inside the heap's budget: a [`Charge`] for what lies outside the pools, and vectors inside them.

use std::cell::Cell;
use std::ptr::NonNull;

use ryokan_alloc::{Budget, Heap, Vector};

use crate::raised::Res;
use crate::vm::Vm;

/// So many bytes of a heap's budget; given back to it when dropped.
#[derive(Debug)]
pub struct Charge {
    heap: NonNull<Heap>,
    bytes: Cell<usize>,
}

impl Charge {
    /// Charges bytes; `MemoryError` if the heap refuses.
    pub fn new(vm: &Vm, bytes: usize) -> Res<Charge> {
        let charge = Charge { heap: NonNull::from(vm.heap()), bytes: Cell::new(0) };
        charge.add(vm, bytes)?;
        Ok(charge)
    }
    /// Charges more.
    pub fn add(&self, vm: &Vm, bytes: usize) -> Res<()> {
        debug_assert!(self.heap == NonNull::from(vm.heap()));
        if bytes != 0 && !vm.heap().charge(bytes) {
            return Err(vm.no_memory());
        }
        self.bytes.set(self.bytes.get() + bytes);
        Ok(())
    }
}

impl Vm {
    /// An empty vector of the heap with room for so many items; `MemoryError` if the heap refuses.
    pub fn vector<T>(&self, room: usize) -> Res<Vector<T>> {
        // SAFETY: vectors live within one call from or to the VM, which owns the heap and works on one thread.
        let mut made = Vector::new_in(unsafe { Budget::new(NonNull::from(self.heap())) });
        self.reserve(&mut made, room)?;
        Ok(made)
    }
    /// Makes room for more items.
    pub fn reserve<T>(&self, vector: &mut Vector<T>, more: usize) -> Res<()> {
        vector.try_reserve(more).map_err(|_| self.no_memory())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        // SAFETY: what is charged belongs to an object or a call of the Vm, whose heap outlives both; no other borrow of the
        // heap is alive: each is of one call.
        unsafe { self.heap.as_mut().uncharge(self.bytes.get()) };
    }
}
