//! The cap: what is charged against it, when garbage is collected for its sake, and who has more room for a while.
//!
//! Two may go beyond it, each by [`RESERVE_BYTES`]: whoever builds a `MemoryError` (the reserve), and the handler of one (leniency).

use super::{Heap, RESERVE_BYTES};

/// Refusals that no collection could help. A script that is refused over and over, and goes on, must not pay for a look at the
/// whole heap each time: after some looks in vain the next come ever more rarely, until something changes.
#[derive(Default)]
pub(super) struct Refusals {
    /// Looks in vain, one after the other.
    in_vain: u32,
    /// How many refusals pass until the next look.
    skip: u32,
    /// What was charged at the last look.
    charged: usize,
    /// The outermost level that a refusal was handled at meanwhile, plus one; 0 = none was.
    level: usize,
}

impl Refusals {
    /// So many looks in vain are free.
    const FREE: u32 = 8;
    /// Looks are never rarer than at every 2^RAREST refusals.
    const RAREST: u32 = 16;
    /// So much more or less charged is a change, in bytes.
    const CHANGE: usize = 1 << 19;

    fn skips(&mut self, charged: usize) -> bool {
        if charged.abs_diff(self.charged) >= Refusals::CHANGE {
            *self = Refusals::default();
        }
        let skips = self.skip > 0;
        self.skip = self.skip.saturating_sub(1);
        skips
    }

    fn collected(&mut self, found: bool, charged: usize) {
        if found {
            *self = Refusals::default();
        } else {
            self.in_vain += 1;
            self.skip = (1 << self.in_vain.saturating_sub(Refusals::FREE).min(Refusals::RAREST)) - 1;
        }
        self.charged = charged;
    }
}

impl Heap {
    /// The cap in bytes, all of it where it is shared; None = no cap.
    pub fn limit(&self) -> Option<usize> {
        match &self.common {
            Some(common) => common.limit(),
            None => self.limit,
        }
    }

    /// Sets the cap. It may lie below what is charged already: then everything is refused until enough was
    /// freed.
    pub fn set_limit(&mut self, limit: Option<usize>) {
        match self.common.clone() {
            Some(common) => self.set_total(&common, limit),
            None => self.limit = limit,
        }
        self.set_ceiling();
        self.soften(true);
    }

    /// Sets its part of a cap that is shared.
    pub(crate) fn set_part(&mut self, part: usize) {
        self.limit = Some(part);
        self.set_ceiling();
    }

    fn set_ceiling(&mut self) {
        let reserve = if self.reserve_depth > 0 { RESERVE_BYTES } else { 0 };
        let leniency = if self.lenient { RESERVE_BYTES } else { 0 };
        self.ceiling = self.limit.map_or(usize::MAX, |bytes| bytes.saturating_add(reserve + leniency));
    }

    /// Asks for the next collection where half of the room that is left now is used up; not at all where that is next to
    /// nothing: then garbage is collected when the heap would refuse. After a young collection (not `full`), only if that comes sooner.
    pub fn soften(&mut self, full: bool) {
        if full {
            self.give_rest_back();
        }
        let room = self.room();
        let soft = match self.limit() {
            Some(_) if self.trip != u32::MAX && room >= RESERVE_BYTES => self.charged + room / 2,
            _ => usize::MAX,
        };
        self.soft = if full { soft } else { self.soft.min(soft) };
        // What the collector itself took for a while is no reason for another collection.
        self.pressed &= !full;
    }

    /// What is charged now, in bytes: pools, large blocks and `charge`s.
    pub fn used_bytes(&self) -> usize {
        self.charged
    }

    /// The most that was ever charged, in bytes.
    pub fn peak_bytes(&self) -> usize {
        self.peak
    }

    /// How many bytes the cap leaves; `usize::MAX` without a cap.
    pub fn room(&self) -> usize {
        let own = self.limit.map_or(usize::MAX, |limit| limit.saturating_sub(self.charged));
        self.common.as_ref().map_or(own, |common| own.saturating_add(common.free()))
    }

    /// What `charge` has granted and `uncharge` not yet taken back, in bytes.
    pub fn external_bytes(&self) -> usize {
        self.external
    }

    /// How many bytes of large blocks may be asked for until [`Heap::is_volume_used_up`]; then large blocks are refused.
    /// It bounds the work that a run can do on memory.
    pub fn set_volume_limit(&mut self, bytes: u64) {
        self.volume_limit = bytes;
    }

    /// Whether a large block was refused for [`Heap::set_volume_limit`].
    pub fn is_volume_used_up(&self) -> bool {
        self.volume() > self.volume_limit
    }

    /// Bytes of large blocks that were ever asked for.
    pub fn volume(&self) -> u64 {
        self.common.as_ref().map_or(self.volume, |common| common.volume())
    }

    /// What it has asked for until now does not count.
    pub fn forget_volume(&mut self) {
        let own = std::mem::take(&mut self.volume);
        if let Some(common) = &self.common {
            common.uncount(own);
        }
    }

