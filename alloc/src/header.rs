//! The eight bytes in front of every object: a reference count, a shape number and eight flags.
//!
//! ```text
//!   bits  0..32   refs    how many references exist; sign bit set = immortal
//!   bits 32..40   flags   see `HeaderFlags`
//!   bits 40..64   shape   which type and layout; 0 is reserved and means "free block"
//! ```
//!
//! A free object block has all 64 bits zero. That is how a pool can be walked without a side table.
//!
//! **Counts cannot overflow.** The rule is CPython's: a count whose sign bit is set is never changed again
//! and its object never freed. `incref` adds one to any count below 2^31; the increment that reaches 2^31
//! sets the sign bit, so from then on the object is immortal. The count saturates: a leak, after two thousand
//! million references to one object, instead of a use after free.
//!
//! Counts are plain, not atomic: one thread runs a heap at a time. Read next: `heap.rs`.

use std::cell::Cell;
use std::ptr::NonNull;

bitflags::bitflags! {
    /// The flags of a header.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct HeaderFlags: u8 {
        /// The collector knows this object: it can be part of a cycle.
        const TRACKED = 1;
        /// Two bits: the generation of a tracked object, 0, 1 or 2; or 3, while it is garbage that a collection takes apart. Of an
        /// untracked one they are 0, or 3 if it is frozen, or 2 if it is settled: tracked but for that.
        const GENERATION = 0b110;
        /// During one collection: this object is being examined.
        const CANDIDATE = 1 << 3;
        /// During one collection: this candidate is reachable from outside the candidates.
        const REACHED = 1 << 4;
        /// Its `__del__` has run. Set and read by the VM.
        const FINALIZED = 1 << 5;
        /// Somebody holds a weak reference to it. Set and read by the VM.
        const WEAKREFS = 1 << 6;
        /// Its count reached zero and it waits to be freed (see `release.rs`). `refs` stays 0.
        const PENDING = 1 << 7;
    }
}

impl HeaderFlags {
    /// As they lie in a header's word.
    #[inline(always)]
    const fn in_word(self) -> u32 {
        self.bits() as u32
    }

    /// The two bits of a generation.
    #[inline(always)]
    const fn of_generation(generation: u8) -> HeaderFlags {
        HeaderFlags::from_bits_retain(generation << GENERATION_SHIFT)
    }
}

/// The count that immortal objects are made with (CPython's `_Py_IMMORTAL_INITIAL_REFCNT`): as far from
/// 2^31 as from 2^32.
pub const IMMORTAL: u32 = 0xC000_0000;

/// The number of a shape, in 24 bits: which type and layout an object has. What its bits mean is the VM's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct ShapeId(u32);

impl ShapeId {
    /// None: what stands in a free block.
    pub const NONE: ShapeId = ShapeId(0);
    /// The highest number.
    pub const MAX: u32 = (1 << 24) - 1;

    /// The shape of a number, of 24 bits at most.
    #[inline(always)]
    pub const fn new(number: u32) -> ShapeId {
        debug_assert!(number <= ShapeId::MAX);
        ShapeId(number)
    }
    /// Its number.
    #[inline(always)]
    pub const fn number(self) -> u32 {
        self.0
    }
    /// Whether it is none.
    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// How many kinds of objects there are: the upper seven bits of a shape's number say which. What they mean is the VM's.
pub const KINDS: usize = 128;

const GENERATION_SHIFT: u32 = 1;

/// The generation of garbage that is being taken apart.
pub(crate) const CONDEMNED: u8 = 3;

/// The same bits of what is frozen.
const FROZEN: u8 = 3;

/// The same bits of what is settled.
const SETTLED: u8 = 2;

/// What every object begins with.
#[repr(C, align(8))]
pub struct Header {
    refs: Cell<u32>,
    /// `shape << 8 | flags`
    word: Cell<u32>,
}

/// A reference to an object, uncounted by itself.
pub type ObjPtr = NonNull<Header>;

const _: () = assert!(size_of::<Header>() == 8);
const _: () = assert!(align_of::<Header>() == 8);
const _: () = assert!(u32::MAX as usize >> 25 == KINDS - 1);

impl Header {
    /// There must be a shape: none is the mark of a free block.
    #[inline(always)]
    pub fn new(shape: ShapeId, flags: HeaderFlags, refs: u32) -> Header {
        debug_assert!(!shape.is_none());
        Header { refs: Cell::new(refs), word: Cell::new(Header::word_of(shape, flags)) }
    }

    /// The word of a shape and flags: see [`Header::word`].
    #[inline(always)]
    pub const fn word_of(shape: ShapeId, flags: HeaderFlags) -> u32 {
        shape.0 << 8 | flags.in_word()
    }

    #[inline(always)]
    pub fn refs(&self) -> u32 {
        self.refs.get()
    }

    #[inline(always)]
    pub fn set_refs(&self, refs: u32) {
        self.refs.set(refs);
    }

    #[inline(always)]
    pub fn shape(&self) -> ShapeId {
        ShapeId(self.word.get() >> 8)
    }

