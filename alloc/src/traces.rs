//! Traces: where the blocks in use were asked for, and how many bytes were asked for.
//!
//! Who wants to know starts it ([`Heap::start_traces`]); until then nothing is paid for it. While a heap traces, no
//! pool is current and each is [`State::Watched`](crate::slot::State), so that every allocation and every free takes
//! the slow path, which writes here. Blocks that were there before have no trace.
//!
//! Where a block was asked for is a number, its *site*, that the VM gives ([`Hooks::site`](crate::Hooks)). A block's
//! trace is found by its address: each slot of an arena has a place in a table, by the index of its arena, and
//! there lie eight bytes for each block of the pool.
//!
//! ```text
//!   pools[arena * ARENA_SLOTS + slot][i]   the trace of block i
//!   large[slot]                            the trace of a large block
//!   site == 0                     none
//!   current == sum of the bytes of all traces <= peak
//!   charged to the heap == the tables of pools; the lists that hold them are 24 bytes a slot, and not charged
//! ```

use crate::arena::ARENA_SLOTS;
use crate::heap::Heap;
use crate::slot::{SLOT_BYTES, Slot};
use std::collections::HashMap;

/// What is known of a block.
#[derive(Clone, Copy, Default)]
struct Trace {
    site: u32,
    bytes: u32,
}

/// The traces of a heap.
#[derive(Default)]
pub(crate) struct Traces {
    pools: Vec<Box<[Trace]>>,
    large: HashMap<usize, (u32, usize)>,
    current: usize,
    peak: usize,
    /// While it is above zero, new blocks get no trace.
    pauses: u32,
}

/// The place of a pool's table.
fn place(pool: &Slot) -> usize {
    let slots = ARENA_SLOTS as usize;
    pool.arena as usize * slots + std::ptr::from_ref(pool).addr() / SLOT_BYTES % slots
}

impl Traces {
    /// Whether new blocks get a trace.
    pub(crate) fn is_awake(&self) -> bool {
        self.pauses == 0
    }

    /// How many bytes a table for the pool takes that has none yet; 0 if it has one.
    pub(crate) fn wanted(&self, pool: &Slot) -> usize {
        match self.pools.get(place(pool)) {
            Some(table) if !table.is_empty() => 0,
            _ => pool.capacity as usize * size_of::<Trace>(),
        }
    }

    /// Makes the pool a table. False: the system has no memory.
    pub(crate) fn add_table(&mut self, pool: &Slot) -> bool {
        let (at, mut table) = (place(pool), Vec::new());
        let more = (at + 1).saturating_sub(self.pools.len());
        if table.try_reserve_exact(pool.capacity as usize).is_err() || self.pools.try_reserve(more).is_err() {
            return false;
        }
        table.resize(pool.capacity as usize, Trace::default());
        if more > 0 {
            self.pools.resize_with(at + 1, Box::default);
        }
        self.pools[at] = table.into_boxed_slice();
        true
    }

    /// Drops the pool's table; gives how many bytes it had.
    pub(crate) fn drop_table(&mut self, pool: &Slot) -> usize {
        self.pools.get_mut(place(pool)).map_or(0, |table| size_of_val(&*std::mem::take(table)))
    }

    /// Room for one more large block's trace. False: the system has no memory.
    pub(crate) fn has_room_for_large(&mut self) -> bool {
        self.large.try_reserve(1).is_ok()
    }

