//! Fuel: counting the instructions of a run, and ending it at a limit.
//!
//! What counts is the *stack* code, as `--dis` prints it, so the number is the same on every machine and build and says
//! nothing of superinstructions. A metered VM lowers functions with counting units in them; one that is not metered has none
//! and pays nothing.
//!
//! | form | counting units | used |
//! |---|---|---|
//! | charges | one where an edge of the flow graph costs something (`lower/charges.rs`) | until fuel runs low |
//! | steps | one before each instruction | for the last stretch |
//!
//! Charges are paid in advance, so the fuel reaches zero before the limit is reached. Then the run changes over: whatever
//! is prepaid in the frames on the stack is paid back, and each function goes on in its second form, in which the
//! limit is met to the instruction. (Two exceptions, both short of the limit, never beyond it: instructions that run as one stop
//! before the first of them, and what is prepaid under a native function, `sorted` calling a key say, stays prepaid.)
//!
//! At the limit `ryokan.InstructionLimit` is raised, a `BaseException`. `finally` and `with` then have [`GRACE`]
//! instructions to clean up. When these are gone it is raised again, and from then on no handler is entered any more.
//!
//! Native work counts too, as much as it takes instead of instructions: [`Vm::work`] charges it by its size, before or
//! while it is done. Large blocks of memory are the work that all else comes down to, so the heap counts their bytes: a run may take
//! [`BYTES_EACH`] of them for each instruction that it may execute.

use std::cell::Cell;

use crate::lower::RunCode;
use crate::raised::{Raised, Res};
use crate::stack::Frame;
use crate::types::function::Function;
use crate::value::Value;
use crate::vm::Vm;

/// What may still be executed after the limit.
pub const GRACE: i64 = 1000;

/// Bytes of large blocks that one instruction stands for.
pub const BYTES_EACH: u64 = 64;

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
    /// What may still be charged; below zero, units of the charges form change over to steps.
    pub fuel: Cell<i64>,
    /// What was granted: the limit, and later the grace.
    granted: Cell<i64>,
    /// Whether the last stretch has begun; `steps_left` is then what `fuel` was.
    stepping: Cell<bool>,
    steps_left: Cell<i64>,
    raised: Cell<bool>,
    exhausted: Cell<bool>,
    /// The limit was met before the instruction that the position names.
    pub stopped: Cell<bool>,
    /// Native work charged, in instructions.
    pub work: Cell<u64>,
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
            stopped: Cell::new(false),
            work: Cell::new(0),
        }
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
    /// Whether native work is taken from the fuel.
    pub fn charges_work(&self) -> bool {
        self.limit.is_some()
    }
    /// Whether nothing may run any more, handlers neither.
    pub fn is_exhausted(&self) -> bool {
        self.exhausted.get()
    }
}

/// What a frame at `pc` in the middle of an instruction has prepaid beyond it.
fn prepaid_after(run: &RunCode, pc: *const u64) -> i64 {
    let form = run.form(pc);
    match form.prepaid.get(form.instr_at(pc) as usize) {
        Some(before) => i64::from(*before) - 1,
        None => 0,
    }
}

impl Vm {
    /// Instructions executed until now, native work included.
    pub fn instructions(&self) -> u64 {
        let charged = self.meter.granted.get() - self.meter.left().get();
        u64::try_from(charged - self.prepaid()).unwrap_or(0)
    }

    /// What all frames on the stack have prepaid.
    fn prepaid(&self) -> i64 {
        self.stacks.iter().filter(|f| !f.is_boundary()).map(|f| prepaid_after(f.run(), f.pc)).sum()
    }

    /// The last stretch begins. Frames that wait for a call to return go on in their second form then, and are paid back what
    /// they have prepaid. The top frame changes over at its next counting unit.
    fn begin_stretch(&self) {
        let meter = &self.meter;
        let mut left = meter.fuel.get();
        let mut waits_in_loop = false;
        for (depth, frame) in self.stacks.iter().enumerate() {
            if waits_in_loop
                && !frame.is_boundary()
                && let Some(steps) = self.second_form(frame)
            {
                left += prepaid_after(frame.run(), frame.pc);
                let pc = frame.run().translate(steps, frame.pc, true);
                // SAFETY: nobody else writes the record of a frame that is not the top one.
                unsafe { (*self.stacks.frame.get().sub(depth)).pc = pc };
            }
            waits_in_loop = !frame.is_boundary() || frame.is_constructor();
        }
        meter.steps_left.set(left);
        meter.stepping.set(true);
        meter.fuel.set(-1);
    }

