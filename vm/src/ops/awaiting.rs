//! What `yield from`, `await` and `async for` ask of the values that they are given.

use ryokan_bytecode::CodeFlags;

use super::{At, helper};
use crate::raised::{Raised, Res};
use crate::types::exceptions;
use crate::types::generator::Generator;
use crate::value::Value;

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
    at.vm.thread.raised.set(exception);
    at.vm.thread.reraising.set(true);
    Err(Raised(()))
}
fn yield_from_iter(at: At<'_>) -> Res<()> {
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
        return Ok(());
    }
    let iterator = at.vm.iter(value)?;
    value.set(iterator);
    Ok(())
}
fn awaitable(at: At<'_>) -> Res<()> {
    let value = at.reg(at.a());
    if value.get::<Generator>().is_some_and(|g| g.flag() == CodeFlags::COROUTINE) {
        if value.get::<Generator>().and_then(Generator::delegate).is_some() {
            return Err(at.vm.runtime_error("coroutine is being awaited already"));
        }
        return Ok(());
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
    Ok(())
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
