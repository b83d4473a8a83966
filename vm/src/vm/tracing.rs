//! What trace functions, profile functions and the tools of `sys.monitoring` have asked for.
//!
//! While nobody asks for anything, nothing is looked at. Once somebody does, functions are entered in their traced form
//! (`running/mod.rs`), in which a unit stands before each instruction; these units, calls and unwinding tell of what happens
//! (`ops/tracing.rs`). Calls see the breaker raised, so that none goes a fast way.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::breaker::BreakerFlags;
use crate::running::RunCode;
use crate::value::Value;
use crate::vm::Vm;

/// How many tools there may be.
pub const TOOLS: usize = 6;
/// How many events a tool can ask for.
pub const EVENTS: usize = 18;

macro_rules! events {
    ($($event:ident $name:ident;)*) => {
        /// What a tool can be told of, in CPython's order.
        #[allow(missing_docs, reason = "each is the event of its name")]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        #[repr(u8)]
        pub enum Event {
            $($event),*
        }

        impl Event {
            /// All of them.
            pub const ALL: [Event; EVENTS] = [$(Event::$event),*];

            /// Its name in `sys.monitoring`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Event::$event => stringify!($name)),*
                }
            }
        }

        bitflags::bitflags! {
            /// Events that a tool asks for.
            #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
            pub struct Events: u32 {
                $(#[allow(missing_docs, reason = "each is the event of its name")]
                const $name = 1 << Event::$event as u32;)*
                /// Both ways of a branch in one.
                const BRANCH = 1 << EVENTS;
                /// Those that only come with calls.
                const OF_CALLS = Events::C_RETURN.bits() | Events::C_RAISE.bits();
                /// Those that calls tell of when they begin and end.
                const AT_CALLS = Events::CALL.bits() | Events::OF_CALLS.bits();
                /// The events that belong to a place in a code, and can be asked for there and be disabled.
                const LOCAL = (Events::STOP_ITERATION.bits() << 1) - 1;
            }
        }
    };
}
events! {
    PyStart PY_START;
    PyResume PY_RESUME;
    PyReturn PY_RETURN;
    PyYield PY_YIELD;
    Call CALL;
    Line LINE;
    Instruction INSTRUCTION;
    Jump JUMP;
    BranchLeft BRANCH_LEFT;
    BranchRight BRANCH_RIGHT;
    StopIteration STOP_ITERATION;
    Raise RAISE;
    ExceptionHandled EXCEPTION_HANDLED;
    PyUnwind PY_UNWIND;
    PyThrow PY_THROW;
    Reraise RERAISE;
    CReturn C_RETURN;
    CRaise C_RAISE;
}

impl Event {
    /// Whether it tells of where control is, or goes.
    pub const fn is_of_place(self) -> bool {
        let branches = matches!(self, Event::BranchLeft | Event::BranchRight);
        branches || matches!(self, Event::Line | Event::Instruction | Event::Jump)
    }
    /// The set of this one.
    pub const fn alone(self) -> Events {
        Events::from_bits_retain(1 << self as u32)
    }
}

impl Events {
    /// The events of a set, both ways of a branch as two.
    pub fn each(self) -> impl Iterator<Item = Event> {
        let all = self.with_ways();
        Event::ALL.into_iter().filter(move |event| all.contains(event.alone()))
    }
    /// Both ways of a branch as two.
    pub fn with_ways(self) -> Events {
        if !self.contains(Events::BRANCH) {
            return self;
        }
        (self - Events::BRANCH) | Events::BRANCH_LEFT | Events::BRANCH_RIGHT
    }
}

/// A tool of `sys.monitoring`.
pub struct Tool {
    /// Its name, or empty if the number is free.
    pub name: Value,
    /// What it asks for everywhere.
    pub events: Cell<Events>,
    /// How often it was cleared.
    pub generation: Cell<u32>,
    /// What it wants called, or empty.
    pub callbacks: [Value; EVENTS],
}

/// Who watches a run from Rust: is told of lines where trace functions would be. It looks, and neither runs Python nor makes objects.
pub trait Watcher {
    /// A line begins in the top frame.
    fn line(&self, vm: &Vm, line: u32);
    /// An exception came up in it.
    fn raised(&self, vm: &Vm, exception: &Value);
}

/// See the module's page.
pub struct Tracing {
    on: Cell<bool>,
    /// Who watches from Rust, if anybody does.
    pub watcher: RefCell<Option<Rc<dyn Watcher>>>,
    /// How many instructions more may begin, where somebody has said so: see [`Vm::limit_steps`].
    pub steps: Cell<Option<u64>>,
    /// The tools, by their numbers.
    pub tools: [Tool; TOOLS],
    /// Whether some tool has asked for events of some code alone.
    pub local: Cell<bool>,
    /// What `sys.audit` calls.
    pub audit_hooks: RefCell<Vec<Value>>,
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
            events: Cell::default(),
            generation: Cell::new(0),
            callbacks: [const { Value::UNBOUND }; EVENTS],
        };
        Tracing {
            on: Cell::new(false),
            watcher: RefCell::default(),
            steps: Cell::new(None),
            tools: std::array::from_fn(|_| tool()),
            local: Cell::new(false),
            audit_hooks: RefCell::default(),
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
    pub fn global_events(&self) -> Events {
        self.tools.iter().fold(Events::empty(), |all, tool| all | tool.events.get())
    }
    /// Visits what it holds.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        for tool in &self.tools {
            visit(&tool.name);
            tool.callbacks.iter().for_each(&mut *visit);
        }
        self.audit_hooks.borrow().iter().for_each(&mut *visit);
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
    /// Lets so many instructions more begin, in whatever thread: then `ryokan.InstructionLimit` is raised, once. Nothing lifts that; so does
    /// what is raised. Gives what was left. (What trace functions do does not count.)
    pub fn limit_steps(&self, most: Option<u64>) -> Option<u64> {
        let before = self.tracing.steps.replace(most);
        self.tracing_changed();
        self.trace_frames();
        before
    }
    /// Somebody watches from now on, or nobody.
    pub fn watch(&self, watcher: Option<Rc<dyn Watcher>>) {
        *self.tracing.watcher.borrow_mut() = watcher;
        self.tracing_changed();
        self.trace_frames();
    }
    /// Somebody asks for something else than before.
    pub fn tracing_changed(&self) {
        let mut on = self.tracing.local.get() || !self.tracing.global_events().is_empty();
        on |= self.tracing.steps.get().is_some() || self.tracing.watcher.borrow().is_some();
        self.each_thread(&mut |_, thread| {
            on |= !thread.trace_function.is_none() || !thread.profile_function.is_none()
        });
        self.tracing.on.set(on);
        if on {
            self.breaker.raise(BreakerFlags::TRACE);
        }
    }
}
