//! Fuel: counting the instructions of a run, and ending it at a limit.
//!
//! What counts is the *stack* code, as `--dis` prints it, so the number is the same on every machine and build and says
//! nothing of superinstructions. A metered VM lowers functions with counting units in them; one that is not metered has none
//! and pays nothing.
//!
//! | form | counting units | used |
//! |---|---|---|
//! | costs | one where an edge of the flow graph costs something (`lower/costs.rs`) | until fuel runs low |
//! | steps | one before each instruction | for the last stretch |
//!
//! Charges are paid in advance, so the fuel reaches zero before the limit is reached. Then the run changes over: whatever
//! is prepaid in the frames on the stack is paid back, and each function goes on in its second form, in which the
//! limit is met to the instruction. (Where several run as one, none of them has an effect if the limit lies among them.)
//!
//! At the limit `ryokan.InstructionLimit` is raised, a `BaseException`. `finally` and `with` then have [`GRACE`]
//! instructions to clean up. When these are gone it is raised again, and from then on no handler is entered any more.
//!
//! Whichever thread runs counts, and the limit is all threads' together: who meets it first is raised at, and the others soon after.
//!
//! Native work counts too, as much as it takes instead of instructions: [`Vm::work`] charges it by its size, before or
//! while it is done; work for which there is too little fuel spends what there is. Where there is a limit, each call of a
//! slot counts, a little. Large blocks of memory are the work that all else comes down to, so the heap counts their
//! bytes: a run may take [`BYTES_EACH`] of them for each instruction that it may execute.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use ryokan_bytecode::InstrIndex;

use crate::raised::{Raised, Res};
use crate::running::RunCode;
use crate::running::ops::RunOp;
use crate::stack::Frame;
use crate::value::Value;
use crate::vm::breaker::BreakerFlags;
use crate::vm::{ThreadState, Vm};

mod shared;

pub use shared::Tank;

/// What may still be executed after the limit.
pub const GRACE: i64 = 1000;

/// Bytes of large blocks that one instruction stands for.
pub const BYTES_EACH: u64 = 64;

/// Calls of slots from native code that one instruction stands for.
const CALLS_EACH: u32 = 4;

/// The same after the limit was met.
const GRACE_CALLS: u32 = 16_000;

/// The fuel of a run without a limit.
const ENOUGH: i64 = i64::MAX / 2;

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Count {
    /// Nothing.
    #[default]
    Off,
    /// How many instructions.
    Total,
    /// How often each block of each function, too.
    Blocks,
}

/// The meter of a VM.
pub struct Meter {
    /// What is counted. It does not change after the VM is made.
    pub count: Count,
    limit: Option<u64>,
    /// What may still be charged; below zero, units of the costs form change over to steps.
    pub fuel: Cell<i64>,
    /// What was granted: the limit, and later the grace.
    granted: Cell<i64>,
    /// Whether the last stretch has begun; `steps_left` is then what `fuel` was.
    stepping: Cell<bool>,
    steps_left: Cell<i64>,
    raised: Cell<bool>,
    exhausted: Cell<bool>,
    out_of_time: Cell<bool>,
    /// The limit was met at a unit of the steps form: how many of the instructions from its position on have run (or, below zero,
    /// how many before it have not).
    stopped: Cell<Option<i32>>,
    /// Native work charged, in instructions.
    pub work: Cell<u64>,
    /// Native work that was done where nothing can be raised, and is not charged yet.
    owed: Cell<u64>,
    /// Calls that are not charged yet.
    calls: Cell<u32>,
    /// Whether the program has begun: what is done to be born, and to prepare, is not its work.
    begun: Cell<bool>,
    /// What it shares with other interpreters.
    tank: OnceCell<Arc<Tank>>,
    /// `ryokan.InstructionLimit`, once it is wanted.
    pub(crate) limit_class: Value,
}