    /// Takes bytes of the budget, and counts them as volume.
    pub(crate) fn take_counted(&mut self, bytes: usize) -> bool {
        // What does not fit at all is not work.
        if !self.take(bytes) {
            return false;
        }
        self.volume = self.volume.saturating_add(bytes as u64);
        let volume = self.common.as_ref().map_or(self.volume, |common| common.count(bytes));
        let granted = volume <= self.volume_limit;
        if !granted {
            self.give(bytes);
        }
        granted
    }

    /// Starts a new peak from what is charged now.
    pub fn reset_peak(&mut self) {
        self.peak = self.charged;
    }

    /// Raises the cap by `RESERVE_BYTES` and holds `fail_alloc` back, so that a `MemoryError` can be built.
    /// Nests.
    pub fn open_reserve(&mut self) {
        self.reserve_depth += 1;
        self.set_ceiling();
    }

    /// Ends one `open_reserve`.
    pub fn close_reserve(&mut self) {
        assert!(self.reserve_depth > 0, "the reserve is not open");
        self.reserve_depth -= 1;
        self.set_ceiling();
    }

    /// Charges `bytes`, giving cached memory back and collecting garbage first if that is what it takes. Does not count as an
    /// allocation.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        if !self.fits(bytes) && !self.make_room(bytes) {
            return false;
        }
        self.charged += bytes;
        self.peak = self.peak.max(self.charged);
        if self.charged > self.soft {
            self.press();
        }
        true
    }

    #[cold]
    fn make_room(&mut self, bytes: usize) -> bool {
        if self.draw(bytes) {
            return true;
        }
        self.trim();
        let fits = self.fits(bytes) || self.reclaim(bytes) || self.collect_for(bytes);
        self.refused |= !fits;
        fits
    }

    /// The last resort: collects garbage, once, unless that cannot help or is switched off.
    fn collect_for(&mut self, bytes: usize) -> bool {
        let hopeless = self.limit().is_none_or(|limit| bytes > limit);
        let busy = self.quiet || self.keep_still > 0 || self.reserve_depth > 0;
        if hopeless || busy || self.trip == u32::MAX {
            return false;
        }
        if self.refusals.skips(self.charged) {
            return false;
        }
        // SAFETY: the hooks' promise, which holds between any two calls of the heap. No borrow of the heap is relied upon by
        // those who take bytes: they look at it anew.
        let found = unsafe { self.collect_quietly() };
        self.trim();
        self.press();
        let fits = self.fits(bytes);
        self.refusals.collected(found > 0, self.charged);
        fits
    }

    /// Whether the cap refused something and [`Heap::refusal_handled`] or [`Heap::refusal_forgotten`] was not called yet.
    #[inline(always)]
    pub fn has_refused(&self) -> bool {
        self.refused
    }

    /// A handler of a refusal is entered, at a level of the VM's stack. It has `RESERVE_BYTES` more than the rest of the program until
    /// [`Heap::end_leniency`]: it may need a little where nothing at all is left.
    /// If that level is further out, by more than an eighth, than any refusal before it in a row of them, what was at work there has
    /// ended, and may have left garbage: the next refusal looks for it. (Each of many levels may have a handler.)
    pub fn refusal_handled(&mut self, level: usize) {
        self.lenient = true;
        self.set_ceiling();
        let outermost = self.refusals.level;
        let further = outermost == 0 || level + 1 + outermost / 8 < outermost;
        if self.refusals.in_vain > 0 && further {
            self.refusals.level = level + 1;
            self.refusals.skip = 0;
            self.refusals.in_vain = 0;
        }
    }

    /// No handler of a refusal will come any more: it ended otherwise.
    pub fn refusal_forgotten(&mut self) {
        self.refused = false;
    }

    /// Whether a handler of a refusal has its own room.
    #[inline(always)]
    pub fn is_lenient(&self) -> bool {
        self.lenient
    }

    /// The handler has ended, and what it no longer uses goes back. What it keeps above the cap is missing from the next one's room.
    pub fn end_leniency(&mut self) {
        self.lenient = false;
        self.set_ceiling();
        if !self.fits(0) {
            self.trim();
        }
    }

    /// Asks the VM to collect.
    #[cold]
    fn press(&mut self) {
        self.soft = usize::MAX;
        self.pressed = true;
        // SAFETY: who installed the hook said that it is sound.
        unsafe { (self.hooks.press)(self.context) };
    }

    /// Asks the VM for what it holds and does not need; whether `bytes` fit then.
    #[cold]
    fn reclaim(&mut self, bytes: usize) -> bool {
        // SAFETY: who installed the hook said that it is sound; it does not touch the heap.
        let free = unsafe { (self.hooks.reclaim)(self.context) };
        self.uncharge(free);
        self.fits(bytes)
    }

    pub(crate) fn give(&mut self, bytes: usize) {
        debug_assert!(bytes <= self.charged);
        self.charged -= bytes;
    }

    fn fits(&self, bytes: usize) -> bool {
        self.charged.checked_add(bytes).is_some_and(|total| total <= self.ceiling)
    }
}
