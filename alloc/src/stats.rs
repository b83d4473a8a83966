//! Counting what the heap holds: by size class, by kind, and in all.
//!
//! Nothing here is kept up while the program runs, except the charge and its peak: the numbers are read off
//! the pools.

use crate::classes::{CLASS_BYTES, CLASSES};
use crate::heap::Heap;
use crate::slot::{OBJECT, SLOT_BYTES, Slot, large_of};
use std::fmt;

/// The pools of one size class.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct ClassStats {
    /// The size of a block, in bytes.
    pub block_bytes: usize,
    pub pools: usize,
    /// Blocks in use.
    pub used: usize,
    /// Blocks that the class's pools could still give.
    pub free: usize,
}

impl ClassStats {
    pub fn used_bytes(&self) -> usize {
        self.used * self.block_bytes
    }
}

/// What a heap holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stats {
    /// By size class: pools of objects.
    pub objects: [ClassStats; CLASSES],
    /// By size class: pools of raw storage.
    pub buffers: [ClassStats; CLASSES],
    /// Large blocks, objects and buffers: how many, and what is charged for them.
    pub large_blocks: usize,
    pub large_bytes: usize,
    /// Arenas mapped now, and free slots in them that keep their pages.
    pub arenas: usize,
    pub retained_slots: usize,
    /// What is charged: pools, large blocks, and `external_bytes`.
    pub used_bytes: usize,
    pub peak_bytes: usize,
    /// What `charge` granted.
    pub external_bytes: usize,
    pub limit_bytes: Option<usize>,
}

impl Stats {
    pub fn pools(&self) -> usize {
        self.objects.iter().chain(&self.buffers).map(|c| c.pools).sum()
    }

    /// Bytes of the blocks in use, large ones included.
    pub fn block_bytes(&self) -> usize {
        let small: usize = self.objects.iter().chain(&self.buffers).map(ClassStats::used_bytes).sum();
        small + self.large_bytes
    }
}

impl Heap {
    /// Counts everything. Reads one header a pool.
    pub fn stats(&self) -> Stats {
        let empty = CLASS_BYTES.map(|b| ClassStats { block_bytes: b as usize, ..ClassStats::default() });
        let mut stats = Stats {
            objects: empty,
            buffers: empty,
            large_blocks: 0,
            large_bytes: 0,
            arenas: self.arenas.mapped,
            retained_slots: self.arenas.retained as usize,
            used_bytes: self.charged,
            peak_bytes: self.peak,
            external_bytes: self.external,
            limit_bytes: self.limit(),
        };
        for base in self.arenas.pools() {
            // SAFETY: the arenas' pools are live slots of this heap.
            let pool = unsafe { base.cast::<Slot>().as_ref() };
            let classes = if pool.kind as usize == OBJECT { &mut stats.objects } else { &mut stats.buffers };
            let class = &mut classes[pool.class as usize];
            class.pools += 1;
            class.used += pool.used() as usize;
            class.free += pool.capacity as usize - pool.used() as usize;
        }
        for kind in 0..2 {
            let mut slot = self.large[kind];
            while !slot.is_null() {
                // SAFETY: the list holds live large blocks of this heap.
                unsafe {
                    stats.large_blocks += 1;
                    stats.large_bytes += (*large_of(slot)).charged;
                    slot = (*slot).next;
                }
            }
        }
        stats
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, classes) in [("objects", &self.objects), ("buffers", &self.buffers)] {
            writeln!(
                f,
                "{kind:<8} {:>8} {:>7} {:>10} {:>10} {:>12}",
                "block", "pools", "used", "free", "used bytes"
            )?;
            for class in classes.iter().filter(|c| c.pools > 0) {
                let ClassStats { block_bytes, pools, used, free } = *class;
                writeln!(
                    f,
                    "{:<8} {block_bytes:>8} {pools:>7} {used:>10} {free:>10} {:>12}",
                    "",
                    class.used_bytes()
                )?;
            }
        }
        writeln!(f, "large blocks   {:>12}  in {}", self.large_bytes, self.large_blocks)?;
        writeln!(f, "outside        {:>12}", self.external_bytes)?;
        writeln!(f, "pools          {:>12}  in {}", self.pools() * SLOT_BYTES, self.pools())?;
        writeln!(
            f,
            "arenas         {:>12}  ({} free slots keep their pages)",
            self.arenas, self.retained_slots
        )?;
        writeln!(f, "charged        {:>12}  (peak {})", self.used_bytes, self.peak_bytes)?;
        match self.limit_bytes {
            Some(limit) => writeln!(f, "limit          {limit:>12}"),
            None => writeln!(f, "limit          {:>12}", "none"),
        }
    }
}
