//! Signals that programs handle: who is called for which, and when.
//!
//! A handler of the system's only notes that a signal has come, and raises the breaker. The functions of Python that are to be told run
//! in the main thread, where the loop looks at the breaker or where something waits; never inside native work, which only asks whether
//! it is to end.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Vm;
use super::breaker::BreakerFlags;
use crate::raised::Res;
use crate::value::Value;

/// Ctrl-C.
pub const SIGINT: i32 = 2;
/// One more than the last signal.
pub const COUNT: i32 = 65;

/// The handlers, and what has come in.
pub struct Signals {
    /// By number: a function, the number that stands for the default or for nothing, or empty where the program has said nothing.
    pub handlers: Box<[Value]>,
    /// Signals that have come in and were not handled yet, a bit each.
    waiting: Cell<u64>,
    /// How many were handled.
    pub handled: Arc<AtomicU64>,
}

impl Default for Signals {
    fn default() -> Signals {
        Signals {
            handlers: (0..COUNT).map(|_| Value::UNBOUND).collect(),
            waiting: Cell::new(0),
            handled: Arc::default(),
        }
    }
}

fn bit(number: i32) -> u64 {
    1 << (number - 1)
}

impl Vm {
    /// Behaves as if a signal had come in.
    pub fn simulate_signal(&self, number: i32) {
        if !self.is_first() {
            // The first interpreter alone hears signals; it takes a ring without a number for Ctrl-C.
            return if number == SIGINT {
                self.place.runtime.interrupt_first()
            };
        }
        self.signals.waiting.set(self.signals.waiting.get() | bit(number));
        if self.threads.is_main() {
            self.breaker.raise(BreakerFlags::INTERRUPT);
        } else {
            self.pass_signal();
        }
    }

    /// What has come in.
    fn signals_waiting(&self) -> u64 {
        let come = self.host.signals().map_or(0, |signals| signals.take());
        let all = self.signals.waiting.get() | come;
        self.signals.waiting.set(all);
        all
    }

    /// Whether Ctrl-C means `KeyboardInterrupt`.
    fn interrupt_is_plain(&self) -> bool {
        self.signals.handlers[SIGINT as usize].is_unbound()
    }

    /// `KeyboardInterrupt` if Ctrl-C has come in and means that; other signals wait. For the main thread, the breaker's bit lowered.
    pub(super) fn check_interrupt(&self) -> Res<()> {
        let waiting = self.signals_waiting();
        let plain = self.interrupt_is_plain();
        // A bit that nobody can tell the signal of is Ctrl-C.
        if plain && (waiting == 0 || waiting & bit(SIGINT) != 0) {
            self.signals.waiting.set(waiting & !bit(SIGINT));
            self.signals.handled.fetch_add(1, Ordering::Relaxed);
            if waiting & !bit(SIGINT) != 0 {
                self.breaker.raise(BreakerFlags::INTERRUPT);
            }
            let made = self.new_exception(&self.exc.KeyboardInterrupt, Vec::new());
            return Err(made.map_or_else(|raised| raised, |exception| self.raise_value(exception)));
        }
        if waiting != 0 {
            self.breaker.raise(BreakerFlags::INTERRUPT);
        }
        Ok(())
    }

    /// Calls the functions that are to be told of the signals that have come in, in the main thread. Runs Python; raises what they
    /// raise, `KeyboardInterrupt` where there is none for Ctrl-C, and `TimeLimit` if the time has come.
    pub fn handle_signals(&self) -> Res<()> {
        if self.breaker.asks(BreakerFlags::TIME) {
            self.check_time()?;
        }
        if !self.hears_signals() || !self.breaker.lower(BreakerFlags::INTERRUPT) {
            return Ok(());
        }
        let waiting = self.signals_waiting();
        if waiting == 0 {
            return self.check_interrupt();
        }
        for number in 1..COUNT {
            if self.signals.waiting.get() & bit(number) == 0 {
                continue;
            }
            self.signals.waiting.set(self.signals.waiting.get() & !bit(number));
            let handler = self.signals.handlers[number as usize].clone();
            let result = match () {
                () if handler.is_unbound() && number == SIGINT => {
                    self.signals.waiting.set(self.signals.waiting.get() | bit(SIGINT));
                    self.check_interrupt()
                }
                // A number stands for what the system does, or for nothing.
                () if handler.object().is_none() => Ok(()),
                () => {
                    let frame = self.frame_object(0).unwrap_or_else(|raised| {
                        drop(self.take_raised(raised));
                        Value::NONE
                    });
                    self.call(&handler, &[Value::small(number.into()), frame]).map(drop)
                }
            };
            self.signals.handled.fetch_add(1, Ordering::Relaxed);
            if result.is_err() {
                // The others are not forgotten.
                if self.signals.waiting.get() != 0 {
                    self.breaker.raise(BreakerFlags::INTERRUPT);
                }
                return result;
            }
        }
        Ok(())
    }
}
