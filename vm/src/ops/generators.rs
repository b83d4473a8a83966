//! Generators: leaving a frame that will be resumed, and resuming it.
//!
//! Whoever resumes is the frame below: a `FOR_ITER` or `SEND` of Python code, or a boundary of Rust's. Its position says how a
//! yielded or returned value is delivered.

use super::calls::CALL_UNITS;
use super::{At, RunOp, a, b, far, helper, near, put, switch};
use crate::raised::{Raised, Res};
use crate::stack::Frame;
use crate::types::exceptions;
use crate::types::function::Function;
use crate::types::generator::{Generator, Resumed, State};
use crate::value::{Value, Word};
use crate::vm::Vm;

/// The generator whose frame it is.
pub fn generator_of(frame: &Frame) -> Option<&Generator> {
    if frame.is_boundary() {
        return None;
    }
    // SAFETY: a frame's `extra` is empty, a namespace that it owns, or a generator that whoever resumed it holds.
    unsafe { frame.extra.get::<Generator>() }
}

switch! {
    return_generator, create;
    yield_value, suspend;
    return_value, end;
    send, send_on;
}

/// Leaves the frame with a generator of its state.
fn create(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let (run, locals) = (at.run(), at.run().locals);
    let _ = run;
    let mut registers = Vec::new();
    if registers.try_reserve_exact(locals).is_err() {
        return Err(vm.no_memory());
    }
    // SAFETY: the top frame's function is alive.
    let function = unsafe { Value::from_ptr(crate::object::payload_ptr(&*vm.stacks.top().func)) };
    let made = vm.new_generator(&function, at.pc, Vec::new())?;
    registers.extend((0..locals).map(|i| at.reg(i).take()));
    *made.registers.borrow_mut() = registers;
    vm.pop_frame();
    // SAFETY: the caller stands at a call (or the boundary's copy of one).
    unsafe { Ok(deliver_return(vm, made.into_value())) }
}

/// Hands a call's result to the top frame, which stands at the call; gives where it goes on.
unsafe fn deliver_return(vm: &Vm, value: Value) -> *mut u64 {
    // SAFETY: by the caller.
    unsafe {
        let caller = vm.stacks.frame.get();
        let (pc, fp) = ((*caller).pc, (*caller).fp);
        let (base, dst) = (a(pc), super::c(pc));
        (*fp.add(base)).set(Value::UNBOUND);
        (*fp.add(dst)).set(value);
        pc.add(CALL_UNITS)
    }
}

/// Swaps the handled exceptions when a generator goes to sleep.
fn leave_handled(vm: &Vm, generator: &Generator) {
    let outer = generator.caller_handled.take();
    let outer = if outer.is_unbound() { Value::NONE } else { outer };
    let own = vm.handled.replace(outer);
    if own.word() == vm.handled.word() || own.is_none() {
        generator.handled.set(Value::UNBOUND);
    } else {
        generator.handled.set(own);
    }
}

/// A generator's frame failed: it is finished.
pub fn failed(vm: &Vm, generator: &Generator) {
    generator.state.set(State::Finished);
    leave_handled(vm, generator);
    generator.handled.set(Value::UNBOUND);
}

fn suspend(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let frame = vm.stacks.top();
    let Some(generator) = generator_of(frame) else {
        return Err(vm.system_error("a yield outside a generator"));
    };
    let keep = at.a();
    let value = at.reg(keep).take();
    {
        let mut registers = generator.registers.borrow_mut();
        registers.clear();
        if registers.try_reserve(keep).is_err() {
            return Err(vm.no_memory());
        }
        registers.extend((0..keep).map(|i| at.reg(i).take()));
    }
    generator.pc.set(at.pc);
    generator.state.set(State::Suspended);
    leave_handled(vm, generator);
    // SAFETY: the frame's registers are empty; the frame below stands at what resumed it.
    unsafe {
        vm.stacks.frame.set(vm.stacks.frame.get().sub(1));
        let caller = vm.stacks.frame.get();
        let (pc, fp) = ((*caller).pc, (*caller).fp);
        (*fp.add(if is_call(pc) { super::c(pc) } else { a(pc) })).set(value);
        Ok(match *pc.cast::<u16>() {
            op if op == RunOp::ForIter as u16 => pc.offset(near(pc.add(1))),
            op if op == RunOp::Send as u16 => pc.add(2),
            _ => pc.add(CALL_UNITS),
        })
    }
}

