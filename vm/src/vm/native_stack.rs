//! The native stack of a thread: how far it may reach, and who pays for it.
//!
//! Whoever may recurse asks [`Vm::check_stack`] first. With a cap on memory the stack is paid for as it is used: its thread looks
//! ahead, and charges the heap for a step more before it gets there. What is paid for and far from being used goes back to the system
//! and to the heap when the heap runs short, and before the thread waits.
//!
//! ```text
//! limit <= paid <= free      paid: 0 where there is no cap
//! charged to the heap: free - paid
//! ```

use std::cell::Cell;

use super::{Vm, stack_pointer};
use crate::object::slots::Enough;
use crate::raised::{Raised, Res};

/// What is paid for at once, in bytes, and what stays paid for below the place where a stack is used.
const STEP: usize = 256 << 10;
/// What is paid for ahead, for what recurses without asking, or not at each step.
const AHEAD: usize = 32 << 10;
/// What raising takes where the stack is used up.
const SPARE: usize = 256 << 10;

/// How far the native stack of a thread may reach.
#[derive(Default)]
pub struct NativeStack {
    /// The lowest address.
    limit: Cell<usize>,
    /// Below which address a call looks closer: below every one where calls are paid for.
    watch: Cell<usize>,
    /// Down to which address it is paid for; 0 if nobody asks.
    paid: Cell<usize>,
    /// Down to which address it came with the thread.
    free: Cell<usize>,
}

impl NativeStack {
    /// One that must not reach below an address.
    pub(super) fn new(limit: usize) -> NativeStack {
        let stack = NativeStack::default();
        stack.limit.set(limit);
        stack.watch.set(limit);
        stack
    }
    /// Exchanges everything with the stack of another thread.
    pub(super) fn exchange(&self, other: &NativeStack) {
        let NativeStack { limit, watch, paid, free } = self;
        limit.swap(&other.limit);
        watch.swap(&other.watch);
        paid.swap(&other.paid);
        free.swap(&other.free);
    }
    /// The lowest address.
    pub(super) fn lowest(&self) -> usize {
        self.limit.get()
    }
    /// What of it is charged to the heap, in bytes.
    pub(super) fn charged(&self) -> usize {
        self.free.get() - self.paid.get()
    }
    /// Whether fewer than so many bytes are left, or what is left is not paid for.
    pub(crate) fn is_short(&self, bytes: usize) -> bool {
        stack_pointer()
            < self.limit.get().saturating_add(bytes).max(self.paid.get().saturating_add(AHEAD / 2))
    }
    fn set_watch(&self, always: bool) {
        let ahead = if self.paid.get() == 0 { 0 } else { self.paid.get().saturating_add(AHEAD) };
        self.watch.set(if always { usize::MAX } else { self.limit.get().max(ahead) });
    }
}

impl Vm {
    /// A thread begins, which may go down to `limit`, and has so many bytes of stack for nothing.
    pub(super) fn begin_stack(&self, limit: usize, free: usize) {
        let stack = &self.thread.native;
        let free =
            if self.heap().limit().is_none() { 0 } else { stack_pointer().saturating_sub(free).max(limit) };
        stack.limit.set(limit);
        stack.free.set(free);
        stack.paid.set(free);
        stack.set_watch(self.meter.charges_work());
    }

    /// The thread that runs leaves its stack: nothing of it is charged any more.
    pub(super) fn end_stack(&self) {
        let stack = &self.thread.native;
        self.heap().uncharge(stack.charged());
        stack.paid.set(stack.free.get());
    }

    /// The main thread begins, on a stack whose limit is known.
    pub(super) fn begin_main_stack(&self) {
        self.begin_stack(self.thread.native.limit.get(), STEP);
    }

    /// There is a cap from now on: the thread that runs pays for more of its stack, if it did not before. (Others pay from their start
    /// on.)
    pub(crate) fn pay_for_stack_from_here(&self) {
        let stack = &self.thread.native;
        if stack.paid.get() == 0 && self.heap().limit().is_some() {
            self.begin_stack(stack.limit.get(), STEP);
        }
    }

    /// Fails if the native stack is nearly used up, `RecursionError`, or if the heap refuses more of it, `MemoryError`. Where there is a
    /// limit of instructions, calls are paid for here. Runs no Python; raises as [`Vm::work`], too.
    #[inline]
    pub fn check_stack(&self) -> Res<()> {
        if stack_pointer() < self.thread.native.watch.get() { self.check_call() } else { Ok(()) }
    }

    /// The same where nothing is raised, nor paid for: there is enough, or [`Vm::check_stack`] is to say what that means.
    #[inline(always)]
    pub fn enough_stack(&self) -> Option<Enough> {
        (stack_pointer() >= self.thread.native.watch.get()).then_some(Enough(()))
    }

    #[cold]
    #[inline(never)]
    fn check_call(&self) -> Res<()> {
        let (stack, here) = (&self.thread.native, stack_pointer());
        if here < stack.limit.get() {
            return Err(self.beyond_stack(|| self.recursion_error("maximum recursion depth exceeded")));
        }
        if here < stack.paid.get().saturating_add(AHEAD) && !self.pay_for_stack(here) {
            return Err(self.beyond_stack(|| self.no_memory()));
        }
        if self.meter.charges_work() { self.pay_for_call() } else { Ok(()) }
    }

    /// Raising needs some stack itself: the limit gives way for the moment.
    fn beyond_stack(&self, raise: impl FnOnce() -> Raised) -> Raised {
        let stack = &self.thread.native;
        let (limit, watch, paid) = (stack.limit.get(), stack.watch.get(), stack.paid.get());
        stack.limit.set(limit.saturating_sub(SPARE));
        stack.paid.set(0);
        stack.set_watch(watch == usize::MAX);
        let raised = raise();
        stack.limit.set(limit);
        stack.paid.set(paid);
        stack.watch.set(watch);
        raised
    }

    /// Charges the heap for some more of the stack; whether it grants that.
    fn pay_for_stack(&self, here: usize) -> bool {
        let stack = &self.thread.native;
        let paid = stack.paid.get();
        let step = here.saturating_sub(STEP).max(stack.limit.get());
        if step < paid {
            if !self.heap().charge(paid - step) {
                return false;
            }
            // Charging may have given back what was paid for.
            stack.paid.set(stack.paid.get() - (paid - step));
            stack.set_watch(self.meter.charges_work());
        }
        true
    }

    /// Gives what the thread that runs has paid for and does not use back to the system; how many charged bytes that were.
    pub(crate) fn reclaim_stack(&self) -> usize {
        let stack = &self.thread.native;
        let (paid, keep) = (stack.paid.get(), stack_pointer().saturating_sub(STEP).min(stack.free.get()));
        if paid == 0 || paid.saturating_add(STEP) > keep || !self.host.discard_stack(STEP / 2) {
            return 0;
        }
        stack.paid.set(keep);
        stack.set_watch(self.meter.charges_work());
        keep - paid
    }

    /// The thread that runs is about to wait: others may want the memory.
    #[inline]
    pub(super) fn settle_stack(&self) {
        if self.thread.native.paid.get() != self.thread.native.free.get() {
            let bytes = self.reclaim_stack();
            self.heap().uncharge(bytes);
        }
    }
}
