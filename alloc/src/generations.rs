//! Generations: which objects the collector looks at, and when it is due.
//!
//! The policy is CPython's of 3.13 and of 3.14 since 3.14.5 (`Python/gc.c`, `gc_collect_generations`):
//! generation 0 when more than `thresholds[0]` objects were tracked than untracked since the last time;
//! generation 1 after more than `thresholds[1]` collections of generation 0; generation 2 after more than
//! `thresholds[2]` of generation 1, and only if a quarter of the old objects are new there
//! (`long_lived_pending >= long_lived_total / 4`), so that the work stays linear.
//!
//! An object's generation is in its header. So that a young collection need not walk the heap, each slot
//! knows the youngest generation it may have (`Slot::age`), and the slots of age 0 and of age 1 are on a list
//! each:
//!
//! ```text
//!   a tracked object of generation g in slot s:   s.age <= g
//!   s is on aged[s.age] if s.age < 2, else on neither
//! ```

use crate::header::{Header, HeaderFlags, ObjPtr};
use crate::heap::Heap;
use crate::slot::{Slot, slot_of};
use std::ptr::null_mut;

/// CPython's thresholds.
pub const THRESHOLDS: [u32; 3] = [2000, 10, 10];

/// What `gc.get_stats()` tells of a generation.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct GenerationStats {
    pub collections: usize,
    pub collected: usize,
    pub uncollectable: usize,
}

impl Heap {
    /// Makes an object known to the collector, as a young one.
    ///
    /// # Safety
    /// `p` is an object of this heap, and what it refers to can be traced from now on.
    #[inline]
    pub unsafe fn track(&mut self, p: ObjPtr) {
        // SAFETY: as the caller promises.
        unsafe {
            let header = p.as_ref();
            debug_assert!(!header.has(HeaderFlags::TRACKED));
            header.clear_flag(HeaderFlags::GENERATION);
            header.set_flag(HeaderFlags::TRACKED);
            // Wraps only if nobody collects for 2^32 objects.
            self.counts[0] = self.counts[0].wrapping_add(1);
            let slot = slot_of(p);
            if (*slot).age != 0 {
                self.set_age(slot, 0);
            }
        }
    }

