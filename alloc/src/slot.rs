//! Slots: 64 KiB, aligned to 64 KiB. The header in front of each, and the blocks of a pool.
//!
//! Whatever a heap hands out lies in a slot whose first bytes are a `Slot`, and every block begins in the
//! first 64 KiB of its slot. So clearing the low 16 bits of an object's address gives its slot, and the slot
//! names the heap.
//!
//! A slot is a **pool** (blocks of one size class, of one kind) or the head of a **large** block (one block;
//! a run of slots inside an arena, or a mapping of its own). A pool's blocks:
//!
//! ```text
//!   | Slot | block 0 | block 1 | ... | block extended-1 | never touched yet | capacity = POOL_SPACE / bytes
//!
//!   used + free == extended <= capacity            (free = length of the free list)
//!
//!   state    countdown                  free list               on list
//!   Current  used + HOLD                any                     none; Heap::current points at it
//!   Open     HOLD less frees, or 1      any                     none; Traces::open points at it (traces.rs)
//!   Listed   used                       free > 0 or             Heap::available
//!                                       extended < capacity
//!   Full     1                          empty, and              none
//!                                       extended == capacity
//!   Watched  1                          any                     Heap::available if it has room
//!   Large    1                          (one block, in use)     Heap::large
//! ```
//!
//! `countdown` is what makes freeing cheap. A free pushes the block and decrements `countdown`; only when
//! that gives zero is there something to decide: a full pool has room again, or a listed pool is empty. One
//! test serves both. Where every free matters, because the heap sums up the blocks that it traces, pools are Watched: they
//! count what is used in `watched`, and every free brings their countdown to zero.
//!
//! A fresh pool is extended about a page at a time, so that pages nobody needs stay untouched.

use crate::classes::CLASS_BYTES;
use crate::header::ObjPtr;
use crate::heap::Heap;
use crate::mapping::{Mapping, PAGE};
use crate::shadow::{hide, is_hidden, show};
use std::ptr::{NonNull, null_mut};

/// The size and the alignment of a slot.
pub const SLOT_BYTES: usize = 64 << 10;
/// What a pool has for blocks.
pub(crate) const POOL_SPACE: usize = SLOT_BYTES - size_of::<Slot>();
/// Where a large block starts in its slot.
pub(crate) const LARGE_OFFSET: usize = 128;
/// Added to the countdown of a current pool, which therefore never reaches zero.
pub(crate) const HOLD: u32 = 1 << 30;

/// Blocks that begin with a [`Header`] and can be walked.
pub(crate) const OBJECT: usize = 0;
/// Raw storage.
pub(crate) const BUFFER: usize = 1;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
#[repr(u8)]
pub(crate) enum State {
    Current,
    Listed,
    Full,
    /// From here on: only while the heap traces.
    Watched,
    Open,
    Large,
}

/// A block on a free list. `zero` is the header of "no object"; the link is the second word.
#[repr(C)]
pub(crate) struct FreeBlock {
    pub zero: u64,
    pub next: *mut FreeBlock,
}

/// The first bytes of a slot in use.
#[repr(C)]
pub(crate) struct Slot {
    pub heap: *mut Heap,
    pub free: *mut FreeBlock,
    pub countdown: u32,
    pub state: State,
    pub kind: u8,
    pub class: u8,
    /// The youngest generation that may have objects here (0, 1), or 2: on no list of `Heap::aged`.
    pub age: u8,
    pub block_bytes: u16,
    pub capacity: u16,
    pub extended: u16,
    /// How many objects here wait to be freed, and the index of the first of them.
    pub pending: u16,
    pub pending_first: u16,
    /// How many blocks a Watched pool has in use.
    pub watched: u16,
    pub arena: u32,
    /// Neighbours in `Heap::available` or `Heap::large`.
    pub next: *mut Slot,
    pub prev: *mut Slot,
    /// Neighbours in `Heap::aged`.
    pub aged_next: *mut Slot,
    pub aged_prev: *mut Slot,
    /// The next slot with pending objects.
    pub pending_next: *mut Slot,
    /// Where the traces of a pool's blocks are, if they are traced: see `Slot::trace_by`.
    pub traces: *mut u64,
    pub scale: usize,
}

/// What a large block's slot knows besides; it lies behind the `Slot`.
#[repr(C)]
pub(crate) struct Large {
    /// What is charged for the block, its header included.
    pub charged: usize,
    /// None: it is a run of slots of an arena.
    pub map: Option<Mapping>,
}

impl Large {
    /// How many slots of an arena it has; 0 = a mapping of its own.
    pub(crate) fn slots(&self) -> u32 {
        if self.map.is_some() { 0 } else { (self.charged / SLOT_BYTES) as u32 }
    }
}

const _: () = assert!(size_of::<Slot>() == 96);
const _: () = assert!(size_of::<Slot>() + size_of::<Large>() <= LARGE_OFFSET);
const _: () = assert!(size_of::<FreeBlock>() == CLASS_BYTES[0] as usize);
const _: () = assert!(POOL_SPACE / 16 <= u16::MAX as usize);

