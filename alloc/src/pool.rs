//! The slow paths of pools: finding one with room, taking a new one, letting an empty one go.
//!
//! The states of a pool and what its `countdown` means in each are in `slot.rs`. The transitions:
//!
//! ```text
//!             take a slot            becomes current           no room left
//!   (arena) --------------> Listed -----------------> Current --------------> Full
//!      ^                     | ^ ^      retire           |                     |
//!      +---------------------+ | +-----------------------+                     |
//!             empty            +-----------------------------------------------+
//!                                              a block is freed
//! ```

use crate::classes::CLASSES;
use crate::heap::Heap;
use crate::shadow::hide;
use crate::slot::{HOLD, POOL_SPACE, SLOT_BYTES, Slot, State, extend, no_pool, pop};
use std::ptr::{NonNull, null_mut};

/// From this many pools on, a new pool's pages are made resident at once: one system call instead of sixteen
/// page faults. Smaller heaps rather leave pages untouched.
const POPULATE_FROM: usize = 64;

impl Heap {
    /// The current pool has no free block.
    #[cold]
    #[inline(never)]
    pub(crate) fn alloc_slow(&mut self, kind: usize, class: usize) -> Option<NonNull<u8>> {
        if !self.count_allocation() {
            return None;
        }
        if self.is_counting() {
            return self.alloc_from_list(kind, class);
        }
        // SAFETY: `current` holds a pool of this heap or `no_pool()`; what `pool_with_room` gives is listed
        // and has room.
        unsafe {
            let pool = self.current[kind][class];
            if pool != no_pool() {
                if !(*pool).free.is_null() || extend(pool) {
                    (*pool).countdown += 1;
                    return Some(pop(pool));
                }
                self.current[kind][class] = no_pool();
                (*pool).state = State::Full;
                (*pool).countdown = 1;
            }
            let pool = self.pool_with_room(kind, class)?;
            self.unlist(pool);
            (*pool).state = State::Current;
            (*pool).countdown += HOLD + 1;
            self.current[kind][class] = pool;
            if (*pool).free.is_null() {
                extend(pool);
            }
            Some(pop(pool))
        }
    }

    /// As above, but without making the pool current: the next allocation comes this way again and is
    /// counted.
    fn alloc_from_list(&mut self, kind: usize, class: usize) -> Option<NonNull<u8>> {
        let pool = self.pool_with_room(kind, class)?;
        // SAFETY: the pool is listed and has room, so either its free list has a block or it can be extended.
        unsafe {
            if (*pool).free.is_null() {
                extend(pool);
            }
            let block = pop(pool);
            (*pool).countdown += 1;
            if !(*pool).has_room() {
                self.unlist(pool);
                (*pool).state = State::Full;
                (*pool).countdown = 1;
            }
            Some(block)
        }
    }

    /// The first listed pool of a class, or a new one.
    fn pool_with_room(&mut self, kind: usize, class: usize) -> Option<*mut Slot> {
        let listed = self.available[kind][class];
        if !listed.is_null() {
            return Some(listed);
        }
        if !self.take_counted(SLOT_BYTES) {
            return self.freed_meanwhile(kind, class);
        }
        let Some((base, arena)) = self.arenas.take(1) else {
            self.give(SLOT_BYTES);
            return self.freed_meanwhile(kind, class);
        };
        self.arenas.mark_pool(arena, base);
        if self.pools >= POPULATE_FROM {
            self.arenas.populate(arena, base);
        }
        self.pools += 1;
        let pool = base.cast::<Slot>();
        // SAFETY: the slot is ours, 64 KiB long and aligned, and nobody else uses it.
        unsafe {
            pool.write(Slot::pool(self, kind, class, arena));
            hide(pool.add(1).cast(), POOL_SPACE);
            self.list(pool.as_ptr());
        }
        Some(pool.as_ptr())
    }

    /// No new pool is to be had. But garbage may have been collected on that occasion, from pools that have room now.
    fn freed_meanwhile(&self, kind: usize, class: usize) -> Option<*mut Slot> {
        let listed = self.available[kind][class];
        (!listed.is_null()).then_some(listed)
    }

