//! The breaker: a word that the loop looks at where it jumps back or calls, and what its bits ask for.
//!
//! The thread that runs reads it; anybody may raise a bit: the heap, a signal's handler, a thread that waits.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Vm;
use crate::raised::Res;

/// A collection is due.
pub const COLLECT: u32 = 1;
/// A signal came in.
pub const INTERRUPT: u32 = 2;
/// The clock of a profile has ticked.
pub const SAMPLE: u32 = 4;
/// Native work is to be paid for.
pub const OWED: u32 = 8;
/// Another thread has waited long enough for its turn.
pub const SWITCH: u32 = 16;
/// The alarm of a limit of time was rung.
pub const TIME: u32 = 32;
/// Somebody traces: calls go the slow way.
pub const TRACE: u32 = 64;
/// What native work that takes long looks for.
pub const URGENT: u32 = INTERRUPT | TIME;

/// See the module's page.
#[derive(Default)]
pub struct Breaker(AtomicU32);

impl Breaker {
    /// The bits. What somebody raises at this very moment is seen the next time.
    #[inline(always)]
    pub fn get(&self) -> u32 {
        if cfg!(debug_assertions) {
            return self.0.load(Ordering::Relaxed);
        }
        // The same load in machine code, but one that the compiler makes part of the comparison that follows: an atomic one would cost
        // an instruction at each jump back and each call.
        // SAFETY: the word is aligned and lives as long as `self`; machines that we build for read such a word as a whole.
        unsafe { self.0.as_ptr().read() }
    }
    /// Raises bits.
    #[inline]
    pub fn raise(&self, bits: u32) {
        self.0.fetch_or(bits, Ordering::Relaxed);
    }
    /// Takes all bits.
    pub fn take(&self) -> u32 {
        self.0.swap(0, Ordering::Relaxed)
    }
    /// Lowers bits; which of them were raised.
    pub fn lower(&self, bits: u32) -> u32 {
        self.0.fetch_and(!bits, Ordering::Relaxed) & bits
    }
    /// Whether bits are raised, for who is not the thread that runs.
    pub fn shows(&self, bits: u32) -> bool {
        self.0.load(Ordering::Relaxed) & bits != 0
    }
    /// The word, for a signal's handler.
    pub fn word(&self) -> &AtomicU32 {
        &self.0
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
    /// Raises bits.
    pub(super) fn raise(&self, bits: u32) {
        // SAFETY: as `on` was promised.
        unsafe { self.0.as_ref() }.raise(bits);
    }
}

impl Vm {
    /// Does what the breaker asks for. Runs Python where a signal's handler or a finalizer is due.
    pub fn service(&self) -> Res<()> {
        let bits = self.breaker.take();
        if bits & COLLECT != 0 {
            crate::collect::collect_due(self);
        }
        if bits & SAMPLE != 0 {
            self.profile_sample();
        }
        // A signal is the main thread's, which may wait: it stays raised until that has looked.
        if bits & INTERRUPT != 0 {
            if self.threads.is_main() {
                self.breaker.raise(INTERRUPT);
            } else {
                self.pass_signal();
            }
        }
        if bits & SWITCH != 0 {
            self.give_way();
        }
        if bits & OWED != 0 {
            self.pay()?;
        }
        if bits & TIME != 0 {
            self.breaker.raise(TIME);
        }
        self.handle_signals()
    }
}
