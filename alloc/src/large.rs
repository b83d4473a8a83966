//! Blocks above `SMALL_MAX`, and resizing.
//!
//! Up to 15 slots a large block is a run of consecutive slots of an arena; beyond, it has a mapping of its
//! own. Either way a `Slot` and a `Large` lie in front of the block, which starts at `LARGE_OFFSET`, in the
//! first 64 KiB.
//!
//! ```text
//!   a run:      charged == slots * SLOT_BYTES        resident <= charged
//!   a mapping:  charged == whole pages of header + block <= room of the mapping
//! ```
//!
//! A mapping reserves twice the addresses it needs, so that a growing list is copied rarely: pages that were
//! never touched are not resident and not charged. When a block shrinks, the pages it leaves go back to the
//! system.

use crate::arena::ARENA_SLOTS;
use crate::classes::{CLASS_BYTES, SMALL_MAX, class_of};
use crate::header::{Header, HeaderFlags};
use crate::heap::Heap;
use crate::mapping::{Mapping, PAGE};
use crate::shadow::show_only;
use crate::slot::{BUFFER, LARGE_OFFSET, Large, OBJECT, SLOT_BYTES, Slot, State, large_of, slot_of};
use std::ptr::{NonNull, null_mut};

/// The longest run; a longer block gets a mapping.
const RUN_MAX: usize = (ARENA_SLOTS as usize - 1) * SLOT_BYTES;

/// What is charged for a large block: whole slots, or whole pages. None if the sum overflows.
fn charge_of(bytes: usize) -> Option<usize> {
    let total = bytes.checked_add(LARGE_OFFSET)?;
    let unit = if total <= RUN_MAX { SLOT_BYTES } else { PAGE };
    total.checked_next_multiple_of(unit)
}

impl Heap {
    pub(crate) fn usable_large(bytes: usize) -> usize {
        charge_of(bytes).map_or(bytes, |charge| charge - LARGE_OFFSET)
    }

    /// What a large block has room for, as far as it is charged.
    ///
    /// # Safety
    /// It is in use.
    #[cold]
    pub(crate) unsafe fn large_size(slot: *mut Slot) -> usize {
        // SAFETY: a `Large` follows the `Slot` of a large block.
        unsafe { (*large_of(slot)).charged - LARGE_OFFSET }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn alloc_large(&mut self, kind: usize, bytes: usize) -> Option<NonNull<u8>> {
        if !self.count_allocation() {
            return None;
        }
        let site = if self.is_tracing() { self.site_of_large()? } else { 0 };
        let charge = charge_of(bytes)?;
        if !self.take_counted(charge) {
            return None;
        }
        let Some((slot, arena, large)) = self.place_large(charge) else {
            self.give(charge);
            return None;
        };
        // SAFETY: the memory at `slot` is ours, has at least `charge` bytes, and nobody uses it. The list's
        // head is null or a live large block.
        unsafe {
            slot.write(Slot::large(self, kind, arena));
            let slot = slot.as_ptr();
            large_of(slot).write(large);
            (*slot).next = self.large[kind];
            if !(*slot).next.is_null() {
                (*(*slot).next).prev = slot;
            }
            self.large[kind] = slot;
            let block = slot.cast::<u8>().add(LARGE_OFFSET);
            // Until an object's header is written, the block reads as free.
            block.cast::<u64>().write(0);
            show_only_asked(slot, bytes);
            let block = NonNull::new_unchecked(block);
            if site != 0 {
                self.trace(block, site, bytes);
            }
            Some(block)
        }
    }

    /// The site of a large block that is about to be allocated, and room for its trace. None: no memory for them.
    fn site_of_large(&mut self) -> Option<u32> {
        let site = self.site()?;
        self.traces.as_mut().is_none_or(|traces| traces.has_room_for_large()).then_some(site)
    }

    /// Memory for a large block, already charged.
    fn place_large(&mut self, charge: usize) -> Option<(NonNull<Slot>, u32, Large)> {
        if charge <= RUN_MAX {
            let slots = (charge / SLOT_BYTES) as u32;
            let (base, arena) = self.arenas.take(slots)?;
            return Some((base.cast(), arena, Large { charged: charge, map: None }));
        }
        let map = charge
            .checked_mul(2)
            .and_then(|room| Mapping::new(room, SLOT_BYTES))
            .or_else(|| Mapping::new(charge, SLOT_BYTES))?;
        Some((map.base().cast(), u32::MAX, Large { charged: charge, map: Some(map) }))
    }

    /// # Safety
    /// `p` is a large block of this heap, and nobody uses it any more.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn free_large(&mut self, p: NonNull<u8>) {
        let slot = slot_of(p);
        // SAFETY: as the caller promises; neighbours in the list are null or live large blocks. The mapping
        // is moved out of the memory that it owns before it is dropped.
        unsafe {
            debug_assert!((*slot).state == State::Large && (*slot).heap == &raw mut *self);
            self.unage(slot);
            if let Some(traces) = &mut self.traces {
                traces.forget_large(slot);
            }
            let (prev, next) = ((*slot).prev, (*slot).next);
            if prev.is_null() {
                self.large[(*slot).kind as usize] = next;
            } else {
                (*prev).next = next;
            }
            if !next.is_null() {
                (*next).prev = prev;
            }
            let large = large_of(slot).read();
            self.give(large.charged);
            if large.slots() > 0 {
                self.arenas.give((*slot).arena, NonNull::new_unchecked(slot.cast()), large.slots());
            }
        }
    }

