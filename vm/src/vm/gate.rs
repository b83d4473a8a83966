//! What threads wait for: a gate that is open or shut. It is used without the interpreter's lock and without a Vm.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A gate. A thread that waits keeps it alive for itself: the object that has it may be gone when the thread wakes.
pub struct Gate {
    state: Mutex<State>,
    opened: Condvar,
}

struct State {
    shut: bool,
    /// How many threads wait. The system is not asked to wake any where there is none.
    waiting: usize,
}

impl Gate {
    /// A gate that is open, or shut.
    pub fn new(shut: bool) -> Gate {
        Gate { state: Mutex::new(State { shut, waiting: 0 }), opened: Condvar::new() }
    }
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Whether it is shut.
    pub fn is_shut(&self) -> bool {
        self.state().shut
    }
    /// Shuts it, if it is open: whether it was.
    pub fn shut(&self) -> bool {
        !std::mem::replace(&mut self.state().shut, true)
    }
    /// Opens it, and wakes one that waits; whether it was shut.
    pub fn open(&self) -> bool {
        let mut state = self.state();
        let was = std::mem::replace(&mut state.shut, false);
        if state.waiting > 0 {
            drop(state);
            self.opened.notify_one();
        }
        was
    }
    /// Opens it for all that wait.
    pub fn open_for_all(&self) {
        let mut state = self.state();
        state.shut = false;
        if state.waiting > 0 {
            drop(state);
            self.opened.notify_all();
        }
    }
    /// Waits until it is open, so long at most; whether it is. It is shut then, if `shut` says so.
    pub fn wait(&self, most: Option<Duration>, shut: bool) -> bool {
        let mut state = self.state();
        state.waiting += 1;
        let mut state = match most {
            None => self.opened.wait_while(state, |state| state.shut).unwrap_or_else(PoisonError::into_inner),
            Some(most) => {
                let waited = self.opened.wait_timeout_while(state, most, |state| state.shut);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        state.waiting -= 1;
        let open = !state.shut;
        state.shut |= shut;
        open
    }
}