impl Meter {
    /// A meter that counts, and stops at a limit.
    pub fn new(count: Count, limit: Option<u64>) -> Meter {
        let count = if limit.is_some() && count == Count::Off { Count::Total } else { count };
        let fuel = limit.map_or(ENOUGH, |n| i64::try_from(n).unwrap_or(ENOUGH).min(ENOUGH));
        Meter {
            count,
            limit,
            fuel: Cell::new(fuel),
            granted: Cell::new(fuel),
            stepping: Cell::new(false),
            steps_left: Cell::new(0),
            raised: Cell::new(false),
            exhausted: Cell::new(false),
            out_of_time: Cell::new(false),
            stopped: Cell::new(None),
            work: Cell::new(0),
            owed: Cell::new(0),
            calls: Cell::new(0),
            begun: Cell::new(false),
            tank: OnceCell::new(),
            limit_class: Value::UNBOUND,
        }
    }
    /// The program begins, with all the fuel that was granted.
    pub fn begin(&self) {
        self.fuel.set(self.granted.get());
        self.work.set(0);
        self.owed.set(0);
        self.calls.set(0);
        self.begun.set(true);
    }
    /// Does something that is not the program's, and has no limit.
    pub fn without_limit<T>(&self, work: impl FnOnce() -> T) -> T {
        let (fuel, granted) = (self.fuel.replace(ENOUGH), self.granted.replace(ENOUGH));
        let result = work();
        self.fuel.set(fuel);
        self.granted.set(granted);
        result
    }
    /// Whether functions are lowered with counting units.
    #[inline(always)]
    pub fn is_on(&self) -> bool {
        self.count != Count::Off
    }
    /// How many bytes of large blocks the run may take.
    pub fn volume_limit(&self) -> u64 {
        self.limit.map_or(u64::MAX, |n| n.saturating_mul(BYTES_EACH).max(1 << 24))
    }
    /// What is not charged yet.
    fn left(&self) -> &Cell<i64> {
        if self.stepping.get() { &self.steps_left } else { &self.fuel }
    }
    /// Nothing catches what is raised from now on, for the time is over; or it may again.
    pub(crate) fn set_out_of_time(&self, over: bool) {
        self.out_of_time.set(over);
    }
    /// Whether native work is taken from the fuel.
    pub fn charges_work(&self) -> bool {
        self.limit.is_some()
    }
    /// Whether nothing may run any more, handlers neither.
    pub fn is_exhausted(&self) -> bool {
        self.exhausted.get() || self.out_of_time.get()
    }
}

/// Work where nothing can be raised and no Vm is at hand: see [`Vm::owe`].
#[cold]
pub fn owe(instructions: u64) {
    crate::vm::with_current(|vm| vm.owe(instructions));
}

/// The same for so many bytes that are passed over once.
#[inline(always)]
pub fn owe_bytes(bytes: usize) {
    if bytes >= 4096 {
        owe(bytes as u64 / BYTES_EACH);
    }
}

/// What is paid for behind the instruction under way in a frame.
fn prepaid_in(frame: &Frame) -> i64 {
    frame.run().paid_behind(frame.pc, frame.run().instr_at(frame.pc))
}

impl Vm {
    /// Instructions executed until now, native work included.
    pub fn instructions(&self) -> u64 {
        let charged = self.meter.granted.get() - self.meter.left().get();
        u64::try_from(charged - self.prepaid()).unwrap_or(0)
    }

    /// What is paid for behind the instructions under way in the frames on the stacks.
    fn prepaid(&self) -> i64 {
        let mut all = 0;
        self.each_thread(&mut |_, thread| {
            let frames = thread.stacks.iter().filter(|frame| !frame.is_boundary());
            all += frames.map(prepaid_in).sum::<i64>();
        });
        all
    }

