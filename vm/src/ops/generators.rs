//! Generators: leaving a frame that will be resumed, and resuming it.
//!
//! Whoever resumes is the frame below: a `FOR_ITER` or `SEND` of Python code, or a boundary of Rust's. Its position says how a
//! yielded or returned value is delivered.

use std::cell::Cell;
use std::mem::MaybeUninit;

use ryokan_bytecode::CodeFlags;

use super::awaiting::leave_handled;
use super::calls::CALL_UNITS;
use super::run::{release_dead, set_dead};
use super::{At, a, b, far, jump_next, near, put, reg, switch};
use crate::object::{Layout, ShapeBits};
use crate::raised::{Raised, Res};
use crate::running::RunCode;
use crate::running::ops::RunOp;
use crate::stack::Frame;
use crate::types::exceptions;
use crate::types::function::Function;
use crate::types::generator::{Generator, Resumed, State};
use crate::value::{Value, Word};
use crate::vm::Vm;

switch! {
    return_generator, create;
    suspend_slow, suspend;
    return_value, end;
    send_slow, super::awaiting::send_on;
    check_awaitable, super::awaiting::awaitable;
    ask_for_iterator, super::awaiting::yield_from_iter;
}

/// Leaves the frame with a generator of its state.
fn create(at: At<'_>) -> Res<*mut u64> {
    let (vm, run) = (at.vm, at.run());
    let frame = vm.thread.stacks.top();
    let made = vm.new_generator(at.function(), run, at.pc)?;
    if let Some(object) = crate::types::frame::take(vm, frame) {
        vm.thread.stacks.unwatch_top();
        crate::types::frame::adopt(vm, &made, &object);
    }
    // SAFETY: a frame has its locals, the generator room for all registers; nothing else of the frame is alive.
    unsafe {
        for at in 0..run.locals {
            put(made.base(), at, reg(frame.fp, at));
            put(frame.fp, at, Word::UNBOUND);
        }
        // The caller stands at a call (or the boundary's copy of one).
        let caller = vm.thread.stacks.frame.get().sub(1);
        vm.thread.stacks.frame.set(caller);
        let (pc, fp) = ((*caller).pc, (*caller).fp);
        (*fp.add(a(pc))).set(Value::UNBOUND);
        (*fp.add(super::c(pc))).set(made.into_value());
        Ok(pc.add(CALL_UNITS))
    }
}

/// The generator that a call from Rust gives of a function that has run before and takes exactly these arguments, which are moved then;
/// `None` if it must be called.
pub fn made_at_once(vm: &Vm, callee: &Value, args: &[Value]) -> Res<Option<Value>> {
    let run = callee.get::<Function>().map_or(std::ptr::null(), |function| function.run.get());
    // SAFETY: a function's running form lives as long as its code, which it owns; the caller holds the function.
    let Some(run) = (unsafe { run.as_ref() }) else { return Ok(None) };
    match run.creates {
        Some(cells) if run.simple_args == args.len() as i64 && !vm.tracing.is_on() => {
            super::awaiting::of_call(vm, callee, run, cells, args)
        }
        _ => Ok(None),
    }
}

/// Leaves the frame with the value of register `a`; the registers below it stay in the generator. (Where what is sent is dropped, and in a
/// `yield from` or `await`, whose `SEND` stands right before it, the opcode says so to who looks at a generator that sleeps.)
///
/// Where the handled exception must be put back, or there is no generator, `suspend` does it.
pub unsafe extern "C" fn yield_value(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: a frame's `extra` that is a pointer to a generator is the frame's own; the frame below stands at what resumed it.
    unsafe {
        let stacks = &(*vm).thread.stacks;
        let frame = stacks.frame.get();
        let extra = (*frame).extra;
        if !is_generator(extra) {
            return suspend_slow(pc, fp, consts, vm);
        }
        let generator = &*(extra.0 as *const Generator);
        if (*vm).thread.handled.word() != Word::NONE || !generator.caller_handled.is_unbound() {
            return suspend_slow(pc, fp, consts, vm);
        }
        let keep = a(pc);
        let value = reg(fp, keep);
        put(fp, keep, Word::UNBOUND);
        generator.pc.set(pc);
        generator.state.set(State::Suspended);
        let caller = passed_on(frame.sub(1));
        stacks.frame.set(caller);
        let (dst, to) = delivery((*caller).pc);
        let fp = (*caller).fp;
        let old = reg(fp, dst);
        put(fp, dst, value);
        if old.is_ptr() && old.ptr().as_ref().decref() {
            set_dead(vm, old);
            return release_dead(to, fp, (*caller).consts, vm);
        }
        jump_next!(to, fp, (*caller).consts, vm)
    }
}

