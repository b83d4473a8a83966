//! Places: where a VM stands when it asks for a block, known again without asking it.
//!
//! A VM's stack is records of one size, one above the other, whose first words say where each stands ([`Trail`]). A place is
//! the top record's address and word, and the words of as many records below as make a difference to the VM. It is looked up
//! in a table by the words of the first two records, and the rest is compared: one entry for each hash, so that a place may be
//! forgotten. Behind it a larger table knows it by a hash of 64 bits of all its words. What both do not know, the VM is asked.
//!
//! ```text
//!   near[hash(word, top, under)]  { word, top, under, site, more }    top 0: nothing is known there
//!   words[hash * room ..]         the words of the `more` records below those two, an even number
//!   far[hash(all) % FAR]          { hash, site, below }               site 0: nothing is known there
//! ```
//!
//! A word may come to mean something else, and so may a record's address: who knows of it says so ([`Heap::forget_places`]). From then
//! on places get another mark.
//!
//! A program that calls itself in several ways has more stacks than any table: their top records are the same, and those below
//! never. How often that was met is counted for each entry, and when it is often, the VM is asked anew and told so: it may give a
//! site for which fewer records make a difference.

use crate::heap::Heap;
use std::alloc::Layout;
use std::mem::MaybeUninit;
use std::ptr::null;

/// Where a VM's stack is.
#[derive(Clone, Copy, Debug)]
pub struct Trail {
    /// What points to the pointer to the top record. Each begins with a word.
    pub top: *const *const usize,
}

impl Trail {
    /// The bytes of a record.
    pub const STRIDE: usize = 56;
    /// How many records under the lowest one may be looked at.
    pub const UNDER: usize = MOST_BELOW + 2;
}

/// How many entries the tables have.
const NEAR: usize = 2048;
const FAR: usize = 8192;
/// As many records below the top one are compared at most.
const MOST_BELOW: usize = 40;
/// The VM is told of a crowd when so many stacks were met that have the same top records, and again each time that so many more
/// were.
const CROWD: u8 = 8;
const CROWD_AGAIN: u8 = 16;

#[derive(Clone, Copy, Default)]
#[repr(C)]
struct Near {
    word: usize,
    top: usize,
    under: usize,
    site: u32,
    more: u32,
}

#[derive(Clone, Copy, Default)]
struct Far {
    hash: u64,
    site: u32,
    below: u32,
}

/// The two tables. (Together they are so large that the system gives them as zeroes.)
#[repr(C)]
struct Known {
    near: [Near; NEAR],
    far: [Far; FAR],
}

/// The places that are known.
pub(crate) struct Places {
    /// What points to the pointer to the top record.
    top: *const *const usize,
    known: Box<[Known]>,
    /// Those of an entry that is in use are written.
    words: Box<[MaybeUninit<usize>]>,
    /// By entry of `near`: how often it was filled again for the same two records; none if nobody is to be told.
    again: Box<[u8]>,
    /// How many records below the first two are compared, and how many are hashed.
    room: usize,
    hashed: usize,
    /// What the first word of a place is marked with, in its upper bits, where the address of a unit has none: places with another mark are
    /// forgotten.
    mark: usize,
    /// Whether no place is remembered.
    closed: bool,
    /// Whether something is known.
    used: bool,
    /// The stack of a VM that has none to show.
    _nobody: Option<Box<Nobody>>,
}

/// A record with nothing in it, and one under it.
struct Nobody {
    records: [usize; 2 * Trail::STRIDE / 8],
    top: *const usize,
}

/// A table whose bytes are all 0. None: the system has no memory.
///
/// # Safety
/// Such bytes are a `T`, which is not of no size.
pub(crate) unsafe fn zeroes<T>(len: usize) -> Option<Box<[T]>> {
    let Some(layout) = Layout::array::<T>(len).ok().filter(|layout| layout.size() > 0) else {
        return (len == 0).then(Box::default);
    };
    // SAFETY: the layout is that of so many, and not of none; its bytes are what the caller says.
    unsafe {
        let table = std::alloc::alloc_zeroed(layout).cast::<T>();
        (!table.is_null()).then(|| Box::from_raw(std::ptr::slice_from_raw_parts_mut(table, len)))
    }
}

impl Places {
    /// Where the bits of a mark begin.
    const MARK: u32 = usize::BITS - 16;

    /// Tables for a VM to which so many records make a difference, as a rule. None: the system has no memory.
    pub(crate) fn new(stack: Option<Trail>, records: usize, folds: bool) -> Option<Places> {
        let room = if records > 1 { (records + 8).min(MOST_BELOW) & !1 } else { 4 };
        // SAFETY: zeroes are numbers.
        let (known, again) = unsafe { (zeroes::<Known>(1)?, zeroes(if folds { NEAR } else { 0 })?) };
        let mut words = Vec::new();
        words.try_reserve_exact(NEAR * room).ok()?;
        words.resize(NEAR * room, MaybeUninit::uninit());
        let words = words.into_boxed_slice();
        let (closed, mut nobody) = (stack.is_none(), None);
        let top = match stack {
            Some(trail) => trail.top,
            None => {
                let nobody = nobody.insert(Box::new(Nobody { records: [0; 14], top: null() }));
                nobody.top = nobody.records.as_ptr().wrapping_add(Trail::STRIDE / 8);
                &raw const nobody.top
            }
        };
        let hashed = records.min(MOST_BELOW);
        let used = false;
        Some(Places { top, known, words, again, room, hashed, mark: 0, closed, used, _nobody: nobody })
    }

