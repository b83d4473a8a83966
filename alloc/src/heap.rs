//! The heap: what it is made of, the budget, and the fast paths of allocation and freeing.
//!
//! A `Heap` is boxed and never moves: each pool and large block holds its address. One interpreter has one
//! heap, one thread at a time works on it, and heaps share nothing.
//!
//! ```text
//!   charged == pools * SLOT_BYTES + sum of Large::charged + external      external: what `charge` took
//!   charged <= ceiling whenever something was just granted                ceiling = limit (+ RESERVE_BYTES, once or twice)
//! ```
//!
//! The cap is looked at where a pool, a large block or a charge is taken, never when a block is. Allocation
//! and freeing of small blocks are inlined into their callers. Instructions on the way that is usually taken
//! (x86-64, release build, size known when compiling; `examples/fast_paths.rs` shows them):
//!
//! ```text
//!   alloc_object   7      free_object   8      together 15, two of them conditional jumps
//!   alloc_buffer   7      free_buffer   7      7 and 2 more if the size is known only when running
//!   incref         5      decref        6      both test for immortality and write nothing then
//!   track          9
//! ```
//!
//! The fast path knows nothing of `fail_alloc`, nor of traces: while allocations are counted or traced there are no
//! current pools, so every allocation takes the slow path (`traces.rs`).
//!
//! Read next: `slot.rs` for the pools' invariants, `pool.rs` for the slow paths.

mod cap;

use crate::arena::Arenas;
use crate::classes::{CLASS_BYTES, CLASSES, SMALL_MAX, class_of};
use crate::common::Common;
use crate::generations::{GenerationStats, THRESHOLDS};
use crate::header::ObjPtr;
use crate::quarantine::Quarantine;
use crate::quiet::WORKLIST;
use crate::release::Hooks;
use crate::shadow::{hide, is_hidden, show, show_only};
use crate::slot::{BUFFER, FreeBlock, OBJECT, SLOT_BYTES, Slot, check_poison, no_pool, poison, slot_of};
use crate::traces::Traces;
use cap::Refusals;
use std::ffi::c_void;
use std::fmt;
use std::marker::PhantomPinned;
use std::ptr::{NonNull, null_mut};
use std::sync::Arc;

/// How far the cap is raised while the reserve is open: four pools.
pub const RESERVE_BYTES: usize = 4 * SLOT_BYTES;

/// The heap would not, or could not, give memory. In Python, a `MemoryError`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the heap refused an allocation")
    }
}

impl std::error::Error for Refused {}

/// How a heap is to behave.
#[derive(Clone, Copy, Default, Debug)]
pub struct Config {
    /// The cap on everything charged; None = no cap.
    pub limit_bytes: Option<usize>,
    /// Refuse the nth allocation (from 1), once. Objects, buffers, charges and resizes that move or grow all
    /// count.
    pub fail_alloc: Option<u64>,
}

/// See the page above.
pub struct Heap {
    /// By kind and class: the pool that allocations come from, or `no_pool()`.
    pub(crate) current: [[*mut Slot; CLASSES]; 2],
    /// Young objects tracked less untracked since the last collection, then how often each generation was
    /// collected since the next older one (CPython's `gcstate->generations[i].count`).
    pub counts: [u32; 3],
    /// A generation is due when its count exceeds this (`gc.set_threshold`); `thresholds[0] == 0` turns
    /// collection off.
    pub(crate) thresholds: [u32; 3],
    /// `gc.enable()`; looked at by [`Heap::collection_due`] only.
    pub(crate) gc_enabled: bool,
    /// The first threshold, or a count that is never exceeded while collections are off.
    pub(crate) trip: u32,
    /// By generation: `gc.get_stats()`. `find_garbage` counts `collections`, the VM the rest.
    pub gc_stats: [GenerationStats; 3],
    pub(crate) long_lived_pending: usize,
    pub(crate) long_lived_total: usize,
    pub(crate) examined: usize,

    /// By kind and class: a list of pools with room.
    pub(crate) available: [[*mut Slot; CLASSES]; 2],
    /// By kind and class: a listed pool that was empty when last looked at. At most one empty pool is kept.
    pub(crate) cached: [[*mut Slot; CLASSES]; 2],
    /// By kind: all large blocks.
    pub(crate) large: [*mut Slot; 2],
    /// Slots that may have objects of generation 0; of generation 1 but none of generation 0.
    pub(crate) aged: [*mut Slot; 2],
    pub(crate) arenas: Arenas,
    pub(crate) pools: usize,

