//! Arenas: mappings of 1 MiB, aligned to 1 MiB, each cut into 16 slots.
//!
//! ```text
//!   in an arena:   free & pools == 0       dirty is a subset of free
//!   in the table:  retained == sum of dirty bits <= RETAINED_SLOTS
//!                  at most one arena is wholly free
//! ```
//!
//! A freed slot whose pages are still resident is *dirty*. A few are kept so, for the next taker; beyond
//! `RETAINED_SLOTS` their pages go back to the system at once. Hence resident memory <= what the heap has
//! charged + `RETAINED_SLOTS` slots + this table.
//!
//! Slots are taken from the arena with the lowest index that has room, so that the later ones can become
//! empty.

use crate::mapping::Mapping;
use crate::shadow::{hide, show};
use crate::slot::SLOT_BYTES;
use crate::stats::ArenaView;
use std::ptr::NonNull;

/// The bytes of an arena, and what its address is a multiple of.
pub const ARENA_BYTES: usize = 1 << 20;
pub(crate) const ARENA_SLOTS: u32 = (ARENA_BYTES / SLOT_BYTES) as u32;
/// How many free slots may keep their pages: 2 MiB.
pub(crate) const RETAINED_SLOTS: u32 = 32;

const ALL: u16 = u16::MAX;
const _: () = assert!(ARENA_SLOTS == 16);

pub(crate) struct Arena {
    /// None: this table entry is vacant.
    pub map: Option<Mapping>,
    /// Bit i: slot i is free.
    pub free: u16,
    /// Bit i: slot i is free and may have resident pages.
    pub dirty: u16,
    /// Bit i: slot i is a pool.
    pub pools: u16,
}

#[derive(Default)]
pub(crate) struct Arenas {
    pub table: Vec<Arena>,
    /// No arena below this index has a free slot.
    hint: usize,
    pub retained: u32,
    /// How many arenas are wholly free.
    pub empty: u32,
    pub mapped: usize,
}

fn bits(at: u32, slots: u32) -> u16 {
    ((((1u32 << slots) - 1) << at) & 0xFFFF) as u16
}

/// The positions where `slots` (1 to 16) consecutive bits of `mask` are set.
fn starts(mask: u16, slots: u32) -> u16 {
    let wide = u32::from(mask);
    (1..slots).fold(wide, |found, i| found & wide >> i) as u16
}

impl Arenas {
    /// Takes `slots` consecutive slots (1 to 16) of one arena. Gives their address and the arena's index.
    pub(crate) fn take(&mut self, slots: u32) -> Option<(NonNull<u8>, u32)> {
        let mut seen_free = false;
        for index in self.hint..self.table.len() {
            let arena = &self.table[index];
            if arena.free != 0 && !seen_free {
                seen_free = true;
                self.hint = index;
            }
            let found = starts(arena.free, slots);
            if found != 0 {
                return self.take_at(index, found, slots);
            }
        }
        if !seen_free {
            self.hint = self.table.len();
        }
        let index = self.add_arena()?;
        self.take_at(index, starts(ALL, slots), slots)
    }

    fn take_at(&mut self, index: usize, found: u16, slots: u32) -> Option<(NonNull<u8>, u32)> {
        let arena = &mut self.table[index];
        let warm = found & arena.dirty;
        let at = if warm != 0 { warm } else { found }.trailing_zeros();
        let base = arena.map.as_ref()?.base();
        self.empty -= (arena.free == ALL) as u32;
        let taken = bits(at, slots);
        self.retained -= (arena.dirty & taken).count_ones();
        arena.dirty &= !taken;
        arena.free &= !taken;
        // SAFETY: at < 16, so the slot lies inside the arena's megabyte; the slots taken are ours.
        let base = unsafe {
            let base = base.add(at as usize * SLOT_BYTES);
            show(base, slots as usize * SLOT_BYTES);
            base
        };
        Some((base, index as u32))
    }

    /// Takes the `more` slots behind the `slots` slots at `base`, if they are free.
    pub(crate) fn grow(&mut self, index: u32, base: NonNull<u8>, slots: u32, more: u32) -> bool {
        let arena = &mut self.table[index as usize];
        let end = slot_number(base) + slots;
        if end + more > ARENA_SLOTS {
            return false;
        }
        let taken = bits(end, more);
        if arena.free & taken != taken {
            return false;
        }
        self.retained -= (arena.dirty & taken).count_ones();
        arena.dirty &= !taken;
        arena.free &= !taken;
        true
    }

