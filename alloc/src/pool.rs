//! The slow paths of pools: finding one with room, taking a new one, letting an empty one go, watching all.
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

use crate::classes::{CLASSES, class_of};
use crate::header::ObjPtr;
use crate::heap::Heap;
use crate::shadow::hide;
use crate::slot::{
    HOLD, POOL_SPACE, SLOT_BYTES, Slot, State, block_index, extend, no_pool, pop, read_free, slot_of,
};
use std::ptr::{NonNull, null_mut};

/// From this many pools on, a new pool's pages are made resident at once: one system call instead of sixteen
/// page faults. Smaller heaps rather leave pages untouched.
const POPULATE_FROM: usize = 64;

impl Heap {
    /// The current pool has no free block.
    #[cold]
    #[inline(never)]
    pub(crate) fn alloc_slow(&mut self, kind: usize, bytes: usize) -> Option<NonNull<u8>> {
        if !self.count_allocation() {
            return None;
        }
        // SAFETY: what is allocated in pools has at most SMALL_MAX bytes.
        let class = unsafe { class_of(bytes) };
        if self.is_counting() {
            return self.alloc_from_list(kind, class, bytes);
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
    /// counted, and traced.
    fn alloc_from_list(&mut self, kind: usize, class: usize, bytes: usize) -> Option<NonNull<u8>> {
        let site = self.site()?;
        let pool = self.pool_to_trace(kind, class, site)?;
        // SAFETY: the pool is listed and has room, so either its free list has a block or it can be extended.
        unsafe {
            if (*pool).free.is_null() {
                extend(pool);
            }
            let block = pop(pool);
            let watched = (*pool).state == State::Watched;
            if watched {
                (*pool).watched += 1;
            } else {
                (*pool).countdown += 1;
            }
            if !(*pool).has_room() {
                self.unlist(pool);
                if !watched {
                    (*pool).state = State::Full;
                    (*pool).countdown = 1;
                }
            }
            self.trace(block, site, bytes);
            Some(block)
        }
    }

    /// A pool with room which, unless the site is 0, has a table of traces. None: there is no memory for a pool or its table.
    fn pool_to_trace(&mut self, kind: usize, class: usize, site: u32) -> Option<*mut Slot> {
        loop {
            let pool = self.pool_with_room(kind, class)?;
            // SAFETY: the pool is live.
            let wanted = unsafe { self.table_wanted(pool, site) };
            if wanted == 0 {
                return Some(pool);
            }
            if !self.take(wanted) {
                return None;
            }
            self.external += wanted;
            // For its sake garbage may have been collected, so that another pool has room now.
            let same = self.pool_with_room(kind, class) == Some(pool);
            // SAFETY: the pool is still listed if it is the first one.
            let added = same && unsafe { self.table_wanted(pool, site) == wanted && self.add_table(pool) };
            if !added {
                self.uncharge(wanted);
            }
            if same && !added {
                return None;
            }
        }
    }

    /// The bytes of the table that a pool needs before a block of it can be traced, and has not.
    ///
    /// # Safety
    /// `pool` is live.
    unsafe fn table_wanted(&self, pool: *mut Slot, site: u32) -> usize {
        let traces = self.traces.as_ref().filter(|_| site != 0);
        // SAFETY: as the caller promises.
        traces.map_or(0, |traces| traces.wanted(unsafe { &*pool }))
    }

    /// # Safety
    /// `pool` is live.
    unsafe fn add_table(&mut self, pool: *mut Slot) -> bool {
        // SAFETY: as the caller promises.
        self.traces.as_mut().is_some_and(|traces| traces.add_table(unsafe { &*pool }))
    }

    /// The site of what is about to be allocated; 0 if it is not traced. None: no memory for it.
    pub(crate) fn site(&mut self) -> Option<u32> {
        if !self.traces.as_ref().is_some_and(|traces| traces.is_awake()) {
            return Some(0);
        }
        let (site, context) = (self.hooks.site, self.context);
        let mut charge = |bytes| {
            let granted = self.take(bytes);
            self.external += if granted { bytes } else { 0 };
            granted
        };
        // SAFETY: who installed the hook said that it is sound.
        unsafe { site(context, &mut charge) }
    }

    /// Remembers where a block was asked for, or was resized; a site of 0 forgets it.
    ///
    /// # Safety
    /// `p` is a block of this heap. If it is a pool's and the site is not 0, the pool has a table, else it is not traced.
    pub(crate) unsafe fn trace(&mut self, p: NonNull<u8>, site: u32, bytes: usize) {
        let Some(traces) = &mut self.traces else { return };
        let slot = slot_of(p);
        // SAFETY: a block lies in a live slot.
        unsafe {
            match block_index(slot, p) {
                Some(_) if (*slot).state == State::Large => traces.set_large(slot, site, bytes),
                Some(index) => traces.set(&*slot, index, site, bytes),
                None => {}
            }
        }
    }

    /// Where a block was asked for, by its address; 0 if it is not traced.
    ///
    /// # Safety
    /// `p` is an object of this heap.
    pub unsafe fn site_of(&self, p: ObjPtr) -> u32 {
        let Some(traces) = &self.traces else { return 0 };
        let slot = slot_of(p);
        // SAFETY: an object lies in a live slot.
        unsafe {
            match block_index(slot, p) {
                Some(_) if (*slot).state == State::Large => traces.site_of_large(slot),
                Some(index) => traces.site(&*slot, index),
                None => 0,
            }
        }
    }

    /// Makes every pool Watched. None is current.
    pub(crate) fn watch_pools(&mut self) {
        for base in self.arenas.pools() {
            // SAFETY: the arenas' pools are live slots of this heap.
            unsafe { watch(base.cast().as_ptr()) };
        }
    }

    /// Makes every pool what it is without traces.
    pub(crate) fn unwatch_pools(&mut self) {
        for base in self.arenas.pools() {
            let pool = base.cast::<Slot>().as_ptr();
            // SAFETY: as above. What has room is on the list, as it shall be.
            unsafe {
                let has_room = (*pool).has_room();
                (*pool).countdown = if has_room { (*pool).watched as u32 } else { 1 };
                (*pool).state = if has_room { State::Listed } else { State::Full };
            }
        }
    }

    /// A block of a Watched pool was freed: it is the first of the free list.
    ///
    /// # Safety
    /// `pool` is a pool of this heap, and its countdown is zero.
    unsafe fn watched_free(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises.
        unsafe {
            (*pool).countdown = 1;
            (*pool).watched -= 1;
            let Some(p) = NonNull::new((*pool).free) else { return };
            if let (Some(traces), Some(index)) = (&mut self.traces, block_index(pool, p)) {
                traces.forget(&*pool, index);
            }
            let was_full = read_free(p).next.is_null() && (*pool).extended == (*pool).capacity;
            if was_full {
                self.list(pool);
            }
            if (*pool).watched == 0 {
                self.pool_emptied(pool);
            }
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
            if self.traces.is_some() {
                watch(pool.as_ptr());
            }
        }
        Some(pool.as_ptr())
    }

    /// No new pool is to be had. But garbage may have been collected on that occasion, from pools that have room now.
    fn freed_meanwhile(&self, kind: usize, class: usize) -> Option<*mut Slot> {
        let listed = self.available[kind][class];
        (!listed.is_null()).then_some(listed)
    }

    /// A pool's countdown reached zero: it was full and has a block again, or it is empty, or it is watched.
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
            if (*pool).state == State::Watched {
                return self.watched_free(pool);
            }
            debug_assert_eq!((*pool).state, State::Listed);
            self.pool_emptied(pool);
        }
    }

    /// # Safety
    /// `pool` is listed and empty.
    unsafe fn pool_emptied(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises.
        unsafe {
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
                    let listed =
                        !cached.is_null() && matches!((*cached).state, State::Listed | State::Watched);
                    if listed && (*cached).used() == 0 {
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
            let table = self.traces.as_mut().map_or(0, |traces| traces.drop_table(&*pool));
            self.uncharge(table);
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

/// Makes a pool Watched: from now on each free brings its countdown to zero.
///
/// # Safety
/// `pool` is a live pool, and not current.
unsafe fn watch(pool: *mut Slot) {
    // SAFETY: as the caller promises.
    unsafe {
        (*pool).watched = (*pool).used() as u16;
        (*pool).state = State::Watched;
        (*pool).countdown = 1;
    }
}
