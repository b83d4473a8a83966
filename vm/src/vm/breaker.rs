//! The breaker: a word that the loop looks at where it jumps back or calls, and what it asks for.
//!
//! The thread that runs reads it; anybody may raise it: the heap, a signal's handler, a thread that waits.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Vm;
use crate::raised::Res;

bitflags::bitflags! {
    /// What a breaker asks for.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct BreakerFlags: u32 {
        /// A collection is due.
        const COLLECT = 1 << 0;
        /// A signal came in.
        const INTERRUPT = 1 << 1;
        /// The clock of a profile has ticked.
        const SAMPLE = 1 << 2;
        /// Native work is to be paid for.
        const OWED = 1 << 3;
        /// Another thread has waited long enough for its turn.
        const SWITCH = 1 << 4;
        /// The alarm of a limit of time was rung.
        const TIME = 1 << 5;
        /// Somebody traces: calls go the slow way.
        const TRACE = 1 << 6;
        /// What native work that takes long looks for.
        const URGENT = BreakerFlags::INTERRUPT.bits() | BreakerFlags::TIME.bits();
    }
}

/// See the module's page.
#[derive(Default)]
pub struct Breaker(AtomicU32);

impl Breaker {
    /// Whether anything is asked for.
    #[inline(always)]
    pub fn is_raised(&self) -> bool {
        self.bits() != 0
    }
    /// Whether one of these is asked for.
    #[inline(always)]
    pub fn asks(&self, flags: BreakerFlags) -> bool {
        self.bits() & flags.bits() != 0
    }
    /// The bits, for the thread that runs. What somebody raises at this very moment is seen the next time.
    #[inline(always)]
    fn bits(&self) -> u32 {
        if cfg!(debug_assertions) {
            return self.0.load(Ordering::Relaxed);
        }
        // The same load in machine code, but one that the compiler makes part of the comparison that follows: an atomic one would cost
        // an instruction at each jump back and each call.
        // SAFETY: the word is aligned and lives as long as `self`; machines that we build for read such a word as a whole.
        unsafe { self.0.as_ptr().read() }
    }
    /// Asks for these. A signal's handler may do so.
    #[inline]
    pub fn raise(&self, flags: BreakerFlags) {
        self.0.fetch_or(flags.bits(), Ordering::Relaxed);
    }
    /// Takes all that is asked for.
    fn take(&self) -> BreakerFlags {
        BreakerFlags::from_bits_retain(self.0.swap(0, Ordering::Relaxed))
    }
    /// Asks for these no more; whether one of them was asked for.
    pub fn lower(&self, flags: BreakerFlags) -> bool {
        self.0.fetch_and(!flags.bits(), Ordering::Relaxed) & flags.bits() != 0
    }
    /// Whether one of these is asked for, for who is not the thread that runs.
    pub fn shows(&self, flags: BreakerFlags) -> bool {
        self.0.load(Ordering::Relaxed) & flags.bits() != 0
    }
}

/// A hand on the breaker of a Vm, for threads that wait.
pub(super) struct Hand(NonNull<Breaker>);

// SAFETY: a breaker is an atomic word.
unsafe impl Send for Hand {}

impl Hand {
    /// A hand on a breaker.
    ///
    /// # Safety
    /// The breaker stays where it is as long as the hand does.
    pub(super) unsafe fn on(breaker: &Breaker) -> Hand {
        Hand(NonNull::from(breaker))
    }
    /// Asks for these.
    pub(super) fn raise(&self, flags: BreakerFlags) {
        self.breaker().raise(flags);
    }
    /// Whether one of these is asked for.
    pub(super) fn shows(&self, flags: BreakerFlags) -> bool {
        self.breaker().shows(flags)
    }
    fn breaker(&self) -> &Breaker {
        // SAFETY: as `on` was promised.
        unsafe { self.0.as_ref() }
    }
}

impl Vm {
    /// Does what the breaker asks for. Runs Python where a signal's handler or a finalizer is due, and other threads where one waits;
    /// raises as [`Vm::handle_signals`] and [`Vm::work`].
    pub fn service(&self) -> Res<()> {
        let asked = self.breaker.take();
        if asked.contains(BreakerFlags::COLLECT) {
            crate::collect::collect_due(self);
        }
        if asked.contains(BreakerFlags::SAMPLE) {
            self.profile_sample();
        }
        // A signal is the main thread's, which may wait: it stays raised until that has looked.
        if asked.contains(BreakerFlags::INTERRUPT) {
            if self.threads.is_main() {
                self.breaker.raise(BreakerFlags::INTERRUPT);
            } else {
                self.pass_signal();
            }
        }
        if asked.contains(BreakerFlags::SWITCH) {
            self.give_way();
        }
        if asked.contains(BreakerFlags::OWED) {
            self.pay()?;
        }
        if asked.contains(BreakerFlags::TIME) {
            self.breaker.raise(BreakerFlags::TIME);
        }
        self.handle_signals()
    }
}
