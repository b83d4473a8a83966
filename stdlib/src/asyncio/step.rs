//! A step of a task: its coroutine is resumed, and goes on until it yields or ends. What it yields is a future that it waits for, or None.

use ryokan_vm::native::*;

use super::awaiting::{future_add_to_awaited_by, future_discard_from_awaited_by};
use super::future::{self, Future, cancellation, outcome, when_done};
use super::running::{enter, leave, loop_of_future, register, swap, unregister};
use super::task::{Task, Tsk, cancel_any};
use super::{call_soon, cancelled_error, caught, invalid_state};

native_type! {
    "_asyncio.TaskStepMethWrapper" = pub struct Step { task: Slot, exception: Maybe }
    call(*args, **names) = call_step;
    getters {
        /// The task.
        __self__ = |_: &Cx, this: This<Step>| this.task.get();
    }
}

native_type! {
    "_asyncio.TaskWakeupMethWrapper" = pub struct Wakeup { task: Slot }
    call(*args, **names) = call_wakeup;
    slots { repr = repr_wakeup; }
    getters {
        /// The task.
        __self__ = |_: &Cx, this: This<Wakeup>| this.task.get();
        /// The name of what it does.
        __name__ = |_: &Cx, _: This<Wakeup>| "task_wakeup";
        /// The same with its class.
        __qualname__ = |_: &Cx, _: This<Wakeup>| "Task.task_wakeup";
    }
}

fn call_step(cx: &Cx, this: This<Step>, args: Args) -> Res<()> {
    if args.named_count() > 0 {
        return Err(cx.type_error("function takes no keyword arguments"));
    }
    if !args.positional().is_empty() {
        return Err(cx.type_error("function takes no positional arguments"));
    }
    let (task, exception) = (this.task.get(), this.exception.get());
    run(cx, This::expect(cx, &task)?, exception)
}
fn repr_wakeup(cx: &Cx, this: This<Wakeup>) -> String {
    let task = this.task.get();
    let (kind, address) = (cx.full_type_name(&task), cx.id(&task));
    format!("<built-in method task_wakeup of {kind} object at {address:#x}>")
}
fn call_wakeup(cx: &Cx, this: This<Wakeup>, args: Args) -> Res<()> {
    args.no_keywords(cx, "Task.task_wakeup")?;
    let [future] = args.positional() else {
        let given = args.positional().len();
        let message = format_args!("Task.task_wakeup() takes exactly one argument ({given} given)");
        return Err(cx.type_error(message));
    };
    let (task, future) = (this.task.get(), future.clone());
    wake(cx, This::expect(cx, &task)?, &future)
}
/// The future that a task has waited for is done.
fn wake(cx: &Cx, task: Tsk<'_>, waited: &Value) -> Res<()> {
    future_discard_from_awaited_by(cx, waited, task.value())?;
    let done = if cx.is_exact::<Future>(waited) || cx.is_exact::<Task>(waited) {
        outcome(cx, This::expect(cx, waited)?)
    } else {
        cx.call_method(waited, "result", ()).map(Ok)
    };
    let exception = match done {
        Ok(Ok(_)) => None,
        Ok(Err(exception)) => Some(exception),
        Err(raised) => Some(cx.take_raised(raised)),
    };
    run(cx, task, exception)
}

/// Has the loop run a step of a task soon, with an exception to raise or without one.
pub fn begin_soon(cx: &Cx, task: Tsk<'_>, exception: Option<Value>) -> Res<()> {
    let exception = exception.map_or(Maybe::EMPTY, Maybe::new);
    let step = cx.new(Step { task: Slot::new(task.to_value()), exception })?.into_value();
    let event_loop = Task::future(cx, task.value())?.ready(cx)?;
    call_soon(cx, &event_loop, step, None, task.context.get().unwrap_or(Value::NONE))
}
/// Has the loop raise a `RuntimeError` in a task soon.
fn fail_soon(cx: &Cx, task: Tsk<'_>, message: std::fmt::Arguments<'_>) -> Res<()> {
    let exception = cx.call(&cx.builtin("RuntimeError")?, (message,))?;
    begin_soon(cx, task, Some(exception))
}