    /// The steps form of a frame's code, if it can be made.
    fn second_form<'a>(&self, frame: &'a Frame) -> Option<&'a RunCode> {
        let function: &Function = frame.function();
        match function.code().ensure_steps(self) {
            Ok(steps) => Some(steps),
            Err(raised) => {
                drop(self.take_raised(raised));
                None
            }
        }
    }

    /// A unit of the charges form found no fuel for its charge, which was taken: goes on in the steps form.
    pub fn change_over(&self, pc: *mut u64, charge: i64) -> Res<*mut u64> {
        let meter = &self.meter;
        let frame = self.stacks.top();
        let (run, steps) = (frame.run(), frame.function().code().ensure_steps(self)?);
        if meter.stepping.get() {
            meter.fuel.set(-1);
        } else {
            meter.fuel.set(meter.fuel.get() + charge);
            self.begin_stretch();
        }
        let mark = run.mark(pc);
        meter.steps_left.set(meter.steps_left.get() + i64::from(mark.rest));
        // SAFETY: a counting unit is followed by another unit; behind the code's end, by the jump back into it.
        let to = unsafe {
            let next = pc.add(1);
            if run.is_stub(pc) { next.offset(crate::ops::far(next)) } else { next }
        };
        Ok(run.translate(steps, to, false))
    }

    /// A unit of the steps form: so many instructions come next.
    pub fn step(&self, count: i64) -> Res<()> {
        let meter = &self.meter;
        let left = meter.steps_left.get() - count;
        if left < 0 {
            meter.stopped.set(true);
            return Err(self.out_of_fuel());
        }
        meter.steps_left.set(left);
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
        let made = self.limit_class().and_then(|class| {
            let message = self.str(&format!("the limit of {limit} instructions is reached"))?;
            self.call(&class, &[message])
        });
        match made {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }

    /// Charges native work, in instructions; `InstructionLimit` if there is no fuel for it. Nothing where nothing is metered.
    #[inline(always)]
    pub fn work(&self, amount: u64) -> Res<()> {
        if self.meter.is_on() { self.metered_work(amount) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn metered_work(&self, amount: u64) -> Res<()> {
        let meter = &self.meter;
        if meter.limit.is_none() {
            meter.work.set(meter.work.get().saturating_add(amount));
            return Ok(());
        }
        let amount = i64::try_from(amount).unwrap_or(ENOUGH).min(ENOUGH);
        if !meter.stepping.get() && meter.fuel.get() < amount {
            self.begin_stretch();
        }
        let left = meter.left();
        if left.get() < amount {
            return Err(self.out_of_fuel());
        }
        meter.work.set(meter.work.get() + amount as u64);
        left.set(left.get() - amount);
        Ok(())
    }

    /// Work on so many bytes that are passed over once.
    #[inline]
    pub fn work_on_bytes(&self, bytes: usize) -> Res<()> {
        if bytes < 4096 { Ok(()) } else { self.work(bytes as u64 / BYTES_EACH) }
    }

    /// The heap refused because the run has taken all the large blocks that its limit allows: that is no lack of memory.
    pub fn volume_is_used_up(&self) -> Option<Raised> {
        if !self.meter.is_on() || !self.heap().is_volume_used_up() {
            return None;
        }
        if !self.meter.stepping.get() {
            self.begin_stretch();
        }
        Some(self.out_of_fuel())
    }

    /// A frame is left by an exception at an instruction: pays back what it has prepaid, and notes that the rest of its block did
    /// not run.
    pub fn settle(&self, run: &RunCode, pc: *const u64, instr: u32) {
        let meter = &self.meter;
        let form = run.form(pc);
        let ran = u32::from(!meter.stopped.replace(false));
        if let Some(before) = form.prepaid.get(instr as usize) {
            let back = i64::from(*before) - i64::from(ran);
            meter.left().set(meter.left().get() + back);
        }
        if meter.count == Count::Blocks {
            run.cut(instr, instr + ran);
        }
    }

    /// A handler is entered: charges what is prepaid there, and gives the unit to go on at.
    pub fn enter_handler(&self, run: &RunCode, pc: *const u64, target: u32) -> *mut u64 {
        let meter = &self.meter;
        let form = run.form(pc);
        let Some(prepaid) = form.prepaid.get(target as usize) else { return form.target(target) };
        let fuel = meter.fuel.get() - i64::from(*prepaid);
        if fuel >= 0 && !meter.stepping.get() {
            meter.fuel.set(fuel);
            return form.target(target);
        }
        if !meter.stepping.get() {
            self.begin_stretch();
        }
        match self.second_form(self.stacks.top()) {
            Some(steps) => steps.target(target),
            // There was no memory for it: this frame stays in its first form, and its charge is paid in one.
            None => {
                meter.steps_left.set(meter.steps_left.get() - i64::from(*prepaid));
                form.target(target)
            }
        }
    }

    /// `ryokan.InstructionLimit`
    pub fn limit_class(&self) -> Res {
        if self.instruction_limit.is_unbound() {
            let namespace = self.new_dict()?;
            let doc = "The limit of instructions that this run was given is reached.";
            namespace.set_name(self, &self.names.__module__, self.intern("ryokan")?)?;
            namespace.set_name(self, &self.names.__doc__, self.str(doc)?)?;
            let bases = self.new_tuple(vec![self.exc.BaseException.to_value()])?;
            let args = [self.intern("InstructionLimit")?, bases, namespace.into_value()];
            let class: Value = self.call(&self.types.r#type.to_value(), &args)?;
            self.instruction_limit.set(class);
        }
        Ok(self.instruction_limit.clone())
    }
}