    /// Makes a buffer larger or smaller, in place if it can; None leaves the old one as it was.
    ///
    /// # Safety
    /// `p` is a buffer of this heap of `old_bytes` bytes. If the answer is Some, `p` is gone (unless it is
    /// the answer).
    pub unsafe fn resize_buffer(
        &mut self,
        p: NonNull<u8>,
        old_bytes: usize,
        new_bytes: usize,
    ) -> Option<NonNull<u8>> {
        // SAFETY: as the caller promises.
        unsafe { self.resize::<BUFFER>(p, old_bytes, new_bytes) }
    }

    /// Makes an object larger or smaller, in place if it can; None leaves the old one as it was. Header and
    /// flags move along.
    ///
    /// # Safety
    /// `p` is an object of this heap of `old_bytes` bytes, and the caller holds its only reference. If the
    /// answer is Some, `p` is gone (unless it is the answer).
    pub unsafe fn resize_object(
        &mut self,
        p: NonNull<u8>,
        old_bytes: usize,
        new_bytes: usize,
    ) -> Option<NonNull<u8>> {
        // SAFETY: as the caller promises; a moved object's slot has to be on the list of its generation.
        unsafe {
            let moved = self.resize::<OBJECT>(p, old_bytes, new_bytes)?;
            let header = moved.cast::<Header>();
            if moved != p && header.as_ref().has(HeaderFlags::TRACKED) {
                self.note_age(slot_of(moved), header.as_ref().generation());
            }
            Some(moved)
        }
    }

    unsafe fn resize<const KIND: usize>(
        &mut self,
        p: NonNull<u8>,
        old: usize,
        new: usize,
    ) -> Option<NonNull<u8>> {
        // SAFETY: the caller says that p is a block of `old` bytes; the class, and the slot of a large block,
        // follow from that. A new block is another one, and holds `new` bytes.
        unsafe {
            if old <= SMALL_MAX && new <= SMALL_MAX {
                if class_of(old) == class_of(new) {
                    self.resized(p, new);
                    show_only(p, new, CLASS_BYTES[class_of(new)] as usize);
                    return Some(p);
                }
            } else if old > SMALL_MAX && new > SMALL_MAX {
                match self.resize_in_place(slot_of(p), new) {
                    InPlace::Done => {
                        self.resized(p, new);
                        return Some(p);
                    }
                    InPlace::Refused => return None,
                    InPlace::NoRoom => {}
                }
            }
            let moved = self.alloc::<KIND>(new)?;
            moved.copy_from_nonoverlapping(p, old.min(new));
            self.free::<KIND>(p, old);
            Some(moved)
        }
    }

