//! A clock of a program's own, which is the same in each run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A clock that goes on by a step when it is asked.
#[derive(Clone, Default)]
pub(crate) struct OwnClock(Arc<AtomicU64>);

impl OwnClock {
    /// The first moment of 2026.
    pub(crate) const BEGIN: Duration = Duration::from_secs(1_767_225_600);
    const STEP: Duration = Duration::from_micros(10);

    /// Lets time pass; what it is then.
    pub(crate) fn pass(&self, time: Duration) -> Duration {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let after = |before: u64| before.saturating_add(nanos);
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| Some(after(now)));
        Duration::from_nanos(before.map_or(u64::MAX, after))
    }
    /// What time it is; some passes by it.
    pub(crate) fn ask(&self) -> Duration {
        self.pass(OwnClock::STEP)
    }
}
