//! How frames go over to their traced form, in which units tell of instructions (`tracing.rs`).
//!
//! A frame does so, unit for unit, where it calls or jumps back; those that wait for a call to return do so when somebody begins to ask.

use ryokan_bytecode::InstrIndex;

use super::At;
use crate::object::native::NativeFunction;
use crate::raised::Res;
use crate::running::ops::RunOp;
use crate::types::generator::Generator;
use crate::vm::breaker::BreakerFlags;
use crate::vm::{LastTraced, Vm};

/// Where the top frame's traced form begins, which was pushed to begin in its plain form.
pub(super) fn traced_entry(vm: &Vm, plain: *mut u64) -> *mut u64 {
    let top = vm.thread.stacks.top();
    if top.is_boundary() || plain != top.run().entry() { plain } else { vm.traced_entry(top.run()) }
}

/// [`Vm::service`], where the instruction goes on: while somebody traces, the breaker stays raised.
pub fn service_and_go_on(vm: &Vm) -> Res<()> {
    vm.service()?;
    if vm.tracing.is_on() {
        vm.breaker.raise(BreakerFlags::TRACE);
    }
    Ok(())
}

/// The top frame, which stands at a unit, goes on in its traced form; gives where.
pub fn go_on_traced(vm: &Vm, pc: *mut u64) -> Res<*mut u64> {
    let run = vm.thread.stacks.top().run();
    if vm.meter.is_on() || !std::ptr::eq(run.form(pc), run) {
        return Ok(pc);
    }
    let instr = run.instr_at(pc);
    let traced = run.object().ensure_traced(vm)?;
    note(vm, vm.thread.stacks.depth(), instr, run.object().code.position(instr).line);
    Ok(vm.thread.stacks.go_on_in(0, traced))
}

/// What the top frame has called may have begun to trace, and set its trace function: from the next instruction on, at a unit, it goes on
/// in its traced form; gives where.
#[inline]
pub fn go_on_watched(vm: &Vm, next: *mut u64) -> Res<*mut u64> {
    if vm.tracing.is_on() { watched_from(vm, next) } else { Ok(next) }
}

#[cold]
fn watched_from(vm: &Vm, next: *mut u64) -> Res<*mut u64> {
    let top = vm.thread.stacks.top();
    let run = top.run();
    if vm.meter.is_on() || !std::ptr::eq(run.form(next), run) {
        return Ok(next);
    }
    let instr = run.instr_at(top.pc);
    let traced = run.object().ensure_traced(vm)?;
    note(vm, vm.thread.stacks.depth(), instr, run.object().code.position(instr).line);
    Ok(run.translate(traced, next, false))
}

/// A generator that is resumed goes on in its traced form, if there is memory for that.
pub fn resume_traced(vm: &Vm, generator: &Generator) {
    let code = generator.code();
    let Some(run) = code.run().filter(|run| std::ptr::eq(run.form(generator.pc.get()), *run)) else { return };
    if vm.meter.is_on() {
        return;
    }
    match code.ensure_traced(vm) {
        Ok(traced) => generator.pc.set(run.translate(traced, generator.pc.get(), true)),
        Err(raised) => drop(vm.take_raised(raised)),
    }
}

impl Vm {
    /// Somebody begins to ask: the frames that wait for a call to return go on in their traced form.
    pub fn trace_frames(&self) {
        if !self.tracing.is_on() || self.meter.is_on() {
            return;
        }
        let stacks = &self.thread.stacks;
        let mut in_loop = false;
        for (above, frame) in stacks.iter().enumerate() {
            let waits = std::mem::replace(&mut in_loop, !frame.is_boundary() || frame.is_record());
            if frame.is_boundary() {
                continue;
            }
            // It may have been traced before, and gone on since.
            let instr = frame.run().instr_at(frame.pc);
            note(self, stacks.depth() - above, instr, frame.run().object().code.position(instr).line);
            let at = At { vm: self, pc: frame.pc, fp: frame.fp };
            let waits = waits || waits_for_native(&at);
            if !waits || !std::ptr::eq(frame.run().form(frame.pc), frame.run()) {
                continue;
            }
            let pending = self.thread.raised.take();
            if let Ok(traced) = frame.run().object().ensure_traced(self) {
                stacks.go_on_in(above, traced);
            }
            self.thread.raised.set(pending);
        }
    }
}

/// Notes what the frame at a depth did last.
pub(super) fn note(vm: &Vm, depth: usize, instr: InstrIndex, line: u32) {
    let mut last = vm.thread.last_traced.borrow_mut();
    if last.len() <= depth {
        last.resize(depth + 1, LastTraced::default());
    }
    last[depth] = LastTraced { instr, line };
}

/// Whether a frame waits for a native function, which was called at once: then its record says where it goes on.
fn waits_for_native(at: &At<'_>) -> bool {
    const CALLS: [RunOp; 6] = [
        RunOp::Call,
        RunOp::CallMethod,
        RunOp::CallMaker,
        RunOp::CallGlobal,
        RunOp::CallGlobalCached,
        RunOp::CallBuiltin,
    ];
    CALLS.iter().any(|op| *op as u16 == at.opcode()) && at.reg(at.a()).exact::<NativeFunction>().is_some()
}