    /// The cap, or its part of one that is shared.
    pub(crate) limit: Option<usize>,
    /// What it has in common with other heaps.
    pub(crate) common: Option<Arc<Common>>,
    pub(crate) ceiling: usize,
    pub(crate) charged: usize,
    pub(crate) peak: usize,
    pub(crate) external: usize,
    /// Bytes of large blocks ever asked for, and how many may be.
    pub(crate) volume: u64,
    volume_limit: u64,
    reserve_depth: u32,
    /// Whether the cap refused something, and no handler was told yet.
    refused: bool,
    /// Whether a `MemoryError` is being handled: so long the cap is raised as far as the open reserve raises it.
    lenient: bool,
    /// Above this many bytes charged, the VM is asked to collect.
    soft: usize,
    /// Whether it was asked and has not done so yet.
    pub(crate) pressed: bool,
    refusals: Refusals,
    /// Whether [`Heap::collect_quietly`] is under way; how many hold it off; what it works with.
    pub(crate) quiet: bool,
    pub(crate) keep_still: u32,
    pub(crate) worklist: Vec<ObjPtr>,
    /// For tests: collect quietly at every nth allocation that is counted, and up to which generation.
    quiet_every: u64,
    quiet_generation: usize,
    /// For tests: collect after as many tracked objects, whatever the thresholds say.
    pub(crate) eager: Option<u32>,

    /// Some(n): the nth allocation from now is to be refused.
    failing: Option<u64>,
    counted: u64,

    pub(crate) hooks: Hooks,
    pub(crate) context: *mut c_void,
    pub(crate) release_depth: u32,
    /// A list of slots with pending objects.
    pub(crate) pending: *mut Slot,

    /// Where blocks were asked for, while that is traced.
    pub(crate) traces: Option<Box<Traces>>,

    /// Freed blocks that wait; empty but in tests.
    pub(crate) quarantine: Quarantine,

    /// `release` and the budget's allocators reach the heap through the pointers in the slots while a caller
    /// up the stack may hold a `&mut Heap`; a type that is not `Unpin` gets no exclusive-access promises from
    /// the compiler.
    _pinned: PhantomPinned,
}

impl Heap {
    /// An empty heap. Nothing is mapped yet.
    pub fn new(config: Config) -> Box<Heap> {
        let mut heap = Box::new(Heap {
            current: [[no_pool(); CLASSES]; 2],
            counts: [0; 3],
            thresholds: THRESHOLDS,
            gc_enabled: true,
            trip: THRESHOLDS[0],
            gc_stats: [GenerationStats::default(); 3],
            long_lived_pending: 0,
            long_lived_total: 0,
            examined: 0,
            available: [[null_mut(); CLASSES]; 2],
            cached: [[null_mut(); CLASSES]; 2],
            large: [null_mut(); 2],
            aged: [null_mut(); 2],
            arenas: Arenas::default(),
            pools: 0,
            limit: None,
            common: None,
            ceiling: usize::MAX,
            charged: 0,
            peak: 0,
            external: 0,
            volume: 0,
            volume_limit: u64::MAX,
            reserve_depth: 0,
            refused: false,
            lenient: false,
            soft: usize::MAX,
            pressed: false,
            refusals: Refusals::default(),
            quiet: false,
            keep_still: 0,
            worklist: Vec::new(),
            quiet_every: 0,
            quiet_generation: 2,
            eager: None,
            failing: None,
            counted: 0,
            hooks: Hooks::NONE,
            context: null_mut(),
            release_depth: 0,
            pending: null_mut(),
            traces: None,
            quarantine: Quarantine::default(),
            _pinned: PhantomPinned,
        });
        if config.limit_bytes.is_some() {
            heap.make_room_to_collect();
        }
        heap.set_limit(config.limit_bytes);
        heap.set_fail_alloc(config.fail_alloc);
        heap
    }

    /// There is a cap, for whose sake garbage may be collected.
    pub(crate) fn make_room_to_collect(&mut self) {
        // Without room in it the collection takes longer, and no more than that.
        let _ = self.worklist.try_reserve_exact(WORKLIST);
    }

    // ---- blocks