/// What `Heap::current` points at where there is no current pool: its free list is empty, so the fast path
/// leaves.
struct NoPool(Slot);

// SAFETY: nobody ever writes through the pointer: the fast path writes only after it has found a free block,
// and the slow paths compare against `no_pool()` first.
unsafe impl Sync for NoPool {}

static NO_POOL: NoPool = NoPool(Slot::new(null_mut(), State::Current, BUFFER));

pub(crate) fn no_pool() -> *mut Slot {
    (&raw const NO_POOL.0).cast_mut()
}

impl Slot {
    const fn new(heap: *mut Heap, state: State, kind: usize) -> Slot {
        Slot {
            heap,
            free: null_mut(),
            countdown: 0,
            state,
            kind: kind as u8,
            class: 0,
            age: 2,
            block_bytes: 0,
            capacity: 0,
            extended: 0,
            pending: 0,
            pending_first: 0,
            watched: 0,
            arena: u32::MAX,
            next: null_mut(),
            prev: null_mut(),
            aged_next: null_mut(),
            aged_prev: null_mut(),
            pending_next: null_mut(),
            traces: null_mut(),
            scale: 0,
        }
    }

    /// An empty pool, on no list yet.
    pub(crate) fn pool(heap: *mut Heap, kind: usize, class: usize, arena: u32) -> Slot {
        let block_bytes = CLASS_BYTES[class];
        let mut slot = Slot::new(heap, State::Listed, kind);
        slot.class = class as u8;
        slot.block_bytes = block_bytes;
        slot.capacity = (POOL_SPACE / block_bytes as usize) as u16;
        slot.arena = arena;
        slot
    }

    /// The head of a large block; `arena` is `u32::MAX` if it has a mapping of its own.
    pub(crate) fn large(heap: *mut Heap, kind: usize, arena: u32) -> Slot {
        let mut slot = Slot::new(heap, State::Large, kind);
        slot.countdown = 1;
        slot.capacity = 1;
        slot.extended = 1;
        slot.arena = arena;
        slot
    }

    pub(crate) fn used(&self) -> u32 {
        match self.state {
            State::Current => self.countdown - HOLD,
            State::Listed | State::Large => self.countdown,
            State::Full => self.capacity as u32,
            State::Watched => self.watched as u32,
            State::Open => self.extended as u32 - self.free_blocks(),
        }
    }

    /// How many blocks are on the free list.
    fn free_blocks(&self) -> u32 {
        let (mut count, mut at) = (0, self.free);
        while let Some(p) = NonNull::new(at) {
            count += 1;
            // SAFETY: a free list holds free blocks.
            at = unsafe { read_free(p) }.next;
        }
        count
    }

    /// Lets a pool say where its traces are: the trace of block i lies at `table`, so many entries on as the block's offset in the
    /// pool, multiplied by `scale`, is in the upper half. Null: it has none.
    pub(crate) fn trace_by(&mut self, table: *mut u64, scale: u32) {
        (self.traces, self.scale) = (table, scale as usize);
    }

    /// The place of the trace of a block of a pool that has traces.
    #[inline(always)]
    pub(crate) fn trace_of(&self, p: NonNull<u8>) -> *mut u64 {
        let offset = p.addr().get() % SLOT_BYTES;
        self.traces.wrapping_add((offset * self.scale) >> 32)
    }

    pub(crate) fn is_large(&self) -> bool {
        self.state == State::Large
    }

    pub(crate) fn has_room(&self) -> bool {
        !self.free.is_null() || self.extended < self.capacity
    }
}

/// The slot of a block, by masking its address.
#[inline(always)]
pub(crate) fn slot_of<T>(p: NonNull<T>) -> *mut Slot {
    p.as_ptr().map_addr(|a| a & !(SLOT_BYTES - 1)).cast()
}

/// What a large block knows.
///
/// # Safety
/// `slot` heads a large block.
pub(crate) unsafe fn large_of(slot: *mut Slot) -> *mut Large {
    // SAFETY: the `Large` lies right behind the `Slot`, inside the same mapping.
    unsafe { slot.add(1).cast() }
}

/// The address of block `i`.
///
/// # Safety
/// `slot` is in use and `i < capacity`.
#[inline]
pub(crate) unsafe fn block(slot: *mut Slot, i: usize) -> NonNull<u8> {
    // SAFETY: block i of a pool ends at or before the pool's end, since i < capacity; a large block starts at
    // LARGE_OFFSET. Neither address is null, since a slot is not at address 0.
    unsafe {
        let offset = if (*slot).state == State::Large {
            LARGE_OFFSET
        } else {
            size_of::<Slot>() + i * (*slot).block_bytes as usize
        };
        NonNull::new_unchecked(slot.cast::<u8>().add(offset))
    }
}

