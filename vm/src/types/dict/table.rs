//! The table of a dict: its head, the index behind it, and the entries behind that. The page of `mod.rs` draws them.

use std::sync::atomic::AtomicU32;

use crate::value::Value;

#[repr(C)]
pub(super) struct Head {
    /// log2 of the index slots.
    pub(super) log2: u8,
    /// Whether there is room for three entries only.
    pub(super) tiny: bool,
    /// Index slots that are not free.
    pub(super) filled: u32,
    /// Entries taken, removed ones included.
    pub(super) used: u32,
    /// Moved by every insertion of a new key and every removal.
    pub(super) changes: u32,
}
pub(super) const HEAD: usize = size_of::<Head>();
const _: () = assert!(HEAD == 16);

/// An entry; removed if its key is empty. (What the hash of a removed entry 0 says: see `order.rs`.)
#[repr(C)]
pub struct Entry {
    /// The key's hash.
    pub hash: i64,
    /// The key.
    pub key: Value,
    /// The value.
    pub value: Value,
}

/// Entries of the smallest table.
pub(super) const TINY: usize = 3;

/// The number of bytes of an index slot. A table of 256 slots has at most 170 entries, one of 65,536 at most 43,690: the
/// greatest number of each width stays free for gaps.
pub(super) const fn index_width(log2: u8) -> usize {
    match log2 {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    }
}

/// How many entries go with an index.
pub(super) const fn room_of(log2: u8, tiny: bool) -> usize {
    if tiny { TINY } else { (1 << log2) * 2 / 3 }
}

impl Head {
    pub(super) fn bytes(log2: u8, tiny: bool) -> usize {
        HEAD + (index_width(log2) << log2) + room_of(log2, tiny) * size_of::<Entry>()
    }
    #[inline(always)]
    pub(super) fn room(&self) -> usize {
        room_of(self.log2, self.tiny)
    }
    /// How many new keys there is room for.
    #[inline(always)]
    pub(super) fn left(&self) -> usize {
        self.room() - self.filled.max(self.used) as usize
    }
    #[inline(always)]
    pub(super) fn slots(&self) -> usize {
        1 << self.log2
    }
    /// What stands in the index for a removed entry.
    pub(super) fn gap(&self) -> usize {
        match index_width(self.log2) {
            1 => usize::from(u8::MAX),
            2 => usize::from(u16::MAX),
            _ => u32::MAX as usize,
        }
    }
    #[inline(always)]
    pub(super) unsafe fn index_base(table: *mut Head) -> *mut u8 {
        // SAFETY: the index follows the head.
        unsafe { table.cast::<u8>().add(HEAD) }
    }
    #[inline(always)]
    pub(super) unsafe fn index(table: *mut Head, slot: usize) -> usize {
        // SAFETY: slot < slots.
        unsafe {
            let base = Head::index_base(table);
            match index_width((*table).log2) {
                1 => usize::from(*base.add(slot)),
                2 => usize::from(*base.cast::<u16>().add(slot)),
                _ => *base.cast::<u32>().add(slot) as usize,
            }
        }
    }
    pub(super) unsafe fn set_index(table: *mut Head, slot: usize, number: usize) {
        // SAFETY: slot < slots.
        unsafe {
            let base = Head::index_base(table);
            match index_width((*table).log2) {
                1 => *base.add(slot) = number as u8,
                2 => *base.cast::<u16>().add(slot) = number as u16,
                _ => *base.cast::<u32>().add(slot) = number as u32,
            }
        }
    }
    #[inline(always)]
    pub(super) unsafe fn entries(table: *mut Head) -> *mut Entry {
        // SAFETY: the entries follow the index, which is a multiple of 8 bytes long.
        unsafe { Head::index_base(table).add(index_width((*table).log2) << (*table).log2).cast() }
    }
    /// Puts a number into the first slot of the probe of a hash that holds no entry.
    pub(super) unsafe fn link(table: *mut Head, hash: i64, number: usize) {
        // SAFETY: probes stay within the index, which has a free slot.
        unsafe {
            let gap = (*table).gap();
            let mut probe = Probe::new(hash, (*table).slots());
            loop {
                let there = Head::index(table, probe.slot);
                if there == 0 || there == gap {
                    (*table).filled += u32::from(there == 0);
                    Head::set_index(table, probe.slot, number);
                    return;
                }
                probe.step();
            }
        }
    }
}

/// The size of a table for so many entries: log2 of the slots, and whether it is the smallest.
pub(super) fn geometry(entries: usize) -> Option<(u8, bool)> {
    if entries <= TINY {
        return Some((3, true));
    }
    let mut log2 = 3u8;
    while room_of(log2, false) < entries {
        log2 += 1;
        if log2 > 31 {
            return None;
        }
    }
    Some((log2, false))
}

/// Where the counts of changes of new tables begin: apart, so that a table cannot be taken for its predecessor.
pub(super) static FIRST_CHANGE: AtomicU32 = AtomicU32::new(0);

pub(super) struct Probe {
    pub(super) slot: usize,
    pub(super) perturb: u64,
    pub(super) mask: usize,
    pub(super) steps: u32,
}

impl Probe {
    /// Long probes are paid for, so many steps at a time.
    pub(super) const PAID: u32 = 64;

    #[inline(always)]
    pub(super) fn new(hash: i64, slots: usize) -> Probe {
        let mask = slots - 1;
        Probe { slot: hash as usize & mask, perturb: hash as u64, mask, steps: 0 }
    }
    #[inline(always)]
    pub(super) fn step(&mut self) {
        self.step_unpaid();
        if self.steps.is_multiple_of(Probe::PAID) {
            crate::fuel::owe(u64::from(Probe::PAID) / 8);
        }
    }
    /// A step of a probe that gives up before it is long: in a handler, which calls nothing.
    #[inline(always)]
    pub(super) fn step_unpaid(&mut self) {
        self.steps += 1;
        self.perturb >>= 5;
        self.slot =
            (self.slot.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1)) & self.mask;
    }
}