/// Who takes what the frame above `caller` yields: whoever only passes on what its delegate gives is left as it stands, and goes to sleep
/// where it would have yielded. No register is touched, as what is passed on would come and go again.
#[inline(always)]
unsafe fn passed_on(mut caller: *mut Frame) -> *mut Frame {
    // SAFETY: a frame below a generator's stands at what resumed it; a `SEND` has its yield behind its two units, if that is a `YieldOn`.
    unsafe {
        loop {
            let pc = (*caller).pc;
            if *pc.cast::<u16>() != RunOp::Send as u16 || *pc.add(2).cast::<u16>() != RunOp::YieldOn as u16 {
                return caller;
            }
            let extra = (*caller).extra;
            if !is_generator(extra) {
                return caller;
            }
            let generator = &*(extra.0 as *const Generator);
            if !generator.caller_handled.is_unbound() {
                return caller;
            }
            generator.pc.set(pc.add(2));
            generator.state.set(State::Suspended);
            caller = caller.sub(1);
        }
    }
}

/// Whether it is a generator, a coroutine or an asynchronous generator.
#[inline(always)]
fn is_generator(word: Word) -> bool {
    word.is_ptr() && word.shape().is_of(Layout::Generator)
}

/// Where a yielded value goes, and where the frame at this unit goes on.
#[inline(always)]
unsafe fn delivery(pc: *mut u64) -> (usize, *mut u64) {
    // SAFETY: pc is a unit that resumes generators.
    unsafe {
        match *pc.cast::<u16>() {
            op if super::control::is_for(op) => (a(pc), pc.offset(near(pc.add(1)))),
            op if op == RunOp::Send as u16 => (a(pc), pc.add(2)),
            _ => (super::c(pc), pc.add(CALL_UNITS)),
        }
    }
}

fn suspend(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let frame = vm.thread.stacks.top();
    let Some(generator) = frame.generator() else {
        return Err(vm.system_error("a yield outside a generator"));
    };
    let keep = at.a();
    let value = at.reg(keep).take();
    // SAFETY: the frame below stands at what resumed it.
    unsafe {
        generator.pc.set(at.pc);
        generator.state.set(State::Suspended);
        leave_handled(vm, generator);
        vm.thread.stacks.frame.set(vm.thread.stacks.frame.get().sub(1));
        let caller = vm.thread.stacks.frame.get();
        let (dst, to) = delivery((*caller).pc);
        (*(*caller).fp.add(dst)).set(value);
        Ok(to)
    }
}

fn end(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let value = at.take(at.a());
    let Some(generator) = vm.thread.stacks.top().generator() else {
        return Err(vm.system_error("a generator's return outside a generator"));
    };
    generator.state.set(State::Finished);
    leave_handled(vm, generator);
    // The object of its frame may keep the locals; nobody else's dies before them.
    let object = crate::types::frame::generator_ends(generator, || at.run().instr_at(at.pc));
    // SAFETY: at a return only locals are alive; the frame below stands at what resumed it.
    unsafe {
        let frame = vm.thread.stacks.frame.get();
        for local in (0..(*(*frame).run).locals).rev() {
            drop((*(*frame).fp.add(local)).take());
        }
        drop(object);
        vm.thread.stacks.frame.set(frame.sub(1));
        let caller = vm.thread.stacks.frame.get();
        let (pc, fp) = ((*caller).pc, (*caller).fp);
        Ok(match *pc.cast::<u16>() {
            op if super::control::is_for(op) => {
                drop((*fp.add(b(pc))).take());
                if vm.tracing.is_on() {
                    super::tracing::loop_ended(vm, &value)?;
                }
                pc.offset(far(pc.add(1)))
            }
            op if op == RunOp::Send as u16 => {
                (*fp.add(a(pc))).set(value);
                if vm.tracing.is_on() {
                    super::tracing::delegate_ended(vm, &(*fp.add(a(pc))).clone())?;
                }
                pc.offset(near(pc.add(1)))
            }
            _ => {
                (*fp.add(super::c(pc))).set(value);
                pc.add(CALL_UNITS)
            }
        })
    }
}