    /// The same for an object that was born with the flag.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    pub unsafe fn track_born(&mut self, p: ObjPtr) {
        // SAFETY: as the caller promises.
        unsafe {
            debug_assert!(p.as_ref().has(HeaderFlags::TRACKED) && !p.as_ref().has(HeaderFlags::GENERATION));
            self.counts[0] = self.counts[0].wrapping_add(1);
            let slot = slot_of(p);
            if (*slot).age != 0 {
                self.set_age(slot, 0);
            }
        }
    }

    /// Hides an object from the collector: it holds no references any more, or never can be part of a cycle.
    /// Does nothing to an untracked one.
    ///
    /// # Safety
    /// `p` is an object of this heap.
    #[inline]
    pub unsafe fn untrack(&mut self, p: ObjPtr) {
        // SAFETY: as the caller promises.
        let header: &Header = unsafe { p.as_ref() };
        if header.has(HeaderFlags::TRACKED) {
            header.clear_flag(HeaderFlags::TRACKED | HeaderFlags::GENERATION);
            self.counts[0] = self.counts[0].saturating_sub(1);
        }
    }

    /// Whether a collection should run now. Cheap: meant to be asked often.
    #[inline(always)]
    pub fn collection_due(&self) -> bool {
        self.counts[0] > self.trip
    }

    /// How many more objects were tracked than untracked since the youngest were last looked at.
    pub fn young(&self) -> u32 {
        self.counts[0]
    }
    /// What was tracked since [`young`](Heap::young) gave this number brings no collection nearer: it is there to stay. The next one looks
    /// at it, whenever that comes.
    pub fn expect_to_stay(&mut self, before: u32) {
        self.counts[0] = self.counts[0].min(before);
    }
    /// Whether collections run by themselves.
    pub fn gc_enabled(&self) -> bool {
        self.gc_enabled
    }
    /// Lets them, or not.
    pub fn set_gc_enabled(&mut self, on: bool) {
        self.gc_enabled = on;
        self.set_trip();
    }
    /// What the generations' counts must exceed.
    pub fn thresholds(&self) -> [u32; 3] {
        self.thresholds
    }
    /// Sets that; a first one of 0 turns collections off.
    pub fn set_thresholds(&mut self, thresholds: [u32; 3]) {
        self.thresholds = thresholds;
        self.set_trip();
    }
    /// For tests: a collection is due after every nth tracked object, of the older generations at every second one of the younger. What
    /// [`Heap::thresholds`] tells stays as it is; collections that are off stay off.
    pub fn set_eager(&mut self, nth: u32) {
        self.eager = Some(nth.max(1) - 1);
        self.set_trip();
    }
    fn set_trip(&mut self) {
        let on = self.gc_enabled && self.thresholds[0] != 0;
        let after = self.eager.unwrap_or(self.thresholds[0]);
        self.trip = if on { after } else { u32::MAX };
        self.soften(true);
    }

    /// The oldest generation that is due, if [`collection_due`](Heap::collection_due): all, if the heap nears its cap.
    pub fn generation_due(&mut self) -> Option<usize> {
        if std::mem::take(&mut self.pressed) && self.trip != u32::MAX {
            return Some(2);
        }
        if !self.collection_due() {
            return None;
        }
        let after = if self.eager.is_some() { [0, 1, 1] } else { self.thresholds };
        let full = self.counts[2] > after[2] && self.long_lived_pending >= self.long_lived_total / 4;
        if full {
            Some(2)
        } else if self.counts[1] > after[1] {
            Some(1)
        } else {
            Some(0)
        }
    }

    /// Counts one collection of a generation, as it begins.
    pub(crate) fn count_collection(&mut self, generation: usize) {
        if let Some(older) = self.counts.get_mut(generation + 1) {
            *older += 1;
        }
        self.counts[..=generation].fill(0);
        self.gc_stats[generation].collections += 1;
    }

    /// Remembers how many objects survived a collection.
    pub(crate) fn count_survivors(&mut self, generation: usize, survivors: usize) {
        match generation {
            1 => self.long_lived_pending += survivors,
            2 => {
                self.long_lived_pending = 0;
                self.long_lived_total = survivors;
            }
            _ => {}
        }
    }

    /// After a collection no object of generation <= `generation` is left: their slots age.
    pub(crate) fn age_slots(&mut self, generation: usize) {
        let age = (generation + 1).min(2) as u8;
        for young in 0..age as usize {
            loop {
                let slot = self.aged[young];
                if slot.is_null() {
                    break;
                }
                // SAFETY: `aged` lists live slots of this heap.
                unsafe { self.set_age(slot, age) };
            }
        }
    }

    /// An object of this generation moved into the slot.
    ///
    /// # Safety
    /// `slot` is a live slot of this heap.
    pub(crate) unsafe fn note_age(&mut self, slot: *mut Slot, generation: u8) {
        // SAFETY: as the caller promises.
        unsafe {
            if generation < (*slot).age {
                self.set_age(slot, generation);
            }
        }
    }

    /// Moves a slot to the list of its new age.
    ///
    /// # Safety
    /// `slot` is a live slot of this heap.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn set_age(&mut self, slot: *mut Slot, age: u8) {
        // SAFETY: as the caller promises; the head of a list is null or a live slot.
        unsafe {
            self.unage(slot);
            (*slot).age = age;
            if let Some(head) = self.aged.get_mut(age as usize) {
                (*slot).aged_prev = null_mut();
                (*slot).aged_next = *head;
                if !(*head).is_null() {
                    (**head).aged_prev = slot;
                }
                *head = slot;
            }
        }
    }

    /// Takes a slot off the list of its age.
    ///
    /// # Safety
    /// `slot` is a live slot of this heap.
    pub(crate) unsafe fn unage(&mut self, slot: *mut Slot) {
        // SAFETY: as the caller promises; neighbours in a list are null or live slots.
        unsafe {
            let age = std::mem::replace(&mut (*slot).age, 2) as usize;
            if age > 1 {
                return;
            }
            let (prev, next) = ((*slot).aged_prev, (*slot).aged_next);
            if prev.is_null() {
                self.aged[age] = next;
            } else {
                (*prev).aged_next = next;
            }
            if !next.is_null() {
                (*next).aged_prev = prev;
            }
        }
    }
}
