//! Who looks at the clock for an interpreter whose calls have a limit of time.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ryokan_vm::vm::deadline::Alarm;

/// How often the alarm rings when the time has come, until somebody stops it.
const AGAIN: Duration = Duration::from_millis(10);

/// A thread that rings an alarm when the time has come.
pub struct Watch {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    until: Option<Instant>,
    ended: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is locked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn watch(&self, alarm: &Alarm) {
        let mut state = self.state();
        while !state.ended {
            let Some(until) = state.until else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let mut left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                alarm.ring();
                left = AGAIN;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Watch {
    /// Starts the thread; `None` if the system gives none.
    pub fn start(alarm: Alarm) -> Option<Watch> {
        let shared: Arc<Shared> = Arc::default();
        let watched = shared.clone();
        let watch = move || {
            crate::signal::leave_to_others();
            watched.watch(&alarm);
        };
        let thread = std::thread::Builder::new().name("ryokan-watch".into()).spawn(watch).ok()?;
        Some(Watch { shared, thread: Some(thread) })
    }
    /// Sets the moment, or none.
    pub fn set(&self, until: Option<Instant>) {
        self.shared.state().until = until;
        self.shared.changed.notify_one();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It has nothing to say.
            let _ = thread.join();
        }
    }
}