/// Runs a step, in the name of the task.
fn run(cx: &Cx, task: Tsk<'_>, exception: Option<Value>) -> Res<()> {
    let event_loop = Task::future(cx, task.value())?.ready(cx)?;
    enter(cx, &event_loop, task.value())?;
    let done = step(cx, task, exception);
    let left = match &done {
        Ok(()) => leave(cx, &event_loop, task.value()),
        Err(_) => {
            cx.aside(|| {
                if let Err(raised) = leave(cx, &event_loop, task.value()) {
                    drop(cx.take_raised(raised));
                }
            });
            Ok(())
        }
    };
    done.and(left)
}
/// Runs the first step of a task at once, before whoever makes it goes on.
pub fn eager_start(cx: &Cx, task: Tsk<'_>) -> Res<()> {
    let event_loop = Task::future(cx, task.value())?.ready(cx)?;
    let before = swap(cx, &event_loop, task.value())?;
    let begun = register(cx, task.value()).and_then(|()| {
        let context = task.context.get().unwrap_or(Value::NONE);
        crate::contextvars::within(cx, &context, || step(cx, task, None))
    });
    let after = || swap(cx, &event_loop, &before).map(drop);
    let after = if begun.is_err() {
        cx.aside(|| after().map_err(|raised| drop(cx.take_raised(raised)))).or(Ok(()))
    } else {
        after()
    };
    if !Task::future(cx, task.value())?.is_pending() {
        task.coroutine.set(None);
    }
    begun.and(after)
}

/// A step: resumes the coroutine.
fn step(cx: &Cx, task: Tsk<'_>, exception: Option<Value>) -> Res<()> {
    let future = Task::future(cx, task.value())?;
    if !future.is_pending() {
        let (shown, given) = (cx.repr(task.value())?, cx.repr(&exception.unwrap_or(Value::NONE))?);
        return Err(invalid_state(cx, format_args!("__step(): already done: {shown} {given}")));
    }
    let mut exception = exception;
    if task.must_cancel.get() {
        let is_cancellation = match &exception {
            Some(exception) => cx.is_instance(exception, &cancelled_error(cx)?)?,
            None => false,
        };
        if !is_cancellation {
            exception = Some(cancellation(cx, future)?);
        }
        task.must_cancel.set(false);
    }
    task.waits_for.set(None);
    let Some(coroutine) = task.coroutine.get() else {
        return Err(cx.runtime_error("uninitialized Task object"));
    };
    let sent = match &exception {
        None => cx.send_none(&coroutine),
        Some(exception) => cx.throw_into(&coroutine, exception),
    };
    drop(exception);
    match sent {
        Ok(Sent::Yielded(value)) => return yielded(cx, task, value),
        Ok(Sent::Returned(result)) => {
            if task.must_cancel.replace(false) {
                // Somebody wanted it cancelled right before its end.
                future::cancel(cx, future, &future.cancel_message.get())?;
            } else {
                future::set_result(cx, future, result)?;
            }
        }
        Err(raised) => ended_by(cx, task, raised)?,
    }
    unregister(cx, task.value())
}
/// The coroutine has ended with an exception.
fn ended_by(cx: &Cx, task: Tsk<'_>, raised: Raised) -> Res<()> {
    let future = Task::future(cx, task.value())?;
    let raised = match caught(cx, raised, &cancelled_error(cx)?) {
        Ok(exception) => {
            future.cancelled_by.set(Some(exception));
            return future::cancel(cx, future, &Value::NONE).map(drop);
        }
        Err(raised) => raised,
    };
    let exception = cx.take_raised(raised);
    future::set_exception(cx, future, &exception)?;
    for class in ["KeyboardInterrupt", "SystemExit"] {
        if cx.is_instance(&exception, &cx.builtin(class)?)? {
            unregister(cx, task.value())?;
            return Err(cx.raise_value(exception));
        }
    }
    Ok(())
}

