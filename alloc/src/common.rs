//! What several heaps have in common: one cap on what they take together, and one on the large blocks that they ask for.
//!
//! Each heap that shares a cap holds a *part* of it, by which it is capped itself. It draws more when that is used up, and gives back what
//! it is far from using when it has collected garbage, and when its owner says so ([`Heap::give_rest_back`]). So no
//! heap looks at what is shared but where it would be refused.
//!
//! ```text
//! charged to a heap <= its part        (but for the reserve and the leniency of `cap.rs`, which each has for itself)
//! all parts, and all that is set aside == taken <= total
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::heap::Heap;

/// What a heap draws at once, and what of its part it keeps unused.
const STEP: usize = 256 << 10;

/// A cap that heaps share. See the file's page.
#[derive(Debug)]
pub struct Common {
    /// `usize::MAX`: there is no cap.
    total: AtomicUsize,
    taken: AtomicUsize,
    volume: AtomicU64,
}

impl Common {
    fn take(&self, bytes: usize) -> bool {
        let total = self.total.load(Ordering::Relaxed);
        let more = |taken: usize| taken.checked_add(bytes).filter(|taken| *taken <= total);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }
    fn give(&self, bytes: usize) {
        self.taken.fetch_sub(bytes, Ordering::Relaxed);
    }
    /// The cap; None = no cap.
    pub(crate) fn limit(&self) -> Option<usize> {
        Some(self.total.load(Ordering::Relaxed)).filter(|total| *total != usize::MAX)
    }
    /// What nobody has taken.
    pub(crate) fn free(&self) -> usize {
        self.total.load(Ordering::Relaxed).saturating_sub(self.taken.load(Ordering::Relaxed))
    }
    /// Counts bytes of large blocks; how many there were in all.
    pub(crate) fn count(&self, bytes: usize) -> u64 {
        self.volume.fetch_add(bytes as u64, Ordering::Relaxed).saturating_add(bytes as u64)
    }
    /// So many do not count.
    pub(crate) fn uncount(&self, bytes: u64) {
        self.volume.fetch_sub(bytes, Ordering::Relaxed);
    }
    /// Bytes of large blocks that were asked for.
    pub(crate) fn volume(&self) -> u64 {
        self.volume.load(Ordering::Relaxed)
    }
}

/// Bytes of a common cap that belong to no heap, until this is dropped.
#[derive(Debug)]
pub struct SetAside {
    common: Arc<Common>,
    bytes: usize,
}

impl SetAside {
    /// Adds others to it, of the same cap.
    pub fn add(&mut self, mut others: SetAside) {
        debug_assert!(Arc::ptr_eq(&self.common, &others.common));
        self.bytes += std::mem::take(&mut others.bytes);
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        self.common.give(self.bytes);
    }
}

impl Heap {
    /// What it has in common with others. From now on its cap is shared.
    pub fn share(&mut self) -> Arc<Common> {
        if let Some(common) = &self.common {
            return common.clone();
        }
        let total = self.limit.unwrap_or(usize::MAX);
        // (What is charged may be above the cap already.)
        let part = self.charged.saturating_add(STEP).min(total);
        let common = Arc::new(Common {
            total: AtomicUsize::new(total),
            taken: AtomicUsize::new(part),
            volume: AtomicU64::new(self.volume),
        });
        self.common = Some(common.clone());
        self.set_part(part);
        common
    }

    /// A new heap, without a cap of its own, shares one.
    pub fn join(&mut self, common: Arc<Common>) {
        self.common = Some(common);
        self.make_room_to_collect();
        self.set_part(0);
    }

    /// Bytes of the shared cap that belong to no heap from now on: None if there is no room for them.
    pub fn set_aside(&mut self, bytes: usize) -> Option<SetAside> {
        let common = self.share();
        // As for itself: it collects garbage if that is what it takes.
        if !self.charge(bytes) {
            return None;
        }
        self.uncharge(bytes);
        let part = self.limit.unwrap_or_default();
        if part < bytes {
            // (The reserve is no part of the cap.)
            return None;
        }
        self.set_part(part - bytes);
        Some(SetAside { common, bytes })
    }

    /// Draws more of the shared cap, for so many bytes; whether it got that.
    #[cold]
    pub(crate) fn draw(&mut self, bytes: usize) -> bool {
        let (Some(common), Some(part)) = (self.common.clone(), self.limit) else { return false };
        let missing = self.charged.saturating_add(bytes).saturating_sub(part);
        let drawn = [missing.max(STEP), missing].into_iter().find(|bytes| common.take(*bytes));
        let Some(drawn) = drawn else { return false };
        self.set_part(part + drawn);
        true
    }

    /// Gives back what it is far from using of a shared cap.
    #[inline]
    pub fn give_rest_back(&mut self) {
        if self.common.is_some() {
            self.shrink_part();
        }
    }

    #[cold]
    fn shrink_part(&mut self) {
        let (Some(common), Some(part)) = (&self.common, self.limit) else { return };
        if part.saturating_sub(self.charged) > 2 * STEP {
            let kept = self.charged + STEP;
            common.give(part - kept);
            self.set_part(kept);
        }
    }

    /// Another total for all who share it. Where more was taken already this heap's part shrinks.
    pub(crate) fn set_total(&mut self, common: &Common, limit: Option<usize>) {
        let total = limit.unwrap_or(usize::MAX);
        common.total.store(total, Ordering::Relaxed);
        let excess = common.taken.load(Ordering::Relaxed).saturating_sub(total);
        let part = self.limit.unwrap_or_default();
        let less = excess.min(part);
        common.give(less);
        self.set_part(part - less);
    }

    /// The heap goes.
    pub(crate) fn leave_common(&mut self) {
        if let (Some(common), Some(part)) = (self.common.take(), self.limit) {
            common.give(part);
        }
    }
}
