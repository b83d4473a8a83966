//! Traces: where the blocks in use were asked for, and how many bytes were asked for.
//!
//! Who wants to know starts it ([`Heap::start_traces`]); until then nothing is paid for it. While a heap traces,
//! `Heap::current` has no pools, so that every allocation takes the slow path. It takes blocks from *open* pools
//! ([`State::Open`](crate::slot::State)), and writes the trace. Blocks that were there before have no trace.
//!
//! Where a block was asked for is a number, its *site*, which the VM gives ([`Hooks::site`](crate::Hooks)) unless the heap knows it
//! already (`places.rs`). A block's trace is found by its address: each slot of an arena has a place in a list, by the index of its
//! arena, and there is the table of its pool, eight bytes for each block. In a large heap those of full pools are made *brief*, a byte
//! a block (`traces/table.rs`): a few of them whenever a pool gets its table, so that it costs as much as the heap grows.
//!
//! A free costs nothing: a trace stays where it is until its block is handed out again, and who reads traces looks at the free
//! lists. Only where the sum of all traces and its peak matter to the byte ([`Heap::sum_up_traces`]), every free takes its trace
//! away: pools that are not open are [`State::Watched`](crate::slot::State).
//!
//! ```text
//!   pools[arena * ARENA_SLOTS + slot]      the table of a pool, with the trace of block i
//!   large[slot]                            the trace of a large block
//!   Slot::traces                           names the pool's table, if that is whole
//!   open[kind][class]                      Open: on no list, and with a table
//!   site == 0                              none
//!   summed: every table is whole; the traces of free blocks are none; peak - slack == sum of the bytes of all traces
//!   charged to the heap == the tables of pools, and of places; the list of tables is 40 bytes a slot, and not charged
//! ```

mod brief;
mod table;

use crate::arena::ARENA_SLOTS;
use crate::classes::{CLASS_BYTES, CLASSES};
use crate::heap::Heap;
use crate::places::{Places, Trail};
use crate::slot::{SLOT_BYTES, Slot, block_index, no_pool, pop, read_free, slot_of};
use std::collections::HashMap;
use std::ptr::NonNull;
use table::Table;

/// What is known of a block: where it was asked for, and how many bytes were.
#[derive(Clone, Copy, Default, PartialEq)]
#[repr(C, align(8))]
struct Trace {
    site: u32,
    bytes: u32,
}

impl Trace {
    fn word(self) -> u64 {
        u64::from(self.bytes) << 32 | u64::from(self.site)
    }

    fn of(word: u64) -> Trace {
        Trace { site: word as u32, bytes: (word >> 32) as u32 }
    }
}

/// By class: what the offset of a block is multiplied by, to give the block's index and a bias more, in the upper half; and the bias.
static INDEX: [(u32, u32); CLASSES] = {
    let (mut of, mut class) = ([(0, 0); CLASSES], 0);
    while class < CLASSES {
        let bytes = CLASS_BYTES[class] as u64;
        of[class] = ((1u64 << 32).div_ceil(bytes) as u32, size_of::<Slot>() as u32 / bytes as u32);
        class += 1;
    }
    of
};

/// The traces of a heap.
pub(crate) struct Traces {
    /// By kind and class: the pool that blocks come from, or `no_pool()`.
    open: [[*mut Slot; CLASSES]; 2],
    pub(crate) places: Places,
    /// Whose traces they are.
    pub(crate) heap: *mut Heap,
    pools: Vec<Table>,
    /// Where in `pools` full ones are looked for, whose tables may be made brief.
    hand: usize,
    large: HashMap<usize, (u32, usize)>,
    /// Whether the sum of all traces is kept.
    pub(crate) summed: bool,
    /// By how much the sum is below its peak.
    slack: usize,
    peak: usize,
    /// While it is above zero, new blocks get no trace.
    pauses: u32,
}

/// What the slack is while nobody keeps the sum: so much is never asked for.
const NO_SUM: usize = usize::MAX / 2;

/// The place of a pool's table.
fn place(pool: &Slot) -> usize {
    let slots = ARENA_SLOTS as usize;
    pool.arena as usize * slots + std::ptr::from_ref(pool).addr() / SLOT_BYTES % slots
}

