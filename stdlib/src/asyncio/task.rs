//! `Task`.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::future::{self, Fut, Future, report, tell};
use super::step::{begin_soon, eager_start};
use super::{State, known, running};

native_type! {
    /// A coroutine that the event loop runs, and the future of its result.
    "_asyncio.Task" = pub struct Task(base: Future) {
        pub context: Maybe,
        /// Its name, or the number that it is named by.
        name: Slot,
        pub coroutine: Maybe,
        /// The future that it waits for.
        pub waits_for: Maybe,
        /// Whether it is to be cancelled when it runs next.
        pub must_cancel: Cell<bool>,
        /// Whether the loop is told if it dies before it is done.
        reports_pending: Cell<bool>,
        cancels: Cell<i64>
    }
    flags: SUBCLASS, DICT, WEAKREF;
    new(*args, **names) = new_task;
    init(*args, **names) = init_task;
    slots { repr = repr; del = finalize; }
    getters {
        /// Whether it is to be cancelled when it runs next.
        _must_cancel = |_: &Cx, this: Tsk<'_>| this.must_cancel.get();
        /// The coroutine.
        _coro = |_: &Cx, this: Tsk<'_>| this.coroutine.get();
        /// The future that it waits for.
        _fut_waiter = |_: &Cx, this: Tsk<'_>| this.waits_for.get();
    }
    attributes {
        /// Whether the loop is told if it dies before it is done.
        _log_destroy_pending = |_: &Cx, this: Tsk<'_>| this.reports_pending.get(), set_reports_pending;
    }
    methods {
        /// The result. Raises the exception, if that is what there is; InvalidStateError before there is one.
        result();
        /// The exception, or None. InvalidStateError before there is a result.
        exception();
        /// Has a function called when there is a result.
        add_done_callback(function: Value, /, *, context: Given = Given(None) => "<unrepresentable>");
        /// Has a function not called; says how many times it would have been.
        remove_done_callback(function: &Value, /);
        /// Whether it was cancelled.
        cancelled();
        /// Whether there is a result, an exception, or it was cancelled.
        done();
        /// The exception that says that it was cancelled.
        _make_cancelled_error() = cancellation;
        /// RuntimeError: the coroutine gives the result.
        set_result(result: &Value, /);
        /// RuntimeError: the coroutine gives the result.
        set_exception(exception: &Value, /);
        /// Asks the task to end: a CancelledError is raised in its coroutine. False if it is done.
        cancel(msg: &Value = &Value::NONE => "None") = cancel_with;
        /// How many requests to cancel it there are.
        cancelling();
        /// Takes a request to cancel it back; gives how many are left.
        uncancel();
        /// The coroutine.
        get_coro();
        /// The context that it runs in.
        get_context();
        /// The name.
        get_name();
        /// Sets the name.
        set_name(value: &Value, /);
        /// The frames of the coroutine, or of the traceback of its exception.
        get_stack(*, limit: &Value = &Value::NONE => "None");
        /// Prints them.
        print_stack(*, limit: &Value = &Value::NONE => "None", file: &Value = &Value::NONE => "None");
    }
}

pub type Tsk<'a> = This<'a, Task>;

impl Task {
    /// The future that it is, besides.
    pub fn future<'a>(cx: &Cx, task: &'a Value) -> Res<Fut<'a>> {
        This::<Future>::expect(cx, task)
    }
}

// ---- what it has of the future that it is ----------------------------------------------------------------------------------

