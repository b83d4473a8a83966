//! The places of a set's table at which an element may stand: as in CPython, so that sets have its order.

/// How many neighbours a probe looks at.
const NEIGHBOURS: usize = 9;

/// The entries that a hash may stand at, in order.
pub(super) struct Probe {
    mask: usize,
    perturb: u64,
    base: usize,
    /// The place that the probe is at.
    pub(super) at: usize,
    last: usize,
    steps: u32,
}

impl Probe {
    /// Long probes are paid for, so many steps at a time.
    const PAID: u32 = 64;

    /// The places of a hash, in a table with so many places but one.
    #[inline(always)]
    pub(super) fn new(hash: i64, mask: usize) -> Probe {
        let base = hash as usize & mask;
        Probe { mask, perturb: hash as u64, base, at: base, last: Probe::end(base, mask), steps: 0 }
    }
    #[inline(always)]
    fn end(base: usize, mask: usize) -> usize {
        if base + NEIGHBOURS <= mask { base + NEIGHBOURS } else { base }
    }
    /// Goes on to the next place.
    #[inline(always)]
    pub(super) fn step(&mut self) {
        if self.at < self.last {
            self.at += 1;
            return;
        }
        self.steps += 1;
        if self.steps.is_multiple_of(Probe::PAID) {
            crate::fuel::owe(u64::from(Probe::PAID));
        }
        self.perturb >>= 5;
        self.base =
            (self.base.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize)) & self.mask;
        self.at = self.base;
        self.last = Probe::end(self.base, self.mask);
    }
}