    #[inline(always)]
    pub fn set_shape(&self, shape: ShapeId) {
        debug_assert!(!shape.is_none());
        self.word.set(shape.0 << 8 | self.word.get() & 0xFF);
    }

    #[inline(always)]
    pub fn flags(&self) -> HeaderFlags {
        HeaderFlags::from_bits_retain(self.word.get() as u8)
    }

    /// Shape and flags in one word, as they lie in memory: `shape << 8 | flags`.
    #[inline(always)]
    pub fn word(&self) -> u32 {
        self.word.get()
    }

    /// The kind, below [`KINDS`].
    #[inline(always)]
    pub fn kind(&self) -> usize {
        (self.word.get() >> 25) as usize
    }

    /// Whether any of these flags is set.
    #[inline(always)]
    pub fn has(&self, flags: HeaderFlags) -> bool {
        self.word.get() & flags.in_word() != 0
    }

    #[inline(always)]
    pub fn set_flag(&self, flags: HeaderFlags) {
        self.word.set(self.word.get() | flags.in_word());
    }

    #[inline(always)]
    pub fn clear_flag(&self, flags: HeaderFlags) {
        self.word.set(self.word.get() & !flags.in_word());
    }

    /// The generation of a tracked object, 2 for a settled one; of another one 0, or 3 if it is frozen.
    #[inline(always)]
    pub fn generation(&self) -> u8 {
        (self.flags() & HeaderFlags::GENERATION).bits() >> GENERATION_SHIFT
    }

    /// Whether it is garbage that a collection takes apart: nobody is to be shown it.
    #[inline(always)]
    pub fn is_condemned(&self) -> bool {
        self.has(HeaderFlags::TRACKED) && self.generation() == CONDEMNED
    }

    /// Whether the collector would track it, had it not been frozen.
    #[inline(always)]
    pub fn is_frozen(&self) -> bool {
        !self.has(HeaderFlags::TRACKED) && self.generation() == FROZEN
    }

    /// Whether it lasts as long as its heap, or nearly: of the oldest generation for all who ask, and held from outside for the collector,
    /// which does not look at it.
    #[inline(always)]
    pub fn is_settled(&self) -> bool {
        !self.has(HeaderFlags::TRACKED) && self.generation() == SETTLED
    }

    /// Whether it is of a generation, for all who ask.
    #[inline(always)]
    pub fn has_generation(&self) -> bool {
        self.has(HeaderFlags::TRACKED) || self.is_settled()
    }

    /// Lets a tracked object settle.
    pub(crate) fn settle(&self) {
        self.set_generation(SETTLED);
        self.clear_flag(HeaderFlags::TRACKED);
    }

    /// Hides an object of a generation from the collector.
    pub(crate) fn freeze(&self) {
        self.clear_flag(HeaderFlags::TRACKED);
        self.set_flag(HeaderFlags::of_generation(FROZEN));
    }

    /// Gives a frozen object back to the collector, as one of the oldest generation.
    pub(crate) fn thaw(&self) {
        self.set_flag(HeaderFlags::TRACKED);
        self.set_generation(2);
    }

    /// Moves a tracked object to a generation, or out of all.
    pub(crate) fn set_generation(&self, generation: u8) {
        if self.has(HeaderFlags::TRACKED) {
            self.clear_flag(HeaderFlags::GENERATION);
            self.set_flag(HeaderFlags::of_generation(generation));
        }
    }

    /// Whether the collector knows it, in this generation or a younger one.
    #[inline(always)]
    pub(crate) fn is_tracked_up_to(&self, generation: u8) -> bool {
        self.has(HeaderFlags::TRACKED) && self.generation() <= generation
    }

    /// A collection of this generation and the younger ones is over: the object is examined no more, and is one generation older.
    #[inline(always)]
    pub(crate) fn end_examination(&self, generation: u8) {
        let word = self.word.get();
        let flags = HeaderFlags::CANDIDATE | HeaderFlags::REACHED;
        if self.is_tracked_up_to(generation) {
            let older = HeaderFlags::of_generation((generation + 1).min(2));
            self.word.set(word & !(flags | HeaderFlags::GENERATION).in_word() | older.in_word());
        } else if word & flags.in_word() != 0 {
            self.word.set(word & !flags.in_word());
        }
    }

    #[inline(always)]
    pub fn is_immortal(&self) -> bool {
        (self.refs.get() as i32) < 0
    }

    /// One more reference. Immortal counts stay; a count that reaches 2^31 becomes immortal by that.
    #[inline(always)]
    pub fn incref(&self) {
        let refs = self.refs.get();
        if (refs as i32) >= 0 {
            self.refs.set(refs + 1);
        }
    }

    /// One reference less. True: that was the last one, and the caller must call
    /// [`Heap::release`](crate::Heap::release).
    #[inline(always)]
    #[must_use = "an object whose count reached zero has to be released"]
    pub fn decref(&self) -> bool {
        let refs = self.refs.get();
        if (refs as i32) < 0 {
            return false;
        }
        debug_assert!(refs != 0, "decref of an object without references");
        self.refs.set(refs.wrapping_sub(1));
        refs == 1
    }
}
