//! The flags of a str, which lie in one word with its length.

bitflags::bitflags! {
    /// The lowest byte of a str's `meta`.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(super) struct StrFlags: u8 {
        /// Two bits: the logarithm of the bytes per character.
        const WIDTH = 0b11;
        /// Every character is below 128.
        const ASCII = 1 << 2;
        /// It stands in the intern table.
        const INTERNED = 1 << 3;
        /// A lookup of this name on some type may be cached.
        const TYPE_CACHED = 1 << 4;
        /// A code has it for a name: CPython never frees it.
        const NAME = 1 << 5;
        /// What is true of one str, and of no copy.
        const OF_ONE = Self::INTERNED.bits() | Self::TYPE_CACHED.bits() | Self::NAME.bits();
    }
}

impl StrFlags {
    /// As they lie in `meta`.
    #[inline(always)]
    pub(super) const fn in_word(self) -> u64 {
        self.bits() as u64
    }
    /// What the length of a new str stands beside.
    #[inline(always)]
    pub(super) fn of(width: usize, ascii: bool) -> StrFlags {
        let width = StrFlags::from_bits_retain(width.trailing_zeros() as u8);
        if ascii { width | StrFlags::ASCII } else { width }
    }
}
