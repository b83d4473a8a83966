//! A limit of time: the moment at which what runs is to end.
//!
//! Whoever sets a deadline has somebody else look at the clock, who rings an [`Alarm`] when it has come, again and again as long as it
//! stands; the loop then sees [`BreakerFlags::TIME`] and looks itself. The first time `ryokan.TimeLimit` can be caught, to tidy up; what
//! still runs when the grace is over is ended by one that nothing catches.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Vm;
use super::breaker::BreakerFlags;
use super::runtime::Runtime;
use crate::raised::{Raised, Res};
use crate::value::Value;

/// How long a script may go on after the first `TimeLimit`.
pub const GRACE: Duration = Duration::from_millis(200);

/// The state of a limit of time.
#[derive(Default)]
pub struct Deadline {
    at: Cell<Option<Instant>>,
    /// The moment that was set, which `at` may be later than.
    set: Cell<Option<Instant>>,
    /// Whether the limit was met, and the grace has begun.
    met: Cell<bool>,
    /// `ryokan.TimeLimit`, once it is wanted.
    class: Value,
}

impl Deadline {
    /// Visits what it holds.
    pub(crate) fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.class);
    }
    /// Whether there is one.
    pub(crate) fn is_set(&self) -> bool {
        self.at.get().is_some()
    }
}

/// Tells a Vm, and those that its scripts have made, that their time has come. It may be rung on any thread, and after the Vm's end.
#[derive(Clone)]
pub struct Alarm(Arc<Runtime>);

impl Alarm {
    /// Rings.
    pub fn ring(&self) {
        self.0.ring();
    }
}

impl Vm {
    /// What rings when the time has come.
    pub fn alarm(&self) -> Alarm {
        Alarm(self.place.runtime.clone())
    }
    /// Sets the moment at which what runs is to end, or none: here, and in the interpreters that it works in.
    pub fn set_deadline(&self, at: Option<Instant>) {
        self.place.runtime.set_deadline(at);
        self.begin_deadline(at);
    }
    /// The same for this one alone, if it has another.
    pub(super) fn take_deadline(&self, at: Option<Instant>) {
        if self.deadline.set.get() != at {
            self.begin_deadline(at);
        }
    }
    fn begin_deadline(&self, at: Option<Instant>) {
        self.deadline.at.set(at);
        self.deadline.set.set(at);
        self.deadline.met.set(false);
        self.meter.set_out_of_time(false);
        self.breaker.lower(BreakerFlags::TIME);
    }
    /// The alarm was rung: `ryokan.TimeLimit` if the time has come.
    #[cold]
    #[inline(never)]
    pub(crate) fn check_time(&self) -> Res<()> {
        if !self.breaker.lower(BreakerFlags::TIME)
            || self.deadline.at.get().is_none_or(|at| Instant::now() < at)
        {
            return Ok(());
        }
        Err(self.out_of_time())
    }
    fn out_of_time(&self) -> Raised {
        if self.deadline.met.replace(true) {
            self.meter.set_out_of_time(true);
        } else {
            self.deadline.at.set(Instant::now().checked_add(GRACE));
        }
        let made = self.time_limit_class().and_then(|class| {
            self.exception_of(&class, self.str("the time that this run was given is over")?)
        });
        match made {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }
    /// `ryokan.TimeLimit`, made at first use. Runs no Python; `MemoryError`.
    pub fn time_limit_class(&self) -> Res {
        if self.deadline.class.is_unbound() {
            let doc = "The time that this run was given is over.";
            let class = self.new_exception_class("ryokan", "TimeLimit", &self.exc.BaseException, doc)?;
            self.deadline.class.set(class);
        }
        Ok(self.deadline.class.clone())
    }
}
