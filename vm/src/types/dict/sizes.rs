//! How large tables are: entries, and the index that goes with them.

/// Entries of the smallest table.
pub(super) const TINY: usize = 3;
/// log2 of its index slots.
pub(super) const TINY_LOG2: u8 = 3;

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

/// The size of a table for so many entries: log2 of the slots, and whether it is the smallest.
pub(super) fn geometry(entries: usize) -> Option<(u8, bool)> {
    if entries <= TINY {
        return Some((TINY_LOG2, true));
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