/// Puts a suspended generator's frame on the stack; `sent` is what its `yield` gives. Gives where it goes on.
unsafe fn push(vm: &Vm, generator: &Generator, sent: Value) -> Res<*mut u64> {
    // SAFETY: the generator's code keeps its running form.
    let run = unsafe { &*generator.run };
    if vm.tracing.is_on() {
        super::tracing::resume_traced(vm, generator);
    }
    let frame = vm.push_uncounted_frame()?;
    // SAFETY: `push_uncounted_frame` gives a record to fill.
    unsafe {
        enter(frame, generator, run, sent.into_word());
        let own = generator.handled.take();
        // (Nothing is kept of a caller that handles nothing, so that what yields next need not look.)
        let outer = vm.thread.handled.clone();
        generator.caller_handled.set(if outer.is_none() { Value::UNBOUND } else { outer });
        if !own.is_unbound() {
            vm.thread.handled.set(own);
        }
        Ok(generator.pc.get().add(1))
    }
}

/// Writes a suspended generator's frame.
#[inline(always)]
unsafe fn enter(frame: *mut Frame, generator: &Generator, run: &RunCode, sent: Word) {
    // SAFETY: by the callers; a generator has its frame's registers.
    unsafe {
        let pc = generator.pc.get();
        if *pc.cast::<u16>() == RunOp::YieldOnly as u16 {
            sent.decref();
        } else {
            put(generator.base(), a(pc), sent);
        }
        stand(frame, generator, run);
    }
}

/// Writes the frame of a generator where it yielded.
#[inline(always)]
unsafe fn stand(frame: *mut Frame, generator: &Generator, run: &RunCode) {
    let (pc, fp) = (generator.pc.get(), generator.base());
    // SAFETY: by the callers.
    unsafe {
        let func = generator.function.word().0 as *const Function;
        let extra = Word::from_ptr(crate::object::payload_ptr(generator));
        let (consts, free) = (run.first_const(), MaybeUninit::new(Cell::new(std::ptr::null_mut())));
        frame.write(Frame { pc, fp, consts, func, run, extra, free });
        generator.state.set(State::Running);
    }
}

/// A `FOR_ITER` over a generator: resumes it, if nobody handles an exception and there is room.
#[inline(always)]
pub unsafe extern "C" fn for_iter(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the caller has looked: the iterator is a generator, and the frame is the top one.
    unsafe {
        let generator = &*(reg(fp, b(pc)).0 as *const Generator);
        if !goes_on_at_once(generator, vm) {
            return super::control::for_iter_slow(pc, fp, consts, vm);
        }
        go_on(pc, fp, consts, vm, Word::NONE)
    }
}

/// Resumes the generator in register `b`, which [`goes_on_at_once`], for the unit at `pc`.
#[inline(always)]
unsafe fn go_on(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm, sent: Word) {
    // SAFETY: the frame is the top one, and there is room for another.
    unsafe {
        let generator = &*(reg(fp, b(pc)).0 as *const Generator);
        if *generator.pc.get().cast::<u16>() == RunOp::YieldOn as u16 && sent == Word::NONE {
            return go_down(pc, fp, consts, vm);
        }
        (*(*vm).thread.stacks.frame.get()).pc = pc;
        step_into(generator, sent, vm)
    }
}

