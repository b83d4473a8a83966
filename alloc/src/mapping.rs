//! Memory from the system: aligned anonymous mappings.
//!
//! Pages of a mapping become resident when they are first touched, and `discard` gives them back without
//! giving up the addresses. Huge pages are declined: the kernel would make two megabytes resident where one
//! page was touched, and then a heap's charge would no longer bound its resident memory.
//!
//! The system accounts for these mappings (no `MAP_NORESERVE`): one that is larger than the memory there is must be refused
//! now, as a `MemoryError`, rather than granted and paid for by a kill when it is touched.

use crate::shadow::show;
use memmap2::{MmapMut, MmapOptions};
use std::ptr::NonNull;

/// The unit in which large blocks are charged, in bytes.
pub(crate) const PAGE: usize = 4096;

/// An anonymous mapping with an aligned start. Dropping it gives the memory back.
pub(crate) struct Mapping {
    map: MmapMut,
    base: NonNull<u8>,
}

impl Mapping {
    /// At least `bytes` bytes of zeroes, starting at a multiple of `align`, a power of two. None if the
    /// system refuses.
    pub(crate) fn new(bytes: usize, align: usize) -> Option<Mapping> {
        // The start can be anywhere, so there are `align` bytes more than asked for: addresses, never
        // touched.
        let bytes = bytes.checked_add(align)?;
        let mut map = MmapOptions::new().len(bytes).map_anon().ok()?;
        #[cfg(target_os = "linux")]
        // A kernel built without huge pages answers with an error, and then there is nothing to decline.
        let _ = map.advise(memmap2::Advice::NoHugePage);
        let start = map.as_mut_ptr();
        let skip = start.align_offset(align);
        // SAFETY: skip < align <= the length of the mapping that starts at `start`.
        let base = NonNull::new(unsafe { start.add(skip) })?;
        Some(Mapping { map, base })
    }

    /// The aligned start.
    pub(crate) fn base(&self) -> NonNull<u8> {
        self.base
    }

    /// How many bytes lie from the aligned start to the end.
    pub(crate) fn room(&self) -> usize {
        self.map.len() - (self.base.as_ptr().addr() - self.map.as_ptr().addr())
    }

    /// Gives the pages of `bytes` bytes from `from` (relative to the aligned start) back to the system. Their
    /// content is lost.
    pub(crate) fn discard(&self, from: usize, bytes: usize) {
        debug_assert!(from + bytes <= self.room());
        #[cfg(target_os = "linux")]
        {
            let offset = self.base.as_ptr().addr() - self.map.as_ptr().addr() + from;
            // SAFETY: the range lies inside the mapping; the caller says that nothing in it is needed any
            // more. A refusal (a system with larger pages) leaves the pages resident, which is correct too.
            let _ =
                unsafe { self.map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, offset, bytes) };
        }
    }

    /// Makes the pages of `bytes` bytes from `from` resident in one go, if the system can.
    pub(crate) fn populate(&self, from: usize, bytes: usize) {
        debug_assert!(from + bytes <= self.room());
        #[cfg(target_os = "linux")]
        {
            let offset = self.base.as_ptr().addr() - self.map.as_ptr().addr() + from;
            // Before Linux 5.14 this is an error, and then the pages come one by one.
            let _ = self.map.advise_range(memmap2::Advice::PopulateWrite, offset, bytes);
        }
    }
}

impl Drop for Mapping {
    /// Whoever gets these addresses next finds nothing hidden.
    fn drop(&mut self) {
        // SAFETY: the mapping is ours until its field is dropped.
        unsafe { show(self.base, self.room()) }
    }
}