    /// The last stretch begins: every frame goes on in its second form, and is paid back what it has prepaid. `top` is what
    /// the top frame of the thread that runs has.
    fn begin_stretch(&self, top: i64) {
        let meter = &self.meter;
        let mut left = meter.fuel.get();
        let mut under_way: Vec<*mut u64> = Vec::new();
        let running = self.threads.ident();
        self.each_thread(&mut |ident, thread| {
            let top = (ident == running).then_some(top);
            left += self.translate_stack(thread, top, &mut under_way);
        });
        self.each_thread(&mut |_, thread| {
            for frame in thread.stacks.iter().filter(|frame| !frame.is_boundary()) {
                if frame.run().steps.get().is_some() && !frame.run().retired.get() {
                    frame.run().retire(RunOp::ChangeOver as u16, &under_way);
                }
            }
        });
        self.each_thread(&mut |ident, thread| {
            // What the running thread's top frame has is known.
            let frames = thread.stacks.iter().skip(usize::from(ident == running));
            for frame in frames.filter(|frame| !frame.is_boundary()) {
                if under_way.contains(&frame.pc) {
                    left -= prepaid_in(frame);
                }
            }
        });
        meter.steps_left.set(left);
        meter.stepping.set(true);
        meter.fuel.set(-1);
    }

    /// Lets the frames of a thread go on in their second form; gives what they had prepaid in the first one, and have not in the
    /// second. `top` is what its top frame has, if that is known. Positions that native code holds are added to `under_way`.
    fn translate_stack(&self, thread: &ThreadState, top: Option<i64>, under_way: &mut Vec<*mut u64>) -> i64 {
        let mut paid_back = 0;
        let mut in_loop = false;
        for (depth, frame) in thread.stacks.iter().enumerate() {
            let waits = std::mem::replace(&mut in_loop, !frame.is_boundary() || frame.is_record());
            if frame.is_boundary() {
                continue;
            }
            let run = frame.run();
            let Some(steps) = self.second_form(frame) else { continue };
            paid_back += top.filter(|_| depth == 0).unwrap_or_else(|| prepaid_in(frame));
            if waits {
                let instr = run.instr_at(frame.pc);
                paid_back -= steps.paid_behind(thread.stacks.go_on_in(depth, steps), instr);
            } else {
                // Native code holds the position: the units that it may go on at are changed.
                under_way.push(frame.pc);
            }
        }
        paid_back
    }