    /// Gives `slots` slots at `base` back.
    pub(crate) fn give(&mut self, index: u32, base: NonNull<u8>, slots: u32) {
        let at = slot_number(base);
        let given = bits(at, slots);
        // SAFETY: the caller gives them up.
        unsafe { hide(base, slots as usize * SLOT_BYTES) };
        let arena = &mut self.table[index as usize];
        debug_assert_eq!(arena.free & given, 0);
        arena.free |= given;
        arena.pools &= !given;
        self.hint = self.hint.min(index as usize);
        if arena.free == ALL && self.empty > 0 {
            self.retained -= arena.dirty.count_ones();
            *arena = Arena { map: None, free: 0, dirty: 0, pools: 0 };
            self.mapped -= 1;
            return;
        }
        self.empty += (arena.free == ALL) as u32;
        if self.retained + slots <= RETAINED_SLOTS {
            self.retained += slots;
            arena.dirty |= given;
        } else if let Some(map) = &arena.map {
            map.discard(at as usize * SLOT_BYTES, slots as usize * SLOT_BYTES);
        }
    }

    /// Notes that a taken slot is a pool.
    pub(crate) fn mark_pool(&mut self, index: u32, base: NonNull<u8>) {
        self.table[index as usize].pools |= bits(slot_number(base), 1);
    }

    /// Makes a taken slot's pages resident.
    pub(crate) fn populate(&self, index: u32, base: NonNull<u8>) {
        if let Some(map) = &self.table[index as usize].map {
            map.populate(slot_number(base) as usize * SLOT_BYTES, SLOT_BYTES);
        }
    }

    /// A wholly free arena, freshly mapped.
    fn add_arena(&mut self) -> Option<usize> {
        self.table.try_reserve(1).ok()?;
        let map = Mapping::new(ARENA_BYTES, ARENA_BYTES)?;
        // SAFETY: nobody uses the new mapping yet.
        unsafe { hide(map.base(), ARENA_BYTES) };
        let arena = Arena { map: Some(map), free: ALL, dirty: 0, pools: 0 };
        self.mapped += 1;
        self.empty += 1;
        let vacant = self.table.iter().position(|a| a.map.is_none());
        let index = vacant.unwrap_or(self.table.len());
        match vacant {
            Some(_) => self.table[index] = arena,
            None => self.table.push(arena),
        }
        self.hint = self.hint.min(index);
        Some(index)
    }

    /// The pool in slot `at` of an arena, if there is one.
    pub(crate) fn pool_at(&self, index: usize, at: u32) -> Option<NonNull<u8>> {
        let arena = self.table.get(index).filter(|arena| arena.pools & bits(at, 1) != 0)?;
        let base = arena.map.as_ref()?.base();
        // SAFETY: a slot that is marked lies inside the arena's megabyte.
        Some(unsafe { base.add(at as usize * SLOT_BYTES) })
    }

    /// The arenas that are mapped.
    pub(crate) fn views(&self) -> impl Iterator<Item = ArenaView> + '_ {
        self.table.iter().enumerate().filter_map(|(index, arena)| {
            let address = arena.map.as_ref()?.base().addr().get();
            Some(ArenaView { index: index as u32, address, free: arena.free, kept: arena.dirty })
        })
    }

    /// The addresses of all pools.
    pub(crate) fn pools(&self) -> impl Iterator<Item = NonNull<u8>> + '_ {
        self.table.iter().flat_map(|arena| {
            let base = arena.map.as_ref().map(Mapping::base);
            (0..ARENA_SLOTS).filter(|i| arena.pools & bits(*i, 1) != 0).filter_map(move |i| {
                // SAFETY: i < 16, so the slot lies inside the arena's megabyte.
                base.map(|b| unsafe { b.add(i as usize * SLOT_BYTES) })
            })
        })
    }
}

fn slot_number(base: NonNull<u8>) -> u32 {
    ((base.as_ptr().addr() & (ARENA_BYTES - 1)) / SLOT_BYTES) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_and_arenas_go_back() {
        let mut arenas = Arenas::default();
        let (a, i) = arenas.take(15).unwrap();
        let (b, j) = arenas.take(2).unwrap();
        let (c, k) = arenas.take(1).unwrap();
        assert_eq!((i, j, k), (0, 1, 0));
        assert_eq!(slot_number(c), 15);
        assert!(!arenas.grow(i, a, 15, 1));
        assert!(arenas.grow(j, b, 2, 14));
        arenas.give(j, b, 16);
        assert_eq!(arenas.empty, 1);
        arenas.give(i, a, 15);
        arenas.give(k, c, 1);
        assert_eq!((arenas.mapped, arenas.empty), (1, 1));
        assert!(arenas.retained <= RETAINED_SLOTS);
        assert_eq!(arenas.take(16).map(|(_, i)| i), Some(1));
        assert_eq!(arenas.take(16).map(|(_, i)| i), Some(0));
    }

    #[test]
    fn starts_of_runs() {
        assert_eq!(starts(0b1110_1101, 2), 0b0110_0100);
        assert_eq!(starts(ALL, 16), 1);
        assert_eq!(starts(0x7FFF, 16), 0);
    }
}
