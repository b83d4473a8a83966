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

use crate::classes::CLASSES;
use crate::heap::Heap;
use crate::shadow::hide;
use crate::slot::{HOLD, POOL_SPACE, SLOT_BYTES, Slot, State, extend, no_pool, pop, read_free};
use std::ptr::{NonNull, null_mut};

/// From this many pools on, a new pool's pages are made resident at once: one system call instead of sixteen
/// page faults. Smaller heaps rather leave pages untouched.
const POPULATE_FROM: usize = 64;

impl Heap {
    /// The current pool has no free block, or there is none because the heap traces.
    ///
    /// # Safety
    /// `class` is that of `bytes`.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn alloc_slow<const KIND: usize>(
        &mut self,
        class: usize,
        bytes: usize,
    ) -> Option<NonNull<u8>> {
        let Some(traces) = &mut self.traces else { return self.alloc_elsewhere(class, bytes, KIND) };
        // SAFETY: as the caller promises. The traces are those of this heap, whose address is taken from them: so it needs no
        // register until then.
        unsafe {
            let taken = traces.take(KIND, class, bytes);
            if taken.is_some() {
                return taken;
            }
            let heap = traces.heap;
            (*heap).alloc_elsewhere(class, bytes, KIND)
        }
    }

    /// There is no free block at hand.
    #[cold]
    #[inline(never)]
    fn alloc_elsewhere(&mut self, class: usize, bytes: usize, kind: usize) -> Option<NonNull<u8>> {
        if !self.count_allocation() {
            return None;
        }
        if self.is_counting() {
            return self.alloc_from_list(kind, class, bytes);
        }
        if self.traces.is_some() {
            return self.alloc_traced(kind, class, bytes);
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
    fn alloc_from_list(&mut self, kind: usize, class: usize, bytes: usize) -> Option<NonNull<u8>> {
        let site = self.site()?;
        let pool = self.pool_to_trace(kind, class, site != 0)?;
        // SAFETY: the pool is listed and has room, so either its free list has a block or it can be extended.
        unsafe {
            let block = self.pop_counted(pool);
            if !(*pool).has_room() {
                self.unlist(pool);
                if (*pool).state != State::Watched {
                    (*pool).state = State::Full;
                    (*pool).countdown = 1;
                }
            }
            self.trace(block, site, bytes);
            Some(block)
        }
    }

    /// As above, while the heap traces: from the open pool, or from one that is opened.
    fn alloc_traced(&mut self, kind: usize, class: usize, bytes: usize) -> Option<NonNull<u8>> {
        let site = self.site()?;
        // SAFETY: an open pool is live, or `no_pool()`, which has no room; one that is to be traced is listed and has room. For
        // the sake of a table garbage may be collected; it closes no pool that is in use.
        unsafe {
            let mut pool = self.open_pool(kind, class);
            if !(*pool).has_room() {
                if pool != no_pool() {
                    self.close(kind, class);
                }
                pool = self.pool_to_trace(kind, class, true)?;
                self.unlist(pool);
                (*pool).state = State::Open;
                if let Some(traces) = &mut self.traces {
                    (*pool).countdown = if traces.summed { 1 } else { HOLD };
                    traces.open(pool, kind, class);
                }
            }
            let block = self.pop_counted(pool);
            self.trace(block, site, bytes);
            Some(block)
        }
    }

    /// Takes a block, and counts it.
    ///
    /// # Safety
    /// The pool has room.
    unsafe fn pop_counted(&mut self, pool: *mut Slot) -> NonNull<u8> {
        // SAFETY: as the caller promises.
        unsafe {
            if (*pool).free.is_null() {
                extend(pool);
            }
            match (*pool).state {
                State::Open => {}
                State::Watched => (*pool).watched += 1,
                _ => (*pool).countdown += 1,
            }
            pop(pool)
        }
    }

    /// A pool with room which, if that is `wanted`, has a table of traces. None: there is no memory for a pool or its table.
    fn pool_to_trace(&mut self, kind: usize, class: usize, wanted: bool) -> Option<*mut Slot> {
        loop {
            let pool = self.pool_with_room(kind, class)?;
            // SAFETY: the pool is live.
            let bytes = unsafe { self.table_wanted(pool, wanted) };
            if bytes == 0 {
                return Some(pool);
            }
            if !self.take(bytes) {
                // SAFETY: a pool on the list is live.
                unsafe {
                    if self.available[kind][class] == pool && (*pool).used() == 0 {
                        self.pool_emptied(pool);
                    }
                }
                return None;
            }
            self.external += bytes;
            // For its sake garbage may have been collected, so that another pool has room now.
            let same = self.pool_with_room(kind, class) == Some(pool);
            // SAFETY: the pool is still listed if it is the first one.
            let added = same && unsafe { self.table_wanted(pool, wanted) == bytes && self.add_table(pool) };
            if !added {
                self.uncharge(bytes);
            }
            if same && !added {
                return None;
            }
            self.make_tables_brief();
        }
    }

    /// The bytes of the table that a pool needs before a block of it can be traced, and has not.
    ///
    /// # Safety
    /// `pool` is live.
    unsafe fn table_wanted(&self, pool: *mut Slot, wanted: bool) -> usize {
        let traces = self.traces.as_ref().filter(|_| wanted);
        // SAFETY: as the caller promises.
        traces.map_or(0, |traces| traces.wanted(unsafe { &*pool }))
    }

    /// # Safety
    /// `pool` is live.
    unsafe fn add_table(&mut self, pool: *mut Slot) -> bool {
        // SAFETY: as the caller promises.
        self.traces.as_mut().is_some_and(|traces| traces.add_table(unsafe { &mut *pool }))
    }

    /// The pool that blocks of a class come from, or `no_pool()`: the current one, or the open one while the heap traces.
    pub(crate) fn open_pool(&self, kind: usize, class: usize) -> *mut Slot {
        self.traces.as_ref().map_or(self.current[kind][class], |traces| traces.open_pool(kind, class))
    }

    /// Makes every pool Watched. None is current or open.
    pub(crate) fn watch_pools(&mut self) {
        for base in self.arenas.pools() {
            // SAFETY: the arenas' pools are live slots of this heap.
            unsafe { watch(base.cast().as_ptr()) };
        }
    }

    /// Makes every pool what it is while nobody watches it. None is open.
    pub(crate) fn unwatch_pools(&mut self) {
        for base in self.arenas.pools() {
            let pool = base.cast::<Slot>().as_ptr();
            // SAFETY: as above. What has room is on the list, as it shall be.
            unsafe {
                if (*pool).state != State::Watched {
                    continue;
                }
                let has_room = (*pool).has_room();
                (*pool).countdown = if has_room { (*pool).watched as u32 } else { 1 };
                (*pool).state = if has_room { State::Listed } else { State::Full };
            }
        }
    }

    /// A block of an open pool was freed: it is the first of the free list.
    ///
    /// # Safety
    /// `pool` is an open pool of this heap, and its countdown is zero.
    #[inline(always)]
    unsafe fn open_free(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises: only a heap that traces has such a pool.
        unsafe {
            let traces = self.traces.as_mut().unwrap_unchecked();
            if traces.summed {
                (*pool).countdown = 1;
                traces.take_back(pool, NonNull::new_unchecked((*pool).free).cast());
            } else {
                (*pool).countdown = HOLD;
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
            let p = NonNull::new_unchecked((*pool).free);
            if !(*pool).traces.is_null() {
                // Only a heap that traces has such a pool.
                self.traces.as_mut().unwrap_unchecked().take_back(pool, p.cast());
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
            if self.traces.as_ref().is_some_and(|traces| traces.summed) {
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
        // SAFETY: as the caller promises. A current pool's countdown includes HOLD, so this is another one.
        unsafe {
            match (*pool).state {
                State::Open => self.open_free(pool),
                state => self.event_unless_open(pool, state),
            }
        }
    }

    /// The same of a pool in this state, which is not open.
    #[inline(never)]
    unsafe fn event_unless_open(&mut self, pool: *mut Slot, state: State) {
        // SAFETY: as there.
        unsafe {
            if state == State::Full {
                (*pool).countdown = (*pool).capacity as u32 - 1;
                (*pool).state = State::Listed;
                self.list(pool);
                return;
            }
            if state >= State::Watched {
                return self.watched_free(pool);
            }
            debug_assert_eq!(state, State::Listed);
            self.pool_emptied(pool);
        }
    }

    /// # Safety
    /// `pool` is listed and empty.
    unsafe fn pool_emptied(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises.
        unsafe {
            let cached = &mut self.cached[(*pool).kind as usize][(*pool).class as usize];
            // (To know whether an open one is empty takes a look at all its free blocks.)
            let taken = !cached.is_null()
                && *cached != pool
                && (**cached).state != State::Open
                && (**cached).used() == 0;
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
                let pool = self.open_pool(kind, class);
                // SAFETY: blocks come from a live pool or `no_pool()`.
                unsafe {
                    if pool != no_pool() && (*pool).used() == 0 {
                        self.close(kind, class);
                    }
                }
            }
        }
    }

    /// Leaves no pool current, nor open, so that every allocation takes the slow path.
    pub(crate) fn retire_current_pools(&mut self) {
        for kind in 0..2 {
            for class in 0..CLASSES {
                if self.open_pool(kind, class) != no_pool() {
                    // SAFETY: blocks come from a live pool.
                    unsafe { self.close(kind, class) };
                }
            }
        }
    }

    /// Lets no more blocks come from a pool.
    ///
    /// # Safety
    /// The class has one that is current or open.
    unsafe fn close(&mut self, kind: usize, class: usize) {
        let pool = match &mut self.traces {
            Some(traces) => traces.close(kind, class),
            None => std::mem::replace(&mut self.current[kind][class], no_pool()),
        };
        let watches = self.traces.as_ref().is_some_and(|traces| traces.summed);
        // SAFETY: as the caller promises.
        unsafe {
            let (used, has_room) = ((*pool).used(), (*pool).has_room());
            (*pool).state = if has_room { State::Listed } else { State::Full };
            (*pool).countdown = if has_room { used } else { 1 };
            if watches {
                watch(pool);
            }
            if has_room {
                self.list(pool);
                if used == 0 {
                    self.pool_emptied(pool);
                }
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
            let table = self.traces.as_mut().map_or(0, |traces| traces.drop_table(&mut *pool));
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