/// What a coroutine has yielded.
fn yielded(cx: &Cx, task: Tsk<'_>, value: Value) -> Res<()> {
    if value.is(task.value()) {
        let shown = cx.repr(task.value())?;
        return fail_soon(cx, task, format_args!("Task cannot await on itself: {shown}"));
    }
    if cx.is_exact::<Future>(&value) || cx.is_exact::<Task>(&value) {
        let waited = This::<Future>::expect(cx, &value)?;
        let (theirs, mine) = (waited.event_loop.get(), Task::future(cx, task.value())?.ready(cx)?);
        if !theirs.is_some_and(|theirs| theirs.is(&mine)) {
            return other_loop(cx, task, &value);
        }
        if !waited.blocking.get() {
            return not_awaited(cx, task, &value, "from");
        }
        return wait_for(cx, task, waited);
    }
    if value.is_none() {
        return begin_soon(cx, task, None);
    }
    let blocking = cx.attr_opt(&value, "_asyncio_future_blocking")?.filter(|blocking| !blocking.is_none());
    if let Some(blocking) = blocking {
        return wait_for_other(cx, task, &value, cx.truth(&blocking)?);
    }
    if cx.is_generator(&value) {
        return not_awaited(cx, task, &value, "from for generator");
    }
    let shown = cx.repr(&value)?;
    fail_soon(cx, task, format_args!("Task got bad yield: {shown}"))
}
#[cold]
fn other_loop(cx: &Cx, task: Tsk<'_>, value: &Value) -> Res<()> {
    let (shown, given) = (cx.repr(task.value())?, cx.repr(value)?);
    fail_soon(cx, task, format_args!("Task {shown} got Future {given} attached to a different loop"))
}
#[cold]
fn not_awaited(cx: &Cx, task: Tsk<'_>, value: &Value, from: &str) -> Res<()> {
    let (shown, given) = (cx.repr(task.value())?, cx.repr(value)?);
    fail_soon(cx, task, format_args!("yield was used instead of yield {from} in task {shown} with {given}"))
}
/// A task waits for a future of this module.
fn wait_for(cx: &Cx, task: Tsk<'_>, waited: This<Future>) -> Res<()> {
    future_add_to_awaited_by(cx, waited.value(), task.value())?;
    waited.blocking.set(false);
    let wakeup = cx.new(Wakeup { task: Slot::new(task.to_value()) })?.into_value();
    when_done(cx, waited, wakeup, task.context.get().unwrap_or(Value::NONE))?;
    waits(cx, task, waited.value())
}
/// A task waits for a future of another class.
fn wait_for_other(cx: &Cx, task: Tsk<'_>, value: &Value, blocking: bool) -> Res<()> {
    let mine = Task::future(cx, task.value())?.ready(cx)?;
    if !loop_of_future(cx, value)?.is(&mine) {
        return other_loop(cx, task, value);
    }
    if !blocking {
        return not_awaited(cx, task, value, "from");
    }
    future_add_to_awaited_by(cx, value, task.value())?;
    cx.set_attr(value, "_asyncio_future_blocking", false)?;
    let wakeup = cx.new(Wakeup { task: Slot::new(task.to_value()) })?.into_value();
    let method = cx.attr(value, "add_done_callback")?;
    let context = task.context.get().unwrap_or(Value::NONE);
    cx.call_named(&method, &[wakeup, context], &[cx.intern("context")?])?;
    waits(cx, task, value)
}
/// A task waits: it is cancelled at once where that was asked for.
fn waits(cx: &Cx, task: Tsk<'_>, waited: &Value) -> Res<()> {
    task.waits_for.set(Some(waited.clone()));
    if task.must_cancel.get() {
        let message = Task::future(cx, task.value())?.cancel_message.get();
        if cancel_any(cx, waited, &message)? {
            task.must_cancel.set(false);
        }
    }
    Ok(())
}