    /// Looks places up, or none.
    pub(crate) fn look_up(&mut self, does: bool) {
        self.forget();
        self.closed = !does || self._nobody.is_some();
    }

    /// Eight times the number of the entry for a place.
    #[inline(always)]
    fn index(word: usize, top: usize, under: usize) -> usize {
        word.wrapping_add(top).wrapping_add(under.wrapping_mul(4)) & ((NEAR - 1) * 8)
    }

    /// The site of the place where the VM stands, if it is known at once.
    #[inline(always)]
    pub(crate) fn site(&self) -> Option<u32> {
        // SAFETY: the trail leads to the VM's top record, as whoever started the traces has promised, or to nobody's. Of the records
        // below as many are there as were when the same record was the top one. The index is that of an entry.
        unsafe {
            let top = *self.top;
            let mut record = top.byte_sub(Trail::STRIDE);
            let (word, under) = (*top ^ self.mark, *record);
            let at = Places::index(word, top.addr(), under);
            let near = &*self.known.as_ptr().cast::<Near>().byte_add(at * (size_of::<Near>() / 8));
            if near.word != word || near.top != top.addr() || near.under != under {
                return None;
            }
            if near.more != 0 {
                let mut words = self.words.as_ptr().cast::<usize>().byte_add(at * self.room);
                let end = words.add(near.more as usize);
                // Two at a time.
                while words != end {
                    let next = record.byte_sub(Trail::STRIDE);
                    record = next.byte_sub(Trail::STRIDE);
                    if *next != *words || *record != *words.add(1) {
                        return None;
                    }
                    words = words.add(2);
                }
            }
            Some(near.site)
        }
    }

    /// A hash of the top record's address and of all words that are hashed.
    fn hash(&self) -> u64 {
        // SAFETY: as in `site`; under the lowest record lie enough.
        unsafe {
            const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
            let mut record = *self.top;
            // (Mixed before a word comes to it: an address and a word that are both a few bytes on would give the same.)
            let mut hash = ((record.addr() ^ self.mark) as u64).wrapping_mul(MIX);
            for _ in 0..self.hashed {
                hash = (hash.rotate_left(29) ^ *record as u64).wrapping_mul(MIX);
                record = record.byte_sub(Trail::STRIDE);
            }
            hash ^ hash >> 32
        }
    }

    /// The site of the place where the VM stands, which is not known at once, if it is known at all.
    pub(crate) fn far_site(&mut self) -> Option<u32> {
        if self.closed {
            return None;
        }
        let hash = self.hash();
        let Far { site, below, .. } =
            *self.known[0].far.get(hash as usize % FAR).filter(|far| far.hash == hash && far.site != 0)?;
        self.remember_near(site, below as usize);
        Some(site)
    }

    /// Remembers the site of the place where the VM stands, for which the `below` records under the top one make a difference.
    pub(crate) fn remember(&mut self, site: u32, below: usize, crowd: u32) {
        if self.closed || site == 0 {
            return;
        }
        self.used = true;
        self.remember_near(site, below);
        // (What is remembered for a crowd is not known by all its words.)
        if below < self.hashed && crowd == 0 {
            let hash = self.hash();
            self.known[0].far[hash as usize % FAR] = Far { hash, site, below: below as u32 };
        }
    }

    fn remember_near(&mut self, site: u32, below: usize) {
        let more = below.saturating_sub(1).next_multiple_of(2);
        if more > self.room {
            return;
        }
        // SAFETY: as in `site`; the VM has said that so many records are there, or there is one more under the lowest.
        unsafe {
            let top = *self.top;
            let mut record = top.byte_sub(Trail::STRIDE);
            let (word, under) = (*top ^ self.mark, *record);
            let at = Places::index(word, top.addr(), under) / 8;
            if let Some(again) = self.again.get_mut(at) {
                let Near { word: other, top: place, under: below, .. } = self.known[0].near[at];
                let same = (other, place, below) == (word, top.addr(), under);
                *again = if same { again.wrapping_add(1) } else { 0 };
            }
            for known in &mut self.words[at * self.room..][..more] {
                record = record.byte_sub(Trail::STRIDE);
                known.write(*record);
            }
            self.known[0].near[at] = Near { word, top: top.addr(), under, site, more: more as u32 };
        }
    }

    /// How many stacks were met that have the top records that the stack has now, if the VM is to be told of it; else 0.
    pub(crate) fn crowd(&self) -> u32 {
        // SAFETY: as in `site`.
        let (word, place, under) = unsafe {
            let top = *self.top;
            (*top ^ self.mark, top.addr(), *top.byte_sub(Trail::STRIDE))
        };
        let at = Places::index(word, place, under) / 8;
        let (near, again) = (&self.known[0].near[at], self.again.get(at).copied().unwrap_or(0));
        let same = (near.word, near.top, near.under) == (word, place, under);
        if same && again % CROWD_AGAIN == CROWD { u32::from(again) } else { 0 }
    }

    /// Forgets all.
    pub(crate) fn forget(&mut self) {
        if !std::mem::take(&mut self.used) {
            return;
        }
        self.mark = self.mark.wrapping_add(1 << Places::MARK);
        if self.mark == 0 {
            // All marks were given.
            self.known[0].near.fill(Near::default());
            self.known[0].far.fill(Far::default());
            self.again.fill(0);
        }
    }

    /// The bytes of the tables.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.known) + size_of_val(&*self.words) + self.again.len()
    }
}

impl Heap {
    /// A word or a record of the VM's stack comes to mean something else: the places that are known are void.
    pub fn forget_places(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.places.forget();
        }
    }
}
