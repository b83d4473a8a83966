//! Quarantine: freed blocks that wait before they are handed out again.
//!
//! A pool hands out first what was freed last, so whoever uses an object after its death mostly finds the next
//! object in its place, and the fault goes unseen. With a quarantine ([`Heap::set_quarantine`]) a freed block
//! stays filled with a pattern, under AddressSanitizer hidden, until as many bytes were freed after it. It is
//! for tests and fuzzing: builds without debug assertions and without the sanitizer have none.
//!
//! ```text
//!   a block in quarantine:  counted as used by its pool, on no free list, and its first word is zero
//!   bytes == sum of the blocks' sizes <= limit, when nothing is under way
//! ```

use crate::heap::Heap;
use crate::slot::slot_of;
use std::collections::VecDeque;
use std::ptr::NonNull;

/// The blocks that wait, the oldest first.
#[derive(Default)]
pub(crate) struct Quarantine {
    blocks: VecDeque<NonNull<u8>>,
    bytes: usize,
    limit: usize,
}

impl Quarantine {
    /// Whether this build can have one.
    pub(crate) const POSSIBLE: bool = cfg!(any(debug_assertions, asan));

    /// Whether freed blocks wait.
    #[inline(always)]
    pub(crate) fn is_on(&self) -> bool {
        Quarantine::POSSIBLE && self.limit > 0
    }

    /// The blocks that wait.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = NonNull<u8>> + '_ {
        self.blocks.iter().copied()
    }
}

impl Heap {
    /// From now on a freed block waits until `bytes` bytes more were freed; 0 lets all go. Large blocks never wait.
    pub fn set_quarantine(&mut self, bytes: usize) {
        self.quarantine.limit = bytes;
        self.let_go(bytes);
    }

    /// Puts a block in quarantine.
    ///
    /// # Safety
    /// `p` is a block of a pool of this heap, its first word is zero, and nobody uses it any more.
    #[cold]
    pub(crate) unsafe fn detain(&mut self, p: NonNull<u8>) {
        // SAFETY: the caller says that p lies in a pool.
        self.quarantine.bytes += unsafe { (*slot_of(p)).block_bytes } as usize;
        self.quarantine.blocks.push_back(p);
        self.let_go(self.quarantine.limit);
    }

    /// Lets the oldest blocks go until at most `bytes` bytes wait.
    pub(crate) fn let_go(&mut self, bytes: usize) {
        while self.quarantine.bytes > bytes
            && let Some(p) = self.quarantine.blocks.pop_front()
        {
            // SAFETY: the block's pool counts it as used, so it is still there, and nobody uses the block.
            unsafe {
                self.quarantine.bytes -= (*slot_of(p)).block_bytes as usize;
                self.put_back(p.cast());
            }
        }
    }
}