impl Traces {
    fn new(places: Places, heap: *mut Heap) -> Traces {
        Traces {
            open: [[no_pool(); CLASSES]; 2],
            places,
            heap,
            pools: Vec::new(),
            hand: 0,
            large: HashMap::new(),
            summed: false,
            slack: NO_SUM,
            peak: 0,
            pauses: 0,
        }
    }

    /// A block of the open pool, and its trace; None if that has no free one, or if nobody knows where the VM stands.
    ///
    /// # Safety
    /// `class` is that of `bytes`.
    #[inline(always)]
    pub(crate) unsafe fn take(&mut self, kind: usize, class: usize, bytes: usize) -> Option<NonNull<u8>> {
        let site = self.places.site()?;
        // SAFETY: an open pool is a live one, or `no_pool()`, whose free list is empty, and names a table with an entry for each of
        // its blocks.
        unsafe {
            let pool = *self.open.get_unchecked(kind).get_unchecked(class);
            if (*pool).free.is_null() {
                return None;
            }
            let block = pop(pool);
            *(*pool).trace_of(block).cast::<Trace>() = Trace { site, bytes: bytes as u32 };
            if bytes > self.slack {
                return Some(self.rise_for(bytes, block));
            }
            self.slack -= bytes;
            Some(block)
        }
    }

    /// A block of a pool that names its table is freed, and gives its trace up.
    ///
    /// # Safety
    /// It is, and the sum of all traces is kept.
    #[inline(always)]
    pub(crate) unsafe fn take_back(&mut self, pool: *mut Slot, p: NonNull<u8>) {
        // SAFETY: as the caller promises.
        let trace = Trace::of(std::mem::take(unsafe { &mut *(*pool).trace_of(p) }));
        self.slack += trace.bytes as usize;
    }

    /// Whether new blocks get a trace.
    pub(crate) fn is_awake(&self) -> bool {
        self.pauses == 0
    }

    /// The open pool of a class, or `no_pool()`.
    pub(crate) fn open_pool(&self, kind: usize, class: usize) -> *mut Slot {
        self.open[kind][class]
    }

    /// Lets blocks come from a pool that has a table.
    pub(crate) fn open(&mut self, pool: *mut Slot, kind: usize, class: usize) {
        self.open[kind][class] = pool;
    }

    /// Lets no more blocks come from the open pool of a class; gives it, or `no_pool()`.
    pub(crate) fn close(&mut self, kind: usize, class: usize) -> *mut Slot {
        std::mem::replace(&mut self.open[kind][class], no_pool())
    }

    /// How many bytes more the pool's table takes that it shall have: a whole one; 0 if it has that.
    pub(crate) fn wanted(&self, pool: &Slot) -> usize {
        self.pools.get(place(pool)).unwrap_or(&Table::None).wanted(pool.capacity as usize)
    }

    /// Makes the pool a whole table, and lets it name that. False: the system has no memory.
    pub(crate) fn add_table(&mut self, pool: &mut Slot) -> bool {
        let at = place(pool);
        let more = (at + 1).saturating_sub(self.pools.len());
        if self.pools.try_reserve(more).is_err() {
            return false;
        }
        if more > 0 {
            self.pools.resize_with(at + 1, Table::default);
        }
        let Some(table) = self.pools[at].make_whole(pool.capacity as usize) else { return false };
        let (scale, bias) = INDEX[pool.class as usize];
        pool.trace_by(table.as_mut_ptr().wrapping_sub(bias as usize).cast(), scale);
        true
    }

    /// Drops the pool's table; gives how many bytes it had. The pool is not open.
    pub(crate) fn drop_table(&mut self, pool: &mut Slot) -> usize {
        pool.trace_by(std::ptr::null_mut(), 0);
        self.pools.get_mut(place(pool)).map_or(0, |table| std::mem::take(table).bytes())
    }

    /// Makes the table of a pool brief if that is a whole one, and worth it; gives how many bytes it takes less.
    fn make_brief(&mut self, pool: &mut Slot) -> usize {
        let Some(table) = self.pools.get_mut(place(pool)) else { return 0 };
        let less = table.make_brief();
        if less > 0 {
            pool.trace_by(std::ptr::null_mut(), 0);
        }
        less
    }