/// The same of one that would send None on to another, and that perhaps to a third, and so forth: resumes the last of them.
#[inline(never)]
unsafe extern "C" fn go_down(pc: *mut u64, fp: *mut Value, _: *const Value, vm: *const Vm) {
    // SAFETY: as there; each of them is held by the one before.
    unsafe {
        let stacks = &(*vm).thread.stacks;
        let mut generator = &*(reg(fp, b(pc)).0 as *const Generator);
        (*stacks.frame.get()).pc = pc;
        while let Some(next) = delegate_at_once(generator, vm) {
            let frame = stacks.frame.get().add(1);
            stand(frame, generator, &*generator.run);
            (*frame).pc = generator.pc.get().sub(2);
            stacks.frame.set(frame);
            generator = next;
        }
        step_into(generator, Word::NONE, vm)
    }
}

/// Goes on in a generator's frame, above the top one.
#[inline(always)]
unsafe fn step_into(generator: &Generator, sent: Word, vm: *const Vm) {
    // SAFETY: by the callers, there is room for it.
    unsafe {
        let (stacks, run) = (&(*vm).thread.stacks, &*generator.run);
        let callee = stacks.frame.get().add(1);
        enter(callee, generator, run, sent);
        stacks.frame.set(callee);
        jump_next!(generator.pc.get().add(1), generator.base(), run.first_const(), vm)
    }
}

/// What a suspended generator that was resumed with None would resume at once with None in its turn, if there is room for both.
#[inline(always)]
unsafe fn delegate_at_once(generator: &Generator, vm: *const Vm) -> Option<&Generator> {
    // SAFETY: it stands at a yield, and its registers are words.
    unsafe {
        let pc = generator.pc.get();
        if *pc.cast::<u16>() != RunOp::YieldOn as u16 {
            return None;
        }
        let receiver = reg(generator.base(), b(pc.sub(2)));
        if !is_generator(receiver) {
            return None;
        }
        let (next, stacks) = (&*(receiver.0 as *const Generator), &(*vm).thread.stacks);
        let room = stacks.frame.get().wrapping_add(2) < stacks.frame_limit.get();
        (room && !next.asynchronous && waits_quietly(next) && !(*vm).breaker.is_raised()).then_some(next)
    }
}

/// Whether a generator can be resumed, there is room for its frame, and no exception is handled by it or by who resumes it.
#[inline(always)]
unsafe fn goes_on_at_once(generator: &Generator, vm: *const Vm) -> bool {
    // SAFETY: the live Vm; the place behind the top frame is only compared.
    unsafe {
        let stacks = &(*vm).thread.stacks;
        waits_quietly(generator)
            && stacks.frame.get().wrapping_add(1) < stacks.frame_limit.get()
            && (*vm).thread.handled.word() == Word::NONE
    }
}

/// Whether a generator can be resumed and handles no exception.
#[inline(always)]
fn waits_quietly(generator: &Generator) -> bool {
    generator.is_suspended() && generator.handled.is_unbound() && generator.caller_handled.is_unbound()
}

/// `SEND` to a generator or coroutine that can be resumed at once: `b` the receiver, `a` the value and then the answer.
pub unsafe extern "C" fn send(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers; the frame is the top one.
    unsafe {
        let (receiver, value) = (reg(fp, b(pc)), reg(fp, a(pc)));
        if !is_generator(receiver) {
            return send_slow(pc, fp, consts, vm);
        }
        let generator = &*(receiver.0 as *const Generator);
        // Of a value that is sent, it is looked first whether it may be; and an asynchronous generator is no receiver.
        if (value != Word::NONE && (generator.state.get() == State::Created || value.is_ptr()))
            || generator.asynchronous
            || (*vm).breaker.is_raised()
            || !goes_on_at_once(generator, vm)
        {
            return send_slow(pc, fp, consts, vm);
        }
        put(fp, a(pc), Word::UNBOUND);
        go_on(pc, fp, consts, vm, value)
    }
}

/// `GET_AWAITABLE`: a coroutine that has not begun is what is awaited, and no other coroutine awaits it.
pub unsafe extern "C" fn get_awaitable(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers.
    unsafe {
        let word = reg(fp, a(pc));
        let created = |word: Word| (*(word.0 as *const Generator)).state.get() == State::Created;
        let coroutine = &(*vm).types.coroutine;
        if word.is_ptr() && word.shape() == coroutine.root.get() && created(word) {
            jump_next!(pc.wrapping_add(1), fp, consts, vm)
        }
        check_awaitable(pc, fp, consts, vm)
    }
}