    /// Room for an object of `bytes` bytes, aligned to 8, or None. The block counts as free until its header
    /// is written: its first word is zero, the rest is undefined. Write the header (or free the block) before
    /// the next collection.
    #[inline(always)]
    pub fn alloc_object(&mut self, bytes: usize) -> Option<NonNull<u8>> {
        self.alloc::<OBJECT>(bytes)
    }

    /// Raw storage of `bytes` bytes, undefined, aligned to 8 (to 16 if `bytes` is a multiple of 16), or None.
    #[inline]
    pub fn alloc_buffer(&mut self, bytes: usize) -> Option<NonNull<u8>> {
        self.alloc::<BUFFER>(bytes)
    }

    /// Frees an object's block. The object must be untracked, and what it referred to is the caller's
    /// business.
    ///
    /// # Safety
    /// `p` came from this heap's `alloc_object` or `resize_object` with a size of the same class, and nobody
    /// uses it any more.
    #[inline(always)]
    pub unsafe fn free_object(&mut self, p: NonNull<u8>, bytes: usize) {
        // SAFETY: as the caller promises.
        unsafe { self.free::<OBJECT>(p, bytes) }
    }

    /// Frees a buffer.
    ///
    /// # Safety
    /// `p` came from this heap's `alloc_buffer` or `resize_buffer` with a size of the same class, and nobody
    /// uses it any more.
    #[inline]
    pub unsafe fn free_buffer(&mut self, p: NonNull<u8>, bytes: usize) {
        // SAFETY: as the caller promises.
        unsafe { self.free::<BUFFER>(p, bytes) }
    }

    #[inline(always)]
    pub(crate) fn alloc<const KIND: usize>(&mut self, bytes: usize) -> Option<NonNull<u8>> {
        if bytes > SMALL_MAX {
            return self.alloc_large(KIND, bytes);
        }
        // SAFETY: bytes <= SMALL_MAX, and classes are below CLASSES. `current` holds pools or `no_pool()`,
        // whose free list is empty; a pool's free list holds blocks of that pool, each with its link in the
        // second word.
        unsafe {
            let class = class_of(bytes);
            // Looked up only in builds that watch blocks.
            let room = if Quarantine::POSSIBLE { CLASS_BYTES[class] as usize } else { bytes };
            let pool = *self.current[KIND].get_unchecked(class);
            let Some(block) = NonNull::new((*pool).free) else {
                let block = self.alloc_slow::<KIND>(class, bytes)?;
                show_only(block, bytes, room);
                return Some(block);
            };
            show(block.cast(), room);
            check_poison(block.cast(), room);
            (*pool).free = (*block.as_ptr()).next;
            (*pool).countdown = (*pool).countdown.wrapping_add(1);
            show_only(block.cast(), bytes, room);
            Some(block.cast())
        }
    }

    #[inline(always)]
    pub(crate) unsafe fn free<const KIND: usize>(&mut self, p: NonNull<u8>, bytes: usize) {
        // SAFETY: the caller says that p is a block of this kind and class, so its slot is a live pool of
        // this heap, or the head of a large block if bytes > SMALL_MAX.
        unsafe {
            if bytes > SMALL_MAX {
                return self.free_large(p);
            }
            let pool = slot_of(p);
            let block = p.cast::<FreeBlock>().as_ptr();
            debug_assert!((*pool).heap == &raw mut *self && (*pool).kind as usize == KIND);
            debug_assert_eq!((*pool).class as usize, class_of(bytes), "freed with another size");
            debug_assert!((*pool).free != block && !is_hidden(p), "freed twice");
            let room = CLASS_BYTES[(*pool).class as usize % CLASSES] as usize;
            show(p, room);
            poison(p, room);
            if KIND == OBJECT || Quarantine::POSSIBLE {
                (*block).zero = 0;
            }
            hide(p, room);
            if self.quarantine.is_on() {
                return self.detain(p);
            }
            self.put_back(p.cast());
        }
    }

    /// Puts a free block on its pool's free list.
    ///
    /// # Safety
    /// `p` is a block of a pool of this heap, its first word is zero if it was an object's, and nobody uses it.
    #[inline(always)]
    pub(crate) unsafe fn put_back(&mut self, p: NonNull<FreeBlock>) {
        // SAFETY: as the caller promises.
        unsafe {
            let pool = slot_of(p);
            show(p.cast(), size_of::<FreeBlock>());
            (*p.as_ptr()).next = (*pool).free;
            hide(p.cast(), size_of::<FreeBlock>());
            (*pool).free = p.as_ptr();
            (*pool).countdown = (*pool).countdown.wrapping_sub(1);
            if (*pool).countdown == 0 {
                self.pool_event(pool);
            }
        }
    }