    /// Whether the pool's table is brief.
    fn is_brief(&self, pool: &Slot) -> bool {
        matches!(self.pools.get(place(pool)), Some(Table::Brief(_)))
    }

    /// The next place in the list of tables where a full pool may be.
    fn look(&mut self) -> usize {
        let at = self.hand;
        self.hand = (at + 1) % self.pools.len().max(1);
        at
    }

    /// Room for one more large block's trace. False: the system has no memory.
    pub(crate) fn has_room_for_large(&mut self) -> bool {
        self.large.try_reserve(1).is_ok()
    }

    /// Remembers block `i` of a pool, in place of what was remembered of it.
    pub(crate) fn set(&mut self, pool: &Slot, i: usize, site: u32, bytes: usize) {
        self.forget(pool, i);
        if let Some(table) = self.pools.get_mut(place(pool)).filter(|_| site != 0) {
            // A pool's blocks are far smaller than 4 GiB.
            table.set(i, Trace { site, bytes: bytes as u32 });
            self.add(bytes);
        }
    }

    /// The same of a large block.
    pub(crate) fn set_large(&mut self, slot: *mut Slot, site: u32, bytes: usize) {
        self.forget_large(slot);
        if site != 0 {
            self.large.insert(slot.addr(), (site, bytes));
            self.add(bytes);
        }
    }

    /// Forgets block `i` of a pool.
    pub(crate) fn forget(&mut self, pool: &Slot, i: usize) {
        if let Some(table) = self.pools.get_mut(place(pool)) {
            let bytes = table.take(i).bytes as usize;
            self.subtract(bytes);
        }
    }

    /// Forgets a large block.
    pub(crate) fn forget_large(&mut self, slot: *mut Slot) {
        let bytes = self.large.remove(&slot.addr()).map_or(0, |(_, bytes)| bytes);
        self.subtract(bytes);
    }

    /// The site of block `i` of a pool; 0 if it has no trace.
    pub(crate) fn site(&self, pool: &Slot, i: usize) -> u32 {
        self.pools.get(place(pool)).map_or(0, |table| table.get(i).site)
    }

    /// The site of a large block; 0 if it has no trace.
    pub(crate) fn site_of_large(&self, slot: *mut Slot) -> u32 {
        self.large.get(&slot.addr()).map_or(0, |(site, _)| *site)
    }

    fn add(&mut self, bytes: usize) {
        if bytes > self.slack {
            self.rise(bytes);
        } else {
            self.slack -= bytes;
        }
    }

    /// The sum rises above its peak.
    fn rise(&mut self, bytes: usize) {
        self.peak += bytes - self.slack;
        self.slack = 0;
    }

    /// The same; gives the block that it is for. (So who has taken that needs no register for it: the compiler must not see that it
    /// knows what it gets.)
    #[cold]
    #[inline(never)]
    fn rise_for(&mut self, bytes: usize, block: NonNull<u8>) -> NonNull<u8> {
        self.rise(bytes);
        std::hint::black_box(block)
    }

    fn subtract(&mut self, bytes: usize) {
        self.slack = if self.summed { self.slack + bytes } else { NO_SUM };
    }

    /// The sum of all traces, if it is kept.
    fn current(&self) -> usize {
        self.peak - self.slack
    }

    fn tables_bytes(&self) -> usize {
        self.pools.iter().map(Table::bytes).sum()
    }

    fn bytes(&self) -> usize {
        let entry = size_of::<(usize, (u32, usize))>() + 1;
        size_of::<Traces>()
            + self.places.bytes()
            + self.tables_bytes()
            + self.pools.capacity() * size_of::<Table>()
            + self.large.capacity() * entry
    }
}

/// One bit for each block of a pool.
struct Bits([u64; SLOT_BYTES / 16 / 64]);

impl Bits {
    fn set(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }
    fn has(&self, i: usize) -> bool {
        self.0[i / 64] >> (i % 64) & 1 == 1
    }
}

/// Which blocks of a pool are free.
///
/// # Safety
/// The pool is live.
unsafe fn free_blocks(pool: *mut Slot) -> Bits {
    let mut bits = Bits([0; SLOT_BYTES / 16 / 64]);
    // SAFETY: as the caller promises; a free list holds blocks of its pool.
    unsafe {
        let mut at = (*pool).free;
        while let Some(p) = NonNull::new(at) {
            block_index(pool, p).into_iter().for_each(|i| bits.set(i));
            at = read_free(p).next;
        }
    }
    bits
}