    /// The steps form of a frame's code, if it can be made.
    fn second_form<'a>(&self, frame: &'a Frame) -> Option<&'a RunCode> {
        let pending = self.thread.raised.take();
        let steps = frame.run().object().ensure_steps(self).ok();
        // A refusal is no exception of the program's.
        self.thread.raised.set(pending);
        steps
    }

    /// A unit of the costs form found no fuel for its charge, which was taken: goes on in the steps form.
    pub(crate) fn begin_steps(&self, pc: *mut u64, charge: i64) -> Res<*mut u64> {
        let meter = &self.meter;
        let frame = self.thread.stacks.top();
        if !meter.stepping.get() {
            // The charge was taken, whether there was enough for it or not.
            meter.fuel.set(meter.fuel.get() + charge);
            let suffices = meter.refill(charge);
            meter.fuel.set(meter.fuel.get() - charge);
            if suffices {
                return Ok(frame.run().behind_charge(pc));
            }
        }
        let (run, steps) = (frame.run(), frame.run().object().ensure_steps(self)?);
        let rest = i64::from(run.mark(pc).rest);
        if meter.stepping.get() {
            // A function that was not on the stack when the stretch began: nothing is prepaid in it.
            meter.fuel.set(-1);
        } else {
            meter.fuel.set(meter.fuel.get() + charge);
            self.begin_stretch(rest);
        }
        Ok(run.translate(steps, run.behind_charge(pc), false))
    }

    /// A unit of the steps form: `owed` instructions have run before it, and `own` come next as one. Runs no Python; `InstructionLimit`
    /// if there is no fuel for them.
    pub fn step(&self, owed: i64, own: i64) -> Res<()> {
        let meter = &self.meter;
        let left = meter.steps_left.get();
        if left < owed + own {
            // What is owed, and the loads that `own` begins with, show nowhere: the limit is met to the instruction.
            let behind = i64::from(own == 0);
            meter.stopped.set(Some((left.max(0) - owed + behind) as i32));
            meter.steps_left.set(left.min(0));
            return Err(self.out_of_fuel());
        }
        meter.steps_left.set(left - owed - own);
        Ok(())
    }

    /// The limit is met.
    #[cold]
    fn out_of_fuel(&self) -> Raised {
        let meter = &self.meter;
        if meter.raised.replace(true) {
            meter.exhausted.set(true);
        } else {
            meter.granted.set(meter.granted.get() + GRACE);
            meter.steps_left.set(meter.steps_left.get() + GRACE);
            self.heap().set_volume_limit(u64::MAX);
        }
        let limit = meter.limit.unwrap_or_default();
        // At a unit of the steps form nothing is under way in the top frame.
        let top = if meter.stopped.get().is_some() { self.top_fused() } else { 0 };
        let executed = self.instructions() + top;
        let made = self.limit_class().and_then(|class| {
            let message =
                self.display(format_args!("{executed} instructions executed, and the limit is {limit}"))?;
            self.exception_of(&class, message)
        });
        match made {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }

    /// Whether native work is neither paid for nor to be stopped.
    #[inline(always)]
    pub fn works_freely(&self) -> bool {
        !self.meter.is_on() && !self.breaker.asks(BreakerFlags::URGENT)
    }

    /// Charges native work, in instructions; `InstructionLimit` if there is no fuel for it. Nothing where nothing is metered. Runs no
    /// Python; raises as [`Vm::check_signals`], too.
    #[inline(always)]
    pub fn work(&self, amount: u64) -> Res<()> {
        if self.meter.is_on() {
            return self.metered_work(amount);
        }
        if self.breaker.asks(BreakerFlags::URGENT) { self.urgent() } else { Ok(()) }
    }

    /// A signal or an alarm has come in during native work.
    #[cold]
    #[inline(never)]
    fn urgent(&self) -> Res<()> {
        self.check_signals()
    }

    #[cold]
    #[inline(never)]
    fn metered_work(&self, amount: u64) -> Res<()> {
        let meter = &self.meter;
        if !meter.begun.get() {
            return Ok(());
        }
        if self.breaker.asks(BreakerFlags::URGENT) {
            self.check_signals()?;
        }
        let amount = amount.saturating_add(meter.owed.take());
        if meter.limit.is_none() {
            meter.work.set(meter.work.get().saturating_add(amount));
            return Ok(());
        }
        let amount = i64::try_from(amount).unwrap_or(ENOUGH).min(ENOUGH);
        if !meter.stepping.get() && meter.fuel.get() < amount && !meter.refill(amount) {
            self.begin_stretch(self.top_prepaid());
        }
        let left = meter.left();
        if left.get() < amount {
            // The work ends midway: what there was has been spent on it.
            let rest = left.replace(0).max(0);
            meter.work.set(meter.work.get() + rest as u64);
            return Err(self.out_of_fuel());
        }
        meter.work.set(meter.work.get() + amount as u64);
        left.set(left.get() - amount);
        Ok(())
    }

    /// Charges native work where nothing can be raised: what there is no fuel for is left to the next charge.
    #[inline(always)]
    pub fn spend(&self, amount: u64) {
        if amount != 0 && self.meter.is_on() {
            self.metered_spend(amount);
        }
    }

    #[cold]
    #[inline(never)]
    fn metered_spend(&self, amount: u64) {
        let meter = &self.meter;
        if !meter.begun.get() {
            return;
        }
        let mut spent = amount;
        if meter.limit.is_some() {
            let left = meter.left();
            if !meter.stepping.get() && left.get() < i64::try_from(amount).unwrap_or(ENOUGH) {
                meter.refill(i64::try_from(amount).unwrap_or(ENOUGH));
            }
            spent = spent.min(left.get().max(0) as u64);
            left.set(left.get() - spent as i64);
        }
        meter.work.set(meter.work.get().saturating_add(spent));
    }

    /// Work on so many bytes that are passed over once. Runs no Python; raises as [`Vm::work`].
    #[inline]
    pub fn work_on_bytes(&self, bytes: usize) -> Res<()> {
        if bytes < 4096 { Ok(()) } else { self.work(bytes as u64 / BYTES_EACH) }
    }

    /// Charges work where nothing can be raised: it is owed until other work is charged, or the next jump back or call.
    #[cold]
    #[inline(never)]
    pub fn owe(&self, amount: u64) {
        if self.meter.is_on() && amount > 0 {
            self.meter.owed.set(self.meter.owed.get().saturating_add(amount));
            self.breaker.raise(BreakerFlags::OWED);
        }
    }

    /// Charges a call of a slot. Calls are short, but a nested value can be met in 2^60 ways, and a chain of iterators be
    /// thousands long.
    pub(crate) fn pay_for_call(&self) -> Res<()> {
        if self.thread.stacks.iter().next().is_none_or(|frame| frame.is_boundary()) {
            // Start-up: no program runs yet.
            return Ok(());
        }
        let calls = self.meter.calls.get() + 1;
        // Who cleans up, and who prints the exception, has them nearly free.
        let each = if self.meter.raised.get() { GRACE_CALLS } else { CALLS_EACH };
        if calls < each || self.meter.is_exhausted() {
            self.meter.calls.set(calls.min(each));
            return Ok(());
        }
        self.meter.calls.set(0);
        self.work(1)
    }

    /// Charges what is owed.
    pub(crate) fn pay(&self) -> Res<()> {
        self.work(0)
    }

    /// The heap refused because the run has taken all the large blocks that its limit allows: that is no lack of memory.
    pub fn volume_is_used_up(&self) -> Option<Raised> {
        if !self.meter.is_on() || !self.heap().is_volume_used_up() {
            return None;
        }
        if !self.meter.stepping.get() {
            self.begin_stretch(self.top_prepaid());
        }
        Some(self.out_of_fuel())
    }

    /// An exception was raised at an instruction: pays back what was paid for behind it, and notes that the rest of its block
    /// did not run.
    pub fn settle(&self, run: &RunCode, pc: *const u64, instr: InstrIndex) {
        let meter = &self.meter;
        let ran = match meter.stopped.take() {
            Some(ran) => ran,
            None => {
                let back = run.paid_behind(pc, instr);
                meter.left().set(meter.left().get() + back);
                if self.profile.charges() {
                    self.profile_charge(-back);
                }
                1
            }
        };
        if meter.count == Count::Blocks {
            run.cut(instr, InstrIndex(instr.0.saturating_add_signed(ran)));
        }
    }

    /// A handler is entered: charges what is prepaid there, and gives the unit to go on at.
    pub fn enter_handler(&self, run: &RunCode, pc: *const u64, target: InstrIndex) -> *mut u64 {
        let meter = &self.meter;
        let form = run.form(pc);
        let prepaid = form.prepaid.get(target.index()).map_or(0, |before| i64::from(*before));
        if !meter.stepping.get() {
            if meter.fuel.get() < prepaid {
                meter.refill(prepaid);
            }
            let fuel = meter.fuel.get() - prepaid;
            if fuel >= 0 {
                meter.fuel.set(fuel);
                if self.profile.charges() {
                    self.profile_charge(prepaid);
                }
                return form.target(target);
            }
            self.begin_stretch(0);
        }
        // In the first form, whose units go over to the second.
        match self.second_form(self.thread.stacks.top()) {
            Some(steps) => steps.target(target),
            None => form.target(target),
        }
    }

    fn top_fused(&self) -> u64 {
        let frame = self.thread.stacks.top();
        frame.run().fused_behind(frame.run().instr_at(frame.pc)) as u64
    }

    /// What the top frame has prepaid behind the group of its instruction, which does native work.
    fn top_prepaid(&self) -> i64 {
        let frame = self.thread.stacks.top();
        if frame.is_boundary() {
            return 0;
        }
        let (run, instr) = (frame.run(), frame.run().instr_at(frame.pc));
        run.paid_behind(frame.pc, instr) - run.fused_behind(instr)
    }

    /// `ryokan.InstructionLimit`, made at first use. Runs no Python; `MemoryError`.
    pub fn limit_class(&self) -> Res {
        if self.meter.limit_class.is_unbound() {
            let doc = "The limit of instructions that this run was given is reached.";
            self.meter.limit_class.set(self.new_exception_class(
                "ryokan",
                "InstructionLimit",
                &self.exc.BaseException,
                doc,
            )?);
        }
        Ok(self.meter.limit_class.clone())
    }
}
