//! The intern table: one object for each string, found by hash.
//!
//! hashbrown's raw table with the objects themselves as entries: 9 bytes a bucket. It
//! holds no counted references: an entry is removed when its string dies. Its storage is charged to the heap.

use crate::budget::Budget;
use crate::header::ObjPtr;
use crate::heap::{Heap, Refused};
use hashbrown::HashTable;
use std::cell::Cell;
use std::ptr::NonNull;

/// See the page above.
pub struct InternTable {
    table: HashTable<ObjPtr, Budget>,
    hits: Cell<u64>,
    misses: u64,
}

impl InternTable {
    /// An empty table; nothing is allocated yet.
    ///
    /// # Safety
    /// The heap outlives the table.
    pub unsafe fn new(heap: NonNull<Heap>) -> InternTable {
        // SAFETY: as the caller promises.
        InternTable { table: HashTable::new_in(unsafe { Budget::new(heap) }), hits: Cell::new(0), misses: 0 }
    }

    /// The entry with this hash for which `eq` is true.
    #[inline]
    pub fn find(&self, hash: u64, mut eq: impl FnMut(ObjPtr) -> bool) -> Option<ObjPtr> {
        let found = self.table.find(hash, |p| eq(*p)).copied()?;
        self.hits.set(self.hits.get() + 1);
        Some(found)
    }

    /// Adds an entry that is not there yet. `rehash` gives the hash of any entry. If the table cannot grow,
    /// nothing changes.
    pub fn insert(&mut self, hash: u64, p: ObjPtr, rehash: impl Fn(ObjPtr) -> u64) -> Result<(), Refused> {
        let heap = self.table.allocator().heap();
        // A str that is collected takes its entry out of the table: not while it grows.
        Heap::keeping_still(heap, || self.table.try_reserve(1, |q| rehash(*q))).map_err(|_| Refused)?;
        self.table.insert_unique(hash, p, |q| rehash(*q));
        self.misses += 1;
        Ok(())
    }

    /// Removes an entry. False: it was not there.
    pub fn remove(&mut self, hash: u64, p: ObjPtr) -> bool {
        match self.table.find_entry(hash, |q| *q == p) {
            Ok(entry) => {
                entry.remove();
                true
            }
            Err(_) => false,
        }
    }

    /// How many lookups found an entry, and how many entries were added.
    pub fn hits(&self) -> u64 {
        self.hits.get()
    }

    pub fn misses(&self) -> u64 {
        self.misses
    }

    /// Counts from zero.
    pub fn reset_counts(&mut self) {
        self.hits.set(0);
        self.misses = 0;
    }

    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// How many bytes of the heap the table takes.
    pub fn bytes(&self) -> usize {
        self.table.allocation_size()
    }

    /// All entries, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = ObjPtr> + '_ {
        self.table.iter().copied()
    }
}
