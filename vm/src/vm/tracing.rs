//! What trace functions, profile functions and the tools of `sys.monitoring` have asked for.
//!
//! While nobody asks for anything, nothing is looked at. Once somebody does, functions are entered in their traced form
//! (`running/mod.rs`), in which a unit stands before each instruction; these units, calls and unwinding tell of what happens
//! (`ops/tracing.rs`). Calls see the breaker raised, so that none goes a fast way.

use std::cell::Cell;

use super::breaker::BreakerFlags;
use crate::running::RunCode;
use crate::value::Value;
use crate::vm::Vm;

/// How many tools there may be.
pub const TOOLS: usize = 6;
/// How many events a tool can ask for.
pub const EVENTS: usize = 18;

macro_rules! events {
    ($($name:ident = $number:literal, $shown:literal;)*) => {
        /// The numbers of the events, in CPython's order.
        #[allow(missing_docs, reason = "each is the event of its name")]
        pub mod event {
            $(pub const $name: usize = $number;)*
        }
        /// Their names.
        pub const NAMES: [&str; EVENTS] = [$($shown),*];
    };
}
events! {
    PY_START = 0, "PY_START";
    PY_RESUME = 1, "PY_RESUME";
    PY_RETURN = 2, "PY_RETURN";
    PY_YIELD = 3, "PY_YIELD";
    CALL = 4, "CALL";
    LINE = 5, "LINE";
    INSTRUCTION = 6, "INSTRUCTION";
    JUMP = 7, "JUMP";
    BRANCH_LEFT = 8, "BRANCH_LEFT";
    BRANCH_RIGHT = 9, "BRANCH_RIGHT";
    STOP_ITERATION = 10, "STOP_ITERATION";
    RAISE = 11, "RAISE";
    EXCEPTION_HANDLED = 12, "EXCEPTION_HANDLED";
    PY_UNWIND = 13, "PY_UNWIND";
    PY_THROW = 14, "PY_THROW";
    RERAISE = 15, "RERAISE";
    C_RETURN = 16, "C_RETURN";
    C_RAISE = 17, "C_RAISE";
}

/// The events that belong to a place in a code, and can be asked for there and be disabled.
pub const LOCAL: u32 = (1 << (event::STOP_ITERATION + 1)) - 1;
/// Those that only come with calls.
pub const OF_CALLS: u32 = 1 << event::C_RETURN | 1 << event::C_RAISE;
/// Both ways of a branch in one.
pub const BRANCH: u32 = 1 << 18;

/// A tool of `sys.monitoring`.
pub struct Tool {
    /// Its name, or empty if the number is free.
    pub name: Value,
    /// What it asks for everywhere.
    pub events: Cell<u32>,
    /// How often it was cleared.
    pub generation: Cell<u32>,
    /// What it wants called, or empty.
    pub callbacks: [Value; EVENTS],
}

/// See the module's page.
pub struct Tracing {
    on: Cell<bool>,
    /// The tools, by their numbers.
    pub tools: [Tool; TOOLS],
    /// Whether some tool has asked for events of some code alone.
    pub local: Cell<bool>,
    /// How often disabled places were put back.
    pub restarts: Cell<u32>,
    /// `sys.monitoring.DISABLE`
    pub disable: Value,
    /// `sys.monitoring.MISSING`
    pub missing: Value,
}

impl Default for Tracing {
    fn default() -> Tracing {
        let tool = || Tool {
            name: Value::UNBOUND,
            events: Cell::new(0),
            generation: Cell::new(0),
            callbacks: [const { Value::UNBOUND }; EVENTS],
        };
        Tracing {
            on: Cell::new(false),
            tools: std::array::from_fn(|_| tool()),
            local: Cell::new(false),
            restarts: Cell::new(0),
            disable: Value::UNBOUND,
            missing: Value::UNBOUND,
        }
    }
}

impl Tracing {
    /// Whether somebody asks for something.
    #[inline]
    pub fn is_on(&self) -> bool {
        self.on.get()
    }
    /// What all tools together ask for everywhere.
    pub fn global_events(&self) -> u32 {
        self.tools.iter().fold(0, |all, tool| all | tool.events.get())
    }
    /// Visits what it holds.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        for tool in &self.tools {
            visit(&tool.name);
            tool.callbacks.iter().for_each(&mut *visit);
        }
        visit(&self.disable);
        visit(&self.missing);
    }
}

impl Vm {
    /// Where a function's traced form begins; the plain one's beginning if there is no memory for another, or a limit counts.
    pub fn traced_entry(&self, run: &RunCode) -> *mut u64 {
        if self.meter.is_on() {
            return run.entry();
        }
        match run.object().ensure_traced(self) {
            Ok(traced) => traced.entry(),
            Err(raised) => {
                drop(self.take_raised(raised));
                run.entry()
            }
        }
    }
    /// Somebody asks for something else than before.
    pub fn tracing_changed(&self) {
        let mut on = self.tracing.local.get() || self.tracing.global_events() != 0;
        self.each_thread(&mut |_, thread| {
            on |= !thread.trace_function.is_none() || !thread.profile_function.is_none()
        });
        self.tracing.on.set(on);
        if on {
            self.breaker.raise(BreakerFlags::TRACE);
        }
    }
}