    /// How many bytes a request of `bytes` really gets.
    pub fn usable_size(bytes: usize) -> usize {
        if bytes > SMALL_MAX {
            return Heap::usable_large(bytes);
        }
        // SAFETY: bytes <= SMALL_MAX.
        CLASS_BYTES[unsafe { class_of(bytes) }] as usize
    }

    /// The bytes of an object's block: what a request of its size really got.
    ///
    /// # Safety
    /// `p` is an object of a live heap.
    #[inline(always)]
    pub unsafe fn block_size(p: ObjPtr) -> usize {
        // SAFETY: an object lies in a slot; one of a large block has a block size of zero.
        unsafe {
            match (*slot_of(p)).block_bytes {
                0 => Heap::large_size(slot_of(p)),
                bytes => bytes as usize,
            }
        }
    }

    /// The heap of any object.
    ///
    /// # Safety
    /// `p` is an object of a live heap.
    #[inline(always)]
    pub unsafe fn heap_of(p: ObjPtr) -> NonNull<Heap> {
        // SAFETY: an object lies in a slot, whose header names its heap, which outlives its objects.
        unsafe { NonNull::new_unchecked((*slot_of(p)).heap) }
    }

    // ---- the budget

    /// Charges memory that does not come from the pools: stacks, arenas of the compiler, digits. False:
    /// refused, nothing charged.
    #[must_use = "a refused charge is a MemoryError"]
    pub fn charge(&mut self, bytes: usize) -> bool {
        let granted = self.count_allocation() && self.take(bytes);
        self.external += if granted { bytes } else { 0 };
        granted
    }

    /// Gives back what `charge` granted.
    pub fn uncharge(&mut self, bytes: usize) {
        assert!(bytes <= self.external, "uncharged more than was charged");
        self.external -= bytes;
        self.give(bytes);
    }

    /// Refuse the nth allocation from now (from 1), once. None = stop counting.
    pub fn set_fail_alloc(&mut self, nth: Option<u64>) {
        self.counted = 0;
        self.failing = nth.filter(|n| *n > 0);
        if self.failing.is_some() {
            self.retire_current_pools();
        }
    }

    /// For tests: collects this generation and the younger ones quietly at every nth allocation.
    pub fn set_quiet_every(&mut self, nth: u64, generation: usize) {
        self.set_fail_alloc(Some(u64::MAX));
        self.quiet_every = nth;
        self.quiet_generation = generation;
    }

    /// How many allocations were made since `set_fail_alloc`, while one is to be refused; `Some(u64::MAX)`
    /// just counts.
    pub fn counted_allocations(&self) -> u64 {
        self.counted
    }

    /// Whether every allocation is counted, because one is to be refused: blocks come from no current or open pool.
    #[inline(always)]
    pub(crate) fn is_counting(&self) -> bool {
        self.failing.is_some()
    }

    /// Counts one allocation. False: this is the one to refuse.
    #[inline]
    pub(crate) fn count_allocation(&mut self) -> bool {
        self.failing.is_none() || self.count_one()
    }

    #[cold]
    fn count_one(&mut self) -> bool {
        if self.reserve_depth > 0 {
            return true;
        }
        self.counted += 1;
        // Where a native function makes very many objects, looking at all of them for each would never end.
        let few = self.quiet_generation == 2 || self.counts[0] < 500 || self.counted.is_multiple_of(256);
        if self.quiet_every != 0 && self.counted.is_multiple_of(self.quiet_every) && few {
            // SAFETY: as in `collect_for`.
            unsafe { self.collect_quietly_up_to(self.quiet_generation) };
        }
        let strikes = self.failing == Some(self.counted);
        if strikes {
            self.failing = None;
        }
        !strikes
    }

    /// How many releases are under way in each other.
    pub fn release_depth(&self) -> u32 {
        self.release_depth
    }

    /// Sets that, where another thread goes on: the releases under way are each thread's own, and who comes back from its outermost
    /// one frees what waits, whoever let it wait.
    pub fn set_release_depth(&mut self, depth: u32) {
        self.release_depth = depth;
    }
}

impl Drop for Heap {
    /// Gives all memory back to the system. Objects are not released: the owner did that, or does not care.
    fn drop(&mut self) {
        self.leave_common();
        self.drop_mappings();
    }
}