/// The index of the block that starts at `p`, or None if no block does.
///
/// # Safety
/// `slot` is in use and `p` lies in it.
pub(crate) unsafe fn block_index<T>(slot: *mut Slot, p: NonNull<T>) -> Option<usize> {
    let offset = p.as_ptr().addr() - slot.addr();
    // SAFETY: the caller says that the slot is in use.
    let (state, bytes) = unsafe { ((*slot).state, (*slot).block_bytes as usize) };
    if state == State::Large {
        return (offset == LARGE_OFFSET).then_some(0);
    }
    let offset = offset.checked_sub(size_of::<Slot>())?;
    (offset % bytes == 0).then_some(offset / bytes)
}

/// Threads about a page's worth of untouched blocks onto the empty free list. False if the pool is at its
/// capacity.
///
/// # Safety
/// `pool` is a pool whose free list is empty.
pub(crate) unsafe fn extend(pool: *mut Slot) -> bool {
    // SAFETY: the blocks from `extended` to `end` lie in the pool, since end <= capacity, and nobody uses
    // them yet.
    unsafe {
        debug_assert!((*pool).free.is_null());
        let first = (*pool).extended as usize;
        let bytes = (*pool).block_bytes as usize;
        let end = (first + (PAGE / bytes).max(1)).min((*pool).capacity as usize);
        if first == end {
            return false;
        }
        let mut next: *mut FreeBlock = null_mut();
        for i in (first..end).rev() {
            let p = block(pool, i).cast::<FreeBlock>();
            show(p.cast(), bytes);
            poison(p.cast(), bytes);
            p.write(FreeBlock { zero: 0, next });
            hide(p.cast(), bytes);
            next = p.as_ptr();
        }
        (*pool).free = next;
        (*pool).extended = end as u16;
        true
    }
}

/// Takes a block off the free list.
///
/// # Safety
/// `pool` is a pool with a free block, and the caller keeps `countdown` right.
pub(crate) unsafe fn pop(pool: *mut Slot) -> NonNull<u8> {
    // SAFETY: the free list holds blocks of this pool, linked by their second words.
    unsafe {
        let p = NonNull::new_unchecked((*pool).free);
        (*pool).free = read_free(p).next;
        p.cast()
    }
}

/// The words of a block on a free list.
///
/// # Safety
/// `p` is one.
pub(crate) unsafe fn read_free(p: NonNull<FreeBlock>) -> FreeBlock {
    // SAFETY: as the caller promises: a free block has both words, which are written when it becomes one.
    unsafe {
        show(p.cast(), size_of::<FreeBlock>());
        let words = p.read();
        hide(p.cast(), size_of::<FreeBlock>());
        words
    }
}

/// Whether a block holds an object: the first word of a free one is zero, or hidden.
///
/// # Safety
/// `p` is a block of a pool's first `extended` ones, or a large block, of kind `OBJECT`.
#[inline(always)]
pub(crate) unsafe fn is_object(p: ObjPtr) -> bool {
    // SAFETY: the first word of such a block has been written.
    !is_hidden(p) && !unsafe { p.as_ref() }.shape().is_none()
}

/// Calls `f` for every live object of a slot of kind `OBJECT`.
///
/// # Safety
/// `slot` is in use and stays so while `f` runs.
#[inline]
pub(crate) unsafe fn each_object(slot: *mut Slot, mut f: impl FnMut(ObjPtr)) {
    // SAFETY: indices below `extended` are blocks whose first word has been written: by an object's header or
    // by `extend` or a free, which write zero.
    unsafe {
        debug_assert_eq!((*slot).kind as usize, OBJECT);
        let mut p = block(slot, 0);
        let bytes = (*slot).block_bytes as usize;
        for _ in 0..(*slot).extended {
            if is_object(p.cast()) {
                f(p.cast());
            }
            // A large block has no second one, and 0 bytes.
            p = NonNull::new_unchecked(p.as_ptr().wrapping_add(bytes));
        }
    }
}

/// In debug builds, fills a free block so that reading it shows.
///
/// # Safety
/// The block has `bytes` bytes and nobody uses it.
#[inline(always)]
pub(crate) unsafe fn poison(p: NonNull<u8>, bytes: usize) {
    if cfg!(debug_assertions) {
        // SAFETY: the caller says that the block is ours and this long.
        unsafe { p.as_ptr().write_bytes(POISON, bytes) }
    }
}

/// In debug builds, checks that nobody wrote to a free block.
///
/// # Safety
/// The block is free, has been poisoned, and has `bytes` bytes.
#[inline(always)]
pub(crate) unsafe fn check_poison(p: NonNull<u8>, bytes: usize) {
    if cfg!(debug_assertions) {
        // SAFETY: the caller says that the block is ours and this long; `extend` and frees initialised it.
        let block = unsafe { std::slice::from_raw_parts(p.as_ptr().add(16), bytes - 16) };
        assert!(block.iter().all(|&b| b == POISON), "a freed block was written to: {p:?}");
    }
}

const POISON: u8 = 0xDD;
