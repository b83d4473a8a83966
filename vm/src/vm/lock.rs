//! The lock of an interpreter: who holds it runs, all others wait.
//!
//! Who waits stands in a queue, and who lets go hands the lock to the first of it, so that nobody is overtaken. The first in the
//! queue looks at the clock: when the switch interval is over it raises [`BreakerFlags::SWITCH`], again after each further interval.
//!
//! ```text
//!   held == somebody runs, or has been handed the lock and is about to
//!   the queue is empty, or held
//! ```
//!
//! When the interpreter ends the lock is *closed*: from then on only its main thread gets it. Any other that wants it stops there for
//! ever, as CPython's daemon threads do, and touches nothing of the interpreter again. Once it is *abandoned* nobody gets it, and who
//! holds it stops where it would give it away: the interpreter stays as it is.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::breaker::{BreakerFlags, Hand};

/// `sys.getswitchinterval()` of a new interpreter, in nanoseconds.
const INTERVAL_NS: u64 = 5_000_000;

/// See the module's page. Each thread keeps it alive for itself: it outlives its Vm.
pub struct Lock {
    state: Mutex<State>,
    interval_ns: AtomicU64,
    /// A signal for the main thread has come in while another one ran.
    interrupted: AtomicBool,
}

#[derive(Default)]
struct State {
    held: bool,
    closed: bool,
    abandoned: bool,
    queue: VecDeque<Arc<Turn>>,
    /// The Vm's breaker, until the lock is closed.
    breaker: Option<Hand>,
}

/// A place in the queue.
#[derive(Default)]
struct Turn {
    come: Condvar,
    /// Written while the state is locked.
    given: AtomicBool,
}

impl Lock {
    /// The lock of a Vm that is being made, held by the thread that makes it.
    pub(super) fn new() -> Arc<Lock> {
        Arc::new(Lock {
            state: Mutex::new(State { held: true, ..State::default() }),
            interval_ns: AtomicU64::new(INTERVAL_NS),
            interrupted: AtomicBool::new(false),
        })
    }
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is locked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Says whom to ask for the lock, until it is closed.
    pub(super) fn ask_at(&self, breaker: Hand) {
        self.state().breaker = Some(breaker);
    }
    /// How long a thread may run while another waits.
    pub fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval_ns.load(Ordering::Relaxed))
    }
    /// Sets that. It holds for who begins to wait.
    pub fn set_interval(&self, interval: Duration) {
        let nanos = u64::try_from(interval.as_nanos()).unwrap_or(u64::MAX);
        self.interval_ns.store(nanos.max(1), Ordering::Relaxed);
    }
    /// Waits for the lock. Does not return once it is closed, but to the thread that closed it.
    pub(super) fn acquire(&self, main: bool) {
        let mut state = self.state();
        if state.is_closed_to(main) {
            drop(state);
            stop();
        }
        if !state.held {
            state.held = true;
            return;
        }
        if !self.queue_up(state) {
            stop();
        }
    }
    /// Waits for the lock as [`Lock::acquire`] does, for who is no thread of the interpreter. Whether he has it: not if it is closed.
    pub(super) fn acquire_open(&self) -> bool {
        let mut state = self.state();
        if state.closed || !state.held {
            state.held |= !state.closed;
            return !state.closed;
        }
        self.queue_up(state)
    }
    fn queue_up(&self, mut state: MutexGuard<'_, State>) -> bool {
        let turn = Arc::new(Turn::default());
        state.queue.push_back(turn.clone());
        self.wait(state, &turn)
    }
    /// Lets the first in the queue run, if anybody waits, and waits for the next turn.
    pub(super) fn give_way(&self) {
        let mut state = self.state();
        if state.abandoned {
            drop(state);
            stop();
        }
        if state.queue.is_empty() {
            return;
        }
        let turn = Arc::new(Turn::default());
        state.queue.push_back(turn.clone());
        state.hand_over();
        if !self.wait(state, &turn) {
            stop();
        }
    }
    /// Waits for a turn; whether it has come: not if the lock was closed.
    fn wait(&self, mut state: MutexGuard<'_, State>, turn: &Arc<Turn>) -> bool {
        while !turn.given.load(Ordering::Relaxed) {
            if state.closed {
                return false;
            }
            if !state.queue.front().is_some_and(|first| Arc::ptr_eq(first, turn)) {
                state = turn.come.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let waited = turn.come.wait_timeout(state, self.interval());
            let (again, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = again;
            if timeout.timed_out() && !turn.given.load(Ordering::Relaxed) {
                state.ask();
            }
        }
        true
    }
    /// Lets go: the first in the queue has it now.
    pub(super) fn release(&self) {
        self.state().hand_over();
    }
    /// Gives back what [`Lock::acquire_open`] gave, unless the lock was closed meanwhile.
    pub(super) fn release_open(&self) {
        let mut state = self.state();
        if !state.closed {
            state.hand_over();
        }
    }
    /// Asks for these at the Vm's breaker, if that is still there.
    pub(super) fn raise(&self, flags: BreakerFlags) {
        self.state().raise(flags);
    }
    /// Whether one of these is asked for at the Vm's breaker, for who is not the thread that runs; not if it is there no more.
    pub(super) fn shows(&self, flags: BreakerFlags) -> bool {
        self.state().breaker.as_ref().is_some_and(|breaker| breaker.shows(flags))
    }
    /// Nobody gets the lock any more, and who holds it stops soon. The interpreter is never freed.
    pub(super) fn abandon(&self) {
        let mut state = self.state();
        state.closed = true;
        state.abandoned = true;
        state.ask();
        for turn in state.queue.drain(..) {
            turn.come.notify_one();
        }
    }
    /// A signal came in while another thread than the main one ran.
    pub(super) fn note_interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }
    /// Whether one did.
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
    /// Whether one did; the main thread takes it.
    pub(super) fn take_interrupt(&self) -> bool {
        self.interrupted.swap(false, Ordering::Relaxed)
    }
    /// Does `work` while nobody else touches the lock, and then forgets all who wait for it, if that says that they are gone: they are
    /// threads of another process. Its caller holds the lock.
    pub(super) fn alone<T>(&self, work: impl FnOnce() -> (T, bool)) -> T {
        let mut state = self.state();
        let (done, gone) = work();
        if gone {
            // They wait in that process: what they wait for is not told that nobody does any more.
            std::mem::forget(std::mem::take(&mut state.queue));
        }
        done
    }
    /// The main thread, which holds it, ends the interpreter: nobody else gets it any more.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.breaker = None;
        for turn in state.queue.drain(..) {
            turn.come.notify_one();
        }
    }
}

impl State {
    /// Whether a thread that asks for the lock is to stop.
    fn is_closed_to(&self, main: bool) -> bool {
        self.closed && (!main || self.abandoned)
    }
    /// Gives the lock to the first in the queue; the next one begins to look at the clock.
    fn hand_over(&mut self) {
        let Some(next) = self.queue.pop_front() else {
            self.held = false;
            return;
        };
        next.given.store(true, Ordering::Relaxed);
        next.come.notify_one();
        if let Some(first) = self.queue.front() {
            first.come.notify_one();
        }
    }
    /// Asks whoever runs to give way.
    fn ask(&self) {
        self.raise(BreakerFlags::SWITCH);
    }
    fn raise(&self, flags: BreakerFlags) {
        if let Some(breaker) = &self.breaker {
            breaker.raise(flags);
        }
    }
}

/// The interpreter is gone, or going: what this thread has of it must not even be dropped.
fn stop() -> ! {
    loop {
        std::thread::park();
    }
}
