//! What a metered run keeps with each shape: see `counts.rs`, which reads it.

use std::cell::Cell;

use ryokan_alloc::{Heap, ObjPtr};

/// How many objects of a shape died, and the bytes of their blocks.
#[derive(Default)]
pub(crate) struct Tally {
    objects: Cell<u64>,
    bytes: Cell<u64>,
}

impl Tally {
    /// One more object.
    ///
    /// # Safety
    /// It is alive, or about to die.
    #[inline(always)]
    pub(crate) unsafe fn add(&self, ptr: ObjPtr) {
        self.objects.update(|n| n + 1);
        // SAFETY: the block is there until the object has died.
        self.bytes.update(|n| n + unsafe { Heap::block_size(ptr) } as u64);
    }
    /// Objects and bytes.
    pub(crate) fn get(&self) -> (u64, u64) {
        (self.objects.get(), self.bytes.get())
    }
    /// Begins anew.
    pub(crate) fn clear(&self) {
        self.objects.set(0);
        self.bytes.set(0);
    }
}