impl Heap {
    /// Traces every allocation from now on. The VM's stack is where the trail leads, which stays so, and so many records of it make a
    /// difference, as a rule; without a trail the VM is asked for each block. If it `folds`, it is told where stacks crowd, for which
    /// fewer records may make a difference then (`Hooks::site`). False: there is no memory.
    ///
    /// # Safety
    /// As long as the heap traces and allocates, the trail leads to a record; under each lie as many more as have been told of
    /// (`Hooks::site`) when it was the top one and stood where it stands, unless `forget_places` was called; and under the lowest
    /// one as many as `Trail::UNDER` says.
    pub unsafe fn start_traces(&mut self, trail: Option<Trail>, records: usize, folds: bool) -> bool {
        if self.traces.is_some() {
            return true;
        }
        let Some(places) = Places::new(trail, records, folds) else { return false };
        if !self.take(places.bytes()) {
            return false;
        }
        self.external += places.bytes();
        self.retire_current_pools();
        let heap = std::ptr::from_mut(self);
        self.traces = Some(Box::new(Traces::new(places, heap)));
        true
    }

    /// Ends that, and forgets all traces.
    pub fn stop_traces(&mut self) {
        self.clear_traces();
        if self.is_tracing() {
            self.unwatch_pools();
        }
        if let Some(traces) = self.traces.take() {
            self.uncharge(traces.places.bytes());
        }
    }

    /// Whether allocations are traced.
    pub fn is_tracing(&self) -> bool {
        self.traces.is_some()
    }

    /// Keeps the sum of all traces from now on, and its peak.
    pub fn sum_up_traces(&mut self) {
        if self.traces.as_ref().is_none_or(|traces| traces.summed) {
            return;
        }
        self.retire_current_pools();
        self.make_tables_whole();
        let mut current = 0;
        self.each_trace(&mut |_, bytes| current += bytes);
        let Some(mut traces) = self.traces.take() else { return };
        for base in self.arenas.pools() {
            let pool = base.cast::<Slot>().as_ptr();
            // SAFETY: the arenas' pools are live slots of this heap.
            unsafe {
                let Some(table) = traces.pools.get_mut(place(&*pool)) else { continue };
                let free = free_blocks(pool);
                (0..(*pool).capacity as usize).filter(|i| free.has(*i)).for_each(|i| _ = table.take(i));
            }
        }
        (traces.summed, traces.slack, traces.peak) = (true, 0, current);
        self.traces = Some(traces);
        self.watch_pools();
    }