fn result(cx: &Cx, this: Tsk<'_>) -> Res {
    future::result(cx, Task::future(cx, this.value())?)
}
fn exception(cx: &Cx, this: Tsk<'_>) -> Res<Option<Value>> {
    future::exception(cx, Task::future(cx, this.value())?)
}
fn add_done_callback(cx: &Cx, this: Tsk<'_>, function: Value, context: Given) -> Res<()> {
    future::add_done_callback(cx, Task::future(cx, this.value())?, function, context)
}
fn remove_done_callback(cx: &Cx, this: Tsk<'_>, function: &Value) -> Res<usize> {
    future::remove_done_callback(cx, Task::future(cx, this.value())?, function)
}
fn cancelled(cx: &Cx, this: Tsk<'_>) -> Res<bool> {
    Ok(future::cancelled(cx, Task::future(cx, this.value())?))
}
fn done(cx: &Cx, this: Tsk<'_>) -> Res<bool> {
    Ok(future::done(cx, Task::future(cx, this.value())?))
}
fn cancellation(cx: &Cx, this: Tsk<'_>) -> Res {
    future::cancellation(cx, Task::future(cx, this.value())?)
}

// ---- making one --------------------------------------------------------------------------------------------------------------

fn new_task(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(
        class,
        Task {
            base: Future::unborn(),
            context: Maybe::EMPTY,
            name: Slot::default(),
            coroutine: Maybe::EMPTY,
            waits_for: Maybe::EMPTY,
            must_cancel: Cell::new(false),
            reports_pending: Cell::new(false),
            cancels: Cell::new(0),
        },
    )
}
/// The arguments of `Task()`.
struct Asked {
    coroutine: Value,
    event_loop: Value,
    name: Value,
    context: Value,
    eager: bool,
}

fn given(cx: &Cx, args: Args) -> Res<Asked> {
    args.known_names(cx, "Task", &["coro", "loop", "name", "context", "eager_start"])?;
    if args.positional().len() > 1 {
        let count = args.positional().len();
        let message = format_args!("Task() takes at most 1 positional argument ({count} given)");
        return Err(cx.type_error(message));
    }
    let named = |name: &str| args.get_named(cx, name).cloned().unwrap_or(Value::NONE);
    let Some(coroutine) = args.positional().first().or_else(|| args.get_named(cx, "coro")) else {
        return Err(cx.type_error("Task() missing required argument 'coro' (pos 1)"));
    };
    Ok(Asked {
        coroutine: coroutine.clone(),
        event_loop: named("loop"),
        name: named("name"),
        context: named("context"),
        eager: cx.truth(&named("eager_start"))?,
    })
}
fn init_task(cx: &Cx, this: Tsk<'_>, args: Args) -> Res<()> {
    let Asked { coroutine: coro, event_loop, name, context, eager } = given(cx, args)?;
    future::begin(cx, Task::future(cx, this.value())?, Some(&event_loop))?;
    let is_coroutine = cx.is_coroutine(&coro)
        || cx.truth(&cx.call(&known(cx, "asyncio.coroutines", "iscoroutine")?, (&coro,))?)?;
    if !is_coroutine {
        this.reports_pending.set(false);
        let shown = cx.repr(&coro)?;
        return Err(cx.type_error(format_args!("a coroutine was expected, got {shown}")));
    }
    let context = if context.is_none() { crate::contextvars::copied(cx)? } else { context };
    this.context.set(Some(context));
    this.waits_for.set(None);
    this.must_cancel.set(false);
    this.reports_pending.set(true);
    this.cancels.set(0);
    this.coroutine.set(Some(coro));
    if name.is_none() {
        let state = cx.state::<State>()?;
        state.named.set(state.named.get() + 1);
        this.name.set(state.named.get().into_value(cx)?);
    } else {
        set_name(cx, this, &name)?;
    }
    if eager {
        let event_loop = this.base.ready(cx)?;
        let runs = cx.call_method(&event_loop, "is_running", ())?;
        if cx.truth(&runs)? {
            return eager_start(cx, this);
        }
    }
    begin_soon(cx, this, None)?;
    running::register(cx, this.value())
}

// ---- attributes and methods ----------------------------------------------------------------------------------------------