    /// A block got another length where it lies: a traced one is traced to the place of that. If there is no memory for it, it loses
    /// its trace.
    ///
    /// # Safety
    /// `p` is a block of this heap.
    #[inline]
    unsafe fn resized(&mut self, p: NonNull<u8>, bytes: usize) {
        if self.traces.is_some() {
            let site = self.site().unwrap_or(0);
            // SAFETY: as the caller promises.
            unsafe { self.trace(p, site, bytes) };
        }
    }

    /// # Safety
    /// `slot` heads a large block of this heap.
    unsafe fn resize_in_place(&mut self, slot: *mut Slot, new_bytes: usize) -> InPlace {
        let Some(charge) = charge_of(new_bytes) else { return InPlace::Refused };
        // SAFETY: as the caller promises.
        let large = unsafe { &mut *large_of(slot) };
        let old = large.charged;
        let room = match &large.map {
            Some(map) => map.room(),
            None => RUN_MAX,
        };
        if charge > room {
            return InPlace::NoRoom;
        }
        if charge > old {
            if !self.count_allocation() || !self.take_counted(charge - old) {
                return InPlace::Refused;
            }
            // SAFETY: the run belongs to the arena that its slot names.
            if large.map.is_none() && !unsafe { self.grow_run(slot, large, charge) } {
                self.give(charge - old);
                return InPlace::NoRoom;
            }
        } else if charge < old {
            self.give(old - charge);
            if let Some(map) = &large.map {
                map.discard(charge, old - charge);
            } else {
                let slots = (charge / SLOT_BYTES) as u32;
                // SAFETY: the tail lies in the run, and the caller gives it up.
                unsafe {
                    let tail = NonNull::new_unchecked(slot.cast::<u8>()).add(charge);
                    self.arenas.give((*slot).arena, tail, large.slots() - slots);
                }
            }
        }
        large.charged = charge;
        // SAFETY: as the caller promises.
        unsafe { show_only_asked(slot, new_bytes) };
        InPlace::Done
    }

    /// # Safety
    /// `slot` heads a run.
    unsafe fn grow_run(&mut self, slot: *mut Slot, large: &Large, charge: usize) -> bool {
        let slots = (charge / SLOT_BYTES) as u32;
        // SAFETY: as the caller promises; a slot is not at address 0.
        let (arena, base) = unsafe { ((*slot).arena, NonNull::new_unchecked(slot.cast())) };
        self.arenas.grow(arena, base, large.slots(), slots - large.slots())
    }

    /// Unmaps everything that has a mapping of its own.
    pub(crate) fn drop_mappings(&mut self) {
        for kind in [OBJECT, BUFFER] {
            let mut slot = std::mem::replace(&mut self.large[kind], null_mut());
            while !slot.is_null() {
                // SAFETY: the list holds live large blocks; the link is read before the mapping goes.
                unsafe {
                    let next = (*slot).next;
                    drop(large_of(slot).read());
                    slot = next;
                }
            }
        }
    }
}

/// Hides what a large block has behind the bytes that were asked for.
///
/// # Safety
/// `slot` heads a large block with room for them.
unsafe fn show_only_asked(slot: *mut Slot, bytes: usize) {
    // SAFETY: as the caller promises; a slot is not at address 0.
    unsafe {
        let large = &*large_of(slot);
        let asked = LARGE_OFFSET + bytes;
        // Of a mapping's room a slot's worth will do: it may be far longer than what is ever used.
        let room = match &large.map {
            Some(map) => map.room().min(asked + SLOT_BYTES),
            None => large.charged,
        };
        show_only(NonNull::new_unchecked(slot.cast()), asked, room);
    }
}

enum InPlace {
    Done,
    NoRoom,
    Refused,
}
