//! What `yield from`, `await` and `async for` ask of the values that they are given; how generators begin, and what they handle.

use ryokan_bytecode::CodeFlags;

use super::generators::resume_for;
use super::{At, helper};
use crate::raised::{Raised, Res};
use crate::running::RunCode;
use crate::types::async_generator::{Outcome, sent_on};
use crate::types::exceptions;
use crate::types::function::Function;
use crate::types::generator::{Generator, Resumed, State};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

helper! {
    end_send, 1, drop_receiver;
    cleanup_throw, 1, cleanup;
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
    at.vm.thread.raised.set(exception);
    at.vm.thread.reraising.set(true);
    Err(Raised(()))
}
/// Makes the iterator that a `yield from` asks, in place.
pub fn yield_from_iter(at: At<'_>) -> Res<*mut u64> {
    let value = at.reg(at.a());
    if let Some(generator) = value.get::<Generator>()
        && !generator.flag().intersects(CodeFlags::ASYNC_GENERATOR)
    {
        let flags = at.code().flags();
        let coroutine = CodeFlags::COROUTINE | CodeFlags::ITERABLE_COROUTINE;
        if generator.flag().intersects(CodeFlags::COROUTINE) && !flags.intersects(coroutine) {
            return Err(at
                .vm
                .type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
        }
        return Ok(at.at(1));
    }
    let iterator = at.vm.iter(value)?;
    value.set(iterator);
    Ok(at.at(1))
}
/// Makes what an `await` asks, in place.
pub fn awaitable(at: At<'_>) -> Res<*mut u64> {
    let value = at.reg(at.a());
    if value.get::<Generator>().is_some_and(|g| g.flag() == CodeFlags::COROUTINE) {
        if value.get::<Generator>().and_then(Generator::delegate).is_some() {
            return Err(at.vm.runtime_error("coroutine is being awaited already"));
        }
        return Ok(at.at(1));
    }
    let Some(iterator) = at.vm.awaitable_iterator(value)? else {
        let kind = at.vm.type_name(value);
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
    value.set(iterator);
    Ok(at.at(1))
}
fn aiter(at: At<'_>) -> Res<()> {
    let value = at.reg(at.a());
    let Some(slot) = at.vm.slots(value).aiter() else {
        return Err(at.vm.type_error(format_args!(
            "'async for' requires an object with __aiter__ method, got {}",
            at.vm.type_name(value)
        )));
    };
    let iterator = slot.call(at.vm, value)?;
    if at.vm.slots(&iterator).anext().is_none() {
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
    let Some(slot) = at.vm.slots(iterator).anext() else {
        return Err(at.vm.type_error(format_args!(
            "'async for' requires an iterator with __anext__ method, got {}",
            at.vm.type_name(iterator)
        )));
    };
    let awaited = slot.call(at.vm, iterator)?;
    let found = match at.vm.awaitable_iterator(&awaited) {
        Ok(Some(iterator)) => Ok(iterator),
        Ok(None) => {
            let kind = at.vm.type_name(&awaited);
            Err(at.vm.type_error(format_args!("'{kind}' object can't be awaited")))
        }
        Err(raised) => Err(raised),
    };
    let iterator = found.map_err(|raised| {
        let cause = at.vm.take_raised(raised);
        let kind = at.vm.type_name(&awaited);
        let message = format!("'async for' received an invalid object from __anext__: {kind}");
        let raised = at.vm.type_error(message);
        let error = at.vm.take_raised(raised);
        exceptions::chain(&error, cause.clone());
        exceptions::set_cause(&error, cause);
        at.vm.thread.raised.set(error);
        Raised(())
    })?;
    at.reg(first + 1).set(iterator);
    Ok(())
}
fn end_async(at: At<'_>) -> Res<()> {
    let first = at.b();
    let exception = at.reg(first + 1).take();
    if at.vm.is_instance(&exception, &at.vm.exc.StopAsyncIteration) {
        drop(at.reg(first).take());
        return Ok(());
    }
    at.vm.thread.raised.set(exception);
    at.vm.thread.reraising.set(true);
    Err(Raised(()))
}
fn wrap(at: At<'_>) -> Res<()> {
    let wrapped = crate::types::async_generator::wrap(at.vm, at.reg(at.b()).clone())?;
    at.release(at.b());
    at.give(wrapped)
}
fn convert_stop(at: At<'_>) -> Res<()> {
    let vm = at.vm;
    let slot = at.reg(at.a());
    let kind = vm.thread.stacks.top().generator().map_or("generator", Generator::kind);
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

/// Sends a value on to what a generator delegates to: `b` the receiver, `a` the value and then the answer.
pub fn send_on(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let (receiver, value) = (at.reg(at.b()), at.reg(at.a()));
    let done = at.near();
    if let Some(generator) = receiver.get::<Generator>()
        && matches!(generator.state.get(), State::Created | State::Suspended)
        && !generator.flag().intersects(CodeFlags::ASYNC_GENERATOR)
    {
        if generator.state.get() == State::Created && !value.is_none() {
            return Err(vm.type_error(format_args!(
                "can't send non-None value to a just-started {}",
                generator.kind()
            )));
        }
        if let Some(entry) = resume_for(vm, generator, value.take())? {
            return Ok(entry);
        }
    }
    let sent = value.take();
    if !vm.tracing.is_on()
        && let Some(outcome) = sent_on(vm, receiver, &sent)
    {
        let (result, units) = match outcome? {
            Outcome::Waits(item) => (item, 2),
            Outcome::Ends(result) => (result, done),
        };
        value.set(result);
        return Ok(at.at(units));
    }
    let answer = if let Some(generator) = receiver.get::<Generator>()
        && generator.flag() == CodeFlags::COROUTINE
    {
        // It runs or is over: that is an error.
        vm.resume_generator(receiver, Ok(sent)).map(|_| Value::NONE)
    } else if sent.is_none() {
        match vm.next_or_stop(receiver) {
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
            if vm.tracing.is_on() {
                super::tracing::stopped(vm)?;
            }
            let stop = vm.take_raised(raised);
            value.set(exceptions::stop_value(&stop));
            Ok(at.at(done))
        }
        Err(raised) => Err(raised),
    }
}

impl Generator {
    /// What a suspended generator delegates to by `yield from` or `await`.
    pub fn delegate(&self) -> Option<Value> {
        if self.state.get() != State::Suspended {
            return None;
        }
        let run = self.code().run()?;
        let code = &self.code().code;
        // A delegating yield is followed by a RESUME that says so.
        let after = code.instrs.get(run.instr_at(self.pc.get()).index() + 1)?;
        if after.op() != Some(ryokan_bytecode::Op::Resume) || after.arg() < 2 {
            return None;
        }
        self.top_register().cloned()
    }
}

impl Vm {
    /// Resumes a generator whose `yield from` has ended with a value while an exception was thrown in: past its `SEND`. Runs Python and
    /// raises as [`Vm::resume_generator`].
    pub fn resume_after_delegate(&self, g: &Value, value: Value) -> Res<Resumed> {
        // The loop sends the value to the delegate once more unless it is replaced by one that ends at once.
        let generator: &Generator = g.get().expect("the caller has looked");
        let ended = crate::types::iterators::ended_with(self, value)?;
        if let Some(slot) = generator.top_register() {
            slot.set(ended);
        }
        self.resume_generator(g, Ok(Value::NONE))
    }
}

/// Swaps the handled exceptions when a generator goes to sleep.
pub fn leave_handled(vm: &Vm, generator: &Generator) {
    let outer = generator.caller_handled.take();
    let outer = if outer.is_unbound() { Value::NONE } else { outer };
    let own = vm.thread.handled.replace(outer);
    // (It may handle the very exception that its caller handles.)
    if generator.handling.get() == 0 || own.is_none() {
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

/// The generator that a call of a generator function gives, without a frame for the function; `None` if that cannot be: then
/// nothing has happened.
pub fn of_call(
    vm: &Vm,
    callee: &Value,
    run: &RunCode,
    (first, cells): (u16, u16),
    args: &[Value],
) -> Res<Option<Value>> {
    let function: &Function = callee.get().expect("the caller has looked");
    let closure = function.closure.get::<Tuple>().map_or(&[][..], Tuple::items);
    if closure.len() != usize::from(cells) {
        return Ok(None);
    }
    // A call counts for the recursion limit, also where its frame is spared.
    let frame = vm.thread.stacks.frame.get().wrapping_add(1);
    if frame >= vm.thread.stacks.frame_limit.get() {
        vm.extend_frames(frame)?;
    }
    let pc = run.entry().wrapping_add(usize::from(cells > 0));
    let made = vm.new_generator(function, run, pc)?;
    for (register, arg) in made.registers().iter().zip(args) {
        register.set(arg.take());
    }
    for (register, cell) in made.registers()[usize::from(first)..].iter().zip(closure) {
        register.set(cell.clone());
    }
    Ok(Some(made.into_value()))
}