unsafe fn is_call(pc: *mut u64) -> bool {
    // SAFETY: pc points to a unit.
    unsafe { *pc.cast::<u16>() == RunOp::Call as u16 }
}

fn end(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let value = at.take(at.a());
    let Some(generator) = generator_of(vm.stacks.top()) else {
        return Err(vm.system_error("a generator's return outside a generator"));
    };
    generator.state.set(State::Finished);
    leave_handled(vm, generator);
    vm.pop_frame();
    // SAFETY: the frame below stands at what resumed it.
    unsafe {
        let caller = vm.stacks.frame.get();
        let (pc, fp) = ((*caller).pc, (*caller).fp);
        Ok(match *pc.cast::<u16>() {
            op if op == RunOp::ForIter as u16 => {
                drop((*fp.add(b(pc))).take());
                pc.offset(far(pc.add(1)))
            }
            op if op == RunOp::Send as u16 => {
                (*fp.add(a(pc))).set(value);
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
    let function: &Function = generator.function.get().expect("a generator has a function");
    let run = function.code().ensure_run(vm)?;
    function.run.set(run);
    let fp = vm.stacks.free_registers();
    if !vm.registers_available(fp, run.registers + 8) {
        return Err(vm.no_memory());
    }
    let frame = vm.push_frame()?;
    let pc = generator.pc.get();
    // SAFETY: the registers are available and empty.
    unsafe {
        let mut count = 0;
        for (at, value) in generator.registers.borrow_mut().drain(..).enumerate() {
            put(fp, at, value.into_word());
            count = at + 1;
        }
        for at in count..run.locals {
            put(fp, at, Word::UNBOUND);
        }
        put(fp, a(pc), sent.into_word());
        let extra = Word::from_ptr(crate::object::payload_ptr(generator));
        frame.write(Frame { pc, fp, consts: run.consts.as_ptr(), func: function, extra });
        generator.state.set(State::Running);
        let own = generator.handled.take();
        let outer = vm.handled.clone();
        generator.caller_handled.set(outer);
        if !own.is_unbound() {
            vm.handled.set(own);
        }
        Ok(pc.add(1))
    }
}

/// Resumes for a `FOR_ITER`, whose frame is the top one; `None` if the loop is over.
pub fn resume_for_loop(vm: &Vm, generator: &Generator) -> Res<Option<*mut u64>> {
    match generator.state.get() {
        State::Created | State::Suspended => {
            // SAFETY: the generator is suspended.
            unsafe { push(vm, generator, Value::NONE).map(Some) }
        }
        _ => Ok(None),
    }
}

/// Resumes from Rust with a value, or with an exception to raise at the `yield`.
pub fn resume(vm: &Vm, g: &Value, sent: Result<Value, Value>) -> Res<Resumed> {
    let generator: &Generator = g.get().expect("the caller has looked");
    match generator.state.get() {
        State::Running => return Err(vm.value_error(format_args!("{} already executing", generator.kind()))),
        State::Finished => {
            if generator.flag() & ryokan_bytecode::code_flag::COROUTINE != 0 {
                return Err(vm.runtime_error("cannot reuse already awaited coroutine"));
            }
            return match sent {
                Ok(_) => Ok(Resumed::Returned(Value::NONE)),
                Err(exception) => {
                    vm.raised.set(exception);
                    Err(Raised(()))
                }
            };
        }
        State::Created | State::Suspended => {}
    }
    vm.push_boundary(4)?;
    let (value, exception) = match sent {
        Ok(value) => (value, None),
        Err(exception) => (Value::NONE, Some(exception)),
    };
    // SAFETY: the generator is suspended and the boundary is the top frame.
    let entered = unsafe { push(vm, generator, value) };
    let entry = match entered {
        Ok(entry) => entry,
        Err(raised) => {
            vm.pop_frame();
            return Err(raised);
        }
    };
    let result = match exception {
        None => {
            // SAFETY: the top frame is the generator's.
            unsafe { (*vm.stacks.frame.get()).pc = entry };
            vm.run_to_boundary()?
        }
        Some(exception) => {
            exceptions::set_context(vm, &exception);
            vm.raised.set(exception);
            vm.run_raised()?
        }
    };
    Ok(match generator.state.get() {
        State::Finished => Resumed::Returned(result),
        _ => Resumed::Yielded(result),
    })
}

/// Resumes a generator whose `yield from` has ended with a value while an exception was thrown in: past its `SEND`.
pub fn resume_after_delegate(vm: &Vm, g: &Value, value: Value) -> Res<Resumed> {
    // The loop sends the value to the delegate once more unless it is replaced by one that ends at once.
    let generator: &Generator = g.get().expect("the caller has looked");
    let ended = crate::types::iterators::ended_with(vm, value)?;
    if let Some(slot) = generator.registers.borrow().last() {
        slot.set(ended);
    }
    resume(vm, g, Ok(Value::NONE))
}

/// What a suspended generator delegates to by `yield from` or `await`.
pub fn delegate(g: &Value) -> Option<Value> {
    let generator: &Generator = g.get()?;
    if generator.state.get() != State::Suspended {
        return None;
    }
    let function: &Function = generator.function.get()?;
    // SAFETY: a suspended generator's code has been lowered.
    let run = unsafe { function.run.get().as_ref()? };
    let code = &function.code().code;
    // A delegating yield is followed by a RESUME that says so.
    let after = code.instrs.get(run.instr_at(generator.pc.get()) as usize + 1)?;
    if after.op() != Some(ryokan_bytecode::Op::Resume) || after.arg() < 2 {
        return None;
    }
    generator.registers.borrow().last().cloned()
}

/// Sends a value on to what a generator delegates to: `b` the receiver, `a` the value and then the answer.
fn send_on(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let (receiver, value) = (at.reg(at.b()), at.reg(at.a()));
    // SAFETY: the second unit holds the target.
    let done = unsafe { near(at.pc.add(1)) };
    if let Some(generator) = receiver.exact::<Generator>()
        && matches!(generator.state.get(), State::Created | State::Suspended)
        && generator.flag() & ryokan_bytecode::code_flag::ASYNC_GENERATOR == 0
    {
        if generator.state.get() == State::Created && !value.is_none() {
            return Err(vm.type_error(format_args!(
                "can't send non-None value to a just-started {}",
                generator.kind()
            )));
        }
        // SAFETY: it is suspended; this frame is the top one and stands at the send.
        return unsafe { push(vm, generator, value.take()) };
    }
    let sent = value.take();
    let answer = if sent.is_none() {
        match vm.advance(receiver) {
            Ok(Some(item)) => Ok(item),
            Ok(None) => {
                value.set(Value::NONE);
                return Ok(at.at(done));
            }
            Err(raised) => Err(raised),
        }
    } else {
        vm.call_method(receiver, &vm.names.send, &[sent])
    };
    match answer {
        Ok(item) => {
            value.set(item);
            Ok(at.at(2))
        }
        Err(raised) if vm.raised_is(&raised, &vm.exc.StopIteration) => {
            let stop = vm.take_raised(raised);
            value.set(exceptions::stop_value(&stop));
            Ok(at.at(done))
        }
        Err(raised) => Err(raised),
    }
}

helper! {
    end_send, 1, drop_receiver;
    cleanup_throw, 1, cleanup;
    get_yield_from_iter, 1, yield_from_iter;
    get_awaitable, 1, awaitable;
    get_aiter, 1, aiter;
    get_anext, 1, anext;
    end_async_for, 1, end_async;
    async_gen_wrap, 1, wrap;
    stop_iteration_error, 1, convert_stop;
}

fn drop_receiver(at: At<'_>) -> Res<()> {
    let first = at.a();
    let result = at.reg(first + 1).take();
    at.reg(first).set(result);
    Ok(())
}
fn cleanup(at: At<'_>) -> Res<()> {
    let first = at.a();
    let exception = at.reg(first + 2).take();
    if at.vm.is_instance(&exception, &at.vm.exc.StopIteration) {
        at.reg(first).set(Value::NONE);
        at.reg(first + 1).set(exceptions::stop_value(&exception));
        return Ok(());
    }
    at.vm.raised.set(exception);
    at.vm.reraising.set(true);
    Err(Raised(()))
}
fn yield_from_iter(at: At<'_>) -> Res<()> {
    let value = at.reg(at.a());
    if let Some(generator) = value.exact::<Generator>() {
        let flags = at.code().flags();
        let coroutine =
            ryokan_bytecode::code_flag::COROUTINE | ryokan_bytecode::code_flag::ITERABLE_COROUTINE;
        if generator.flag() & ryokan_bytecode::code_flag::COROUTINE != 0 && flags & coroutine == 0 {
            return Err(at
                .vm
                .type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
        }
        return Ok(());
    }
    let iterator = at.vm.iter(value)?;
    value.set(iterator);
    Ok(())
}
fn awaitable(at: At<'_>) -> Res<()> {
    let value = at.reg(at.a());
    if let Some(generator) = value.exact::<Generator>()
        && generator.flag() & ryokan_bytecode::code_flag::COROUTINE != 0
    {
        if delegate(value).is_none() && generator.state.get() == State::Suspended {
            return Ok(());
        }
        return Ok(());
    }
    let Some(slot) = at.vm.slots(value).await_ else {
        let kind = at.vm.type_of(value).full_name(at.vm);
        let message = match at.c() {
            1 => format!(
                "'async with' received an object from __aenter__ that does not implement __await__: {kind}"
            ),
            2 => format!(
                "'async with' received an object from __aexit__ that does not implement __await__: {kind}"
            ),
            _ => format!("'{kind}' object can't be awaited"),
        };
        return Err(at.vm.type_error(message));
    };
    let iterator = slot(at.vm, value)?;
    if at.vm.slots(&iterator).next.is_none() {
        return Err(at.vm.type_error(format_args!(
            "__await__() returned non-iterator of type '{}'",
            at.vm.type_name(&iterator)
        )));
    }
    value.set(iterator);
    Ok(())
}
fn aiter(at: At<'_>) -> Res<()> {
    let value = at.reg(at.a());
    let Some(slot) = at.vm.slots(value).aiter else {
        return Err(at.vm.type_error(format_args!(
            "'async for' requires an object with __aiter__ method, got {}",
            at.vm.type_name(value)
        )));
    };
    let iterator = slot(at.vm, value)?;
    if at.vm.slots(&iterator).anext.is_none() {
        return Err(at.vm.type_error(format_args!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {}",
            at.vm.type_name(&iterator)
        )));
    }
    value.set(iterator);
    Ok(())
}
fn anext(at: At<'_>) -> Res<()> {
    let first = at.a();
    let iterator = at.reg(first);
    let Some(slot) = at.vm.slots(iterator).anext else {
        return Err(at.vm.type_error(format_args!(
            "'async for' requires an iterator with __anext__ method, got {}",
            at.vm.type_name(iterator)
        )));
    };
    let awaited = slot(at.vm, iterator)?;
    at.reg(first + 1).set(awaited);
    Ok(())
}
fn end_async(at: At<'_>) -> Res<()> {
    let first = at.b();
    let exception = at.reg(first + 1).take();
    if at.vm.is_instance(&exception, &at.vm.exc.StopAsyncIteration) {
        drop(at.reg(first).take());
        return Ok(());
    }
    at.vm.raised.set(exception);
    at.vm.reraising.set(true);
    Err(Raised(()))
}
fn wrap(at: At<'_>) -> Res<()> {
    Err(at.vm.system_error("asynchronous generators are not built yet"))
}
fn convert_stop(at: At<'_>) -> Res<()> {
    let vm = at.vm;
    let slot = at.reg(at.a());
    let kind = generator_of(vm.stacks.top()).map_or("generator", Generator::kind);
    let message = if vm.is_instance(slot, &vm.exc.StopIteration) {
        format!("{kind} raised StopIteration")
    } else if kind == "async generator" && vm.is_instance(slot, &vm.exc.StopAsyncIteration) {
        format!("{kind} raised StopAsyncIteration")
    } else {
        return Ok(());
    };
    let text = vm.str(&message)?;
    let error = vm.new_exception(&vm.exc.RuntimeError, vec![text])?;
    let stop = slot.take();
    exceptions::set_cause(&error, stop.clone());
    exceptions::chain(&error, stop);
    slot.set(error);
    Ok(())
}

impl Vm {
    /// Unwinds the exception on its way from the top frame's position, and runs on if somebody handles it.
    pub fn run_raised(&self) -> Res {
        // SAFETY: the top frame is whole and stands at a unit of its code.
        unsafe {
            let frame = self.stacks.frame.get();
            super::errors::unwind((*frame).pc, (*frame).fp, (*frame).consts, self);
        }
        let top = self.stacks.top();
        debug_assert!(top.is_boundary());
        // SAFETY: a boundary has at least one register.
        let result = unsafe { (*top.fp).take() };
        let failed = top.pc.is_null();
        self.pop_frame();
        if failed { Err(Raised(())) } else { Ok(result) }
    }
}
