//! Whose turn it is: one thread at a time works with a connection, and may come back to it from a callback.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{ThreadId, current};

/// A lock that the thread which has it may take again.
#[derive(Default)]
pub(crate) struct Turn {
    state: Mutex<State>,
    over: Condvar,
}

#[derive(Default)]
struct State {
    owner: Option<ThreadId>,
    depth: u32,
}

impl Turn {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is locked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Waits for the turn and takes it.
    pub(crate) fn take(&self) {
        let me = current().id();
        let mut state = self.state();
        while state.owner.is_some_and(|owner| owner != me) {
            state = self.over.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.owner = Some(me);
        state.depth += 1;
    }
    /// Takes it if no other thread has it; whether it has.
    pub(crate) fn try_take(&self) -> bool {
        let me = current().id();
        let mut state = self.state();
        if state.owner.is_some_and(|owner| owner != me) {
            return false;
        }
        state.owner = Some(me);
        state.depth += 1;
        true
    }
    /// How often the thread that has it took it.
    pub(crate) fn depth(&self) -> u32 {
        self.state().depth
    }
    /// Gives it back, once for each time that it was taken.
    pub(crate) fn give(&self) {
        let mut state = self.state();
        state.depth -= 1;
        if state.depth == 0 {
            state.owner = None;
            self.over.notify_one();
        }
    }
}
