//! The slots of an index in which the entry of a hash may be.

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