/// `GET_YIELD_FROM_ITER`: a generator is its own iterator.
pub unsafe extern "C" fn get_yield_from_iter(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: operands are registers.
    unsafe {
        let word = reg(fp, a(pc));
        if word.is_ptr() && word.shape() == Layout::Generator.shape() {
            jump_next!(pc.wrapping_add(1), fp, consts, vm)
        }
        ask_for_iterator(pc, fp, consts, vm)
    }
}

/// Resumes with a value for a `FOR_ITER` or `SEND`, whose frame is the top one; `None` if the generator is not suspended.
pub fn resume_for(vm: &Vm, generator: &Generator, sent: Value) -> Res<Option<*mut u64>> {
    if !generator.is_suspended() {
        return Ok(None);
    }
    // SAFETY: it is.
    unsafe { push(vm, generator, sent).map(Some) }
}

impl Vm {
    /// Resumes from Rust with a value, or with an exception to raise at the `yield`. Runs Python; raises what its code raises, what is
    /// thrown into one that has ended, `ValueError` if it is running, `RuntimeError` if it is a coroutine that has ended, and as
    /// [`Vm::check_stack`].
    pub fn resume_generator(&self, g: &Value, sent: Result<Value, Value>) -> Res<Resumed> {
        let generator: &Generator = g.get().expect("the caller has looked");
        match generator.state.get() {
            State::Running => {
                return Err(self.value_error(format_args!("{} already executing", generator.kind())));
            }
            State::Finished => {
                if generator.flag().intersects(CodeFlags::COROUTINE) {
                    return Err(self.runtime_error("cannot reuse already awaited coroutine"));
                }
                return match sent {
                    Ok(_) => Ok(Resumed::Returned(Value::NONE)),
                    Err(exception) => {
                        self.thread.raised.set(exception);
                        Err(Raised(()))
                    }
                };
            }
            State::Created | State::Suspended => {}
        }
        if let Some(resumed) = self.resume_at_once(generator, &sent) {
            return resumed;
        }
        self.push_boundary(4)?;
        let (value, exception) = match sent {
            Ok(value) => (value, None),
            Err(exception) => (Value::NONE, Some(exception)),
        };
        let handles = !generator.handled.is_unbound();
        // SAFETY: the generator is suspended and the boundary is the top frame.
        let entered = unsafe { push(self, generator, value) };
        let entry = match entered {
            Ok(entry) => entry,
            Err(raised) => {
                self.pop_frame();
                return Err(raised);
            }
        };
        let result = match exception {
            None => {
                // SAFETY: the top frame is the generator's.
                unsafe { (*self.thread.stacks.frame.get()).pc = entry };
                self.run_to_boundary()?
            }
            Some(exception) => {
                // What the caller handles is not its context, only what the generator handles itself.
                if handles {
                    exceptions::set_context(self, &exception);
                }
                self.thread.raised.set(exception);
                if self.tracing.is_on() {
                    super::tracing::thrown(self);
                }
                self.run_raised()?
            }
        };
        Ok(match generator.state.get() {
            State::Finished => Resumed::Returned(result),
            _ => Resumed::Yielded(result),
        })
    }
    /// The same for one that waits for nothing but its next turn, where nobody handles an exception, nothing is watched, and there is
    /// room: both records are written at once. None: in the general way; then nothing has happened.
    #[inline(always)]
    fn resume_at_once(&self, generator: &Generator, sent: &Result<Value, Value>) -> Option<Res<Resumed>> {
        if !sent.as_ref().is_ok_and(Value::is_none) || !self.may_resume_at_once(generator) {
            return None;
        }
        let boundary = self.boundary_at_once()?;
        // SAFETY: the boundary is the top frame.
        let result = unsafe { self.resume_above(boundary, generator) };
        self.pop_boundary_at_once();
        let ended = generator.state.get() == State::Finished;
        Some(result.map(if ended { Resumed::Returned } else { Resumed::Yielded }))
    }
    /// Whether a generator waits for its next turn, nobody handles an exception, and nothing is watched.
    #[inline(always)]
    fn may_resume_at_once(&self, generator: &Generator) -> bool {
        waits_quietly(generator)
            && self.thread.handled.word() == Word::NONE
            && !self.breaker.is_raised()
            && !self.tracing.is_on()
    }
    /// Pushes a boundary with one register, where there is room for it and for a generator's record above.
    #[inline(always)]
    fn boundary_at_once(&self) -> Option<*mut Frame> {
        let stacks = &self.thread.stacks;
        let boundary = stacks.frame.get().wrapping_add(1);
        self.enough_stack()?;
        let base = stacks.free_registers();
        if boundary.wrapping_add(1) >= stacks.frame_limit.get() || !stacks.holds(base, 9) {
            return None;
        }
        // SAFETY: the stack holds both records and the boundary's register, which is dead.
        unsafe {
            put(base, 0, Word::UNBOUND);
            boundary.write(super::run::boundary_of(base));
        }
        stacks.frame.set(boundary);
        Some(boundary)
    }
    /// Pops it, whose register is empty.
    #[inline(always)]
    fn pop_boundary_at_once(&self) {
        let stacks = &self.thread.stacks;
        stacks.forget_boundary();
        stacks.frame.set(stacks.frame.get().wrapping_sub(1));
    }
    /// Resumes a generator that may be at once, above a boundary; gives what is left there.
    #[inline(always)]
    unsafe fn resume_above(&self, boundary: *mut Frame, generator: &Generator) -> Res {
        // SAFETY: the boundary is the top frame, and there is room above it; a generator's code keeps its running form.
        unsafe {
            let frame = boundary.add(1);
            enter(frame, generator, &*generator.run, Word::NONE);
            (*frame).pc = generator.pc.get().add(1);
            self.thread.stacks.frame.set(frame);
            self.run_above()
        }
    }
    /// Shows what a generator yields to `take`, until that says that it is enough. Runs Python; raises as [`Vm::next`], and what `take`
    /// raises.
    pub(crate) fn each_yielded(&self, g: &Value, take: &mut dyn FnMut(Value) -> Res<bool>) -> Res<()> {
        let generator: &Generator = g.get().expect("the caller has looked");
        let boundary = self.boundary_at_once();
        // (What ran since may have lowered the limit.)
        let has_room = |below: &*mut Frame| below.wrapping_add(1) < self.thread.stacks.frame_limit.get();
        let shown = loop {
            let ready = self.works_freely() && self.may_resume_at_once(generator);
            let item = match boundary.filter(|below| ready && has_room(below)) {
                // SAFETY: the boundary is the top frame again, and there is room above it.
                Some(boundary) => match unsafe { self.resume_above(boundary, generator) } {
                    Ok(_) if generator.state.get() == State::Finished => break Ok(()),
                    item => item.map(Some),
                },
                None => self.next(g),
            };
            match item.and_then(|item| item.map_or(Ok(false), &mut *take)) {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(raised) => break Err(raised),
            }
        };
        if boundary.is_some() {
            self.pop_boundary_at_once();
        }
        shown
    }
    /// Does something in the name of a suspended generator that delegates: its frame stands on the stack meanwhile, where it
    /// yielded, and it counts as running. Runs no Python but what `work` runs; raises what that raises, `RecursionError`, and
    /// `MemoryError`.
    pub fn in_frame_of<T>(&self, generator: &Generator, work: impl FnOnce() -> Res<T>) -> Res<T> {
        let frame = self.push_uncounted_frame()?;
        // SAFETY: `push_uncounted_frame` gives a record to fill; the generator, which the caller keeps, has its frame's registers, and keeps them
        // while it counts as running.
        unsafe { stand(frame, generator, &*generator.run) };
        let done = work();
        generator.state.set(State::Suspended);
        // SAFETY: whatever `work` has called has left the stack as it was.
        unsafe { self.thread.stacks.frame.set(self.thread.stacks.frame.get().sub(1)) };
        done
    }
}
