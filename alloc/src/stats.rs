//! Counting what the heap holds: by size class, by kind, and in all.
//!
//! Nothing here is kept up while the program runs, except the charge and its peak: the numbers are read off
//! the pools.

use crate::classes::{CLASS_BYTES, CLASSES};
use crate::header::ObjPtr;
use crate::heap::Heap;
use crate::slot::{
    BUFFER, OBJECT, SLOT_BYTES, Slot, State, block, block_index, is_object, large_of, read_free, slot_of,
};
use std::fmt;
use std::ptr::NonNull;

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

/// A slot in use, as a map of the heap shows it: a pool, or a large block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotView {
    /// Where it begins.
    pub address: usize,
    /// Where its first block begins.
    pub first_block: usize,
    /// The number of its arena; none has a large block with a mapping of its own.
    pub arena: Option<u32>,
    /// Whether it holds objects, or else raw storage.
    pub objects: bool,
    /// Whether it is a pool, or else a large block.
    pub pool: bool,
    /// The size of a block.
    pub block_bytes: usize,
    /// How many blocks there is room for, how many have been made, and how many are in use.
    pub capacity: usize,
    pub extended: usize,
    pub used: usize,
    /// What is charged for it.
    pub charged: usize,
}

/// An arena, as a map of the heap shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ArenaView {
    /// Its number.
    pub index: u32,
    /// Where it begins.
    pub address: usize,
    /// One bit a slot: free; free with pages that stay.
    pub free: u16,
    pub kept: u16,
}

impl Heap {
    /// The number of the arena that an object lies in; none if its block has a mapping of its own.
    ///
    /// # Safety
    /// `p` is an object of a live heap.
    pub unsafe fn arena_of(p: ObjPtr) -> Option<u32> {
        // SAFETY: an object lies in a slot in use.
        Some(unsafe { (*slot_of(p)).arena }).filter(|arena| *arena != u32::MAX)
    }

    /// Visits the arenas that are mapped.
    pub fn each_arena(&self, visit: &mut dyn FnMut(&ArenaView)) {
        self.arenas.views().for_each(|view| visit(&view));
    }

    /// Visits each slot in use: pools by their arenas, then large blocks. The second argument of `visit` tells which of a pool's blocks are
    /// in use.
    pub fn each_slot(&self, visit: &mut dyn FnMut(&SlotView, &dyn Fn() -> Vec<bool>)) {
        let mut show = |slot: *mut Slot| {
            // SAFETY: the slot is in use, a pool's or a large block's, as those are that come from the lists below.
            let view = unsafe { view(slot) };
            // SAFETY: as above; nothing is allocated or freed while the heap is borrowed.
            visit(&view, &|| unsafe { blocks_in_use(slot, &view) });
        };
        self.arenas.pools().for_each(|base| show(base.cast().as_ptr()));
        for kind in [OBJECT, BUFFER] {
            let mut slot = self.large[kind];
            while !slot.is_null() {
                show(slot);
                // SAFETY: the list holds live large blocks of this heap.
                slot = unsafe { (*slot).next };
            }
        }
    }
}

/// # Safety
/// The slot is in use.
unsafe fn view(slot: *mut Slot) -> SlotView {
    // SAFETY: as the caller promises; a slot that is no pool heads a large block.
    unsafe {
        let pool = (*slot).state != State::Large;
        let charged = if pool { SLOT_BYTES } else { (*large_of(slot)).charged };
        SlotView {
            address: slot.addr(),
            first_block: block(slot, 0).addr().get(),
            arena: Some((*slot).arena).filter(|arena| *arena != u32::MAX),
            objects: (*slot).kind as usize == OBJECT,
            pool,
            block_bytes: if pool { (*slot).block_bytes as usize } else { charged },
            capacity: (*slot).capacity as usize,
            extended: (*slot).extended as usize,
            used: (*slot).used() as usize,
            charged,
        }
    }
}

/// Which of the blocks are in use.
///
/// # Safety
/// The slot is in use, and nobody works on its blocks.
unsafe fn blocks_in_use(slot: *mut Slot, view: &SlotView) -> Vec<bool> {
    let mut used = vec![false; view.capacity];
    // SAFETY: as the caller promises: the first `extended` blocks were made, and free ones are on the free list.
    unsafe {
        if view.objects {
            for (at, used) in used.iter_mut().enumerate().take(view.extended) {
                *used = is_object(block(slot, at).cast());
            }
            return used;
        }
        used[..view.extended].fill(true);
        let mut free = NonNull::new((*slot).free);
        while let Some(p) = free {
            if let Some(at) = block_index(slot, p) {
                used[at] = false;
            }
            free = NonNull::new(read_free(p).next);
        }
    }
    used
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