    /// Remembers block `i` of a pool, in place of what was remembered of it.
    pub(crate) fn set(&mut self, pool: &Slot, i: usize, site: u32, bytes: usize) {
        self.forget(pool, i);
        let table = self.pools.get_mut(place(pool)).and_then(|table| table.get_mut(i));
        if let Some(trace) = table.filter(|_| site != 0) {
            // A pool's blocks are far smaller than 4 GiB.
            *trace = Trace { site, bytes: bytes as u32 };
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
        if let Some(trace) = self.pools.get_mut(place(pool)).and_then(|table| table.get_mut(i)) {
            self.current -= std::mem::take(trace).bytes as usize;
        }
    }

    /// Forgets a large block.
    pub(crate) fn forget_large(&mut self, slot: *mut Slot) {
        self.current -= self.large.remove(&slot.addr()).map_or(0, |(_, bytes)| bytes);
    }

    /// The site of block `i` of a pool; 0 if it has no trace.
    pub(crate) fn site(&self, pool: &Slot, i: usize) -> u32 {
        let table = self.pools.get(place(pool));
        table.and_then(|table| table.get(i)).map_or(0, |trace| trace.site)
    }

    /// The site of a large block; 0 if it has no trace.
    pub(crate) fn site_of_large(&self, slot: *mut Slot) -> u32 {
        self.large.get(&slot.addr()).map_or(0, |(site, _)| *site)
    }

    /// Whether the sum of all traces is what is said to be traced now.
    pub(crate) fn adds_up(&self) -> bool {
        let mut sum = 0;
        self.each(&mut |_, bytes| sum += bytes);
        sum == self.current && self.current <= self.peak
    }

    fn add(&mut self, bytes: usize) {
        self.current += bytes;
        self.peak = self.peak.max(self.current);
    }

    fn each(&self, visit: &mut dyn FnMut(u32, usize)) {
        let small = self.pools.iter().flat_map(|table| table.iter());
        small.filter(|trace| trace.site != 0).for_each(|trace| visit(trace.site, trace.bytes as usize));
        self.large.values().for_each(|(site, bytes)| visit(*site, *bytes));
    }

    fn tables_bytes(&self) -> usize {
        self.pools.iter().map(|table| size_of_val(&**table)).sum()
    }

    fn bytes(&self) -> usize {
        let entry = size_of::<(usize, (u32, usize))>() + 1;
        size_of::<Traces>()
            + self.tables_bytes()
            + self.pools.capacity() * size_of::<Box<[Trace]>>()
            + self.large.capacity() * entry
    }
}

impl Heap {
    /// Traces every allocation from now on.
    pub fn start_traces(&mut self) {
        if self.traces.is_none() {
            self.retire_current_pools();
            self.traces = Some(Box::default());
            self.watch_pools();
        }
    }

    /// Ends that, and forgets all traces.
    pub fn stop_traces(&mut self) {
        self.clear_traces();
        if self.traces.take().is_some() {
            self.unwatch_pools();
        }
    }

    /// Whether allocations are traced.
    pub fn is_tracing(&self) -> bool {
        self.traces.is_some()
    }

    /// Lets new blocks go without a trace until [`Heap::resume_traces`]; nests.
    pub fn pause_traces(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.pauses += 1;
        }
    }

    /// Ends one `pause_traces`.
    pub fn resume_traces(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.pauses = traces.pauses.saturating_sub(1);
        }
    }

    /// Forgets all traces, and the peak.
    pub fn clear_traces(&mut self) {
        if let Some(traces) = &mut self.traces {
            let (bytes, pauses) = (traces.tables_bytes(), traces.pauses);
            **traces = Traces { pauses, ..Traces::default() };
            self.uncharge(bytes);
        }
    }

    /// How many bytes the blocks have that are traced, now and at the most.
    pub fn traced_bytes(&self) -> (usize, usize) {
        self.traces.as_ref().map_or((0, 0), |traces| (traces.current, traces.peak))
    }

    /// Starts a new peak from what is traced now.
    pub fn reset_traced_peak(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.peak = traces.current;
        }
    }

    /// How much memory the traces take, in bytes.
    pub fn traces_bytes(&self) -> usize {
        self.traces.as_ref().map_or(0, |traces| traces.bytes())
    }

    /// Visits each trace: the site, and how many bytes were asked for there.
    pub fn each_trace(&self, visit: &mut dyn FnMut(u32, usize)) {
        if let Some(traces) = &self.traces {
            traces.each(visit);
        }
    }
}