    /// A pool's countdown reached zero: it was full and has a block again, or it is empty.
    ///
    /// # Safety
    /// `pool` is a pool of this heap, and its countdown is zero.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn pool_event(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises. A current pool's countdown includes HOLD, so this one is full or
        // listed.
        unsafe {
            if (*pool).state == State::Full {
                (*pool).countdown = (*pool).capacity as u32 - 1;
                (*pool).state = State::Listed;
                self.list(pool);
                return;
            }
            debug_assert_eq!((*pool).state, State::Listed);
            let cached = &mut self.cached[(*pool).kind as usize][(*pool).class as usize];
            let taken = !cached.is_null() && *cached != pool && (**cached).used() == 0;
            if taken {
                self.release_pool(pool);
            } else {
                *cached = pool;
            }
        }
    }

    /// Gives every empty pool back.
    #[cold]
    pub fn trim(&mut self) {
        self.let_go(0);
        self.retire_idle_pools();
        for kind in 0..2 {
            for class in 0..CLASSES {
                let cached = self.cached[kind][class];
                // SAFETY: `release_pool` clears `cached`, so it names a live pool.
                unsafe {
                    if !cached.is_null() && (*cached).state == State::Listed && (*cached).used() == 0 {
                        self.release_pool(cached);
                    }
                }
            }
        }
    }

    fn retire_idle_pools(&mut self) {
        for kind in 0..2 {
            for class in 0..CLASSES {
                let pool = self.current[kind][class];
                // SAFETY: `current` holds a live pool or `no_pool()`.
                unsafe {
                    if pool != no_pool() && (*pool).used() == 0 {
                        self.retire(pool);
                    }
                }
            }
        }
    }

    /// Leaves no pool current, so that every allocation takes the slow path.
    pub(crate) fn retire_current_pools(&mut self) {
        for kind in 0..2 {
            for class in 0..CLASSES {
                let pool = self.current[kind][class];
                if pool != no_pool() {
                    // SAFETY: `current` holds a live pool.
                    unsafe { self.retire(pool) };
                }
            }
        }
    }

    /// # Safety
    /// `pool` is current.
    unsafe fn retire(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises; its countdown is used + HOLD.
        unsafe {
            self.current[(*pool).kind as usize][(*pool).class as usize] = no_pool();
            (*pool).countdown -= HOLD;
            if !(*pool).has_room() {
                (*pool).state = State::Full;
                (*pool).countdown = 1;
                return;
            }
            (*pool).state = State::Listed;
            self.list(pool);
            if (*pool).countdown == 0 {
                self.pool_event(pool);
            }
        }
    }

    /// # Safety
    /// `pool` is listed and empty.
    unsafe fn release_pool(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises; an empty pool has no object that a list could need.
        unsafe {
            self.unlist(pool);
            self.unage(pool);
            let cached = &mut self.cached[(*pool).kind as usize][(*pool).class as usize];
            if *cached == pool {
                *cached = null_mut();
            }
            let arena = (*pool).arena;
            self.arenas.give(arena, NonNull::new_unchecked(pool.cast()), 1);
        }
        self.pools -= 1;
        self.give(SLOT_BYTES);
    }

    /// # Safety
    /// `pool` is a pool of this heap that is on no list.
    unsafe fn list(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises; the head is null or a live pool.
        unsafe {
            let head = &mut self.available[(*pool).kind as usize][(*pool).class as usize];
            (*pool).prev = null_mut();
            (*pool).next = *head;
            if !(*head).is_null() {
                (**head).prev = pool;
            }
            *head = pool;
        }
    }

    /// # Safety
    /// `pool` is listed.
    unsafe fn unlist(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises; neighbours of a listed pool are null or listed pools.
        unsafe {
            let (prev, next) = ((*pool).prev, (*pool).next);
            if prev.is_null() {
                self.available[(*pool).kind as usize][(*pool).class as usize] = next;
            } else {
                (*prev).next = next;
            }
            if !next.is_null() {
                (*next).prev = prev;
            }
        }
    }
}
