//! What belongs to a thread of Python, and not to its interpreter.
//!
//! The running thread's part is a field of its [`Vm`](super::Vm), where handlers find it without a detour; how it gets there is told
//! in `threads.rs`.

use std::cell::{Cell, RefCell};

use ryokan_bytecode::InstrIndex;

use super::native_stack::NativeStack;
use crate::object::underway::Underway;
use crate::profile::FrameNode;
use crate::stack::{Frame, Stacks};
use crate::value::Value;

/// The state of one thread.
pub struct ThreadState {
    /// Registers and frames.
    pub stacks: Stacks,
    /// The exception on its way; see `Raised`.
    pub raised: Value,
    /// Whether the exception on its way is raised again: it gets no new entry in its traceback for this frame.
    pub reraising: Cell<bool>,
    /// The instruction that the next traceback entry names, if it is not the frame's position.
    pub error_instr: Cell<InstrIndex>,
    /// The exception being handled, or None.
    pub handled: Value,
    /// How far the native stack may reach.
    pub(crate) native: NativeStack,
    /// Objects whose repr is under way.
    pub repr_active: RefCell<Underway>,
    /// How many finalizers are under way.
    pub(crate) finalizers: Cell<u32>,
    /// How many deaths are under way in each other, while another thread runs.
    pub(super) release_depth: Cell<u32>,
    /// See `profile.rs`.
    pub(crate) profile_path: RefCell<Vec<FrameNode>>,
    /// `sys.set_asyncgen_hooks`: what is told of new asynchronous generators, and what ends them.
    pub async_hooks: [Value; 2],
    /// The context of `contextvars` that it is in, or None.
    pub context: Value,
    /// `sys.settrace`, or None.
    pub trace_function: Value,
    /// `sys.setprofile`, or None.
    pub profile_function: Value,
    /// How many trace functions are under way: nothing is told to them of what they do.
    pub in_event: Cell<u32>,
    /// What each frame, by its depth, did last, as far as it was traced.
    pub last_traced: RefCell<Vec<LastTraced>>,
    /// The frame whose trace function is told of a line at the moment, or null.
    pub at_line: Cell<*const Frame>,
    /// The frame of whose entry it is told, or null.
    pub at_call: Cell<*const Frame>,
    /// Where the frame at a line is to go on instead, or [`InstrIndex::NONE`].
    pub jump_to: Cell<InstrIndex>,
    /// `sys.set_coroutine_origin_tracking_depth`
    pub origin_depth: Cell<u32>,
}

/// What a frame did last.
#[derive(Clone, Copy, Default)]
pub struct LastTraced {
    /// The instruction.
    pub instr: InstrIndex,
    /// The last line that it was at; 0 at the beginning.
    pub line: u32,
}

impl ThreadState {
    /// The state of a thread at rest, whose native stack must not reach below `native_limit`.
    pub(super) fn new(stacks: Stacks, native_limit: usize) -> ThreadState {
        ThreadState {
            stacks,
            raised: Value::UNBOUND,
            reraising: Cell::new(false),
            error_instr: Cell::new(InstrIndex::NONE),
            handled: Value::NONE,
            native: NativeStack::new(native_limit),
            repr_active: RefCell::default(),
            finalizers: Cell::new(0),
            release_depth: Cell::new(0),
            profile_path: RefCell::default(),
            async_hooks: [Value::NONE, Value::NONE],
            context: Value::NONE,
            trace_function: Value::NONE,
            profile_function: Value::NONE,
            in_event: Cell::new(0),
            last_traced: RefCell::default(),
            at_line: Cell::new(std::ptr::null()),
            at_call: Cell::new(std::ptr::null()),
            jump_to: Cell::new(InstrIndex::NONE),
            origin_depth: Cell::new(0),
        }
    }

    /// Exchanges everything with the state of another thread.
    pub(super) fn exchange(&self, other: &ThreadState) {
        // Named one by one: a new field is not forgotten.
        let ThreadState {
            stacks,
            raised,
            reraising,
            error_instr,
            handled,
            native,
            repr_active,
            finalizers,
            release_depth,
            profile_path,
            async_hooks: [hook, other_hook],
            context,
            trace_function,
            profile_function,
            in_event,
            last_traced,
            at_line,
            at_call,
            jump_to,
            origin_depth,
        } = self;
        stacks.exchange(&other.stacks);
        reraising.swap(&other.reraising);
        error_instr.swap(&other.error_instr);
        native.exchange(&other.native);
        repr_active.swap(&other.repr_active);
        finalizers.swap(&other.finalizers);
        release_depth.swap(&other.release_depth);
        profile_path.swap(&other.profile_path);
        in_event.swap(&other.in_event);
        last_traced.swap(&other.last_traced);
        at_line.swap(&other.at_line);
        at_call.swap(&other.at_call);
        jump_to.swap(&other.jump_to);
        origin_depth.swap(&other.origin_depth);
        let [first, second] = &other.async_hooks;
        for (mine, theirs) in [
            (raised, &other.raised),
            (handled, &other.handled),
            (hook, first),
            (other_hook, second),
            (context, &other.context),
            (trace_function, &other.trace_function),
            (profile_function, &other.profile_function),
        ] {
            mine.set(theirs.replace(mine.take()));
        }
    }

    /// Visits what the thread holds.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.stacks.trace(visit);
        [&self.raised, &self.handled, &self.context, &self.trace_function, &self.profile_function]
            .into_iter()
            .chain(&self.async_hooks)
            .for_each(visit);
    }
}
