//! Numbers of native types and of classes that are made once.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A number for the process, given at first use.
pub(super) struct Number(AtomicUsize);

impl Number {
    /// Not given yet.
    pub(super) const NONE: Number = Number(AtomicUsize::new(0));

    /// From 0.
    #[inline]
    pub(super) fn get(&self) -> usize {
        match self.0.load(Ordering::Relaxed) {
            0 => self.give(),
            number => number - 1,
        }
    }
    #[cold]
    fn give(&self) -> usize {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        match self.0.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => number - 1,
            Err(other) => other - 1,
        }
    }
}