    /// Lets new blocks go without a trace until [`Heap::resume_traces`]; nests.
    pub fn pause_traces(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.pauses += 1;
            traces.places.look_up(false);
        }
    }

    /// Ends one `pause_traces`.
    pub fn resume_traces(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.pauses = traces.pauses.saturating_sub(1);
            traces.places.look_up(traces.pauses == 0);
        }
    }

    /// Forgets all traces, and the peak.
    pub fn clear_traces(&mut self) {
        if self.is_tracing() {
            self.retire_current_pools();
        }
        if let Some(traces) = &mut self.traces {
            let bytes = traces.tables_bytes();
            traces.places.forget();
            for base in self.arenas.pools() {
                // SAFETY: the arenas' pools are live slots of this heap.
                unsafe { (*base.cast::<Slot>().as_ptr()).trace_by(std::ptr::null_mut(), 0) };
            }
            (traces.pools, traces.large) = (Vec::new(), HashMap::new());
            (traces.slack, traces.peak) = (if traces.summed { 0 } else { NO_SUM }, 0);
            self.uncharge(bytes);
        }
    }

    /// How many bytes the blocks have that are traced, now and at the most since their sum is kept.
    pub fn traced_bytes(&self) -> (usize, usize) {
        match &self.traces {
            Some(traces) if traces.summed => (traces.current(), traces.peak),
            _ => {
                let mut sum = 0;
                self.each_trace(&mut |_, bytes| sum += bytes);
                (sum, sum)
            }
        }
    }

    /// Starts a new peak from what is traced now.
    pub fn reset_traced_peak(&mut self) {
        if let Some(traces) = self.traces.as_mut().filter(|traces| traces.summed) {
            (traces.peak, traces.slack) = (traces.current(), 0);
        }
    }

    /// How much memory the traces take, in bytes.
    pub fn traces_bytes(&self) -> usize {
        self.traces.as_ref().map_or(0, |traces| traces.bytes())
    }

    /// Visits each trace: the site, and how many bytes were asked for there.
    pub fn each_trace(&self, visit: &mut dyn FnMut(u32, usize)) {
        let Some(traces) = &self.traces else { return };
        for base in self.arenas.pools() {
            let pool = base.cast::<Slot>().as_ptr();
            // SAFETY: the arenas' pools are live slots of this heap.
            unsafe {
                let Some(table) = traces.pools.get(place(&*pool)) else { continue };
                let free = free_blocks(pool);
                for (i, trace) in table.iter().take((*pool).extended as usize).enumerate() {
                    if trace.site != 0 && !free.has(i) {
                        visit(trace.site, trace.bytes as usize);
                    }
                }
            }
        }
        traces.large.values().for_each(|(site, bytes)| visit(*site, *bytes));
    }

    /// Whether the sum of all traces is what is said to be traced now.
    pub(crate) fn traces_add_up(&self) -> bool {
        let Some(traces) = self.traces.as_ref().filter(|traces| traces.summed) else { return true };
        let mut sum = 0;
        traces.pools.iter().flat_map(Table::iter).for_each(|trace| sum += trace.bytes as usize);
        sum += traces.large.values().map(|(_, bytes)| bytes).sum::<usize>();
        traces.slack <= traces.peak && sum == traces.current()
    }

    /// Remembers where a block was asked for, or was resized; a site of 0 forgets it.
    ///
    /// # Safety
    /// `p` is a block of this heap in use. If it is a pool's and the site is not 0, the pool has a table, else it is not traced.
    pub(crate) unsafe fn trace(&mut self, p: NonNull<u8>, site: u32, bytes: usize) {
        if self.traces.is_none() {
            return;
        }
        let slot = slot_of(p);
        // SAFETY: a block lies in a live slot.
        unsafe {
            let (index, large) = (block_index(slot, p), (*slot).is_large());
            if !large && site != 0 {
                self.make_table_whole(slot);
            }
            match (&mut self.traces, index) {
                (Some(traces), Some(_)) if large => traces.set_large(slot, site, bytes),
                (Some(traces), Some(index)) => traces.set(&*slot, index, site, bytes),
                _ => {}
            }
        }
    }

    /// Where a block was asked for, by its address; 0 if it is not traced.
    ///
    /// # Safety
    /// `p` is an object of this heap.
    pub unsafe fn site_of(&self, p: crate::header::ObjPtr) -> u32 {
        let Some(traces) = &self.traces else { return 0 };
        let slot = slot_of(p);
        // SAFETY: an object lies in a live slot.
        unsafe {
            match block_index(slot, p) {
                Some(_) if (*slot).is_large() => traces.site_of_large(slot),
                Some(index) => traces.site(&*slot, index),
                None => 0,
            }
        }
    }

    /// The site of what is about to be allocated; 0 if it is not traced. None: no memory for it.
    pub(crate) fn site(&mut self) -> Option<u32> {
        let Some(traces) = self.traces.as_mut().filter(|traces| traces.is_awake()) else { return Some(0) };
        let known = traces.places.site();
        if known.is_some() {
            return known;
        }
        let crowd = traces.places.crowd();
        if let Some(site) = (crowd == 0).then(|| traces.places.far_site()).flatten() {
            return Some(site);
        }
        let (site, context) = (self.hooks.site, self.context);
        let mut charge = |bytes| {
            let granted = self.take(bytes);
            self.external += if granted { bytes } else { 0 };
            granted
        };
        // SAFETY: who installed the hook said that it is sound.
        let (site, below) = unsafe { site(context, &mut charge, crowd)? };
        if let (Some(traces), Some(below)) = (&mut self.traces, below) {
            traces.places.remember(site, below, crowd);
        }
        Some(site)
    }
}