fn set_reports_pending(cx: &Cx, this: Tsk<'_>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else {
        let message = "attribute '_log_destroy_pending' of '_asyncio.Task' objects cannot be deleted";
        return Err(cx.attribute_error(message));
    };
    this.reports_pending.set(cx.truth(value)?);
    Ok(())
}
fn repr(cx: &Cx, this: Tsk<'_>) -> Res<Text> {
    this.base.check_ready(cx)?;
    let shown = cx.call(&known(cx, "asyncio.base_tasks", "_task_repr")?, (this.value(),))?;
    cx.str(&shown)
}
fn set_result(cx: &Cx, _: Tsk<'_>, _: &Value) -> Res<()> {
    Err(cx.runtime_error("Task does not support set_result operation"))
}
fn set_exception(cx: &Cx, _: Tsk<'_>, _: &Value) -> Res<()> {
    Err(cx.runtime_error("Task does not support set_exception operation"))
}
fn cancel_with(cx: &Cx, this: Tsk<'_>, message: &Value) -> Res<bool> {
    this.base.reports.set(false);
    if !this.base.is_pending() {
        return Ok(false);
    }
    this.cancels.set(this.cancels.get() + 1);
    if let Some(waited) = this.waits_for.get()
        && cancel_any(cx, &waited, message)?
    {
        // It stays: it may be a task that does not want to be cancelled, and is asked again.
        return Ok(true);
    }
    this.must_cancel.set(true);
    this.base.cancel_message.set(message.clone());
    Ok(true)
}
/// `future.cancel(msg=message)` of a future of any class.
pub fn cancel_any(cx: &Cx, future: &Value, message: &Value) -> Res<bool> {
    if cx.is_exact::<Future>(future) {
        return future::cancel(cx, This::expect(cx, future)?, message);
    }
    if cx.is_exact::<Task>(future) {
        return cancel_with(cx, This::expect(cx, future)?, message);
    }
    let method = cx.attr(future, "cancel")?;
    let done = cx.call_named(&method, &[message.clone()], &[cx.intern("msg")?])?;
    cx.truth(&done)
}
fn cancelling(_: &Cx, this: Tsk<'_>) -> i64 {
    this.cancels.get()
}
fn uncancel(_: &Cx, this: Tsk<'_>) -> i64 {
    let left = (this.cancels.get() - 1).max(0);
    if left == 0 && this.cancels.get() > 0 {
        this.must_cancel.set(false);
    }
    this.cancels.set(left);
    left
}
fn get_coro(_: &Cx, this: Tsk<'_>) -> Option<Value> {
    this.coroutine.get()
}
fn get_context(_: &Cx, this: Tsk<'_>) -> Option<Value> {
    this.context.get()
}
fn get_name(cx: &Cx, this: Tsk<'_>) -> Res {
    let name = this.name.get();
    let Some(number) = cx.small_int(&name) else { return Ok(name) };
    let name = format_args!("Task-{number}").into_value(cx)?;
    this.name.set(name.clone());
    Ok(name)
}
fn set_name(cx: &Cx, this: Tsk<'_>, value: &Value) -> Res<()> {
    this.name.set(cx.str_value(value)?);
    Ok(())
}
fn get_stack(cx: &Cx, this: Tsk<'_>, limit: &Value) -> Res {
    cx.call(&known(cx, "asyncio.base_tasks", "_task_get_stack")?, (this.value(), limit))
}
fn print_stack(cx: &Cx, this: Tsk<'_>, limit: &Value, file: &Value) -> Res {
    cx.call(&known(cx, "asyncio.base_tasks", "_task_print_stack")?, (this.value(), limit, file))
}

/// A task dies: the loop is told if it is not done.
fn finalize(cx: &Cx, this: Tsk<'_>) {
    let Some(future) = This::<Future>::of(cx, this.value()) else { return };
    if this.base.is_pending() && this.reports_pending.get() {
        tell(cx, future, "task", "Task was destroyed but it is pending!", None);
    }
    report(cx, future);
    cx.aside(|| {
        if let Err(raised) = running::unregister(cx, this.value()) {
            cx.unraisable(raised, this.value());
        }
    });
}
